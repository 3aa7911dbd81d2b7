"""Two forecasts of daily sales: exponential smoothing with a season of seven days, and the same day a week before."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from customer_patterns.outlook.forecast.series import WEEK

Floats = NDArray[np.float64]

#: Weeks over which a weekday's mean is taken.
MEAN_WEEKS = 8


class Weights(NamedTuple):
    """How fast the level and the weekdays follow what is sold (0: never; 1: at once)."""

    level: float
    weekday: float


def fit_weights(history: Floats) -> Weights:
    """Estimate the two weights of exponential smoothing with additive errors and weekdays, ETS(A,N,A).

    Parameters
    ----------
    history
        Sums per day; two weeks or more.

    Notes
    -----
    Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing; maximum likelihood by statsmodels.
    There is no trend: one year of shopping shows none that would go on, and trends are what such forecasts fail by.
    """
    model = _model(history)  # imports the library, which brings filters of its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of series that are all alike; their forecast is right all the same
        found = model.fit(disp=False).params
    return Weights(float(found[0]), float(found[1]))


def smooth(history: Floats, weights: Weights, horizon: int) -> Floats:
    """Forecast so many days: the mean of exponential smoothing and of each weekday's mean in the last eight weeks.

    The mean of two forecasts of different kind errs less than either on most series (Bates and Granger 1969, Oper. Res.
    Q. 20, 451–468; Makridakis et al. 2020, Int. J. Forecast. 36, 54–74). Never below 0 where no day was.

    Parameters
    ----------
    history
        Sums per day; two weeks or more.
    weights
        From :func:`fit_weights`, of this history or of an earlier part of it.
    horizon
        How many days.
    """
    model = _model(history)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        smoothed = np.asarray(model.smooth(np.array(weights)).forecast(horizon), dtype=float)
    weeks = min(MEAN_WEEKS, len(history) // WEEK)
    by_weekday = history[-weeks * WEEK :].reshape(weeks, WEEK).mean(axis=0)
    found = (smoothed + np.resize(by_weekday, horizon)) / 2
    return np.maximum(found, 0) if (history >= 0).all() else found


def seasonal_naive(history: Floats, horizon: int) -> Floats:
    """Forecast so many days by the same weekday of the last week known.

    >>> seasonal_naive(np.arange(14.0), 9).tolist()
    [7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 7.0, 8.0]
    """
    return np.resize(history[..., -WEEK:], horizon) if history.ndim == 1 else _naive_rows(history, horizon)


def _naive_rows(history: Floats, horizon: int) -> Floats:
    weeks = -(-horizon // WEEK)
    return np.tile(history[:, -WEEK:], weeks)[:, :horizon]


def _model(history: Floats) -> Any:
    # Imported where it is used: the chapter of a study without sales does not pay for it.
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    return ETSModel(history, error="add", seasonal="add", seasonal_periods=WEEK, initialization_method="heuristic")
