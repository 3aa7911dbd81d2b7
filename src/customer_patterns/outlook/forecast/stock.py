"""How many pieces suffice until the next delivery."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, wilson, with_interval
from customer_patterns.features.cells import whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.outlook.forecast.rolling import Backtest
from customer_patterns.outlook.forecast.series import WEEK, DailySales
from customer_patterns.outlook.forecast.tables import CATEGORY, STOCK, UNITS

Floats = NDArray[np.float64]


def stock_needed(
    sales: DailySales, test: Backtest, used: Floats, following: Floats, *, lead_days: int, service_level: float
) -> tuple[pd.DataFrame, Interval]:
    """Find the stock that suffices for a lead time with a chance, and look whether it would have sufficed before.

    The stock is the demand forecast for the lead time and, above it, the error that past forecasts exceeded no more
    often than the service level allows: no demand is taken to be normal. The test is made as in life: at each date the
    stock rests on the errors known then.

    Parameters
    ----------
    sales, test
        The series and their back-test.
    used, following
        From :func:`~customer_patterns.outlook.forecast.rolling.used_forecasts`.
    lead_days
        Days until what is ordered now is there; 1 up to the horizon.
    service_level
        Share of lead times in which nothing may be lacking (cycle service), below 1.

    Returns
    -------
    DataFrame, Interval
        One row per category, by name; columns as in ``STOCK``. ``service`` has the Wilson interval of lead times that
        do not overlap. Then the share over all categories, each date counted once. Where past dates are too few for the
        level, ``enough_units`` and what follows is missing.

    Raises
    ------
    ValueError
        A lead time outside the horizon, or a service level that nothing can reach.

    Notes
    -----
    Silver, Pyke and Thomas (2017), Inventory and Production Management in Supply Chains, section 6.7; quantiles of past
    errors instead of normal ones: Trapero, Cardós and Kourentzes (2019), Int. J. Forecast. 35, 239–250.
    """
    if not 1 <= lead_days <= test.horizon:
        raise ValueError(f"a lead time lies between 1 and {test.horizon} days, not {lead_days}")
    if not 0 < service_level < 1:
        raise ValueError("a service level lies between 0 and 1")
    rows = sales.of(UNITS, CATEGORY)
    if not len(rows):
        return empty(STOCK), Interval.missing()
    demand = test.actual[rows, :, :lead_days].sum(axis=2)
    error = demand - used[rows, :, :lead_days].sum(axis=2)
    expected = np.maximum(following[rows, :lead_days].sum(axis=1), 0)
    margin = np.array([exceeded_seldom(one, service_level) for one in error])
    enough = np.ceil(np.maximum(expected + margin, 0) - 1e-9)
    apart = -(-lead_days // WEEK)  # origins between lead times that do not overlap
    sufficed, asked = _tried(error, service_level, apart)
    hits, tested = sufficed.sum(axis=1), asked.sum(axis=1)
    table = pd.DataFrame(
        {
            "category": sales.series["series"].iloc[rows].to_numpy(),
            "lead_days": lead_days,
            "service_level": service_level,
            "expected_units": expected,
            "enough_units": _whole(enough),
            "safety_units": _whole(np.maximum(enough - expected, 0).round()),
            "tested": whole_numbers(tested),
            "n": whole_numbers(sales.series["n"].iloc[rows]),
        }
    )
    table = with_interval(table, "service", wilson(hits / apart, tested / apart))
    table = table.sort_values("category", ignore_index=True)[STOCK.names]
    # Categories of one date share its weather and its holidays: a date counts once.
    dates = int(asked.any(axis=0).sum()) / apart
    share = sufficed.sum() / max(asked.sum(), 1)
    return table, Interval(*map(np.atleast_1d, wilson(share * dates, dates)))


def _whole(units: Floats) -> pd.Series:
    return pd.Series(np.where(np.isfinite(units), units, np.nan)).astype("Int64")


def exceeded_seldom(errors: Floats, level: float) -> float:
    """The smallest error that is exceeded no more often than 1 - ``level`` allows; infinite with too few errors.

    Of n errors the k-th smallest, k = (n + 1) · level rounded up (one-sided split conformal prediction).

    >>> exceeded_seldom(np.arange(1.0, 20.0), 0.9)
    18.0
    """
    k = int(np.ceil((len(errors) + 1) * level - 1e-9))
    return float(np.sort(errors)[k - 1]) if k <= len(errors) else float("inf")


def _tried(error: Floats, level: float, apart: int) -> tuple[Floats, Floats]:
    """Per category and origin: whether the stock of then sufficed, and whether there was one."""
    sufficed, asked = np.zeros(error.shape), np.zeros(error.shape)
    for origin in range(error.shape[1]):
        known = error[:, : max(origin - apart + 1, 0)]
        for row, before in enumerate(known):
            margin = exceeded_seldom(before, level)
            if np.isfinite(margin):
                asked[row, origin] = 1
                sufficed[row, origin] = error[row, origin] <= margin
    return sufficed, asked
