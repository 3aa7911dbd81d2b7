"""Parts that add up to the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.outlook.forecast.series import DailySales
from customer_patterns.outlook.forecast.tables import ALL_SALES, CATEGORY, CUSTOMER_GROUP, FUEL, REVENUE

Floats = NDArray[np.float64]

_PARTS = (CATEGORY, FUEL, CUSTOMER_GROUP)


def sums_to_hold(sales: DailySales) -> Floats:
    """What must be 0: all sales less their categories and fuel, and all sales less the groups of customers.

    Returns
    -------
    ndarray
        One row per sum that must hold (none, one or two), one column per series.
    """
    whole = sales.of(REVENUE, ALL_SALES)
    rows = []
    for kinds in ((CATEGORY, FUEL), (CUSTOMER_GROUP,)):
        parts = np.concatenate([sales.of(REVENUE, kind) for kind in kinds])
        if len(whole) and len(parts):
            row = np.zeros(len(sales.series))
            row[whole], row[parts] = 1.0, -1.0
            rows.append(row)
    return np.array(rows).reshape(len(rows), len(sales.series))


def reconcile(forecasts: Floats, constraints: Floats, spread: Floats) -> Floats:
    """Move forecasts as little as their errors suggest, so that parts add up to the whole.

    What is missing is spread over the series by the squares of their errors: the trace-minimizing reconciliation with a
    diagonal covariance (WLS), in its form with constraints.

    Parameters
    ----------
    forecasts
        One row per series, one column per day.
    constraints
        One row per sum that must be 0, one column per series, as :func:`sums_to_hold` returns them.
    spread
        How far forecasts of each series err, known before; 0 leaves a series as it is.

    Returns
    -------
    ndarray
        The same shape.

    Notes
    -----
    Wickramasuriya, Athanasopoulos and Hyndman (2019), J. Am. Stat. Assoc. 114, 804–819. Variances are those of the
    naive forecast within the history, known at each origin; nothing is estimated from what is forecast.

    Examples
    --------
    A whole of 100 and parts of 60 and 50, all equally uncertain: the ten too many are shared out in three.

    >>> reconcile(np.array([[100.0], [60.0], [50.0]]), np.array([[1.0, -1.0, -1.0]]), np.ones(3)).round(2).tolist()
    [[103.33], [56.67], [46.67]]
    """
    if not len(constraints):
        return forecasts.copy()
    weighted = spread[:, None] ** 2 * constraints.T
    return forecasts - weighted @ np.linalg.pinv(constraints @ weighted) @ (constraints @ forecasts)


def parts_add_up(daily: pd.DataFrame, *, within: float = 0.01) -> bool:
    """Whether the parts of revenue add up to the whole on every day forecast.

    Parameters
    ----------
    daily
        One row per measure, kind, series and day, as in ``DAILY_FORECAST``.
    within
        How far they may be off, in the study's currency.
    """
    money = daily[daily["measure"] == REVENUE]
    sums = money.pivot_table(index="day", columns="kind", values="amount", aggfunc="sum")
    sums = sums.reindex(columns=[ALL_SALES, *_PARTS])
    whole = sums[ALL_SALES]
    both = (sums[[CATEGORY, FUEL]].sum(axis=1, min_count=1), sums[CUSTOMER_GROUP])
    return all(bool(((parts - whole).abs() <= within).all()) for parts in both if parts.notna().any())
