"""Store in each notebook what its cells say on the default study, as text, so that nbval can verify every number."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from customer_patterns.reruns.outcome import BuildFailed, stage_failed
from customer_patterns.reruns.prepare import simulate_if_absent
from customer_patterns.stage import notebook_path, pipeline_tasks
from customer_patterns.study import open_run, project_root
from customer_patterns.study.places import OUTPUT_ROOT

#: What every stored notebook says about its kernel, whatever ran it.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

#: What runners leave in a cell's metadata.
_TRACES = ("execution", "papermill", "collapsed", "scrolled", "jupyter", "trusted")


def store_outputs() -> list[Path]:
    """Run the pipeline's notebooks on the study of ``env.yaml`` and store their text outputs, in all or in none.

    Everything they write goes into a temporary root. Kept are the texts of what cells show, and execution counts from
    1; no pictures, HTML, times, paths or traces of a runner, so that the same results give the same bytes.

    Returns
    -------
    list of Path
        The notebooks, in order.

    Raises
    ------
    BuildFailed
        Where a notebook stops, prints (only what is shown can be verified), warns, or names a path of this machine.
    """
    stored: dict[Path, str] = {}
    with tempfile.TemporaryDirectory(prefix="customer-patterns-") as root, _writing_into(Path(root)):
        simulate_if_absent(open_run().study)
        for task in pipeline_tasks():
            path = notebook_path(task["name"])
            executed = _execute(task, path, Path(root) / path.name)
            stored[path] = nbformat.writes(text_only(nbformat.read(path, as_version=4), executed), version=4) + "\n"
            for private in (str(root), str(project_root()), str(Path.home())):
                if len(private) > 1 and private in stored[path]:
                    raise BuildFailed(f"{path.name} shows the path {private}, which means nothing on another machine")
    for path, content in stored.items():
        fresh = path.with_name(f".{path.name}.fresh")
        fresh.write_text(content, encoding="utf-8")
        os.replace(fresh, path)
    return list(stored)


def text_only(notebook: Any, executed: Any) -> Any:
    """Return the notebook's own cells with the texts of an execution's outputs.

    Parameters
    ----------
    notebook
        As it is written.
    executed
        The same notebook after it ran.

    Raises
    ------
    BuildFailed
        For a cell that prints or warns.
    """
    kept = nbformat.v4.new_notebook(metadata=METADATA)
    number = 0
    for cell, ran in zip(notebook.cells, executed.cells, strict=True):
        cell.metadata = {key: value for key, value in cell.metadata.items() if key not in _TRACES}
        if cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            cell.outputs = [_text(output, number) for output in ran.outputs]
        kept.cells.append(cell)
    return kept


def _text(output: Any, number: int) -> Any:
    """One output, as text alone."""
    if output.output_type not in ("execute_result", "display_data"):
        said = " ".join(str(output.get("text", output.get("evalue", ""))).split())
        kind = "warns" if output.get("name") == "stderr" else "prints"
        raise BuildFailed(f"cell {number} {kind} ('{said[:120]}'); let its last expression show what a reader needs")
    more = {"execution_count": number} if output.output_type == "execute_result" else {}
    return nbformat.v4.new_output(output.output_type, data={"text/plain": output.data["text/plain"]}, **more)


def _execute(task: dict[str, Any], notebook: Path, target: Path) -> Any:
    import papermill

    try:
        return papermill.execute_notebook(
            notebook,
            target,
            progress_bar={"desc": f"  {task['name']:<9}"},
            cwd=project_root(),
            **task.get("executor_params", {}),
        )
    except Exception as error:
        raise stage_failed(task["name"], target, error) from None


@contextlib.contextmanager
def _writing_into(root: Path) -> Iterator[None]:
    """Send what runs write, here and in their kernels, into ``root``."""
    before = os.environ.get(OUTPUT_ROOT)
    os.environ[OUTPUT_ROOT] = str(root)
    try:
        yield
    finally:
        if before is None:
            del os.environ[OUTPUT_ROOT]
        else:
            os.environ[OUTPUT_ROOT] = before
