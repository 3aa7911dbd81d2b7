"""Make a new stage that runs: notebook, room with its floor, pipeline entry, sentences, test; all of it or nothing."""

from __future__ import annotations

import contextlib
import importlib
import json
import keyword
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template

import nbformat

from customer_patterns.reruns.dictionary import dictionary_path, write_dictionary
from customer_patterns.reruns.store_outputs import METADATA
from customer_patterns.stage import COMMON, notebook_path, pipeline_tasks, stage_names
from customer_patterns.study import RunError, nearest, project_root

_TEMPLATES = Path(__file__).parent / "stage_template"

#: The stage that every other leads to.
_LAST = "summary"


def new_stage(name: str, *, number: int, upstream: Sequence[str]) -> list[Path]:
    """Make a stage from the template and place it before the summary, which then reads its findings.

    Parameters
    ----------
    name
        Of stage, room and chapter: lower-case letters and underscores.
    number
        Its place in the reading order, 1 to 99; the notebook's name begins with it.
    upstream
        The stages that it reads.

    Returns
    -------
    list of Path
        The files that were made and changed.

    Raises
    ------
    RunError
        For a name or number that is taken or cannot be one, or an upstream stage that is not there; nothing is written.
    """
    _check(name, number, upstream)
    root = project_root()
    stem = f"{number:02d}-{name}"
    words = {"name": name, "title": name.replace("_", " ").capitalize(), "reads": _listed(upstream)}
    room = root / "src" / "customer_patterns" / name
    files = {
        root / "notebooks" / f"{stem}.ipynb": _notebook(stem, words),
        room / "__init__.py": _filled("room", words),
        room / "tables.py": _filled("tables", words),
        room / "sizes.py": _filled("sizes", words),
        room.parent / "wording" / "catalog" / f"{name}.py": _filled("catalog", words),
        root / "tests" / name / f"test_{name}.py": _filled("test", words),
    }
    if taken := [path for path in files if path.exists()]:
        raise RunError(f"{taken[0].relative_to(root)} is there already; choose another name")
    for path, change in (
        (root / "pyproject.toml", _with_floor),
        (root / "pipeline.yaml", lambda text, name: _with_task(text, name, stem, upstream)),
        (root / "env.yaml", _with_settings),
        (root / "README.md", lambda text, name: _with_row(text, name, number)),
    ):
        files[path] = change(path.read_text(encoding="utf-8"), name)
    with _all_or_nothing([*files, dictionary_path()]):
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        importlib.invalidate_caches()
        write_dictionary()
    return [*files, dictionary_path()]


def _check(name: str, number: int, upstream: Sequence[str]) -> None:
    stages = stage_names()
    if not re.fullmatch(r"[a-z][a-z_]*[a-z]", name) or keyword.iskeyword(name):
        raise RunError(f"'{name}' cannot be a stage's name; use lower-case letters and underscores, e.g. loyalty")
    if name in stages:
        raise RunError(f"there is a stage '{name}' already; choose another name")
    package = project_root() / "src" / "customer_patterns"
    if (package / name).exists() or (package / f"{name}.py").exists():
        raise RunError(f"src/customer_patterns has '{name}' already; choose another name")
    if not 1 <= number <= 99:
        raise RunError(f"number {number} is no place in the reading order; give 1 to 99")
    if taken := sorted((project_root() / "notebooks").glob(f"{number:02d}-*.ipynb")):
        raise RunError(f"number {number} is taken by {taken[0].name}; choose another")
    for stage in upstream:
        if stage not in stages or stage == _LAST:
            known = ", ".join(other for other in stages if other != _LAST)
            raise RunError(f"a new stage cannot read '{stage}'{nearest(stage, stages)} (stages: {known})")


def _listed(upstream: Sequence[str]) -> str:
    return "the tables of " + ", ".join(f"`{stage}`" for stage in upstream)


def _filled(template: str, words: dict[str, str]) -> str:
    """A template with the stage's words, its imports in order whatever the stage is called."""
    text = Template((_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")).substitute(words)
    members, lines = r"(?m)^(from customer_patterns import )(.+)$", r"(?m)(^from customer_patterns\.\S+ import .+\n)+"
    text = re.sub(members, lambda found: found[1] + ", ".join(sorted(found[2].split(", "))), text)
    return re.sub(lines, lambda found: "".join(sorted(found[0].splitlines(keepends=True))), text)


def _notebook(stem: str, words: dict[str, str]) -> str:
    """The template's cells as a notebook, its parameters after those that every notebook has."""
    notebook = nbformat.v4.new_notebook(metadata=METADATA)
    cells = re.split(r"^%% (\w+)\n", _filled("notebook", words), flags=re.MULTILINE)[1:]
    for number, (kind, text) in enumerate(zip(cells[::2], cells[1::2], strict=True)):
        text = text.strip("\n")
        if kind == "md":
            cell = nbformat.v4.new_markdown_cell(text)
        elif kind == "params":
            cell = nbformat.v4.new_code_cell(f"{_common_parameters()}\n{text}", metadata={"tags": ["parameters"]})
        else:
            cell = nbformat.v4.new_code_cell(text)
        cell["id"] = f"{words['name'].replace('_', '-')}-{number:02d}"
        notebook.cells.append(cell)
    return nbformat.writes(notebook, version=4) + "\n"


def _common_parameters() -> str:
    """The parameters of every notebook, as the first one words them."""
    cells = json.loads(notebook_path(stage_names()[0]).read_text(encoding="utf-8"))["cells"]
    source = next("".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", []))
    return "\n".join(line for line in source.splitlines() if line.split(" ")[0] in COMMON)


def _with_floor(pyproject: str, name: str) -> str:
    """The room among its siblings, on the floor of ``behavior``."""
    floor = re.compile(r'^(    ")([^"\n]*\bbehavior\b[^"\n]*)(",)$', re.MULTILINE)
    if len(floor.findall(pyproject)) != 1:
        raise RunError("pyproject.toml has no floor with 'behavior' in import-linter's layers; mend it first")
    return floor.sub(rf"\g<1>\g<2> | {name}\g<3>", pyproject)


def _with_task(pipeline: str, name: str, stem: str, upstream: Sequence[str]) -> str:
    """The stage before the summary, like the other stages, and the summary reading it."""
    entries = re.split(r"(?m)^(?=  - source: )", pipeline)
    last = next((i for i, entry in enumerate(entries) if re.search(rf"(?m)^    name: {_LAST}$", entry)), None)
    if last is None or last < 2:
        raise RunError("pipeline.yaml does not end with the summary after at least one stage; mend it first")
    old = next(task for task in pipeline_tasks() if task["name"] == _LAST)
    entry = entries[last].replace(Path(old["source"]).stem, stem)
    entry = re.sub(rf"\b{_LAST}\b", name, entry)
    entry = re.sub(r"(?m)^    upstream: .*$", f"    upstream: [{', '.join(upstream)}]", entry)
    summary = re.sub(r"(?m)^    upstream: .*$", f"    upstream: [{', '.join([*old['upstream'], name])}]", entries[last])
    return "".join([*entries[:last], entry.rstrip("\n") + "\n\n", summary, *entries[last + 1 :]])


def _with_settings(env: str, name: str) -> str:
    changed = re.sub(rf"(?m)^(  {_LAST}:.*)$", rf"  {name}: {{}}\n\g<1>", env)
    if changed == env:
        raise RunError(f"env.yaml has no line '{_LAST}:' among its settings; mend it first")
    return changed


def _with_row(readme: str, name: str, number: int) -> str:
    """The stage in the README's list, before the summary."""
    row = f"| {number} | `{name}` | (the reader's question) | |"
    changed = re.sub(rf"(?m)^(\|[^|]*\| `{_LAST}` \|.*)$", rf"{row}\n\g<1>", readme)
    if changed == readme:
        raise RunError(f"README.md has no row for `{_LAST}` in its list of stages; mend it first")
    return changed


@contextlib.contextmanager
def _all_or_nothing(paths: Sequence[Path]) -> Iterator[None]:
    """Put every file back as it was if anything goes wrong."""
    before = {path: path.read_text(encoding="utf-8") if path.exists() else None for path in paths}
    made = [folder for folder in {path.parent for path in paths} if not folder.exists()]
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_text(content, encoding="utf-8")
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
