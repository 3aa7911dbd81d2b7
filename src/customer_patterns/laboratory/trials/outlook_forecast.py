"""Do forecasts of sales hold what they say, and does stock suffice?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Tally, Trial

if TYPE_CHECKING:
    from customer_patterns.outlook.forecast.rolling import Backtest

Floats = NDArray[np.float64]

#: A year and the four weeks after it; on each weekday so many pieces, with a spread from day to day and from week to
#: week (the weeks resemble each other).
_WEEKS, _AHEAD, _START = 52, 4, 84
_PATTERN = np.array([60.0, 55, 58, 62, 75, 120, 95])
_DAILY, _WEEKLY, _ALIKE = 0.15, 0.06, 0.4
_SERIES = 8
_LEVEL = 0.95
_SALES_SEEDS = range(936_100, 936_120)
_RESTS_ON = ("estimates", "outlook/forecast")


@cache
def _sold(seed: int) -> tuple[Backtest, Floats]:
    """Forecasts of series whose next weeks are known here, and what was sold in these weeks."""
    from customer_patterns.outlook.forecast.rolling import back_test

    random = np.random.default_rng(seed)
    weeks = _WEEKS + _AHEAD
    noise = random.normal(size=(_SERIES, weeks))
    for week in range(1, weeks):
        noise[:, week] = _ALIKE * noise[:, week - 1] + np.sqrt(1 - _ALIKE**2) * noise[:, week]
    level = np.repeat(1 + _WEEKLY * noise, 7, axis=1)
    sums = np.tile(_PATTERN, (_SERIES, weeks)) * level * (1 + _DAILY * random.normal(size=level.shape))
    known = 7 * _WEEKS
    near = np.full(7 * weeks, -1)
    return back_test(sums[:, :known], near, start=_START, horizon=7 * _AHEAD), sums[:, known:]


def _held(seed: int, *, twin: bool = False) -> Tally:
    """How many series had one week, drawn by chance, within its interval."""
    from customer_patterns.outlook.forecast.judge import week_intervals, weekly

    test, after = _sold(seed)
    truth = weekly(after)
    low, high = week_intervals(test, test.smoothed, test.next_smoothed, level=_LEVEL)[1:]
    if twin:  # days within the history taken for independent
        spread = 1.96 * np.sqrt(7) * test.next_scale[:, 1] / 2
        center = weekly(test.next_smoothed)
        low, high = center - spread[:, None], center + spread[:, None]
    week = np.random.default_rng(seed).integers(0, _AHEAD, _SERIES)
    at = np.arange(_SERIES), week
    return Tally(int(((low[at] <= truth[at]) & (truth[at] <= high[at])).sum()), _SERIES)


def _sufficed(seed: int, *, twin: bool = False) -> Tally:
    """How many stocks sufficed for the week after the study."""
    from customer_patterns.outlook.forecast.stock import exceeded_seldom

    test, after = _sold(seed)
    demand, expected = after[:, :7].sum(axis=1), test.next_smoothed[:, :7].sum(axis=1)
    error = (test.actual - test.smoothed)[:, :, :7].sum(axis=2)
    margin = np.array([exceeded_seldom(one, _LEVEL) for one in error])
    if twin:  # demand taken for Poisson's
        margin = 1.645 * np.sqrt(expected)
    return Tally(int((demand <= np.ceil(expected + margin)).sum()), _SERIES)


def _better(seed: int, *, twin: bool = False) -> Tally:
    """How many series are said to be forecast better than by the week before, where they are."""
    from customer_patterns.outlook.forecast.judge import error_ratios

    test, _ = _sold(seed)
    ratios = error_ratios(test)
    limit = 0.5 if twin else 1.0
    return Tally(int((ratios.high < limit).sum()), _SERIES)


TRIALS = (
    Trial(
        name="coverage of sales forecasts",
        room="outlook",
        measure="weeks to come that lie in their interval",
        setting="a year of daily sales whose weeks resemble their neighbors, and the four weeks after it",
        twin="takes the days within the history for independent",
        aim=Aim(0.93, 1.0, by_interval=True),
        seeds=_SALES_SEEDS,
        run=_held,
        broken=lambda seed: _held(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("outlook.forecast",),
    ),
    Trial(
        name="forecasts better than the week before",
        room="outlook",
        measure="series said to be forecast better, all of which are",
        setting="a year of daily sales around a fixed week",
        twin="asks for errors of less than half the size",
        aim=Aim(0.9, 1.0),
        seeds=_SALES_SEEDS,
        run=_better,
        broken=lambda seed: _better(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("outlook.forecast",),
    ),
    Trial(
        name="stock that suffices",
        room="outlook",
        measure="weeks to come in which the stock sufficed",
        setting="a year of daily demand whose weeks resemble their neighbors, and the week after it",
        twin="takes demand for a count of independent buyers",
        aim=Aim(0.93, 0.99, by_interval=True),
        seeds=_SALES_SEEDS,
        run=_sufficed,
        broken=lambda seed: _sufficed(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("outlook.stock",),
    ),
)
