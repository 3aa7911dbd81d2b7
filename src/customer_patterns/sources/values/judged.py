"""What becomes of each different value of a delivered column: a value, a repaired one, or a fault.

Few values are read one by one. Of many, the plain ones are read by SQL at once, and only the others one by one; both
ways give the same.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customer_patterns.sources.values.distinct import BEYOND, Distinct, values_of
from customer_patterns.sources.values.ids import without_point_zero
from customer_patterns.sources.values.outcome import Fault, Outcome, Repaired
from customer_patterns.sources.values.plain import not_given, plain_value
from customer_patterns.sources.values.reading import Reading
from customer_patterns.sources.values.steps import Steps

if TYPE_CHECKING:
    import duckdb

#: What each kind is in Arrow.
ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(18, 2),
    "share": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
#: Up to so many values are read one by one: to have DuckDB prepare the rules' SQL would cost more.
_FEW = 1_000

_POINT_ZERO = re.compile(r"-?[0-9]+\.0+")
_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Judged:
    """What became of values.

    Attributes
    ----------
    meant
        In the canonical column's kind; missing where not given, or at fault.
    faults, repairs
        For each value, which of ``fault_codes`` and ``repair_codes`` it has; 0 is the first, which is none.
    """

    meant: pa.Array
    faults: np.ndarray
    repairs: np.ndarray
    fault_codes: tuple[str, ...]
    repair_codes: tuple[tuple[str, ...], ...]

    @cached_property
    def numbered(self) -> tuple[pa.Array, np.ndarray]:
        """The different texts that were meant, and which of them each value is; -1 where nothing was."""
        encoded = self.meant.dictionary_encode()
        return encoded.dictionary, encoded.indices.fill_null(-1).to_numpy()

    @property
    def has_faults(self) -> bool:
        """Whether there is a value at fault."""
        return len(self.fault_codes) > 1

    @property
    def has_repairs(self) -> bool:
        """Whether there is a repaired value."""
        return len(self.repair_codes) > 1


def judge(con: duckdb.DuckDBPyConnection, reading: Reading, column: Distinct) -> Judged:
    """Read the different values of one file's column.

    Parameters
    ----------
    con
        The DuckDB that reads plain values where there are many.
    reading
        How the column is read.
    column
        The delivered column.
    """
    kind = ARROW[reading.column.kind]
    if len(column.values) <= _FEW:
        plain, left = pa.nulls(len(column.values), kind), np.arange(len(column.values))
    else:
        plain, left = _plain(con, reading, column, kind)
    said = values_of(column.values.take(pa.array(left)))
    found = _read(said, _reader(reading, column, said))
    return _together(plain, left, found, kind)


def _plain(
    con: duckdb.DuckDBPyConnection, reading: Reading, column: Distinct, kind: pa.DataType
) -> tuple[pa.Array, np.ndarray]:
    """The plain values, and where something else stands."""
    steps, name = Steps(), f"judged_{next(_NUMBERS)}"
    value = plain_value(reading, "r", column.kind, steps)
    empty = not_given(reading, "r", column.kind)
    con.register(name, pa.table({"n": np.arange(len(column.values)), "r": column.values}))
    try:
        query = f"SELECT n, {value} AS v, r FROM {steps.over(name)}"
        found = con.sql(f"SELECT n, v, v IS NULL AND NOT {empty} AS b FROM ({query})").to_arrow_table()
    finally:
        con.unregister(name)
    order = found["n"].to_numpy()
    values, bad = found["v"].combine_chunks().cast(kind), found["b"].to_numpy()
    if len(order) and not (order[:-1] < order[1:]).all():
        place = np.argsort(order)
        values, bad = values.take(pa.array(place)), bad[place]
    return values, np.flatnonzero(bad)


def _reader(reading: Reading, column: Distinct, said: list[Any]) -> Callable[[Any], Outcome]:
    """The function that reads a value; keys that a program made numbers of are read without their ``.0``."""

    def read(value: Any) -> Outcome:
        return Fault("E_IMPLAUSIBLE") if value is BEYOND else reading.read(value)

    if reading.sort != "id" or not pa.types.is_string(column.values.type):
        return read
    zeros = _point_zeros(reading, column, said)
    if not zeros:
        return read

    def without_zero(value: Any) -> Outcome:
        instead = zeros.get(value)
        if instead is None:
            return read(value)
        if instead.startswith("E_"):
            return Fault(instead)
        found = reading.read(instead)
        if isinstance(found, Fault):
            return found
        codes = found.codes if isinstance(found, Repaired) else ()
        return Repaired(getattr(found, "value", found), ("R_POINT_ZERO", *codes))

    return without_zero


def _point_zeros(reading: Reading, column: Distinct, said: list[Any]) -> dict[str, str]:
    """Keys that end in ``.0``: the key without it where all keys of the file show it, or a code.

    A program that made numbers of a file's keys made them of all. Where only some end so, they stay as they are,
    unless the same key is there without: then nobody knows whether it is one customer or two.
    """
    found = {key for key in said if isinstance(key, str) and _POINT_ZERO.fullmatch(key) and key not in reading.missing}
    if not found:
        return {}
    every = set(column.values.to_pylist()) - {None, *reading.missing}
    if every == found:
        return {key: without_point_zero(key) for key in found}
    return {key: "E_ID_POINT_ZERO" for key in found if without_point_zero(key) in every}


def _read(said: list[Any], read: Callable[[Any], Outcome]) -> list[Outcome]:
    """Read values one by one, equal texts once."""
    known: dict[str, Outcome] = {}
    found = []
    for value in said:
        if type(value) is not str:
            found.append(read(value))
            continue
        if value not in known:
            known[value] = read(value)
        found.append(known[value])
    return found


def _together(plain: pa.Array, left: np.ndarray, found: list[Outcome], kind: pa.DataType) -> Judged:
    """The plain values, and what was read one by one."""
    faults, repairs = np.zeros(len(plain), np.int16), np.zeros(len(plain), np.int16)
    fault_codes: dict[str, int] = {"": 0}
    repair_codes: dict[tuple[str, ...], int] = {(): 0}
    values = []
    for place, outcome in zip(left.tolist(), found, strict=True):
        if isinstance(outcome, Fault):
            faults[place] = fault_codes.setdefault(outcome.code, len(fault_codes))
            values.append(None)
        elif isinstance(outcome, Repaired):
            repairs[place] = repair_codes.setdefault(outcome.codes, len(repair_codes))
            values.append(outcome.value)
        else:
            values.append(outcome)
    own = pa.array(values, kind)
    if len(own) == len(plain):
        plain = own
    elif len(own):
        mask = np.zeros(len(plain), bool)
        mask[left] = True
        plain = pc.replace_with_mask(plain, pa.array(mask), own)
    return Judged(plain, faults, repairs, tuple(fault_codes), tuple(repair_codes))
