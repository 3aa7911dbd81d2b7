"""Run a study's notebooks in this process: the same code cells, no kernel, a whole pipeline in seconds."""

from __future__ import annotations

import ast
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import pyplot as plt

from customer_patterns.stage import notebook_path, stage_names
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import FINDINGS, MANIFEST, sha256

PLANTED = "planted-shop"

#: Where :func:`run_notebook` notes which cells show something.
SHOWN = "__shown__"

matplotlib.use("Agg")


def deliver(delivery: Path, root: Path) -> Path:
    """Copy a delivery to where its study looks for it under ``root``; return the root."""
    shutil.copytree(delivery, root / "data" / "raw" / PLANTED)
    return root


@contextmanager
def writing_into(root: Path) -> Iterator[None]:
    """Send what runs write into ``root``, and look for deliveries there."""
    before = os.environ.get(OUTPUT_ROOT)
    os.environ[OUTPUT_ROOT] = str(root)
    try:
        yield
    finally:
        if before is None:
            del os.environ[OUTPUT_ROOT]
        else:
            os.environ[OUTPUT_ROOT] = before


def run_notebook(stage: str, root: Path, *, checks: bool = True, **parameters: Any) -> dict[str, Any]:
    """Execute the code cells of a stage's notebook in one namespace; what they would show is not looked at.

    Parameters
    ----------
    stage
        The stage.
    root
        Where its tables go, and where its deliveries and upstream tables lie.
    checks
        Whether the notebook's own assertions are carried out.
    parameters
        Values set after the parameters cell, as papermill does.

    Returns
    -------
    dict
        The namespace afterwards; ``SHOWN`` in it lists the cells whose last expression has a value.
    """
    path = notebook_path(stage)
    shown: list[int] = []
    namespace: dict[str, Any] = {"__name__": "__main__", SHOWN: shown}
    with writing_into(root):
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            if cell["cell_type"] != "code":
                continue
            where = f"{path.name}, cell {number}"
            code = ast.parse("".join(cell["source"]))
            last = ast.Expression(code.body.pop().value) if isinstance(code.body[-1], ast.Expr) else None
            exec(compile(code, where, "exec", optimize=0 if checks else 1), namespace)
            if last is not None and eval(compile(last, where, "eval"), namespace) is not None:
                shown.append(number)
            if "parameters" in cell["metadata"].get("tags", []):
                namespace.update(parameters)
    plt.close("all")
    return namespace


def run_pipeline(
    root: Path, *, as_of: str, study: str = PLANTED, language: str = "en", stages: Sequence[str] | None = None
) -> Path:
    """Execute the notebooks of all stages (or some) in order; return the run's folder."""
    for stage in stages or stage_names():
        run_notebook(stage, root, study=study, as_of=as_of, language=language)
    return root / "data" / "runs" / study / as_of


def fingerprints(run: Path) -> dict[str, str]:
    """Return the SHA-256 of every table and of the findings of every stage of a run, as they lie on disk."""
    files = {path for path in run.glob("*/*") if path.suffix == ".parquet" or path.name == FINDINGS}
    for folder in {path.parent for path in files}:
        promised = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["tables"]
        assert {path.stem for path in files if path.parent == folder and path.suffix == ".parquet"} == set(promised)
    return {path.relative_to(run).as_posix(): sha256(path) for path in sorted(files)}
