"""How the brands of a category share its customers, beside what a market without niches would show."""

from customer_patterns.behavior.market import figures
from customer_patterns.behavior.market.dirichlet import (
    Buying,
    Market,
    expected_buying,
    expected_duplication,
    fit_market,
)
from customer_patterns.behavior.market.purchases import Purchases, choose_category, purchases_in
from customer_patterns.behavior.market.structure import Structure, market_structure, pairs_in_order
from customer_patterns.behavior.market.tables import TABLES

__all__ = [
    "TABLES",
    "Buying",
    "Market",
    "Purchases",
    "Structure",
    "choose_category",
    "expected_buying",
    "expected_duplication",
    "figures",
    "fit_market",
    "market_structure",
    "pairs_in_order",
    "purchases_in",
]
