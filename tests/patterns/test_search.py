"""A whole search: planted pairs are found again, and where nothing goes together nothing is said to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from customer_patterns.features.enough import empty
from customer_patterns.patterns import Baskets, Search, explorers, funnel, search, tables
from customer_patterns.patterns.later import later_verdicts, lifts_to_expect
from customer_patterns.patterns.strength import detectable_lift
from customer_patterns.sources.planted_shop import draw_orders, plan_shop
from tests.patterns.conftest import baskets_of, shop

UNTIL = date(2017, 10, 1)


def searched(baskets: Baskets, *, seed: int = 1, max_length: int = 2, min_lift: float = 1.2, **settings) -> Search:
    exploring = explorers(baskets.customers, seed=seed)
    wanted = {"min_support": 0.003, "false_discovery": 0.05} | settings
    return search(baskets, exploring=exploring, until=UNTIL, max_length=max_length, min_lift=min_lift, **wanted)


@cache
def planted(customers: int, seed: int) -> tuple[Baskets, pd.DataFrame]:
    """Draw a planted shop's baskets of product types, without a disk, and what is true of its pairs."""
    truth = plan_shop(customers=customers, seed=seed)
    drawn = draw_orders(truth)
    goods = truth.products["popularity"].to_numpy() > 0
    lines = drawn.lines
    kept = (lines.product < len(goods)) & goods[np.minimum(lines.product, len(goods) - 1)]
    items, item = np.unique(
        truth.products["product_type"].to_numpy(dtype=object)[lines.product[kept]], return_inverse=True
    )
    _, first, basket = np.unique(lines.order[kept], return_index=True, return_inverse=True)
    entries = np.unique(basket * len(items) + item)
    day = lines.day[kept][first]
    if day.dtype.kind != "M":
        day = np.datetime64(truth.first_day) + day
    baskets = Baskets(
        "product_type",
        items,
        entries // len(items),
        entries % len(items),
        lines.customer[kept][first].astype(np.int64),
        truth.customers["customer_id"].to_numpy(dtype=object),
        day.astype("datetime64[D]"),
    )
    return baskets.until(truth.last_day), drawn.pairs


def shuffled(baskets: Baskets, seed: int) -> Baskets:
    """Exchange items among baskets of one customer: sizes and tastes stay, nothing else (Strona et al. 2014)."""
    random = np.random.default_rng(seed)
    held = [set() for _ in range(len(baskets))]
    for b, i in zip(baskets.basket.tolist(), baskets.item.tolist(), strict=True):
        held[b].add(i)
    for customer in np.unique(baskets.customer):
        own = np.flatnonzero(baskets.customer == customer)
        if len(own) < 2:
            continue
        for left, right in random.choice(own, (4 * len(own), 2)):
            only_left, only_right = held[left] - held[right], held[right] - held[left]
            if left == right or not only_left or not only_right:
                continue
            both, loose = held[left] & held[right], random.permutation(sorted(only_left | only_right)).tolist()
            held[left], held[right] = both | set(loose[: len(only_left)]), both | set(loose[len(only_left) :])
    entries = [(b, i) for b, items in enumerate(held) for i in sorted(items)]
    basket, item = np.array(entries, dtype=np.int64).T
    return replace(baskets, basket=basket, item=item)


def pairs(rules: pd.DataFrame, **where: str) -> set[frozenset[str]]:
    for column, value in where.items():
        rules = rules[rules[column] == value]
    return {frozenset(sides) for sides in zip(rules["antecedents"], rules["consequents"], strict=True)}


@pytest.fixture(scope="module")
def large() -> tuple[Search, pd.DataFrame]:
    baskets, truth = planted(700, 71)
    return searched(baskets, max_length=3), truth


def test_planted_pairs_are_found_and_nothing_else(large: tuple[Search, pd.DataFrame]) -> None:
    found, truth = large
    true = {frozenset((row.antecedent, row.consequent)) for row in truth.itertuples() if row.odds_ratio > 1}
    stand = pairs(found.rules, verdict=tables.SAME_BASKET)
    assert true <= stand
    assert len(stand - true) <= 1
    controls = {frozenset((row.antecedent, row.consequent)) for row in truth.itertuples() if row.odds_ratio == 1}
    assert not controls & stand
    assert true <= pairs(found.rules, later=tables.CONFIRMED)


def test_no_set_that_only_contains_a_planted_pair_is_said_to_say_more(large: tuple[Search, pd.DataFrame]) -> None:
    found, _ = large
    threes = found.rules[found.rules["length"] == 3]
    frequent = found.account.set_index("length").at[3, "frequent"]
    assert frequent > 1000
    assert (threes["verdict"] != tables.CHANCE).sum() == 0


def test_lifts_are_ordered_as_planted(large: tuple[Search, pd.DataFrame]) -> None:
    # The planted lift is against what would have been bought without the pair. The found one is against all that was
    # bought, what was bought for the pair included; so it is smaller.
    found, truth = large
    rules = found.rules[found.rules["length"] == 2]
    by_pair = {frozenset((r.antecedents, r.consequents)): r for r in rules.itertuples()}
    lifts = [
        (row.lift, by_pair[frozenset((row.antecedent, row.consequent))])
        for row in truth[truth["odds_ratio"] > 1].sort_values("lift").itertuples()
    ]
    assert all(rule.habit_lift_low > 1 and rule.habit_lift < planted_lift for planted_lift, rule in lifts)
    assert lifts[-1][1].habit_lift == max(rule.habit_lift for _, rule in lifts)


def test_the_naive_test_passes_nearly_everything(large: tuple[Search, pd.DataFrame]) -> None:
    account = large[0].account.set_index("length").loc[2]
    assert account["naive"] > 0.8 * account["frequent"]
    assert account["same_basket"] < 0.01 * account["frequent"]


def test_where_baskets_and_tastes_are_all_there_is_nothing_meets_in_the_basket() -> None:
    baskets, _ = planted(120, 72)
    named, naive = 0, 0
    for seed in range(6):
        found = searched(shuffled(baskets, seed), seed=seed, min_lift=1.05)
        named += bool((found.rules["verdict"] == tables.SAME_BASKET).any())
        naive += bool(found.account["naive"].iloc[0] > 100)
    assert named <= 2  # the share of false ones is the chance of any: 0.05 a search
    assert naive == 6


def test_a_search_is_the_same_in_whatever_order_items_are_called() -> None:
    baskets = shop(4, customers=80, pair=1.5)
    names = baskets.items
    renamed = replace(baskets, items=names[::-1].copy(), item=len(names) - 1 - baskets.item)
    order = np.lexsort((renamed.item, renamed.basket))
    renamed = replace(renamed, basket=renamed.basket[order], item=renamed.item[order])
    before, after = searched(baskets, max_length=3), searched(renamed, max_length=3)
    pd.testing.assert_frame_equal(before.itemsets, after.itemsets)
    pd.testing.assert_frame_equal(before.rules, after.rules, rtol=1e-6)


def test_who_explores_does_not_test() -> None:
    baskets = shop(5, customers=100, pair=2.0)
    exploring = explorers(baskets.customers, seed=1)
    only = baskets.of(exploring)
    nobody = searched(only)
    assert nobody.account["outcome"].tolist() == [tables.TOO_FEW]
    assert nobody.rules.empty


def test_later_verdicts_by_hand() -> None:
    later = pd.DataFrame(
        {
            "lift": [2.0, 1.3, 0.9, 1.2, np.nan],
            "lift_low": [1.6, 1.1, 0.7, 0.5, np.nan],
            "log_lift_error": [0.1, 0.1, 0.1, 0.5, np.nan],
        }
    )
    assert later_verdicts(np.full(5, 2.0), np.full(5, 0.1), later) == [
        tables.CONFIRMED,
        tables.WEAKER,
        tables.NOT_FOUND,
        tables.NOT_ENOUGH,
        tables.NOT_ENOUGH,
    ]


def test_later_lifts_are_drawn_together_as_far_as_their_errors_demand() -> None:
    random = np.random.default_rng(1)
    true = np.exp(random.normal(0.7, 0.3, 400))
    error = random.uniform(0.1, 0.5, 400)
    seen = true * np.exp(random.normal(0, error))
    found = lifts_to_expect(seen, error)
    wrong = [np.mean((np.log(lift) - np.log(true)) ** 2) for lift in (found["lift"], seen)]
    assert wrong[0] < 0.7 * wrong[1]
    assert 0.92 < ((found["lift_low"] <= true) & (true <= found["lift_high"])).mean() < 0.98
    # The broken twin takes the ten largest as they are: they are too large.
    largest = np.argsort(seen)[-10:]
    assert (seen[largest] / true[largest]).mean() > 1.2 > (found["lift"].to_numpy()[largest] / true[largest]).mean()
    alone = lifts_to_expect(np.array([2.0, np.nan]), np.array([0.1, np.nan]))
    assert alone["lift"].tolist()[0] == pytest.approx(2.0)
    assert alone.iloc[1].isna().all()


def test_what_is_seen_needs_more_strength_where_there_are_fewer_customers() -> None:
    assert detectable_lift(np.array([0.1]), false_discovery=0.05) == pytest.approx(
        np.exp((1.6449 + 0.8416) * 0.1), rel=1e-3
    )
    assert detectable_lift(np.array([0.2] * 50), false_discovery=0.05) > detectable_lift(
        np.array([0.1] * 50), false_discovery=0.05
    )
    assert np.isnan(detectable_lift(np.array([np.nan]), false_discovery=0.05))


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([], tables.NO_ITEMS),
        ([("ann", ["a", "b"])] * 40, tables.TOO_FEW),
        ([(f"c{n:02d}", [f"i{n}"]) for n in range(60)], tables.NOTHING_FREQUENT),
        ([(f"c{n:02d}", ["a"]) for n in range(60)], tables.NOTHING_FREQUENT),
    ],
)
def test_where_there_is_too_little_the_account_says_so(rows, outcome: str) -> None:
    found = searched(baskets_of(rows), max_length=3)
    assert found.account["outcome"].tolist() == [outcome] * 2
    assert found.rules.columns.tolist() == tables.RULES.names
    assert found.rules.empty
    assert found.itemsets.empty
    assert funnel(found.account)["sets"].iloc[1:].sum() == 0


def test_singles_that_are_frequent_leave_nothing_to_test() -> None:
    found = searched(baskets_of([(f"c{n:02d}", ["ab"[n % 2]]) for n in range(80)]))
    assert found.account["outcome"].tolist() == [tables.NOTHING_FREQUENT]


def test_too_much_memory_is_refused_before_it_is_taken() -> None:
    found = searched(shop(1), max_memory_mb=0.01)
    assert found.account["outcome"].tolist() == [tables.TOO_MUCH]
    assert "MB" in found.trouble


def test_an_empty_table_has_the_columns_of_a_full_one() -> None:
    assert empty(tables.RULES).columns.tolist() == tables.RULES.names
