"""Our miner on nasty baskets: empty, huge, of one item, twice the same, supports on a threshold, heavy weights."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mlxtend.frequent_patterns import apriori, fpgrowth

from customer_patterns.patterns.miner import TooMuchMemory, frequent_itemsets, mine_itemsets, mine_pairs

#: Baskets as sets of a few items; empty ones are common.
BASKETS = st.lists(st.sets(st.integers(0, 6), max_size=7), min_size=1, max_size=40)


def entries(baskets: list[set[int]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = [(number, item) for number, basket in enumerate(baskets) for item in sorted(basket)]
    return tuple(np.array(pairs, dtype=np.int64).reshape(-1, 2).T)


def by_hand(baskets: list[set[int]], fewest: int, longest: int) -> dict[tuple[int, ...], int]:
    """Every set of items that are there, tried one by one."""
    items = sorted(set().union(*baskets))
    tried = (one for size in range(1, longest + 1) for one in combinations(items, size))
    counts = {one: sum(set(one) <= basket for basket in baskets) for one in tried}
    return {one: count for one, count in counts.items() if count >= fewest}


def found(baskets: list[set[int]], fewest: int, longest: int | None = None, **how: object) -> dict:
    basket, item = entries(baskets)
    sets = mine_itemsets(basket, item, baskets=len(baskets), fewest=fewest, max_length=longest, **how)
    return dict(zip(sets.tuples(), sets.counts.tolist(), strict=True))


@settings(max_examples=150, deadline=None)
@given(BASKETS, st.integers(1, 41), st.integers(1, 9))
@example([set()], 1, 3)
@example([{0}] * 5, 5, 1)
@example([set(range(7))] * 3, 3, 9)
@example([{0, 1}, set(), {0, 1}], 2, 2)
def test_sets_are_those_that_trying_every_one_finds(baskets, fewest, longest) -> None:
    assert found(baskets, fewest, longest) == by_hand(baskets, fewest, min(longest, 7))


@settings(max_examples=60, deadline=None)
@given(BASKETS, st.integers(1, 40), st.integers(1, 40))
def test_a_support_exactly_on_the_threshold_is_frequent_as_for_mlxtend(baskets, count, copies) -> None:
    """As often as asked for is often enough: apriori compares the same two shares."""
    baskets = (baskets * copies)[:120]
    cells = pd.DataFrame(np.array([[item in basket for item in range(7)] for basket in baskets]))
    support = min(count, len(baskets)) / len(baskets)
    ours = frequent_itemsets(cells, min_support=support)
    theirs = apriori(cells, min_support=support)
    assert {s: round(v * len(cells)) for v, s in ours.to_numpy()} == {
        frozenset(s): round(v * len(cells)) for v, s in theirs.to_numpy()
    }


@settings(max_examples=60, deadline=None)
@given(BASKETS, st.integers(1, 20), st.randoms(use_true_random=False))
def test_order_of_entries_and_numbers_of_baskets_play_no_part(baskets, fewest, chance) -> None:
    order = list(range(len(baskets)))
    chance.shuffle(order)
    basket, item = entries(baskets)
    mixed = np.random.default_rng(chance.randrange(2**32)).permutation(len(basket))
    sparse = 3 * np.array(order)  # two of three numbers belong to empty baskets
    sets = mine_itemsets(sparse[basket][mixed], item[mixed], baskets=3 * len(baskets), fewest=fewest)
    assert dict(zip(sets.tuples(), sets.counts.tolist(), strict=True)) == found(baskets, fewest)
    pairs = mine_pairs(sparse[basket][mixed], item[mixed], baskets=3 * len(baskets), fewest=fewest)
    assert pairs.to_numpy().tolist() == [[*two, n] for two, n in found(baskets, fewest, 2).items() if len(two) == 2]


@settings(max_examples=60, deadline=None)
@given(BASKETS, st.data())
def test_the_same_item_twice_in_a_basket_is_refused_and_never_counted_twice(baskets, data) -> None:
    basket, item = entries(baskets)
    if not len(basket):
        return
    again = data.draw(st.integers(0, len(basket) - 1))
    twice = np.append(basket, basket[again]), np.append(item, item[again])
    fewest = data.draw(st.integers(1, 10))
    for mine in (mine_itemsets, mine_pairs):
        if int((twice[1] == item[again]).sum()) >= fewest:
            with pytest.raises(ValueError, match="twice"):
                mine(*twice, baskets=len(baskets), fewest=fewest)
        else:  # too rare to be laid out: nothing can have been counted
            once = mine(basket, item, baskets=len(baskets), fewest=fewest)
            assert len(mine(*twice, baskets=len(baskets), fewest=fewest)) == len(once)


@settings(max_examples=40, deadline=None)
@given(BASKETS, st.data())
def test_heavy_weights_do_not_overflow(baskets, data) -> None:
    """Sums beyond what 32 bits, and what a double, can count exactly."""
    heavy = data.draw(
        st.lists(st.sampled_from([0, 1, 3, 2**31, 2**40 + 1]), min_size=len(baskets), max_size=len(baskets))
    )
    fewest = data.draw(st.sampled_from([1, 2, 2**31, 2**40, 2**41 + 1]))
    basket, item = entries(baskets)
    sets = mine_itemsets(basket, item, baskets=len(baskets), fewest=fewest, weights=np.array(heavy, dtype=np.int64))
    items = sorted(set().union(*baskets))
    expected = {}
    for size in range(1, len(items) + 1):
        for one in combinations(items, size):
            count = sum(w for basket, w in zip(baskets, heavy, strict=True) if set(one) <= basket)
            if count >= fewest:
                expected[one] = count
    assert dict(zip(sets.tuples(), sets.counts.tolist(), strict=True)) == expected


def test_weights_that_no_whole_number_holds_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        mine_itemsets([0, 1], [0, 0], baskets=2, fewest=1, weights=np.array([2**62, 2**62]))


def test_a_basket_of_all_items_beside_small_ones() -> None:
    """One basket holds 3,000 items, and nobody else more than two: what is frequent is what the others hold."""
    small = np.repeat(np.arange(1, 401), 2)
    basket = np.concatenate([np.zeros(3000, np.int64), small])
    item = np.concatenate([np.arange(3000), np.tile([5, 7], 400)])
    sets = mine_itemsets(basket, item, baskets=401, fewest=2)
    assert sets.tuples() == [(5,), (7,), (5, 7)]
    assert sets.counts.tolist() == [401, 401, 401]
    with pytest.raises(TooMuchMemory, match="min_support"):
        mine_itemsets(basket, item, baskets=401, fewest=1, max_memory_mb=50)


def test_the_same_in_any_thread_and_every_time() -> None:
    random = np.random.default_rng(3)
    cells = random.random((600, 25)) < 0.3
    basket, item = np.nonzero(cells)
    once = mine_itemsets(basket, item, baskets=600, fewest=20)
    with ThreadPoolExecutor(4) as pool:
        many = list(pool.map(lambda _: mine_itemsets(basket, item, baskets=600, fewest=20), range(8)))
    for other in many:
        assert (other.items == once.items).all()
        assert (other.counts == once.counts).all()
    theirs = fpgrowth(pd.DataFrame(cells), min_support=20 / 600)
    assert len(once) == len(theirs)
    assert once.counts.sum() == round(theirs["support"].sum() * 600)
