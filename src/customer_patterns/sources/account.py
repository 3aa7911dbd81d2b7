"""The account: where every delivered record is now, in records and in money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import KNOWN_SINCE
from customer_patterns.sources.account_tables import (
    ACCOUNT,
    BEFORE_THE_STUDY,
    LEFT_OUT,
    QUARANTINE,
    REPAIR_REASONS,
    SET_ASIDE_REASONS,
)
from customer_patterns.sources.codes import CODES
from customer_patterns.sources.cut import first_moment_after
from customer_patterns.sources.files_known import LeftOut, files_known
from customer_patterns.sources.intake import LOADED, Taken
from customer_patterns.sources.masking import mask
from customer_patterns.sources.raw import FILE, LINE, WHOLE_FILE
from customer_patterns.sources.redelivered import is_corrected

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def within_window(order_lines: ir.Table, *, first_day: date, time_zone: str) -> ir.BooleanColumn:
    """Say of each order line whether it was paid on the study's first local day or later."""
    begin = first_moment_after(first_day - timedelta(days=1), time_zone=time_zone)
    return order_lines.ordered_at >= ibis.literal(begin)


@dataclass(frozen=True)
class Fate:
    """Where the records of one source's table went.

    Attributes
    ----------
    taken
        As delivered.
    known
        Those that the study's last moment knows, before anything else.
    kept
        Those that went on.
    replaced
        Those of which another delivery counts, with their ``code``; ``None`` where there are none.
    before
        How many lie before the study, and their revenue.
    """

    taken: Taken
    known: ir.Table
    kept: ir.Table
    replaced: ir.Table | None
    before: tuple[int, Decimal | None] = (0, None)


@dataclass(frozen=True)
class Accounts:
    """The account of a study's deliveries; each table has its schema in this module."""

    account: pd.DataFrame
    set_aside_reasons: pd.DataFrame
    repair_reasons: pd.DataFrame
    left_out: pd.DataFrame
    quarantine: pd.DataFrame


def record_accounts(backend: Backend, fates: list[Fate], *, as_of: date, time_zone: str) -> Accounts:
    """Account for every delivered record.

    Parameters
    ----------
    fates
        One per source and table.
    as_of, time_zone
        The study's last day; what came later is counted nowhere. A record set aside whose moment cannot be read counts
        like its neighbor in the file.

    Raises
    ------
    AssertionError
        Where a record appeared from nowhere or was lost.
    """
    end = first_moment_after(as_of, time_zone=time_zone)
    rows, aside, repairs, left, quarantined = [], [], [], [], []
    unread = LeftOut.of([fate.taken for fate in fates])
    for fate in sorted(fates, key=lambda fate: (fate.taken.source.table, fate.taken.source.source)):
        names = {"table": fate.taken.source.table, "source": fate.taken.source.source}
        kept = _count(fate.kept)
        known = kept if fate.known is fate.kept else _count(fate.known)
        faulty = _as_of(backend, fate.taken.set_aside, fate, end, as_of)
        corrected = is_corrected(fate.taken, faulty)
        set_aside, put_right = faulty[~corrected], faulty[corrected].drop_duplicates(["file", "line"])
        dropped = _replaced(fate.replaced, put_right)
        repaired = _as_of(backend, fate.taken.repairs, fate, end, as_of)
        known_files = {0}  # of a single file with a record that is known nothing need be asked
        if len(fate.taken.files) != 1 or not known["records"]:
            known_files = files_known(fate.taken, fate.known, faulty=faulty, repaired=repaired)
        away, faulty_once = set_aside.drop_duplicates(["file", "line"]), faulty.drop_duplicates(["file", "line"])
        revenue_aside = _sum(away["revenue"]) if kept["revenue"] is not None else None
        gone = int(dropped["records"].sum())
        if known["records"] + len(put_right) != kept["records"] + gone + fate.before[0]:
            raise AssertionError(f"table {names['table']}: the records of {names['source']} do not add up")
        repaired_records, reasons = _repaired(backend, fate, repaired)
        rows.append(
            {
                **names,
                "files": len(known_files),
                "delivered": known["records"] + len(away) + len(put_right),
                "set_aside": len(away),
                "replaced": gone,
                "before_window": fate.before[0],
                "kept": kept["records"],
                "repaired": repaired_records,
                "revenue_delivered": None
                if known["revenue"] is None
                else known["revenue"] + _sum(faulty_once["revenue"]),
                "revenue_set_aside": revenue_aside,
                "revenue_kept": kept["revenue"],
            }
        )
        aside += [{**names, **row} for row in _reasons(set_aside, dropped, fate.before, kept["revenue"] is not None)]
        repairs += [{**names, **row} for row in reasons]
        left += [{**names, "column": column} for column in unread.in_files(fate.taken, known_files)]
        files = [file.name for file in fate.taken.files]
        quarantined.append(set_aside.assign(**names, file=[files[i] for i in set_aside["file"]]))
    return Accounts(
        account=pd.DataFrame(rows, columns=ACCOUNT.names),
        set_aside_reasons=_frame(aside, SET_ASIDE_REASONS),
        repair_reasons=_frame(repairs, REPAIR_REASONS),
        left_out=_frame(left, LEFT_OUT),
        quarantine=_typed(pd.concat(quarantined, ignore_index=True) if quarantined else pd.DataFrame(), QUARANTINE),
    )


def _count(table: ir.Table) -> dict[str, object]:
    wanted = {"records": table.count()}
    if "revenue" in table.columns:
        wanted["revenue"] = table.revenue.sum().cast("decimal(18, 2)")
    found = {"revenue": None, **table.aggregate(**wanted).to_pyarrow().to_pylist()[0]}
    if "revenue" in table.columns and found["revenue"] is None:
        found["revenue"] = Decimal("0.00")
    return found


def _sum(money: pd.Series) -> Decimal:
    return sum((value for value in money if value is not None and value == value), Decimal("0.00"))


def _replaced(dropped: ir.Table | None, corrected: pd.DataFrame) -> pd.DataFrame:
    """Count replaced records by code: those of which a later delivery counts, and faulty ones that were corrected."""
    names = ["code", "records", "revenue"]
    parts = []
    if dropped is not None:
        wanted = {"records": dropped.count()}
        if "revenue" in dropped.columns:
            wanted["revenue"] = dropped.revenue.sum().cast("decimal(18, 2)")
        parts.append(dropped.group_by("code").aggregate(**wanted).to_pandas().reindex(columns=names).astype(object))
    if len(corrected):
        row = ("D_CORRECTED", len(corrected), _sum(corrected["revenue"]))
        parts.append(pd.DataFrame([row], columns=names, dtype=object))
    if not parts:
        return pd.DataFrame(columns=names).astype({"records": "int64"})
    return pd.concat(parts, ignore_index=True).sort_values("code", kind="stable", ignore_index=True)


def _as_of(backend: Backend, faults: pd.DataFrame, fate: Fate, end: datetime, as_of: date) -> pd.DataFrame:
    """The faults and passed-over lines that the study's last moment knows.

    A record whose own moment is readable counts by that. Any other counts like the next record of its file that could
    be read, or else the last one before; in a file without any it counts.
    """
    if faults.empty:
        return faults
    own = faults["at"] if "at" in faults else pd.Series([None] * len(faults), index=faults.index)
    dated = own.notna().to_numpy()
    counts = np.array([not is_dated or moment < end for is_dated, moment in zip(dated, own, strict=True)])
    undated = np.flatnonzero(~dated & (faults["line"] != WHOLE_FILE).to_numpy())
    rule = KNOWN_SINCE.get(fate.taken.source.table, "")
    if len(undated) and rule and "." not in rule:
        counts[undated] = _like_neighbors(backend, faults.iloc[undated], fate, rule, end, as_of)
    return faults[counts].reset_index(drop=True)


def _like_neighbors(
    backend: Backend, faults: pd.DataFrame, fate: Fate, moment: str, end: datetime, as_of: date
) -> np.ndarray:
    table = fate.taken.table
    column = table[moment]
    came = column < ibis.literal(end) if column.type().is_timestamp() else column <= as_of
    came &= table[LOADED].isnull() | (table[LOADED] < ibis.literal(end))
    asked = ibis.util.gen_name("asked")
    frame = pd.DataFrame({"n": range(len(faults)), "f": faults["file"].to_numpy(), "l": faults["line"].to_numpy()})
    backend.con.register(asked, pa.Table.from_pandas(frame, preserve_index=False))
    query = backend.compile(table.select(f=table[FILE].cast("int64"), l=table[LINE], came=came.fill_null(False)))
    found = backend.con.execute(
        f"""WITH k AS ({query})
        SELECT a.n, coalesce(
            (SELECT arg_min(k.came, k.l) FROM k WHERE k.f = a.f AND k.l > a.l),
            (SELECT arg_max(k.came, k.l) FROM k WHERE k.f = a.f AND k.l < a.l), true)
        FROM "{asked}" a ORDER BY a.n"""
    ).fetchall()
    return np.array([row[1] for row in found], bool)


def _reasons(
    set_aside: pd.DataFrame, dropped: pd.DataFrame, before: tuple[int, Decimal | None], has_revenue: bool
) -> list[dict[str, object]]:
    """Count by reason; a record with several faults counts for the first."""
    rows = []
    first = set_aside.drop_duplicates(["file", "line"])
    for (code, column), part in first.groupby(["code", "column"], dropna=False, sort=True):
        details = [detail for detail in part["detail"] if detail is not None and detail == detail]
        rows.append(
            {
                "reason": CODES[code].words,
                "column": column,
                "records": len(part),
                "revenue": _sum(part["revenue"]) if has_revenue else None,
                "example": mask(details[0]) if details else None,
            }
        )
    for code, records, revenue in dropped.itertuples(index=False):
        rows.append({"reason": CODES[code].words, "records": records, "revenue": revenue if has_revenue else None})
    if before[0]:
        rows.append({"reason": BEFORE_THE_STUDY, "records": before[0], "revenue": before[1]})
    return rows


def _repaired(backend: Backend, fate: Fate, repairs: pd.DataFrame) -> tuple[int, list[dict[str, object]]]:
    """Count the kept records that were repaired, and repairs by reason."""
    if repairs.empty:
        return 0, []
    fates = repairs["code"].map(lambda code: CODES[code].fate)
    rows = [
        {"reason": CODES[code].words, "column": column, "records": len(part)}
        for (code, column), part in repairs[fates == "passed over"].groupby(["code", "column"], dropna=False)
    ]
    repairs = repairs[fates == "repaired"]
    if repairs.empty:
        return 0, rows
    view = ibis.util.gen_name("repairs")
    frame = repairs[["file", "line", "code", "column"]].rename(columns={"file": "f", "line": "l"})
    backend.con.register(view, pa.Table.from_pandas(frame, preserve_index=False))
    query = backend.compile(fate.kept.select(f=fate.kept[FILE].cast("int64"), l=fate.kept[LINE]))
    pairs = ibis.util.gen_name("repaired")
    backend.con.execute(
        f"""CREATE TEMP TABLE "{pairs}" AS WITH k AS ({query})
        SELECT k.f, k.l, r.code, r."column" FROM k JOIN "{view}" r ON k.f = r.f AND k.l = r.l
        UNION ALL SELECT k.f, k.l, r.code, r."column" FROM k JOIN "{view}" r ON k.f = r.f WHERE r.l = {WHOLE_FILE}"""
    )
    records = backend.con.execute(f'SELECT count(*) FROM (SELECT DISTINCT f, l FROM "{pairs}")').fetchall()[0][0]
    counted = backend.con.execute(
        f'SELECT code, "column", count(DISTINCT (f, l)) FROM "{pairs}" GROUP BY ALL ORDER BY ALL'
    ).fetchall()
    rows += [{"reason": CODES[code].words, "column": column, "records": n} for code, column, n in counted]
    return records, rows


def _frame(rows: list[dict[str, object]], schema: TableSchema) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=schema.names)
    sums = {"records": ("records", "sum")} if "records" in schema else {}
    if sums:  # two codes may have the same words
        keys, others = list(schema.key), [n for n in schema.names if n not in schema.key and n != "records"]
        whole = frame.groupby(keys, dropna=False, sort=True, as_index=False)
        frame = whole.agg(**sums, **{name: (name, "first") for name in others}) if len(frame) else frame
    return _typed(frame, schema)


def _typed(frame: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    """A frame with the schema's columns and types, also without rows, in the order of its key."""
    frame = frame.reindex(columns=schema.names).sort_values(list(schema.key), ignore_index=True)
    for column in schema.columns:
        given = frame[column.name].astype(object).where(frame[column.name].notna(), None)
        match column.kind:
            case "integer":
                frame[column.name] = given.astype("int64")
            case "timestamp":
                frame[column.name] = pd.to_datetime(given)
            case "money":
                frame[column.name] = given.astype(pd.ArrowDtype(pa.decimal128(18, 2)))
            case _:
                frame[column.name] = given.astype(pd.ArrowDtype(pa.string()))
    return frame
