"""When the sender handed a record over, as far as the contract says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from customer_patterns.schemas import Column
from customer_patterns.sources.raw import FILE, LINE, DeliveredFile, Raw
from customer_patterns.sources.values.distinct import distinct
from customer_patterns.sources.values.judged import judge
from customer_patterns.sources.values.moments import MomentFormat
from customer_patterns.sources.values.reading import Reading
from customer_patterns.sources.values.zones import Clock
from customer_patterns.study import Source
from customer_patterns.study.origins import LoadedColumn

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

#: When the sender handed a record over, as far as the contract says so.
LOADED = "_loaded_at"

_NONE = pa.schema([(FILE, pa.int32()), (LINE, pa.int64()), (LOADED, pa.timestamp("us"))])


@dataclass(frozen=True)
class HandedOver:
    """When the records of one file were handed over.

    Attributes
    ----------
    lines, moments
        Of each record in which it can be read, by line.
    unread
        ``file``, ``line``, ``code`` and ``column`` of the others, which are set aside.
    """

    lines: np.ndarray
    moments: pa.Array
    unread: pd.DataFrame

    def of(self, lines: np.ndarray) -> tuple[np.ndarray, pa.Array]:
        """Return which of the records in these lines have a moment, and their moments."""
        place = np.searchsorted(self.lines, lines).clip(max=max(0, len(self.lines) - 1))
        known = self.lines[place] == lines if len(self.lines) else np.zeros(len(lines), bool)
        return known, self.moments.take(pa.array(place[known]))


def handed_over(con: duckdb.DuckDBPyConnection, source: Source, records: pa.Table) -> HandedOver | None:
    """Read when each record of a file was handed over, where a delivered column says so.

    Parameters
    ----------
    con
        The DuckDB that reads plain values where there are many.
    source
        The contract.
    records
        The delivered columns, ``_file`` and ``_line``.
    """
    if not isinstance(source.loaded_at, LoadedColumn):
        return None
    column = distinct(records[source.loaded_at.column])
    judged = judge(con, _reading(source), column)
    files, lines = records[FILE].to_numpy(), records[LINE].to_numpy()
    read = (judged.faults == 0)[column.at]
    order = np.flatnonzero(read)[np.argsort(lines[read], kind="stable")]
    unread = pd.DataFrame({"file": files[~read], "line": lines[~read]})
    unread = unread.assign(code="E_TYPE", column=source.loaded_at.column)
    return HandedOver(lines[order], judged.meant.take(pa.array(column.at[order])), unread)


def _reading(source: Source) -> Reading:
    form = source.format
    return Reading(
        Column("loaded_at", "timestamp", "when it was handed over"),
        source.loaded_at.column,
        "timestamp",
        form.missing,
        moments=MomentFormat(form.dates, Clock(form.time_zone, form.nonexistent, form.ambiguous), form.pivot_year),
    )


def with_loaded(backend: Backend, source: Source, delivered: Raw, table: ir.Table) -> tuple[ir.Table, pd.DataFrame]:
    """Add ``_loaded_at`` to records that are read where they lie: of the record, of its file, or nothing.

    Returns
    -------
    tuple
        The records of ``table`` in which it can be read, and those of ``delivered`` in which it cannot: ``file``,
        ``line``, ``code``, ``column``.
    """
    none = pd.DataFrame(columns=["file", "line", "code", "column"])
    if not isinstance(source.loaded_at, LoadedColumn):
        days = {i: file.delivered_on for i, file in enumerate(delivered.files) if file.delivered_on is not None}
        return _of_file(table, days), none
    records = delivered.records.select(FILE, LINE, source.loaded_at.column).to_pyarrow()
    parts, unread = [_NONE.empty_table()], []
    for file in pc.unique(records[FILE]).to_pylist():
        found = handed_over(backend.con, source, records.filter(pc.equal(records[FILE], file)))
        of = pa.repeat(pa.scalar(file, pa.int32()), len(found.lines))
        parts.append(pa.Table.from_arrays([of, pa.array(found.lines), found.moments], schema=_NONE))
        unread.append(found.unread)
    view = ibis.util.gen_name("loaded")
    backend.con.register(view, pa.concat_tables(parts))
    joined = table.inner_join(backend.table(view), [FILE, LINE])
    return joined.select(*table.columns, LOADED), pd.concat(unread, ignore_index=True) if unread else none


def _of_file(table: ir.Table, days: dict[int, object]) -> ir.Table:
    """Add ``_loaded_at``: the day on which each file was handed over, or nothing."""
    if not days:
        return table.mutate(**{LOADED: ibis.null("timestamp(6)")})
    of_file = table[FILE].cases(*((i, pd.Timestamp(day).to_pydatetime()) for i, day in days.items()), else_=None)
    return table.mutate(**{LOADED: of_file.cast("timestamp(6)")})


def end_of(file: DeliveredFile) -> str:
    """SQL of ``_loaded_at`` for the records of a file that has a day, or none."""
    return "CAST(NULL AS TIMESTAMP)" if file.delivered_on is None else f"TIMESTAMP '{file.delivered_on} 00:00:00'"
