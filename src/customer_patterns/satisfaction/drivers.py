"""Which dimensions go with contentment overall, and how much of it each accounts for."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, in_row, with_interval
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.many_drivers import relative_weights
from customer_patterns.satisfaction.resampling import bounds, covariances, moment_sums, resampled
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.tables.drivers import DRIVER_PAIRS, DRIVERS

Floats = NDArray[np.float64]

#: With more dimensions there are too many subsets to look at each; relative weights take their place, up to so many.
MOST_DIMENSIONS, MOST_OF_ALL = 12, 40

#: A dimension of whose variance no larger part is left is made of those before it.
_SMALLEST_REST = 1e-10

#: Parts of the map: what to do, and whether importance and performance lie above their means.
QUADRANTS = (
    ("keep it up", True, True),
    ("look here first", True, False),
    ("more than needed", False, True),
    ("can wait", False, False),
)


def explained(covariance: Floats) -> dict[tuple[int, ...], Floats]:
    """Share of the last variable's variance that each subset of the others explains (R²).

    Parameters
    ----------
    covariance
        A stack of matrices: predictors first, the outcome last.

    Returns
    -------
    dict
        By subset of predictors (ascending numbers): one R² per matrix; NaN where the outcome, or a predictor, does
        not vary.
    """
    predictors = covariance.shape[-1] - 1
    varies = (np.einsum("rkk->rk", covariance) > 0).all(axis=1) & np.isfinite(covariance).all(axis=(1, 2))
    scale = np.sqrt(np.einsum("rkk->rk", np.where(varies[:, None, None], covariance, np.eye(predictors + 1))))
    whole = np.where(varies[:, None, None], covariance, np.eye(predictors + 1)) / (
        scale[:, :, None] * scale[:, None, :]
    )
    found: dict[tuple[int, ...], Floats] = {(): np.where(varies, 0.0, np.nan)}
    # What is left of all later variables once those of the subset are known: each step takes one more of them out.
    waiting: list[tuple[tuple[int, ...], Floats, Floats]] = [
        ((), np.ascontiguousarray(whole.transpose(1, 2, 0)), found[()])
    ]
    while waiting:
        subset, left, share = waiting.pop()
        first = subset[-1] + 1 if subset else 0
        for new in range(first, predictors):
            place = new - first
            own, pull = left[place, place], left[place, place + 1 :]
            with np.errstate(invalid="ignore", divide="ignore"):
                slope = np.where(own > _SMALLEST_REST, pull / own, 0.0)  # a copy of those before adds nothing
            more = share + slope[-1] * pull[-1]
            found[(*subset, new)] = more
            if new + 1 < predictors:
                rest = left[place + 1 :, place + 1 :] - slope[:, None] * pull[None, :]
                waiting.append(((*subset, new), rest, more))
    return found


def shapley_shares(covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """Share out what predictors explain together: the mean of what each adds, over all orders of adding them.

    Parameters
    ----------
    covariance
        As in :func:`explained`.

    Returns
    -------
    tuple
        ``importance`` (one row per matrix, one column per predictor: its part of the explained variance; parts sum
        to 1), ``alone`` (what R² loses where this predictor alone is left out), ``r_squared`` (of all together).
        NaN where nothing is explained.

    Notes
    -----
    Lindeman, Merenda and Gold (1980), Introduction to Bivariate and Multivariate Analysis, pages 119 ff. (LMG); the
    Shapley value of a game whose worth is R². Grömping (2007), The American Statistician 61, 139–147, compares it with
    others and gives its properties: a predictor without a slope of its own still gets a share where it is correlated
    with one that has, which is why ``alone`` stands beside it.

    Examples
    --------
    Two predictors, uncorrelated, with R² of 0.3 and 0.1 alone: three quarters and one quarter.

    >>> covariance = np.array([[[1, 0, 0.3**0.5], [0, 1, 0.1**0.5], [0.3**0.5, 0.1**0.5, 1]]])
    >>> importance, alone, r_squared = shapley_shares(covariance)
    >>> importance.round(4).tolist(), r_squared.round(4).tolist()
    ([[0.75, 0.25]], [0.4])
    """
    predictors = covariance.shape[-1] - 1
    worth = explained(covariance)
    everything = tuple(range(predictors))
    parts = np.zeros((len(covariance), predictors))
    for subset, share in worth.items():
        weight = factorial(len(subset)) * factorial(predictors - len(subset) - 1) if len(subset) < predictors else 0
        for new in set(everything) - set(subset):
            more = worth[tuple(sorted((*subset, new)))]
            parts[:, new] += weight / factorial(predictors) * (more - share)
    total = worth[everything]
    alone = np.column_stack([total - worth[tuple(k for k in everything if k != out)] for out in everything])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total[:, None] > 1e-9, parts / total[:, None], np.nan), alone, total


def drivers(sheets: Sheets, *, fewest: int = 100) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate how much of contentment overall each dimension accounts for, and which dimensions can be told apart.

    Parameters
    ----------
    sheets
        What :func:`~customer_patterns.satisfaction.sheets.answer_sheets` returns; sheets with ``overall`` and a score
        in every dimension are used, of all waves together.
    fewest
        With fewer such sheets nothing is estimated.

    Returns
    -------
    tuple of DataFrame
        One row per dimension, the most important first; columns as in ``DRIVERS``. One row per pair of dimensions, the
        more important first; columns as in ``DRIVER_PAIRS``. Both without rows where there are too few sheets, fewer
        than two or too many dimensions, or nothing varies. Intervals resample customers. Shares are those of all orders
        (:func:`shapley_shares`), of more than ``MOST_DIMENSIONS`` dimensions relative weights.
    """
    overall = sheets.rows["overall"].to_numpy(dtype=float)
    columns = np.column_stack([sheets.scores.to_numpy(dtype=float), overall])
    whole = np.isfinite(columns).all(axis=1)
    customers = sheets.rows["customer_id"].to_numpy()[whole]
    columns, dimensions = columns[whole], sheets.dimensions
    k, n = len(dimensions), int(whole.sum())
    people = len(np.unique(customers))
    if not 2 <= k <= MOST_OF_ALL or n < max(fewest, k + 2) or people < 2:
        return empty(DRIVERS), empty(DRIVER_PAIRS)
    shared_out = shapley_shares if k <= MOST_DIMENSIONS else relative_weights

    def figures(sums: Floats) -> Floats:
        importance, alone, r_squared = shared_out(covariances(sums))
        return np.column_stack([importance, alone, columns_mean(sums, k), r_squared])

    found, drawn = resampled(moment_sums(columns, customers), figures)
    if np.isnan(found.low).any():
        return empty(DRIVERS), empty(DRIVER_PAIRS)
    table = pd.DataFrame({"dimension": dimensions, "n": n, "customers": people})
    for place, measure in enumerate(("importance", "alone", "performance")):
        table = with_interval(table, measure, found.part(slice(place * k, (place + 1) * k)))
    table = table.assign(**in_row("explained", found.part(-1)))
    order = np.lexsort((np.arange(k), -table["importance"].round(9).to_numpy()))
    table = table.iloc[order].reset_index(drop=True)
    table["rank"] = np.arange(1, k + 1)
    table["quadrant"], table["quadrant_probability"] = _quadrants(drawn[:, order], drawn[:, 2 * k + order])
    return table[DRIVERS.names], _pairs(table, found, drawn[:, order])


def columns_mean(sums: Floats, k: int) -> Floats:
    """The means of the first ``k`` columns, from the sums of :func:`~.resampling.moments`."""
    return sums[:, 1 : k + 1] / sums[:, :1]


def _pairs(table: pd.DataFrame, found: Interval, drawn: Floats) -> pd.DataFrame:
    """Differences of importance between dimensions that are ordered by importance."""
    rows = []
    for first, second in combinations(range(len(table)), 2):
        low, high = bounds((drawn[:, first] - drawn[:, second])[:, None])
        difference = table.at[first, "importance"] - table.at[second, "importance"]
        low, high = min(float(low[0]), difference), max(float(high[0]), difference)
        rows.append(
            {
                "dimension": table.at[first, "dimension"],
                "other": table.at[second, "dimension"],
                "difference": difference,
                "difference_low": low,
                "difference_high": high,
                "verdict": "told apart" if low > 0 else "not told apart",
                "n": table.at[first, "n"],
            }
        )
    return pd.DataFrame(rows, columns=DRIVER_PAIRS.names)


def _quadrants(drawn_importance: Floats, drawn_performance: Floats) -> tuple[NDArray[np.str_], Floats]:
    """Where each dimension most likely lies, around the means, and in which share of resamples it does.

    Martilla and James (1977), Journal of Marketing 41(1), 77–79.
    """
    sides = [drawn - drawn.mean(axis=1, keepdims=True) > 0 for drawn in (drawn_importance, drawn_performance)]
    shares = np.array([((sides[0] == more) & (sides[1] == better)).mean(axis=0) for _, more, better in QUADRANTS])
    names = np.array([name for name, *_ in QUADRANTS])
    return names[shares.argmax(axis=0)], shares.max(axis=0)
