"""Who has moved: what weeks dealt at random would give is taken off, and only the rest is a finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from customer_patterns.segments.movement.blocks import BLOCK_DAYS, SUMS, Blocks
from customer_patterns.segments.movement.described import drawn_movement
from customer_patterns.segments.movement.moves import find_movement, movement_of_blocks
from customer_patterns.segments.movement.tables import (
    HIGHER,
    KEPT,
    LOWER,
    MORE,
    NO_MORE,
    SEGMENT,
    TABLES,
    TIER,
    TOO_FEW,
    TOO_SHORT,
)

HABITS = ("orders_per_month", "basket_value", "weekend_share", "evening_share")
QUICK = {"use": HABITS, "clusters": 3, "splits": 39, "most_splits": 39}

#: Three kinds of customer: orders a block, weekend and evening shares, value of a basket.
KINDS = np.array([[6.0, 0.1, 0.1, 20.0], [3.0, 0.7, 0.2, 60.0], [4.0, 0.3, 0.8, 25.0]])


def shoppers(seed: int, *, switching: float = 0.0, customers: int = 240, count: int = 16) -> Blocks:
    """Customers of three kinds; in the middle some become another kind."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, customers)
    then = np.where(rng.random(customers) < switching, (kind + rng.integers(1, 3, customers)) % 3, kind)
    rate = rng.gamma(8, 1 / 8, customers)[:, None]
    habit = np.where(np.arange(count) < count // 2, kind[:, None], then[:, None])
    orders = rng.poisson(KINDS[habit, 0] * rate)
    spend = (orders * KINDS[habit, 3] * rng.lognormal(0, 0.3, orders.shape) * 100).round()
    sums = dict.fromkeys(SUMS, np.zeros(orders.shape)) | {
        "orders": orders.astype(float),
        "weekend_orders": rng.binomial(orders, KINDS[habit, 1]).astype(float),
        "evening_orders": rng.binomial(orders, KINDS[habit, 2]).astype(float),
        "revenue": spend,
        "goods": spend,
        "products": orders * 5.0,
    }
    ends = [np.where(orders > 0, rng.integers(0, BLOCK_DAYS // 2, orders.shape), np.inf) for _ in range(2)]
    nothing = np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64), np.empty(0, np.int16), np.empty(0, np.float32)
    keys = np.array([f"c{i:04d}" for i in range(customers)], dtype=object)
    return Blocks(keys, sums, *ends, *nothing, date(2017, 1, 1), date(2017, 8, 12))


def anything_that_moved(movement) -> bool:
    """The broken twin: whoever is elsewhere has moved, as if a habit were measured without error."""
    return bool((movement.moves["share_moved_low"] > 0.05).any())


def test_where_nobody_changed_nothing_is_found_though_many_seem_to_move() -> None:
    found = [movement_of_blocks(shoppers(seed), **QUICK, seed=seed) for seed in range(6)]
    assert sum(one.verdict["verdict"].iloc[0] == MORE for one in found) <= 1
    assert all(anything_that_moved(one) for one in found)
    tiers = [one.moves.set_index("moved").loc[TIER] for one in found]
    assert all(row["share_moved"] > 0.3 and abs(row["excess"]) < 0.1 for row in tiers)


def test_a_third_who_became_another_kind_are_found_and_counted() -> None:
    found = movement_of_blocks(shoppers(3, switching=1 / 3), **{**QUICK, "splits": 99})
    moves = found.moves.set_index("moved")
    assert found.verdict["verdict"].tolist() == [MORE]
    assert moves.loc[SEGMENT, "stands"]
    # Whoever shops in two ways is, in an even deal, near a border more often than before: excess errs downward.
    assert 0.15 < moves.loc[SEGMENT, "excess"] < 1 / 3
    assert moves.loc[SEGMENT, "excess_low"] > 0.1
    assert (found.matches["fate"] == KEPT).all()


def test_excess_is_what_moved_less_what_the_deals_moved() -> None:
    moves = movement_of_blocks(shoppers(4, switching=0.2), **QUICK).moves
    assert (moves["excess"] - (moves["share_moved"] - moves["by_resampling"])).abs().max() < 0.01
    assert (moves["by_resampling_from"] <= moves["by_resampling"] + 1e-9).all()
    assert (moves["p_value"] >= 1 / 40).all()
    assert (moves["adjusted_p"] >= moves["p_value"]).all()


def test_neither_row_order_nor_names_of_customers_change_a_move() -> None:
    blocks = shoppers(5, switching=0.2, customers=120)
    order = np.random.default_rng(2).permutation(120)
    sums = {name: cells[order] for name, cells in blocks.sums.items()}
    other = replace(blocks, sums=sums, first=blocks.first[order], last=blocks.last[order])
    one, same = (movement_of_blocks(b, **{**QUICK, "splits": 19}) for b in (blocks, other))
    assert one.moves.equals(same.moves)
    assert one.matches.equals(same.matches)


def test_without_clusters_tiers_are_compared_all_the_same() -> None:
    found = movement_of_blocks(shoppers(6), **{**QUICK, "clusters": 0})
    assert found.moves["moved"].tolist() == [TIER, HIGHER, LOWER]
    assert found.matches.empty


def test_customers_who_are_all_alike_have_no_clusters_and_do_not_move() -> None:
    blocks = shoppers(7)
    same = {name: np.full_like(cells, 4.0) for name, cells in blocks.sums.items()}
    alike = replace(blocks, sums=same, first=np.zeros_like(blocks.first), last=np.zeros_like(blocks.last))
    found = movement_of_blocks(alike, **QUICK)
    assert found.verdict["verdict"].tolist() == [NO_MORE]
    assert (found.moves["share_moved"] == 0).all()
    assert SEGMENT not in set(found.moves["moved"])


@pytest.mark.parametrize("customers", [1, 3, 59])
def test_too_few_customers_are_no_statement(customers: int) -> None:
    found = movement_of_blocks(shoppers(1, customers=customers), **QUICK)
    assert found.verdict["verdict"].tolist() == [TOO_FEW]
    assert found.moves.empty
    assert found.flows.empty
    assert found.matches.empty


def test_a_study_too_short_for_two_periods_is_no_statement(shop) -> None:
    bought = [("ann", "2017-12-30", 9, {"milk": (2.5, 0.0)})]
    made = shop(bought, {"milk": ("Private", "dairy")})
    tables = made["order_lines"], made["products"], made["orders"]
    days = {"first_day": date(2017, 7, 1), "last_day": date(2017, 12, 31)}
    found = find_movement(*tables, **days, use=HABITS, clusters=3)
    assert found.verdict["verdict"].tolist() == [TOO_SHORT]
    found = find_movement(*tables, **days, use=HABITS, clusters=3, days=70)
    assert found.verdict["verdict"].tolist() == [TOO_FEW]


def test_tables_are_what_they_promise() -> None:
    found = movement_of_blocks(shoppers(8, switching=0.2), **QUICK)
    tables = {"movement_verdict": found.verdict, "movement": found.moves, "movement_flows": found.flows}
    for name, table in {**tables, "movement_matches": found.matches}.items():
        assert list(table.columns) == TABLES[name].names
    drawn = drawn_movement(found.moves)
    assert len(drawn) == 2 * len(found.moves)
    assert drawn["share_low"].le(drawn["share"] + 1e-9).all()
    assert found.flows.groupby("before")["by_resampling"].sum().round(6).eq(1).all()
