"""Quantiles of values of which a customer may have several, with intervals that resample customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_patterns.estimates.intervals import Interval
from customer_patterns.estimates.resampling import (
    RESAMPLES,
    SEED,
    WEIGHTS_AT_ONCE,
    draw_weights,
    interval_of,
    number_customers,
    tails,
)

Floats = NDArray[np.float64]

#: Whole numbers below this are exact as 32-bit floats, whose products take half the time.
_EXACT_IN_32_BITS = 2**24
#: Bins of rank in which a quantile is first looked for.
_BINS = 256


def bootstrap_quantile(
    values: ArrayLike,
    customers: ArrayLike,
    *,
    q: float | Sequence[float] = 0.5,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    level: float = 0.95,
) -> Interval:
    """Quantiles of values of which a customer may have several, with percentile intervals that resample customers.

    Parameters
    ----------
    values
        One per observation, e.g. the value of each order.
    customers
        Whose observation it is, e.g. ``customer_id``.
    q
        One or more of 0 < q < 1 (read to three decimals).
    resamples, seed, level
        Number of resamples, their seed, the confidence level.

    Returns
    -------
    Interval
        One figure per ``q``. Where nearly all values are the same the bounds are, too: a quantile's interval ends in
        values that were seen.

    Raises
    ------
    NotEnoughData
        Fewer than two customers.
    ValueError
        ``q`` is not between 0 and 1, or the two arrays differ in length.

    Notes
    -----
    Definition 2 of Hyndman and Fan (1996), The American Statistician 50, 361–365: the inverse of the empirical
    distribution, averaged where it is flat, hence the usual median. It is exact in each resample.
    """
    x = np.asarray(values, dtype=float)
    scalar = np.isscalar(q)
    wanted = [Fraction(share).limit_denominator(1000) for share in np.atleast_1d(np.asarray(q, dtype=float))]
    if not all(0 < share < 1 for share in wanted):
        raise ValueError("a quantile lies between 0 and 1")
    codes = number_customers(customers, x)
    observations = _Observations(x, codes)
    value = observations.quantiles(np.ones((1, observations.n)), wanted)[0]
    weights = draw_weights(observations.n, resamples=resamples, seed=seed)
    drawn = np.vstack([observations.quantiles(block, wanted) for _, block in weights])
    low, high = tails(drawn, level)
    return interval_of(value, low, high, scalar)


class _Observations:
    """Observations of numbered customers, prepared for quantiles of many resamples.

    Observations in the order of their values are counted by customer and bin; a bin holds few observations, or one
    value. One product of matrices says which bin holds a resample's quantile; there the observations are counted one
    by one, where they differ. All numbers are whole: nothing is rounded anywhere.
    """

    def __init__(self, x: Floats, codes: NDArray[np.int64]) -> None:
        values, at = np.unique(x, return_inverse=True)
        order = np.argsort(at, kind="stable")
        at, self.codes, self.n = at[order], codes[order], int(codes.max()) + 1
        self.values = values[at]
        bins = max(16, min(_BINS, int(4 * len(values) ** 0.5), WEIGHTS_AT_ONCE // self.n))
        started, ended = (np.searchsorted(at, np.arange(len(values)), side=side) for side in ("left", "right"))
        first, last = started * bins // len(x), (ended - 1) * bins // len(x)
        _, bin_of = np.unique(first * bins + last, return_inverse=True)  # one that reaches from bin to bin is alone
        columns = int(bin_of[-1]) + 1
        self.edges = np.searchsorted(bin_of[at], np.arange(columns + 1))
        cells = np.bincount(self.codes * columns + bin_of[at], minlength=self.n * columns)
        self.counts = cells.reshape(self.n, columns)
        self.counts = self.counts.astype(np.float32 if len(x) < _EXACT_IN_32_BITS else np.float64)
        self.sizes = np.bincount(self.codes, minlength=self.n)

    def quantiles(self, weights: Floats, shares: Sequence[Fraction]) -> Floats:
        """One row per resample, one column per share."""
        exact = self.counts.dtype if (weights @ self.sizes).max() < _EXACT_IN_32_BITS else np.dtype(float)
        below = np.cumsum(weights.astype(exact) @ self.counts.astype(exact, copy=False), axis=1, dtype=float)
        return np.column_stack([self._quantile(weights, below, share) for share in shares])

    def _quantile(self, weights: Floats, below: Floats, share: Fraction) -> Floats:
        """The middle between the values at which the count reaches its target and goes beyond it."""
        target, scaled = share.numerator * below[:, -1], share.denominator * below
        bins = (scaled >= target[:, None]).argmax(axis=1)
        left, count = self._first(weights, below, bins, target / share.denominator, np.greater_equal)
        right, flat = left.copy(), np.flatnonzero(share.denominator * count == target)
        if len(flat):
            bins = (scaled[flat] > target[flat, None]).argmax(axis=1)
            right[flat], _ = self._first(weights[flat], below[flat], bins, count[flat], np.greater)
        return (left + right) / 2

    def _first(
        self,
        weights: Floats,
        below: Floats,
        bins: NDArray[np.int64],
        target: Floats,
        reached: Callable[..., NDArray[np.bool_]],
    ) -> tuple[Floats, Floats]:
        """The value in each resample's bin at which the count of observations reaches its target, and that count."""
        found, count = self.values[self.edges[bins]], below[np.arange(len(bins)), bins]
        for number in np.unique(bins):
            start, stop = self.edges[number], self.edges[number + 1]
            if self.values[start] == self.values[stop - 1]:
                continue
            rows = np.flatnonzero(bins == number)
            step = max(1, WEIGHTS_AT_ONCE // (stop - start))
            for some in (rows[first : first + step] for first in range(0, len(rows), step)):
                sofar = np.cumsum(weights[some].take(self.codes[start:stop], axis=1), axis=1)
                if number:
                    sofar += below[some, number - 1][:, None]
                at = reached(sofar, target[some][:, None]).argmax(axis=1)
                # The value's count is that of its last observation.
                last = np.searchsorted(self.values[start:stop], self.values[start + at], side="right") - 1
                found[some], count[some] = self.values[start + at], sofar[np.arange(len(some)), last]
        return found, count
