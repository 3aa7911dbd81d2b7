"""From the lines of orders to orders, with the clock on the customer's wall."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.behavior.tables import ORDERS
from customer_patterns.schemas.local_time import local_time


def summarize_orders(order_lines: ir.Table, *, time_zone: str) -> ir.Table:
    """Add the lines of each order up and say when it was, by local time.

    Fuel and gift cards are kept apart: a tank costs several baskets, and a gift card is money lent by the customer,
    which counts as revenue only when something is bought with it.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``product_id``, ``ordered_at`` (UTC),
        ``ordered_on`` (local day), ``revenue``, ``line_kind`` (``goods``, ``fuel``, ``gift_card``).
    time_zone
        The study's, e.g. ``"America/New_York"``.

    Returns
    -------
    Table
        One row per order, by ``order_id``: ``customer_id``, ``ordered_at``, ``ordered_on``, ``week_starts_on`` (its
        Monday), ``weekday`` (1 Monday to 7 Sunday) and ``hour`` (0 to 23), all local but the second; ``kind``
        (``goods`` where it has any, else ``fuel``, else ``gift_card``); ``products`` (different goods);
        ``goods_revenue``, ``fuel_revenue``, ``gift_card_revenue`` and ``revenue`` (goods and fuel), in the study's
        currency.

    Raises
    ------
    ValueError
        The time zone is unknown.
    """
    kinds = {kind: order_lines.line_kind == kind for kind in ("goods", "fuel", "gift_card")}
    nothing = ibis.literal(0).cast("decimal(18, 2)")

    def revenue_of(kind: str) -> ir.DecimalScalar:
        return order_lines.revenue.sum(where=kinds[kind]).fill_null(nothing)

    orders = order_lines.group_by("order_id").aggregate(
        customer_id=order_lines.customer_id.min(),
        ordered_at=order_lines.ordered_at.min(),
        ordered_on=order_lines.ordered_on.min(),
        products=kinds["goods"].sum(),
        has_fuel=kinds["fuel"].any(),
        goods_revenue=revenue_of("goods"),
        fuel_revenue=revenue_of("fuel"),
        gift_card_revenue=revenue_of("gift_card"),
    )
    return ORDERS.cast(
        orders.mutate(
            week_starts_on=orders.ordered_on.truncate("W"),
            weekday=orders.ordered_on.day_of_week.index() + 1,
            hour=local_time(orders.ordered_at, time_zone=time_zone).hour(),
            kind=ibis.cases((orders.products > 0, "goods"), (orders.has_fuel, "fuel"), else_="gift_card"),
            revenue=orders.goods_revenue + orders.fuel_revenue,
        )
    ).order_by("order_id")


def totals(order_lines: ir.Table, orders: ir.Table, rhythm: ir.Table) -> pd.DataFrame:
    """Add up what must be the same in lines, orders and customers.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``revenue``, ``line_kind``.
    orders
        One row per order, from :func:`summarize_orders`.
    rhythm
        One row per customer, from :func:`~customer_patterns.behavior.rhythm.customer_rhythm`.

    Returns
    -------
    DataFrame
        One row per table: ``table``, ``orders``, ``customers``, ``revenue`` (goods and fuel).
    """
    sold = order_lines.line_kind != "gift_card"
    sums = {
        "order_lines": order_lines.aggregate(
            orders=order_lines.order_id.nunique(),
            customers=order_lines.customer_id.nunique(),
            revenue=order_lines.revenue.sum(where=sold),
        ),
        "orders": orders.aggregate(
            orders=orders.count(), customers=orders.customer_id.nunique(), revenue=orders.revenue.sum()
        ),
        "customer_rhythm": rhythm.aggregate(
            orders=rhythm.orders.sum().fill_null(0), customers=rhythm.count(), revenue=rhythm.revenue.sum()
        ),
    }
    return pd.DataFrame([{"table": name, **row.to_pyarrow().to_pylist()[0]} for name, row in sums.items()])


def in_period(orders: ir.Table, first_day: date, last_day: date) -> ir.Table:
    """Keep the orders of a period, both days included; later ones change nothing.

    Raises
    ------
    ValueError
        The period ends before it begins.
    """
    if last_day < first_day:
        raise ValueError(f"the period ends ({last_day}) before it begins ({first_day})")
    return orders.filter(orders.ordered_on.between(ibis.literal(first_day), ibis.literal(last_day)))
