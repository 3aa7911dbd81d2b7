"""A new stage runs at once, or nothing is made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from customer_patterns.reruns import new_stage as module
from customer_patterns.reruns.new_stage import new_stage
from customer_patterns.study import RunError, project_root
from customer_patterns.study.places import OUTPUT_ROOT
from tests.notebooks_in_process import PLANTED


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project, to be changed."""
    source, copy = project_root(), tmp_path / "project"
    hidden = shutil.ignore_patterns("__pycache__", ".*", "runs", "raw")
    for folder in ("src", "notebooks", "data", "tests"):
        shutil.copytree(source / folder, copy / folder, ignore=hidden)
    for name in ("pyproject.toml", "pipeline.yaml", "env.yaml", "README.md"):
        shutil.copy(source / name, copy / name)
    monkeypatch.chdir(copy)
    return copy


def files(project: Path) -> dict[str, bytes]:
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def run(project: Path, *command: str, root: Path | None = None) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(project / "src"), OUTPUT_ROOT: str(root or project)}
    return subprocess.run([sys.executable, *command], cwd=project, env=env, capture_output=True, text=True, check=False)


def test_a_new_stage_runs_and_keeps_the_rules(project, planted_run):
    made = run(project, "-m", "customer_patterns", "new-stage", "basket_worth", "--number", "11", "--upstream", "clean")
    assert made.returncode == 0, made.stderr
    root = project.parent / "root"
    shutil.copytree(planted_run, root / "data" / "runs" / PLANTED / "2017-12-31")
    pipeline = yaml.safe_load((project / "pipeline.yaml").read_text())
    assert [task["name"] for task in pipeline["tasks"]][-2:] == ["basket_worth", "summary"]
    assert pipeline["tasks"][-1]["upstream"][-1] == "basket_worth"
    program = (
        "from pathlib import Path; import sys; from tests.notebooks_in_process import run_pipeline;"
        "run_pipeline(Path(sys.argv[1]), as_of='2017-12-31', stages=['basket_worth'])"
    )
    built = run(project, "-c", program, str(root), root=root)
    assert built.returncode == 0, built.stderr[-3000:]
    assert (root / "data" / "runs" / PLANTED / "2017-12-31" / "basket_worth" / "sizes.parquet").is_file()
    written = ["src/customer_patterns/basket_worth", "tests/basket_worth", "notebooks/11-basket_worth.ipynb"]
    for command in (
        ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/basket_worth", "tests/test_pipeline.py"],
        ["-m", "ruff", "check", "--no-cache", *written],
        ["-m", "ruff", "format", "--no-cache", "--check", *written],
        ["-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache"],
    ):
        done = run(project, *command)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.parametrize(
    ("name", "number", "upstream", "part"),
    [
        ("clean", 11, ["collect"], "there is a stage 'clean' already"),
        ("charts", 11, ["collect"], "src/customer_patterns has 'charts' already"),
        ("study", 11, ["collect"], "src/customer_patterns has 'study' already"),
        ("Loyalty", 11, ["collect"], "lower-case letters"),
        ("loyal-ty", 11, ["collect"], "lower-case letters"),
        ("../x", 11, ["collect"], "lower-case letters"),
        ("class", 11, ["collect"], "cannot be a stage's name"),
        ("loyalty", 3, ["collect"], "is taken by 03-behavior.ipynb"),
        ("loyalty", 0, ["collect"], "give 1 to 99"),
        ("loyalty", 100, ["collect"], "give 1 to 99"),
        ("loyalty", 11, ["claen"], "did you mean 'clean'?"),
        ("loyalty", 11, ["summary"], "cannot read 'summary'"),
    ],
)
def test_what_cannot_be_a_stage_is_refused_and_nothing_is_written(project, name, number, upstream, part):
    before = files(project)
    with pytest.raises(RunError) as error:
        new_stage(name, number=number, upstream=upstream)
    assert part in str(error.value)
    assert files(project) == before


def test_when_writing_fails_halfway_everything_is_as_it_was(project, monkeypatch):
    before = files(project)

    def fail() -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(module, "write_dictionary", fail)
    with pytest.raises(OSError, match="no space"):
        new_stage("loyalty", number=11, upstream=["clean"])
    assert files(project) == before
    assert not (project / "src" / "customer_patterns" / "loyalty").exists()
