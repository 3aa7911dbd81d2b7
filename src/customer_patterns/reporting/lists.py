"""The lists of runs that are published: one over all studies, and one that leads to the newest run of each."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from customer_patterns.reporting.chapter import LANGUAGE_NAMES, render_template
from customer_patterns.wording import formats, speaking
from customer_patterns.wording.messages import ORIGINAL

#: What a published folder says about itself, for the lists of runs.
RECORD = "run.json"


def update_lists(reports_folder: Path) -> None:
    """Write ``reports/index.html`` and each study's ``latest/index.html`` anew from the runs that are published."""
    records = []
    for path in sorted(reports_folder.glob(f"*/*/*/{RECORD}")):
        if not any(part.startswith(".") for part in path.relative_to(reports_folder).parts):
            records.append(json.loads(path.read_text(encoding="utf-8")))
    studies: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        studies.setdefault(record["study"], []).append(record)
    listed, opens = [], {record.get("opens", record["language"]) for record in records}
    for name, runs in studies.items():
        editions = _editions(runs)
        newest = editions[0]
        with speaking(language=newest["language"]):
            values = {name: newest[name] for name in ("language", "title", "day")}
            target = f"../{newest['as_of']}/{newest['language']}/index.html"
            page = render_template("latest.html.j2", **values, target=target)
        replace_file(reports_folder / name / "latest" / "index.html", page)
        listed.append(_Listed(name, newest["title"], newest["language"], editions))
    language = opens.pop() if len(opens) == 1 else ORIGINAL
    with speaking(language=language):
        replace_file(reports_folder / "index.html", render_template("runs.html.j2", language=language, studies=listed))


@dataclass(frozen=True)
class _Listed:
    """A study in the list of runs, its title in the language in which its newest run opens."""

    name: str
    title: str
    language: str
    editions: tuple[dict[str, Any], ...]


def _editions(records: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The runs of a study, newest first, each as it opens and with its other languages."""
    by_day: dict[str, list[dict[str, Any]]] = {}
    for record in sorted(records, key=lambda record: record["language"]):
        by_day.setdefault(record["as_of"], []).append(record)
    found = []
    for _, same in sorted(by_day.items(), reverse=True):
        first = next((r for r in same if r["language"] == r.get("opens")), same[0])
        others = [
            {"language": r["language"], "name": LANGUAGE_NAMES[r["language"]], "folder": _folder(r)}
            for r in same
            if r is not first
        ]
        with speaking(language=first["language"]):
            day = formats.day(date.fromisoformat(first["as_of"]))
        found.append({**first, "day": day, "folder": _folder(first), "others": others})
    return tuple(found)


def _folder(record: Mapping[str, Any]) -> str:
    return f"{record['study']}/{record['as_of']}/{record['language']}"


def replace_file(path: Path, content: str) -> None:
    """Write a file so that a reader finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.fresh")
    fresh.write_text(content, encoding="utf-8", newline="\n")
    os.replace(fresh, path)
