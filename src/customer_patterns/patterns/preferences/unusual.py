"""Orders that are unlike what their customer does, each with the reason, and how many would be called so by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import NotEnoughData, bootstrap_share, bounded, with_interval
from customer_patterns.features.cells import suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.orders import Orders
from customer_patterns.patterns.preferences.tails import has_tail, threshold

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def unusual_orders(orders: Orders, *, promised: float = 0.001) -> pd.DataFrame:
    """Name the orders that are unlike what their customer does.

    Parameters
    ----------
    orders
        From :func:`read_orders`.
    promised
        Share of ordinary orders that are called unusual at most; each reason has an equal part of it.

    Returns
    -------
    DataFrame
        One row per order and reason, by both; columns as in ``UNUSUAL_ORDERS``. Reasons whose tail cannot be told (too
        few orders) name none.

    Raises
    ------
    ValueError
        ``promised`` is not above 0 or is more than 0.02.
    """
    if not 0 < promised <= 0.02:
        raise ValueError(f"a promise lies between 0 and 0.02, not {promised:g}")
    people = len(orders.customers)
    parts = []
    for reason, (distance, seen, usual) in orders.distances.items():
        there = np.flatnonzero(np.isfinite(distance))
        try:
            limit = threshold(distance[there], promised=promised / len(tables.REASONS))
        except NotEnoughData:
            continue
        n = np.bincount(orders.customer[there], minlength=people)
        rows = there[distance[there] > limit]
        who = orders.customer[rows]
        parts.append(
            pd.DataFrame(
                {
                    "order_id": pd.Series(orders.order_id[rows], dtype="str"),
                    "reason": pd.Series([reason] * len(rows), dtype="str"),
                    "customer_id": pd.Series(orders.customers[who], dtype="str"),
                    "ordered_on": orders.day[rows].astype("datetime64[us]"),
                    "seen": seen[rows],
                    "usual": usual[rows],
                    "distance": distance[rows],
                    "threshold": limit,
                    "n": n[who],
                }
            )
        )
    if not parts:
        return empty(tables.UNUSUAL_ORDERS)
    table = pd.concat(parts, ignore_index=True)[tables.UNUSUAL_ORDERS.names]
    return table.sort_values(["order_id", "reason"], ignore_index=True)


@empty_unless_enough(tables.UNUSUAL_COUNTS)
def count_unusual(unusual: pd.DataFrame, orders: Orders, *, promised: float = 0.001) -> pd.DataFrame:
    """Count unusual orders beside those that chance would show.

    Parameters
    ----------
    unusual
        From :func:`unusual_orders`.
    orders, promised
        What it was made of and with.

    Returns
    -------
    DataFrame
        One row per reason with a tail and one for any of them, in their order; columns as in ``UNUSUAL_COUNTS``.
        Intervals resample customers.
    """
    place = pd.Series(np.arange(len(orders.order_id)), index=orders.order_id)
    at, why = place.reindex(unusual["order_id"]).to_numpy(), unusual["reason"].to_numpy()
    people = len(orders.customers)
    rows, looked_at, called = [], np.zeros(len(orders.order_id), dtype=bool), np.zeros(len(orders.order_id), dtype=bool)
    for reason, (distance, _, _) in orders.distances.items():
        there = np.isfinite(distance)
        if not has_tail(distance[there]):
            continue
        flagged = np.zeros(len(there), dtype=bool)
        flagged[at[why == reason]] = True
        looked_at, called = looked_at | there, called | flagged
        rows.append((reason, promised / len(tables.REASONS), there, flagged))
    if not rows:
        return empty(tables.UNUSUAL_COUNTS)
    rows.append(("any", promised, looked_at, called))
    of = np.stack([np.bincount(orders.customer, there, people) for _, _, there, _ in rows], axis=1)
    hits = np.stack([np.bincount(orders.customer, flagged, people) for _, _, _, flagged in rows], axis=1)
    table = pd.DataFrame(
        {
            "reason": pd.Series([reason for reason, *_ in rows], dtype="str"),
            "orders": of.sum(axis=0).astype(np.int64),
            "promised": [share for _, share, _, _ in rows],
            "by_chance": of.sum(axis=0) * [share for _, share, _, _ in rows],
            "unusual": whole_numbers(hits.sum(axis=0)),
            "n": whole_numbers((of > 0).sum(axis=0)),
        }
    )
    table = with_interval(table, "share", bootstrap_share(hits, of))
    return suppress(table, ["unusual", *bounded("share")])[tables.UNUSUAL_COUNTS.names]
