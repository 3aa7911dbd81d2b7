"""Are planted orders found, in their direction and nothing else? On web shops, and on visits in random order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from customer_patterns.estimates.false_discovery import benjamini_hochberg
from customer_patterns.laboratory.trial import Aim, Tally, Trial
from customer_patterns.laboratory.trials.patterns import SEARCH

_CUSTOMERS, _LAST_EARLY, _SPLIT_SEED = 600, date(2017, 10, 1), 20170101
#: As in the chapter.
_SETTINGS = {
    "min_support": 0.05,
    "min_gap_days": 1,
    "max_gap_days": 28,
    "min_lift": 1.1,
    "max_length": 3,
    "false_discovery": 0.05,
}
_RESTS_ON = ("estimates", *SEARCH, "patterns/sequences")
_SEEDS = range(931_200, 931_206)
_FEEDS = ("patterns.sequences", "patterns.sequences_none")

Said = frozenset[str]


@cache
def _web_shop(seed: int, strength: float) -> tuple[Any, Said]:
    """The web orders of a planted shop, and the orders planted in them."""
    from customer_patterns.patterns import Baskets
    from customer_patterns.sources.planted_shop import plan_shop
    from customer_patterns.sources.planted_shop.clientele import Block, Clientele
    from customer_patterns.sources.planted_shop.settings import Plan
    from customer_patterns.sources.planted_shop.trials import draw_trials, plan_trials
    from customer_patterns.sources.planted_shop.web_orders import draw_web_customers, draw_web_orders, plan_web_prices

    plan = Plan(customers=_CUSTOMERS, seed=seed, web_share=1.0, web_orders_per_week=0.5, sequence_strength=strength)
    truth = plan_shop(plan=plan)
    clientele = Clientele.of(truth)
    block, trials = Block(clientele, 0, _CUSTOMERS, None), plan_trials(clientele)
    _, treated = draw_trials(block, trials)
    web = draw_web_orders(block, draw_web_customers(block), trials[1], treated[:, 1], plan_web_prices(truth))
    kinds = truth.products["product_type"].to_numpy(dtype=object)
    names, held = np.unique(kinds[web.lines["product"]], return_inverse=True)
    entries = np.unique(web.lines["order"].to_numpy() * len(names) + held)
    day = (np.datetime64(truth.first_day) + web.orders["day"].to_numpy()).astype("datetime64[D]")
    baskets = Baskets(
        "product_type",
        names,
        entries // len(names),
        entries % len(names),
        web.orders["row"].to_numpy(),
        truth.customers["customer_id"].to_numpy(dtype=object),
        day,
    ).until(truth.last_day)
    planted = web.sequences[web.sequences["chance"] > 0]
    return baskets, frozenset(f"{row.antecedent} → {row.consequent}" for row in planted.itertuples())


def _search(baskets: Any) -> Any:
    from customer_patterns.patterns import explorers, search_sequences

    exploring = explorers(baskets.customers, seed=_SPLIT_SEED)
    return search_sequences(baskets, exploring=exploring, until=_LAST_EARLY, **_SETTINGS).sequences


def _said(baskets: Any) -> Said:
    from customer_patterns.patterns.sequences.tables import IN_ORDER

    found = _search(baskets)
    return frozenset(found.loc[found["verdict"] == IN_ORDER, "sequence"])


def _unadjusted(baskets: Any) -> Said:
    """Another twin: what is below the usual line by itself, however many were tested."""
    found = _search(baskets)
    return frozenset(found.loc[found["p"] <= _SETTINGS["false_discovery"], "sequence"])


def _co_purchases(baskets: Any) -> Said:
    """The twin: chance knows no customer's own shares, only everybody's, so that co-purchase passes for sequence."""
    from customer_patterns.patterns.association import COLUMNS, compare_sums
    from customer_patterns.patterns.sequences.counting import count_pairs
    from customer_patterns.patterns.sequences.order import VisitOrder, followed

    order = VisitOrder.of(baskets, min_gap_days=1, max_gap_days=28)
    counts = count_pairs(order, fewest_customers=int(0.05 * _CUSTOMERS))
    after = order.per_customer(np.arange(len(order)), order.after(np.ones(len(order))))
    pairs, p = [], []
    for second in counts.items:
        firsts = [(int(first),) for first in counts.items if first != second]
        for first, found in zip(firsts, followed(order, firsts, (int(second),)), strict=True):
            chance = after * order.held(first).mean() * order.held((int(second),)).mean()
            pairs.append(f"{baskets.items[first[0]]} → {baskets.items[second]}")
            p.append(compare_sums(found.seen, chance, chance)[COLUMNS.index("p")])
    stand = benjamini_hochberg(p) <= _SETTINGS["false_discovery"]
    return frozenset(pair for pair, stands in zip(pairs, stand, strict=True) if stands)


@cache
def _ours(seed: int, strength: float) -> Said:
    return _said(_web_shop(seed, strength)[0])


@cache
def _twins(seed: int, strength: float) -> Said:
    return _co_purchases(_web_shop(seed, strength)[0])


def _false(seed: int, *, twin: bool = False) -> Tally:
    """False ones among those said, over weak, planned and strong sequences."""
    false, all_ = 0, 0
    for strength in (0.5, 1.0, 2.0):
        said = (_twins if twin else _ours)(seed, strength)
        false, all_ = false + len(said - _web_shop(seed, strength)[1]), all_ + len(said)
    return Tally(false, all_)


def _recall(seed: int, strength: float, *, twin: bool = False) -> Tally:
    planted = _web_shop(seed, strength)[1]
    said: Said = frozenset() if twin else _ours(seed, strength)
    return Tally(len(said & planted), len(planted))


def _shuffled(seed: int, *, twin: bool = False) -> Tally:
    """Fifty copies of a shop with each customer's visits on days drawn anew: in how many does anything stand?"""
    baskets, _ = _web_shop(_SEEDS.start - 1, 1.0)
    random, hits, copies = np.random.default_rng(seed), 0, 10 if twin else 50
    keys = baskets.customer
    for _ in range(copies):
        order = np.lexsort((random.random(len(keys)), keys))
        day = baskets.day.copy()
        day[np.argsort(keys, kind="stable")] = baskets.day[order]
        copy = replace(baskets, day=day)
        hits += bool(_unadjusted(copy) if twin else _said(copy))
    return Tally(hits, copies)


TRIALS = (
    Trial(
        name="orders that were not planted",
        room="patterns",
        measure="sequences that are said to stand and are false",
        setting="web shops with weak, planned and strong sequences, and a control",
        twin="takes co-purchase for sequence",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=_SEEDS,
        run=_false,
        broken=lambda seed: _false(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
    ),
    Trial(
        name="weak orders that were planted",
        room="patterns",
        measure="planted sequences that are said to stand",
        setting="followers after one in six and one in four orders",
        twin="lets nothing stand",
        aim=Aim(0.1, 1.0),
        seeds=_SEEDS,
        run=lambda seed: _recall(seed, 0.5),
        broken=lambda seed: _recall(seed, 0.5, twin=True),
        rests_on=_RESTS_ON,
    ),
    Trial(
        name="orders that were planted",
        room="patterns",
        measure="planted sequences that are said to stand",
        setting="followers after one in three and one in two orders",
        twin="lets nothing stand",
        aim=Aim(0.6, 1.0),
        seeds=_SEEDS,
        run=lambda seed: _recall(seed, 1.0),
        broken=lambda seed: _recall(seed, 1.0, twin=True),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
    ),
    Trial(
        name="strong orders that were planted",
        room="patterns",
        measure="planted sequences that are said to stand",
        setting="followers after most orders",
        twin="lets nothing stand",
        aim=Aim(0.9, 1.0),
        seeds=_SEEDS,
        run=lambda seed: _recall(seed, 2.0),
        broken=lambda seed: _recall(seed, 2.0, twin=True),
        rests_on=_RESTS_ON,
    ),
    Trial(
        name="orders among shuffled visits",
        room="patterns",
        measure="copies in which any sequence is said to stand",
        setting="one shop, each customer's visits on days drawn anew",
        twin="does not allow for how many sequences were tested",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=range(931_300, 931_304),
        run=_shuffled,
        broken=lambda seed: _shuffled(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
        revised="the twin",
    ),
)
