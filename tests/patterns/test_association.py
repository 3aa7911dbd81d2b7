"""Tests and intervals of pairs: by hand, and how often they err where nothing goes together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from customer_patterns.patterns.association import beyond_habit, beyond_size, lifts
from customer_patterns.patterns.chance import Strata
from customer_patterns.patterns.habits import Habits
from tests.patterns.conftest import baskets_of, shop


def all_pairs(items: int) -> np.ndarray:
    return np.column_stack(np.triu_indices(items, 1))


def test_a_lift_by_hand() -> None:
    # Baskets of two out of four items. Were all alike, each of the six pairs would be in one of six baskets.
    rows = [("ab", 8), ("cd", 8), ("ac", 2), ("ad", 2), ("bc", 2), ("bd", 2)]
    baskets = baskets_of(
        [(f"c{n}", list(pair)) for n, pair in enumerate("".join(p) for p, k in rows for _ in range(k))]
    )
    found = beyond_size(Strata.of(baskets), np.array([[0, 1], [0, 2]]))
    assert found["baskets"].tolist() == [8, 2]
    assert found["expected"].tolist() == pytest.approx([4, 4])
    assert found["lift"].tolist() == pytest.approx([2, 0.5])
    assert found["n"].tolist() == [8, 2]


def test_a_plain_mantel_haenszel_lift_by_hand() -> None:
    # Each item is in half of the baskets, so by shares alone a pair would be in a quarter of them: six of 24, not four.
    rows = [("ab", 8), ("cd", 8), ("ac", 2), ("ad", 2), ("bc", 2), ("bd", 2)]
    baskets = baskets_of(
        [(f"c{n}", list(pair)) for n, pair in enumerate("".join(p) for p, k in rows for _ in range(k))]
    )
    found = beyond_size(Strata.of(baskets), np.array([[0, 1]]), places_limited=False).iloc[0]
    assert found[["baskets", "expected", "lift"]].tolist() == pytest.approx([8, 6, 8 / 6])
    assert found["lift_low"] < 8 / 6 < found["lift_high"]


def test_the_customer_counts_not_the_basket() -> None:
    # Sixty baskets of one customer weigh no more than the customer does.
    many = [(f"c{n % 30:02d}", list(pair)) for n in range(60) for pair in ("ab", "cd", "ac", "bd", "ad", "bc")]
    one = [("odd", ["a", "b"])] * 60
    strata = Strata.of(baskets_of(many + one))
    found = beyond_size(strata, np.array([[0, 1]])).iloc[0]
    alone = beyond_size(
        Strata.of(baskets_of([(f"x{n}", pair) for n, (_, pair) in enumerate(many + one)])), np.array([[0, 1]])
    )
    assert found["lift"] == pytest.approx(alone["lift"].iloc[0])
    assert alone["p"].iloc[0] < 0.001  # the broken twin: every basket a customer
    assert found["p"] > 0.05
    assert found["lift_low"] < alone["lift_low"].iloc[0]


def test_names_and_order_change_nothing() -> None:
    baskets = shop(1, customers=60)
    order = np.random.default_rng(0).permutation(len(baskets))
    place = np.argsort(order)
    entries = np.lexsort((baskets.item, place[baskets.basket]))
    moved = type(baskets)(
        baskets.level, baskets.items, place[baskets.basket][entries], baskets.item[entries], baskets.customer[order],
        baskets.customers, baskets.day[order],
    )  # fmt: skip
    pairs = all_pairs(20)
    for test in (beyond_size, lambda strata, which: beyond_habit(strata, which, Habits.fit(strata))):
        before, after = test(Strata.of(baskets), pairs), test(Strata.of(moved), pairs)
        pd.testing.assert_frame_equal(before, after, rtol=1e-9)
        swapped = test(Strata.of(baskets), pairs[:, ::-1])
        pd.testing.assert_frame_equal(before, swapped, rtol=1e-6)


def test_what_cannot_be_told_is_not_told() -> None:
    lonely = baskets_of([("ann", ["a", "b"])] * 5 + [("ann", ["a", "c"])] * 5 + [("bob", ["c", "d"])] * 5)
    found = beyond_size(Strata.of(lonely), np.array([[0, 1], [1, 3]]))
    assert found["p"].tolist() == [1, 1]
    assert found["lift"].isna().all()
    assert beyond_size(Strata.of(lonely), np.empty((0, 2), dtype=np.int64)).empty
    singles = Strata.of(baskets_of([("ann", ["a"]), ("bob", ["b"])]))
    assert lifts(singles, np.array([[0, 1]]), np.array([0])).tolist() == [0]
    assert beyond_habit(singles, np.array([[0, 1]]), Habits.fit(singles))["p"].tolist() == [1]


@pytest.fixture(scope="module")
def under_the_null() -> pd.DataFrame:
    """P-values of pairs that have nothing to do with each other, in 25 shops with tastes and unequal baskets."""
    parts = []
    for seed in range(25):
        baskets = shop(seed)
        strata, pairs = Strata.of(baskets), all_pairs(20)
        found = beyond_size(strata, pairs)
        found["p_habit"] = beyond_habit(strata, pairs, Habits.fit(strata))["p"]
        a, b, n = baskets.counts[pairs[:, 0]], baskets.counts[pairs[:, 1]], len(baskets)
        leverage = found["baskets"] / n - a * b / n**2
        found["p_naive"] = chi2.sf(n * leverage**2 / (a / n * (1 - a / n) * b / n * (1 - b / n)), 1)
        parts.append(found[found["expected"] >= 5])
    return pd.concat(parts, ignore_index=True)


def test_the_error_is_as_promised_and_that_of_the_naive_twin_is_not(under_the_null: pd.DataFrame) -> None:
    assert len(under_the_null) > 4000
    for p in ("p", "p_habit"):
        for line in (0.05, 0.01, 0.001):
            assert (under_the_null[p] <= line).mean() <= 1.25 * line
    assert (under_the_null["p"] <= 0.05).mean() >= 0.03  # not bought by never finding anything
    assert (under_the_null["p_naive"] <= 0.05).mean() > 0.6


def test_intervals_hold_the_truth_as_often_as_promised(under_the_null: pd.DataFrame) -> None:
    held = (under_the_null["lift_low"] <= 1) & (under_the_null["lift_high"] >= 1)
    assert 0.925 <= held.mean() <= 0.975


def test_a_taste_that_items_share_is_told_from_a_meeting_in_the_basket() -> None:
    size, habit = [], []
    for seed in range(12):
        strata = Strata.of(shop(seed, shared_taste=1.2))
        pairs = all_pairs(4)
        size += beyond_size(strata, pairs)["p"].tolist()
        habit += beyond_habit(strata, pairs, Habits.fit(strata))["p"].tolist()
    assert np.mean(np.array(size) <= 0.05) > 0.3  # the same customers buy both, and that is so
    assert np.mean(np.array(habit) <= 0.05) <= 0.12  # but not in the same basket


def test_a_meeting_in_the_basket_is_found_by_both() -> None:
    pair = np.array([[18, 19]])
    for seed in range(5):
        strata = Strata.of(shop(seed, pair=1.5))
        assert beyond_size(strata, pair)["p"].iloc[0] < 0.001
        assert beyond_habit(strata, pair, Habits.fit(strata))["p"].iloc[0] < 0.001
