"""Which channel each customer orders through, and who has one that is clearly theirs."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.special import bdtrc

from customer_patterns.estimates import bounded, wilson, with_interval
from customer_patterns.features.cells import customer_sums, suppress
from customer_patterns.features.enough import empty
from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.dirichlet import fit_population, posterior_shares


def channel_preferences(
    order_lines: ir.Table, channels: ir.Table, *, last_day: date, level: float = 0.95
) -> pd.DataFrame:
    """Estimate the share of each channel in a customer's orders, drawn toward all customers.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``ordered_on``, ``line_kind``. Gift cards are no
        purchase until they are spent.
    channels
        One row per order whose channel is known: ``order_id``, ``channel``.
    last_day
        Last day of the study. Later orders change nothing.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        One row per customer with an order of known channel and channel of the study, by both; columns as in
        ``CHANNEL_PREFERENCES``. Orders are beta-binomial (of several channels: Dirichlet-multinomial); the population
        is fitted to all customers. Without rows where fewer than two channels are known.
    """
    lines = order_lines.filter(
        order_lines.ordered_on <= ibis.literal(last_day),
        order_lines.line_kind != "gift_card",
        order_lines.customer_id.notnull(),
    )
    orders = lines.group_by("order_id").aggregate(customer_id=lines.customer_id.min())
    orders = orders.join(channels, "order_id").select("customer_id", "channel")
    sums = customer_sums(orders, {"orders": ibis._.count()}, by="channel")
    counts, names = sums["orders"], [str(name) for name in sums["levels"]]
    if len(names) < 2:
        return empty(tables.CHANNEL_PREFERENCES)
    order = np.argsort(sums["customer_id"].astype(str), kind="stable")
    counts, ids = counts[order], sums["customer_id"].astype(str)[order]
    who, what = np.nonzero(counts)
    population = fit_population(who, what, counts[who, what], values=len(names))
    total = counts.sum(axis=1, keepdims=True)
    share = posterior_shares(counts, total, population.shares, population.concentration, level=level)
    table = pd.DataFrame(
        {
            "customer_id": pd.Series(np.repeat(ids, len(names)), dtype="str"),
            "channel": pd.Series(np.tile(names, len(ids)), dtype="str"),
            "orders": counts.ravel().astype(np.int64),
            "raw_share": (counts / total).ravel(),
            "n": np.repeat(total.ravel(), len(names)).astype(np.int64),
        }
    )
    table = with_interval(table, "share", type(share)(*(part.ravel() for part in share)))
    return table[tables.CHANNEL_PREFERENCES.names]


def dominant_channels(preferences: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Name the channel of more than half of a customer's orders where both the orders and the interval say so.

    Parameters
    ----------
    preferences
        From :func:`channel_preferences`.
    level
        The customer's own orders must show it as well, whatever other customers do: as many of them through the
        channel would come with a chance of at most (1 − level) / 2 if it were half (exact binomial test). An interval
        alone would name the channel of most customers for whoever has a single order.

    Returns
    -------
    DataFrame
        One row per customer, by it; columns as in ``DOMINANT_CHANNELS``. ``"too few orders"`` where not even orders
        that are all through one channel would show it.
    """
    if preferences.empty:
        return empty(tables.DOMINANT_CHANNELS)
    tail = (1 - level) / 2
    n = preferences["n"].to_numpy(dtype=float)
    shown = bdtrc(preferences["orders"].to_numpy(dtype=float) - 1, n, 0.5) <= tail
    shown &= preferences["orders"].to_numpy() > 0
    shown &= preferences["share_low"].to_numpy() > 0.5
    named = preferences[shown].set_index("customer_id")["channel"]
    table = preferences.drop_duplicates("customer_id")[["customer_id", "n"]].reset_index(drop=True)
    table["dominant_channel"] = table["customer_id"].map(named).astype("str")
    enough = 0.5 ** table["n"].to_numpy(dtype=float) <= tail
    missing = table["dominant_channel"].isna()
    table["verdict"] = np.select([~missing, enough], [tables.DOMINANT, tables.MIXED], tables.TOO_FEW)
    return table[tables.DOMINANT_CHANNELS.names].sort_values("customer_id", ignore_index=True)


def count_channel_customers(dominant: pd.DataFrame) -> pd.DataFrame:
    """Count the customers of each channel.

    Parameters
    ----------
    dominant
        From :func:`dominant_channels`.

    Returns
    -------
    DataFrame
        One row per channel that is somebody's, then those without; columns as in ``CHANNEL_CUSTOMERS``. Each customer
        is in one row: rows of few are blanked together with another.
    """
    if dominant.empty:
        return empty(tables.CHANNEL_CUSTOMERS)
    counted = dominant.groupby(["verdict", "dominant_channel"], as_index=False, dropna=False).agg(
        n=("customer_id", "size")
    )
    counted = counted.rename(columns={"dominant_channel": "channel"}).astype({"channel": "str"})
    counted["_place"] = counted["verdict"].map({tables.DOMINANT: 0, tables.MIXED: 1, tables.TOO_FEW: 2})
    counted = counted.sort_values(["_place", "channel"], ignore_index=True).assign(customers=len(dominant))
    share = wilson(counted["n"].to_numpy(), np.full(len(counted), len(dominant)))
    counted = with_interval(counted.astype({"n": "Int64"}), "share_of_customers", share)
    blank = bounded("share_of_customers")
    return suppress(counted, blank, partition=True)[tables.CHANNEL_CUSTOMERS.names]
