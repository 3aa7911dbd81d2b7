"""Run a study's notebooks in this process: the same code cells, no kernel, a whole pipeline in seconds."""

from __future__ import annotations

import ast
import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from customer_patterns.reporting import publish, show
from customer_patterns.reporting.languages import study_voice
from customer_patterns.sources import delivered_files
from customer_patterns.stage import notebook_path, stage_names
from customer_patterns.study import load_study
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


def run_notebook(
    stage: str, root: Path, *, checks: bool = True, chapters: Path | None = None, **parameters: Any
) -> dict[str, Any]:
    """Execute the code cells of a stage's notebook in one namespace.

    Parameters
    ----------
    stage
        The stage.
    root
        Where its tables go, and where its deliveries and upstream tables lie.
    checks
        Whether the notebook's own assertions are carried out.
    chapters
        Where the executed notebook goes, as papermill leaves it; ``None``: what cells show is not looked at.
    parameters
        Values set after the parameters cell, as papermill does.

    Returns
    -------
    dict
        The namespace afterwards; ``SHOWN`` in it lists the cells whose last expression has a value.
    """
    if stage == stage_names()[0]:
        with _pieces_shared(root, parameters.get("study", PLANTED)):
            return _run_notebook(stage, root, checks, chapters, parameters)
    return _run_notebook(stage, root, checks, chapters, parameters)


#: Files that a test of this session has taken in. A piece is known by its file's bytes, its contract and the code.
_PIECES = Path(tempfile.mkdtemp(prefix="pieces-"))
atexit.register(shutil.rmtree, _PIECES, ignore_errors=True)


@contextmanager
def _pieces_shared(root: Path, study: str) -> Iterator[None]:
    """Take a file in once for all output roots of this session, as a study does for all its dates."""
    here, there = root / "data" / "runs" / study / "intake", _PIECES / study
    if there.is_dir():
        shutil.copytree(there, here, dirs_exist_ok=True)
    yield
    if here.is_dir():
        shutil.copytree(here, there, dirs_exist_ok=True)


def _run_notebook(
    stage: str, root: Path, checks: bool, chapters: Path | None, parameters: dict[str, Any]
) -> dict[str, Any]:
    path = notebook_path(stage)
    shown: list[int] = []
    namespace: dict[str, Any] = {"__name__": "__main__", SHOWN: shown}
    notebook = json.loads(path.read_text(encoding="utf-8"))
    with writing_into(root):
        for number, cell in enumerate(notebook["cells"]):
            if cell["cell_type"] != "code":
                continue
            where = f"{path.name}, cell {number}"
            code = ast.parse("".join(cell["source"]))
            last = ast.Expression(code.body.pop().value) if isinstance(code.body[-1], ast.Expr) else None
            exec(compile(code, where, "exec", optimize=0 if checks else 1), namespace)
            value = eval(compile(last, where, "eval"), namespace) if last is not None else None
            if value is not None:
                shown.append(number)
            if chapters is not None:
                cell["outputs"] = [] if value is None else [output_of(value)]
            if "parameters" in cell["metadata"].get("tags", []):
                namespace.update(parameters)
    plt.close("all")
    if chapters is not None:
        common = {name: parameters[name] for name in ("study", "as_of", "language") if name in parameters}
        notebook["metadata"]["papermill"] = {"parameters": common}
        chapters.mkdir(parents=True, exist_ok=True)
        (chapters / path.name).write_text(json.dumps(notebook), encoding="utf-8")
    return namespace


def output_of(value: Any) -> dict[str, Any]:
    """What a kernel stores of a cell whose last expression has a value."""
    if isinstance(value, Axes):
        shown = show._chart_bundle(value)
    elif hasattr(value, "_repr_mimebundle_"):
        shown = value._repr_mimebundle_()
    else:
        shown = {"text/plain": repr(value)}
    data, metadata = shown if isinstance(shown, tuple) else (shown, {})
    return {"output_type": "execute_result", "execution_count": 1, "data": data, "metadata": metadata}


def run_pipeline(
    root: Path,
    *,
    as_of: str,
    study: str = PLANTED,
    language: str = "en",
    stages: Sequence[str] | None = None,
    chapters: bool = False,
) -> Path:
    """Execute the notebooks of all stages (or some) in order; return the run's folder.

    With ``chapters`` the executed notebooks lie in it too, ready to be published.
    """
    run = root / "data" / "runs" / study / as_of
    folder = run / "chapters" if chapters else None
    for stage in stages or stage_names():
        run_notebook(stage, root, study=study, as_of=as_of, language=language, chapters=folder)
    return run


def publish_run(root: Path, *, as_of: str, study: str = PLANTED, languages: Sequence[str] = ("en",)) -> Path:
    """Publish an executed run below ``root``, as a build does; return the folder of its pages in all languages."""
    declared = load_study(study)
    with writing_into(root):
        return publish.publish(
            root / "data" / "runs",
            root / "reports",
            study=study,
            as_of=as_of,
            language=languages[0],
            languages=languages,
            stems=[notebook_path(stage).stem for stage in stage_names()],
            title=declared.title,
            sources=publish.provenance(declared),
            voice=study_voice(declared),
            delivered=delivered_files(declared),
        ).parent


def fingerprints(run: Path) -> dict[str, str]:
    """Return the SHA-256 of every table and of the findings of every stage of a run, as they lie on disk."""
    files = {path for path in run.glob("*/*") if path.suffix == ".parquet" or path.name == FINDINGS}
    for folder in {path.parent for path in files}:
        promised = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["tables"]
        assert {path.stem for path in files if path.parent == folder and path.suffix == ".parquet"} == set(promised)
    return {path.relative_to(run).as_posix(): sha256(path) for path in sorted(files)}
