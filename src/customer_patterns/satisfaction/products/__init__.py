"""How content customers are with single products and categories."""

from customer_patterns.satisfaction.products.figures import FINDINGS, READERS, flagged_first
from customer_patterns.satisfaction.products.overview import product_overview
from customer_patterns.satisfaction.products.products import product_counts, product_satisfaction
from customer_patterns.satisfaction.products.shares import pool_shares
from customer_patterns.satisfaction.products.tables import TABLES

__all__ = [
    "FINDINGS",
    "READERS",
    "TABLES",
    "flagged_first",
    "pool_shares",
    "product_counts",
    "product_overview",
    "product_satisfaction",
]
