"""Is a move found where customers have changed, and none where they are only measured twice?

The shoppers here are drawn for these trials alone, with other kinds and settings than those of the tests.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from customer_patterns.segments.movement.blocks import Blocks
    from customer_patterns.segments.movement.moves import Movement

_CUSTOMERS, _BLOCKS = 260, 20
#: Four kinds: orders a block, shares at the weekend and in the evening, value of a basket. The last is a kind that
#: comes up later: shoppers of the second, who go further that way.
_KINDS = np.array(
    [
        [5.0, 0.15, 0.2, 18.0],
        [2.5, 0.6, 0.15, 70.0],
        [4.0, 0.25, 0.7, 30.0],
        [7.0, 0.4, 0.45, 9.0],
        [6.0, 0.95, 0.05, 150.0],
    ]
)
_USE = ("orders_per_month", "basket_value", "weekend_share", "evening_share")
#: Where 99 deals leave it open there are up to 299 here, fewer than in a chapter: the trial shall not take all day.
_SPLITS, _MOST_SPLITS = 99, 299
_RESTS_ON = ("estimates", "segments")


def _shoppers(seed: int, switching: float) -> Blocks:
    """Shoppers whose orders come in spells, with weeks in which everybody buys more; in the middle some change kind."""
    random = np.random.default_rng([seed, 3])
    kind = random.integers(0, 4, _CUSTOMERS)
    then = np.where(random.random(_CUSTOMERS) < switching, (kind + random.integers(1, 4, _CUSTOMERS)) % 4, kind)
    return _blocks(kind, then, random)


def _turnover(seed: int) -> Blocks:
    """The same in other shares; in the middle the fourth kind shops as the first, half of the second as a new one."""
    random = np.random.default_rng([seed, 4])
    kind = random.choice(4, _CUSTOMERS, p=[0.25, 0.4, 0.2, 0.15])
    then = np.where(kind == 3, 0, np.where((kind == 1) & (random.random(_CUSTOMERS) < 0.5), 4, kind))
    return _blocks(kind, then, random)


def _blocks(kind: NDArray[np.int64], then: NDArray[np.int64], random: np.random.Generator) -> Blocks:
    """What shoppers do who are of one kind in the first half of the blocks, and of another in the second."""
    from customer_patterns.segments.movement.blocks import BLOCK_DAYS, SUMS, Blocks

    habit = np.where(np.arange(_BLOCKS) < _BLOCKS // 2, kind[:, None], then[:, None])
    own = random.gamma(6, 1 / 6, (_CUSTOMERS, 1))
    spells, high = random.gamma(4, 1 / 4, habit.shape), random.gamma(20, 1 / 20, (1, _BLOCKS))
    orders = random.poisson(_KINDS[habit, 0] * own * spells * high)
    spend = (orders * _KINDS[habit, 3] * random.lognormal(0, 0.4, orders.shape) * 100).round()
    sums = dict.fromkeys(SUMS, np.zeros(orders.shape)) | {
        "orders": orders.astype(float),
        "weekend_orders": random.binomial(orders, _KINDS[habit, 1]).astype(float),
        "evening_orders": random.binomial(orders, _KINDS[habit, 2]).astype(float),
        "revenue": spend,
        "goods": spend,
        "products": orders * 6.0,
    }
    ends = [np.where(orders > 0, random.integers(0, BLOCK_DAYS // 2, orders.shape), np.inf) for _ in range(2)]
    nothing = np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64), np.empty(0, np.int16), np.empty(0, np.float32)
    keys = np.array([f"{number:04d}" for number in range(_CUSTOMERS)], dtype=object)
    return Blocks(keys, sums, *ends, *nothing, date(2017, 1, 1), date(2017, 10, 7))


def _movement(blocks: Blocks, seed: int) -> Movement:
    from customer_patterns.segments.movement.moves import movement_of_blocks

    return movement_of_blocks(blocks, use=_USE, clusters=4, splits=_SPLITS, most_splits=_MOST_SPLITS, seed=seed)


@cache
def _moved(seed: int, switching: float) -> Movement:
    return _movement(_shoppers(seed, switching), seed)


def _stands(movement: Movement) -> Tally:
    return Tally(int(movement.moves["stands"].any()), 1)


def _anything_elsewhere(seed: int) -> Tally:
    """The twin: whoever is elsewhere has moved."""
    return Tally(int((_moved(seed, 0.0).moves["share_moved_low"] > 0).any()), 1)


def _without_calendar(seed: int, switching: float) -> Tally:
    """The twin: it takes the weeks as they come to hand, so that before and after are lost."""
    return _stands(_movement(_mixed(_shoppers(seed, switching), seed), seed))


def _mixed(blocks: Blocks, seed: int) -> Blocks:
    order = np.random.default_rng(seed).permutation(_BLOCKS)
    sums = {name: cells[:, order] for name, cells in blocks.sums.items()}
    return replace(blocks, sums=sums, first=blocks.first[:, order], last=blocks.last[:, order])


def _came_and_went(movement: Movement) -> Tally:
    """Whether an earlier cluster is said to be gone, and a later one not to have been there."""
    from customer_patterns.segments.movement.tables import GONE, MERGED, NEW, SPLIT

    fates = movement.matches["fate"]
    return Tally(int(fates.isin([GONE, MERGED]).any() and fates.isin([NEW, SPLIT]).any()), 1)


def _anything_came_or_went(seed: int, *, twin: bool = False) -> Tally:
    """Whether any cluster is said to have come or gone; the twin says so wherever customers are in another one."""
    from customer_patterns.segments.movement.tables import KEPT, SEGMENT

    moved = _moved(seed, 0.25)
    elsewhere = moved.moves.set_index("moved").at[SEGMENT, "share_moved_low"] > 0
    return Tally(int(elsewhere if twin else (moved.matches["fate"] != KEPT).any()), 1)


def _beyond(seed: int, *, twin: bool = False) -> Error:
    """What is said to be beyond chance where nothing is; the twin takes all who are in another tier."""
    from customer_patterns.segments.movement.tables import TIER

    row = _moved(seed, 0.0).moves.set_index("moved").loc[TIER]
    return Error(abs(float(row["share_moved"] if twin else row["excess"])))


TRIALS = (
    Trial(
        name="moves where nobody has changed",
        room="segments",
        measure="shops without change in which customers are said to have moved",
        setting="260 shoppers of four kinds, orders in spells, weeks in which all buy more",
        twin="takes whoever is elsewhere for moved",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=range(931_000, 931_060),
        run=lambda seed: _stands(_moved(seed, 0.0)),
        broken=_anything_elsewhere,
        rests_on=_RESTS_ON,
        feeds=("segments.moved",),
    ),
    Trial(
        name="moves where a quarter has changed",
        room="segments",
        measure="shops in which it is found that customers moved",
        setting="the same shoppers, a quarter of whom become another kind in the middle",
        twin="takes the weeks in any order",
        aim=Aim(0.9, 1.0),
        seeds=range(931_100, 931_120),
        run=lambda seed: _stands(_moved(seed, 0.25)),
        broken=lambda seed: _without_calendar(seed, 0.25),
        rests_on=_RESTS_ON,
        feeds=("segments.moved",),
    ),
    Trial(
        name="moves where an eighth has changed",
        room="segments",
        measure="shops in which it is found that customers moved",
        setting="the same shoppers, an eighth of whom become another kind in the middle",
        twin="takes the weeks in any order",
        aim=Aim(0.5, 1.0),
        seeds=range(931_200, 931_220),
        run=lambda seed: _stands(_moved(seed, 0.125)),
        broken=lambda seed: _without_calendar(seed, 0.125),
        rests_on=_RESTS_ON,
        feeds=("segments.moved",),
    ),
    Trial(
        name="what is beyond chance where nobody has changed",
        room="segments",
        measure="how far the share beyond chance lies from none",
        setting="the shoppers of whom nobody has changed",
        twin="takes whoever is elsewhere for moved",
        aim=Aim(0.0, 0.05),
        seeds=range(931_000, 931_060),
        run=_beyond,
        broken=lambda seed: _beyond(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("segments.moved",),
    ),
    Trial(
        name="clusters come and go where only customers moved",
        room="segments",
        measure="shops in which a cluster is said to have come or gone",
        setting="the same shoppers, a quarter of whom become another kind in the middle; all kinds stay",
        twin="takes a cluster for gone where its customers are elsewhere",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=range(931_300, 931_340),
        run=_anything_came_or_went,
        broken=lambda seed: _anything_came_or_went(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("segments.fates_some", "segments.fates_none"),
    ),
    Trial(
        name="a cluster that went and one that split off",
        room="segments",
        measure="shops in which one is said to have gone, and one to have come",
        setting="the same shoppers; in the middle one kind turns into another, and half of a third into a new one",
        twin="takes the weeks in any order",
        aim=Aim(0.8, 1.0),
        seeds=range(931_400, 931_420),
        run=lambda seed: _came_and_went(_movement(_turnover(seed), seed)),
        broken=lambda seed: _came_and_went(_movement(_mixed(_turnover(seed), seed), seed)),
        rests_on=_RESTS_ON,
        feeds=("segments.fates_some", "segments.fates_none"),
    ),
)
