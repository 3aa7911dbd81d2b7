"""Tables of orders: how often customers come, who brings the revenue, and how much is in a basket."""

from __future__ import annotations

from customer_patterns.behavior.tables.columns import ALL, CUSTOMER, HOUR, WEEKDAY, orders_column
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: How often customers shop, from frequent to rare; the last two need no parameter.
RHYTHMS = ("weekly", "every two weeks", "monthly", "less often", "one day at most")

ORDERS = TableSchema(
    name="orders",
    grain="order",
    key=("order_id",),
    meaning="Orders by local time, with goods, fuel and gift cards apart.",
    reads=("order_lines",),
    columns=(
        Column("order_id", "text", "the order's key"),
        CUSTOMER,
        Column("ordered_at", "timestamp", "when the order was paid", unit="UTC"),
        Column("ordered_on", "date", "on which day, local", unit="local day"),
        Column("week_starts_on", "date", "the Monday of that day's week, local", unit="local day"),
        WEEKDAY,
        HOUR,
        Column(
            "kind",
            "text",
            "goods where the order has any, else fuel, else gift card",
            levels=("goods", "fuel", "gift_card"),
        ),
        Column("products", "integer", "different goods in the order", unit="products", minimum=0),
        Column("revenue", "money", "what the retailer receives for goods and fuel", unit="currency"),
        Column("goods_revenue", "money", "what the retailer receives for goods", unit="currency"),
        Column("fuel_revenue", "money", "what the retailer receives for fuel", unit="currency"),
        Column("gift_card_revenue", "money", "what was loaded on gift cards", unit="currency"),
    ),
)

SHOPPING_GAPS = TableSchema(
    name="shopping_gaps",
    grain="customer and shopping day",
    key=("customer_id", "ordered_on"),
    meaning="Days with an order of goods, and how long until the next.",
    reads=("orders",),
    columns=(
        CUSTOMER,
        Column("ordered_on", "date", "a local day with an order of goods", unit="local day"),
        Column("days", "integer", "days until the next one, or until the last day that counts", unit="days", minimum=0),
        Column("observed", "boolean", "whether there was a next one; if not, it comes later than `days`, if at all"),
    ),
)

CUSTOMER_RHYTHM = TableSchema(
    name="customer_rhythm",
    grain="customer",
    key=("customer_id",),
    meaning="How often each customer shops. Never printed: a row is about one customer.",
    reads=("orders",),
    columns=(
        CUSTOMER,
        Column("first_on", "date", "day of the first order", unit="local day"),
        Column("last_on", "date", "day of the last order", unit="local day"),
        Column("orders", "integer", "orders of any kind", unit="orders", minimum=1),
        Column("trips", "integer", "orders of goods", unit="orders", minimum=0),
        Column("shopping_days", "integer", "days with an order of goods", unit="days", minimum=0),
        Column("active_weeks", "integer", "weeks with an order of goods", unit="weeks", minimum=0),
        Column("revenue", "money", "goods and fuel", unit="currency"),
        Column(
            "median_gap_days",
            "integer",
            "Kaplan-Meier median of the days between shopping days, the time since the last one included",
            unit="days",
            nullable=True,
            minimum=1,
        ),
        Column(
            "silent_days", "integer", "days from the last order to the last day that counts", unit="days", minimum=0
        ),
    ),
)

RHYTHM_GROUPS = TableSchema(
    name="rhythm_groups",
    grain="rhythm",
    key=("rhythm",),
    meaning="Customers by how often they shop, and what they bring.",
    reads=("customer_rhythm",),
    columns=(
        Column("rhythm", "text", "how often they shop", label="They shop", levels=RHYTHMS),
        Column(
            "longest_gap_days",
            "integer",
            "longest median gap between shopping days in this group",
            label="Median gap at most",
            unit="days",
            nullable=True,
            minimum=1,
        ),
        n_column("customers in the group"),
        ALL,
        *estimate_columns("share_of_customers", "share", "share of all customers", "Customers"),
        *estimate_columns("share_of_orders", "share", "share of all orders", "Orders"),
        *estimate_columns("share_of_revenue", "share", "share of all revenue", "Revenue"),
        SUPPRESSED,
    ),
)

RHYTHM_FIGURES = TableSchema(
    name="rhythm_figures",
    grain="figure",
    key=("figure",),
    meaning="How often customers shop, in a few figures.",
    reads=("customer_rhythm",),
    columns=(
        Column("figure", "text", "which figure", label="Figure"),
        *estimate_columns("value", "number", "the figure", "Value"),
        Column("unit", "text", "its unit", label="Unit"),
        n_column("customers it rests on"),
    ),
)

NEXT_SHOPPING_DAY = TableSchema(
    name="next_shopping_day",
    grain="day after a shopping day",
    key=("days",),
    meaning="How many shopping days are followed by another within so many days (Kaplan-Meier).",
    reads=("shopping_gaps",),
    columns=(
        Column("days", "integer", "days since the shopping day", label="Days", unit="days", minimum=1),
        *estimate_columns("returned", "share", "share of shopping days followed by another by then", "Shopped again"),
        Column("at_risk", "integer", "gaps still open on that day", label="Gaps still open", unit="gaps", minimum=0),
        n_column("customers"),
    ),
)

REVENUE_DECILES = TableSchema(
    name="revenue_deciles",
    grain="tenth of the customers",
    key=("decile",),
    meaning="What each tenth of the customers brings, from those who spend most on.",
    reads=("customer_rhythm",),
    columns=(
        Column("decile", "integer", "tenth of the customers, 1: those who spend most", "Tenth", minimum=1, maximum=10),
        n_column("all customers"),
        *estimate_columns("share_of_revenue", "share", "share of all revenue", "Revenue"),
    ),
)

_STATISTIC = Column(
    "statistic",
    "text",
    "which statistic",
    "Statistic",
    levels=("mean", "lowest tenth", "lower quarter", "median", "upper quarter", "highest tenth"),
)

BASKET_FIGURES = TableSchema(
    name="basket_figures",
    grain="statistic",
    key=("statistic",),
    meaning="Value and size of baskets of goods.",
    reads=("orders",),
    columns=(
        _STATISTIC,
        *estimate_columns("basket_value", "number", "value of the goods in a basket", "Value", "currency"),
        *estimate_columns("basket_products", "number", "different products in a basket", "Products"),
        orders_column("baskets"),
        n_column("customers with a basket"),
    ),
)

FUEL_FIGURES = TableSchema(
    name="fuel_figures",
    grain="statistic",
    key=("statistic",),
    meaning="Value of stops for fuel alone.",
    reads=("orders",),
    columns=(
        _STATISTIC,
        *estimate_columns("fuel_value", "number", "value of the fuel", "Fuel", "currency"),
        orders_column("stops for fuel alone"),
        n_column("customers with such a stop"),
    ),
)

BASKET_VALUES = TableSchema(
    name="basket_values",
    grain="class of basket value",
    key=("value_from",),
    meaning="Baskets of goods by their value.",
    reads=("orders",),
    columns=(
        Column("value_from", "number", "smallest value in the class", "From", "currency", minimum=0),
        Column("value_to", "number", "where the next class begins; none for the last", "To", "currency", nullable=True),
        orders_column("baskets in the class"),
        n_column("customers with such a basket"),
        ALL,
        *estimate_columns("share_of_orders", "share", "share of all baskets", "Baskets"),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        ORDERS,
        SHOPPING_GAPS,
        CUSTOMER_RHYTHM,
        RHYTHM_GROUPS,
        RHYTHM_FIGURES,
        NEXT_SHOPPING_DAY,
        REVENUE_DECILES,
        BASKET_FIGURES,
        FUEL_FIGURES,
        BASKET_VALUES,
    )
}
