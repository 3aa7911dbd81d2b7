"""Promotions, campaigns and the mix: planted response and substitutes are found, none is invented, intervals hold.

The markets here are drawn for these trials alone, with other settings than those of the tests.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.laboratory.trial import Aim, Tally, Trial

_RESTS_ON = (
    "estimates", "features", "patterns/assortment", "patterns/baskets", "patterns/chance", "patterns/promotions",
)  # fmt: skip
#: What a display and the mailer multiply sales by, and what a campaign without effect multiplies spend by.
_DISPLAY, _MAILER, _CAMPAIGN = 1.8, 1.25, 1.0
_ALL_YEAR, _SHOPS = 52, 10
#: As in the chapter.
_MARGIN, _FALSE = 1.2, 0.05
_KINDS, _OTHERS = 12, 30
#: How often one of two substitutes that were both picked is left on the shelf.
_TAKEN = 0.5


def _store_weeks(seed: int, *, response: bool) -> object:
    """Draw products in stores: little bought, promoted rather in high season, at prices cut by the chain."""
    from customer_patterns.patterns.promotions import StoreWeeks

    random = np.random.default_rng(seed)
    products, stores = 30, 9
    product, store = np.divmod(np.arange(products * stores), stores)
    size = (len(product), _ALL_YEAR)
    high = np.sin(2 * np.pi * (np.arange(_ALL_YEAR) / _ALL_YEAR + 0.3))
    promoted = random.random(size) < 0.12 + 0.15 * (high > 0)
    display = promoted & (random.random(size) < 0.5)
    cut = random.choice([0.0, 0.15, 0.25], p=[0.8, 0.1, 0.1], size=(products, _ALL_YEAR))[product]
    effect = np.where(display, np.log(_DISPLAY), np.where(promoted, np.log(_MAILER), 0.0)) if response else 0.0
    shock = random.gamma(3, 1 / 3, (products, _ALL_YEAR))[product]
    units = random.poisson(np.exp(random.normal(-0.5, 0.8, (len(product), 1)) + 0.4 * high + effect) * shock).astype(
        float
    )
    return StoreWeeks(
        products=np.arange(products).astype(str).astype(object),
        stores=np.arange(stores).astype(str).astype(object),
        product=product,
        store=store,
        weeks=np.datetime64("2017-01-02") + 7 * np.arange(_ALL_YEAR),
        units=units,
        display=display,
        mailer=promoted & ~display,
        listed=promoted,
        cut=cut,
        carried=np.zeros(size, dtype=bool),
        own_cut=np.where(units > 0, cut, np.nan),
    )


def _response(seed: int, *, twin: bool = False) -> Tally:
    """Whether the intervals hold the planted response; the twin compares promoted weeks with all others as they are."""
    from customer_patterns.patterns.promotions import fit_response, promotion_response
    from customer_patterns.patterns.promotions.tables import DISPLAY, MAILER, WITH_PRICES

    weeks = _store_weeks(seed, response=True)
    if twin:
        parts = [weeks.units[part] for part in (weeks.display, weeks.mailer, ~weeks.promoted)]
        logs = [np.log(part.mean()) for part in parts]
        errors = [part.std() / part.mean() / np.sqrt(part.size) for part in parts]
        held = [
            abs(logs[at] - logs[2] - np.log(true)) <= 1.96 * np.hypot(errors[at], errors[2])
            for at, true in enumerate((_DISPLAY, _MAILER))
        ]
        return Tally(sum(held), 2)
    table = promotion_response(fit_response(weeks, seasons=4))
    rows = table[table["prices"] == WITH_PRICES].set_index("state")
    held = [
        rows.at[state, "factor_low"] <= true <= rows.at[state, "factor_high"]
        for state, true in ((DISPLAY, _DISPLAY), (MAILER, _MAILER))
    ]
    return Tally(sum(held), 2)


def _price(seed: int, *, twin: bool = False) -> Tally:
    """Whether a price to which nobody responds looks as if; the twin takes each store's own price, known where sold."""
    from customer_patterns.patterns.promotions import estimate_effects, fit_response, promotion_response
    from customer_patterns.patterns.promotions.tables import CHEAPER

    weeks = _store_weeks(seed, response=False)
    if twin:
        own = np.log1p(-np.nan_to_num(weeks.own_cut)) / np.log(0.9)
        found = estimate_effects(weeks.units, own[None], clusters=weeks.product).factors()
        return Tally(int(not found.low[0] <= 1 <= found.high[0]), 1)
    row = promotion_response(fit_response(weeks, seasons=4)).set_index("state").loc[CHEAPER]
    return Tally(int(not row["factor_low"] <= 1 <= row["factor_high"]), 1)


def _campaign(seed: int, *, twin: bool = False) -> Tally:
    """Whether mail that changes nothing, sent to good customers, looks as if; the twin compares them with others."""
    from customer_patterns.patterns.promotions import estimate_effects

    random = np.random.default_rng(seed)
    customers, before, after = 150, 4, 8
    level = random.gamma(1.5, 30, (customers, 1))
    spend = level * (1 + 0.2 * np.sin(np.arange(_ALL_YEAR) / 5)) * random.gamma(1, 1, (customers, _ALL_YEAR))
    got = random.random((3, customers)) < 0.1 + 0.6 * (level[:, 0].argsort().argsort() / customers) ** 2
    exposed = np.zeros((before + after, customers, _ALL_YEAR))
    for sent, start in zip(got, (8, 22, 37), strict=True):
        for place, week in enumerate(range(start - before, start + after)):
            exposed[place, sent, week] += 1
    spend = spend * _CAMPAIGN ** exposed[before:].sum(axis=0)
    if twin:
        mailed = exposed[before:].sum(axis=0) > 0
        means = [
            np.array([row[on].mean() for row, on in zip(spend, part, strict=True) if on.any()])
            for part in (mailed, ~mailed)
        ]
        error = np.sqrt(sum(values.var(ddof=1) / len(values) for values in means))
        return Tally(int(abs(means[0].mean() - means[1].mean()) > 1.96 * error), 1)
    found = estimate_effects(spend, exposed, clusters=np.arange(customers))
    change = found.combined(np.r_[np.full(before, -1 / before), np.full(after, 1 / after)][None])
    return Tally(int(not change.low[0] <= 1 <= change.high[0]), 1)


@cache
def _market(seed: int) -> tuple[frozenset[str], pd.DataFrame, frozenset[str]]:
    """The planted substitutes of a market, what the method says of its pairs, and what its twin calls substitutes."""
    from customer_patterns.patterns import Baskets
    from customer_patterns.patterns.assortment import sibling_pairs

    random = np.random.default_rng(seed)
    names = [f"kind {n:02d}" for n in range(_KINDS)] + [f"other {n:02d}" for n in range(_OTHERS)]
    customers = 220
    count = 12 + random.poisson(25, customers)
    customer = np.repeat(np.arange(customers), count)
    taste = random.normal(0, 1.2, (customers, len(names)))
    # Kinds 0 and 1, and 2 and 3, are liked by the same customers, and one of the two is taken.
    taste[:, 1], taste[:, 3] = taste[:, 0], taste[:, 2]
    much = random.normal(0, 0.9, len(customer)) + random.normal(0, 0.6, customers)[customer]
    held = random.random((len(customer), len(names))) < 1 / (1 + np.exp(2.2 - much[:, None] - taste[customer]))
    for one, other in ((0, 1), (2, 3)):
        both = np.flatnonzero(held[:, one] & held[:, other] & (random.random(len(held)) < _TAKEN))
        first = random.random(len(both)) < 0.5
        held[both[first], one], held[both[~first], other] = False, False
    kept = held.any(axis=1)
    basket, item = np.nonzero(held[kept])
    days = np.datetime64("2017-01-01") + random.integers(0, 364, int(kept.sum()))
    keys = np.array([f"c{n:03d}" for n in range(customers)], dtype=object)
    baskets = Baskets("product_type", np.array(names, dtype=object), basket, item, customer[kept], keys, days)
    categories = {name: "all" for name in names[:_KINDS]}
    found = sibling_pairs(baskets, categories, least_baskets=30, margin=_MARGIN, false_discovery=_FALSE)
    return frozenset({"kind 00 + kind 01", "kind 02 + kind 03"}), found, _naive(held[kept][:, :_KINDS], names)


def _naive(held: np.ndarray, names: list[str]) -> frozenset[str]:
    """The twin: chi-square over all baskets, as if they were of one size and all customers liked the same."""
    n, pairs, p = len(held), [], []
    counts, together = held.sum(axis=0), held.T.astype(float) @ held
    for one in range(_KINDS):
        for other in range(one + 1, _KINDS):
            expected = counts[one] * counts[other] / n
            varies = expected * (1 - counts[one] / n) * (1 - counts[other] / n)
            pairs.append((f"{names[one]} + {names[other]}", together[one, other] < expected))
            p.append(float(chdtrc(1, (together[one, other] - expected) ** 2 / varies)))
    return frozenset(
        pair
        for (pair, less), adjusted in zip(pairs, benjamini_yekutieli(p), strict=True)
        if less and adjusted <= _FALSE
    )


def _substitutes(seed: int, *, twin: bool = False) -> Tally:
    from customer_patterns.patterns.assortment.tables import SUBSTITUTES

    planted, found, naive = _market(seed)
    said = naive if twin else frozenset(found.loc[found["verdict"] == SUBSTITUTES, "pair"])
    return Tally(len(said & planted), len(planted))


def _named(seed: int, *, twin: bool = False) -> Tally:
    """How many pairs that were not planted are named; the twin names all that differ from chance at five percent."""
    from customer_patterns.patterns.assortment.tables import COMPLEMENTS, SUBSTITUTES

    planted, found, _ = _market(seed)
    others = found[~found["pair"].isin(planted)]
    named = others["p"] <= _FALSE if twin else others["verdict"].isin([SUBSTITUTES, COMPLEMENTS])
    return Tally(int(named.sum()), len(others))


TRIALS = (
    Trial(
        name="coverage of a promotion's response",
        room="patterns",
        measure="intervals that hold the planted factor",
        setting="products in stores, promoted rather when they sell anyway",
        twin="compares promoted weeks with all others, whatever the product, store and season",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(950_100, 950_160),
        run=_response,
        broken=lambda seed: _response(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.promotion", "patterns.promotion_unpriced"),
    ),
    Trial(
        name="a price nobody responds to",
        room="patterns",
        measure="markets in which a response is seen that is none",
        setting="prices cut by the chain at random, in weeks with many zeros",
        twin="takes a store's own price, which is known only where something was sold",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=range(950_200, 950_240),
        run=_price,
        broken=lambda seed: _price(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.promotion",),
    ),
    Trial(
        name="a campaign without an effect",
        room="patterns",
        measure="shops in which a change is seen that is none",
        setting="mail that changes nothing, sent to those who spend most",
        twin="holds those who got mail against those who did not",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=range(950_300, 950_360),
        run=_campaign,
        broken=lambda seed: _campaign(seed, twin=True),
        rests_on=_RESTS_ON,
    ),
    Trial(
        name="substitutes that were planted",
        room="patterns",
        measure="planted substitutes that are named",
        setting="two pairs of one taste, of which one is mostly taken, in baskets of all sizes",
        twin="forgets tastes and basket size",
        aim=Aim(0.8, 1.0),
        seeds=range(950_400, 950_410),
        run=_substitutes,
        broken=lambda seed: _substitutes(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.substitutes",),
    ),
    Trial(
        name="pairs of a category that are none",
        room="patterns",
        measure="pairs named that were not planted",
        setting="kinds that are each picked for themselves, in baskets of all sizes",
        twin="names whatever one test at a time calls different",
        aim=Aim(0.0, 0.02),
        seeds=range(950_400, 950_410),
        run=_named,
        broken=lambda seed: _named(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("patterns.substitutes",),
    ),
)
