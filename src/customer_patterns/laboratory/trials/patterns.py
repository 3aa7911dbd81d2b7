"""Are planted pairs found, and nothing else? On planted shops with unequal baskets and tastes of their own."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

import ibis
import numpy as np
import pandas as pd
from scipy.special import chdtrc

from customer_patterns.estimates.false_discovery import benjamini_hochberg
from customer_patterns.laboratory.trial import Aim, Tally, Trial

_CUSTOMERS = 300
#: As in the chapter, for the level of product types.
_SETTINGS = {"min_support": 0.004, "max_length": 2, "min_lift": 1.2, "false_discovery": 0.05}
_LAST_EARLY, _SPLIT_SEED, _LARGEST = date(2017, 10, 1), 20170101, 150
#: Of the room only what searches and tests: other sections of the chapter change nothing here.
SEARCH = tuple(
    f"patterns/{module}"
    for module in (
        "account", "association", "baskets", "chance", "exchanging", "habits", "halves", "later", "miner", "mining",
        "permuted", "search", "strength", "testing",
    )
)  # fmt: skip
_RESTS_ON = ("estimates", "features", *SEARCH)
_SEEDS = range(920_100, 920_106)

Pairs = frozenset[frozenset[str]]


#: Strengths of planted pairs, as exponents on their odds ratios, that spread their lifts over the grid below.
_STRENGTHS = (0.3, 0.6, 1.0, 1.6)
#: Effects are told in multiples of what a design of this size can detect, on the scale of the logarithm: about half of
#: it, about as much, twice as much.
_GRID = {"half": (0.3, 0.75), "just": (0.75, 1.5), "twice": (1.5, 3.0)}


@cache
def _drawn(seed: int, strength: float, customers: int = _CUSTOMERS) -> tuple[pd.DataFrame, Any]:
    """The planted pairs of a shop with their lifts, and its baskets of product types."""
    from customer_patterns.patterns import number_baskets, read_baskets
    from customer_patterns.schemas.local_time import local_time
    from customer_patterns.sources.planted_shop import draw_orders, plan_shop
    from customer_patterns.sources.planted_shop.settings import Plan
    from customer_patterns.warehouse import connect

    truth = plan_shop(plan=Plan(customers=customers, seed=seed, pair_strength=strength))
    drawn = draw_orders(truth)
    backend = connect()
    products = truth.products[truth.products["popularity"] > 0]  # fuel, gift cards and coupons are in no basket
    backend.con.register("lab_products", products[["product_id", "product_type"]])
    backend.con.register("lab_lines", drawn.order_lines)
    lines = backend.table("lab_lines")
    sold = backend.table("lab_products")
    lines = lines.semi_join(sold, "product_id").mutate(
        line_kind=ibis.literal("goods"), ordered_on=local_time(lines.ordered_at, time_zone=truth.time_zone).date()
    )
    baskets = read_baskets(
        number_baskets(lines, first_day=truth.first_day, last_day=truth.last_day),
        sold,
        level="product_type",
        largest_basket=_LARGEST,
    )
    return drawn.pairs, baskets


def _search(baskets: Any) -> Any:
    from customer_patterns.patterns import explorers, search

    return search(baskets, exploring=explorers(baskets.customers, seed=_SPLIT_SEED), until=_LAST_EARLY, **_SETTINGS)


def _standing(rules: pd.DataFrame, *verdicts: str) -> Pairs:
    stand = rules[rules["verdict"].isin(verdicts)]
    return frozenset(frozenset((row.antecedents, row.consequents)) for row in stand.itertuples())


@cache
def _shop(seed: int, strength: float = 1.0) -> tuple[Pairs, Pairs, Pairs]:
    """The planted pairs of a shop, the pairs that the method says stand, and those that its twin says stand."""
    from customer_patterns.patterns.tables import SAME_BASKET

    pairs, baskets = _drawn(seed, strength)
    planted = frozenset(frozenset((row.antecedent, row.consequent)) for row in pairs.itertuples() if row.odds_ratio > 1)
    return planted, _standing(_search(baskets).rules, SAME_BASKET), _naive(baskets)


@cache
def _by_effect(seed: int) -> dict[str, tuple[int, int, int]]:
    """For each effect of the grid: how many planted pairs have it, and how many of these the method and the twin find.

    The twin lets nothing stand.
    """
    from customer_patterns.patterns.tables import SAME_BASKET

    found = {name: [0, 0] for name in _GRID}
    for strength in _STRENGTHS:
        pairs, baskets = _drawn(seed, strength)
        search = _search(baskets)
        detectable = np.log(search.account["detectable_lift"].iloc[0])
        stand = _standing(search.rules, SAME_BASKET)
        for row in pairs[pairs["odds_ratio"] > 1].itertuples():
            for name, (low, high) in _GRID.items():
                if low <= np.log(row.lift) / detectable < high:
                    found[name][0] += 1
                    found[name][1] += frozenset((row.antecedent, row.consequent)) in stand
    return {name: (counts[0], counts[1], 0) for name, counts in found.items()}


def _on_grid(seed: int, effect: str, *, twin: bool = False) -> Tally:
    planted, ours, none = _by_effect(seed)[effect]
    return Tally(none if twin else ours, planted)


def _weak_false(seed: int, *, twin: bool = False) -> Tally:
    """False ones where what is planted is at most weak."""
    planted, ours, naive = _shop(seed, _STRENGTHS[0])
    said = naive if twin else ours
    return Tally(len(said - planted), len(said))


def _permuted(seed: int, *, twin: bool = False) -> Tally:
    """Fifty copies of a shop with items exchanged within customers: in how many does anything stand?"""
    from customer_patterns.patterns.permuted import permute_within_customers
    from customer_patterns.patterns.tables import SAME_BASKET

    _, baskets = _drawn(_SEEDS.start - 1, 1.0, 120)
    copies = 5 if twin else 50
    hits = 0
    for copy in range(copies):
        permuted = permute_within_customers(baskets, seed=seed * 100 + copy)
        hits += bool(_naive(permuted) if twin else _standing(_search(permuted).rules, SAME_BASKET))
    return Tally(hits, copies)


def _naive(baskets: object) -> Pairs:
    """The twin: chi-square over all baskets, as if they were independent and of one size."""
    n, held = len(baskets), np.zeros((len(baskets), len(baskets.items)), dtype=np.float32)
    held[baskets.basket, baskets.item] = 1
    together, alone = held.T @ held, held.sum(axis=0)
    rows = []
    for one, other in combinations(range(len(baskets.items)), 2):
        support, expected = together[one, other] / n, alone[one] * alone[other] / n**2
        varies = alone[one] * (n - alone[one]) * alone[other] * (n - alone[other]) / n**4
        if support >= _SETTINGS["min_support"] and support > expected and varies > 0:
            rows.append((one, other, chdtrc(1, n * (support - expected) ** 2 / varies)))
    tested = pd.DataFrame(rows, columns=["one", "other", "p"])
    stand = tested[benjamini_hochberg(tested["p"]) <= _SETTINGS["false_discovery"]]
    return frozenset(
        frozenset((str(baskets.items[row.one]), str(baskets.items[row.other]))) for row in stand.itertuples()
    )


def _false(seed: int, *, twin: bool = False) -> Tally:
    planted, ours, naive = _shop(seed)
    said = naive if twin else ours
    return Tally(len(said - planted), len(said))


def _recall(seed: int, *, twin: bool = False) -> Tally:
    planted, ours, _ = _shop(seed)
    said: Pairs = frozenset() if twin else ours
    return Tally(len(said & planted), len(planted))


TRIALS = (
    Trial(
        name="pairs that were not planted",
        room="patterns",
        measure="pairs that are said to stand and are false",
        setting="shops of three hundred customers with tastes and baskets of all sizes",
        twin="tests baskets as if they were independent and of one size",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=_SEEDS,
        run=_false,
        broken=lambda seed: _false(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.naive", "patterns.category", "patterns.product_type"),
    ),
    Trial(
        name="pairs that were planted",
        room="patterns",
        measure="planted pairs that are said to stand",
        setting="four pairs with odds of three to eight in shops of three hundred customers",
        twin="lets nothing stand",
        aim=Aim(0.8, 1.0),
        seeds=_SEEDS,
        run=_recall,
        broken=lambda seed: _recall(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.naive", "patterns.category", "patterns.product_type"),
    ),
    Trial(
        name="pairs that were not planted, beside weak ones",
        room="patterns",
        measure="pairs that are said to stand and are false",
        setting="shops in which the planted pairs are weaker than can be seen",
        twin="tests baskets as if they were independent and of one size",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=range(920_110, 920_122),
        run=_weak_false,
        broken=lambda seed: _weak_false(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.naive", "patterns.category", "patterns.product_type"),
    ),
    *(
        Trial(
            name=f"pairs {effect} as strong as can be detected",
            room="patterns",
            measure="planted pairs that are said to stand",
            setting=f"lifts {effect} as large as a shop of three hundred customers can detect, about",
            twin="lets nothing stand",
            aim=Aim(least, 1.0),
            seeds=_SEEDS,
            run=lambda seed, effect=effect: _on_grid(seed, effect),
            broken=lambda seed, effect=effect: _on_grid(seed, effect, twin=True),
            rests_on=_RESTS_ON,
        )
        for effect, least in (("half", 0.02), ("just", 0.4), ("twice", 0.9))
    ),
    Trial(
        name="pairs in permuted baskets",
        room="patterns",
        measure="copies in which any pair is said to stand",
        setting="one shop, items exchanged among each customer's baskets",
        twin="tests baskets as if they were independent and of one size",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=range(920_130, 920_134),
        run=_permuted,
        broken=lambda seed: _permuted(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.naive", "patterns.category", "patterns.product_type"),
        revised="the twin",
    ),
)
