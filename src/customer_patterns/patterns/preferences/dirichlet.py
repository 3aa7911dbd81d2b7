"""How customers share out what they buy, each a little otherwise: the population that a thin history is drawn toward.

Each customer's purchases fall on the values of an attribute with shares of their own; the shares of all customers are
Dirichlet: their mean is the population's, their concentration says how alike customers are. Counts are then
Dirichlet-multinomial (of two values: beta-binomial), and a customer's share, given what was bought, is
(n_k + s m_k) / (n + s): after s purchases half of it is the customer's own. Fitted by maximum likelihood with the fixed
point of Minka (2000, revised 2012), Estimating a Dirichlet distribution, section 4; empirical Bayes as in Efron (2010),
Large-Scale Inference, chapter 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import betainc, betaincinv, digamma

from customer_patterns.estimates import Interval

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Concentrations looked at: customers who have nothing in common, and customers who are all alike.
LEAST, MOST = 1e-3, 1e5
#: Rounds of the fixed point at most, and by how much the largest share may still move when it stops.
_ROUNDS, _STILL = 200, 1e-5


class Population(NamedTuple):
    """What all customers have in common.

    Attributes
    ----------
    shares
        Mean share of each value; they sum to 1.
    concentration
        How alike customers are: so many purchases of their own weigh as much as the population. At :data:`MOST` where
        they differ no more than chance lets them.
    """

    shares: Floats
    concentration: float


def fit_population(customer: ArrayLike, value: ArrayLike, count: ArrayLike, *, values: int) -> Population:
    """Fit the population to what each customer bought.

    Parameters
    ----------
    customer, value, count
        One entry per customer and value bought: numbers of both from 0, and how often, above 0, not necessarily whole.
        Each pair at most once.
    values
        How many values there are; a value that nobody bought gets no share.

    Returns
    -------
    Population
        By maximum likelihood. A single value has all of the share, whatever the concentration.

    Raises
    ------
    ValueError
        No entry.

    Examples
    --------
    Three customers who keep to one of two values, and one who takes both: hardly any common ground.

    >>> found = fit_population([0, 1, 2, 3, 3], [0, 1, 0, 0, 1], [9, 9, 9, 4, 5], values=2)
    >>> found.concentration < 2
    True
    """
    who, what, n = (np.asarray(part) for part in (customer, value, count))
    if not len(n):
        raise ValueError("a population is fitted to purchases, and there are none")
    n = n.astype(float)
    shares = np.bincount(what, n, values) / n.sum()
    # Many customers bought the same value equally often: each such pair is worked out once.
    pairs, weight = _alike(what.astype(np.int64), n)
    totals, holders = np.unique(np.bincount(who, n), return_counts=True)
    holders = holders[totals > 0].astype(float)
    totals = totals[totals > 0]
    of, times = pairs
    concentration = float(values)

    def slope(log_s: float) -> float:
        s = np.exp(log_s)
        alpha = shares[of] * s
        gained = weight * shares[of] * (digamma(times + alpha) - digamma(alpha))
        return float(gained.sum() - (holders * (digamma(totals + s) - digamma(s))).sum())

    for _ in range(_ROUNDS):
        concentration = _root(slope)
        alpha = shares[of] * concentration
        moved = shares * np.bincount(of, weight * (digamma(times + alpha) - digamma(alpha)), values)
        moved /= moved.sum()
        still = np.abs(moved - shares).max() < _STILL
        shares = moved
        if still:
            break
    return Population(shares, concentration)


def posterior_shares(
    count: ArrayLike, total: ArrayLike, share: ArrayLike, concentration: float, *, level: float = 0.95
) -> Interval:
    """Draw a customer's share of a value toward that of the population.

    Parameters
    ----------
    count, total
        Purchases of the value, and of all values.
    share
        The population's share of the value.
    concentration
        From :func:`fit_population`.
    level
        Of the interval.

    Returns
    -------
    Interval
        Mean of the customer's share given the purchases, and the quantiles of its beta distribution; the mean stays
        inside where the distribution is so skewed that it would not.
    """
    n, total, share = (np.asarray(part, dtype=float) for part in (count, total, share))
    a = n + concentration * share
    b = total - n + concentration * (1 - share)
    mean = a / (a + b)
    # A value that nobody bought, or the only one there is, has no spread.
    a, b = np.maximum(a, 1e-9), np.maximum(b, 1e-9)
    low, high = (betaincinv(a, b, p) for p in ((1 - level) / 2, (1 + level) / 2))
    return Interval(mean, np.minimum(low, mean), np.maximum(high, mean))


def chance_at_most(count: ArrayLike, total: ArrayLike, share: ArrayLike, concentration: float) -> Floats:
    """The chance that a customer's share is at most the population's; parameters as for :func:`posterior_shares`.

    It is at most (1 − level) / 2 where the interval of that level lies above the population's share.
    """
    n, total, share = (np.asarray(part, dtype=float) for part in (count, total, share))
    a, b = n + concentration * share, total - n + concentration * (1 - share)
    return betainc(np.maximum(a, 1e-9), np.maximum(b, 1e-9), share)


def _alike(value: Ints, count: Floats) -> tuple[tuple[Ints, Floats], Floats]:
    order = np.lexsort((count, value))
    value, count = value[order], count[order]
    first = np.r_[True, (np.diff(value) > 0) | (np.diff(count) > 0)]
    starts = np.flatnonzero(first)
    return (value[starts], count[starts]), np.diff(np.r_[starts, len(value)]).astype(float)


def _root(slope: Callable[[float], float]) -> float:
    """The concentration at which the likelihood is largest; an end of the range where it is there."""
    low, high = np.log(LEAST), np.log(MOST)
    if slope(high) >= 0:
        return MOST
    if slope(low) <= 0:
        return LEAST
    return float(np.exp(brentq(slope, low, high, xtol=1e-6)))
