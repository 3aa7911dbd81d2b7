"""What was fetched from a database or a service, kept so that no run depends on the network twice.

A download belongs to the day it was made for, the study's last moment. It is used again for that day and for every
earlier one, so that a report of a past date is built from what was fetched then; a later day fetches anew. A download
that was interrupted is continued where it stopped.

A source may change after it was fetched for a day. Where the contract says what tells so (``watch``), it is asked in
runs for the newest day that was fetched, and fetched anew where it answers something else than it did then; where it
cannot be asked, what was fetched counts. Without ``watch`` it is not asked: remove the day's folder to fetch again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.study import Source
from customer_patterns.warehouse import digest, sha256, to_json

#: What was fetched, a line per file while it goes on; and what a whole download says about itself.
JOURNAL, STATE = "journal.jsonl", "state.json"


@dataclass
class Download:
    """One download: its files, how far it came, and whether it is whole.

    Attributes
    ----------
    folder
        Where its files lie.
    name
        How accounts and messages call it.
    taken
        Its files in order: ``name``, ``sha256`` and what its reader notes of each, which is no secret.
    about
        What a whole download says about itself; ``None`` while it is not whole.
    replaces
        The folder of the download whose place this one takes as soon as it is whole.
    """

    folder: Path
    name: str
    taken: list[dict[str, Any]] = field(default_factory=list)
    about: dict[str, Any] | None = None
    replaces: Path | None = None

    @property
    def sha256(self) -> str:
        """Of all its files, in their order."""
        return digest([entry["sha256"] for entry in self.taken])

    def part(self, name: str) -> Path:
        """Return where to write a file that is not finished."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f".{name}.part"

    def take(self, name: str, **note: Any) -> None:
        """Put a finished part in its place and note it; from then on it need not be fetched again."""
        os.replace(self.part(name), self.folder / name)
        entry = {"name": name, "sha256": sha256(self.folder / name), **note}
        self.taken.append(entry)
        with (self.folder / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(entry, sort_keys=True) + "\n")

    def forget(self) -> None:
        """Begin again: what was taken counts no more."""
        self.taken.clear()
        (self.folder / JOURNAL).unlink(missing_ok=True)

    def finish(self, **about: Any) -> None:
        """Say that the download is whole."""
        self.about = {**about, "files": self.taken}
        self.part(STATE).write_text(to_json(self.about), encoding="utf-8")
        os.replace(self.part(STATE), self.folder / STATE)
        (self.folder / JOURNAL).unlink(missing_ok=True)
        if self.replaces is not None:
            shutil.rmtree(self.replaces)  # killed here, the new one is found whole in its own folder
            self.folder.rename(self.replaces)
            self.folder, self.replaces = self.replaces, None

    def files(self, source: Source) -> tuple[DeliveredFile, ...]:
        """Return the fetched files, in order.

        Raises
        ------
        DeliveryError
            ``E_CHECKSUM`` where one is missing or not the one that was fetched.
        """
        found = []
        for entry in self.taken:
            path, name = self.folder / entry["name"], f"{self.name}/{entry['name']}"
            if not path.is_file() or sha256(path) != entry["sha256"]:
                raise DeliveryError(
                    "it is not the one that was fetched", table=source.name, file=name, code="E_CHECKSUM",
                    remedy="remove the folder it lies in, and fetch again",
                )  # fmt: skip
            found.append(DeliveredFile(name, path, entry["sha256"], path.stat().st_size))
        return tuple(found)


def depends_on(source: Source) -> dict[str, Any]:
    """Return what a download depends on, address, columns and pages; another contract is another download."""
    if source.reader == "sql":
        columns = dict.fromkeys([*source.required_columns, *(source.watch or ())])
        return {"location": source.location, "columns": list(columns), "key": source.key}
    form = source.format
    return {
        "location": source.location,
        "records": form.records,
        "next": form.next,
        "cursor": form.cursor and form.cursor.model_dump(),
        "page": form.page and form.page.model_dump(),
    }


def download_for(source: Source, *, folder: Path, as_of: date) -> Download:
    """Return the download to use for a day: a whole one of that day or the next later one, or that day's own to go on.

    Parameters
    ----------
    folder
        Where downloads of the study lie.
    as_of
        The study's last moment.
    """
    place = folder / source.name / digest(depends_on(source))[:12]
    own = _open(place, source, as_of)
    if own.about is None:
        for day in sorted(day for day in _days(place) if day > as_of):
            if (later := _open(place, source, day)).about is not None:
                return later
    return own


def is_outdated(download: Download, source: Source, *, as_of: date, ask: Callable[[Source], Mapping[str, Any]]) -> bool:
    """Say whether a source answers something else than when it was fetched.

    Parameters
    ----------
    download
        What was fetched for ``as_of``.
    as_of
        The study's last moment. Where something was fetched for a later day, this one is the past, and stays.
    ask
        Asks the source what its contract watches.
    """
    if source.watch is None or download.about is None or download.folder.name != as_of.isoformat():
        return False
    if any(day > as_of for day in _days(download.folder.parent)):
        return False
    try:
        return json.loads(to_json(dict(ask(source)))) != download.about.get("watched")
    except DeliveryError:  # it is away, or its address is not at hand: no run depends on the network twice
        return False


def anew(download: Download, source: Source) -> Download:
    """Return a download that takes the place of a whole one when it is whole itself; until then that one counts."""
    place = download.folder
    folder = place.with_name(f".{place.name}.anew")
    return Download(folder, download.name, _journal(folder / JOURNAL), replaces=place)


def opened(file: DeliveredFile) -> Download:
    """Return the whole download that a delivered file stands for."""
    about = json.loads((file.path / STATE).read_text(encoding="utf-8"))
    return Download(file.path, file.name, about["files"], about)


def _open(place: Path, source: Source, day: date) -> Download:
    folder = place / day.isoformat()
    if not folder.is_dir() and (fresh := place / f".{folder.name}.anew" / STATE).is_file():
        fresh.parent.rename(folder)  # a run was killed while it exchanged the two
    download = Download(folder, f"{source.name}/{day.isoformat()}")
    try:
        download.about = json.loads((folder / STATE).read_text(encoding="utf-8"))
        download.taken = download.about["files"]
    except (OSError, ValueError, KeyError, TypeError):  # not whole: go on after the last line that was written whole
        download.about = None
        download.taken = _journal(folder / JOURNAL)
    return download


def _journal(path: Path) -> list[dict[str, Any]]:
    taken = []
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            taken.append(json.loads(line))
        except ValueError:
            break
    kept = "".join(json.dumps(entry, sort_keys=True) + "\n" for entry in taken)
    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") != kept:
        path.write_text(kept, encoding="utf-8")  # a line that broke off would spoil the next one
    return taken


def _days(place: Path) -> list[date]:
    found = []
    for path in place.iterdir() if place.is_dir() else ():
        try:
            found.append(date.fromisoformat(path.name))
        except ValueError:
            continue
    return found
