"""The study file: which data a study rests on, whose they are, why they may be used, and for how long.

A study file is checked before any work begins; every fault is reported at once, with its line and a remedy.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from customer_patterns.schemas import Refusal
from customer_patterns.study.faults import format_faults, table_faults
from customer_patterns.study.places import output_root, project_root
from customer_patterns.study.spelling import nearest
from customer_patterns.study.spoken import in_words
from customer_patterns.study.whole import Study, StudyFile


class StudyError(Refusal):
    """A study file cannot be used; the message names each fault with its line and remedy."""


def study_names() -> list[str]:
    """Return the names of the studies that have a file."""
    return sorted(path.stem for folder in _study_folders() for path in folder.glob("*.yaml"))


def load_study(name: str) -> Study:
    """Read and check the study file ``data/studies/<name>.yaml``.

    Raises
    ------
    StudyError
        Naming the file and, for each fault, its line and the remedy.
    """
    for folder in _study_folders():
        path = folder / f"{name}.yaml"
        if name in study_names() and path.is_file():  # a name, not a path to elsewhere
            return read_study_file(path)
    raise StudyError(
        f"there is no study '{name}' in data/studies{nearest(name, study_names())} "
        f"(known: {', '.join(study_names()) or 'none'})"
    )


def read_study_file(path: Path) -> Study:
    """Read and check one study file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise StudyError(f"{path.name}, line {line}: this is not UTF-8; save the file as UTF-8") from None
    try:
        node = yaml.compose(text)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or getattr(error, "reason", "")
        raise StudyError(f"{path.name}, line {line}: this is not YAML ({problem})") from None
    except ValueError as error:  # a day that looks like one and is none, such as 2017-02-30
        line = next((n.start_mark.line + 1 for n in _scalars(node) if not _can_be_read(n)), 1)
        raise StudyError(f"{path.name}, line {line}: there is no such day ({error})") from None
    if not isinstance(node, yaml.MappingNode):
        raise StudyError(f"{path.name}, line 1: a study file is a list of 'name: value' lines; this one is empty")
    lines: dict[tuple[Any, ...], int] = {}
    faults: list[tuple[int, str]] = []
    _note_lines(node, (), lines, faults)
    faults += format_faults(content, lines)
    try:
        file = StudyFile.model_validate(content)
    except ValidationError as error:
        faults += [in_words(detail, lines) for detail in error.errors()]
        file = None
    if file is not None:
        faults += table_faults(file, lines)
    if faults:
        listed = "\n".join(f"  line {line}: {what}" for line, what in sorted(set(faults)))
        raise StudyError(f"{path.name} cannot be used:\n{listed}")
    sources = tuple(entry.source(name, table) for name, entry in file.sources.items() for table in entry.tables)
    values = {name: getattr(file, name) for name in type(file).model_fields if name != "sources"}
    return Study(name=path.stem, sources=sources, **values)


def _study_folders() -> list[Path]:
    """Where study files lie: beside the deliveries, and in the project."""
    folders = dict.fromkeys(root / "data" / "studies" for root in (output_root(), project_root()))
    return [folder for folder in folders if folder.is_dir()]


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """All single values below a node."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    for child in node.value if isinstance(node, yaml.CollectionNode) else ():
        for part in child if isinstance(child, tuple) else (child,):
            yield from _scalars(part)


def _can_be_read(node: yaml.ScalarNode) -> bool:
    try:
        yaml.SafeLoader("").construct_object(node)
    except ValueError:
        return False
    return True


def _note_lines(
    node: yaml.Node, path: tuple[Any, ...], lines: dict[tuple[Any, ...], int], faults: list[tuple[int, str]]
) -> None:
    """Remember on which line each value stands, and object to a name that stands twice."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                faults.append((key.start_mark.line + 1, f"'{key.value}' stands twice; keep one of them"))
            seen.add(key.value)
            _note_lines(value, (*path, key.value), lines, faults)
            lines[(*path, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, (*path, index), lines, faults)
