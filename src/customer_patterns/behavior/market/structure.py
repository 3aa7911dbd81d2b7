"""Brands of one category beside what a market without niches would show: double jeopardy, duplication of purchase."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.behavior.market.dirichlet import (
    Buying,
    Market,
    expected_buying,
    expected_duplication,
    fit_market,
)
from customer_patterns.behavior.market.purchases import Purchases
from customer_patterns.behavior.market.tables import (
    AS_EXPECTED,
    AS_SIZES,
    BRAND_DUPLICATION,
    LESS_OFTEN,
    MARKET_BRANDS,
    MARKET_FIGURES,
    MORE_OFTEN,
    SHARE_LESS,
    SHARE_MORE,
)
from customer_patterns.estimates import Z95, Interval, bootstrap_ratio, bootstrap_share, wilson, with_interval
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.features.cells import whole_numbers
from customer_patterns.features.enough import empty

Floats = NDArray[np.float64]

#: The model is fitted again in so many resamples: enough for a standard error, at a third of the time.
RESAMPLES = 400
#: Brands of which at most this share may be named wrongly as unlike what their size lets expect.
FALSE_DISCOVERY = 0.05


class Structure(NamedTuple):
    """The tables of one category's market: :data:`MARKET_BRANDS`, :data:`BRAND_DUPLICATION`, :data:`MARKET_FIGURES`."""

    brands: pd.DataFrame
    duplication: pd.DataFrame
    figures: pd.DataFrame


def market_structure(purchases: Purchases | None) -> Structure:
    """Compare how many buy each brand of a category, how often, and what else, with the NBD-Dirichlet.

    Parameters
    ----------
    purchases
        Who bought which brand how often; ``None`` gives tables without rows.

    Returns
    -------
    Structure
        ``brands``: one row per brand, from the most bought on. ``frequency_ratio`` is purchases per buyer by those
        expected; penetration is then off by the inverse, since both multiply to the brand's purchases. ``verdict``
        controls the false discoveries among the brands, whose shares depend on each other (Benjamini and Yekutieli
        2001).

        ``duplication``: one row per pair, which share of the buyers of one also buys the other (Wilson interval);
        ``by_size``: that share if it followed how many buy the other alone; ``verdict`` as for the brands.

        ``figures``: one row per figure of the market and number of the model.

        Intervals of what was seen by resampling customers; of what is expected, and of the ratio, from the model fitted
        again in every resample.

    Notes
    -----
    Double jeopardy: small brands have fewer buyers, who moreover buy them somewhat less often (Ehrenberg, Goodhardt and
    Barwise 1990, Journal of Marketing 54, 82–91). A brand beside the line has buyers of another kind than its size
    lets expect: few and faithful ones (a niche), or many who seldom come back. Duplication of purchase follows the
    other brand's penetration, whoever the buyers are (Ehrenberg 1988, Repeat-Buying, chapter 10); two brands that share
    more are closer substitutes, or sold together.
    """
    if purchases is None or len(purchases.counts) < 2:
        return Structure(empty(MARKET_BRANDS), empty(BRAND_DUPLICATION), empty(MARKET_FIGURES))
    moments, n = _moments(purchases.counts), len(purchases.counts)
    weights = np.vstack([block for _, block in draw_weights(n, resamples=RESAMPLES)])
    once, again = _market(moments, np.ones((1, n))), _market(moments, weights)
    return Structure(
        _brands(purchases, moments, weights, expected_buying(once), expected_buying(again)),
        _duplication(purchases, expected_duplication(once)[0]),
        _figures(purchases, once, again),
    )


def pairs_in_order(found: Structure) -> pd.DataFrame:
    """The pairs of brands, to be drawn as a matrix: both sides from the most bought brand on."""
    brands = pd.CategoricalDtype(found.brands["brand"].tolist(), ordered=True)
    return found.duplication.astype({"buyers_of": brands, "also_buy": brands})


def _brands(purchases: Purchases, moments: Floats, weights: Floats, once: Buying, again: Buying) -> pd.DataFrame:
    """One row per brand, seen beside expected."""
    counts, named = purchases.counts, purchases.counts[:, :-1]
    total, bought = counts.sum(axis=1), named > 0
    n = bought.sum(axis=0)
    table = _labeled(
        purchases,
        brand=pd.Series(purchases.brands, dtype="str"),
        position=np.arange(1, len(n) + 1),
        purchases=whole_numbers(named.sum(axis=0)),
        n=whole_numbers(n),
        customers=len(counts),
    )
    table = with_interval(table, "share_of_purchases", bootstrap_share(named, total))
    table = with_interval(table, "penetration", wilson(n, np.full(len(n), len(counts))))
    table = with_interval(table, "frequency", bootstrap_ratio(named, bought.astype(float)))
    table = with_interval(table, "requirements", bootstrap_ratio(named, total[:, None] * bought))
    for name in Buying._fields:
        table = with_interval(table, f"expected_{name}", _percentiles(getattr(once, name)[0], getattr(again, name)))
    ratio, p = _ratio(moments[:, -len(n) :], weights, once.penetration[0], again.penetration)
    table = with_interval(table, "frequency_ratio", ratio)
    unlike = benjamini_yekutieli(p) <= FALSE_DISCOVERY
    verdict = np.where(unlike, np.where(ratio.value > 1, MORE_OFTEN, LESS_OFTEN), AS_EXPECTED)
    return table.assign(verdict=pd.Series(verdict, dtype="str"))[MARKET_BRANDS.names]


def _ratio(bought: Floats, weights: Floats, expected: Floats, again: Floats) -> tuple[Interval, Floats]:
    """Purchases per buyer by those expected: the expected penetration by the one seen; p-values for a ratio of 1."""
    log_ratio = np.log(expected / bought.mean(axis=0))
    with np.errstate(divide="ignore"):
        drawn = np.log(again / (weights @ bought / len(bought)))
    error = np.where(np.isfinite(drawn).all(axis=0), drawn.std(axis=0, ddof=1), np.nan)
    reach = Z95 * error
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.nan_to_num(2 * ndtr(-np.abs(log_ratio) / error), nan=1.0)
    return Interval(*(np.exp(log_ratio + by) for by in (0.0, -reach, reach))), p


def _duplication(purchases: Purchases, expected: Floats) -> pd.DataFrame:
    """One row per ordered pair of brands."""
    bought = (purchases.counts[:, :-1] > 0).astype(float)
    both = bought.T @ bought
    first, other = np.nonzero(~np.eye(len(both), dtype=bool))
    brands = np.array(purchases.brands, dtype=object)
    n = np.diag(both)[first]
    shared, size = both[first, other], np.diag(both)[other]
    # The law of duplication: proportional to how many buy the other brand, by one factor for the whole category.
    by_size = np.minimum(size * shared.sum() / np.maximum((n * size).sum(), 1), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (shared / n - by_size) / np.sqrt(by_size * (1 - by_size) / n)
    unlike = benjamini_yekutieli(np.nan_to_num(2 * ndtr(-np.abs(z)), nan=1.0)) <= FALSE_DISCOVERY
    table = _labeled(
        purchases,
        buyers_of=pd.Series(brands[first], dtype="str"),
        also_buy=pd.Series(brands[other], dtype="str"),
        n=whole_numbers(n),
        by_size=by_size,
        expected_duplication=expected[first, other],
        verdict=pd.Series(np.where(unlike, np.where(z > 0, SHARE_MORE, SHARE_LESS), AS_SIZES), dtype="str"),
    )
    return with_interval(table, "duplication", wilson(shared, n))[BRAND_DUPLICATION.names]


def _figures(purchases: Purchases, once: Market, again: Market) -> pd.DataFrame:
    """One row per figure of the whole market."""
    counts = purchases.counts
    buys = (counts.sum(axis=1) > 0).astype(float)
    brands = (counts[:, :-1] > 0).sum(axis=1).astype(float)
    found = {
        "customers who buy the category": ("share", wilson(buys.sum(), len(buys))),
        "purchases per buyer": ("ratio", bootstrap_ratio(counts.sum(axis=1), buys)),
        "brands per buyer": ("ratio", bootstrap_ratio(brands, buys)),
        "purchases per customer (M)": ("ratio", _percentiles(once.mean, again.mean[:, None])),
        "how alike in how much they buy (K)": ("ratio", _percentiles(once.shape, again.shape[:, None])),
        "how alike in what they choose (S)": ("ratio", _percentiles(once.loyalty, again.loyalty[:, None])),
    }
    table = _labeled(
        purchases,
        figure=pd.Series(list(found), dtype="str"),
        unit=pd.Series([unit for unit, _ in found.values()], dtype="str"),
        n=whole_numbers([len(counts)] * len(found)),
    )
    flat = np.array([[float(np.ravel(part)[0]) for part in interval] for _, interval in found.values()])
    return with_interval(table, "value", Interval(*flat.T))[MARKET_FIGURES.names]


def _labeled(of: Purchases, /, **columns: Any) -> pd.DataFrame:
    """A table that begins with the category's name."""
    table = pd.DataFrame(columns)
    table.insert(0, "category", pd.Series([of.category] * len(table), dtype="str"))
    return table


def _moments(counts: Floats) -> Floats:
    """What the fit needs of each customer: purchases, whether any, purchases of each brand, whether any."""
    total, named = counts.sum(axis=1, keepdims=True), counts[:, :-1]
    return np.hstack([total, total > 0, named, named > 0])


def _market(moments: Floats, weights: Floats) -> Market:
    """The model fitted to customers drawn so often."""
    means = weights @ moments / weights.sum(axis=1, keepdims=True)
    brands = (moments.shape[1] - 2) // 2
    return fit_market(means[:, 0], means[:, 1], means[:, 2 : 2 + brands] / means[:, :1], means[:, 2 + brands :])


def _percentiles(value: Floats, drawn: Floats) -> Interval:
    """Percentile intervals of columns of resamples, which hold the value."""
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    return Interval(value, np.minimum(low, value), np.maximum(high, value))
