"""Converted records of one file: which are kept, what was repaired, what is set aside and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from customer_patterns.schemas.canonical import KNOWN_SINCE
from customer_patterns.sources.masking import mask
from customer_patterns.sources.raw import LONGEST_RAW, REPAIR_COLUMNS, SET_ASIDE_COLUMNS
from customer_patterns.sources.values.per_unit import multiplied

if TYPE_CHECKING:
    from customer_patterns.sources.values.convert import Conversion
    from customer_patterns.sources.values.distinct import Distinct
    from customer_patterns.sources.values.judged import Judged

#: Records are handed on so many at a time.
PART = 262_144


def none_set_aside() -> pd.DataFrame:
    """Return no records set aside."""
    return pd.DataFrame(columns=[*SET_ASIDE_COLUMNS, "revenue", "at", "reasons"])


@dataclass(frozen=True)
class Lot:
    """Records and what became of them; see :class:`~.values.convert.Converted` for the tables.

    Attributes
    ----------
    conversion
        How they were converted.
    files, lines
        Of each delivered record.
    found, judged
        The delivered columns, and what became of their values by canonical column.
    """

    conversion: Conversion
    files: np.ndarray
    lines: np.ndarray
    found: dict[str, Distinct]
    judged: dict[str, Judged]

    def at(self, name: str) -> np.ndarray:
        """Which of its delivered column's values each record has in a canonical column."""
        return self.found[self.conversion.delivered(name)].at

    def values(self, name: str, rows: np.ndarray | slice) -> pa.Array:
        """What a canonical column was read as in some records; money of one unit, for all units of the record."""
        found = self.judged[name].meant.take(pa.array(self.at(name)[rows]))
        times = self.conversion.times.get(name)
        return found if times is None else multiplied(found, self.values(times, rows))

    def in_order(self, rows: np.ndarray) -> np.ndarray:
        """Records by file and line."""
        return rows[np.lexsort((self.lines[rows], self.files[rows]))]

    @cached_property
    def faulty(self) -> np.ndarray:
        """Which records have a value at fault."""
        bad = np.zeros(len(self.lines), bool)
        for name, judged in self.judged.items():
            if judged.has_faults:
                bad |= (judged.faults != 0)[self.at(name)]
        for name in self.conversion.times:
            bad |= self._beyond(name)
        return bad

    def _beyond(self, name: str, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Which records have money of a unit and units, but a product that no column of money can hold."""
        known = self.judged[name].meant.is_valid().take(pa.array(self.at(name)[rows]))
        times = self.values(self.conversion.times[name], rows).is_valid()
        return np.asarray(known) & np.asarray(times) & ~np.asarray(self.values(name, rows).is_valid())

    @cached_property
    def kept(self) -> np.ndarray:
        """The places of the records that are kept, in their order."""
        return np.flatnonzero(~self.faulty)

    def parts(self, rows: np.ndarray | None = None, *, numbered: bool = False) -> Iterator[pa.Table]:
        """The kept records, or these, in canonical columns, so many at a time; texts ``numbered``, or as such."""
        every = rows is None and not self.faulty.any()
        rows = self.kept if rows is None else rows
        for begin in range(0, len(rows), PART):
            of = slice(begin, begin + PART)
            yield self._part(of if every else rows[of], numbered=numbered)  # a slice need not be copied

    def _part(self, rows: np.ndarray | slice, *, numbered: bool) -> pa.Table:
        columns = []
        for column in self.conversion.schema.columns:
            in_numbers = numbered and column.kind == "text"
            if column.name not in self.judged:
                same = pa.repeat(self.conversion.same_for_all[column.name], len(self.lines[rows]))
                columns.append(same.dictionary_encode() if in_numbers else same)
            else:
                columns.append(self._texts(column.name, rows) if in_numbers else self.values(column.name, rows))
        columns += [pa.array(self.files[rows], pa.int32()), pa.array(self.lines[rows], pa.int64())]
        return pa.Table.from_arrays(columns, names=self.conversion.schema_of_lots.names)

    def _texts(self, name: str, rows: np.ndarray | slice) -> pa.DictionaryArray:
        """What a canonical column of texts was read as in some records: each different text once, and its places."""
        judged, numbers = self.judged[name], self.at(name)[rows]
        texts, meant = judged.numbered
        if len(texts) < len(meant):  # several were read as the same, or some as nothing
            numbers = meant[numbers]
        mask = numbers < 0 if judged.meant.null_count else None
        return pa.DictionaryArray.from_arrays(pa.array(numbers, mask=mask), texts, safe=False)

    @cached_property
    def repairs(self) -> pd.DataFrame:
        """One row per repair of a kept record."""
        parts = []
        for name, judged in self.judged.items():
            if not judged.has_repairs:
                continue
            repaired = np.where(self.faulty, 0, judged.repairs[self.at(name)])
            for number, codes in enumerate(judged.repair_codes):
                rows = np.flatnonzero(repaired == number) if codes else ()
                place = {"file": self.files[rows], "line": self.lines[rows]} if len(rows) else {}
                parts += [pd.DataFrame({**place, "code": code, "name": name}) for code in codes if place]
        if not parts:
            return pd.DataFrame(columns=list(REPAIR_COLUMNS))
        frame = pd.concat(parts, ignore_index=True)
        frame = frame.sort_values(["file", "line", "code", "name"], kind="stable", ignore_index=True)
        frame["column"] = frame.pop("name").map(self.conversion.delivered)
        kinds = {"file": "int64", "line": "int64", "code": object, "column": object}
        return frame.astype(kinds)[list(REPAIR_COLUMNS)]

    @cached_property
    def set_aside(self) -> pd.DataFrame:
        """The records that have a fault, each once."""
        rows = self.in_order(np.flatnonzero(self.faulty))
        if not len(rows):
            return none_set_aside()
        source = self.conversion.source
        said = {name: column.rows(rows) for name, column in self.found.items()}
        revenue, since = self._read("revenue", rows), self._read(KNOWN_SINCE.get(source.table, ""), rows)
        told = [
            {
                "file": int(self.files[row]),
                "line": int(self.lines[row]),
                **_reasons(faults, {name: values[i] for name, values in said.items()}),
                "revenue": revenue[i],
                "at": self.conversion.known_since(since[i]),
            }
            for i, (row, faults) in enumerate(zip(rows.tolist(), self._faults(rows), strict=True))
        ]
        return pd.DataFrame(told, columns=list(none_set_aside().columns))

    def _faults(self, rows: np.ndarray) -> list[list[tuple[str, str]]]:
        """Code and delivered column of each fault of some records."""
        faults: list[list[tuple[str, str]]] = [[] for _ in rows]
        for name, judged in self.judged.items():
            codes = judged.faults[self.at(name)[rows]] if judged.has_faults else rows[:0]
            for i in np.flatnonzero(codes).tolist():
                faults[i].append((judged.fault_codes[codes[i]], self.conversion.delivered(name)))
        for name in self.conversion.times:
            for i in np.flatnonzero(self._beyond(name, rows)).tolist():
                faults[i].append(("E_OVERFLOW", self.conversion.delivered(name)))
        return faults

    def _read(self, name: str, rows: np.ndarray) -> list[Any]:
        """What a canonical column was read as, where it was."""
        return self.values(name, rows).to_pylist() if name in self.judged else [None] * len(rows)


def _reasons(faults: list[tuple[str, str]], record: dict[str, Any]) -> dict[str, Any]:
    """Why a record is set aside, and what it says."""
    code, column = faults[0]
    return {
        "code": code,
        "column": column,
        "detail": mask(record[column]),
        "raw": json.dumps(record, ensure_ascii=False, default=str)[:LONGEST_RAW],
        "reasons": "; ".join(f"{fault} {where}" for fault, where in faults),
    }
