"""What is known of each customer's shopping days at a cut in time."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir


def shopping_history(orders: ir.Table, *, cut: date, window_days: int) -> ir.Table:
    """Summarize each customer's shopping days up to a cut.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on`` (local day), ``kind``. Only orders of goods count.
    cut
        Last day that counts. Later orders change nothing.
    window_days
        Length of the two windows before the cut.

    Returns
    -------
    Table
        One row per customer who ordered by the cut, by ``customer_id``: ``first_on``, ``last_on``; ``recent_days``
        and ``before_days`` (shopping days in the last window and in the one before); ``gaps`` and ``typical_gap``
        (number and median of the gaps, in days, between the shopping days of about the last two windows; null without
        any), ``longest_gap`` of these; ``ended_gap`` (the longest silence that ended in the last window), ``back_on``
        (the day that ended it) and ``back_days`` (shopping days from then on); null without one.
    """
    days = orders.filter((orders.kind == "goods") & (orders.ordered_on <= ibis.literal(cut)))
    days = days.select("customer_id", day=days.ordered_on).distinct()
    in_order = ibis.window(group_by="customer_id", order_by="day")
    days = days.mutate(
        gap=days.day.delta(days.day.lag().over(in_order), unit="day"), number=ibis.row_number().over(in_order)
    )
    last, before = (days.day > ibis.literal(cut - timedelta(days=n * window_days)) for n in (1, 2))
    return (
        days.group_by("customer_id")
        .aggregate(
            first_on=days.day.min(),
            last_on=days.day.max(),
            recent_days=last.sum(),
            before_days=(before & ~last).sum(),
            gaps=days.gap.count(where=before),
            typical_gap=days.gap.median(where=before),
            longest_gap=days.gap.max(where=before),
            ended_gap=days.gap.max(where=last),
            back_on=days.day.argmax(days.gap, where=last),
            back_days=days.number.max() - days.number.argmax(days.gap, where=last) + 1,
        )
        .order_by("customer_id")
    )
