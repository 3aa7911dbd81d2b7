"""The stored notebooks: their shape, and that every number in them comes out again."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from customer_patterns.reporting.typed import typed_digits
from customer_patterns.stage import COMMON, notebook_parameters, notebook_path, pipeline_tasks, stage_names
from customer_patterns.study import project_root
from customer_patterns.study.places import OUTPUT_ROOT
from tests.notebooks_in_process import PLANTED, SHOWN, run_notebook

NOTEBOOKS = [notebook_path(stage) for stage in stage_names()]
by_name = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[dict]:
    return [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == kind]


def prose(path: Path) -> str:
    return "\n".join("".join(cell["source"]) for cell in cells(path, "markdown"))


@by_name
def test_a_notebook_has_the_anatomy_that_readers_know(path):
    text = prose(path)
    for part in ("**Question.**", "**Reads**", "**Writes**", "## Checks", "## Findings", "## Limits"):
        assert part in text, part
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1


@by_name
def test_no_digit_is_typed_into_prose(path):
    assert typed_digits(json.loads(path.read_text(encoding="utf-8")), name=path.stem) == []


@by_name
def test_code_lives_in_src(path):
    sources = ["".join(cell["source"]) for cell in cells(path, "code")]
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While), source
        assert len(source.splitlines()) <= 25


@by_name
def test_every_setting_has_a_default_and_a_comment(path):
    stage = path.stem[3:]
    declared = notebook_parameters(stage)
    assert set(COMMON) <= set(declared)
    assert [name for name, setting in declared.items() if name not in COMMON and not setting.comment] == []


@by_name
def test_stored_outputs_are_text_in_order_and_hold_no_path(path):
    stored = cells(path, "code")
    assert [cell["execution_count"] for cell in stored] == list(range(1, len(stored) + 1)), "run 'make notebooks'"
    outputs = [output for cell in stored for output in cell["outputs"]]
    assert outputs, "nothing is stored; run 'make notebooks'"
    assert {kind for output in outputs for kind in output.get("data", {"text/plain": ""})} == {"text/plain"}
    assert not re.search(r"/(home|root|tmp|work|Users)/|0x[0-9a-f]{6}", json.dumps(outputs))


@by_name
def test_every_cell_that_shows_something_has_its_output_stored(path, planted_root, planted_run):
    """nbval passes a cell without a stored output, whatever it prints."""
    ran = run_notebook(path.stem[3:], planted_root, study=PLANTED, as_of=planted_run.name)
    stored = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert ran[SHOWN]
    # a cell that ends in "else None" may have nothing to show in the default study
    may_be_empty = {n for n, cell in enumerate(stored) if "".join(cell["source"]).rstrip().endswith("else None")}
    assert [n for n in ran[SHOWN] if not stored[n]["outputs"] and n not in may_be_empty] == []


def test_the_pipeline_gives_each_notebook_only_parameters_that_it_has():
    for task in pipeline_tasks():
        assert set(task["params"]) <= set(notebook_parameters(task["name"]))
        assert Path(task["source"]).name == notebook_path(task["name"]).name


def nbval(root: Path, *notebooks: Path) -> subprocess.CompletedProcess:
    """Execute notebooks and compare every stored output, writing into ``root``."""
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "--rootdir", str(root)]
    command += ["-c", str(root / "pytest.ini"), "--nbval-cell-timeout", "600", "--nbval-current-env"]
    (root / "pytest.ini").write_text("[pytest]\n")
    (root / "conftest.py").write_text(
        "def pytest_collectstart(collector):\n"
        "    if collector.__class__.__name__ == 'IPyNbFile':\n"
        "        collector.skip_compare += ('text/html', 'image/svg+xml')\n"
    )
    env = {**os.environ, OUTPUT_ROOT: str(root)}
    return subprocess.run(
        [*command, *map(str, notebooks)], cwd=root, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def verified(tmp_path_factory):
    """The default study computed again by nbval, in a folder of its own."""
    root = tmp_path_factory.mktemp("nbval")
    copies = []
    (root / "notebooks").mkdir()
    for path in NOTEBOOKS:
        copies.append(Path(shutil.copy(path, root / "notebooks" / path.name)))
    for name in ("pipeline.yaml", "env.yaml"):
        shutil.copy(project_root() / name, root / name)
    shutil.copytree(project_root() / "data" / "studies", root / "data" / "studies")
    simulate = [sys.executable, "-m", "customer_patterns", "simulate", "complete-journey"]
    subprocess.run(simulate, env={**os.environ, OUTPUT_ROOT: str(root)}, check=True, capture_output=True)
    return root, copies, nbval(root, *copies)


@pytest.mark.study
def test_every_stored_number_comes_out_again(verified):
    _, copies, done = verified
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    counted = sum(len(cells(path, "code")) for path in copies)
    assert f"{counted} passed" in done.stdout


@pytest.mark.study
def test_one_changed_digit_is_caught(verified):
    root, copies, _ = verified
    summary = copies[-1]
    content = json.loads(summary.read_text(encoding="utf-8"))
    changed = False
    for cell in content["cells"]:
        for output in cell.get("outputs", []):
            text = "".join(output.get("data", {}).get("text/plain", ""))
            if not changed and "households are described" in text:
                number = re.search(r"\d+(?= of )", text).group()
                output["data"]["text/plain"] = text.replace(number, str(int(number) + 1), 1)
                changed = True
    assert changed
    altered = root / "notebooks" / "altered.ipynb"
    altered.write_text(json.dumps(content), encoding="utf-8")
    done = nbval(root, altered)
    assert done.returncode == 1
    assert "1 failed" in done.stdout
