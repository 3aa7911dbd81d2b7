"""The customer-base audit: how many customers, how often, how much, and what changed from one period to the next.

Fader, Hardie and Ross (2022), The Customer-Base Audit. Revenue is customers times orders of each times value of an
order; a change of revenue is what new customers bring, what lost ones brought, and what those who stayed spend more or
less.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.behavior.audit import tables
from customer_patterns.behavior.cohorts import ALREADY, NEW, month_after
from customer_patterns.behavior.orders import in_period
from customer_patterns.estimates import Interval, bootstrap_ratio, bootstrap_share, bounded, with_interval
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.features.cells import SMALLEST_CELL, cents, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.privacy.differencing import contributions
from customer_patterns.schemas.anniversary import years_before

Floats = NDArray[np.float64]
_DAY = timedelta(days=1)


class Periods(NamedTuple):
    """Two periods of one length, one after the other: first days of both, last day of the later one."""

    earlier: date
    later: date
    last: date


class Base(NamedTuple):
    """One entry per customer with an order in either period, by ``customer_id``.

    ``orders`` and ``revenue`` (hundredths) have a column for each period; ``first_on`` is the day on which each was
    first seen in the whole study.
    """

    periods: Periods
    orders: Floats
    revenue: Floats
    first_on: NDArray[np.datetime64]


def two_periods(first_day: date, last_day: date) -> Periods:
    """Divide a study into two periods that can be compared: the last two whole years, else two halves of whole weeks.

    Examples
    --------
    >>> [day.isoformat() for day in two_periods(date(2017, 1, 1), date(2017, 12, 31))]
    ['2017-01-02', '2017-07-03', '2017-12-31']
    """
    following = last_day + _DAY
    years = [years_before(following, back) for back in (2, 1)]
    if years[0] >= first_day:
        return Periods(years[0], years[1], last_day)
    weeks = max((following - first_day).days // 14, 1)
    return Periods(following - 14 * weeks * _DAY, following - 7 * weeks * _DAY, last_day)


def customer_base(orders: ir.Table, *, first_day: date, last_day: date) -> Base:
    """Add up what each customer ordered in two periods.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``revenue``.
    first_day, last_day
        The study, both days included. Other orders change nothing.
    """
    periods = two_periods(first_day, last_day)
    orders = in_period(orders, first_day, last_day)
    later = orders.ordered_on >= ibis.literal(periods.later)
    within = orders.ordered_on >= ibis.literal(periods.earlier)
    worth = cents(orders.revenue)
    sums = orders.group_by("customer_id").aggregate(
        earlier_orders=(within & ~later).sum(),
        later_orders=later.sum(),
        earlier=worth.sum(where=within & ~later).fill_null(0).cast("int64"),
        later=worth.sum(where=later).fill_null(0).cast("int64"),
        first_on=orders.ordered_on.min(),
    )
    sums = sums.filter(sums.earlier_orders + sums.later_orders > 0).order_by("customer_id").to_pyarrow()
    two = [[sums[name].to_numpy().astype(float) for name in pair] for pair in _PAIRS]
    first_on = sums["first_on"].to_numpy().astype("datetime64[D]")
    return Base(periods, np.column_stack(two[0]), np.column_stack(two[1]), first_on)


_PAIRS = (("earlier_orders", "later_orders"), ("earlier", "later"))


@empty_unless_enough(tables.AUDIT_CHANGE)
def audit_change(base: Base) -> pd.DataFrame:
    """Say how revenue changed from one period to the next, by what became of customers.

    Parameters
    ----------
    base
        From :func:`customer_base`.

    Returns
    -------
    DataFrame
        One row for those who came, those who left, those who stayed and spend more, or not more, and all together;
        columns as in :data:`~customer_patterns.behavior.audit.tables.AUDIT_CHANGE`. The changes add up to that of all.
        ``change_share`` is the change by the earlier revenue of all (interval by resampling customers).

    Notes
    -----
    Who first orders in the later period may have ordered before the study began, and who has not ordered in it may
    order again: hence the names of the two. A customer who spends more in one period than in the other by chance is
    among those who spend more as well; even in a base that stands still both parts are large, and only their sum says
    whether those who stayed spend more.
    """
    ordered, difference = base.orders > 0, base.revenue[:, 1] - base.revenue[:, 0]
    stayed = ordered.all(axis=1)
    parts = {
        tables.CAME: ~ordered[:, 0],
        tables.LEFT: ~ordered[:, 1],
        tables.MORE: stayed & (difference > 0),
        tables.LESS: stayed & (difference <= 0),
        tables.EVERYONE: np.ones(len(stayed), dtype=bool),
    }
    member = np.column_stack(list(parts.values())).astype(float)
    change = member * difference[:, None]
    table = pd.DataFrame(
        {
            "became": pd.Series(list(parts), dtype="str"),
            **_days(base, len(parts)),
            "n": whole_numbers(member.sum(axis=0)),
            "customers": len(stayed),
            "change": change.sum(axis=0) / 100,
        }
    )
    table = with_interval(table, "change_share", bootstrap_ratio(change, base.revenue[:, 0]))
    blanks = ["change", *bounded("change_share")]
    rows = suppress(table[:-1], blanks, partition=True, sums=contributions(change[:, :-1]))
    return pd.concat([rows, table[-1:].assign(suppressed="no")], ignore_index=True)[tables.AUDIT_CHANGE.names]


def audit_factors(base: Base) -> pd.DataFrame:
    """Compare both periods as customers times orders of each times value of an order.

    Parameters
    ----------
    base
        From :func:`customer_base`.

    Returns
    -------
    DataFrame
        One row per factor, for all customers and for those who ordered in both periods, columns as in
        :data:`~customer_patterns.behavior.audit.tables.AUDIT_FACTORS`. The ratios of the three factors multiply to that
        of revenue; those who stayed are as many in both periods, which has no row. Intervals are percentiles over
        resampled customers.
    """
    stayed = (base.orders > 0).all(axis=1)
    rows = []
    for who, member in (("all customers", np.ones(len(stayed), dtype=bool)), ("those who stayed", stayed)):
        few = member.sum() < SMALLEST_CELL or contributions(base.revenue[member]).dominated().any()
        if few or not (base.revenue[member].sum(axis=0) > 0).all():
            continue
        sums = np.hstack([base.orders > 0, base.orders, base.revenue / 100])[member].astype(float)
        once = _factors(sums.sum(axis=0)[None])
        again = np.vstack([_factors(weights @ sums) for _, weights in draw_weights(int(member.sum()))])
        low, high = np.percentile(again, [2.5, 97.5], axis=0)
        active, orders, revenue = sums.sum(axis=0).reshape(3, 2)
        values = (active, orders / active, revenue / orders, revenue)
        for i, (factor, unit) in enumerate(_FACTORS.items()):
            if factor == tables.ACTIVE and who != "all customers":
                continue  # those who stayed are as many in both periods
            ratio = float(once[0, i])
            bounds = (min(float(low[i]), ratio), max(float(high[i]), ratio))
            rows.append((who, factor, unit, *map(float, values[i]), ratio, *bounds, int(member.sum())))
    if not rows:
        return empty(tables.AUDIT_FACTORS)
    names = ["who", "factor", "unit", "earlier", "later", *bounded("ratio"), "n"]
    table = pd.DataFrame(rows, columns=names).astype({"who": "str", "factor": "str", "unit": "str", "n": "Int64"})
    return table.assign(**_days(base, len(table)))[tables.AUDIT_FACTORS.names]


_FACTORS = {
    tables.ACTIVE: "customers",
    tables.ORDERS_EACH: "orders",
    tables.VALUE_EACH: "currency",
    tables.REVENUE: "currency",
}


@empty_unless_enough(tables.AUDIT_GROUPS)
def audit_groups(base: Base, *, burn_in_months: int, first_day: date) -> pd.DataFrame:
    """Take apart what each tenth and each cohort of the customers brings.

    Parameters
    ----------
    base
        From :func:`customer_base`.
    burn_in_months, first_day
        Who was first seen so soon after the study's first day was a customer before.

    Returns
    -------
    DataFrame
        One row per tenth (``"1"``: those who bring most in both periods together; ties by
        key) and per cohort, columns as in :data:`~customer_patterns.behavior.audit.tables.AUDIT_GROUPS`. What
        a tenth brings later by what it brought earlier is not selected by either period alone. Intervals by resampling
        customers, groups held as they are.
    """
    total, n = base.revenue.sum(axis=1), len(base.revenue)
    order = np.argsort(-total, kind="stable")
    tenth = np.empty(n, dtype=int)
    tenth[order] = np.arange(n) * 10 // n
    known_before = month_after(first_day, burn_in_months + (first_day.day > 1))
    new = base.first_on >= np.datetime64(known_before)
    frames = []
    for kind, codes, levels in (
        (tables.TENTHS, tenth, [str(i) for i in range(1, 11)]),
        (tables.COHORTS, new.astype(int), [ALREADY, NEW]),
    ):
        member = (codes[:, None] == np.arange(len(levels))).astype(float)
        orders, revenue = member * base.orders.sum(axis=1)[:, None], member * total[:, None]
        frame = pd.DataFrame(
            {
                "kind": pd.Series([kind] * len(levels), dtype="str"),
                "level": pd.Series(levels, dtype="str"),
                "position": np.arange(1, len(levels) + 1),
                "n": whole_numbers(member.sum(axis=0)),
            }
        )
        measures = {
            "share_of_revenue": bootstrap_share(np.maximum(revenue, 0), np.maximum(total, 0)),
            "orders_each": bootstrap_ratio(orders, member),
            "order_value": _scaled(bootstrap_ratio(revenue, orders)),
            "later_ratio": bootstrap_ratio(member * base.revenue[:, 1:], member * base.revenue[:, :1]),
        }
        for name, (value, low, high) in measures.items():
            # Where all are alike (one order each), drawing them again says nothing: no figure without its interval.
            told = Interval(np.where(np.isnan(low) | np.isnan(high), np.nan, value), low, high)
            frame = with_interval(frame, name, told)
        blanks = bounded(*measures)
        frames.append(suppress(frame, blanks, partition=True, sums=contributions(revenue)))
    return pd.concat(frames, ignore_index=True)[tables.AUDIT_GROUPS.names]


def _factors(sums: Floats) -> Floats:
    """Later by earlier: customers, orders of each, value of an order, revenue; one row per resample."""
    with np.errstate(divide="ignore", invalid="ignore"):
        active, orders, revenue = (sums[:, i + 1] / sums[:, i] for i in (0, 2, 4))
        return np.column_stack([active, orders / active, revenue / orders, revenue])


def _scaled(interval: Interval) -> Interval:
    """From hundredths to whole units."""
    return Interval(*(part / 100 for part in interval))


def _days(base: Base, rows: int) -> dict[str, list[date]]:
    return {"earlier_from": [base.periods.earlier] * rows, "later_from": [base.periods.later] * rows}
