"""Shares of several groups that lend each other strength: few customers say little, and zero of three is no zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, betaln, expit, logit

from customer_patterns.estimates import Interval

Floats = NDArray[np.float64]

#: With fewer groups nothing says how much groups differ.
FEWEST_GROUPS = 3
#: Points at which the groups' mean share, and how much they differ, are looked at.
_MEANS, _SIZES = 31, 41


def pool_shares(events: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Interval:
    """Pool the shares of groups.

    Parameters
    ----------
    events, n
        How many of how many in each group.
    level
        Of the intervals.

    Returns
    -------
    Interval
        As many as came in. With fewer than :data:`FEWEST_GROUPS` groups each by itself, from Jeffreys' prior.

    Raises
    ------
    ValueError
        A group has more events than members, or no member.

    Notes
    -----
    Beta-binomial with the prior of Gelman et al. (2013), Bayesian Data Analysis, section 5.3, on a grid of the groups'
    mean and size; each group's posterior is averaged over the grid and matched by a beta distribution of its mean and
    variance, so that intervals do not pretend that the spread of the groups is known (Morris 1983, Journal of the
    American Statistical Association 78, 47–55).

    Examples
    --------
    A product returned by one of its two buyers, beside three that hardly anybody returns:

    >>> [round(float(share), 2) for share in pool_shares([20, 18, 22, 1], [1000, 1000, 1000, 2]).value]
    [0.02, 0.02, 0.02, 0.02]
    """
    k, size = np.asarray(events, dtype=float), np.asarray(n, dtype=float)
    if (size < 1).any() or (k < 0).any() or (k > size).any():
        raise ValueError("a share is of one member or more, and counts from none to all of them")
    ends = ((1 - level) / 2, (1 + level) / 2)
    if len(k) < FEWEST_GROUPS:
        a, b = k + 0.5, size - k + 0.5
        return _bounds(a / (a + b), a, b, ends)
    middle = logit((k.sum() + 0.5) / (size.sum() + 1))
    reach = 4 * max(1 / np.sqrt(k.sum() + 0.5), 1 / np.sqrt(len(k)))
    means = expit(middle + reach * np.linspace(-1, 1, _MEANS))
    sizes = np.geomspace(0.5, 100 * size.max() + 1000, _SIZES)
    alpha, beta = (np.outer(part, sizes).ravel() for part in (means, 1 - means))
    # The counts of many groups repeat: each pair is looked at once.
    pairs, place, times = np.unique(np.column_stack([k, size]), axis=0, return_inverse=True, return_counts=True)
    hit, rest = pairs[:, 0], pairs[:, 1] - pairs[:, 0]
    log = np.log(alpha) + np.log(beta) - 2.5 * np.log(alpha + beta) - betaln(alpha, beta) * times.sum()
    for one, other, often in zip(hit, rest, times, strict=True):
        log += often * betaln(alpha + one, beta + other)
    chance = np.exp(log - log.max())
    chance /= chance.sum()
    mean, variance = np.empty((2, len(pairs)))
    for row, (one, other) in enumerate(zip(hit, rest, strict=True)):
        a, b = alpha + one, beta + other
        own = a / (a + b)
        mean[row] = chance @ own
        variance[row] = chance @ (own * (1 - own) / (a + b + 1) + own**2) - mean[row] ** 2
    whole = mean * (1 - mean) / np.maximum(variance, 1e-15) - 1
    found = _bounds(mean, mean * whole, (1 - mean) * whole, ends)
    return Interval(*(np.round(part[place.ravel()], 9) for part in found))


def _bounds(value: Floats, a: Floats, b: Floats, ends: tuple[float, float]) -> Interval:
    low, high = (betaincinv(a, b, end) for end in ends)
    return Interval(value, np.minimum(low, value), np.maximum(high, value))
