"""How complete and how valid each delivered column is, before anything is done about it."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.cleaning.tables import (
    AT_LEAST_ZERO,
    NOT_BEFORE_OPENING,
    NOT_BEFORE_START,
    ONE_TO_FIVE,
    QUALITY,
    WEEK_OF_DAY,
)
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.schemas.local_time import local_time


def column_quality(tables: dict[str, ir.Table], *, time_zone: str, first_day: date) -> pd.DataFrame:
    """Measure completeness, variety and validity of each column.

    Parameters
    ----------
    tables
        Canonical tables as collected.
    time_zone, first_day
        The study's. Where the sender numbered his weeks, each line's own week is compared with the week of its local
        day (weeks begin on Monday; week 1 holds the first day): a wrong time zone shows at once.

    Returns
    -------
    DataFrame
        One row per column of a delivered table, as in ``QUALITY``, by table and column.
    """
    rows = []
    for name, table in tables.items():
        checks = _checks(name, table, time_zone=time_zone, first_day=first_day)
        wanted: dict[str, ir.Scalar] = {"records": table.count()}
        for column in table.columns:
            wanted[f"filled_{column}"] = table[column].count()
            wanted[f"different_{column}"] = table[column].nunique()
            if column in checks:
                wanted[f"valid_{column}"] = (checks[column][1] & table[column].notnull()).sum()
        found = table.aggregate(**wanted).to_pyarrow().to_pylist()[0]
        for column in table.columns:
            records, filled = found["records"], found[f"filled_{column}"]
            valid = found.get(f"valid_{column}")
            rows.append(
                {
                    "table": name,
                    "column": column,
                    "records": records,
                    "filled": filled / records if records else 0.0,
                    "different": found[f"different_{column}"],
                    "checked_for": checks[column][0] if column in checks else None,
                    "valid": valid / filled if valid is not None and filled else None,
                }
            )
    return pd.DataFrame(rows, columns=QUALITY.names).sort_values(["table", "column"], ignore_index=True)


def _checks(name: str, table: ir.Table, *, time_zone: str, first_day: date) -> dict[str, tuple[str, ir.BooleanValue]]:
    """What a valid value of a column must be, where something can be said."""
    checks: dict[str, tuple[str, ir.BooleanValue]] = {}
    for column in CANONICAL[name].columns:
        value = table[column.name]
        if (column.minimum, column.maximum) == (1, 5):
            checks[column.name] = (ONE_TO_FIVE, value.between(1, 5))
        elif column.minimum == 0:
            checks[column.name] = (AT_LEAST_ZERO, value >= 0)
    if name == "order_lines":
        monday = first_day - timedelta(days=first_day.weekday())
        day = local_time(table.ordered_at, time_zone=time_zone).date()
        week = day.delta(ibis.literal(monday), unit="day") // 7 + 1
        checks["delivered_week"] = (WEEK_OF_DAY, table.delivered_week == week)
    if name == "campaigns":
        checks["ends_on"] = (NOT_BEFORE_START, table.ends_on >= table.starts_on)
    if name == "contacts":
        for moment in ("first_response_at", "closed_at", "rated_at"):
            checks[moment] = (NOT_BEFORE_OPENING, table[moment] >= table.opened_at)
    return checks
