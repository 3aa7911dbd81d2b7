"""Which customers are watched from when on, and what of: from orders to histories."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.cells import cents
from customer_patterns.outlook.value.histories import Histories

Floats = NDArray[np.float64]


def watch_customers(orders: ir.Table, *, first_day: date, as_of: date, burn_in_months: int = 3) -> pd.DataFrame:
    """Summarize the orders of each customer as lifetime models want them.

    What counts as an order is a day with goods: two baskets on one day are one visit. A study's window mostly opens in
    the middle of its customers' lives. Who is seen within the first months was there before: such a customer is watched
    from the eve of the window, and all orders in it are repeat orders. Who is first seen later is watched from the
    first order on.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on`` (local day), ``kind`` (``goods``, ``fuel``, ``gift_card``),
        ``revenue`` (goods and fuel, net of returns).
    first_day, as_of
        The window, both days included. Other orders change nothing.
    burn_in_months
        Customers first seen within so many months of ``first_day`` were there before; 0: the data hold everybody's
        first order.

    Returns
    -------
    DataFrame
        One row per customer with an order of goods in the window, by ``customer_id``: ``first_on``, ``known_before``,
        ``shopping_days`` (1 or more), ``repeat_orders`` (days with goods after the watch began), ``last`` and
        ``tenure`` (days from the beginning to the last of them, and to ``as_of``), ``log_gaps`` (sum of the logarithms
        of the days between them), ``revenue_cents`` (of all orders, net).

    Raises
    ------
    ValueError
        ``burn_in_months`` is negative.
    """
    if burn_in_months < 0:
        raise ValueError(f"burn_in_months must be 0 or more, not {burn_in_months}")
    within = orders.filter(orders.ordered_on.between(ibis.literal(first_day), ibis.literal(as_of)))
    goods = within.kind == "goods"
    daily = within.group_by("customer_id", "ordered_on").aggregate(goods=goods.any(), money=cents(within.revenue).sum())
    own = ibis.window(group_by="customer_id", order_by="ordered_on")
    days = daily.filter(daily.goods)
    days = days.mutate(gap=days.ordered_on.delta(days.ordered_on.lag().over(own), unit="day"))
    people = days.group_by("customer_id").aggregate(
        first_on=days.ordered_on.min(),
        last_on=days.ordered_on.max(),
        shopping_days=days.count(),
        log_gaps=days.gap.cast("float64").ln().round(6).cast("decimal(18, 6)").sum(),
    )
    money = daily.group_by("customer_id").aggregate(revenue_cents=daily.money.sum())
    table = people.join(money, "customer_id").order_by("customer_id").to_pandas()
    return _watched(table, first_day=first_day, as_of=as_of, burn_in_months=burn_in_months)


def _watched(people: pd.DataFrame, *, first_day: date, as_of: date, burn_in_months: int) -> pd.DataFrame:
    """Begin the watch of each customer."""
    month = first_day.month - 1 + burn_in_months
    settled = date(first_day.year + month // 12, month % 12 + 1, 1)
    first, last = (pd.to_datetime(people[name]).to_numpy("datetime64[D]") for name in ("first_on", "last_on"))
    before = (first < np.datetime64(settled)) & (burn_in_months > 0)
    eve = np.datetime64(first_day - timedelta(days=1))
    begins = np.where(before, eve, first)
    days = people["shopping_days"].to_numpy(dtype=np.int64)
    opening = np.where(before, (first - eve).astype(float), 1.0)
    return pd.DataFrame(
        {
            "customer_id": people["customer_id"],
            "first_on": first.astype("datetime64[us]"),
            "known_before": before,
            "shopping_days": days,
            "repeat_orders": np.where(before, days, days - 1),
            "last": (last - begins).astype(np.int64),
            "tenure": (np.datetime64(as_of) - begins).astype(np.int64),
            "log_gaps": people["log_gaps"].astype(float).fillna(0.0).to_numpy() + np.log(opening),
            "revenue_cents": people["revenue_cents"].astype(np.int64),
        }
    )


def histories_of(watched: pd.DataFrame) -> Histories:
    """The histories of watched customers, in days, one per customer in the same order."""
    numbers = (watched[name].to_numpy(dtype=float) for name in ("repeat_orders", "last", "tenure"))
    return Histories(*numbers, np.ones(len(watched)), watched["log_gaps"].to_numpy(dtype=float), "days")


def mean_values(watched: pd.DataFrame) -> Floats:
    """What each customer brought on a shopping day, on average; 0 or less where returns ate it up."""
    return watched["revenue_cents"].to_numpy(dtype=float) / 100 / watched["shopping_days"].to_numpy(dtype=float)
