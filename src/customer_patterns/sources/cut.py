"""The study's last moment, applied before anything is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from customer_patterns.schemas.canonical import CANONICAL, KNOWN_IF_DATED, KNOWN_LATER, KNOWN_SINCE


def first_moment_after(day: date, *, time_zone: str) -> datetime:
    """Return the UTC moment at which ``day`` is over in ``time_zone``.

    >>> first_moment_after(date(2017, 12, 31), time_zone="America/New_York")
    datetime.datetime(2018, 1, 1, 5, 0)
    """
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(time_zone))
    return midnight.astimezone(UTC).replace(tzinfo=None)


def cut_at(tables: dict[str, ir.Table], *, as_of: date, time_zone: str) -> dict[str, ir.Table]:
    """Set aside what was not yet known on the study's last day.

    A timestamp counts until the local day is over, a date until that day, a row that names another table's key
    (a campaign's recipients and coupons) when that one is known. Customers and products are undated: as delivered.
    A row that names no known key of an undelivered table cannot be dated and is kept out. What becomes known about a
    row later than the row itself, a contact's response, closing and rating, is emptied until its own moment; so is what
    has no such moment.

    Parameters
    ----------
    tables
        Canonical tables by name, in any order.
    as_of
        The last day that counts, in ``time_zone``.

    Returns
    -------
    dict
        The same tables; later rows are gone and counted nowhere.
    """
    end = first_moment_after(as_of, time_zone=time_zone)
    known: dict[str, ir.Table] = {}
    for name, table in tables.items():
        rule = KNOWN_SINCE.get(name)
        if rule is None:
            known[name] = table
        elif "." not in rule:
            known[name] = table.filter(_came(table[rule], end, as_of))
    for name, table in tables.items():
        rule = KNOWN_SINCE.get(name, "")
        if "." in rule:
            parent, key = rule.split(".")
            known[name] = table.semi_join(known[parent], key) if parent in known else table.filter(ibis.literal(False))
    for name, moment in KNOWN_IF_DATED.items():
        if name in known and moment in known[name].columns:
            column = known[name][moment]
            known[name] = known[name].filter(_came(column, end, as_of) | column.isnull())
    return {name: _without_later_news(name, known[name], end, as_of) for name in CANONICAL if name in known}


def _came(moment: ir.Value, end: datetime, as_of: date) -> ir.BooleanValue:
    """Whether a moment lies before the end of the last day, or a day is the last one or earlier."""
    return moment < ibis.literal(end) if moment.type().is_timestamp() else moment <= as_of


def _without_later_news(name: str, table: ir.Table, end: datetime, as_of: date) -> ir.Table:
    """Empty what was not yet known about the rows of a table."""
    for moment, columns in KNOWN_LATER.get(name, {}).items():
        came = _came(table[moment], end, as_of).fill_null(False)
        emptied = {column: ibis.ifelse(came, table[column], ibis.null(table[column].type())) for column in columns}
        table = table.mutate(**emptied)
    return table
