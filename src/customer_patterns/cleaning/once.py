"""What several rules ask of one table is worked out once: its answer holds for as long as the table is the same."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.numbered import ROW, NumberedLines
from customer_patterns.warehouse import keep

LINES = "order_lines"
_NUMBERS = itertools.count()


class Once:
    """An answer about some tables, worked out again only when one of them is another one."""

    def __init__(self) -> None:
        self._asked: tuple[ir.Table, ...] = ()
        self._answer: object = None

    def of(self, asked: ir.Table | tuple[ir.Table, ...], work_out: Callable[[], object]) -> object:
        """Return the answer for one table, or for several, worked out the first time it is asked."""
        asked = asked if isinstance(asked, tuple) else (asked,)
        if len(asked) != len(self._asked) or any(a is not b for a, b in zip(asked, self._asked, strict=True)):
            self._answer, self._asked = work_out(), asked
        return self._answer


class LinesBy:
    """How many order lines there are per value of one of their columns, counted once for all rules that ask.

    There are far fewer customers and products than lines: what depends on whose a line is, or on what was bought, is
    asked of this table.

    Parameters
    ----------
    column
        The column, such as ``customer_id``. No rule that changes it may come between those that share the counts.
    numbered
        The lines by number, where they are.
    """

    def __init__(self, column: str, numbered: NumberedLines | None = None) -> None:
        self.column, self._numbered = column, numbered
        self._counted: ir.Table | None = None
        self._lines: list[ir.Table] = []

    def of(self, tables: dict[str, ir.Table]) -> ir.Table:
        """Return one row per value: the column, and ``lines``."""
        lines = tables[LINES]
        if self._counted is None or not any(lines is known for known in self._lines):
            self._counted = self._counts(lines)
            self._lines = [lines]
        return self._counted

    def _counts(self, lines: ir.Table) -> ir.Table:
        backend, name = lines.get_backend(), f"lines_by__{self.column}"
        times = None if self._numbered is None else self._numbered.times(lines, self.column)
        if times is None:
            return keep(backend, lines.group_by(self.column).aggregate(lines=ibis._.count()), name)
        backend.con.register(name, times)
        return backend.table(name)

    def among(self, tables: dict[str, ir.Table], values: ir.Table) -> int:
        """Count the lines with one of the values, of which ``values`` has one per row."""
        return int(self.of(tables).semi_join(values, self.column).lines.sum().to_pyarrow().as_py() or 0)

    def have(self, lines: ir.Table, values: ir.Table) -> ir.BooleanValue:
        """Say of each line whether it has one of the values, of which ``values`` has one per row."""
        backend, numbered = lines.get_backend(), self._numbered
        if numbered is not None and numbered.knows(lines):
            rows = numbered.having(lines, self.column, values[self.column].to_pyarrow().to_pylist())
            if rows is not None:
                name = f"lines_having_{next(_NUMBERS)}__{self.column}"
                backend.con.register(name, rows)
                return lines[ROW].isin(backend.table(name)[ROW])
        return lines[self.column].isin(values[self.column])

    def same(self, before: ir.Table, after: ir.Table) -> None:
        """Say that a table has the lines of another one, with the same values in this column."""
        if any(before is known for known in self._lines):
            self._lines.append(after)
