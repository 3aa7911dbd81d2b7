"""Visits without an order: which customers come and come and buy nothing, and when visits end so."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.engagement.shares import clustered_shares
from customer_patterns.behavior.engagement.tables import (
    FREQUENT_VISITORS,
    VISITING_WITHOUT_ORDER,
    VISITS_WITHOUT_ORDER,
)
from customer_patterns.estimates import bounded, wilson, with_interval
from customer_patterns.features.cells import customer_sums, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough


def visiting_without_order(
    visits: ir.Table, orders: ir.Table, *, at_least: int, window_days: int, last_day: date
) -> pd.DataFrame:
    """List the customers who visited often in the last days and ordered nothing in them, through any channel.

    Parameters
    ----------
    visits
        One row per visit: ``visitor``, ``known``, ``started_on``, ``ordered``.
    orders
        One row per order: ``customer_id``, ``ordered_on``.
    at_least
        From how many visits on; 1 or more.
    window_days
        How many days are looked at, the last of them ``last_day``; 1 or more.
    last_day
        Last day of the study. Later visits and orders change nothing.

    Returns
    -------
    DataFrame
        One row per such customer, by ``customer_id``; columns as in ``VISITING_WITHOUT_ORDER``.

    Raises
    ------
    ValueError
        ``at_least`` or ``window_days`` is less than 1.
    """
    table = _frequent(visits, orders, at_least=at_least, window_days=window_days, last_day=last_day)
    table = table[table["bought"] == 0].reset_index(drop=True)
    table["last_visit_on"] = pd.to_datetime(table["last_visit_on"])
    return table[VISITING_WITHOUT_ORDER.names]


def frequent_visitors(
    visits: ir.Table, orders: ir.Table, *, at_least: int, window_days: int, last_day: date
) -> pd.DataFrame:
    """Estimate how many of those who visited often in the last days ordered nothing in them.

    Parameters
    ----------
    visits, orders, at_least, window_days, last_day
        As in :func:`visiting_without_order`.

    Returns
    -------
    DataFrame
        One row, or none where nobody visited so often; columns as in ``FREQUENT_VISITORS``. Wilson interval.
    """
    table = _frequent(visits, orders, at_least=at_least, window_days=window_days, last_day=last_day)
    if table.empty:
        return empty(FREQUENT_VISITORS)
    without = int((table["bought"] == 0).sum())
    row = pd.DataFrame({"n": whole_numbers([len(table)]), "without_order": whole_numbers([without])})
    row = with_interval(row, "share_without_order", wilson([without], [len(table)]))
    return suppress(row, [name for name in row.columns if name != "n"])[FREQUENT_VISITORS.names]


def _frequent(visits: ir.Table, orders: ir.Table, *, at_least: int, window_days: int, last_day: date) -> pd.DataFrame:
    """The known customers with so many visits in the window, and what they ordered in it and before."""
    if at_least < 1 or window_days < 1:
        raise ValueError(f"one visit and one day at least, not {at_least} and {window_days}")
    since = ibis.literal(last_day - timedelta(days=window_days - 1))
    end = ibis.literal(last_day)
    came = visits.filter(visits.known & (visits.started_on >= since) & (visits.started_on <= end))
    each = came.group_by(customer_id="visitor").aggregate(
        visits=ibis._.count(),
        days=ibis._.started_on.nunique(),
        last_visit_on=ibis._.started_on.max(),
        on_the_web=ibis._.ordered.sum(),
    )
    each = each.filter(each.visits >= at_least)
    until = orders.filter(orders.ordered_on <= end)
    bought = until.group_by("customer_id").aggregate(
        within=(until.ordered_on >= since).sum(), orders_before=(until.ordered_on < since).sum()
    )
    joined = each.left_join(bought, "customer_id").drop("customer_id_right")
    # An order that only the visit knows of (a cart paid elsewhere) is an order too.
    joined = joined.mutate(
        bought=joined.within.fill_null(0) + joined.on_the_web, orders_before=joined.orders_before.fill_null(0)
    )
    return joined.order_by("customer_id").to_pandas()


@empty_unless_enough(VISITS_WITHOUT_ORDER)
def visits_without_order(visits: ir.Table) -> pd.DataFrame:
    """Estimate how many visits hold no order, by the hour in which they begin.

    Parameters
    ----------
    visits
        One row per visit: ``visitor``, ``hour``, ``ordered``.

    Returns
    -------
    DataFrame
        One row per hour, 0 to 23; columns as in ``VISITS_WITHOUT_ORDER``. Intervals resample visitors; hours of too
        few are blank.
    """
    measures = {"visits": ibis._.count(), "without": (~ibis._.ordered).sum()}
    sums = customer_sums(visits.rename(customer_id="visitor"), measures, by="hour", levels=range(24))
    counts = sums["visits"]
    table = pd.DataFrame(
        {
            "hour": np.arange(24),
            "visits": whole_numbers(counts.sum(axis=0).astype("int64")),
            "n": whole_numbers((counts > 0).sum(axis=0)),
        }
    )
    table = with_interval(table, "share_without_order", clustered_shares(sums["without"], counts))
    blanks = ["visits", *bounded("share_without_order")]
    return suppress(table, blanks)[VISITS_WITHOUT_ORDER.names]
