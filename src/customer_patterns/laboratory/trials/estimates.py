"""Do intervals hold the truth as often as they say?

Coverage is judged by whether its own 99 % Monte-Carlo interval meets 93 to 97 %, on 2,000 or more replicates. In every
trial customers differ and each has several orders; the twins draw orders instead of customers, or take the normal
distribution for granted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from customer_patterns.estimates import (
    Interval,
    bootstrap_quantile,
    bootstrap_rank_shares,
    bootstrap_ratio,
    wilson,
)
from customer_patterns.laboratory.trial import Aim, Tally, Trial

Floats = NDArray[np.float64]

_NOMINAL = Aim(0.93, 0.97, by_interval=True)
#: Exact and score intervals for counts may exceed the nominal level: the share they speak of moves in steps.
_AT_LEAST_NOMINAL = Aim(0.93, 1.0, by_interval=True)
_MEASURE = "intervals at 95 % that hold the truth"
_RESTS_ON = ("estimates",)
_MEAN_VALUE = 20.0


def _shop(random: np.random.Generator, customers: int, *, taste: float = 0.5, most: int = 12) -> tuple[Floats, Floats]:
    """Orders of customers who differ: how many each has, and their values, padded with zeros."""
    orders = random.integers(1, most + 1, customers)
    level = random.gamma(1 / taste**2, taste**2, customers)
    values = _MEAN_VALUE * level[:, None] * random.gamma(4, 0.25, (customers, most))
    return orders, values * (np.arange(most) < orders[:, None])


def _held(intervals: Interval, truth: float) -> int:
    return int(np.sum((np.asarray(intervals.low) <= truth) & (truth <= np.asarray(intervals.high))))


def _ratio(seed: int, *, batch: int = 100) -> Tally:
    random = np.random.default_rng([seed, 1])
    shops = [_shop(random, 80) for _ in range(batch)]
    orders = np.column_stack([orders for orders, _ in shops])
    revenue = np.column_stack([values.sum(axis=1) for _, values in shops])
    return Tally(_held(bootstrap_ratio(revenue, orders), _MEAN_VALUE), batch)


def _ratio_by_order(seed: int, *, batch: int = 20) -> Tally:
    random = np.random.default_rng([seed, 1])
    values = np.column_stack([_shop(random, 80)[1].ravel() for _ in range(batch)])
    return Tally(_held(bootstrap_ratio(values, values > 0, resamples=400), _MEAN_VALUE), batch)


def _true_median() -> float:
    _, values = _shop(np.random.default_rng([910_000, 2]), 400_000)
    return float(np.median(values[values > 0]))


def _median(seed: int, *, by_order: bool = False, batch: int = 100) -> Tally:
    random, truth, hits = np.random.default_rng([seed, 2]), _true_median(), 0
    for _ in range(batch):
        _, values = _shop(random, 80)
        whose, _ = np.nonzero(values)
        paid = values[values > 0]
        whose = np.arange(len(paid)) if by_order else whose
        hits += _held(bootstrap_quantile(paid, whose, resamples=300), truth)
    return Tally(hits, batch)


#: Lorenz curve of the exponential distribution: the top tenth has 0.1 (1 - log 0.1) of the total.
_TOP_TENTH = 0.1 * (1 - np.log(0.1))


def _top_tenth(seed: int, *, batch: int = 100) -> Tally:
    random, hits = np.random.default_rng([seed, 3]), 0
    for _ in range(batch):
        shares = bootstrap_rank_shares(random.exponential(200, 150), resamples=300)
        hits += bool(shares.low[0] <= _TOP_TENTH <= shares.high[0])
    return Tally(hits, batch)


def _top_tenth_fixed(seed: int, *, batch: int = 100) -> Tally:
    """Take the customers of the top tenth as given, as if another sample had the same ones at its top."""
    random, hits = np.random.default_rng([seed, 3]), 0
    for _ in range(batch):
        spent = np.sort(random.exponential(200, 150))[::-1]
        top = np.where(np.arange(150) < 15, spent, 0.0)
        share = top.sum() / spent.sum()
        error = np.sqrt(((top - share * spent) ** 2).sum()) / spent.sum()
        hits += bool(abs(share - _TOP_TENTH) <= 1.96 * error)
    return Tally(hits, batch)


def _small_share(seed: int, *, batch: int = 1000, wald: bool = False) -> Tally:
    random = np.random.default_rng([seed, 4])
    n, truth = 60, 0.05
    found = random.binomial(n, truth, batch)
    if not wald:
        return Tally(_held(wilson(found, np.full(batch, n)), truth), batch)
    share = found / n
    reach = 1.96 * np.sqrt(share * (1 - share) / n)
    return Tally(int((np.abs(share - truth) <= reach).sum()), batch)


TRIALS = (
    Trial(
        name="a ratio of sums",
        room="estimates",
        measure=_MEASURE,
        setting="the mean order of eighty customers who differ",
        twin="draws orders as if each were a customer of its own",
        aim=_NOMINAL,
        seeds=range(910_100, 910_130),
        run=_ratio,
        broken=_ratio_by_order,
        rests_on=_RESTS_ON,
        feeds=("behavior.basket", "behavior.rhythm"),
    ),
    Trial(
        name="a median",
        room="estimates",
        measure=_MEASURE,
        setting="the median order of eighty customers who differ",
        twin="draws orders as if each were a customer of its own",
        aim=_NOMINAL,
        seeds=range(910_200, 910_220),
        run=_median,
        broken=lambda seed: _median(seed, by_order=True, batch=20),
        rests_on=_RESTS_ON,
        feeds=("behavior.basket", "behavior.selected"),
    ),
    Trial(
        name="the share of the top tenth",
        room="estimates",
        measure=_MEASURE,
        setting="what the top tenth of a hundred and fifty customers spend",
        twin="takes the customers at the top as given",
        aim=_NOMINAL,
        seeds=range(910_300, 910_320),
        run=_top_tenth,
        broken=_top_tenth_fixed,
        rests_on=_RESTS_ON,
        feeds=("behavior.concentration",),
    ),
    Trial(
        name="a small share",
        room="estimates",
        measure=_MEASURE,
        setting="one in twenty of sixty customers",
        twin="takes a share for normally distributed (Wald)",
        aim=_AT_LEAST_NOMINAL,
        seeds=range(910_400, 910_405),
        run=_small_share,
        broken=lambda seed: _small_share(seed, wald=True),
        rests_on=_RESTS_ON,
        feeds=("behavior.rhythm", "behavior.truncated", "segments.top_tier", "segments.high_value"),
    ),
)
