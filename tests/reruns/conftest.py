"""Runs of the planted shop as a build leaves them, without the kernels."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from customer_patterns.stage import notebook_path, stage_names
from customer_patterns.study import Run, open_run
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import sha256
from tests.notebooks_in_process import PLANTED

DAY = "2017-12-31"


def write_chapters(run_folder: Path) -> None:
    """Write executed notebooks that belong to the tables of a run."""
    chapters = run_folder / "chapters"
    chapters.mkdir(parents=True, exist_ok=True)
    for stage in stage_names():
        notebook = json.loads(notebook_path(stage).read_text(encoding="utf-8"))
        note = {"stage": stage, "manifest": sha256(run_folder / stage / "manifest.json")}
        notebook["cells"][-1]["outputs"] = [
            {
                "output_type": "execute_result",
                "execution_count": 1,
                "data": {"text/plain": f"Stage {stage} wrote"},
                "metadata": {"customer_patterns": note},
            }
        ]
        injected = {"cell_type": "code", "metadata": {"tags": ["injected-parameters"]}, "outputs": []}
        notebook["cells"].insert(2, {**injected, "execution_count": 1, "source": "# Parameters\nstudy = 'x'"})
        (chapters / notebook_path(stage).name).write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture
def built(
    tmp_path: Path, planted_run: Path, planted_delivery: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Run]:
    """A copy of a whole run of the planted shop, chapters and all; call it to open the run."""
    root = tmp_path / "root"
    shutil.copytree(planted_run, root / "data" / "runs" / PLANTED / DAY)
    shutil.copytree(planted_delivery, root / "data" / "raw" / PLANTED)
    write_chapters(root / "data" / "runs" / PLANTED / DAY)
    monkeypatch.setenv(OUTPUT_ROOT, str(root))
    return lambda: open_run(PLANTED, DAY)
