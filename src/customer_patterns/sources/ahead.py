"""Records that say they happened after they were handed over: a clock that goes ahead, or a date that is wrong.

Whether a moment lies in the future can be told only where the contract says when the record was handed over
(``loaded_at``). Held against the study's last day instead, a record of a later day would be a fault today and a record
tomorrow, and what comes after the last day would change what is said about the days before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from customer_patterns.schemas.canonical import CANONICAL, KNOWN_SINCE
from customer_patterns.sources.raw import FILE, LINE, LONGEST_RAW, Raw
from customer_patterns.study import Source
from customer_patterns.study.origins import LoadedFile

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: So much a clock may go ahead; a moment further on is a wrong date.
SKEW = timedelta(days=1)


@dataclass(frozen=True)
class InOrder:
    """Records none of which happened after it was handed over, and what became of those that said so.

    Attributes
    ----------
    table
        The others, and those whose clock went ahead by a day at most, at the last moment that they can have happened.
    set_aside
        Those further ahead (``E_AHEAD``): ``file``, ``line``, ``code``, ``column``, ``raw``, ``at`` (when they were
        handed over).
    repairs
        Those that were put back (``R_AHEAD``): ``file``, ``line``, ``code``, ``column``.
    """

    table: ir.Table
    set_aside: pd.DataFrame
    repairs: pd.DataFrame


def put_in_order(backend: Backend, table: ir.Table, delivered: Raw, source: Source, *, loaded: str) -> InOrder:
    """Hold each record's moment against when it was handed over.

    Parameters
    ----------
    table
        Canonical records with ``_file``, ``_line`` and when they were handed over.
    delivered
        The same records as delivered.
    source
        The contract.
    loaded
        The column that says when a record was handed over (UTC). A moment that is a local midnight, and the day of a
        file, stand for the whole day: nobody knows when on it.
    """
    moment = dated(source)
    if moment is None:
        return InOrder(table, pd.DataFrame(), pd.DataFrame())
    ahead = table.filter(table[moment] > table[loaded]).select(FILE, LINE, _at=table[moment], _by=table[loaded])
    rows = ahead.distinct().to_pandas()
    zone, whole_days = source.format.time_zone, isinstance(source.loaded_at, LoadedFile)
    ends = {by: _until(by.to_pydatetime(), zone, whole_days) for by in rows["_by"].unique()}
    rows["_until"] = pd.Series([ends[by] for by in rows["_by"]], index=rows.index, dtype="datetime64[us]")
    rows = rows[rows["_at"] > rows["_until"]]
    if rows.empty:
        return InOrder(table, pd.DataFrame(), pd.DataFrame())
    column = source.delivered_columns.get(moment, moment)
    far = rows[rows["_at"] > rows["_until"] + SKEW].drop_duplicates([FILE, LINE])
    near = rows.merge(far[[FILE, LINE]], how="left", indicator=True).query("_merge == 'left_only'")
    return InOrder(
        _moved(backend, table, moment, near, far),
        _noted(far, "E_AHEAD", column).assign(raw=_as_delivered(delivered, far, source), at=far["_by"].to_numpy()),
        _noted(near.drop_duplicates([FILE, LINE]), "R_AHEAD", column),
    )


def is_ahead(moments: pa.ChunkedArray, handed_over: pa.ChunkedArray, source: Source) -> bool:
    """Say whether a record's moment (UTC) may lie after it was handed over, so that all are to be put in order."""
    later = pc.fill_null(pc.greater(moments, handed_over), fill_value=False)
    at, by = moments.filter(later), handed_over.filter(later)
    zone, whole_days = source.format.time_zone, isinstance(source.loaded_at, LoadedFile)
    untils = ((day, _until(day.as_py(), zone, whole_days)) for day in pc.unique(by))
    return any(pc.max(at.filter(pc.equal(by, day))).as_py() > until for day, until in untils)


def dated(source: Source) -> str | None:
    """Name the column with each record's moment, where that can be held against when the record was handed over."""
    moment, schema = KNOWN_SINCE.get(source.table, ""), CANONICAL[source.table]
    can_be_told = source.loaded_at is not None and moment in schema and schema[moment].kind == "timestamp"
    return moment if can_be_told else None


def _until(by: datetime, zone: str, whole_day: bool) -> datetime:
    """The last moment at which a record can have happened that was handed over at a moment, or on its day."""
    local = by if whole_day else by.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if local.time() != time():
        return by
    following = datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))
    return following.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)


def _moved(backend: Backend, table: ir.Table, moment: str, near: pd.DataFrame, far: pd.DataFrame) -> ir.Table:
    """The table without the records far ahead, and with the others put back."""
    view = ibis.util.gen_name("ahead")
    known = pd.concat([near.drop_duplicates([FILE, LINE]), far])
    until = known["_until"].where(~known.set_index([FILE, LINE]).index.isin(far.set_index([FILE, LINE]).index))
    rows = pa.table(
        {
            FILE: pa.array(known[FILE], pa.int32()),
            LINE: pa.array(known[LINE], pa.int64()),
            "_until": pa.array(until, pa.timestamp("us"), from_pandas=True),
        }
    )
    backend.con.register(view, rows)
    joined = table.left_join(backend.table(view).mutate(_ahead=True), [FILE, LINE])
    joined = joined.filter(joined["_ahead"].isnull() | joined["_until"].notnull())
    put_back = ibis.least(joined[moment], joined["_until"])
    return joined.mutate(**{moment: put_back.cast(table[moment].type())}).select(*table.columns)


def _noted(rows: pd.DataFrame, code: str, column: str) -> pd.DataFrame:
    return pd.DataFrame({"file": rows[FILE].to_numpy(), "line": rows[LINE].to_numpy(), "code": code, "column": column})


def _as_delivered(delivered: Raw, rows: pd.DataFrame, source: Source) -> list[str]:
    """The delivered text of records, as quarantine keeps it."""
    if rows.empty:
        return []
    records = delivered.records.filter(delivered.records[LINE].isin(rows[LINE].tolist())).to_pandas()
    names = [name for name in source.required_columns if name in records]
    texts = {
        (row[FILE], row[LINE]): json.dumps({name: row[name] for name in names}, ensure_ascii=False, default=str)
        for row in records.astype(object).where(records.notna(), None).to_dict("records")
    }
    return [texts.get((file, line), "")[:LONGEST_RAW] for file, line in zip(rows[FILE], rows[LINE], strict=True)]
