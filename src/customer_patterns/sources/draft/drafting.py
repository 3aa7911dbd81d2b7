"""From delivered files to a study file that a person only has to check."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from customer_patterns.privacy import KeyProblem, find_key
from customer_patterns.sources.draft.forms import Form, alike, forms_of, language_of, slug
from customer_patterns.sources.draft.looking import DraftError, look
from customer_patterns.sources.draft.page import page_of
from customer_patterns.sources.draft.writing import UNANSWERED
from customer_patterns.sources.persons import holds_persons
from customer_patterns.study import Study, output_root
from customer_patterns.study.file import read_study_file


@dataclass(frozen=True)
class Draft:
    """What was drafted.

    Attributes
    ----------
    path
        The study file.
    copied
        Deliveries that lay elsewhere and were copied to where a study looks for them.
    tables
        The canonical tables found, each with the names of its files.
    questions
        What must be answered before a run, each with its place in the file.
    needs_key
        Whether the files say who somebody is, and there is no key yet under which that is locked away.
    """

    path: Path
    copied: tuple[Path, ...]
    tables: Mapping[str, tuple[str, ...]]
    questions: tuple[str, ...]
    needs_key: bool = False


def draft_study(paths: Sequence[Path], *, name: str | None = None, replace_old: bool = False) -> Draft:
    """Look at delivered files and write a study file for them.

    Parameters
    ----------
    paths
        The delivered files. Those outside the project are copied below ``data/raw/<study>``; none is changed.
    name
        The study's name; ``None``: that of the first file.
    replace_old
        Whether a study file of that name may be replaced.

    Returns
    -------
    Draft
        Where the file is, and what a person must answer in it.

    Raises
    ------
    DraftError
        For files that cannot be read, hold no table of a study, or a study that is there already.
    """
    if not paths:
        raise DraftError("no files are given; give the delivered files, e.g. draft exports/orders.csv")
    study = _study_name(name or paths[0].name.split(".")[0])
    target = output_root() / "data" / "studies" / f"{study}.yaml"
    if target.exists() and not replace_old:
        raise DraftError(f"data/studies/{target.name} is there already; choose another --study, or add --replace")
    forms = [form for seen in alike([look(path) for path in paths]) for form in forms_of(seen)]
    lost = [file.name for form in forms if not form.tables for file in form.seen.files]
    if len(lost) == sum(len(form.seen.files) for form in forms):
        raise DraftError(
            f"{', '.join(lost)}: no table of a study fits; its columns are called "
            f"{', '.join(list(forms[0].seen.columns)[:12])}. "
            "Write the study file by hand: data/README.md lists the tables"
        )
    language = language_of(forms)
    copied, placed = _placed([form for form in forms if form.tables], study)
    text, questions = page_of(study, placed, language, lost)
    target.parent.mkdir(parents=True, exist_ok=True)
    drafted = _checked(text, target)
    target.write_text(text, encoding="utf-8")
    tables: dict[str, tuple[str, ...]] = {}
    for form in placed:
        for table in dict.fromkeys(mapped.table for mapped in form.tables):
            tables[table] = tuple(dict.fromkeys((*tables.get(table, ()), *(file.name for file in form.seen.files))))
    return Draft(target, tuple(copied), tables, tuple(questions), holds_persons(drafted) and not _has_key())


def _study_name(text: str) -> str:
    return slug(text) or "my-study"


def _placed(forms: Sequence[Form], study: str) -> tuple[list[Path], list[Form]]:
    """Copy files that lie outside the project to where a study looks for them."""
    root, copied, placed = output_root(), [], []
    for form in forms:
        files = []
        for file in form.seen.files:
            path = file.resolve()
            if not path.is_relative_to(root):
                there = root / "data" / "raw" / study / file.name
                there.parent.mkdir(parents=True, exist_ok=True)
                if not (there.exists() and there.read_bytes() == path.read_bytes()):
                    shutil.copy2(path, there)
                    copied.append(there)
                path = there
            files.append(path)
        placed.append(replace(form, seen=replace(form.seen, files=tuple(files))))
    return copied, placed


def _checked(text: str, target: Path) -> Study:
    """Make sure that the draft is a study file, but for what is asked in it."""
    trial = target.with_name(f".{target.name}")
    trial.write_text(text.replace(f'"{UNANSWERED}"', "answered"), encoding="utf-8")
    try:
        return read_study_file(trial)
    finally:
        trial.unlink()


def _has_key() -> bool:
    """Whether there is a key; one that cannot be used is for the run to refuse."""
    try:
        return find_key() is not None
    except KeyProblem:
        return False
