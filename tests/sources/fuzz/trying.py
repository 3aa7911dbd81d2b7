"""Take a mutated file in, and hold what became of it against what was delivered: nothing lost or altered in silence.

What holds for every file, whatever happened to it:

- it is taken in, or refused with one sentence that names file, code and remedy; anything else is an uncaught exception;
- every record that was not touched is there exactly as in the untouched file, or set aside with its text, or the whole
  file is refused; a record that is there with other content was altered in silence, one that is nowhere was lost;
- of a record of which one value was touched, all the other values are as they were;
- where the mutation left the number of records as it was, so many are kept or set aside;
- what is kept is what its column must be.
"""

from __future__ import annotations

import atexit
import math
import os
import random
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from customer_patterns.schemas import Refusal
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.intake import Taken, take_in
from customer_patterns.study import Study
from customer_patterns.study.file import read_study_file
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import connect
from tests.sources.fuzz.deliveries import KEYS, KINDS, Kind, write
from tests.sources.fuzz.mutations import Mutated, mutate

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

Record = dict[str, object]
_CODE = re.compile(r"\((E_[A-Z0-9_]+)\)")

#: Files that one DuckDB takes in before it is opened anew.
_FILES = 100


@dataclass(frozen=True)
class Outcome:
    """What became of a mutated file.

    Attributes
    ----------
    state
        ``"kept"``, ``"set aside"`` (some records were), ``"refused"``, or what went wrong: ``"uncaught"``, ``"lost"``,
        ``"altered"``, ``"unclear refusal"``.
    detail
        For the faults: how to repeat it, and what happened.
    """

    state: str
    detail: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether this must not happen."""
        return self.state in ("uncaught", "lost", "altered", "unclear refusal")


@dataclass(frozen=True)
class _Result:
    """The kept records by key, the text of all that was set aside, and how many records were."""

    kept: dict[str, list[Record]]
    aside_text: str
    aside: int

    @property
    def records(self) -> int:
        return sum(map(len, self.kept.values())) + self.aside


@dataclass
class _Warehouse:
    """A DuckDB that serves for many files; opening one takes longer than most files do."""

    backend: Backend | None = None
    files: int = field(default=0)

    def at_hand(self) -> Backend:
        if self.backend is None or self.files >= _FILES:
            self.close()
            self.backend = connect()
            self.backend.con.execute("SET threads = 1")
        self.files += 1
        return self.backend

    def close(self) -> None:
        if self.backend is not None:
            self.backend.disconnect()
        self.backend, self.files = None, 0


_WAREHOUSE = _Warehouse()


@lru_cache
def _folder() -> Path:
    """Where this process puts deliveries: one place, so that of several files only the changed one is read again."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def _root(name: str) -> Iterator[Path]:
    """An output root for each kind of delivery."""
    before, folder = os.environ.get(OUTPUT_ROOT), _folder() / name
    os.environ[OUTPUT_ROOT] = str(folder)
    try:
        yield folder
    finally:
        os.environ.pop(OUTPUT_ROOT) if before is None else os.environ.__setitem__(OUTPUT_ROOT, before)


def _taken(kind: Kind, content: bytes) -> _Result:
    """Take a file in."""
    study = _study(kind.name)
    with _root(kind.name) as root:
        write(kind, root, content)
        backend = _WAREHOUSE.at_hand()
        try:
            (source,) = study.sources
            taken = take_in(backend, source, study=study, as_of=study.last_day)
            kept = _records(backend, kind, taken)
        except Refusal:
            raise
        except BaseException:  # after a fault of its own a DuckDB may answer nothing any more
            _WAREHOUSE.close()
            raise
        aside = taken.set_aside
        lines = len(aside[["file", "line"]].drop_duplicates())
        return _Result(kept, " ".join(aside["raw"].fillna("").astype(str)), lines)


@lru_cache
def _study(name: str) -> Study:
    """The study of a kind of delivery; the same for all files of it, so that it is read once."""
    with _root(name) as root:
        path = root / "data" / "studies" / "fuzzed.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump(KINDS[name]().study(), allow_unicode=True), encoding="utf-8")
        return read_study_file(path)


def _records(backend: Backend, kind: Kind, taken: Taken) -> dict[str, list[Record]]:
    names = CANONICAL[kind.table].names
    listed = ", ".join(f'"{name}"' for name in names)
    rows = backend.con.execute(f'SELECT {listed} FROM "{taken.table.get_name()}" ORDER BY ALL').fetchall()
    found: dict[str, list[Record]] = {}
    for row in rows:
        record = dict(zip(names, row, strict=True))
        found.setdefault(str(record[kind.key]), []).append(record)
    return found


@lru_cache
def _untouched(name: str) -> tuple[Kind, dict[str, list[Record]]]:
    kind = KINDS[name]()
    result = _taken(kind, kind.content)
    if set(result.kept) != set(KEYS) or result.aside:
        raise AssertionError(f"the untouched {name} delivery: {len(result.kept)} kept, {result.aside} set aside")
    return kind, result.kept


def draw(name: str, seed: int) -> tuple[Kind, Mutated]:
    """One mutated file of a kind, the same for the same seed."""
    kind = _untouched(name)[0]
    return kind, mutate(kind, random.Random(f"{name}/{seed}"))


def attempt(name: str, seed: int) -> Outcome:
    """Mutate a delivery of one kind and say what became of it."""
    kind, mutated = draw(name, seed)
    return judge(name, mutated, f"{kind.name}, seed {seed}: {mutated.what}")


def judge(name: str, mutated: Mutated, where: str) -> Outcome:
    """Say what became of a mutated file."""
    kind, before = _untouched(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = _taken(kind, mutated.content)
    except Refusal as refusal:
        said = str(refusal)
        clear = (
            kind.file in said and _CODE.search(said) and ";" in said and "\n" not in said and "Traceback" not in said
        )
        clear = clear and tempfile.gettempdir() not in said
        return Outcome("refused") if clear else Outcome("unclear refusal", f"{where}: {said}")
    except Exception as error:
        return Outcome("uncaught", f"{where}: {type(error).__name__}: {str(error)[:300]}")
    if kind.sealed and mutated.content != kind.content:
        return Outcome("altered", f"{where}: taken in although its checksum is another")
    if mutated.refused:
        return Outcome("altered", f"{where}: taken in, {found.records} records are somewhere")
    for state, what in (
        *_of_untouched(before, found, mutated),
        *_of_touched(before, found, mutated),
        *_impossible(kind, found),
    ):
        return Outcome(state, f"{where}: {what}")
    return Outcome("set aside" if found.aside else "kept")


def _of_untouched(before: dict[str, list[Record]], found: _Result, mutated: Mutated) -> Iterator[tuple[str, str]]:
    touched = frozenset(KEYS) if mutated.touched is None else mutated.touched
    for key in KEYS:
        if key in touched:
            continue
        records = found.kept.get(key, [])
        if all(record in records for record in before[key]):
            others = [record for record in records if record not in before[key]]
            if others and not touched:  # a touched record may have got the key of another
                yield "altered", f"record {key} is also {others[0]}"
        elif key not in found.aside_text:
            yield "altered" if records else "lost", f"record {key} is {records or 'nowhere'}, was {before[key]}"


def _of_touched(before: dict[str, list[Record]], found: _Result, mutated: Mutated) -> Iterator[tuple[str, str]]:
    for key in mutated.never:
        if key in found.kept:
            yield "altered", f"record {key} is kept: {found.kept[key]}"
    if mutated.records is not None and found.records != mutated.records:
        state = "lost" if found.records < mutated.records else "altered"
        yield state, f"{mutated.records} records were delivered, of which {found.records} are somewhere"
    if mutated.columns is None or mutated.touched is None:
        return
    for key in mutated.touched:
        for record in found.kept.get(key, []):
            same = [{name for name in was if record[name] == was[name]} | mutated.columns for was in before[key]]
            if not any(len(names) == len(record) for names in same):
                yield "altered", f"record {key} is {record}, was {before[key][0]}"


def _impossible(kind: Kind, found: _Result) -> Iterator[tuple[str, str]]:
    schema = CANONICAL[kind.table]
    for records in found.kept.values():
        for record in records:
            for name, value in record.items():
                if value is None and not schema[name].nullable:
                    yield "altered", f"{name} of {record} is missing"
                if isinstance(value, float) and not math.isfinite(value):
                    yield "altered", f"{name} of {record} is no number"
                if isinstance(value, str) and "\0" in value:
                    yield "altered", f"{name} of {record} has a zero byte"
