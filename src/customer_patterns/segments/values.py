"""How many customers a group has and what it brings: tiers, value levels, segments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from customer_patterns.estimates import (
    Interval,
    NotEnoughData,
    bootstrap_ratio,
    bootstrap_share,
    bounded,
    renamed,
    wilson,
    with_interval,
)
from customer_patterns.features.cells import shown, suppress, whole_numbers
from customer_patterns.features.habits import DAYS_A_MONTH
from customer_patterns.privacy.differencing import contributions
from customer_patterns.segments.rfm import medians
from customer_patterns.segments.tables import BY_NUMBER, BY_REVENUE


def group_values(
    people: pd.DataFrame, *, by: str, levels: Sequence[str], first_day: date, last_day: date
) -> pd.DataFrame:
    """Estimate how many customers each group has and what it brings.

    Parameters
    ----------
    people
        One row per customer: ``by`` (the group; missing: in none), ``recency_days``, ``orders``, ``revenue``.
    by, levels
        The column of groups, and all groups in their order.
    first_day, last_day
        The period in which the revenue was made, both days included.

    Returns
    -------
    DataFrame
        One row per group: ``place``, ``by``, ``n`` (customers), ``customers`` (all those in a group),
        ``share_of_customers`` (Wilson interval), ``share_of_revenue``, ``monthly_revenue`` (of the group, per customer
        and month of the period), ``typical_recency_days`` and ``typical_orders`` (medians), with intervals (resampling
        customers, each of whom keeps the group), ``suppressed``.
    """
    people = people[people[by].notna()]
    member = people[by].to_numpy(dtype=object)[:, None] == np.array(list(levels), dtype=object)
    size, total = member.sum(axis=0), len(people)
    months = ((last_day - first_day).days + 1) / DAYS_A_MONTH
    cents = np.array([round(float(v) * 100) for v in people["revenue"]], dtype=float)
    table = pd.DataFrame({"place": np.arange(1, len(levels) + 1), by: pd.Series(list(levels), dtype="str")})
    table = table.assign(n=whole_numbers(size), customers=total)
    table = with_interval(table, "share_of_customers", wilson(size, np.full(len(levels), total)))
    try:
        shares = bootstrap_share(member * cents[:, None], cents)
        means = bootstrap_ratio(member * cents[:, None] / 100 / months, member.astype(float))
    except NotEnoughData:
        shares = means = Interval.missing(len(levels))
    table = with_interval(with_interval(table, "share_of_revenue", shares), "monthly_revenue", means)
    for measure in ("recency_days", "orders"):
        values = people[measure].to_numpy(dtype=float)
        table = with_interval(table, f"typical_{measure}", medians([values[m] for m in member.T]))
    measures = ("share_of_customers", "share_of_revenue", "monthly_revenue", "typical_recency_days", "typical_orders")
    blanks = bounded(*measures)
    return suppress(table, blanks, partition=True, sums=contributions(member * cents[:, None]))


def side_by_side(values: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Put the two shares of each group below each other, to be drawn: of customers, of revenue.

    Parameters
    ----------
    values
        One row per group, from :func:`group_values`.
    by
        The column of groups.

    Returns
    -------
    DataFrame
        Two rows per group that can be shown: ``by``, ``counted`` (``"by number"``, ``"by revenue"``), ``share`` with
        interval.
    """
    parts = []
    for counted, measure in ((BY_NUMBER, "share_of_customers"), (BY_REVENUE, "share_of_revenue")):
        known = shown(values, "share_of_customers", "share_of_revenue")
        columns = renamed(measure, "share")
        parts.append(known[[by, *columns]].rename(columns=columns).assign(counted=counted))
    both = pd.concat(parts, ignore_index=True)
    place = {group: number for number, group in enumerate(values[by])}
    return both.sort_values(by, key=lambda column: column.map(place), kind="stable", ignore_index=True)
