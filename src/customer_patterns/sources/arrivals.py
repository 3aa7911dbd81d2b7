"""When records arrived, against when they happened; and what each of several sources of one table is worth.

A record that comes later than it could have come is missing in every report made in between: a day's figures are final
only when nothing more is expected for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import CANONICAL, KNOWN_SINCE
from customer_patterns.schemas.local_time import local_time
from customer_patterns.sources.account import Fate
from customer_patterns.sources.intake import LOADED
from customer_patterns.study.origins import LoadedColumn

_TABLE = Column("table", "text", "the table", label="Table", levels=tuple(CANONICAL))
_SOURCE = Column("source", "text", "the source", label="Source")

ARRIVALS = TableSchema(
    name="arrivals",
    grain="source of a table of which is known when its records were handed over",
    key=("table", "source"),
    meaning=(
        "When records were first handed over, against when they happened. Late is a record without which an earlier "
        "hand-over came, made on a later day than that of the record."
    ),
    columns=(
        _TABLE,
        _SOURCE,
        Column("handovers", "integer", "days on which something came", label="Days", unit="days", minimum=0),
        Column("records", "integer", "records with both moments", label="Records", unit="records", minimum=0),
        Column(
            "usual_days", "number", "median days from happening to hand-over", label="Usual delay", unit="days",
            nullable=True,
        ),
        Column("late", "integer", "of these, late", label="Late", unit="records", minimum=0),
        Column("late_share", "share", "share of records that are late", label="Late", unit="share", nullable=True),
        Column(
            "latest_days", "integer", "most days by which one is late", label="Latest by", unit="days", nullable=True,
            minimum=0,
        ),
        Column("early", "integer", "handed over before they happened", label="Too early", unit="records", minimum=0),
    ),
)  # fmt: skip

SOURCE_QUALITY = TableSchema(
    name="source_quality",
    grain="column of a table that several sources deliver, by source",
    key=("table", "column", "source"),
    meaning="How complete and possible each column is in each source of a table that has several.",
    reads=tuple(CANONICAL),
    columns=(
        _TABLE,
        Column("column", "text", "the column", label="Column"),
        _SOURCE,
        Column("records", "integer", "records that went on", label="Records", unit="records", minimum=0),
        Column("filled", "share", "share of records with a value", label="Filled", unit="share", minimum=0, maximum=1),
        Column("different", "integer", "different values", label="Different values", unit="values", minimum=0),
        Column(
            "valid", "share", "share of the filled that lie within what the column can hold", label="Valid",
            unit="share", nullable=True, minimum=0, maximum=1,
        ),
        Column(
            "days_old", "integer", "age of the source's newest record", label="Newest record", unit="days",
            nullable=True,
        ),
    ),
)  # fmt: skip


def arrivals(fates: Sequence[Fate], *, time_zone: str) -> pd.DataFrame:
    """Compare when records were first handed over with when they happened.

    Parameters
    ----------
    fates
        Where the records of each source's table go.
    time_zone
        The study's: days are those of its calendar.

    Returns
    -------
    DataFrame
        One row per source's table whose contract says when it was handed over and whose records have a moment of their
        own, as in ``ARRIVALS``, by table and source. A record that was handed over several times counts once, when it
        first came.
    """
    rows = [_arrivals(fate, time_zone) for fate in fates if fate.taken.source.loaded_at is not None]
    found = pd.DataFrame([row for row in rows if row], columns=ARRIVALS.names)
    return found.sort_values(["table", "source"], ignore_index=True)


def _arrivals(fate: Fate, time_zone: str) -> dict[str, object] | None:
    source, known = fate.taken.source, fate.known
    moment = KNOWN_SINCE.get(source.table, "")
    if moment not in known.columns:  # (it is known with a record of another table)
        return None
    known = known.filter(known[LOADED].notnull() & known[moment].notnull())
    if source.key:
        known = known.group_by(list(source.key)).aggregate(**{moment: known[moment].min(), LOADED: known[LOADED].min()})
    clock = isinstance(source.loaded_at, LoadedColumn)
    each = known.select(
        happened=_day(known[moment], time_zone), came=_day(known[LOADED], time_zone if clock else "UTC")
    )
    days = each.group_by("happened", "came").aggregate(records=each.count()).order_by("happened", "came").to_pandas()
    return {"table": source.table, "source": source.source, **late_records(days)}


def late_records(days: pd.DataFrame) -> dict[str, object]:
    """Count the records without which an earlier hand-over came.

    Parameters
    ----------
    days
        One row per pair of days: ``happened``, ``came`` (local days), ``records``.

    Returns
    -------
    dict
        The figures of ``ARRIVALS`` without table and source.

    Examples
    --------
    Handed over on the 2nd, 3rd and 5th: what happened on the 1st and came on the 3rd is late by a day.

    >>> happened, came = ["2026-01-01", "2026-01-01", "2026-01-02", "2026-01-04"], ["02", "03", "03", "05"]
    >>> days = pd.DataFrame({"happened": happened, "came": [f"2026-01-{day}" for day in came], "records": 1})
    >>> found = late_records(days)
    >>> found["late"], found["latest_days"], found["usual_days"]
    (1, 1, 1.0)
    """
    happened, came = (pd.to_datetime(days[name]).to_numpy("datetime64[D]") for name in ("happened", "came"))
    records = days["records"].to_numpy("int64")
    handovers, total = np.unique(came), int(records.sum())
    figures = {"handovers": len(handovers), "records": total, "usual_days": None, "late": 0, "late_share": None}
    if not total:
        return {**figures, "latest_days": None, "early": 0}
    place = np.searchsorted(handovers, happened, side="right")
    first = handovers[np.minimum(place, len(handovers) - 1)]
    behind = np.where(place < len(handovers), (came - first).astype("int64"), 0)
    late, delay = behind > 0, (came - happened).astype("int64")
    order = np.argsort(delay, kind="stable")
    middle = np.searchsorted(records[order].cumsum(), [(total + 1) // 2, total // 2 + 1])
    return figures | {
        "usual_days": float(delay[order][middle].mean()),
        "late": int(records[late].sum()),
        "late_share": float(records[late].sum() / total),
        "latest_days": int(behind.max(initial=0)),
        "early": int(records[delay < 0].sum()),
    }


def source_quality(fates: Sequence[Fate], *, as_of: date, time_zone: str) -> pd.DataFrame:
    """Measure each column of a table that several sources deliver, source by source.

    Parameters
    ----------
    fates
        Where the records of each source's table go.
    as_of
        The study's last day, from which a source's age is counted.
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row per column that one of them maps and source, as in ``SOURCE_QUALITY``. Without such a table, no row.
    """
    names = [fate.taken.source.table for fate in fates]
    several = [fate for fate in fates if names.count(fate.taken.source.table) > 1]
    rows = [
        row
        for fate in several
        for row in _quality(
            fate, [f for f in several if f.taken.source.table == fate.taken.source.table], as_of, time_zone
        )
    ]
    return pd.DataFrame(rows, columns=SOURCE_QUALITY.names).sort_values(list(SOURCE_QUALITY.key), ignore_index=True)


def _quality(fate: Fate, beside: Sequence[Fate], as_of: date, time_zone: str) -> list[dict[str, object]]:
    name, kept = fate.taken.source.table, fate.kept
    mapped = {column for each in beside for column in each.taken.source.columns}
    columns = [column for column in CANONICAL[name].columns if column.name in mapped and column.name in kept.columns]
    wanted: dict[str, ir.Scalar] = {"records": kept.count()}
    for column in columns:
        value = kept[column.name]
        wanted |= {f"filled_{column.name}": value.count(), f"different_{column.name}": value.nunique()}
        if (inside := _inside(column, value)) is not None:
            wanted[f"valid_{column.name}"] = (inside & value.notnull()).sum().cast("int64")
    moment = KNOWN_SINCE.get(name, "")
    if moment in kept.columns:
        wanted["newest"] = _day(kept[moment].max(), time_zone)
    found = kept.aggregate(**wanted).to_pyarrow().to_pylist()[0]
    records, newest = found["records"], found.get("newest")
    return [
        {
            "table": name,
            "column": column.name,
            "source": fate.taken.source.source,
            "records": records,
            "filled": found[f"filled_{column.name}"] / records if records else 0.0,
            "different": found[f"different_{column.name}"],
            "valid": _share(found.get(f"valid_{column.name}"), found[f"filled_{column.name}"]),
            "days_old": (as_of - newest).days if newest is not None else None,
        }
        for column in columns
    ]


def _inside(column: Column, value: ir.Column) -> ir.BooleanColumn | None:
    """Whether a value lies where the column's values can lie; nothing where they may lie anywhere."""
    if column.levels:
        return value.isin(column.levels)
    inside = None
    if column.minimum is not None:
        inside = value >= column.minimum
    if column.maximum is not None:
        below = value <= column.maximum
        inside = below if inside is None else inside & below
    return inside


def _share(part: int | None, whole: int) -> float | None:
    return part / whole if part is not None and whole else None


def _day(value: ir.Value, time_zone: str) -> ir.DateValue:
    """The local day of a moment; a day is itself."""
    if value.type().is_date():
        return value
    return (value if time_zone == "UTC" else local_time(value, time_zone=time_zone)).date()
