"""More deals are made only while chance in them could turn a verdict, and then it no longer hangs on the seed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from customer_patterns.segments.movement.blocks import Blocks
from customer_patterns.segments.movement.comparing import Setting, compare_periods, compare_values
from customer_patterns.segments.movement.enough_deals import SURE, can_turn, deal_on, steps
from customer_patterns.segments.movement.moves import movement_of_blocks
from customer_patterns.segments.movement.periods import no_change
from customer_patterns.segments.movement.tables import SEGMENT, TIER
from tests.segments.movement.test_moves import HABITS, QUICK, shoppers

LEVELS = steps(0.05, 2)


@pytest.mark.parametrize(("as_many", "deals"), [(0, 99), (1, 99), (7, 99), (12, 999), (99, 99), (30, 999)])
def test_the_interval_is_the_exact_one(as_many: int, deals: int) -> None:
    exact = binomtest(as_many, deals).proportion_ci(SURE, method="exact")
    for threshold in np.linspace(0.001, 0.999, 97):
        assert can_turn(as_many, deals, [threshold]) == (exact.low <= threshold <= exact.high)


def decide(p: float, seed: int, *, most: int) -> tuple[bool, int]:
    """Whether a true p is said to be at most a twentieth, and after how many deals."""
    random = np.random.default_rng(seed)
    deals = deal_on(list(random.random(99) < p), lambda _: bool(random.random() < p), {"it": bool}, most=most,
                    thresholds=[0.05])  # fmt: skip
    return (1 + sum(deals)) / (len(deals) + 1) <= 0.05, len(deals)


def test_a_verdict_near_its_threshold_hangs_on_the_seed_only_in_the_twin_that_stops_early() -> None:
    """Of deals of which one in thirty moves as many: the twin, of 99 deals always, misses a good fifth of them."""
    stands = np.mean([decide(1 / 30, seed, most=999)[0] for seed in range(300)])
    twin = np.mean([decide(1 / 30, seed, most=99)[0] for seed in range(300)])
    assert stands > 0.93
    assert twin < 0.85


def test_what_is_clear_takes_no_more_deals_and_false_alarms_are_not_more() -> None:
    assert {decide(0.4, seed, most=999)[1] for seed in range(50)} == {99}
    alarms = [decide(p, seed, most=999)[0] for seed, p in enumerate(np.random.default_rng(8).random(3000))]
    assert np.mean(alarms) == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 3000))


def test_the_first_deals_are_kept_and_there_are_never_too_many() -> None:
    made = deal_on([0] * 99, lambda number: number, {"never": lambda _: False}, most=250, thresholds=[0.001])
    assert made == [0] * 99 + list(range(99, 250))


def test_values_alone_move_as_they_do_beside_clusters() -> None:
    blocks: Blocks = shoppers(11, switching=0.2)
    rows = np.arange(0, len(blocks.customers), 2)
    setting = Setting(rows, np.arange(len(rows)), HABITS, 3, 5.0)
    for seed in range(3):
        order = no_change(blocks, np.random.default_rng(seed))
        whole, alone = compare_periods(blocks, order, setting, seed=1), compare_values(blocks, order, setting)
        assert (whole.known == alone.known).all()
        assert (whole.level == alone.level).all()
        assert all((whole.moved[name] == moved).all() for name, moved in alone.moved.items())


def test_more_deals_are_told_and_change_nothing_else_where_none_are_needed() -> None:
    blocks = shoppers(3, switching=1 / 3)
    few, many = (movement_of_blocks(blocks, **{**QUICK, "most_splits": most}).moves for most in (39, 199))
    assert (few["deals"] == 39).all()
    told = many.set_index("moved")["deals"]
    assert told[TIER] > 39  # a share of 1 in 40 at best leaves 0.025 open
    assert set(told) <= set(range(39, 200))
    assert (few["share_moved"] == many["share_moved"]).all()
    assert SEGMENT in told
