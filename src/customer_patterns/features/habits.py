"""How each customer shops, in a few numbers that each say something else: one row per customer at a cut in time."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import UNKNOWN

#: Days of a mean month.
DAYS_A_MONTH = 365.25 / 12

#: From this hour on an order counts as one of the evening, local time.
EVENING_FROM = 18

_HABIT = {"kind": "number", "nullable": True, "minimum": 0}
_SHARE = {"kind": "share", "nullable": True, "minimum": 0, "maximum": 1}

CUSTOMER_HABITS = TableSchema(
    name="customer_habits",
    grain="customer",
    key=("customer_id",),
    meaning="How each customer buys goods. Never printed: a row is about one customer.",
    reads=("orders", "order_lines", "products"),
    columns=(
        Column("customer_id", "text", "the customer's key"),
        Column("orders", "integer", "orders of goods", unit="orders", minimum=1),
        Column(
            "orders_per_month",
            meaning="orders of goods by months since the first of them, one month at least",
            label="Orders a month",
            **_HABIT,
        ),
        Column("basket_value", meaning="value of the goods by orders", label="Basket", unit="currency", **_HABIT),
        Column(
            "product_price",
            meaning="value of the goods by products in orders",
            label="Value of a product",
            unit="currency",
            **_HABIT,
        ),
        Column("weekend_share", meaning="share of orders on Saturday or Sunday, local time", label="Weekend", **_SHARE),
        Column("evening_share", meaning="share of orders in the evening, local time", label="Evening", **_SHARE),
        Column(
            "own_brand_share",
            meaning="share of the value of goods that is of the retailer's own brand, where the brand is known",
            label="Own brand",
            **_SHARE,
        ),
        Column(
            "discount_share",
            meaning="discounts by the value of goods before discounts",
            label="Discounts",
            **_SHARE,
        ),
        Column(
            "category_focus",
            meaning="chance that two products picked from the customer's orders are of one category",
            label="Same category",
            **_SHARE,
        ),
    ),
)


def shopping_habits(
    order_lines: ir.Table,
    products: ir.Table,
    orders: ir.Table,
    *,
    first_day: date,
    last_day: date,
    own_brand: str = "Private",
) -> ir.Table:
    """Measure how each customer buys goods: how often, how much, when, which kind.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``product_id``, ``revenue``, the discounts
        ``retail_discount``, ``coupon_discount``, ``coupon_match_discount``, ``line_kind``.
    products
        One row per product: ``product_id``, ``brand``, ``category``; ``"unknown"`` where one is not known. It may be
        empty.
    orders
        One row per order: ``order_id``, ``customer_id``, ``ordered_on`` (local day), ``weekday`` (1 Monday to 7
        Sunday), ``hour`` (0 to 23, local), ``kind``.
    first_day, last_day
        The period, both days included. Other orders change nothing.
    own_brand
        The level of ``brand`` that is the retailer's own.

    Returns
    -------
    Table
        One row per customer with an order of goods in the period, by ``customer_id``, columns as in
        :data:`CUSTOMER_HABITS`. ``own_brand_share`` is missing where no brand is known, ``category_focus`` with fewer
        than two products of a known category, ``discount_share`` where nothing was paid.

    Notes
    -----
    ``category_focus`` is Simpson's index in its unbiased form (Simpson 1949, Nature 163, 688), so that customers with
    few purchases do not look more focused than others: with ``n`` products, ``n_c`` of them of category ``c``, it is
    the sum of ``n_c (n_c - 1)`` by ``n (n - 1)``.
    """
    within = orders.ordered_on.between(ibis.literal(first_day), ibis.literal(last_day))
    trips = orders.filter(within & (orders.kind == "goods"))
    count = trips.count()
    people = trips.group_by("customer_id").aggregate(
        orders=count,
        first_on=trips.ordered_on.min(),
        weekend_orders=(trips.weekday >= 6).sum(),
        evening_orders=(trips.hour >= EVENING_FROM).sum(),
    )
    months = ibis.greatest((ibis.literal(last_day).delta(people.first_on, unit="day") + 1) / DAYS_A_MONTH, 1.0)
    bought = _goods_of(order_lines, products, trips, own_brand)
    table = people.join(bought, "customer_id")
    known_brand, pairs = table.known_brand, table.categorized * (table.categorized - 1)
    paid = table.goods + table.discounts
    return CUSTOMER_HABITS.cast(
        table.mutate(
            orders_per_month=table.orders / months,
            basket_value=table.goods / 100 / table.orders,
            product_price=table.goods / 100 / table.products,
            weekend_share=table.weekend_orders / table.orders,
            evening_share=table.evening_orders / table.orders,
            own_brand_share=ibis.ifelse(known_brand > 0, table.own_brand / known_brand, None),
            discount_share=ibis.ifelse(paid > 0, table.discounts / paid, None),
            category_focus=ibis.ifelse(pairs > 0, table.same_category / pairs, None),
        )
    ).order_by("customer_id")


def _goods_of(order_lines: ir.Table, products: ir.Table, trips: ir.Table, own_brand: str) -> ir.Table:
    """One row per customer: whole hundredths and numbers of products, by what is known of them."""
    goods = order_lines.filter(order_lines.line_kind == "goods").semi_join(trips, "order_id")
    discounts = goods.retail_discount + goods.coupon_discount + goods.coupon_match_discount
    lines = goods.select(
        "customer_id", "product_id", goods=(goods.revenue * 100).cast("int64"), off=(discounts * 100).cast("int64")
    )
    about = products.select("product_id", "brand", "category")
    lines = lines.left_join(about, "product_id")
    known = lines.brand.fill_null(UNKNOWN) != UNKNOWN
    # Missing products and those of no known category are one level, which is left out below.
    by_category = lines.group_by("customer_id", category=lines.category.fill_null(UNKNOWN)).aggregate(
        products=lines.count(),
        goods=lines.goods.sum(),
        discounts=lines.off.sum(),
        known_brand=lines.goods.sum(where=known).fill_null(0),
        own_brand=lines.goods.sum(where=known & (lines.brand == own_brand)).fill_null(0),
    )
    n, named = by_category.products, by_category.category != UNKNOWN
    return by_category.group_by("customer_id").aggregate(
        products=n.sum(),
        goods=by_category.goods.sum(),
        discounts=by_category.discounts.sum(),
        known_brand=by_category.known_brand.sum(),
        own_brand=by_category.own_brand.sum(),
        categorized=n.sum(where=named).fill_null(0),
        same_category=(n * (n - 1)).sum(where=named).fill_null(0),
    )
