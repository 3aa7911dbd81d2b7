"""The order lines of a study, numbered: which of them are left, whose they are, and in which order they are written.

A study has millions of lines, few of which need anything. What rules do to lines is said in expressions, as of any
table; but that no two lines have a key in common, how many of them a customer or a product has, and the order in which
they are written are questions about keys, and are answered by numbers here. Where records must be compared or joined
as a whole, this knows no more, and everything goes the long way.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customer_patterns.cleaning.numbered.columns import WHOLE, FewTexts, Held, OneText, WholeNumbers
from customer_patterns.cleaning.numbered.keys import Key, read_key
from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.table import IBIS_TYPES
from customer_patterns.warehouse import ROW_GROUP, file_of, put_ahead

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: The number of a line, from 0, as a column.
ROW = "_row"

#: The columns that are read as numbers; the first two tell lines apart.
KEYS = ("order_id", "product_id", "customer_id", "store_id")

#: Of fewer lines all can be asked as of any other table.
LEAST = 200_000

_NUMBERS = itertools.count()


def numbered_lines(backend: Backend, lines: ir.Table) -> NumberedLines | None:
    """Number the lines of a table that lies in a file.

    Parameters
    ----------
    backend
        The DuckDB of the table.
    lines
        Order lines as collected.

    Returns
    -------
    NumberedLines or None
        ``None`` where they lie in no file, are few, or two of them have one order and one product in common: such
        lines have to be compared.
    """
    path = file_of(backend, lines)
    if path is None:
        return None
    found = NumberedLines(backend, path)
    return found if found.can_be_used else None


class NumberedLines:
    """Order lines in the file of their stage; see :func:`numbered_lines`.

    Attributes
    ----------
    table
        The lines, with the number of each as ``ROW``.
    keys
        Columns as numbers, by name.
    """

    def __init__(self, backend: Backend, path: Path) -> None:
        name = f"numbered_lines_{next(_NUMBERS)}"
        backend.con.execute(
            f'CREATE TEMP VIEW "{name}" AS SELECT * EXCLUDE (file_row_number), file_row_number AS "{ROW}" '
            f"FROM read_parquet('{path.as_posix().replace(chr(39), chr(39) * 2)}', file_row_number = true)"
        )
        self.backend, self.table = backend, backend.table(name)
        self.size = backend.con.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0]
        self.keys: dict[str, Key] = {}
        self._changed: set[str] = set()
        self._known: list[tuple[ir.Table, np.ndarray]] = [(self.table, np.zeros(0, np.int64))]
        self._order = np.zeros(0, np.int32)
        self.can_be_used = self.size >= LEAST and self._read(path)

    def _read(self, path: Path) -> bool:
        """Read the keys, and put the lines in order; say whether each has a key of its own."""
        self.keys = {name: read_key(path, name) for name in KEYS}
        first, second = self.keys[KEYS[0]], self.keys[KEYS[1]]
        if first.has_gaps or second.has_gaps:
            return False
        self._order, alone = in_order(first.numbers, second.numbers, second.different)
        return alone

    @property
    def different(self) -> dict[str, int]:
        """How many different values a column of keys has, by name."""
        return {name: key.different for name, key in self.keys.items()}

    def knows(self, lines: ir.Table) -> bool:
        """Whether it is known which lines are in a table."""
        return any(lines is table for table, _ in self._known)

    def starts_as(self, lines: ir.Table) -> None:
        """Say that a table has all lines."""
        self._known.append((lines, np.zeros(0, np.int64)))

    def same(self, before: ir.Table, after: ir.Table) -> None:
        """Say that a table has the lines of another one, with the same keys."""
        if before is not after and self.knows(before):
            self._known.append((after, self._gone(before)))

    def without(self, before: ir.Table, after: ir.Table, gone: np.ndarray) -> None:
        """Say that a table has the lines of another one but for some; ``gone``: their numbers."""
        if self.knows(before):
            self._known.append((after, np.concatenate([self._gone(before), gone])))

    def change(self, columns: set[str]) -> None:
        """Say that a rule has put other values into some columns."""
        self._changed |= columns

    def times(self, lines: ir.Table, column: str) -> pa.Table | None:
        """Count the lines of a table by the value of a column of keys.

        Returns
        -------
        Table or None
            The column, and ``lines``; ``None`` where that is not known here.
        """
        key = self.keys.get(column)
        if key is None or key.has_gaps or column in self._changed or not self.knows(lines):
            return None
        times = key.times(self._gone(lines))
        there = np.flatnonzero(times)
        return pa.table({column: key.texts.take(pa.array(there)), "lines": times[there]})

    def having(self, lines: ir.Table, column: str, values: list[str]) -> pa.Table | None:
        """Return the numbers of the lines with one of some values in a column of keys, or ``None``: not known here.

        They may name lines that the table no longer has.
        """
        key = self.keys.get(column)
        if key is None or column in self._changed or not self.knows(lines):
            return None
        wanted = np.append(pc.is_in(key.texts, value_set=pa.array(values, pa.string())).to_numpy(False), False)
        return pa.table({ROW: np.flatnonzero(wanted[key.numbers])})

    def write_ahead(
        self, lines: ir.Table, finished: ir.Table, schema: TableSchema, same: Mapping[str, str]
    ) -> ir.Table:
        """Write a table ahead as :func:`~customer_patterns.warehouse.write_ahead` does, and to the same bytes.

        Parameters
        ----------
        lines
            The lines that are left, a table that this knows.
        finished
            The same lines as they are to be written, and ``ROW``.
        schema
            Its promise; its key is the first of the columns that are read as numbers.
        same
            Columns that say the same of all lines, and what.
        """
        own = [name for name in schema.names if self._keeps(name) and name not in same]
        left = np.ones(self.size, bool)
        left[self._gone(lines)] = False
        asked = [name for name in schema.names if name not in own and name not in same]
        held, came = self._held(finished, schema, asked, left)
        held |= {name: OneText(text) for name, text in same.items()}
        rows = self._order if left.all() else self._order[left[self._order]]
        return put_ahead(self.backend, schema, self._in_parts(rows, own, held, came, schema))

    def _keeps(self, name: str) -> bool:
        key = self.keys.get(name)
        return key is not None and name not in self._changed and not key.has_gaps

    def _held(
        self, finished: ir.Table, schema: TableSchema, names: list[str], left: np.ndarray
    ) -> tuple[dict[str, Held], np.ndarray]:
        """The columns that are no keys, in the order in which lines happen to come, and each line's place in it."""
        kinds, size = {name: schema[name].kind for name in names}, int(left.sum())
        held: dict[str, WholeNumbers | FewTexts] = {
            name: WholeNumbers(size, kind) if kind in WHOLE else FewTexts(size) for name, kind in kinds.items()
        }
        wanted = {name: finished[name].cast(IBIS_TYPES[kinds[name]]) for name in names}
        query = self.backend.compile(finished.select(ROW, **wanted))
        place, rows = np.full(self.size, -1, np.int32 if self.size < 2**31 else np.int64), 0
        for batch in self.backend.con.sql(query).to_arrow_reader(ROW_GROUP):
            place[batch.column(0).to_numpy()] = np.arange(rows, rows + batch.num_rows)
            rows += batch.num_rows
            for number, name in enumerate(names, start=1):
                held[name].take(batch.column(number))
        if rows != size or not (left == (place >= 0)).all():
            raise AssertionError(f"{size:,} lines are left, and others are written")
        return held, place

    def _in_parts(
        self, rows: np.ndarray, own: list[str], held: dict[str, Held], came: np.ndarray, schema: TableSchema
    ) -> Iterator[pa.Table]:
        """These rows in this order, so many at a time."""
        for begin in range(0, max(len(rows), 1), ROW_GROUP):
            part = rows[begin : begin + ROW_GROUP]
            place = came[part]
            yield pa.table(
                {name: self.keys[name].of(part) if name in own else held[name].of(place) for name in schema.names}
            )

    def _gone(self, lines: ir.Table) -> np.ndarray:
        """The numbers of the lines that a table no longer has."""
        return next(gone for table, gone in self._known if lines is table)


def in_order(first: np.ndarray, second: np.ndarray, seconds: int) -> tuple[np.ndarray, bool]:
    """Put rows in the order of two numbers.

    Parameters
    ----------
    first, second
        Two numbers of each row, from 0.
    seconds
        How many different ones the second may be.

    Returns
    -------
    tuple
        The numbers of the rows, in order; and whether no two rows have both in common.
    """
    rows, bits = len(first), len(first).bit_length()
    kind = np.int32 if rows < 2**31 else np.int64
    together = first.astype(np.int64)  # changed in place from here on: a copy of ten million is 80 MB
    together *= max(seconds, 1)
    together += second
    if not rows or int(together.max()) < 2 ** (63 - bits):  # the row's own number has room below: numbers alone are
        together <<= bits  # sorted in a third of the time that it takes to find out where each of them belongs
        together += np.arange(rows, dtype=kind)
        together.sort()
        order = np.empty(rows, kind)
        np.bitwise_and(together, 2**bits - 1, out=order, casting="unsafe")
        together >>= bits
    else:
        order = np.argsort(together)
        together = together[order]
        order = order.astype(kind, copy=False)
    return order, not bool((together[1:] == together[:-1]).any())
