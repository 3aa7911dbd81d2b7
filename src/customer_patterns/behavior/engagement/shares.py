"""Shares of what customers do, of which each may do several."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_patterns.estimates import Interval, bootstrap_share, wilson


def clustered_shares(part: ArrayLike, total: NDArray[np.float64]) -> Interval:
    """Shares with intervals that resample customers, or Wilson's where that is better.

    Parameters
    ----------
    part, total
        One row per customer, one column per share; no part is above its total.

    Returns
    -------
    Interval
        One share per column: Wilson's where no customer counts more than once in it; else customers are resampled.
        Where so few differ that resamples say nothing, Wilson's for as many observations as there are customers, which
        is too wide rather than too narrow. NaN where nobody has a total.

    Raises
    ------
    NotEnoughData
        Fewer than two customers.
    """
    part = np.asarray(part, dtype=float)
    total = np.broadcast_to(np.asarray(total, dtype=float), part.shape)
    drawn = bootstrap_share(part, total)
    sums, sizes, persons = part.sum(axis=0), total.sum(axis=0), (total > 0).sum(axis=0)
    once = (total <= 1).all(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(sizes > 0, sums / sizes, 0.0)
    alone, wide = wilson(np.where(once, sums, 0.0), sizes), wilson(share * persons, persons)
    lost = ~np.isfinite(drawn.low) | ~np.isfinite(drawn.high)
    value = np.where(sizes > 0, share, np.nan)
    bounds = (
        np.where(once, one, np.where(lost, other, resampled))
        for one, other, resampled in ((alone.low, wide.low, drawn.low), (alone.high, wide.high, drawn.high))
    )
    return Interval(value, *bounds)
