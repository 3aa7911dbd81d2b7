"""How much more of a product is sold where and while it is promoted: promotional response, not an elasticity.

A retailer promotes what sells anyway, when it sells anyway, and at lower prices. The product in the store and the week
are held fixed, the first in each season by itself; the week before a promotion, which no promotion can have moved,
shows what is left of that. Weeks without a sale are in no delivery; they are put in as zeros and counted.

Prices are those of the *other* stores, since a store's own price is on record only where the product was sold. They are
used only where stores move together, and even then they are the retailer's choice: what goes with them is response, and
would be an elasticity only if they had been drawn by lot (van Heerde, Leeflang and Wittink 2004, Marketing Science 23,
317–334, decompose such responses; Chevalier, Kashyap and Rossi 2003, American Economic Review 93, 15–37, show demand
and price moving together).
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Z95, Interval, NotEnoughData, pool_means, with_interval
from customer_patterns.features.enough import empty
from customer_patterns.patterns.promotions import tables
from customer_patterns.patterns.promotions.fixed_effects import Effects, estimate_effects, in_seasons
from customer_patterns.patterns.promotions.store_weeks import StoreWeeks

Floats = NDArray[np.float64]

#: Stores move together if a price cut elsewhere goes with at least so much of it here.
TOGETHER = 0.5
#: A product's own response is told from no fewer stores, and no fewer units expected with promotion and without.
_STORES, _UNITS = 5, 10
#: A cut beyond this is a gift, or a record gone wrong.
_DEEPEST_CUT = 0.9


@dataclass(frozen=True)
class Response:
    """The weeks of products in stores, how they stood in each, and what went with that.

    Attributes
    ----------
    weeks
        What was sold.
    states
        Names of the exposures, and a table of each.
    effects
        What goes with them, with the prices that come along.
    at_equal_prices
        The same at equal prices, the price cut last; ``None`` where prices in other stores say nothing of this one's.
    seasons
        Into how many parts the weeks were cut.
    """

    weeks: StoreWeeks
    states: dict[str, Floats]
    effects: Effects
    at_equal_prices: Effects | None
    seasons: int


def fit_response(weeks: StoreWeeks | None, *, seasons: int) -> Response | None:
    """Estimate how many times as many units are sold in promoted weeks.

    Parameters
    ----------
    weeks
        As :func:`~customer_patterns.patterns.promotions.store_weeks.read_store_weeks` returns it.
    seasons
        A product has an effect of its own in each store and in so many parts of the weeks; 1: in the store only.

    Returns
    -------
    Response or None
        ``None`` where there are too few products.
    """
    if weeks is None:
        return None
    states = _states(weeks)
    try:
        effects = estimate_effects(
            weeks.units, np.stack(list(states.values())), clusters=weeks.product, seasons=seasons
        )
    except NotEnoughData:
        return None
    priced = None
    if _moves_together(weeks):
        states[tables.CHEAPER] = np.log1p(-np.nan_to_num(weeks.cut).clip(0, _DEEPEST_CUT)) / np.log(0.9)
        priced = estimate_effects(weeks.units, np.stack(list(states.values())), clusters=weeks.product, seasons=seasons)
    return Response(weeks, states, effects, priced, seasons)


def promotion_response(found: Response | None) -> pd.DataFrame:
    """Say how many times as many units are sold in each state as in weeks without a promotion.

    Parameters
    ----------
    found
        As :func:`fit_response` returns it.

    Returns
    -------
    DataFrame
        One row per state that occurs, with the prices that come along and at equal prices; columns as in
        ``PROMOTION_RESPONSE``. Intervals cluster by product.
    """
    if found is None:
        return empty(tables.PROMOTION_RESPONSE)
    parts = []
    for prices, effects in ((tables.WITH_PRICES, found.effects), (tables.EQUAL_PRICES, found.at_equal_prices)):
        if effects is None:
            continue
        names = list(found.states)[: len(effects.logs)]
        there = [found.states[name] > 0 for name in names]
        part = pd.DataFrame(
            {
                "state": names,
                "prices": prices,
                "cells": [int(cells.sum()) for cells in there],
                "unsold_cells": [int((cells & found.weeks.unsold).sum()) for cells in there],
                "n": [len(np.unique(found.weeks.product[cells.any(axis=1)])) for cells in there],
            }
        )
        part = with_interval(part, "factor", effects.factors())
        parts.append(part[part["cells"] > 0])
    return pd.concat(parts, ignore_index=True)[tables.PROMOTION_RESPONSE.names]


def product_response(found: Response | None, products: ir.Table) -> pd.DataFrame:
    """Estimate the response to any promotion product by product, and draw it toward the mean of all.

    Parameters
    ----------
    found
        As :func:`fit_response` returns it.
    products
        One row per product: ``product_id``, ``product_type``.

    Returns
    -------
    DataFrame
        One row per product of which enough is expected with and without a promotion, by ``product_id``; columns as in
        ``PRODUCT_RESPONSE``. A product's own interval clusters by store.
    """
    if found is None:
        return empty(tables.PRODUCT_RESPONSE)
    logs, errors, stores = _slopes(found)
    known = np.flatnonzero(~np.isnan(logs))
    if not len(known):
        return empty(tables.PRODUCT_RESPONSE)
    half = Z95 * errors[known]
    own = Interval(*(np.exp(part) for part in (logs[known], logs[known] - half, logs[known] + half)))
    drawn = pool_means(logs[known], errors[known]).interval
    weeks = found.weeks
    units = np.bincount(weeks.product, weeks.units.sum(axis=1), len(weeks.products))
    keys = weeks.products[known]
    named = products.filter(products.product_id.isin(keys.tolist())).select("product_id", "product_type").execute()
    product_types = dict(zip(named["product_id"], named["product_type"], strict=True))
    table = pd.DataFrame(
        {
            "product_id": keys,
            "product_type": [product_types.get(key) for key in keys],
            "units": units[known].round().astype("int64"),
            "n": stores[known],
        }
    )
    table = with_interval(table, "own_factor", own)
    table = with_interval(table, "factor", Interval(*map(np.exp, (drawn.value, drawn.low, drawn.high))))
    return table[tables.PRODUCT_RESPONSE.names]


def _states(weeks: StoreWeeks) -> dict[str, Floats]:
    """How each product stood in each store and week; a promoted week is never another's week before or after."""
    promoted = weeks.promoted
    before, after = np.zeros_like(promoted), np.zeros_like(promoted)
    before[:, :-1] = promoted[:, 1:] & ~promoted[:, :-1]
    after[:, 1:] = promoted[:, :-1] & ~promoted[:, 1:] & ~before[:, 1:]
    placed = weeks.display | weeks.mailer
    flags = {
        tables.BEFORE: before,
        tables.DISPLAY: weeks.display & ~weeks.mailer,
        tables.MAILER: weeks.mailer & ~weeks.display,
        tables.BOTH: weeks.display & weeks.mailer,
        tables.LISTED: promoted & ~placed,
        tables.AFTER: after,
    }
    return {name: flag.astype(float) for name, flag in flags.items()}


def _moves_together(weeks: StoreWeeks) -> bool:
    """Whether a price cut in the other stores tells of one here: the slope over weeks in which both are known."""
    known = ~np.isnan(weeks.own_cut) & ~np.isnan(weeks.cut) & ~weeks.carried
    if known.sum() < 2:
        return False
    here, there = weeks.own_cut[known], weeks.cut[known]
    spread = there.var()
    return bool(spread > 1e-6 and np.mean((there - there.mean()) * (here - here.mean())) / spread >= TOGETHER)


def _slopes(found: Response) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Each product's logarithm of units with promotion by units without, its error, and its stores with promotions.

    Weeks, seasons and the weeks around a promotion are as in the model of all; only the promotion is the product's own.
    """
    weeks, promoted = found.weeks, found.weeks.promoted.astype(float)
    around = {tables.BEFORE, tables.AFTER}
    offset = np.broadcast_to(found.effects.weeks, weeks.units.shape).copy()
    pooled = offset.copy()
    for (name, table), log in zip(found.states.items(), found.effects.logs, strict=False):
        if name != tables.CHEAPER and not np.isnan(log):
            pooled += log * table
            offset += log * table if name in around else 0
    y, x, base, pooled = (in_seasons(part, found.seasons) for part in (weeks.units, promoted, offset, pooled))
    live = y.sum(axis=1, keepdims=True) > 0
    sums, product, number = y.sum(axis=2), weeks.product, len(weeks.products)
    pooled_mean = _means(np.exp(pooled) * live, sums)
    expected = [np.bincount(product, (pooled_mean * part).sum(axis=(0, 2)), number) for part in (x, 1 - x)]
    stores = np.bincount(product, x.any(axis=(0, 2)), number).astype(np.int64)
    sold = [np.bincount(product, (y * part).sum(axis=(0, 2)), number) > 0 for part in (x, 1 - x)]
    known = (np.min(expected, axis=0) >= _UNITS) & (stores >= _STORES) & sold[0] & sold[1]
    weight = np.exp(base) * live
    slope = np.zeros(number)
    for _ in range(12):
        mean = _means(weight * np.exp(slope[product][None, :, None] * x), sums)
        by_group = (mean * x).sum(axis=2)
        of_group = (by_group - by_group**2 / np.where(sums > 0, sums, 1)).sum(axis=0)
        information = np.bincount(product, of_group, number)
        scores = ((y - mean) * x).sum(axis=(0, 2))
        step = np.divide(np.bincount(product, scores, number), information, out=np.zeros(number), where=information > 0)
        if np.abs(np.where(known, step, 0)).max(initial=0) < 1e-6:
            break
        slope += np.clip(step, -1, 1)
    known &= information > 0
    groups = np.bincount(product, minlength=number)
    spread = np.bincount(product, scores**2, number) * groups / np.maximum(groups - 1, 1)
    # Few stores may agree by luck: no error is smaller than that of independent purchases.
    errors = np.sqrt(np.maximum(spread, information)) / np.where(known, information, 1)
    return np.where(known, slope, np.nan), errors, stores


def _means(weight: Floats, sums: Floats) -> Floats:
    return weight * (sums / np.maximum(weight.sum(axis=2), 1e-300))[..., None]
