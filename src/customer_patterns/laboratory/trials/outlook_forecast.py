"""Do forecasts hold what they say, are waves of chance left alone and new levels found, do chances come true?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

if TYPE_CHECKING:
    import pandas as pd

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
_FORECAST = ("estimates", "outlook/forecast")

#: A key figure of one year: how alike neighboring weeks are, and new levels in spreads of a week.
_ALIKE_WEEKS = (0.0, 0.3, 0.6, 0.8)
_NEW_FROM, _DETECTABLE = 26, 3.2
_WAVE_SEEDS, _STEP_SEEDS = range(936_200, 936_240), range(936_300, 936_320)
_TREND = ("outlook/trend",)

#: Two years of opportunities of a hundred and twenty accounts, which six in ten times leave each of two stages.
_DEALS, _ACCOUNTS, _DAYS, _MOVE_ON = 900, 120, 730, 0.6
_LEAD_SEEDS = range(936_400, 936_412)
_LEADS = ("estimates", "outlook/leads")


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


def _wave(random: np.random.Generator, rho: float) -> Floats:
    noise = random.normal(size=_WEEKS)
    for week in range(1, _WEEKS):
        noise[week] = rho * noise[week - 1] + np.sqrt(1 - rho**2) * noise[week]
    return noise


def _named(y: Floats, *, twin: bool) -> bool:
    """Whether a new level is named; the twin takes the weeks for independent and looks for the largest t of all."""
    from customer_patterns.outlook.trend.levels import SHORTEST, level_changes
    from customer_patterns.outlook.trend.weeks import NAMED

    if not twin:
        found = level_changes(y, np.ones((len(y), 1)))
        return found.probability >= NAMED and (found.low > 0 or found.high < 0)
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


@cache
def _deals(seed: int, closer: float) -> pd.DataFrame:
    """Opportunities of two years; one owner of two wins so much more of the quotes, the other so much less."""
    import pandas as pd

    random = np.random.default_rng(seed)
    rows = []
    for number in range(_DEALS):
        at, name = random.uniform(0, _DAYS), f"o{number:04d}"
        account, owner = f"c{random.integers(_ACCOUNTS):03d}", "AB"[random.integers(2)]
        for stage, after in (("lead", "quote"), ("quote", "won")):
            rows.append((name, account, stage, at, owner))
            at += random.exponential(20)
            chance = _MOVE_ON + (closer * (1 if owner == "A" else -1) if stage == "quote" else 0.0)
            if random.random() > chance:
                rows.append((name, account, "lost", at, owner))
                break
            if after == "won":
                rows.append((name, account, "won", at, owner))
    table = pd.DataFrame(rows, columns=["opportunity_id", "customer_id", "stage", "day", "owner"])
    table = table[table["day"] < _DAYS]
    # The day zero of the tables is that of computers; what matters here is the distance between days.
    return table.assign(entered_at=pd.to_datetime(table["day"], unit="D"), amount=np.nan).drop(columns="day")


def _chances(seed: int, *, twin: bool = False) -> Error:
    """How far chances said before are from what came, over stages."""
    from customer_patterns.outlook.leads.chances import learn
    from customer_patterns.outlook.leads.moments import as_they_stood, pipeline
    from customer_patterns.outlook.leads.scores import learned_and_tested

    made = pipeline(_deals(seed, 0.15))
    sides = learned_and_tested(made, float(_DAYS))
    if sides is None:
        return Error(1.0)
    before, after = sides
    if twin:  # learns from all that had ended, the young ones of which are those that end fast
        rows = as_they_stood(made, np.arange(14.0, _DAYS / 2, 14))
        before = rows[rows["ended"] < rows["day"] + 14].reset_index(drop=True)
    said = learn(before).of(after)
    gaps = [
        abs(float((said - after["won"])[(after["stage"] == stage).to_numpy()].mean())) for stage in ("lead", "quote")
    ]
    return Error(float(np.mean(gaps)))


def _owner_learned(seed: int, *, twin: bool = False) -> Tally:
    """Whether chances tell more than the stage, where an owner wins much more."""
    from customer_patterns.outlook.leads.chances import learn
    from customer_patterns.outlook.leads.moments import pipeline
    from customer_patterns.outlook.leads.scores import area_under_curve, learned_and_tested

    if twin:  # the stage is all it knows
        return Tally(0, 1)
    sides = learned_and_tested(pipeline(_deals(seed, 0.35)), float(_DAYS))
    if sides is None:
        return Tally(0, 1)
    model, after = learn(sides[0]), sides[1]
    won, once = after["won"].to_numpy(dtype=bool), np.ones(len(after))
    gained = area_under_curve(model.of(after), won, once) - area_under_curve(model.by_stage(after), won, once)
    return Tally(int(gained > 0.03), 1)


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
        rests_on=_TREND,
        feeds=("outlook.changed", "outlook.changed_for") if times == 1 else (),
    )


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
        rests_on=_FORECAST,
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
        rests_on=_FORECAST,
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
        rests_on=_FORECAST,
        feeds=("outlook.stock",),
    ),
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
        rests_on=_TREND,
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
        rests_on=_TREND,
        feeds=("outlook.moving",),
    ),
    Trial(
        name="chances of opportunities",
        room="outlook",
        measure="how far the chances said are from the share won, by stage",
        setting="two years of opportunities; one of two owners wins more of the quotes",
        twin="learns from those that end soon",
        aim=Aim(0.0, 0.08),
        seeds=_LEAD_SEEDS,
        run=_chances,
        broken=lambda seed: _chances(seed, twin=True),
        rests_on=_LEADS,
        feeds=("outlook.leads",),
    ),
    Trial(
        name="an owner who wins more",
        room="outlook",
        measure="studies in which chances rank later opportunities better than their stage",
        setting="two years of opportunities; one of two owners wins nearly all quotes",
        twin="knows the stage alone",
        aim=Aim(0.8, 1.0),
        seeds=_LEAD_SEEDS,
        run=_owner_learned,
        broken=lambda seed: _owner_learned(seed, twin=True),
        rests_on=_LEADS,
    ),
)
