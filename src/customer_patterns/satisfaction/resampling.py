"""Resampled sums: any figure made of sums over customers, with an interval by resampling customers.

A mean, a covariance, a correlation, Cronbach's alpha, a share of explained variance: each is a function of sums over
customers. So the sums are made once per resample, as one product of matrices, and the figure is computed from the sums
of all resamples at once. The rows of one customer (waves, answers) stay together, as they must (Davison and Hinkley
1997, Bootstrap Methods and their Application, section 3.8).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval
from customer_patterns.estimates.bootstrap import RESAMPLES, SEED, draw_weights

Floats = NDArray[np.float64]

#: The last bits of a figure depend on how many threads have multiplied the matrices; so many decimals do not.
DECIMALS = 9
#: A figure is refused when more than this share of its resamples cannot be computed.
_UNUSABLE = 0.01


def sums_of(rows: Floats, customers: NDArray) -> Floats:
    """Add up rows per customer, in an order of customers that depends on the numbers alone.

    Parameters
    ----------
    rows
        One row per observation, one column per thing to add up.
    customers
        Whose observation each is.

    Returns
    -------
    ndarray
        One row per customer; neither the order of rows nor the names of customers change it.
    """
    codes, _ = pd.factorize(np.asarray(customers), sort=True)
    n = int(codes.max()) + 1 if len(codes) else 0
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(n))
    sums = np.add.reduceat(rows[order], starts, axis=0) if n else np.zeros((0, rows.shape[1]))
    # Sums of the same numbers in another order may differ in their last bits: rounding makes them the same again.
    sums = np.round(sums, 9)
    return sums[np.lexsort(sums.T[::-1])]


def resampled(
    per_customer: Floats,
    figure: Callable[[Floats], Floats],
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[Interval, Floats]:
    """Compute figures from sums over customers, with percentile intervals that resample customers.

    Parameters
    ----------
    per_customer
        One row per customer, one column per sum, as :func:`sums_of` makes it.
    figure
        Takes sums (one row per resample, one column per sum) and returns figures (one row per resample).
    level, resamples, seed
        Confidence level, number of resamples, their seed.

    Returns
    -------
    tuple
        The figures with their intervals (NaN where fewer than two customers, or too many resamples cannot be
        computed), and the figures of all resamples.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.round(figure(per_customer.sum(axis=0, keepdims=True))[0], DECIMALS)
        if len(per_customer) < 2:
            return Interval.missing(len(value)), np.full((resamples, len(value)), np.nan)
        blocks = draw_weights(len(per_customer), resamples=resamples, seed=seed)
        drawn = np.vstack([figure(weights @ per_customer) for _, weights in blocks])
    low, high = bounds(drawn, level=level)
    known = np.isfinite(value) & np.isfinite(low)
    low, high = np.where(known, np.minimum(low, value), np.nan), np.where(known, np.maximum(high, value), np.nan)
    # A figure without an interval is not shown, so it is not kept either.
    return Interval(np.where(known, value, np.nan), low, high), drawn


def bounds(drawn: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Percentile bounds of each column of resampled figures; NaN where too many of them cannot be computed."""
    usable = np.isfinite(drawn)
    enough = usable.mean(axis=0) >= 1 - _UNUSABLE
    filled = np.where(usable, drawn, np.nan)[:, enough]
    low, high = np.full((2, drawn.shape[1]), np.nan)
    if enough.any():
        low[enough], high[enough] = np.nanquantile(filled, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return np.round(low, DECIMALS), np.round(high, DECIMALS)


def moments(columns: Floats) -> Floats:
    """One row per observation: a one, each column, and each product of two columns, for :func:`covariances`."""
    i, j = np.triu_indices(columns.shape[1])
    return np.column_stack([np.ones(len(columns)), columns, columns[:, i] * columns[:, j]])


def covariances(sums: Floats) -> Floats:
    """Covariance matrices from the sums of :func:`moments`, one per row of sums."""
    # n + n(n + 1)/2 + 1 columns hold the moments of n.
    k = int((np.sqrt(8 * sums.shape[1] + 1) - 3) / 2)
    n, first, second = sums[:, 0], sums[:, 1 : k + 1], sums[:, k + 1 :]
    i, j = np.triu_indices(k)
    values = (second - first[:, i] * first[:, j] / n[:, None]) / (n - 1)[:, None]
    matrices = np.empty((len(sums), k, k))
    matrices[:, i, j] = values
    matrices[:, j, i] = values
    # What rounding leaves of a variance of nothing is nothing.
    scale = np.abs(second[:, i == j]) / n[:, None]
    nothing = np.einsum("rkk->rk", matrices) <= 1e-12 * np.maximum(scale, 1e-300)
    matrices[np.broadcast_to(nothing[:, :, None] | nothing[:, None, :], matrices.shape)] = 0.0
    return matrices
