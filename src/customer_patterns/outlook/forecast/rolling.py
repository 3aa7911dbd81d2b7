"""Forecasts made again and again from what was known at the time, and the errors they made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.forecast.holidays import holiday_ratios, usual_sales
from customer_patterns.outlook.forecast.reconcile import reconcile
from customer_patterns.outlook.forecast.series import WEEK
from customer_patterns.outlook.forecast.smoothing import Weights, fit_weights, seasonal_naive, smooth

Floats = NDArray[np.float64]

#: Weights of smoothing are estimated again every so many origins, from what is known there.
REFIT_EVERY = 9
#: So many forecasts must have been judged before intervals at 95 % can be drawn from their errors.
FEWEST_ORIGINS = 19
#: Forecasts longer ago than the last so many say little of those to come, and each costs time.
MOST_ORIGINS = 40


@dataclass(frozen=True)
class Backtest:
    """Forecasts from several origins, and those from the end of the history.

    Attributes
    ----------
    origins
        Days of history known at each, ascending, a week apart.
    actual, smoothed, naive
        One row per series, then per origin, then per day of the horizon.
    scale
        Mean absolute and root mean squared error of the naive forecast within the history of each origin, one day a
        week later: per series, origin, and these two.
    next_smoothed, next_naive
        One row per series, one column per day after the end.
    """

    origins: NDArray[np.int64]
    actual: Floats
    smoothed: Floats
    naive: Floats
    scale: Floats
    next_smoothed: Floats
    next_naive: Floats
    next_scale: Floats

    @property
    def horizon(self) -> int:
        """Days forecast from each origin."""
        return self.actual.shape[2]


def origins_of(length: int, *, start: int, horizon: int) -> NDArray[np.int64]:
    """Days of history known at each origin: a week apart, so that the last horizon ends with the history.

    >>> origins_of(100, start=70, horizon=14).tolist()
    [72, 79, 86]
    """
    return np.arange(length - horizon, start - 1, -WEEK)[:MOST_ORIGINS][::-1]


def back_test(values: Floats, near: NDArray[np.int64], *, start: int, horizon: int) -> Backtest:
    """Forecast from one origin a week, each time from the days before it alone, and once from the end.

    Parameters
    ----------
    values
        One row per series, one column per day.
    near
        Days before a holiday (:func:`~customer_patterns.outlook.forecast.holidays.offsets`), for the history and the
        horizon after it: holidays are known ahead.
    start
        Days of history that the first origin must have; two weeks or more.
    horizon
        Days forecast; whole weeks.

    Raises
    ------
    NotEnoughData
        Fewer than :data:`FEWEST_ORIGINS` origins.
    ValueError
        The horizon does not hold whole weeks, or the start is too early.

    Notes
    -----
    Tashman (2000), Int. J. Forecast. 16, 437–450.
    """
    length = values.shape[1]
    if horizon < WEEK or horizon % WEEK or start < 2 * WEEK:
        raise ValueError("a horizon has whole weeks, and a first origin two weeks of history")
    origins = origins_of(length, start=start, horizon=horizon)
    if len(origins) < FEWEST_ORIGINS:
        weeks = (start + horizon) // WEEK + FEWEST_ORIGINS - 1
        raise NotEnoughData(f"forecasts are judged on {weeks} weeks of sales or more, here are {length // WEEK}")
    shape = (len(values), len(origins), horizon)
    actual, smoothed, naive = np.empty(shape), np.empty(shape), np.empty(shape)
    scale = np.empty((*shape[:2], 2))
    weights: list[Weights] = []
    for number, origin in enumerate(origins):
        history = values[:, :origin]
        refit = number % REFIT_EVERY == 0
        smoothed[:, number], weights = _forecast(history, near, horizon, [] if refit else weights)
        naive[:, number] = seasonal_naive(history, horizon)
        actual[:, number] = values[:, origin : origin + horizon]
        scale[:, number] = _scale(history)
    following, _ = _forecast(values, near, horizon, [])
    return Backtest(origins, actual, smoothed, naive, scale, following, seasonal_naive(values, horizon), _scale(values))


def _forecast(
    history: Floats, near: NDArray[np.int64], horizon: int, weights: list[Weights]
) -> tuple[Floats, list[Weights]]:
    """Forecast all series from the end of a history; weights are estimated where none are given."""
    length = history.shape[1]
    usual = usual_sales(history, near)
    weights = weights or [fit_weights(row) for row in usual]
    found = np.array([smooth(row, weight, horizon) for row, weight in zip(usual, weights, strict=True)])
    ahead = near[length : length + horizon]
    ratios = holiday_ratios(history, usual, near)
    found[:, ahead >= 0] *= ratios[:, ahead[ahead >= 0]]
    return found, weights


def _scale(history: Floats) -> Floats:
    steps = history[:, WEEK:] - history[:, :-WEEK]
    return np.stack([np.abs(steps).mean(axis=1), np.sqrt((steps**2).mean(axis=1))], axis=1)


def used_forecasts(test: Backtest, use: NDArray[np.bool_], constraints: Floats) -> tuple[Floats, Floats]:
    """Take smoothing for some series and the naive forecast for the others, and make them add up.

    Parameters
    ----------
    test
        The back-test.
    use
        Whether smoothing is used, by series.
    constraints
        What must be 0: one row per sum, one column per series
        (:func:`~customer_patterns.outlook.forecast.reconcile.reconcile`).

    Returns
    -------
    past, following
        Shapes as ``test.smoothed`` and ``test.next_smoothed``.
    """
    past = np.where(use[:, None, None], test.smoothed, test.naive)
    following = np.where(use[:, None], test.next_smoothed, test.next_naive)
    for number in range(len(test.origins)):
        past[:, number] = reconcile(past[:, number], constraints, test.scale[:, number, 1])
    return past, reconcile(following, constraints, test.next_scale[:, 1])
