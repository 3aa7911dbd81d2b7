"""What is stored in a notebook: texts in order, and nothing of the machine or the moment."""

from __future__ import annotations

import copy
import shutil

import nbformat
import pytest

from customer_patterns.reruns import store_outputs
from customer_patterns.reruns.outcome import BuildFailed
from customer_patterns.reruns.store_outputs import text_only

CELLS = [
    nbformat.v4.new_markdown_cell("# Title"),
    nbformat.v4.new_code_cell("a = None", metadata={"tags": ["parameters"]}),
    nbformat.v4.new_code_cell("a"),
]


def executed(*outputs: dict) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=copy.deepcopy(CELLS))
    notebook.metadata["papermill"] = {"input_path": "/somewhere"}
    for cell in notebook.cells:
        cell.metadata["papermill"] = {"duration": 0.1}
        cell.metadata["execution"] = {"iopub.status.busy": "2017"}
    notebook.cells[2].execution_count = 17
    notebook.cells[2].outputs = [nbformat.from_dict(output) for output in outputs]
    return notebook


def written() -> nbformat.NotebookNode:
    notebook = executed()
    notebook.metadata["kernelspec"] = {"name": "mine", "display_name": "Mine"}
    return notebook


def test_only_the_text_of_an_output_is_kept_and_cells_count_from_one():
    shown = {
        "output_type": "execute_result",
        "execution_count": 17,
        "data": {"text/plain": "Figure: title", "image/svg+xml": "<svg/>", "text/html": "<p>"},
        "metadata": {"image/svg+xml": {"alt": "x"}},
    }
    kept = text_only(written(), executed(shown))
    assert kept.cells[2].outputs == [
        {
            "output_type": "execute_result",
            "data": {"text/plain": "Figure: title"},
            "metadata": {},
            "execution_count": 2,
        }
    ]
    assert [cell.execution_count for cell in kept.cells if cell.cell_type == "code"] == [1, 2]


def test_no_trace_of_the_runner_is_kept():
    text = nbformat.writes(text_only(written(), executed()))
    assert not [trace for trace in ("papermill", 'execution"', "mine", "/somewhere", "2017") if trace in text]
    assert '"parameters"' in text


@pytest.mark.parametrize(("name", "word"), [("stdout", "prints"), ("stderr", "warns")])
def test_a_cell_that_prints_or_warns_is_named(name, word):
    stream = {"output_type": "stream", "name": name, "text": "hello\nyou"}
    with pytest.raises(BuildFailed, match=rf"cell 2 {word} \('hello you'\)"):
        text_only(written(), executed(stream))


@pytest.fixture
def one_notebook(tmp_path, monkeypatch):
    """A project of one notebook, with what its cell says under our control."""
    folder = tmp_path / "project" / "notebooks"
    folder.mkdir(parents=True)
    path = folder / "01-collect.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=copy.deepcopy(CELLS)), path)
    monkeypatch.setattr(store_outputs, "pipeline_tasks", lambda: [{"name": "collect"}])
    monkeypatch.setattr(store_outputs, "notebook_path", lambda stage: path)
    monkeypatch.setattr(store_outputs, "project_root", lambda: tmp_path / "project")
    monkeypatch.setattr(store_outputs, "simulate_if_absent", lambda study: None)

    def store(said: str):
        shown = {"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": said}, "metadata": {}}
        monkeypatch.setattr(store_outputs, "_execute", lambda task, notebook, target: executed(shown))
        return store_outputs.store_outputs()

    return path, store


def test_the_same_results_give_the_same_bytes(one_notebook):
    path, store = one_notebook
    store("1 of 2")
    first = path.read_bytes()
    store("1 of 2")
    assert path.read_bytes() == first
    assert b"1 of 2" in first


def test_a_path_of_this_machine_is_not_stored(one_notebook):
    path, store = one_notebook
    before = path.read_bytes()
    with pytest.raises(BuildFailed, match="means nothing on another machine"):
        store(f"read {path.parent}/x.parquet")
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]


def test_a_notebook_is_really_executed(tmp_path):
    path = tmp_path / "01-collect.ipynb"
    cells = [nbformat.v4.new_code_cell("1 + 1")]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), path)
    ran = store_outputs._execute({"name": "collect"}, path, tmp_path / "out.ipynb")
    assert ran.cells[0].outputs[0].data == {"text/plain": "2"}
    shutil.rmtree(tmp_path)
