"""Shares of a total that equal parts of the customers bring, with intervals that resample customers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_patterns.estimates.figure import NotEnoughData
from customer_patterns.estimates.intervals import Interval
from customer_patterns.estimates.resampling import (
    RESAMPLES,
    SEED,
    at_least_two,
    draw_weights,
    interval_of,
    studentized,
)

Floats = NDArray[np.float64]


def bootstrap_rank_shares(
    values: ArrayLike, *, parts: int = 10, resamples: int = RESAMPLES, seed: int = SEED, level: float = 0.95
) -> Interval:
    """Shares of a total that equal parts of the customers bring, from the largest customers to the smallest.

    Parameters
    ----------
    values
        One per customer, none negative.
    parts
        How many equal parts; 10 for deciles.
    resamples, seed, level
        Number of resamples, their seed, the confidence level.

    Returns
    -------
    Interval
        ``parts`` shares that sum to 1. A customer on the line between two parts counts by fractions, so that ties
        need no order (the Lorenz curve is interpolated linearly). Bootstrap-t intervals; NaN where all customers are
        alike.

    Raises
    ------
    NotEnoughData
        Fewer customers than parts, fewer than two, or a total of zero.
    ValueError
        A negative value.
    """
    x = np.sort(np.asarray(values, dtype=float))[::-1]
    at_least_two(len(x), parts)
    if x[-1] < 0:
        raise ValueError("shares of a total need values of zero or more")
    if not x.sum():
        raise NotEnoughData("the total is zero")
    value, error = (part[0] for part in _rank_shares(np.ones((1, len(x))), x, parts))
    t = np.empty((resamples, parts))
    for rows, weights in draw_weights(len(x), resamples=resamples, seed=seed):
        drawn, spread = _rank_shares(weights, x, parts)
        with np.errstate(invalid="ignore", divide="ignore"):
            t[rows] = (drawn - value) / spread
    low, high = studentized(value, error, t, level)
    return interval_of(value, np.maximum(low, 0), np.minimum(high, 1), scalar=False)


def _rank_shares(weights: Floats, x: Floats, parts: int) -> tuple[Floats, Floats]:
    """Shares of the total by parts of the customers, per resample, and their standard errors; x falls.

    The error is that of the share's influence function: a share of the total above a line at rank p and value v has
    the influence (x - v) above the line, 0 below it, plus p v - share x, over the total.
    """
    n = len(x)
    sums = [np.cumsum(weights * x**power, axis=1) for power in range(3)]
    total = sums[1][:, -1:]
    rows = np.arange(len(weights))
    edges, shares, values = [np.zeros(len(weights), dtype=np.int64)], [np.zeros(len(weights))], [np.zeros(len(weights))]
    for line in np.arange(1, parts) * (n / parts):
        at = (sums[0] >= line).argmax(axis=1)
        # The customer on the line counts up to the line.
        shares.append((sums[1][rows, at] - (sums[0][rows, at] - line) * x[at]) / total[:, 0])
        edges.append(at)
        values.append(x[at])
    shares.append(np.ones(len(weights)))
    edges.append(np.full(len(weights), n))
    values.append(np.zeros(len(weights)))

    def between(first: NDArray[np.int64], last: NDArray[np.int64]) -> list[Floats]:
        """Sums of 1, x and x² over the customers from one place up to another."""
        return [
            np.where(last > 0, part[rows, last - 1], 0) - np.where(first > 0, part[rows, first - 1], 0) for part in sums
        ]

    found, errors = [], []
    start, end = np.zeros(len(weights), dtype=np.int64), np.full(len(weights), n)
    for k in range(parts):
        (p, q), (v, w), (s, t) = (k / parts, (k + 1) / parts), values[k : k + 2], shares[k : k + 2]
        # Influence a + b x, in three pieces: above the part, in it, below it.
        slope = s - t
        pieces = (
            (start, edges[k], (q - 1) * w - (p - 1) * v, slope),
            (edges[k], edges[k + 1], (q - 1) * w - p * v, 1 + slope),
            (edges[k + 1], end, q * w - p * v, slope),
        )
        squares = 0.0
        for first, last, a, b in pieces:
            ones, once, twice = between(first, last)
            squares = squares + a**2 * ones + 2 * a * b * once + b**2 * twice
        found.append(t - s)
        errors.append(np.sqrt(np.maximum(squares, 0)) / total[:, 0])
    spread = np.column_stack(errors)
    spread[spread <= 1e-9] = np.nan
    return np.column_stack(found), spread
