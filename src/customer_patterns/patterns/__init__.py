"""Floor 6: what goes together in a basket, tested on other customers and looked for again later."""

from customer_patterns.patterns import assortment, preferences, promotions, tables
from customer_patterns.patterns.account import funnel
from customer_patterns.patterns.baskets import LEVELS, Baskets, number_baskets, read_baskets, read_levels
from customer_patterns.patterns.figures import FINDINGS, Figures
from customer_patterns.patterns.groups import GroupRules, rules_of_groups, sequences_that_distinguish, told_apart
from customer_patterns.patterns.halves import explorers, last_early_day
from customer_patterns.patterns.offers import (
    OFFER_TABLES,
    count_offers,
    offer_to_customers,
    try_offers,
)
from customer_patterns.patterns.permuted import PERMUTED, search_permuted
from customer_patterns.patterns.plain import plain_lifts
from customer_patterns.patterns.search import Search, search, search_levels
from customer_patterns.patterns.sequences import SEQUENCE_TABLES, SequenceSearch, search_sequences
from customer_patterns.patterns.shown import choose_rules, compare, count_later, of_level
from customer_patterns.patterns.tables import LARGEST_BASKET

TABLES = {
    **tables.TABLES,
    **SEQUENCE_TABLES,
    **promotions.TABLES,
    **assortment.TABLES,
    **preferences.TABLES,
    **OFFER_TABLES,
    PERMUTED.name: PERMUTED,
}

__all__ = [
    "FINDINGS",
    "GroupRules",
    "LARGEST_BASKET",
    "LEVELS",
    "TABLES",
    "Baskets",
    "Figures",
    "Search",
    "SequenceSearch",
    "assortment",
    "choose_rules",
    "compare",
    "count_later",
    "count_offers",
    "explorers",
    "funnel",
    "last_early_day",
    "number_baskets",
    "of_level",
    "offer_to_customers",
    "plain_lifts",
    "preferences",
    "promotions",
    "read_baskets",
    "read_levels",
    "rules_of_groups",
    "search",
    "search_levels",
    "search_permuted",
    "search_sequences",
    "sequences_that_distinguish",
    "tables",
    "told_apart",
    "try_offers",
]
