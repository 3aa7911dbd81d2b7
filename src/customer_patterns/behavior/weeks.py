"""How revenue moves through the year, and what one year cannot say about it."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.orders import in_period
from customer_patterns.behavior.tables import ANNUAL_INDEX, WEEKS
from customer_patterns.estimates import bootstrap_mean, bootstrap_ratio, bounded, with_interval
from customer_patterns.features.cells import cents, customer_sums, shown, suppress, whole_numbers
from customer_patterns.features.enough import empty_unless_enough
from customer_patterns.privacy.differencing import contributions
from customer_patterns.schemas.anniversary import years_before

#: Whole years a seasonal index needs: with one, a season cannot be told from a trend or from chance.
YEARS_NEEDED = 2


@empty_unless_enough(WEEKS)
def weekly_revenue(orders: ir.Table, *, first_day: date, last_day: date) -> pd.DataFrame:
    """Estimate revenue per customer and week, over the weeks of the period.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``week_starts_on`` (a Monday), ``revenue``.
    first_day, last_day
        The period, both days included. Other orders change nothing.

    Returns
    -------
    DataFrame
        One row per week that has a day in the period, ascending: ``week_starts_on``, ``days`` (of the week that are
        in the period), ``complete`` (all seven are), ``orders``, ``n`` (customers with an order),
        ``revenue`` (total, study currency), ``revenue_per_customer`` (revenue by all ``customers``, those who did
        not shop included; interval by resampling customers), ``customers`` (who ordered in the period at all),
        ``seen`` (those of them with an order by the end of the week), ``suppressed``.
    """
    orders = in_period(orders, first_day, last_day)
    monday = first_day - timedelta(days=first_day.weekday())
    mondays = [monday + timedelta(days=i) for i in range(0, (last_day - monday).days + 1, 7)]
    days = [(min(start + timedelta(days=6), last_day) - max(start, first_day)).days + 1 for start in mondays]
    number = orders.week_starts_on.delta(ibis.literal(monday), unit="day") // 7
    sums = customer_sums(
        orders.mutate(week=number),
        {"orders": ibis._.count(), "revenue": cents(ibis._.revenue).sum()},
        by="week",
        levels=range(len(mondays)),
    )
    active = sums["orders"] > 0
    table = pd.DataFrame(
        {
            "week_starts_on": mondays,
            "days": days,
            "complete": np.equal(days, 7),
            "orders": whole_numbers(sums["orders"].sum(axis=0)),
            "n": whole_numbers(active.sum(axis=0)),
            "revenue": sums["revenue"].sum(axis=0) / 100,
            "customers": len(active),
            "seen": whole_numbers(np.maximum.accumulate(active, axis=1).sum(axis=0)),
        }
    )
    table = with_interval(table, "revenue_per_customer", bootstrap_mean(sums["revenue"] / 100))
    means = bounded("revenue_per_customer")
    return suppress(table, ["orders", "revenue", *means], sums=contributions(sums["revenue"]))


def whole_weeks(weeks: pd.DataFrame) -> pd.DataFrame:
    """Keep the weeks that can be compared: those wholly in the period and not blank."""
    return shown(weeks[weeks["complete"]], "revenue_per_customer")


@empty_unless_enough(ANNUAL_INDEX)
def annual_index(orders: ir.Table, *, first_day: date, last_day: date) -> pd.DataFrame:
    """Compare the months of the year, if there are years enough to do so.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``revenue``.
    first_day, last_day
        The period, both days included. Other orders change nothing.

    Returns
    -------
    DataFrame
        One row per calendar month: ``month`` (1 to 12), ``index`` (revenue per day by that of all days, 1: an even
        year) with interval (resampling customers), ``years`` (whole years, counted back from ``last_day``),
        ``years_needed``, ``n`` (customers), ``verdict`` (``"shown"`` or ``"needs more years"``), ``suppressed``. With
        fewer years than needed index and interval are missing, and so they are for months of too few customers.
    """
    years = 0
    while _years_before(last_day, years + 1) >= first_day:
        years += 1
    start = _years_before(last_day, max(years, 1))
    orders = in_period(orders, max(start, first_day), last_day)
    sums = customer_sums(
        orders.mutate(month=orders.ordered_on.month()),
        {"revenue": cents(ibis._.revenue).sum()},
        by="month",
        levels=range(1, 13),
    )["revenue"]
    table = pd.DataFrame(
        {
            "month": np.arange(1, 13),
            "years": years,
            "years_needed": YEARS_NEEDED,
            "n": len(sums),
            "verdict": "shown" if years >= YEARS_NEEDED else "needs more years",
            "buyers": (sums != 0).sum(axis=0),
        }
    )
    if years < YEARS_NEEDED:
        return table.assign(index=np.nan, index_low=np.nan, index_high=np.nan, suppressed="no")[ANNUAL_INDEX.names]
    length = (last_day - start).days + 1
    days = np.bincount([(start + timedelta(days=i)).month - 1 for i in range(length)], minlength=12)
    shares = bootstrap_ratio(sums, sums.sum(axis=1))
    table = with_interval(table, "index", type(shares)(*(part * length / days for part in shares)))
    return suppress(table, bounded("index"), n="buyers", sums=contributions(sums))[ANNUAL_INDEX.names]


def _years_before(last_day: date, years: int) -> date:
    """First day of so many years that end with a day."""
    return years_before(last_day + timedelta(days=1), years)
