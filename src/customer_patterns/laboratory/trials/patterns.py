"""Are planted pairs found, and nothing else? On planted shops with unequal baskets and tastes of their own."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import combinations

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
_RESTS_ON = ("estimates", "features", "patterns")
_SEEDS = range(920_100, 920_106)

Pairs = frozenset[frozenset[str]]


@cache
def _shop(seed: int) -> tuple[Pairs, Pairs, Pairs]:
    """The planted pairs of a shop, the pairs that the method says stand, and those that its twin says stand."""
    from customer_patterns.patterns import explorers, number_baskets, read_baskets, search
    from customer_patterns.patterns.tables import SAME_BASKET
    from customer_patterns.schemas.local_time import local_time
    from customer_patterns.sources.planted_shop import draw_orders, plan_shop
    from customer_patterns.warehouse import connect

    truth = plan_shop(customers=_CUSTOMERS, seed=seed)
    drawn = draw_orders(truth)
    planted = frozenset(
        frozenset((row.antecedent, row.consequent)) for row in truth.pairs.itertuples() if row.odds_ratio > 1
    )
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
    found = search(baskets, exploring=explorers(baskets.customers, seed=_SPLIT_SEED), until=_LAST_EARLY, **_SETTINGS)
    stand = found.rules[found.rules["verdict"] == SAME_BASKET]
    ours = frozenset(frozenset((row.antecedents, row.consequents)) for row in stand.itertuples())
    return planted, ours, _naive(baskets)


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
)
