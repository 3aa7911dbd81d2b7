"""Rules customer by customer: against adding up by hand, and against a twin that takes baskets for independent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.patterns.miner import TooMuchMemory, by_customer, make_rules, mine_itemsets
from customer_patterns.patterns.miner.rules import intervals_and_test
from tests.patterns.conftest import baskets_of, shop


def mined(baskets, fewest: int = 1):
    return mine_itemsets(baskets.basket, baskets.item, baskets=len(baskets), fewest=fewest)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["ann", "bob", "eve"]), st.sets(st.sampled_from("abcd"), min_size=1)),
        min_size=1,
        max_size=150,
    )
)
def test_counts_and_errors_are_those_of_adding_up_by_hand(rows) -> None:
    baskets = baskets_of(rows)
    itemsets = mined(baskets)
    table = make_rules(itemsets, single_consequent=False).table
    found = by_customer(baskets, itemsets, table["antecedent"], table["consequent"])
    held = np.zeros((len(baskets), len(baskets.items)), dtype=bool)
    held[baskets.basket, baskets.item] = True
    sets = itemsets.tuples()
    people = len(baskets.customers)
    for (_, rule), (_, got) in zip(table.iterrows(), found.iterrows(), strict=True):
        a, c = (held[:, sets[int(rule[side])]].all(axis=1) for side in ("antecedent", "consequent"))
        both, left, right, all_ = (
            np.bincount(baskets.customer, weights, people) for weights in (a & c, a, c, np.ones(len(a)))
        )
        assert (got["baskets"], got["n"]) == (both.sum(), (both > 0).sum())
        assert got["confidence"] == pytest.approx(rule["confidence"])
        assert got["lift"] == pytest.approx(rule["lift"])
        psi = both / both.sum() - left / left.sum() - right / right.sum() + all_ / all_.sum()
        if people > 1:
            assert got["log_lift_error"] == pytest.approx(np.sqrt((psi**2).sum() * people / (people - 1)), abs=1e-9)
        if (both > 0).sum() == 1:
            assert np.isnan(got["lift_low"])
            assert got["p"] == 1


def test_more_baskets_of_a_customer_than_a_word_has_bits() -> None:
    rows = [("ann", {"a", "b"})] * 70 + [("ann", {"a"})] * 5 + [("bob", {"a", "b"})] * 64 + [("eve", {"c"})]
    baskets = baskets_of(rows)
    itemsets = mined(baskets)
    found = by_customer(baskets, itemsets, [0], [1]).iloc[0]
    assert found[["baskets", "n", "confidence"]].tolist() == pytest.approx([134, 2, 134 / 139])


def test_intervals_cover_where_customers_differ_and_a_twin_that_counts_baskets_does_not() -> None:
    random = np.random.default_rng(5)
    names = [f"c{i:03d}" for i in range(120)]
    ours, twin = [], []
    for _ in range(100):
        # tastes for the two are independent; each customer has 20 baskets
        tastes = random.beta(0.4, 0.4, (120, 2))
        held = random.random((120, 20, 2)) < tastes[:, None]
        rows = [
            (name, {item for item, there in zip("ab", basket, strict=True) if there} | {"bag"})
            for name, baskets in zip(names, held, strict=True)
            for basket in baskets
        ]
        baskets = baskets_of(rows)
        itemsets = mined(baskets)
        found = by_customer(baskets, itemsets, [0], [1]).iloc[0]
        ours.append(found["lift_low"] <= 1 <= found["lift_high"])
        both, left, right = (np.array([itemsets.counts[itemsets.tuples().index(s)]]) for s in ((0, 1), (0,), (1,)))
        naive = intervals_and_test(both, left, right, len(baskets))
        twin.append(naive["lift_low"][0] <= 1 <= naive["lift_high"][0])
    assert np.mean(ours) > 0.89
    assert np.mean(twin) < 0.7


def test_rules_of_one_half_are_counted_on_the_other() -> None:
    baskets = shop(3, customers=80, items=12, pair=1.5)
    first = np.arange(len(baskets.customers)) % 2 == 0
    here, there = baskets.of(first), baskets.of(~first)
    itemsets = mined(here, fewest=20)
    table = make_rules(itemsets, metric="lift", at_least=1.2).table
    found = by_customer(there, itemsets, table["antecedent"], table["consequent"])
    sets = itemsets.tuples()
    held = np.zeros((len(there), len(there.items)), dtype=bool)
    held[there.basket, there.item] = True
    expected = [held[:, sets[place]].all(axis=1).sum() for place in table["itemset"]]
    assert found["baskets"].tolist() == expected
    assert (found["n"] <= (~first).sum()).all()


def test_nobody_and_too_much() -> None:
    baskets = baskets_of([("ann", {"a", "b"}), ("bob", {"a"})])
    itemsets = mined(baskets)
    assert by_customer(baskets, itemsets, [], []).empty
    nobody = by_customer(baskets.of(np.zeros(2, dtype=bool)), itemsets, [0], [1])
    assert nobody[["baskets", "n", "p"]].to_numpy().tolist() == [[0, 0, 1]]
    assert nobody[["confidence", "lift", "lift_low"]].isna().all(axis=None)
    with pytest.raises(TooMuchMemory, match="fewer rules"):
        by_customer(baskets, itemsets, [0], [1], max_memory_mb=1e-6)
