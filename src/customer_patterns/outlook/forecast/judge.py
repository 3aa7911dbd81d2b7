"""How good forecasts have been, beside the naive one, and how far they may be off."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, NotEnoughData, bootstrap_ratio, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.outlook.forecast.rolling import FEWEST_ORIGINS, Backtest
from customer_patterns.outlook.forecast.series import WEEK, DailySales
from customer_patterns.outlook.forecast.tables import (
    ALL_SALES,
    BETTER,
    FORECAST_QUALITY,
    NAIVE,
    NOT_BETTER,
    REVENUE,
    SMOOTHING,
    WORSE,
)

Floats = NDArray[np.float64]


def error_ratios(test: Backtest) -> Interval:
    """Absolute errors of smoothing by those of the naive forecast, with intervals over blocks of origins.

    Horizons of neighboring origins overlap, so their errors are alike: origins whose horizons do overlap make up one
    block, and blocks are drawn again.

    Returns
    -------
    Interval
        One ratio per series; below 1 smoothing errs less. Missing where the naive forecast never errs.
    """
    smoothed = _by_block(test, np.abs(test.actual - test.smoothed).mean(axis=2))
    naive = _by_block(test, np.abs(test.actual - test.naive).mean(axis=2))
    return bootstrap_ratio(smoothed, naive)


def smoothing_pays(sales: DailySales, ratios: Interval) -> NDArray[np.bool_]:
    """Decide where smoothing is used; elsewhere it is the naive forecast.

    Smoothing has to err clearly less. Of revenue the whole decides for its parts as well: parts forecast in another way
    than the whole do not add up to it, and the odd week of one part would move all others. Only a part whose smoothing
    errs clearly more keeps the naive forecast.
    """
    with np.errstate(invalid="ignore"):
        better, worse = ratios.high < 1, ratios.low > 1
    whole, revenue = sales.of(REVENUE, ALL_SALES), sales.of(REVENUE)
    if len(whole):
        better[revenue] = better[whole[0]] & ~worse[revenue]
    return better


def forecast_quality(
    sales: DailySales, test: Backtest, used: Floats, ratios: Interval, ahead: Interval
) -> pd.DataFrame:
    """Describe the errors of the forecasts that are used.

    Parameters
    ----------
    sales, test
        The series and their back-test.
    used
        What was used at each origin, from :func:`~customer_patterns.outlook.forecast.rolling.used_forecasts`.
    ratios
        From :func:`error_ratios`.
    ahead
        From :func:`week_intervals`.

    Returns
    -------
    DataFrame
        One row per series; columns as in ``FORECAST_QUALITY``. ``mase`` and ``rmsse`` are errors by those that the
        naive forecast made within the history, one week ahead (Hyndman and Koehler 2006, Int. J. Forecast. 22,
        679–688; Makridakis et al. 2022, Int. J. Forecast. 38, 1346–1364); ``smape`` lies between 0 and 2, days without
        sales and forecast left out.
    """
    error = np.abs(test.actual - used)
    size = np.abs(test.actual) + np.abs(used)
    with np.errstate(invalid="ignore", divide="ignore"):
        smape = np.nanmean(np.where(size > 0, 2 * error / np.where(size > 0, size, 1), np.nan), axis=(1, 2))
        mase = _scaled(error.mean(axis=2), test.scale[:, :, 0])
        rmsse = _scaled(np.sqrt((error**2).mean(axis=2)), test.scale[:, :, 1])
        naive = _scaled(np.abs(test.actual - test.naive).mean(axis=2), test.scale[:, :, 0])
        weeks = weekly(test.actual)
        week_error = np.abs(weeks - weekly(used)).mean(axis=(1, 2)) / weeks.mean(axis=(1, 2))
    with np.errstate(invalid="ignore"):
        better, worse = ratios.high < 1, ratios.low > 1
    table = sales.series.assign(
        used=np.where(smoothing_pays(sales, ratios), SMOOTHING, NAIVE),
        verdict=np.select([better, worse], [BETTER, WORSE], NOT_BETTER),
        error_ratio=ratios.value,
        error_ratio_low=ratios.low,
        error_ratio_high=ratios.high,
        **{
            name: np.where(np.isfinite(part), part, np.nan)
            for name, part in {
                "mase": mase,
                "rmsse": rmsse,
                "smape": smape,
                "naive_mase": naive,
                "week_error": week_error,
            }.items()
        },
        origins=len(test.origins),
    )
    money = (sales.series["measure"] == REVENUE).to_numpy() & (sales.series["n"] >= SMALLEST_CELL).to_numpy()
    first = Interval(*(np.where(money, part[:, 0], np.nan) for part in ahead))
    table = with_interval(table, "next_week_revenue", first)
    table["n"] = whole_numbers(table["n"])
    return table[FORECAST_QUALITY.names].sort_values(list(FORECAST_QUALITY.key), ignore_index=True)


def _scaled(error: Floats, scale: Floats) -> Floats:
    """Mean of errors by their scale, over the origins where there is one: a series may begin after the first."""
    known = scale > 0
    sums = np.where(known, error / np.where(known, scale, 1), 0).sum(axis=1)
    return np.where(known.any(axis=1), sums / np.maximum(known.sum(axis=1), 1), np.nan)


def weekly(daily: Floats) -> Floats:
    """Sums of each seven days of the last axis.

    >>> weekly(np.ones((2, 14))).tolist()
    [[7.0, 7.0], [7.0, 7.0]]
    """
    return daily.reshape(*daily.shape[:-1], -1, WEEK).sum(axis=-1)


def reach(errors: Floats, *, level: float) -> Floats:
    """How far a forecast reaches to either side, from errors made before (split conformal prediction).

    Parameters
    ----------
    errors
        One row per origin, in any number of columns.
    level
        The share of errors that must lie within.

    Returns
    -------
    ndarray
        The k-th smallest absolute error of each column, k = (origins + 1) · level rounded up; infinite where there are
        not so many. If errors to come are like those before (exchangeable), this holds at least the level.

    Notes
    -----
    Lei et al. (2018), J. Am. Stat. Assoc. 113, 1094–1111; for forecasts of several steps Stankeviciute, Alaa and van
    der Schaar (2021), NeurIPS 34. Errors over time are not quite exchangeable, hence :func:`coverage`.

    Examples
    --------
    Of 19 errors from 1 to 19, the 19th holds 95 %.

    >>> float(reach(np.arange(1.0, 20.0)[:, None], level=0.95)[0])
    19.0
    """
    k = int(np.ceil((len(errors) + 1) * level - 1e-9))
    if k > len(errors):
        return np.full(errors.shape[1:], np.inf)
    return np.sort(np.abs(errors), axis=0)[k - 1]


def week_intervals(test: Backtest, used: Floats, following: Floats, *, level: float = 0.95) -> Interval:
    """Weekly sums to come with their intervals; one row per series, one column per week.

    A later week's interval is never narrower than an earlier one's.
    """
    errors = weekly(test.actual) - weekly(used)
    value = weekly(following)
    wide = np.array([np.maximum.accumulate(reach(one, level=level)) for one in errors])
    low = value - wide
    return Interval(
        value, np.where((test.actual >= 0).all(axis=(1, 2))[:, None], np.maximum(low, 0), low), value + wide
    )


def whole_horizon(
    sales: DailySales, test: Backtest, used: Floats, following: Floats, *, level: float = 0.95
) -> Interval:
    """Revenue of all sales until the horizon, with an interval from the errors of earlier such sums; may be missing."""
    whole = sales.of(REVENUE, ALL_SALES)
    if not len(whole):
        return Interval.missing()
    errors = (test.actual[whole] - used[whole]).sum(axis=2)
    value = following[whole].sum(axis=1)
    wide = np.array([reach(one[:, None], level=level)[0] for one in errors])
    wide = np.where(np.isfinite(wide), wide, np.nan)
    low = value - wide
    return Interval(value, np.maximum(low, 0) if (test.actual[whole] >= 0).all() else low, value + wide)


def coverage(test: Backtest, used: Floats, *, level: float = 0.95) -> tuple[Interval, int]:
    """How often such intervals held what was sold, each made from errors known at its origin.

    Returns
    -------
    Interval, int
        The share of weeks of all series, with an interval over blocks of origins, and the number of origins tested; the
        share is missing where fewer than two blocks can be tested.
    """
    errors = weekly(test.actual) - weekly(used)
    held, asked = np.zeros(errors.shape[1]), np.zeros(errors.shape[1])
    weeks = errors.shape[2]
    for origin in range(errors.shape[1]):
        wide = np.zeros(len(errors))
        for week in range(weeks):
            known = errors[:, : max(origin - week, 0), week]  # origins are a week apart: what has ended by now
            if known.shape[1] < FEWEST_ORIGINS:
                break
            wide = np.maximum(wide, np.array([reach(one[:, None], level=level)[0] for one in known]))
            held[origin] += (np.abs(errors[:, origin, week]) <= wide).sum()
            asked[origin] += len(errors)
    blocks = _blocks(test)
    hits, tested = (np.bincount(blocks, part) for part in (held, asked))
    hits, tested = hits[tested > 0], tested[tested > 0]
    origins = int((asked > 0).sum())
    if len(tested) < 2:
        return Interval.missing(), origins
    if (hits == tested).all():
        return Interval(*(part.reshape(1) for part in wilson(len(tested), len(tested)))), origins
    return bootstrap_ratio(hits[:, None], tested[:, None]), origins


def _blocks(test: Backtest) -> NDArray[np.int64]:
    """Number the blocks of origins whose horizons overlap."""
    return np.arange(len(test.origins)) // max(test.horizon // WEEK, 1)


def block_means(test: Backtest, values: Floats) -> Floats:
    """Mean of one value per origin over each block of origins whose horizons overlap."""
    blocks = _blocks(test)
    return np.bincount(blocks, values) / np.bincount(blocks)


def _by_block(test: Backtest, errors: Floats) -> Floats:
    """Sums over blocks of origins: one row per block, one column per series."""
    blocks = _blocks(test)
    if blocks[-1] < 2:
        raise NotEnoughData("errors need three blocks of origins or more")
    return np.array([np.bincount(blocks, row) for row in errors]).T
