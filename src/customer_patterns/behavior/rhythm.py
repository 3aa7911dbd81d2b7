"""How often customers shop, how long until they do so again, and what the frequent ones bring."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.orders import in_period
from customer_patterns.behavior.tables import (
    CUSTOMER_RHYTHM,
    NEXT_SHOPPING_DAY,
    RHYTHM_GROUPS,
    RHYTHMS,
    SHOPPING_GAPS,
)
from customer_patterns.estimates import (
    Interval,
    NotEnoughData,
    bootstrap_mean,
    bootstrap_quantile,
    bootstrap_rank_shares,
    bootstrap_ratio,
    bootstrap_share,
    bounded,
    kaplan_meier,
    wilson,
    with_interval,
)
from customer_patterns.features.cells import SMALLEST_CELL, encode, suppress, whole_numbers
from customer_patterns.features.enough import empty_unless_enough


def shopping_gaps(orders: ir.Table, *, first_day: date, last_day: date) -> ir.Table:
    """List each customer's shopping days with the days until the next one.

    A shopping day is a local day with at least one order of goods; stops for fuel alone do not count.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``kind``.
    first_day, last_day
        The period, both days included. Other orders change nothing.

    Returns
    -------
    Table
        One row per customer and shopping day, by both: ``days`` until the next shopping day (1 or more) where
        ``observed``; where not, the days from the customer's last shopping day to ``last_day`` (0 or more): the next
        one comes later than that, if it comes.
    """
    goods = in_period(orders, first_day, last_day).filter(ibis._.kind == "goods")
    days = goods.select("customer_id", "ordered_on").distinct()
    following = days.ordered_on.lead().over(group_by=days.customer_id, order_by=days.ordered_on)
    days = days.mutate(next_on=following)
    days = days.mutate(
        days=ibis.coalesce(days.next_on, ibis.literal(last_day)).delta(days.ordered_on, unit="day"),
        observed=days.next_on.notnull(),
    )
    return SHOPPING_GAPS.cast(days).order_by("customer_id", "ordered_on")


def customer_rhythm(orders: ir.Table, *, first_day: date, last_day: date, gaps: ir.Table | None = None) -> ir.Table:
    """Summarize how often each customer shops.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``week_starts_on``, ``kind``, ``revenue``.
    first_day, last_day
        The period, both days included. Other orders change nothing.
    gaps
        What :func:`shopping_gaps` makes of them, where it is there already.

    Returns
    -------
    Table
        One row per customer with an order in the period, by ``customer_id``: ``first_on``, ``last_on`` (days of the
        first and last order), ``orders``, ``trips`` (orders of goods), ``shopping_days``, ``active_weeks`` (weeks
        with a trip), ``revenue``, ``median_gap_days`` (the customer's own Kaplan-Meier median of the days between
        shopping days, missing with fewer than two of them), ``silent_days`` (days from the last order to
        ``last_day``).

    Notes
    -----
    The days since the last shopping day are a gap as well, of which only a part was seen (censored). Left out, they
    would make customers who have grown rare look frequent. With one censored gap of ``c`` days among ``m`` whole
    ones, ``j`` of them no longer than ``c``, the Kaplan-Meier curve after the ``k``-th whole gap is
    ``1 - k / (m + 1)`` up to ``c`` and ``(m + 1 - j) / (m + 1) * (m - k) / (m - j)`` beyond.
    """
    orders = in_period(orders, first_day, last_day)
    goods = orders.kind == "goods"
    basics = orders.group_by("customer_id").aggregate(
        first_on=orders.ordered_on.min(),
        last_on=orders.ordered_on.max(),
        orders=orders.count(),
        trips=goods.sum(),
        active_weeks=orders.week_starts_on.nunique(where=goods),
        revenue=orders.revenue.sum(),
    )
    if gaps is None:
        gaps = shopping_gaps(orders, first_day=first_day, last_day=last_day)
    spells = gaps.group_by("customer_id").aggregate(
        shopping_days=gaps.count(),
        whole=gaps.observed.sum(),
        open_days=gaps.days.max(where=~gaps.observed),
    )
    ranked = gaps.filter(gaps.observed).join(spells, "customer_id")
    by_customer = ibis.window(group_by="customer_id", order_by="days")
    ranked = ranked.mutate(
        rank=ibis.row_number().over(by_customer) + 1,
        shorter=(ranked.days <= ranked.open_days).sum().over(ibis.window(group_by="customer_id")),
    )
    m, j, k = ranked.whole, ranked.shorter, ranked["rank"]
    # The curve has come down to one half; whole numbers, so that exactly one half counts.
    halved = ibis.ifelse(k <= j, 2 * (m + 1 - k) <= m + 1, 2 * (m + 1 - j) * (m - k) <= (m + 1) * (m - j))
    medians = ranked.filter(halved).group_by("customer_id").aggregate(median_gap_days=ibis._.days.min())
    table = basics.left_join(spells, "customer_id").drop("customer_id_right").left_join(medians, "customer_id")
    return CUSTOMER_RHYTHM.cast(
        table.mutate(
            shopping_days=table.shopping_days.fill_null(0),
            silent_days=ibis.literal(last_day).delta(table.last_on, unit="day"),
        )
    ).order_by("customer_id")


@empty_unless_enough(RHYTHM_GROUPS)
def rhythm_groups(rhythm: ir.Table, *, longest_gap_days: Mapping[str, int]) -> pd.DataFrame:
    """Group customers by how often they shop: how many are in each group, and what they bring.

    Parameters
    ----------
    rhythm
        One row per customer, from :func:`customer_rhythm`.
    longest_gap_days
        The groups from the most frequent on, each with the longest median gap it admits, e.g.
        ``{"weekly": 7, "every two weeks": 14, "monthly": 31}``. Those with longer gaps are ``"less often"``, those
        with fewer than two shopping days ``"one day at most"``.

    Returns
    -------
    DataFrame
        One row per group, from frequent to rare: ``rhythm``, ``longest_gap_days`` (missing for the last two), ``n``
        (customers in it), ``customers`` (all), ``share_of_customers`` (Wilson interval), ``share_of_orders`` and
        ``share_of_revenue`` (intervals by resampling customers), ``suppressed``; small groups are blank.

    Raises
    ------
    ValueError
        The gaps do not ascend, or a name is not one of the schema's.
    """
    names, limits = list(longest_gap_days), list(longest_gap_days.values())
    if sorted(set(limits)) != limits or not set(names) <= set(RHYTHMS[:-2]):
        raise ValueError(f"name groups among {', '.join(RHYTHMS[:-2])}, from frequent to rare, not {longest_gap_days}")
    names += list(RHYTHMS[-2:])
    people = rhythm.select("customer_id", "median_gap_days", "orders", "revenue").to_pandas()
    gap = people["median_gap_days"].to_numpy(dtype=float)
    group = np.where(np.isnan(gap), len(limits) + 1, np.searchsorted(limits, gap))
    member = (group[:, None] == np.arange(len(names))).astype(float)
    size = member.sum(axis=0)
    table = pd.DataFrame(
        {
            "rhythm": pd.Series(names, dtype="str"),
            "longest_gap_days": whole_numbers([*limits, np.nan, np.nan]),
            "n": whole_numbers(size),
            "customers": len(people),
        }
    )
    table = with_interval(table, "share_of_customers", wilson(size, np.full(len(size), len(people))))
    for measure, total in (("orders", people["orders"].to_numpy()), ("revenue", _cents(people["revenue"]))):
        table = with_interval(table, f"share_of_{measure}", bootstrap_share(member * total[:, None], total))
    shares = bounded("share_of_customers", "share_of_orders", "share_of_revenue")
    return suppress(table, shares, partition=True)


def rhythm_figures(rhythm: ir.Table) -> pd.DataFrame:
    """Estimate how often customers shop, in a few figures.

    Parameters
    ----------
    rhythm
        One row per customer, from :func:`customer_rhythm`.

    Returns
    -------
    DataFrame
        One row per figure: ``figure``, ``value`` with interval (resampling customers), ``unit``, ``n`` (customers).

        ``median_gap``
            median of the customers' own median gaps, over those with two shopping days or more
        ``trips_per_active_week``
            trips by weeks with a trip, over customers with a trip
        ``trips_per_customer``
            mean number of trips in the period

        Missing where fewer than two customers have what it takes.
    """
    people = rhythm.to_pandas()
    gap = people["median_gap_days"].to_numpy(dtype=float)
    trips, weeks = people["trips"].to_numpy(), people["active_weeks"].to_numpy()
    known, active = ~np.isnan(gap), weeks > 0
    figures = {
        "median_gap": (bootstrap_quantile, (gap[known], np.flatnonzero(known)), "days"),
        "trips_per_active_week": (bootstrap_ratio, (trips[active], weeks[active]), "orders"),
        "trips_per_customer": (bootstrap_mean, (trips,), "orders"),
    }
    intervals = []
    for estimate, data, _ in figures.values():
        try:
            intervals.append([float(part) for part in estimate(*data)])
        except NotEnoughData:
            intervals.append([np.nan] * 3)
    table = pd.DataFrame(
        {
            "figure": pd.Series(list(figures), dtype="str"),
            "unit": pd.Series([unit for *_, unit in figures.values()], dtype="str"),
            "n": whole_numbers([len(data[0]) for _, data, _ in figures.values()]),
        }
    )
    return with_interval(table, "value", Interval(*np.array(intervals).T))


def next_shopping_day(gaps: ir.Table, *, horizon_days: int) -> pd.DataFrame:
    """Estimate how many shopping days are followed by another within so many days (Kaplan-Meier).

    Parameters
    ----------
    gaps
        One row per customer and shopping day, from :func:`shopping_gaps`.
    horizon_days
        The last day that is reported; 1 or more.

    Returns
    -------
    DataFrame
        One row per day from 1 to ``horizon_days`` on which a gap ended: ``days``, ``returned`` (share of shopping
        days after which the customer has shopped again by then; interval by resampling customers), ``at_risk`` (gaps
        still open on that day), ``n`` (customers). All shopping days count the same, so that frequent customers have
        more of them. Days on which too few customers have a gap still open are absent.
    """
    spells = gaps.select("customer_id", "days", "observed").to_pyarrow()
    names, customers = encode(spells["customer_id"])
    if len(names) < SMALLEST_CELL:
        return pd.DataFrame(columns=NEXT_SHOPPING_DAY.names)
    days, observed = spells["days"].to_numpy(), spells["observed"].to_numpy(zero_copy_only=False)
    curve = kaplan_meier(days, observed, customers)
    longest = np.zeros(len(names), dtype=days.dtype)
    np.maximum.at(longest, customers, days)
    people = (longest >= curve["days"].to_numpy()[:, None]).sum(axis=1)
    curve = curve[curve["days"].between(1, horizon_days) & (people >= SMALLEST_CELL)].dropna()
    return pd.DataFrame(
        {
            "days": curve["days"].astype("int64"),
            "returned": 1 - curve["survival"],
            "returned_low": 1 - curve["survival_high"],
            "returned_high": 1 - curve["survival_low"],
            "at_risk": curve["at_risk"].astype("int64"),
            "n": len(names),
        }
    ).reset_index(drop=True)


def revenue_deciles(rhythm: ir.Table) -> pd.DataFrame:
    """Share of revenue that each tenth of the customers brings, from the largest on.

    Parameters
    ----------
    rhythm
        One row per customer: ``revenue``.

    Returns
    -------
    DataFrame
        One row per tenth: ``decile`` (1: those who spend most), ``share_of_revenue`` with interval (resampling
        customers), ``n`` (all customers). Customers on the line between two tenths count by fractions.

        Missing with fewer than ten customers or without revenue.
    """
    revenue = _cents(rhythm.select("revenue").to_pandas()["revenue"])
    table = pd.DataFrame({"decile": np.arange(1, 11), "n": len(revenue)})
    try:
        shares = bootstrap_rank_shares(revenue, parts=10)
    except NotEnoughData:
        shares = Interval.missing(10)
    return with_interval(table, "share_of_revenue", shares)


def _cents(money: pd.Series) -> np.ndarray:
    """Exact amounts in whole hundredths."""
    return np.array([int(value * 100) for value in money], dtype=float)
