"""Use of a product or service: on how many days, how intensely, and who still uses it later."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.engagement.tables import USAGE_FIGURES, USAGE_RETENTION
from customer_patterns.estimates import Interval, bootstrap_ratio, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.schemas.local_time import local_time

#: A month of use, in days; from each user's own first day on.
MONTH = 30


def usage_days(usage: ir.Table, *, time_zone: str, last_day: date) -> pd.DataFrame:
    """Count uses by customer and month of use.

    Parameters
    ----------
    usage
        One row per use: ``customer_id``, ``used_at`` (UTC).
    time_zone
        The study's.
    last_day
        Last day of the study. Later uses change nothing.

    Returns
    -------
    DataFrame
        One row per user and month of thirty days since the first use that has one, by both: ``customer_id``, ``month``
        (0 for the first), ``days`` (with a use), ``uses``, ``seen`` (days from the first use to ``last_day``, both
        included).
    """
    rows = usage.mutate(day=local_time(usage.used_at, time_zone=time_zone).date())
    rows = rows.filter(rows.day <= ibis.literal(last_day))
    first = rows.group_by("customer_id").aggregate(since=rows.day.min())
    joined = rows.join(first, "customer_id")
    months = joined.mutate(
        month=joined.day.delta(joined.since, unit="day") // MONTH,
        seen=ibis.literal(last_day).delta(joined.since, unit="day") + 1,
    )
    found = months.group_by("customer_id", "month", "seen").aggregate(days=ibis._.day.nunique(), uses=ibis._.count())
    return found.order_by("customer_id", "month").to_pandas()[["customer_id", "month", "days", "uses", "seen"]]


def usage_figures(days: pd.DataFrame) -> pd.DataFrame:
    """Estimate how often users use it.

    Parameters
    ----------
    days
        What :func:`usage_days` returns.

    Returns
    -------
    DataFrame
        One row per figure; columns as in ``USAGE_FIGURES``. Days per month count from each user's first use to the
        study's end, also where use has ceased. The last figure is over the months that each was seen to the end.
        Intervals resample users. Without rows where users are too few.
    """
    if days["customer_id"].nunique() < SMALLEST_CELL:
        return empty(USAGE_FIGURES)
    people = days.groupby("customer_id", sort=True).agg(
        days=("days", "sum"), uses=("uses", "sum"), seen=("seen", "first")
    )
    whole = days[days["month"] < days["seen"] // MONTH].groupby("customer_id").size()
    people["active"] = whole.reindex(people.index).fillna(0)
    tops = people[["days", "uses", "active"]].to_numpy(float)
    bottoms = np.column_stack([people["seen"] / MONTH, people["days"], people["seen"] // MONTH])
    figures = bootstrap_ratio(tops, bottoms)
    table = pd.DataFrame(
        {
            "figure": pd.Series(USAGE_FIGURES["figure"].levels, dtype="str"),
            "unit": pd.Series(["days", "uses", "share"], dtype="str"),
            "n": whole_numbers([len(people)] * 3),
        }
    )
    return with_interval(table, "value", figures)[USAGE_FIGURES.names]


def usage_retention(days: pd.DataFrame) -> pd.DataFrame:
    """Estimate how many still use it so many months after their first use.

    Parameters
    ----------
    days
        What :func:`usage_days` returns.

    Returns
    -------
    DataFrame
        One row per later month that someone was seen through; columns as in ``USAGE_RETENTION``. Only users whose month
        was seen to its end count in it (the others are censored); Wilson intervals; months of too few users are blank.
    """
    people = days.groupby("customer_id", sort=True)["seen"].first() // MONTH
    last = int(people.max()) if len(people) else 0
    if last < 2:
        return empty(USAGE_RETENTION)
    months = np.arange(1, last)
    seen = np.array([int((people > month).sum()) for month in months])
    length = days["customer_id"].map(people)
    active = np.array([int(((days["month"] == month) & (length > month)).sum()) for month in months])
    table = pd.DataFrame({"months": months, "n": whole_numbers(seen), "active": whole_numbers(active)})
    share = wilson(active, seen)
    table = with_interval(table, "retention", Interval(*(np.asarray(part) for part in share)))
    return suppress(table, [name for name in table.columns if name not in ("months", "n")])[USAGE_RETENTION.names]
