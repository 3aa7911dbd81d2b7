"""Equating: what an answer on one scale is on another, from people who have answered both."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def equipercentile(old: ArrayLike, new: ArrayLike) -> Floats:
    """Give each step of the old scale the place on the new one that as many lie below.

    Parameters
    ----------
    old, new
        How many answered each step, from the lowest, on both scales; one row, or one row per resample.

    Returns
    -------
    ndarray
        For each step of the old scale its place on the new one, counted in steps from 0 (between -0.5 and the number
        of steps less 0.5); it never falls from step to step. NaN where nobody answered.

    Notes
    -----
    Kolen and Brennan (2014), Test Equating, Scaling, and Linking, chapter 2: percentile ranks, each step spread evenly
    over half a step to either side.

    Examples
    --------
    The hypothetical tests of that chapter, of 0 to 4 points each.

    >>> equipercentile([0.2, 0.3, 0.2, 0.2, 0.1], [0.1, 0.2, 0.2, 0.3, 0.2]).round(4).tolist()
    [0.5, 1.75, 2.8333, 3.5, 4.25]
    """
    f, g = (np.asarray(counts, dtype=float) for counts in (old, new))
    one = f.ndim == 1
    f, g = np.atleast_2d(f), np.atleast_2d(g)
    with np.errstate(invalid="ignore", divide="ignore"):
        ranks = (np.cumsum(f, axis=1) - f / 2) / f.sum(axis=1, keepdims=True)
        below = np.cumsum(g, axis=1) / g.sum(axis=1, keepdims=True)
    edges = np.arange(g.shape[1] + 1) - 0.5
    placed = np.full(ranks.shape, np.nan)
    for row in range(len(f)):
        if np.isfinite(ranks[row]).all() and np.isfinite(below[row]).all():
            placed[row] = np.interp(ranks[row], np.concatenate([[0.0], below[row]]), edges)
    return placed[0] if one else placed


def linear(old: ArrayLike, new: ArrayLike) -> Floats:
    """Give each step of the old scale the place on the new one that is as many standard deviations from the mean.

    Parameters
    ----------
    old, new
        As in :func:`equipercentile`.

    Returns
    -------
    ndarray
        As there, without bounds. NaN where nothing varies.

    Notes
    -----
    Kolen and Brennan (2014), section 2.3: y = sd(Y)/sd(X) (x - mean(X)) + mean(Y).

    Examples
    --------
    Means 1 and 2, spreads alike: everybody one step further.

    >>> linear([1, 1, 1], [0, 1, 1, 1]).round(6).tolist()
    [1.0, 2.0, 3.0]
    """
    f, g = (np.asarray(counts, dtype=float) for counts in (old, new))
    with np.errstate(invalid="ignore", divide="ignore"):
        (m, s), (mean, spread) = (_moments(counts) for counts in (f, g))
        slope = np.where(s > 0, spread / s, np.nan)
    return slope[..., None] * (np.arange(f.shape[-1]) - m[..., None]) + mean[..., None]


def _moments(counts: Floats) -> tuple[Floats, Floats]:
    steps, n = np.arange(counts.shape[-1]), counts.sum(axis=-1)
    mean = counts @ steps / n
    return mean, np.sqrt(np.maximum(counts @ steps**2 / n - mean**2, 0.0))
