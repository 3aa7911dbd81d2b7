"""Means of several groups that lend each other strength: small groups are drawn toward the others.

A group of few customers has a mean that chance has moved far; the larger its standard error beside the spread of the
groups, the more of it is taken from the others (partial pooling). How much the groups truly differ is not known either,
so the intervals are averaged over all spreads that the data allow: normal means with a flat prior on their spread
(Gelman et al. 2013, Bayesian Data Analysis, section 5.4; Gelman 2006, Bayesian Analysis 1, 515–534).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from customer_patterns.estimates.intervals import Interval

Floats = NDArray[np.float64]

#: With fewer groups than this nothing says how much groups differ, and none is pooled.
FEWEST_GROUPS = 3
#: Points at which the spread of the groups is looked at, up to so many times what the data show.
_POINTS, _FARTHEST = 400, 20.0
#: Points that are less likely than so large a part of the likeliest are left out.
_POSSIBLE = 1e-12


class Pooled(NamedTuple):
    """Groups after pooling.

    ``interval`` holds the pooled means; ``own_weight`` says how much of each is the group's own mean (1: all of it, 0:
    nothing); ``spread`` is the standard deviation of the groups' true means, NaN where none was pooled.
    """

    interval: Interval
    own_weight: Floats
    spread: float


def pool_means(means: ArrayLike, errors: ArrayLike, *, level: float = 0.95) -> Pooled:
    """Pool the means of groups.

    Parameters
    ----------
    means, errors
        Mean of each group, and its standard error (above 0).
    level
        Of the intervals.

    Returns
    -------
    Pooled
        As many groups as came in. With fewer than :data:`FEWEST_GROUPS`, the means as they are with the intervals of
        each by itself.

    Raises
    ------
    ValueError
        A mean or an error is missing, or an error is not above 0.

    Examples
    --------
    Three large groups and a small one that chance may have moved:

    >>> pooled = pool_means([100.0, 104.0, 140.0, 102.0], [2.0, 2.0, 20.0, 2.0])
    >>> [round(float(mean)) for mean in pooled.interval.value]
    [101, 103, 109, 102]
    """
    y, s = np.asarray(means, dtype=float), np.asarray(errors, dtype=float)
    if not (np.isfinite(y).all() and np.isfinite(s).all() and (s > 0).all()):
        raise ValueError("each group needs a mean and a standard error above 0")
    if len(y) < FEWEST_GROUPS:
        at = np.array([(1 - level) / 2, (1 + level) / 2])
        low, high = (_quantile(p, y[None], s[None], np.ones(1)) for p in at)
        return Pooled(Interval(y, low, high), np.ones(len(y)), float("nan"))
    spreads = _FARTHEST * max(y.std(ddof=1), s.mean()) * np.linspace(0, 1, _POINTS + 1) ** 3
    steps = np.gradient(spreads)
    variance = s**2 + spreads[:, None] ** 2
    weight = 1 / variance
    precision = weight.sum(axis=1)
    center = (weight * y).sum(axis=1) / precision
    log = 0.5 * (np.log(weight).sum(axis=1) - np.log(precision) - (weight * (y - center[:, None]) ** 2).sum(axis=1))
    chance = np.exp(log - log.max()) * steps
    # Of many groups the spread is known well: what is all but impossible is not worth looking at.
    likely = chance > _POSSIBLE * chance.max()
    chance, variance, center, precision = chance[likely], variance[likely], center[likely], precision[likely]
    spreads = spreads[likely]
    chance /= chance.sum()
    toward = s**2 / variance  # how much of a mean is that of all groups
    mean = (1 - toward) * y + toward * center[:, None]
    deviation = np.sqrt((1 - toward) * s**2 + toward**2 / precision[:, None])
    value = chance @ mean
    low, high = (_quantile(p, mean, deviation, chance) for p in ((1 - level) / 2, (1 + level) / 2))
    return Pooled(
        Interval(value, np.minimum(low, value), np.maximum(high, value)), chance @ (1 - toward), float(chance @ spreads)
    )


def _quantile(share: float, mean: Floats, deviation: Floats, chance: Floats) -> Floats:
    """A quantile of each column's mixture of normal distributions, by bisection."""
    far = 10 * deviation.max(axis=0)
    low, high = mean.min(axis=0) - far, mean.max(axis=0) + far
    for _ in range(60):
        middle = (low + high) / 2
        below = chance @ ndtr((middle - mean) / deviation) < share
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2
