"""Holidays, which are known ahead: set aside before smoothing, and given back to the days to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from customer_patterns.outlook.forecast.series import WEEK

Floats = NDArray[np.float64]

#: The holiday itself and so many days before it are unlike other days.
DAYS_BEFORE = 2
#: Weeks from which the usual sales of such a day are taken.
_USUAL_WEEKS = 4
#: The ratio of holidays to usual days is drawn toward 1 as if so many usual ones had been seen.
_AS_IF = 2
#: Below so many holidays seen nothing is said of how they sell.
FEWEST = 3


def offsets(days: NDArray[np.datetime64], holidays: Iterable[date]) -> NDArray[np.int64]:
    """Say of each day how many days it lies before a holiday: 0 to ``DAYS_BEFORE``, or -1 where none is near.

    >>> days = np.arange("2017-12-22", "2017-12-28", dtype="datetime64[D]")
    >>> offsets(days, [date(2017, 12, 25)]).tolist()
    [-1, 2, 1, 0, -1, -1]
    """
    found = np.full(len(days), -1)
    for before in range(DAYS_BEFORE, -1, -1):
        on = np.array(sorted(holidays), dtype="datetime64[D]") - before
        found[np.isin(days, on)] = before
    return found


def usual_sales(values: Floats, near: NDArray[np.int64]) -> Floats:
    """Replace holidays and the days before them by what is usual on their weekday.

    Parameters
    ----------
    values
        One row per series, one column per day.
    near
        From :func:`offsets`, for at least as many days.

    Returns
    -------
    ndarray
        A new array: on such days the median of the same weekday in the four weeks before (already replaced where they
        held holidays too). In the first week of a series nothing is known yet, and its days stay as they are.
    """
    usual = values.copy()
    for day in np.flatnonzero(near[: values.shape[1]] >= 0):
        past = np.arange(day - WEEK, max(day - _USUAL_WEEKS * WEEK, 0) - 1, -WEEK)
        past = past[past >= 0]
        if len(past):
            usual[:, day] = np.median(usual[:, past], axis=1)
    return usual


def holiday_ratios(values: Floats, usual: Floats, near: NDArray[np.int64]) -> Floats:
    """How much is sold on holidays and on the days before, by what is usual.

    Parameters
    ----------
    values, usual
        One row per series, one column per day of the history: as sold, and from :func:`usual_sales`.
    near
        From :func:`offsets`, for at least as many days.

    Returns
    -------
    ndarray
        One row per series, one column per number of days before a holiday: sums of the holidays seen by usual sums,
        drawn toward 1; 1 where fewer than :data:`FEWEST` were seen.
    """
    ratios = np.ones((len(values), DAYS_BEFORE + 1))
    seen = near[: values.shape[1]].copy()
    seen[:WEEK] = -1  # usual sales are not known there
    for before in range(DAYS_BEFORE + 1):
        at = seen == before
        if at.sum() >= FEWEST:
            typical = usual[:, at].sum(axis=1)
            prior = _AS_IF * typical / at.sum()
            with np.errstate(invalid="ignore", divide="ignore"):
                ratio = (values[:, at].sum(axis=1) + prior) / (typical + prior)
            ratios[:, before] = np.where(typical > 0, ratio, 1.0)
    return ratios
