"""The NBD-Dirichlet: what a market without niches looks like.

Customers buy the category at random moments, each at a rate of their own (rates are gamma: counts are negative
binomial), and choose among its brands with chances of their own (chances are Dirichlet), whatever the rate. Three
numbers and the brands' shares then say for each brand how many buy it, how often, and what else they buy. Source:
Goodhardt, Ehrenberg and Chatfield (1984), The Dirichlet: A Comprehensive Model of Buying Behaviour, J. R. Stat. Soc. A
147, 621–655.

All functions take several markets at once (resamples of one), one per row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize.elementwise import find_root

Floats = NDArray[np.float64]

#: Least and largest values that K and S may take: customers all unlike each other, and all alike.
_LEAST, _MOST = 1e-3, 1e3
#: Purchases so rare that leaving out those who make more changes no digit that is shown.
_TAIL = 1e-6
#: No category is followed beyond so many purchases of one customer.
_LONGEST = 2_000


class Market(NamedTuple):
    """What the model needs to know of a market, and its three numbers; arrays with one entry per market.

    ``mean`` is M: purchases of the category per customer, those without any included. ``shape`` is K: how alike
    customers are in how much they buy. ``loyalty`` is S: how alike they are in what they choose; the smaller, the more
    each keeps to few brands. ``shares`` has one row per market and one column per brand: its share of all purchases.
    """

    mean: Floats
    shape: Floats
    loyalty: Floats
    shares: Floats


class Buying(NamedTuple):
    """What the model expects of each brand; one row per market, one column per brand.

    ``penetration``: share of customers who buy it. ``frequency``: purchases of it per buyer of it. ``requirements``:
    its share of all that its buyers purchase in the category.
    """

    penetration: Floats
    frequency: Floats
    requirements: Floats


def fit_market(mean: ArrayLike, penetration: ArrayLike, shares: ArrayLike, brand_penetration: ArrayLike) -> Market:
    """Find K and S from what a market's summary says.

    Parameters
    ----------
    mean
        Purchases of the category per customer, those without any included; one per market.
    penetration
        Share of customers who buy the category at all; below 1.
    shares
        Share of the category's purchases, one row per market, one column per brand. They need not sum to 1: what is
        left are brands that are not looked at.
    brand_penetration
        Share of customers who buy each brand, likewise.

    Returns
    -------
    Market
        K such that as many customers buy nothing as were seen (mean and zeros: Goodhardt et al., section 3.3); S such
        that the brands' penetrations agree with those seen on average, each weighted with its share. At the ends of
        the range where nothing inside it does: S at its most where brands are bought as by customers all alike.

    Notes
    -----
    One S for the market: the paper finds one for each brand and averages; the weighted equation has the same solution
    where the model holds and needs no rule for brands without one.
    """
    m, b = (np.atleast_1d(np.asarray(x, dtype=float)) for x in (mean, penetration))
    p, seen = (np.atleast_2d(np.asarray(x, dtype=float)) for x in (shares, brand_penetration))
    k = _solve(lambda shape, i: 1 - _zeros(m[i], shape) - b[i], len(m))
    chances = _purchase_chances(m, k)
    target = (p * seen).sum(axis=1)
    s = _solve(lambda loyalty, i: (p[i] * (1 - _without(chances[i], loyalty, p[i]))).sum(axis=1) - target[i], len(m))
    return Market(m, k, s, p)


def expected_buying(market: Market) -> Buying:
    """Say how many buy each brand, how often, and how much of what they need it is."""
    chances = _purchase_chances(market.mean, market.shape)
    none = _never_chosen(chances.shape[1], market.loyalty, market.shares)
    buyers = 1 - np.einsum("rn,rjn->rj", chances, none)
    bought = market.mean[:, None] * market.shares
    in_category = np.einsum("rn,rjn->rj", chances * np.arange(chances.shape[1]), 1 - none)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Buying(buyers, bought / buyers, bought / in_category)


def expected_duplication(market: Market) -> Floats:
    """Say which share of a brand's buyers also buy another: per market a square, rows whose buyers, columns what.

    Two brands taken together are a brand of their own, with the sum of their shares (Goodhardt et al., section 3.2).
    """
    chances = _purchase_chances(market.mean, market.shape)
    brands = market.shares.shape[1]
    without = _without(chances, market.loyalty, market.shares)
    one, other = np.triu_indices(brands, 1)
    neither = _without(chances, market.loyalty, market.shares[:, one] + market.shares[:, other])
    both = np.zeros((len(market.mean), brands, brands))
    both[:, one, other] = both[:, other, one] = 1 - without[:, one] - without[:, other] + neither
    both[:, range(brands), range(brands)] = 1 - without
    return both / (1 - without)[:, :, None]


def _zeros(mean: Floats, shape: Floats) -> Floats:
    """Share of customers who buy nothing."""
    return np.exp(-shape * np.log1p(mean / shape))


def _purchase_chances(mean: Floats, shape: Floats) -> Floats:
    """Chance of 0, 1, 2 … purchases of the category: one row per market, to where hardly anybody buys more."""
    rate = mean / (shape + mean)
    width, longest = 64, min(_LONGEST, int(np.ceil(60 * mean.max() + 64)))
    while True:
        n = np.arange(1, width)
        steps = np.log(rate)[:, None] + np.log((shape[:, None] + n - 1) / n)
        logs = np.cumsum(np.column_stack([-shape * np.log1p(mean / shape), steps]), axis=1)
        chances = np.exp(logs)
        if width >= longest or (1 - chances.sum(axis=1)).max() < _TAIL:
            return chances
        width = min(2 * width, longest)


def _never_chosen(width: int, loyalty: Floats, shares: Floats) -> Floats:
    """Chance that none of 0, 1, 2 … purchases is of a brand: markets by brands by purchases."""
    i = np.arange(width - 1)
    rest = loyalty[:, None] * np.maximum(1 - shares, 0)
    with np.errstate(divide="ignore"):  # brands that together are the whole market
        steps = np.log(rest[:, :, None] + i) - np.log(loyalty[:, None] + i)[:, None, :]
    none = np.empty((*shares.shape, width))
    none[:, :, 0] = 1
    np.exp(np.cumsum(steps, axis=2), out=none[:, :, 1:])
    return none


def _without(chances: Floats, loyalty: Floats, shares: Floats) -> Floats:
    """Share of customers who do not buy a brand: one row per market, one column per brand."""
    return np.einsum("rn,rjn->rj", chances, _never_chosen(chances.shape[1], loyalty, shares))


def _solve(excess: Callable[[Floats, NDArray[np.int64]], Floats], markets: int) -> Floats:
    """Where a rising function of K or S is zero, for each market by itself; the end of the range where it is nowhere.

    ``excess`` takes values and the markets that they are for. Chandrupatla (1997), Adv. Eng. Software 28, 145–149.
    """
    every = np.arange(markets)
    low, high = np.full(markets, np.log(_LEAST)), np.full(markets, np.log(_MOST))
    found = find_root(
        lambda log, market: excess(np.exp(log), market.astype(np.int64)),
        (low, high),
        args=(every,),
        tolerances={"xatol": 1e-9, "xrtol": 1e-9},
    )
    at_low = excess(np.exp(low), every)
    return np.exp(np.where(found.success, found.x, np.where(at_low > 0, low, high)))
