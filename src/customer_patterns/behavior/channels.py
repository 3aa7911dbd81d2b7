"""Through which channels customers buy."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.orders import in_period
from customer_patterns.behavior.tables import CHANNELS
from customer_patterns.estimates import Interval, bootstrap_ratio, bootstrap_share, bounded, wilson, with_interval
from customer_patterns.features.cells import cents, customer_sums, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.privacy.differencing import contributions
from customer_patterns.schemas.canonical import UNKNOWN

_SUMMED = ("orders", "revenue")


def channel_of_orders(order_lines: ir.Table, order_channels: ir.Table) -> ir.Table:
    """Say through which channel each order came: as delivered beside the orders, else as their lines say.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``channel``.
    order_channels
        One row per order: ``order_id``, ``channel``. It may be empty.

    Returns
    -------
    Table
        One row per order of which a channel is known: ``order_id``, ``channel``. Of an order whose lines name several,
        the first by name.
    """
    known = order_lines.filter(order_lines.channel.fill_null(UNKNOWN) != UNKNOWN)
    lines = known.group_by("order_id").aggregate(said=known.channel.min())
    both = order_channels.select("order_id", given=order_channels.channel.nullif(UNKNOWN)).outer_join(lines, "order_id")
    both = both.select(
        order_id=ibis.coalesce(both.order_id, both.order_id_right), channel=ibis.coalesce(both.given, both.said)
    )
    return both.filter(both.channel.notnull())


@empty_unless_enough(CHANNELS)
def channel_profile(orders: ir.Table, channels: ir.Table, *, first_day: date, last_day: date) -> pd.DataFrame:
    """Estimate what each channel brings, and how many customers use it.

    Parameters
    ----------
    orders
        One row per order: ``order_id``, ``customer_id``, ``ordered_on``, ``revenue``.
    channels
        One row per order whose channel is known, from :func:`channel_of_orders`.
    first_day, last_day
        The period, both days included. Other orders change nothing.

    Returns
    -------
    DataFrame
        One row per channel, by name, orders of no known channel last, columns as in :data:`CHANNELS`. A customer may
        use several. Without rows where no channel is known.
    """
    joined = in_period(orders, first_day, last_day).left_join(channels, "order_id")
    joined = joined.select("customer_id", "revenue", channel=joined.channel.fill_null(UNKNOWN))
    sums = customer_sums(joined, {"orders": ibis._.count(), "revenue": cents(ibis._.revenue).sum()}, by="channel")
    order = sorted(range(len(sums["levels"])), key=lambda i: (sums["levels"][i] == UNKNOWN, sums["levels"][i]))
    levels, orders_of, revenue = ([str(sums["levels"][i]) for i in order], *(sums[m][:, order] for m in _SUMMED))
    if set(levels) <= {UNKNOWN}:
        return empty(CHANNELS)
    n = (orders_of > 0).sum(axis=0)
    # (a correction may be worth more than was bought: then it is no share of what was)
    share_of_sum = bootstrap_share if (revenue >= 0).all() else bootstrap_ratio
    table = pd.DataFrame(
        {
            "channel": pd.Series(levels, dtype="str"),
            "orders": whole_numbers(orders_of.sum(axis=0)),
            "n": whole_numbers(n),
            "customers": len(orders_of),
        }
    )
    estimates = {
        "share_of_customers": wilson(n, np.full(len(n), len(orders_of))),
        "share_of_orders": bootstrap_share(orders_of, orders_of.sum(axis=1)),
        "share_of_revenue": share_of_sum(revenue, revenue.sum(axis=1)),
        "order_value": Interval(*(part / 100 for part in bootstrap_ratio(revenue, orders_of))),
    }
    for name, interval in estimates.items():
        table = with_interval(table, name, interval)
    blanks = bounded(*estimates)
    return suppress(table, ["orders", *blanks], sums=contributions(revenue))[CHANNELS.names]
