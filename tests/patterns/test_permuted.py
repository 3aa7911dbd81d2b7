"""Baskets in which nothing goes together, and what a search finds there."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from customer_patterns.patterns import Baskets, explorers, search, search_permuted, tables
from customer_patterns.patterns.permuted import permute_within_customers
from tests.patterns.conftest import baskets_of, shop
from tests.patterns.test_search import planted

SETTINGS = {"until": date(2017, 10, 1), "min_support": 0.003, "min_lift": 1.2, "false_discovery": 0.05}


def margins(baskets: Baskets) -> list[np.ndarray]:
    cells = baskets.customer[baskets.basket] * len(baskets.items) + baskets.item
    return [baskets.size, np.bincount(cells, minlength=len(baskets.customers) * len(baskets.items))]


@pytest.mark.parametrize("seed", range(3))
def test_sizes_and_tastes_stay_and_nothing_else(seed: int) -> None:
    baskets = shop(seed, customers=40)
    permuted = permute_within_customers(baskets, seed=seed)
    for before, after in zip(margins(baskets), margins(permuted), strict=True):
        assert (before == after).all()
    entries = permuted.basket * len(permuted.items) + permuted.item
    assert (np.diff(entries) > 0).all()  # by basket and item, none twice
    assert (permuted.item != baskets.item).mean() > 0.5
    again = permute_within_customers(baskets, seed=seed)
    assert (again.item == permuted.item).all()


def test_all_ways_to_exchange_come_equally_often() -> None:
    # Two baskets of two items each, all different: six ways to part four items, each as likely as the others.
    baskets = baskets_of([("ann", "ab"), ("ann", "cd")])
    ways = [tuple(permute_within_customers(baskets, seed=seed, exchanges=40).item[:2]) for seed in range(1200)]
    _, counts = np.unique(ways, axis=0, return_counts=True)
    assert len(counts) == 6
    assert counts.min() > 150


def test_a_planted_pair_is_gone_while_the_naive_test_still_passes_pairs() -> None:
    baskets, _ = planted(250, 73)
    exploring = explorers(baskets.customers, seed=1)
    found = search(baskets, exploring=exploring, max_length=2, **SETTINGS)
    assert (found.rules["verdict"] == tables.SAME_BASKET).any()
    permuted = search_permuted(baskets, copies=2, seed=1, exploring=exploring, **SETTINGS)
    assert permuted["copy"].tolist() == [1, 2]
    assert permuted["same_basket"].sum() <= 1
    assert permuted["yekutieli"].sum() > 0  # the broken twin, which knows no tastes, names those who like both


def test_where_nothing_can_be_searched_there_is_no_copy() -> None:
    baskets = baskets_of([("ann", "ab")])
    exploring = explorers(baskets.customers, seed=1)
    assert search_permuted(baskets, copies=2, seed=1, exploring=exploring, **SETTINGS).empty
