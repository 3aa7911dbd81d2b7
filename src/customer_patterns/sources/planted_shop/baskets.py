"""What goes into a basket of the planted shop: a household's taste, promotions, and planted pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.plan import Truth
from customer_patterns.sources.planted_shop.visits import Visits, weeks_of

#: Spread (log scale) of a customer's own taste for a category, and for a product.
_CATEGORY_TASTE, _PRODUCT_TASTE = 0.6, 0.3
#: How much likelier a household with children picks up what babies need.
_BABY_TASTE = 4.0


@dataclass(frozen=True)
class Contents:
    """What the orders hold, one entry per product in an order in each array.

    Attributes
    ----------
    visit, product
        Row of the order and of the product.
    quantity
        Units.
    revenue, retail_discount
        Cents: what is paid, and what the promotion took off the shelf price.
    """

    visit: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    revenue: np.ndarray
    retail_discount: np.ndarray


@dataclass
class _Pair:
    """A planted pair of product types (columns of the assortment), and its counts so far."""

    antecedent: np.ndarray
    consequent: np.ndarray
    odds_ratio: float
    orders: int = 0
    together: int = 0
    expected_planted: float = 0.0
    expected_by_chance: float = 0.0


def tastes(truth: Truth, first: int, end: int) -> np.ndarray:
    """Return how likely each customer in rows ``first`` to ``end`` picks up each good (rows sum to 1).

    ``first`` must be where a block of customers begins: the same rows always have the same tastes then.
    """
    rng = np.random.default_rng([truth.seed, 2, first])
    goods = truth.products[truth.products["popularity"] > 0]
    people = truth.customers.iloc[first:end]
    categories, category = np.unique(goods["category"].to_numpy(dtype=str), return_inverse=True)
    log_taste = np.log(goods["popularity"].to_numpy()) + rng.normal(0.0, _PRODUCT_TASTE, (len(people), len(goods)))
    log_taste += rng.normal(0.0, _CATEGORY_TASTE, (len(people), len(categories)))[:, category]
    for shopper in truth.types:
        tilt = np.zeros(len(goods))
        for name, factor in shopper.tastes.items():
            tilt += np.log(factor) * (goods["category"].eq(name) | goods["department"].eq(name)).to_numpy()
        log_taste[(people["shopper_type"] == shopper.name).to_numpy()] += tilt
    baby = goods["category"].eq("BABY").to_numpy()
    log_taste[np.ix_((people["children"] != "0").to_numpy(), baby)] += np.log(_BABY_TASTE)
    weight = np.exp(log_taste)
    return weight / weight.sum(axis=1, keepdims=True)


def fill_baskets(
    rng: np.random.Generator, truth: Truth, visits: Visits, taste: np.ndarray
) -> tuple[Contents, pd.DataFrame]:
    """Fill orders by picks with replacement from each household's taste, promotions and planted pairs included.

    Parameters
    ----------
    rng
        Where chance comes from.
    truth
        The plan.
    visits
        The orders to fill.
    taste
        The taste of each customer of the block: see :func:`tastes`.

    Returns
    -------
    Contents
        What the orders hold.
    DataFrame
        One row per planted pair, as in ``Drawn.pairs`` but for the lift.
    """
    goods = taste.shape[1]
    types = truth.products["product_type"].to_numpy()[:goods]
    prices = truth.products["price_cents"].to_numpy()
    pairs = [
        _Pair(np.flatnonzero(types == pair.antecedent), np.flatnonzero(types == pair.consequent), pair.odds_ratio)
        for pair in truth.pairs.itertuples()
    ]
    row_of = {key: row for row, key in enumerate(truth.products["product_id"])}
    # Only the stores of this block: a large shop has hundreds.
    here = truth.promotions[truth.promotions["store"].isin(np.unique(visits.store))]
    promotions = here.assign(row=here["product_id"].map(row_of))
    promoted_in = dict(iter(promotions.groupby(["week", "store"], sort=True)))

    week = weeks_of(visits.day, truth.first_day)
    by_cell = np.lexsort((visits.customer, visits.store, week))
    borders = np.flatnonzero((np.diff(week[by_cell]) != 0) | (np.diff(visits.store[by_cell]) != 0)) + 1
    found = [np.empty((4, 0), dtype="int64")]
    for members in np.split(by_cell, borders) if len(visits) else ():
        response, cut = np.ones(goods), np.zeros(goods)
        promoted = promoted_in.get((int(week[members[0]]), int(visits.store[members[0]])))
        if promoted is not None:
            response[promoted["row"]] = promoted["response"]
            cut[promoted["row"]] = promoted["price_cut"]
        units = _pick(rng, taste, response, visits.customer[members], visits.picks[members], pairs)
        visit, product = np.nonzero(units)
        quantity = units[visit, product]
        discount = np.rint(prices[product] * cut[product]).astype("int64") * quantity
        found.append(np.stack([members[visit], product, quantity, discount]))
    visit, product, quantity, discount = np.concatenate(found, axis=1)
    counted = truth.pairs.assign(
        orders=[pair.orders for pair in pairs],
        together=[pair.together for pair in pairs],
        expected_planted=[pair.expected_planted for pair in pairs],
        expected_by_chance=[pair.expected_by_chance for pair in pairs],
    )
    return Contents(visit, product, quantity, prices[product] * quantity - discount, discount), counted


def add_up_pairs(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Add up the counts of planted pairs over blocks and find each pair's lift."""
    total = parts[0].copy()
    counts = ["orders", "together", "expected_planted", "expected_by_chance"]
    total[counts] = sum(part[counts] for part in parts)
    total["lift"] = (total["expected_planted"] / total["expected_by_chance"]).where(total["expected_by_chance"] > 0)
    return total


def _pick(
    rng: np.random.Generator,
    taste: np.ndarray,
    response: np.ndarray,
    customer: np.ndarray,
    picks: np.ndarray,
    pairs: list[_Pair],
) -> np.ndarray:
    """Pick products for the orders of one store in one week: units by order and good.

    Picks are independent draws from the household's taste times the promotions' response.
    """
    who, row = np.unique(customer, return_inverse=True)
    chance = taste[who] * response
    chance /= chance.sum(axis=1, keepdims=True)
    goods = chance.shape[1]
    # All households' ladders of cumulated chances one above the other, so that one search serves every pick.
    ladder = np.cumsum(chance, axis=1)
    ladder[:, -1] = 1.0
    rungs = (ladder + np.arange(len(who))[:, None]).ravel()
    basket = np.repeat(np.arange(len(customer)), picks)
    at = np.searchsorted(rungs, row[basket] + rng.random(len(basket)), side="right")
    product = np.clip(at - row[basket] * goods, 0, goods - 1)
    units = np.bincount(basket * goods + product, minlength=len(customer) * goods).reshape(len(customer), goods)
    for pair in pairs:
        _plant(rng, units, chance[row], picks, pair)
    return units


def _plant(rng: np.random.Generator, units: np.ndarray, chance: np.ndarray, picks: np.ndarray, pair: _Pair) -> None:
    """Make a pair true: add the consequent to as many baskets with the antecedent as its odds ratio demands.

    Among baskets of one household, one promotion state and one number of picks, the odds of the consequent with the
    antecedent are then exactly ``odds_ratio`` times the odds without it. (Without planting they would be a little lower
    than the odds without it, because a pick that went to the antecedent cannot go to the consequent.)
    """
    holds = np.flatnonzero(units[:, pair.antecedent].any(axis=1))
    if not len(holds):
        return
    number = picks[holds]
    a, b = chance[holds][:, pair.antecedent].sum(axis=1), chance[holds][:, pair.consequent].sum(axis=1)
    # The chances of the consequent in a basket without the antecedent, in one with it as picked, and as it should be.
    without = 1 - (1 - b / (1 - a)) ** number
    already = (1 - (1 - a) ** number - (1 - b) ** number + (1 - a - b) ** number) / (1 - (1 - a) ** number)
    wanted = pair.odds_ratio * without / (1 - without + pair.odds_ratio * without)
    lacks = ~units[holds][:, pair.consequent].any(axis=1)
    adds = lacks & (rng.random(len(holds)) * (1 - already) < wanted - already)
    which = chance[holds[adds]][:, pair.consequent]
    ladder = np.cumsum(which, axis=1) / which.sum(axis=1, keepdims=True)
    chosen = (rng.random((len(which), 1)) > ladder[:, :-1]).sum(axis=1)
    units[holds[adds], pair.consequent[chosen]] += 1
    pair.orders += len(holds)
    pair.together += int((~lacks | adds).sum())
    pair.expected_planted += float(wanted.sum())
    pair.expected_by_chance += float(without.sum())
