"""What stands in for what, and what might be lost with a product: the mix as baskets show it."""

from customer_patterns.patterns.assortment import tables
from customer_patterns.patterns.assortment.delisting import at_most_risk, revenue_at_risk
from customer_patterns.patterns.assortment.figures import FINDINGS, READERS
from customer_patterns.patterns.assortment.siblings import categories_of, choose_siblings, sibling_pairs
from customer_patterns.patterns.assortment.tables import TABLES
from customer_patterns.patterns.assortment.tastes import Tastes

__all__ = [
    "FINDINGS",
    "READERS",
    "TABLES",
    "Tastes",
    "at_most_risk",
    "categories_of",
    "choose_siblings",
    "revenue_at_risk",
    "sibling_pairs",
    "tables",
]
