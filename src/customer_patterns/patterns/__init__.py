"""Floor 6: what goes together in a basket, tested on other customers and looked for again later."""

from customer_patterns.patterns import tables
from customer_patterns.patterns.baskets import LEVELS, Baskets, number_baskets, read_baskets
from customer_patterns.patterns.figures import FINDINGS, Figures
from customer_patterns.patterns.halves import explorers, last_early_day
from customer_patterns.patterns.plain import plain_lifts
from customer_patterns.patterns.search import Search, funnel, search, search_levels
from customer_patterns.patterns.shown import choose_rules, compare, count_later, of_level
from customer_patterns.patterns.tables import TABLES

__all__ = [
    "FINDINGS",
    "LEVELS",
    "TABLES",
    "Baskets",
    "Figures",
    "Search",
    "choose_rules",
    "compare",
    "count_later",
    "explorers",
    "funnel",
    "last_early_day",
    "number_baskets",
    "of_level",
    "plain_lifts",
    "read_baskets",
    "search",
    "search_levels",
    "tables",
]
