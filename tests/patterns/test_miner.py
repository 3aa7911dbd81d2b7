"""Our own miner against mlxtend's and against counting everything; weights, giants, memory and what cannot be mined."""

from __future__ import annotations

import subprocess
import sys
import warnings
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.patterns.miner import (
    TooMuchMemory,
    forecast_mb,
    frequent_itemsets,
    make_rules,
    mine_itemsets,
    mine_pairs,
)
from customer_patterns.patterns.mining import OURS, mine
from tests.patterns.conftest import baskets_of, shop

with warnings.catch_warnings():
    from mlxtend.frequent_patterns import association_rules, fpgrowth, hmine

SHOPS = st.lists(st.sets(st.integers(0, 6)), min_size=1, max_size=50)


def flat(shop_: list[set[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Entries in no order at all."""
    rows = [(basket, item) for basket, held in enumerate(shop_) for item in held]
    basket, item = np.array(rows, dtype=np.int64).reshape(-1, 2)[::-1].T
    return basket, item


def as_dict(frame: pd.DataFrame) -> dict[frozenset, float]:
    return dict(zip(frame["itemsets"], frame["support"], strict=True))


def cells(shop_: list[set[int]]) -> pd.DataFrame:
    return pd.DataFrame([[item in held for item in range(7)] for held in shop_])


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")  # mlxtend divides by zero
@settings(max_examples=40, deadline=None)
@given(SHOPS, st.integers(1, 12), st.sampled_from([fpgrowth, hmine]), st.sampled_from([None, 1, 2, 3]))
def test_sets_and_rules_are_those_of_mlxtend(shop_, fewest, theirs, max_length) -> None:
    basket, item = flat(shop_)
    fewest = min(fewest, len(shop_))
    mined = mine_itemsets(basket, item, baskets=len(shop_), fewest=fewest, max_length=max_length)
    found = mined.frame()
    expected = theirs(cells(shop_), min_support=(fewest - 1e-6) / len(shop_), use_colnames=True, max_len=max_length)
    assert as_dict(found) == pytest.approx(as_dict(expected))
    assert [tuple(sorted(items)) for items in found["itemsets"]] == sorted(
        map(tuple, map(sorted, expected["itemsets"])), key=lambda items: (len(items), items)
    )
    if mined.longest > 1:
        for metric, at_least in (("support", 0.0), ("confidence", 0.6), ("lift", 1.1)):
            rules = association_rules(expected, metric=metric, min_threshold=at_least)
            ours = make_rules(mined, single_consequent=False, metric=metric, at_least=at_least).frame()
            assert list(ours.columns[: len(rules.columns)]) == list(rules.columns)
            ours, rules = by_sides(ours[rules.columns]), by_sides(rules)
            assert ours.index.tolist() == rules.index.tolist()
            np.testing.assert_allclose(ours.to_numpy(float), rules.to_numpy(float), rtol=1e-9, atol=1e-12)


def by_sides(rules: pd.DataFrame) -> pd.DataFrame:
    keys = [tuple(map(tuple, map(sorted, sides))) for sides in rules[["antecedents", "consequents"]].to_numpy()]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rules = rules.drop(columns=["antecedents", "consequents"]).iloc[order]
    return rules.set_axis(pd.Index([keys[at] for at in order], tupleize_cols=False))


@settings(max_examples=25, deadline=None)
@given(SHOPS, st.floats(0.05, 1), st.booleans(), st.sampled_from([None, 2]), st.sampled_from([bool, int]))
def test_mlxtends_own_call_gets_mlxtends_answer(shop_, min_support, use_colnames, max_len, kind) -> None:
    frame = cells(shop_).set_axis(list("abcdefg"), axis=1).astype(kind)
    asked = {"min_support": min_support, "use_colnames": use_colnames, "max_len": max_len}
    ours, theirs = frequent_itemsets(frame, **asked), fpgrowth(frame.astype(bool), **asked)
    assert list(ours.columns) == list(theirs.columns)
    assert as_dict(ours) == pytest.approx(as_dict(theirs))


@pytest.mark.parametrize(
    ("cell", "min_support", "said"), [(2, 0.5, "true or false"), (np.nan, 0.5, "missing"), (1, 0, "share above 0")]
)
def test_cells_that_are_neither_true_nor_false_are_refused(cell, min_support, said) -> None:
    with pytest.raises(ValueError, match=said):
        frequent_itemsets(pd.DataFrame({"bread": [1, cell]}), min_support=min_support)


@settings(max_examples=40, deadline=None)
@given(SHOPS, st.data(), st.integers(1, 400))
def test_a_weight_is_as_many_baskets(shop_, data, fewest) -> None:
    weights = np.array(data.draw(st.lists(st.integers(0, 70), min_size=len(shop_), max_size=len(shop_))))
    basket, item = flat(shop_)
    mined = mine_itemsets(basket, item, baskets=len(shop_), fewest=fewest, weights=weights)
    counted = {
        items: count
        for length in range(1, 8)
        for items in combinations(range(7), length)
        if (count := sum(w for w, held in zip(weights, shop_, strict=True) if held.issuperset(items))) >= fewest
    }
    assert dict(zip(mined.tuples(), mined.counts.tolist(), strict=True)) == counted
    assert mined.total == weights.sum()
    pairs = mine_pairs(basket, item, baskets=len(shop_), fewest=fewest, weights=weights)
    again = mine_pairs(basket[::-1], item[::-1], baskets=len(shop_), fewest=fewest, weights=weights)
    expected = [(*items, count) for items, count in counted.items() if len(items) == 2]
    assert pairs.to_numpy().tolist() == again.to_numpy().tolist() == list(map(list, expected))


@pytest.mark.parametrize("engine", ["hmine", "fpgrowth"])
def test_the_chapters_tables_are_the_same_by_either_engine(engine: str) -> None:
    baskets = shop(7, customers=60, items=14, pair=1.0)
    ours, theirs = (mine(baskets, min_support=0.02, max_length=3, engine=one) for one in (OURS, engine))
    assert len(ours.rules) > 300
    pd.testing.assert_frame_equal(ours.itemsets, theirs.itemsets)
    pd.testing.assert_frame_equal(ours.rules, theirs.rules[ours.rules.columns], rtol=1e-12)
    assert ours.searched == theirs.searched


def test_more_bits_than_a_word_and_more_sets_than_room_was_made_for() -> None:
    random = np.random.default_rng(3)
    held = random.random((5_000, 40)) < np.linspace(0.02, 0.5, 40)
    basket, item = np.nonzero(held)
    mined = mine_itemsets(basket, item, baskets=5_000, fewest=60)
    assert len(mined) > 3_000
    for items, count in zip(mined.tuples()[::37], mined.counts[::37], strict=True):
        assert held[:, items].all(axis=1).sum() == count
    # as many sets of three as counting all of them gives
    cube = np.einsum("bi,bj,bk->ijk", *(held.astype(np.int32),) * 3, optimize=True)
    often = sum(cube[items] >= 60 for items in combinations(range(40), 3))
    assert len(mined.of_length(3)[1]) == often


def test_intervals_and_the_test_of_a_rule_by_hand() -> None:
    # of 100 baskets 50 hold a, 40 hold b, 30 hold both
    rows = [{0, 1}] * 30 + [{0}] * 20 + [{1}] * 10 + [set()] * 40
    basket, item = flat(rows)
    table = make_rules(mine_itemsets(basket, item, baskets=100, fewest=1)).table
    rule = table[table["antecedent"] == 0].iloc[0]
    assert rule["lift"] == pytest.approx(1.5)
    error = np.sqrt((1 / 0.3 - 1 / 0.5 - 1 / 0.4 - 1 + 3) / 100)
    assert rule["log_lift_error"] == pytest.approx(error)
    assert rule[["lift_low", "lift_high"]].tolist() == pytest.approx(1.5 * np.exp([-1.96 * error, 1.96 * error]), 1e-4)
    assert rule[["confidence_low", "confidence_high"]].tolist() == pytest.approx([0.46182, 0.72392], abs=1e-4)
    assert rule["z"] == pytest.approx(10 * 0.1 / np.sqrt(0.5 * 0.5 * 0.4 * 0.6))
    # twenty baskets expected: the tail of Binomial(50, 0.4) from 30 on
    assert rule["p"] == pytest.approx(0.00337, abs=2e-4)


def test_the_lifts_interval_covers_and_a_twin_that_forgets_the_margins_does_not() -> None:
    random = np.random.default_rng(11)
    n, p, a, c = 2_000, 0.12, 0.3, 0.25
    both, only_a, only_c, _ = random.multinomial(n, [p, a - p, c - p, 1 - a - c + p], size=4_000).T
    from customer_patterns.patterns.miner.rules import intervals_and_test

    found = intervals_and_test(both, both + only_a, both + only_c, n)
    truth = p / (a * c)
    assert 0.94 < ((found["lift_low"] <= truth) & (truth <= found["lift_high"])).mean() < 0.96
    twin = np.sqrt(1 / both - 1 / n)  # as if the shares of the sides were known
    lift = both * n / ((both + only_a) * (both + only_c))
    assert (np.abs(np.log(lift / truth)) <= 1.96 * twin).mean() > 0.98


def test_a_basket_of_500_items_does_not_explode() -> None:
    rows = [set(range(500)), *({0, 1}, {1, 2}) * 50]
    basket, item = flat(rows)
    mined = mine_itemsets(basket, item, baskets=101, fewest=2)
    assert mined.tuples() == [(0,), (1,), (2,), (0, 1), (1, 2)]
    # with a support of one basket, all 2**500 sets of it are frequent: that is said, not tried
    with pytest.raises(TooMuchMemory, match="max_length"):
        mine_itemsets(basket, item, baskets=101, fewest=1, max_memory_mb=60)
    assert len(mine_pairs(basket, item, baskets=101, fewest=1)) == 500 * 499 / 2


def test_memory_is_forecast_before_anything_is_laid_out() -> None:
    counts = np.array([2**20, 2**20, 5])
    assert forecast_mb(counts, baskets=2**20, fewest=10, max_length=2) == pytest.approx(2 * 28 + 80)
    assert forecast_mb(counts, baskets=2**20, fewest=10) == pytest.approx(2 * 28 + 80 + 1 / 8, abs=0.01)
    basket, item = flat([{0, 1, 2}] * 50)
    with pytest.raises(TooMuchMemory, match=r"3 items in 50 baskets .* larger min_support"):
        mine_itemsets(basket, item, baskets=50, fewest=1, max_memory_mb=0.001)
    many = mine_itemsets(basket, item, baskets=50, fewest=1)
    with pytest.raises(TooMuchMemory, match="fewer of them"):
        make_rules(many, max_memory_mb=1e-4)


def test_nothing_to_mine() -> None:
    none = np.empty(0, np.int64)
    empty = mine_itemsets(none, none, baskets=0, fewest=1)
    assert (len(empty), empty.longest, empty.frame().columns.tolist()) == (0, 0, ["support", "itemsets"])
    assert make_rules(empty).table.empty
    assert mine_pairs(none, none, baskets=3, fewest=1).empty
    # one-item baskets, then everything in every basket
    basket, item = flat([{0}, {1}, {0}])
    assert mine_itemsets(basket, item, baskets=3, fewest=1).tuples() == [(0,), (1,)]
    basket, item = flat([{0, 1}] * 3)
    always = make_rules(mine_itemsets(basket, item, baskets=3, fewest=3)).table
    assert always[["support", "confidence", "lift", "p"]].to_numpy().tolist() == [[1, 1, 1, 1]] * 2
    assert np.isinf(always["conviction"]).all()


@pytest.mark.parametrize(
    ("basket", "item", "change", "said"),
    [
        ([0], [0, 1], {}, "1 numbers of baskets for 2"),
        ([0, 5], [0, 1], {}, "beyond the last"),
        ([0, 0], [0, -1], {}, "begin at 0"),
        ([0, 0], [0, 1], {"fewest": 0}, "1 basket or more"),
        ([0, 0], [0, 1], {"max_length": 0}, "1 item or more"),
        ([0, 0], [0, 1], {"weights": [1]}, "one per basket"),
        ([0, 0], [0, 1], {"weights": [1, -1]}, "one per basket"),
        ([0, 0, 0], [0, 1, 1], {}, "twice"),
    ],
)
def test_what_cannot_be_mined_is_said(basket, item, change, said) -> None:
    with pytest.raises(ValueError, match=said):
        mine_itemsets(basket, item, **{"baskets": 2, "fewest": 1} | change)


def test_pairs_say_so_too() -> None:
    with pytest.raises(ValueError, match="twice"):
        mine_pairs([0, 0, 0], [0, 1, 1], baskets=1, fewest=1)


_LAZY = """
import sys
import customer_patterns.patterns
from customer_patterns.patterns.mining import mine
from tests.patterns.conftest import baskets_of
mine(baskets_of([("ann", ["bread", "milk"])] * 20), min_support=0.5, max_length=2)
assert "numba" not in sys.modules
"""


def test_numba_is_imported_only_where_it_pays() -> None:
    ran = subprocess.run([sys.executable, "-c", _LAZY], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


_UNWRITABLE = """
import numba.core.caching as caching
caching.CacheImpl._locator_classes = []  # no place to keep machine code in
from customer_patterns.patterns.miner.compiling import compiled
assert compiled(lambda number: number + 1)(1) == 2
"""


def test_without_a_place_for_machine_code_it_is_compiled_anew() -> None:
    ran = subprocess.run([sys.executable, "-c", _UNWRITABLE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


ROOT = Path(__file__).parents[2]


def test_hand_made_baskets_through_the_chapters_door() -> None:
    baskets = baskets_of([("ann", ["bread", "milk"]), ("bob", ["bread"])] * 10)
    mined = mine(baskets, min_support=1.0, max_length=3, engine=OURS)
    assert mined.itemsets.empty  # bread alone is frequent: nothing can go with it
    mined = mine(baskets, min_support=0.5, max_length=3, engine=OURS)
    assert mined.itemsets["items"].tolist() == [(0,), (1,), (0, 1)]
    assert mined.rules[["antecedents", "consequents", "confidence"]].to_numpy().tolist() == [
        [(0,), (1,), 0.5],
        [(1,), (0,), 1.0],
    ]
