"""Pairs and sequences that tell groups of customers apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from customer_patterns.features import group_patterns as names_of
from customer_patterns.patterns import Baskets, explorers, rules_of_groups, sequences_that_distinguish, told_apart
from customer_patterns.patterns.association import beyond_size
from customer_patterns.patterns.chance import Strata
from customer_patterns.patterns.groups import tables
from customer_patterns.patterns.groups.apart import hold_apart
from tests.patterns.conftest import baskets_of, shop
from tests.patterns.test_sequences import diary_shop

SETTINGS = {"min_support": 0.01, "min_lift": 1.05, "false_discovery": 0.05}


def joined(*shops: Baskets) -> tuple[Baskets, dict[str, str]]:
    """Shops of customers as one, and the shop of each customer."""
    parts, group_of, basket, customer = [], {}, 0, 0
    for letter, one in zip("abc", shops, strict=False):
        names = np.array([f"{letter}{name}" for name in one.customers], dtype=object)
        group_of |= dict.fromkeys(names, letter)
        parts.append((one.basket + basket, one.item, one.customer + customer, names, one.day))
        basket, customer = basket + len(one), customer + len(names)
    columns = [np.concatenate([part[at] for part in parts]) for at in range(5)]
    whole = replace(
        shops[0], basket=columns[0], item=columns[1], customer=columns[2], customers=columns[3], day=columns[4]
    )
    return whole, group_of


def groups(*shops: Baskets):
    baskets, group_of = joined(*shops)
    exploring = explorers(baskets.customers, seed=1)
    return rules_of_groups(baskets, group_of, names=sorted(set(group_of.values())), exploring=exploring, **SETTINGS)


def test_a_pair_planted_in_one_group_tells_it_apart() -> None:
    found = groups(shop(1, customers=300, pair=2.0), shop(2, customers=300))
    apart = told_apart(found.rules)
    assert apart[["segment", "rule", "verdict"]].to_numpy().tolist() == [["a", "item 18 + item 19", "stronger here"]]
    assert (apart["ratio_low"] > 1).all()
    account = found.account.set_index("segment")
    assert account.at["a", "stronger"] == 1
    assert account["customers"].between(280, 300).all()


def test_a_pair_planted_everywhere_stands_and_tells_nothing_apart() -> None:
    found = groups(shop(3, customers=300, pair=2.0), shop(4, customers=300, pair=2.0))
    of_pair = found.rules[found.rules["rule"] == "item 18 + item 19"]
    assert of_pair["verdict"].tolist() == [names_of.STANDS] * 2
    assert told_apart(found.rules).empty


def test_many_groups_of_one_kind_are_hardly_ever_told_apart() -> None:
    # The broken twin tells a group apart by a pair that stands in it and not in the other.
    ours = twin = 0
    for seed in range(4):
        found = groups(shop(10 + seed, customers=150, pair=1.0), shop(20 + seed, customers=150, pair=1.0))
        ours += len(told_apart(found.rules)) > 0
        stand = found.rules[found.rules["verdict"] != names_of.CHANCE]
        twin += stand["rule"].value_counts().eq(1).any()
    assert ours <= 1
    assert twin >= 2


def test_lifts_are_held_apart_as_the_delta_method_says() -> None:
    strata = [Strata.of(shop(seed, customers=200, pair=1.5)) for seed in (5, 6)]
    one, other = (beyond_size(part, np.array([[18, 19]])) for part in strata)
    found = hold_apart(one, other).iloc[0]
    error = np.hypot(one["log_lift_error"][0], other["log_lift_error"][0])
    assert found["ratio"] == pytest.approx(one["lift"][0] / other["lift"][0])
    assert found["ratio_high"] == pytest.approx(found["ratio"] * np.exp(1.959964 * error))


def test_a_sequence_planted_in_one_group_distinguishes_it() -> None:
    baskets, group_of = joined(diary_shop(1, then=0.5), diary_shop(2))
    first = np.array([group_of[name] == "a" for name in baskets.customers])
    settings = {"min_support": 0.05, "min_gap_days": 1, "max_gap_days": 28, "false_discovery": 0.05}
    exploring = explorers(baskets.customers, seed=1)
    found = sequences_that_distinguish(baskets, first, ~first, exploring=exploring, **settings)
    assert found.loc[found["verdict"] != tables.NEITHER, "sequence"].tolist() == ["a → b"]
    turned = sequences_that_distinguish(baskets, ~first, first, exploring=exploring, **settings)
    assert turned.loc[turned["sequence"] == "a → b", "verdict"].tolist() == [tables.SECOND]
    # Drawn by lot, two groups of the same customers are not told apart.
    lot = np.random.default_rng(3).random(len(first)) < 0.5
    nothing = sequences_that_distinguish(baskets, lot, ~lot, exploring=exploring, **settings)
    assert (nothing["verdict"] == tables.NEITHER).all()
    with pytest.raises(ValueError, match="not in both"):
        sequences_that_distinguish(baskets, first, first, exploring=exploring, **settings)


@pytest.mark.parametrize("rows", [[("ann", "ab")], [(f"c{n}", "a") for n in range(60)], [("ann", "ab")] * 50])
def test_where_there_is_too_little_nothing_is_said(rows) -> None:
    baskets = baskets_of(rows)
    exploring = explorers(baskets.customers, seed=1)
    group_of = dict.fromkeys(baskets.customers, "all")
    found = rules_of_groups(baskets, group_of, names=["all"], exploring=exploring, **SETTINGS)
    assert found.rules.columns.tolist() == names_of.GROUP_RULES.names
    assert found.rules.empty
    assert found.account["stand"].tolist() == [0]
