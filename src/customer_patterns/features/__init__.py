"""Floor 5: what several rooms need of customers: sums per customer, cells too small to be shown."""

from customer_patterns.features.cells import (
    SMALLEST_CELL,
    cents,
    customer_sums,
    encode,
    order_profile,
    shown,
    suppress,
    whole_numbers,
)

__all__ = [
    "SMALLEST_CELL",
    "cents",
    "customer_sums",
    "encode",
    "order_profile",
    "shown",
    "suppress",
    "whole_numbers",
]
