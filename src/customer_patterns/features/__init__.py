"""Floor 5: what several rooms need of customers: sums per customer, cells too small to be shown."""

from customer_patterns.features.cells import (
    SMALLEST_CELL,
    cents,
    customer_sums,
    distinct,
    encode,
    encode_in_order,
    order_profile,
    shown,
    suppress,
    whole_numbers,
)
from customer_patterns.features.shopping_days import shopping_days

__all__ = [
    "SMALLEST_CELL",
    "cents",
    "customer_sums",
    "distinct",
    "encode",
    "encode_in_order",
    "order_profile",
    "shopping_days",
    "shown",
    "suppress",
    "whole_numbers",
]
