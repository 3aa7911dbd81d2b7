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
from customer_patterns.estimates.resampling import RESAMPLES, SEED, draw_weights, tails

Floats = NDArray[np.float64]

#: The last bits of a figure depend on how many threads have multiplied the matrices; so many decimals do not.
DECIMALS = 9
#: More customers than this are drawn in groups of as many each: with so many groups the spread of resamples is known to
#: within half a percent, less than a thousand resamples themselves leave open.
GROUPS = 20_000


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
    return sums[np.lexsort(sums.T[::-1]) if len(sums) <= GROUPS else np.argsort(_fingerprints(sums), kind="stable")]


def _fingerprints(sums: Floats) -> NDArray[np.uint64]:
    """A number of each row that depends on all its bits: rows of equal numbers are equal rows."""
    random = np.random.default_rng(SEED)
    keys = np.zeros(len(sums), dtype=np.uint64)
    for column in (sums + 0.0).T:  # a negative zero is a zero
        bits = np.ascontiguousarray(column).view(np.uint64)
        keys = (keys ^ bits ^ (bits >> np.uint64(29))) * (random.integers(2**63, dtype=np.uint64) | np.uint64(1))
        keys ^= keys >> np.uint64(32)
    return keys


def in_groups(per_customer: Floats, *, groups: int = GROUPS, seed: int = SEED) -> Floats:
    """Add customers up in groups drawn by lot, where there are more of them than groups.

    Parameters
    ----------
    per_customer
        One row per customer, in an order that depends on the numbers alone.
    groups, seed
        How many groups at most, and the seed of the lots.

    Returns
    -------
    ndarray
        One row per group, or per customer where these are few enough; the same total.

    Notes
    -----
    Groups of customers put together by lot are drawn instead of customers: the random groups of Wolter (2007,
    Introduction to Variance Estimation, chapter 2). A figure made of sums varies as much from one set of groups to the
    next as from one set of customers to the next.
    """
    n = len(per_customer)
    if n <= groups:
        return per_customer
    lots = np.random.default_rng(seed).permutation(n) % groups
    sums = np.column_stack([np.bincount(lots, column, groups) for column in per_customer.T])
    return np.round(sums, 9)


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
        drawn_from = in_groups(per_customer)
        blocks = draw_weights(len(drawn_from), resamples=resamples, seed=seed)
        drawn = np.vstack([figure(weights @ drawn_from) for _, weights in blocks])
    low, high = bounds(drawn, level=level)
    known = np.isfinite(value) & np.isfinite(low)
    low, high = np.where(known, np.minimum(low, value), np.nan), np.where(known, np.maximum(high, value), np.nan)
    # A figure without an interval is not shown, so it is not kept either.
    return Interval(np.where(known, value, np.nan), low, high), drawn


def bounds(drawn: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Percentile bounds of each column of resampled figures; NaN where too many of them cannot be computed."""
    low, high = tails(drawn, level)
    return np.round(low, DECIMALS), np.round(high, DECIMALS)


def moments(columns: Floats) -> Floats:
    """One row per observation: a one, each column, and each product of two columns, for :func:`covariances`."""
    i, j = np.triu_indices(columns.shape[1])
    return np.column_stack([np.ones(len(columns)), columns, columns[:, i] * columns[:, j]])


def moment_sums(columns: Floats, customers: NDArray) -> Floats:
    """Add up the :func:`moments` of each customer; of very many customers, of groups put together by lot.

    Parameters
    ----------
    columns
        One row per observation.
    customers
        Whose observation each is.

    Returns
    -------
    ndarray
        As ``sums_of(moments(columns), customers)``, or one row per group (see :func:`in_groups`): then products are
        made one pair of columns at a time and kept by group alone, so that a million observations need little memory.
    """
    codes, _ = pd.factorize(np.asarray(customers), sort=True)
    n = int(codes.max()) + 1 if len(codes) else 0
    if n <= GROUPS:
        return sums_of(moments(columns), customers)
    # A customer is known by what was observed, however rows are ordered and customers are called.
    marks = np.zeros(n, dtype=np.uint64)
    np.add.at(marks, codes, _fingerprints(columns))
    lots = np.empty(n, dtype=np.int64)
    lots[np.argsort(marks, kind="stable")] = np.random.default_rng(SEED).permutation(n) % GROUPS
    lot = lots[codes]
    i, j = np.triu_indices(columns.shape[1])
    sums = [np.bincount(lot, minlength=GROUPS).astype(float)]
    sums += [np.bincount(lot, column, GROUPS) for column in columns.T]
    sums += [np.bincount(lot, columns[:, a] * columns[:, b], GROUPS) for a, b in zip(i, j, strict=True)]
    return np.round(np.column_stack(sums), 9)


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
