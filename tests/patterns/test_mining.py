"""Frequent sets and rules: by hand, by counting everything, and what cannot be mined."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.patterns.mining import ENGINES, TooMuchMemory, dense_mb, mine, names_of
from tests.patterns.conftest import baskets_of

#: Ten times each, since nothing is frequent in fewer than ten baskets.
FIVE = [
    ("ann", ["bread", "milk"]),
    ("ann", ["bread", "butter", "milk"]),
    ("bob", ["bread", "butter"]),
    ("bob", ["milk"]),
    ("eve", ["soap"]),
] * 10


def named(baskets, table, column="items"):
    return [names_of(baskets.items, numbers) for numbers in table[column]]


@pytest.mark.parametrize("engine", ENGINES)
def test_five_baskets_by_hand(engine: str) -> None:
    baskets = baskets_of(FIVE)
    mined = mine(baskets, min_support=0.2, max_length=3, engine=engine)
    support = dict(zip(named(baskets, mined.itemsets), mined.itemsets["support"], strict=True))
    assert support == {
        "bread": 0.6, "butter": 0.4, "milk": 0.6, "soap": 0.2,
        "bread + butter": 0.4, "bread + milk": 0.4, "butter + milk": 0.2, "bread + butter + milk": 0.2,
    }  # fmt: skip
    assert mined.searched == {2: 6, 3: 4}
    rules = mined.rules
    sides = list(zip(named(baskets, rules, "antecedents"), named(baskets, rules, "consequents"), strict=True))
    butter_bread = rules.iloc[sides.index(("butter", "bread"))]
    assert butter_bread[["confidence", "lift", "leverage"]].tolist() == pytest.approx([1, 1 / 0.6, 0.4 - 0.24])
    bread_milk = rules.iloc[sides.index(("bread", "milk"))]
    assert bread_milk[["confidence", "lift", "conviction"]].tolist() == pytest.approx([2 / 3, 10 / 9, 0.4 / (1 / 3)])


SHOPS = st.lists(st.sets(st.sampled_from("abcdefg"), min_size=1), min_size=12, max_size=60)


@settings(max_examples=40, deadline=None)
@given(SHOPS, st.floats(0.05, 0.9), st.sampled_from(ENGINES))
def test_every_miner_finds_what_counting_everything_finds(
    shop: list[set[str]], min_support: float, engine: str
) -> None:
    baskets = baskets_of([("ann", held) for held in shop])
    mined = mine(baskets, min_support=min_support, max_length=3, engine=engine)
    fewest = max(10, int(np.ceil(min_support * len(shop) - 1e-9)))
    counted = {
        items: count
        for length in (1, 2, 3)
        for items in combinations(range(len(baskets.items)), length)
        if (count := sum({str(baskets.items[i]) for i in items} <= held for held in shop)) >= fewest
    }
    if sum(len(items) == 1 for items in counted) < 2:
        assert mined.itemsets.empty
        return
    assert dict(zip(mined.itemsets["items"], mined.itemsets["baskets"], strict=True)) == counted
    total = len(shop)
    assert len(mined.rules) == sum(len(items) for items in counted if len(items) > 1)
    for _, rule in mined.rules.iterrows():
        left, right = rule["antecedents"], rule["consequents"]
        both = counted[tuple(sorted(left + right))] / total
        assert rule["support"] == pytest.approx(both)
        assert rule["confidence"] == pytest.approx(both * total / counted[left])
        assert rule["lift"] == pytest.approx(both * total**2 / counted[left] / counted[right])


def test_what_is_rare_is_not_encoded_and_memory_is_forecast_before() -> None:
    rows = FIVE + [("eve", [f"rare {i:03d}"]) for i in range(200)]
    assert len(mine(baskets_of(rows), min_support=0.03, max_length=2).frequent_items) == 4
    assert dense_mb(2**20, 10) == 20
    assert dense_mb(2**20, 10, "apriori") == 20 + 45
    for engine in ENGINES:
        with pytest.raises(TooMuchMemory, match="min_support"):
            mine(baskets_of(FIVE), min_support=0.2, max_length=2, engine=engine, max_memory_mb=1e-6)


def test_nothing_frequent_and_impossible_settings() -> None:
    baskets = baskets_of([("ann", ["milk"])])
    assert mine(baskets, min_support=1, max_length=3).itemsets.empty
    assert mine(baskets_of([]), min_support=0.5, max_length=2).rules.empty
    for wrong in ({"min_support": 0, "max_length": 2}, {"min_support": 0.1, "max_length": 4}):
        with pytest.raises(ValueError, match="not"):
            mine(baskets, **wrong)
    with pytest.raises(ValueError, match="engine"):
        mine(baskets, min_support=0.1, max_length=2, engine="guess")


_MINE_ONCE = """
import warnings
from customer_patterns.patterns.mining import mine
from tests.patterns.test_mining import FIVE
from tests.patterns.conftest import baskets_of
mine(baskets_of(FIVE), min_support=0.2, max_length=2)
assert ("always", None, DeprecationWarning, None, 0) not in warnings.filters
"""


def test_mining_does_not_turn_on_the_warnings_of_other_packages() -> None:
    # in a process of its own, since mlxtend does so only when it is first imported
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", _MINE_ONCE], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
