"""Instead of each other, or with each other: planted both ways, nothing invented, and a twin that forgets tastes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from customer_patterns.patterns import Baskets
from customer_patterns.patterns.assortment import tables
from customer_patterns.patterns.assortment.siblings import choose_siblings, sibling_pairs
from customer_patterns.patterns.assortment.tastes import Tastes
from customer_patterns.patterns.chance import Strata
from tests.patterns.conftest import baskets_of

SETTINGS = {"least_baskets": 30, "margin": 1.2, "false_discovery": 0.05}
KINDS = ("brown eggs", "white eggs", "cake mix", "frosting", "apples", "pears")
CATEGORIES = {name: name.split()[-1] if "eggs" in name else "cake" if name in KINDS[2:4] else "fruit" for name in KINDS}


def market(seed: int, *, planted: bool = True, customers: int = 250) -> Baskets:
    """Draw trips of customers with tastes: eggs are needed or not, and then brown or white; frosting comes with cake.

    Apples and pears, and twenty other things, are picked each for itself. Without ``planted`` all are.
    """
    random = np.random.default_rng(seed)
    rows, days = [], []
    for customer in range(customers):
        size = random.gamma(2, 0.5)
        brown, taste = random.beta(2, 2), np.exp(random.normal(0, 0.8, 26))
        for _ in range(10 + random.poisson(20)):
            much = size * random.gamma(2, 0.5)
            held = random.random(26) < 1 - np.exp(-0.12 * much * taste)
            items = [f"other {n:02d}" for n in np.flatnonzero(held[:20])]
            items += [KINDS[4 + n] for n in np.flatnonzero(held[24:])]
            if planted:
                items += ["brown eggs" if random.random() < brown else "white eggs"] if held[20] or held[21] else []
                items += ["cake mix"] if held[22] else []
                items += ["frosting"] if (held[22] and random.random() < 0.6) or held[23] else []
            else:
                items += [KINDS[n] for n in np.flatnonzero(held[20:24])]
            if items:
                rows.append((f"c{customer:03d}", items))
                days.append(str(np.datetime64("2017-01-01") + random.integers(0, 364)))
    return baskets_of(rows, days=days)


def verdicts(found: pd.DataFrame) -> dict[str, str]:
    return dict(zip(found["pair"], found["verdict"], strict=True))


def test_planted_substitutes_and_complements_are_found_and_nothing_else() -> None:
    found = sibling_pairs(market(1), CATEGORIES, **SETTINGS)
    assert verdicts(found) == {
        "brown eggs + white eggs": tables.SUBSTITUTES,
        "cake mix + frosting": tables.COMPLEMENTS,
        "apples + pears": tables.NEITHER,
    }
    eggs = found.set_index("pair").loc["brown eggs + white eggs"]
    assert eggs["baskets"] == 0 == eggs["factor"] == eggs["factor_low"]
    assert 0 < eggs["factor_high"] < 0.1


def test_where_nothing_is_planted_nothing_is_named() -> None:
    categories = dict.fromkeys(KINDS, "all") | {f"other {n:02d}": "all" for n in range(6)}
    named = held = asked = together = chance = 0
    for seed in range(20, 26):
        found = sibling_pairs(market(seed, planted=False, customers=120), categories, **SETTINGS)
        named += found["verdict"].isin([tables.SUBSTITUTES, tables.COMPLEMENTS]).sum()
        held += ((found["factor_low"] <= 1) & (found["factor_high"] >= 1)).sum()
        asked += len(found)
        together, chance = together + found["baskets"].sum(), chance + found["expected"].sum()
    assert asked > 200
    assert named == 0
    assert held / asked > 0.87
    # What a customer's baskets of each size hold in all is not held, so some hundredths of chance are missed.
    assert 1.0 <= together / chance <= 1.06


def test_the_twin_that_forgets_tastes_sees_fruit_go_together() -> None:
    """Its null is everybody's share of baskets of one size: what the same customers buy looks like a pair."""
    from customer_patterns.patterns.association import beyond_size

    random = np.random.default_rng(3)
    rows = []
    for customer in range(200):
        fond = random.random() < 0.3
        for _ in range(30):
            items = [name for name in ("apples", "pears") if random.random() < (0.5 if fond else 0.05)]
            items += [f"other {n}" for n in range(15) if random.random() < 0.4]
            rows.append((f"c{customer:03d}", [*items, "bread"]))
    baskets = baskets_of(rows)
    ours = sibling_pairs(baskets, {"apples": "fruit", "pears": "fruit"}, **SETTINGS)
    assert verdicts(ours) == {"apples + pears": tables.NEITHER}
    pair = [[int(np.flatnonzero(baskets.items == name)[0]) for name in ("apples", "pears")]]
    assert beyond_size(Strata.of(baskets), np.array(pair))["lift_low"][0] > 1.2


def test_each_customers_own_purchases_are_held() -> None:
    baskets = market(4, customers=40)
    tastes = Tastes(Strata.of(baskets))
    item = int(np.flatnonzero(baskets.items == "apples")[0])
    who, chance = tastes.chances(item)
    bought = np.bincount(baskets.customer[tastes.holding(item)], minlength=len(baskets.customers))
    assert (tastes.totals[who] * chance).sum(axis=1) == pytest.approx(bought[who], abs=1e-3)
    assert ((chance >= 0) & (chance <= 1)).all()


def test_of_what_is_not_sold_at_the_same_time_nothing_is_said() -> None:
    random = np.random.default_rng(5)
    rows, days = [], []
    for customer in range(60):
        for day in range(0, 336, 7):
            items = [
                *(f"other {n}" for n in range(15) if random.random() < 0.4),
                *(["summer milk" if day < 168 else "winter milk"] if random.random() < 0.6 else []),
            ]
            rows.append((f"c{customer:02d}", items))
            days.append(str(np.datetime64("2017-01-01") + day))
    found = sibling_pairs(baskets_of(rows, days=days), {"summer milk": "milk", "winter milk": "milk"}, **SETTINGS)
    assert verdicts(found) == {"summer milk + winter milk": tables.APART}
    assert found["p"].isna().all()


def test_few_customers_are_blank() -> None:
    rows = [(f"c{n}", ["red", "blue", "bread"][k % 2 :]) for n in range(6) for k in range(80)]
    found = sibling_pairs(baskets_of(rows), {"red": "ink", "blue": "ink"}, **SETTINGS)
    assert found["suppressed"].tolist() == ["too few"]
    assert found[["baskets", "factor", "n"]].isna().all(axis=None)


def test_the_clearest_of_both_kinds_are_shown_first() -> None:
    found = choose_siblings(sibling_pairs(market(1), CATEGORIES, **SETTINGS), most=5)
    assert found["pair"].tolist() == ["brown eggs + white eggs", "cake mix + frosting"]


def test_without_baskets_there_is_no_pair() -> None:
    some = baskets_of([("a", ["x", "y"])])
    none = some.where(np.zeros(1, dtype=bool))
    assert sibling_pairs(none, {"x": "c", "y": "c"}, **SETTINGS).empty
    assert sibling_pairs(some, {}, **SETTINGS).empty
