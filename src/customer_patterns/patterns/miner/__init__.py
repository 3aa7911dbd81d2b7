"""Our own miner: frequent sets, their rules, pairs and sequences, compiled by numba when something is first mined.

Everything is flat arrays of whole numbers inside, so that two hundred thousand sets need no Python object each; tables
and frozensets are made on request. Importing this package does not import numba, which takes half a second.

Doors
-----
:func:`~customer_patterns.patterns.miner.itemsets.mine_itemsets`
    ``mine_itemsets(basket, item, *, baskets, fewest, max_length=None, weights=None, max_memory_mb=400) -> Itemsets``:
    what lies together in at least so many baskets.
:func:`~customer_patterns.patterns.miner.in_place_of_mlxtend.frequent_itemsets`
    ``frequent_itemsets(cells, min_support=0.5, use_colnames=False, max_len=None) -> DataFrame``: mlxtend's own call.
:func:`~customer_patterns.patterns.miner.rules.make_rules`
    ``make_rules(itemsets, *, single_consequent=True, metric="support", at_least=0.0, level=0.95,
    max_memory_mb=1000) -> Rules``: mlxtend's measures, intervals and a test for all rules of these sets.
:func:`~customer_patterns.patterns.miner.clustered.by_customer`
    ``by_customer(baskets, itemsets, antecedent, consequent, *, level=0.95, max_memory_mb=400) -> DataFrame``: some of
    these rules counted on any baskets, with intervals in which the customer is the unit; 30 µs a rule on the panel.
:func:`~customer_patterns.patterns.miner.pairs.mine_pairs`
    ``mine_pairs(basket, item, *, baskets, fewest, weights=None, max_memory_mb=400) -> DataFrame``: pairs only, quicker.
:func:`~customer_patterns.patterns.miner.sequences.mine_sequences`
    ``mine_sequences(baskets, *, min_support, max_items=3, max_visits=None, min_gap_days=1, max_gap_days=None,
    window_days=None, fewest_customers=10, max_memory_mb=400) -> Sequences``: what follows what, several items a visit.
:func:`~customer_patterns.patterns.miner.sequences.followers`
    ``followers(baskets, sequences, *, min_gap_days=1, max_gap_days=None, window_days=None) -> DataFrame``: one row per
    sequence and customer who shows it: ``sequence`` (its place), ``customer`` (number), ``completed_on`` (first day).
"""

from customer_patterns.patterns.miner.clustered import by_customer
from customer_patterns.patterns.miner.found import Itemsets, TooMuchMemory
from customer_patterns.patterns.miner.in_place_of_mlxtend import frequent_itemsets
from customer_patterns.patterns.miner.itemsets import forecast_mb, mine_itemsets
from customer_patterns.patterns.miner.pairs import mine_pairs
from customer_patterns.patterns.miner.rules import Rules, make_rules
from customer_patterns.patterns.miner.sequenced import Sequences
from customer_patterns.patterns.miner.sequences import followers, mine_sequences

__all__ = [
    "Itemsets",
    "Rules",
    "Sequences",
    "TooMuchMemory",
    "by_customer",
    "followers",
    "forecast_mb",
    "frequent_itemsets",
    "make_rules",
    "mine_itemsets",
    "mine_pairs",
    "mine_sequences",
]
