"""When customers shop: hours of the day and days of the week, by the clock on their wall."""

from __future__ import annotations

from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior import tables
from customer_patterns.behavior.orders import in_period
from customer_patterns.estimates import Interval, bounded, with_interval
from customer_patterns.features.cells import order_profile
from customer_patterns.features.enough import empty_unless_enough

HOURS = range(24)
WEEKDAYS = range(1, 8)


@empty_unless_enough(tables.HOURS)
def hour_profile(orders: ir.Table) -> pd.DataFrame:
    """Estimate how orders and revenue are spread over the hours of the day.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``hour`` (local, 0 to 23), ``revenue``.

    Returns
    -------
    DataFrame
        One row per hour, 0 to 23: ``hour``, ``orders``, ``n`` (customers who ever ordered then), ``customers``
        (all), ``share_of_orders`` and ``share_of_revenue`` with intervals (resampling customers), ``suppressed``.
    """
    profile = order_profile(orders, by="hour", levels=HOURS)
    profile.insert(0, "hour", np.array(HOURS))
    return profile


@empty_unless_enough(tables.WEEKDAYS)
def weekday_profile(orders: ir.Table, *, first_day: date, last_day: date) -> pd.DataFrame:
    """Estimate how orders and revenue are spread over the days of the week.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``weekday`` (1 Monday to 7 Sunday), ``revenue``.
    first_day, last_day
        The period, both days included: it may hold one weekday more often than another. Other orders change nothing.

    Returns
    -------
    DataFrame
        One row per weekday, from Monday: ``weekday``, ``days`` (how many of them the period has), ``orders``, ``n``
        (customers), ``customers`` (all), ``share_of_orders`` and ``share_of_revenue`` with intervals (resampling
        customers), ``orders_index`` and ``revenue_index`` (per day, where 1 is an even week) with intervals,
        ``suppressed``.
    """
    profile = order_profile(in_period(orders, first_day, last_day), by="weekday", levels=WEEKDAYS)
    length = (last_day - first_day).days + 1
    days = np.bincount([(first_day + timedelta(days=i)).weekday() for i in range(length)], minlength=7)
    profile.insert(0, "weekday", np.array(WEEKDAYS))
    profile.insert(1, "days", days)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_day = np.where(days > 0, length / days, np.nan)
    for what in ("orders", "revenue"):
        shares = (profile[name] * per_day for name in bounded(f"share_of_{what}"))
        profile = with_interval(profile, f"{what}_index", Interval(*shares))
    return profile
