"""Which sums of a week would tell what one customer spent: these are not shown, and no series is made of them."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.features.cells import cents
from customer_patterns.privacy.differencing import Contributions

#: Weeks of the past that are shown beside a forecast.
SHOWN_WEEKS = 13
_DAYS = 7


def telling(amounts: ir.Table, *, last_day: date) -> pd.DataFrame:
    """Find the sums of shown weeks that give away their largest contributor (the p% rule).

    Parameters
    ----------
    amounts
        Any number of rows per ``series``, ``customer_id`` and ``ordered_on``: ``cents``.
    last_day
        The last day of the last week; the :data:`SHOWN_WEEKS` weeks of seven days up to it are shown. Other rows change
        nothing.

    Returns
    -------
    DataFrame
        One row per series and week whose sum gives somebody away: ``series``, ``week_ends_on``.
    """
    first = last_day - timedelta(days=_DAYS * SHOWN_WEEKS - 1)
    rows = amounts.filter(amounts.ordered_on.between(ibis.literal(first), ibis.literal(last_day)))
    ago = ibis.literal(last_day).cast("date").delta(rows.ordered_on.cast("date"), unit="day") // _DAYS
    each = rows.group_by("series", "customer_id", weeks_ago=ago.cast("int64")).aggregate(cents=rows.cents.sum().abs())
    place = ibis.row_number().over(group_by=["series", "weeks_ago"], order_by=[each.cents.desc(), each.customer_id])
    ranked = each.mutate(place=place)
    found = ranked.group_by("series", "weeks_ago").aggregate(
        first=ranked.cents.max(where=ranked.place == 0),
        second=ranked.cents.max(where=ranked.place == 1),
        total=ranked.cents.sum(),
    )
    table = found.order_by("series", "weeks_ago").to_pandas()
    sums = Contributions(*(table[name].fillna(0).to_numpy(dtype=float) for name in ("first", "second", "total")))
    told = table[sums.dominated()] if len(table) else table
    ends = [np.datetime64(last_day) - np.timedelta64(_DAYS * int(ago), "D") for ago in told["weeks_ago"]]
    return pd.DataFrame({"series": told["series"].to_numpy(), "week_ends_on": np.array(ends, dtype="datetime64[D]")})


def followed(
    goods: ir.Table, fuel: ir.Table, candidates: list[str], *, apart: bool, rest: str, last_day: date
) -> tuple[list[str], bool]:
    """Choose which categories, and whether fuel, may be shown by themselves: nobody's spending follows from them.

    A category that gives somebody away becomes part of all other goods; where these do, so does the smallest of those
    followed, until nothing does: with the whole known, what is left over is as good as shown.

    Parameters
    ----------
    goods
        Lines of goods: ``category``, ``customer_id``, ``ordered_on``, ``cents``.
    fuel
        What was spent on fuel: ``customer_id``, ``ordered_on``, ``cents``.
    candidates
        Categories, the largest first.
    apart
        Whether fuel would stand by itself; if not, it belongs to the rest.
    rest
        What all others are called.
    last_day
        As of :func:`telling`.

    Returns
    -------
    tuple
        The categories that are followed, in their order, and whether fuel stands apart.
    """
    of_fuel, chosen = "fuel of itself", list(candidates)
    while chosen:
        parts = goods.select(
            "customer_id",
            "ordered_on",
            "cents",
            series=ibis.ifelse(goods.category.isin(chosen), goods.category, rest),
        ).union(fuel.select("customer_id", "ordered_on", "cents", series=ibis.literal(of_fuel if apart else rest)))
        told = set(telling(parts, last_day=last_day)["series"])
        if not told:
            break
        if of_fuel in told:
            apart = False
        elif told & set(chosen):
            chosen = [name for name in chosen if name not in told]
        else:
            chosen.pop()
    return chosen, apart and bool(chosen)


def amounts_of(orders: ir.Table, *, column: str = "revenue", series: ir.Value) -> ir.Table:
    """Return what each order adds to a series: ``series``, ``customer_id``, ``ordered_on``, ``cents``."""
    return orders.select("customer_id", "ordered_on", cents=cents(orders[column]), series=series)
