"""Are waves of chance left alone, new levels found, and trends told with their error?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Tally, Trial

Floats = NDArray[np.float64]

#: A key figure of one year: how alike neighboring weeks are, and new levels in spreads of a week.
_WEEKS = 52
_ALIKE_WEEKS = (0.0, 0.3, 0.6, 0.8)
_NEW_FROM, _DETECTABLE = 26, 3.2
_WAVE_SEEDS, _STEP_SEEDS = range(936_200, 936_240), range(936_300, 936_320)
_RESTS_ON = ("outlook/trend",)


def _wave(random: np.random.Generator, rho: float) -> Floats:
    noise = random.normal(size=_WEEKS)
    for week in range(1, _WEEKS):
        noise[week] = rho * noise[week - 1] + np.sqrt(1 - rho**2) * noise[week]
    return noise


def _named(y: Floats, *, twin: bool) -> bool:
    """Whether a new level is named; the twin takes the weeks for independent and looks for the largest t of all."""
    from customer_patterns.outlook.trend.levels import SHORTEST, level_changes
    from customer_patterns.outlook.trend.weeks import is_named

    if not twin:
        return is_named(level_changes(y, np.ones((len(y), 1))))
    largest = 0.0
    for at in range(SHORTEST, len(y) - SHORTEST + 1):
        before, after = y[:at], y[at:]
        error = np.sqrt(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after))
        largest = max(largest, abs(after.mean() - before.mean()) / error)
    return largest > 1.96


def _alarms(seed: int, *, twin: bool = False) -> Tally:
    random = np.random.default_rng(seed)
    named = [_named(_wave(random, rho), twin=twin) for rho in _ALIKE_WEEKS for _ in range(3)]
    return Tally(sum(named), len(named))


def _found(seed: int, times: float, *, twin: bool = False) -> Tally:
    """How many new levels are named; the twin names none."""
    if twin:
        return Tally(0, 5)
    random = np.random.default_rng(seed)
    step = times * _DETECTABLE * (np.arange(_WEEKS) >= _NEW_FROM)
    return Tally(sum(_named(_wave(random, 0.3) + step, twin=False) for _ in range(5)), 5)


def _rises(seed: int, *, twin: bool = False) -> Tally:
    """How many intervals of a trend hold the planted one, in waves."""
    from customer_patterns.outlook.trend.drift import coefficient

    random = np.random.default_rng(seed)
    columns = np.column_stack([np.ones(_WEEKS), np.linspace(-0.5, 0.5, _WEEKS)])
    hits, of = 0, 40
    for _ in range(of):
        y = _wave(random, 0.5) + 1.5 * columns[:, 1]
        if twin:  # least squares, as if weeks were independent
            inverse = np.linalg.inv(columns.T @ columns)
            beta = inverse @ columns.T @ y
            reach = 2.01 * np.sqrt(((y - columns @ beta) ** 2).sum() / (_WEEKS - 2) * inverse[1, 1])
            hits += int(abs(beta[1] - 1.5) <= reach)
        else:
            found = coefficient(y, columns, 1)
            hits += int(found.low <= 1.5 <= found.high)
    return Tally(hits, of)


def _power(times: float, floor: float, setting: str) -> Trial:
    return Trial(
        name=f"new levels, {setting}",
        room="outlook",
        measure="new levels that are named",
        setting=f"key figures of one year with a new level, {setting}",
        twin="names none",
        aim=Aim(floor, 1.0),
        seeds=_STEP_SEEDS,
        run=lambda seed: _found(seed, times),
        broken=lambda seed: _found(seed, times, twin=True),
        rests_on=_RESTS_ON,
        feeds=("outlook.changed", "outlook.changed_for") if times == 1 else (),
    )


TRIALS = (
    Trial(
        name="waves without a new level",
        room="outlook",
        measure="key figures of which a new level is wrongly named",
        setting="key figures of one year that stay at one level, weeks unlike or much like their neighbors",
        twin="takes weeks for independent, and the largest step for the only one looked at",
        aim=Aim(0.0, 0.05),
        seeds=_WAVE_SEEDS,
        run=_alarms,
        broken=lambda seed: _alarms(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("outlook.changed",),
    ),
    _power(0.5, 0.1, "of less than two spreads of a week"),
    _power(1.0, 0.7, "of three spreads of a week"),
    _power(2.0, 0.95, "of six spreads of a week"),
    Trial(
        name="coverage of a trend in waves",
        room="outlook",
        measure="intervals of a trend that hold the planted one",
        setting="key figures of one year that rise, weeks much like their neighbors",
        twin="takes weeks for independent",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(936_350, 936_360),
        run=_rises,
        broken=lambda seed: _rises(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("outlook.moving",),
    ),
)
