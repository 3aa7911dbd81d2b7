"""What customers bought before a day and after it: for whatever happened to them on that day."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from customer_patterns.features.cells import cents


def orders_around(order_lines: ir.Table, days_of: ir.Table, *, window_days: int, last_day: date) -> ir.Table:
    """Sum up each customer's orders in the days before a day, and in the days after it.

    The day itself is in neither, since nobody knows whether its orders came before or after. Gift cards are no
    purchase until they are spent.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``ordered_on``, ``revenue``, ``line_kind``.
    days_of
        One row per customer and day that is looked at: ``customer_id``, ``day``. Repeated rows count once.
    window_days
        How many days before, and how many after; 1 or more.
    last_day
        Last day of the study. Later orders change nothing.

    Returns
    -------
    Table
        One row per customer and day, by both: ``customer_id``, ``day``; ``orders_before``, ``cents_before`` (revenue
        in hundredths) in the ``window_days`` before; ``days_since_order`` (since the last order before the day,
        however long ago; null where there was none); ``orders_after``, ``cents_after`` in the ``window_days`` after;
        ``seen`` (whether all days after lie in the study).

    Raises
    ------
    ValueError
        ``window_days`` is less than 1.
    """
    if window_days < 1:
        raise ValueError(f"a window has one day at least, not {window_days}")
    lines = order_lines.filter(order_lines.line_kind != "gift_card", order_lines.ordered_on <= ibis.literal(last_day))
    bought = lines.group_by("customer_id", "ordered_on").aggregate(
        orders=lines.order_id.nunique(), cents=cents(lines.revenue).sum()
    )
    joined = days_of.select("customer_id", "day").distinct().left_join(bought, "customer_id")
    distance = joined.ordered_on.delta(joined.day, unit="day")
    before = (distance >= -window_days) & (distance < 0)
    after = (distance <= window_days) & (distance > 0)
    sums = joined.group_by("customer_id", "day").aggregate(
        orders_before=joined.orders.sum(where=before).fill_null(0),
        cents_before=joined.cents.sum(where=before).fill_null(0),
        days_since_order=(-distance).min(where=distance < 0),
        orders_after=joined.orders.sum(where=after).fill_null(0),
        cents_after=joined.cents.sum(where=after).fill_null(0),
    )
    seen = sums.day + ibis.interval(days=window_days) <= ibis.literal(last_day)
    return sums.mutate(seen=seen).order_by("customer_id", "day")
