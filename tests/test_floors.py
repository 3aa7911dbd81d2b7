"""A module imports only from floors below its own, and import-linter would notice if one did not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from customer_patterns.study import project_root

LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache"]


def lint(project: Path) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(project / "src")}
    return subprocess.run(LINT, cwd=project, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    shutil.copytree(project_root() / "src", project / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(project_root() / "pyproject.toml", project)
    return project


def test_the_floors_hold():
    done = lint(project_root())
    assert done.returncode == 0, done.stdout
    assert "1 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("schemas/table.py", "from customer_patterns import warehouse"),  # upwards
        ("cleaning/rules.py", "from customer_patterns.behavior import TABLES"),  # upwards, room to room
        ("charts/style.py", "from customer_patterns import warehouse"),  # sideways
        ("reporting/show.py", "from customer_patterns import stage"),  # upwards
    ],
)
def test_an_import_against_the_floors_is_caught(copy, module, line):
    path = copy / "src" / "customer_patterns" / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout


def test_a_room_without_a_floor_is_caught(copy):
    (copy / "src" / "customer_patterns" / "attic").mkdir()
    (copy / "src" / "customer_patterns" / "attic" / "__init__.py").write_text('"""No floor."""\n')
    done = lint(copy)
    assert done.returncode == 1
    assert "attic" in done.stdout


def test_no_clock_is_read():
    words = ("now(", "utcnow(", "today(", "time.time(", "gmtime(", "localtime(")
    root = project_root()
    files = [*(root / "src").rglob("*.py"), *(root / "notebooks").glob("*.ipynb")]
    assert len(files) > 30
    found = [f"{path.name}: {word}" for path in files for word in words if word in path.read_text(encoding="utf-8")]
    assert found == []
