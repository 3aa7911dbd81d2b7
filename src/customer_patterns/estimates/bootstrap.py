"""Ratios, shares and means over customers, with intervals that resample customers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_patterns.estimates.intervals import Interval, wilson
from customer_patterns.estimates.resampling import RESAMPLES, SEED, at_least_two, draw_weights, interval_of, studentized

Floats = NDArray[np.float64]

#: So many weights stay in a processor's cache while they are multiplied.
_WEIGHTS_IN_CACHE = 250_000
#: Sums of at most so many columns are few.
_NARROW = 64
#: From so many draws on, a compiled loop draws Poisson weights, and the standard error is taken from all customers.
_MANY_DRAWS = 2**28


def bootstrap_ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    level: float = 0.95,
) -> Interval:
    """Ratios of sums over customers, with bootstrap-t intervals that resample customers.

    Covers basket value (revenue by orders), shares of a total (revenue at an hour by all revenue), and means of a
    group (spend of its members by their number: a zero where a customer is not a member, which lets the group's
    size vary as well).

    Parameters
    ----------
    numerator
        One row per customer, one column per figure (or a plain array for one figure). Whole numbers (cents, counts)
        are summed exactly.
    denominator
        The same shape, or one column for all figures. No negative sums.
    resamples, seed, level
        Number of resamples, their seed, the confidence level.

    Returns
    -------
    Interval
        One figure per column. All NaN where fewer than two customers have a denominator; bounds NaN where all
        customers have the same ratio, which says nothing about others. Bounds keep to what is possible: 0 or more
        where no numerator is negative, 1 or less where none exceeds its denominator.

    Raises
    ------
    NotEnoughData
        Fewer than two customers.

    Notes
    -----
    Bootstrap-t: Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 12.5, with the linearized
    standard error of a ratio in every resample. Spend is skewed; with 30 customers and log-normal spend, percentile
    and BCa intervals held the truth in 88 % of 2,000 simulated samples, bootstrap-t in 92 %; with gamma spend 92 %
    and 95 %.

    From 2²⁸ draws on (10,000 resamples of 27,000 customers), weights are Poisson numbers of mean one instead of counts
    of draws (Hanley and MacGibbon 2006, Comput. Methods Programs Biomed. 83, 57–62), and the standard error is that of
    all customers in every resample: with so many it hardly differs from resample to resample.

    Examples
    --------
    Three customers with 1, 2 and 3 orders and $10, $20 and $60 of revenue: $15 an order.

    >>> float(bootstrap_ratio([1000, 2000, 6000], [1, 2, 3]).value)
    1500.0
    """
    a, b, scalar = _columns(numerator, denominator)
    at_least_two(len(a))
    if not a.shape[1]:
        return Interval.missing(0)
    order = np.lexsort(np.hstack([b, a]).T)
    a, b = a[order], b[order]
    total = b.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = a.sum(axis=0) / total
        # Around the figure itself everything is small: e sums to 0, and a resample's figure is value + shift.
        e = a - value * b
        e_squared, e_times_b, b_squared = e * e, e * b, b * b
        error = np.sqrt(e_squared.sum(axis=0)) / total
        if len(a) * resamples >= _MANY_DRAWS:
            t = _many_shifts(e, b, resamples=resamples, seed=seed) / error
        else:
            t = np.empty((resamples, a.shape[1]))
            parts = (b, e, e_squared, e_times_b, b_squared)
            ends = np.cumsum([part.shape[1] for part in parts])
            # A few figures: one product for all five sums, and weights that are gone through once. Many: the sums'
            # columns are what would have to be gone through again and again.
            few = ends[-1] <= _NARROW
            columns, at_once = (np.hstack(parts), max(1, _WEIGHTS_IN_CACHE // len(a))) if few else (None, None)
            for rows, weights in draw_weights(len(a), resamples=resamples, seed=seed, at_once=at_once):
                sums = np.split(weights @ columns, ends[:-1], axis=1) if few else [weights @ part for part in parts]
                del weights  # before the next ones are made: a block of them is 64 MB
                drawn, sum_e, sum_ee, sum_eb, sum_bb = sums
                shift = sum_e / drawn
                spread = sum_ee - 2 * shift * sum_eb + shift**2 * sum_bb
                # What rounding leaves of a spread of nothing is nothing.
                spread[spread <= 1e-12 * e_squared.sum(axis=0)] = np.nan
                t[rows] = shift / (np.sqrt(spread) / drawn)
    several = (b != 0).sum(axis=0) >= 2
    low, high = studentized(value, error, t, level, enough=several)
    low = np.where((a >= 0).all(axis=0), np.maximum(low, 0), low)
    high = np.where((a <= b).all(axis=0), np.minimum(high, 1), high)
    value = np.where(several, value, np.nan)
    return interval_of(value, low, high, scalar)


def bootstrap_share(
    part: ArrayLike,
    total: ArrayLike,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    level: float = 0.95,
) -> Interval:
    """Shares of a total: :func:`bootstrap_ratio`, with a bound also where nobody, or everybody, is seen to do it.

    Parameters
    ----------
    part, total
        As numerator and denominator there; no part is negative or above its total.

    Returns
    -------
    Interval
        Shares from 0 to 1. Where a share is 0, no resample can say how large it might be: the upper bound is then
        the Wilson bound for none of the customers that have a total, as if those who might do it did nothing else.
        Where it is 1, likewise.

    Raises
    ------
    NotEnoughData
        Fewer than two customers.
    ValueError
        A part is negative or above its total.
    """
    a, b, scalar = _columns(part, total)
    if ((a < 0) | (a > b)).any():
        raise ValueError("a part of a total is neither negative nor above it")
    share = bootstrap_ratio(a, b, resamples=resamples, seed=seed, level=level)
    seen = np.broadcast_to((b > 0).sum(axis=0), share.value.shape)
    none, every = share.value == 0, share.value == 1
    low = np.where(every, wilson(seen, seen, level=level).low, np.where(none, 0.0, share.low))
    high = np.where(none, wilson(0 * seen, seen, level=level).high, np.where(every, 1.0, share.high))
    return interval_of(share.value, low, high, scalar)


def bootstrap_mean(values: ArrayLike, *, resamples: int = RESAMPLES, seed: int = SEED, level: float = 0.95) -> Interval:
    """Means over customers, with bootstrap-t intervals: :func:`bootstrap_ratio` with one per customer below.

    Parameters
    ----------
    values
        One row per customer, one column per figure, or a plain array.
    """
    values = np.asarray(values, dtype=float)
    return bootstrap_ratio(values, np.ones(len(values)), resamples=resamples, seed=seed, level=level)


def _many_shifts(e: Floats, b: Floats, *, resamples: int, seed: int) -> Floats:
    """Resamples × figures: by how much a resample's ratio differs from the ratio itself."""
    from customer_patterns.estimates.many import LANES, resampled_sums, thresholds

    both = np.hstack([e, b])
    # On one scale, as 32-bit numbers; customers are filled up with ones that are nothing.
    scale = np.abs(both).max(axis=0)
    scale[scale == 0] = 1.0
    length = -(-len(both) // (2 * LANES)) * 2 * LANES
    columns = np.zeros((both.shape[1], length), dtype=np.float32)
    columns[:, : len(both)] = (both / scale).T
    seeds = np.random.default_rng(seed).integers(1, 2**32, size=(resamples, LANES), dtype=np.uint32)
    sums = resampled_sums(columns, thresholds(), seeds) * scale
    return sums[:, : e.shape[1]] / sums[:, e.shape[1] :]


def _columns(numerator: ArrayLike, denominator: ArrayLike) -> tuple[Floats, Floats, bool]:
    """Both as tables of one shape, and whether one figure was meant."""
    a, b = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    scalar = a.ndim == 1 and b.ndim == 1
    if len(a) != len(b):
        raise ValueError(f"numerators of {len(a)} customers, denominators of {len(b)}")
    a, b = (x[:, None] if x.ndim == 1 else x for x in (a, b))
    if b.shape[1] not in (1, a.shape[1]):
        raise ValueError(f"{a.shape[1]} numerators, {b.shape[1]} denominators")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("a customer's sum is missing; leave the customer out or count zero, and say which")
    if (b.sum(axis=0) < 0).any():
        raise ValueError("a denominator sums to less than zero")
    return a, b, scalar
