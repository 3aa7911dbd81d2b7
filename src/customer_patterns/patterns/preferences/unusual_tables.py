"""The tables about unusual orders: what each row is, each column, its unit and range."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

_MIX = ("order_lines", "products")

#: Why an order is unusual.
AMOUNT, UNITS, HOUR, MIX = "amount", "many units", "hour", "mix of categories"
REASONS = (AMOUNT, UNITS, HOUR, MIX)

UNUSUAL_ORDERS = TableSchema(
    name="unusual_orders",
    grain="order and reason",
    key=("order_id", "reason"),
    meaning="Orders that are unlike what their customer does, and in what. Never printed: a row is about one customer.",
    reads=_MIX,
    columns=(
        Column("order_id", "text", "the order's key"),
        Column("reason", "text", "in what it is unusual", "Reason", levels=REASONS),
        Column("customer_id", "text", "the customer's key"),
        Column("ordered_on", "date", "local day of the order", "Day"),
        Column("seen", "number", "amount, units, hour, or surprise of the mix", "Seen", nullable=True),
        Column("usual", "number", "what the customer's orders show; missing for hour and mix", "Usual", nullable=True),
        Column("distance", "number", "from there, on the scale of the measure", "Distance"),
        Column("threshold", "number", "from which on a distance is unusual", "Threshold"),
        Column("n", "integer", "the customer's orders that say what is usual", "Orders", "orders", minimum=1),
    ),
)

UNUSUAL_COUNTS = TableSchema(
    name="unusual_counts",
    grain="reason",
    key=("reason",),
    meaning="How many orders are unusual, and how many would be called so if none were.",
    reads=_MIX,
    columns=(
        Column("reason", "text", "in what; any: at least one", "Reason", levels=(*REASONS, "any")),
        Column("orders", "integer", "orders looked at", "Orders", "orders", minimum=0),
        Column("promised", "share", "share called unusual at most if none were", "Promised", minimum=0, maximum=1),
        Column("by_chance", "number", "orders called unusual at most if none were", "By chance", "orders", minimum=0),
        Column("unusual", "integer", "orders called unusual", "Unusual", "orders", True, minimum=0),
        *estimate_columns("share", "share", "of the orders looked at", "Share"),
        n_column("customers it rests on"),
        SUPPRESSED,
    ),
)
