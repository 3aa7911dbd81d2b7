"""What another source adds to customers and orders, in tables of its own.

Where customers and orders are real and what is added is simulated, a table of its own keeps the two apart: no column of
a real table is ever filled from it, and what rests on it says so by lineage.
"""

from __future__ import annotations

from customer_patterns.schemas.canonical.parts import id_of, level, some_id
from customer_patterns.schemas.table import TableSchema

CUSTOMER_TRAITS = TableSchema(
    name="customer_traits",
    grain="customer",
    key=("customer_id",),
    meaning="What another source than the one of customers says about where they live and what they do. Undated: "
    "as delivered.",
    columns=(
        id_of("customer_id", "the customer's key"),
        some_id("region_id", "the region where the customer lives"),
        level("occupation", "group of occupations", "Occupation"),
        level("education", "highest degree", "Education"),
    ),
)

ORDER_CHANNELS = TableSchema(
    name="order_channels",
    grain="order",
    key=("order_id",),
    meaning="Through which channel an order came, as another source than the one of the orders says. Known with the "
    "order.",
    columns=(
        id_of("order_id", "the order's key"),
        level("channel", "store, online …", "Channel"),
    ),
)
