"""How complete, valid, unique and recent each delivered column is, before anything is done about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.cleaning.account_tables import (
    AT_LEAST_ZERO,
    DECLARED_LEVEL,
    NOT_BEFORE_OPENING,
    NOT_BEFORE_SENDING,
    NOT_BEFORE_START,
    ONE_TO_FIVE,
    QUALITY,
    WEEK_OF_DAY,
    ZERO_TO_ONE,
)
from customer_patterns.cleaning.options import Options
from customer_patterns.cleaning.used import UNREAD
from customer_patterns.schemas.canonical import AFTER_SENDING, CANONICAL, KNOWN_SINCE
from customer_patterns.schemas.local_time import local_time

#: What a valid value must be, by the bounds of its column.
_BOUNDS = {(1, 5): ONE_TO_FIVE, (0, 1): ZERO_TO_ONE, (0, None): AT_LEAST_ZERO}
#: Moments that cannot lie before another one of the same record, and what is then said.
_AFTER = {
    "contacts": ("opened_at", NOT_BEFORE_OPENING, ("first_response_at", "closed_at", "rated_at")),
    "messages": ("sent_at", NOT_BEFORE_SENDING, AFTER_SENDING),
    "campaigns": ("starts_on", NOT_BEFORE_START, ("ends_on",)),
    "contracts": ("starts_on", NOT_BEFORE_START, ("ends_on", "cancelled_on")),
}


def column_quality(
    tables: dict[str, ir.Table],
    *,
    time_zone: str,
    first_day: date,
    options: Options | None = None,
    different: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
) -> pd.DataFrame:
    """Measure completeness, variety, validity, uniqueness and age of each column.

    Parameters
    ----------
    tables
        Canonical tables as collected.
    time_zone, first_day
        The study's. Where the sender numbered his weeks, each line's own week is compared with the week of its local
        day (weeks begin on Monday; week 1 holds the first day): a wrong time zone shows at once.
    options
        Which columns the study maps, from which sources, and its last day. Columns that nobody maps are not measured.
    different
        By table and column, how many different values there are, where that is known.

    Returns
    -------
    DataFrame
        One row per mapped column of a delivered table, as in ``QUALITY``, by table and column.
    """
    options = options or Options()
    rows = []
    for name, table in tables.items():
        checks = _checks(name, table, time_zone=time_zone, first_day=first_day, as_of=options.as_of)
        rows += _of_table(name, table, checks, options, different.get(name, {}), time_zone)
    return pd.DataFrame(rows, columns=QUALITY.names).sort_values(["table", "column"], ignore_index=True)


def all_different(quality: pd.DataFrame) -> dict[str, list[frozenset[str]]]:
    """List by table the columns in which, taken together, no two of its records are alike.

    Parameters
    ----------
    quality
        From :func:`column_quality`.
    """
    found: dict[str, list[frozenset[str]]] = {}
    for row in quality.itertuples():
        if row.records and row.different == row.records:
            found.setdefault(row.table, []).append(frozenset([row.column]))
        if row.unique == 1:
            found.setdefault(row.table, []).append(frozenset(CANONICAL[row.table].key))
    return found


def _of_table(
    name: str,
    table: ir.Table,
    checks: Mapping[str, tuple[str, ir.BooleanValue]],
    options: Options,
    different: Mapping[str, int],
    time_zone: str,
) -> Iterator[dict[str, object]]:
    mapped = options.mapped.get(name, frozenset(table.columns))
    columns = [column for column in table.columns if column in mapped]
    key, dated = CANONICAL[name].key, KNOWN_SINCE.get(name, "")
    wanted: dict[str, ir.Scalar] = {"records": table.count()}
    for column in columns:
        wanted[f"filled_{column}"] = table[column].count()
        if column not in different:
            wanted[f"different_{column}"] = table[column].nunique()
        if column in checks:
            wanted[f"valid_{column}"] = (checks[column][1] & table[column].notnull()).sum()
    if len(key) > 1:
        wanted["keys"] = ibis.struct({part: table[part] for part in key}).nunique()
    if dated in columns:
        moment = table[dated]
        newest = moment.max()
        wanted["newest"] = local_time(newest, time_zone=time_zone).date() if moment.type().is_timestamp() else newest
    known = {f"different_{column}": number for column, number in different.items()}
    found = known | table.aggregate(**wanted).to_pyarrow().to_pylist()[0]
    records = found["records"]
    for column in columns:
        filled, valid = found[f"filled_{column}"], found.get(f"valid_{column}")
        keys = found.get("keys", found[f"different_{column}"]) if key[:1] == (column,) else None
        yield {
            "table": name,
            "column": column,
            "source": options.sources.get(name),
            "records": records,
            "filled": filled / records if records else 0.0,
            "different": found[f"different_{column}"],
            "checked_for": checks[column][0] if column in checks else None,
            "valid": valid / filled if valid is not None and filled else None,
            "unique": keys / records if keys is not None and records else None,
            "days_old": _days_before(options.as_of, found.get("newest")) if column == dated else None,
            "read": column not in UNREAD.get(name, ()),
        }


def _days_before(as_of: date | None, newest: date | datetime | None) -> int | None:
    if as_of is None or newest is None:
        return None
    return (as_of - (newest.date() if isinstance(newest, datetime) else newest)).days


def _checks(
    name: str, table: ir.Table, *, time_zone: str, first_day: date, as_of: date | None
) -> dict[str, tuple[str, ir.BooleanValue]]:
    """What a valid value of a column must be, where something can be said."""
    checks: dict[str, tuple[str, ir.BooleanValue]] = {}
    for column in CANONICAL[name].columns:
        if column.name not in table.columns:
            continue
        value, bounds = table[column.name], (column.minimum, column.maximum)
        if bounds in _BOUNDS:
            low, high = bounds
            inside = value >= low if high is None else value.between(low, high)
            checks[column.name] = (_BOUNDS[bounds], inside)
        elif column.levels:
            checks[column.name] = (DECLARED_LEVEL, value.isin(column.levels))
    if name == "order_lines" and "delivered_week" in table.columns:
        monday = first_day - timedelta(days=first_day.weekday())
        period = (first_day, as_of) if as_of else None
        day = local_time(table.ordered_at, time_zone=time_zone, mostly=period).date()
        week = day.delta(ibis.literal(monday), unit="day") // 7 + 1
        checks["delivered_week"] = (WEEK_OF_DAY, table.delivered_week == week)
    if name in _AFTER:
        first, words, moments = _AFTER[name]
        for moment in moments:
            if moment in table.columns:
                checks[moment] = (words, table[moment] >= table[first])
    return checks
