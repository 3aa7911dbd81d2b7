"""Does a market without niches look like one, is a niche found, and do pooled means of small groups hold?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

if TYPE_CHECKING:
    import pandas as pd

_CUSTOMERS = 2400
_SHARES = np.array([0.34, 0.24, 0.16, 0.11, 0.09, 0.06])
#: Purchases per customer, and how alike customers are in how much they buy and in what they choose.
_MEAN, _SHAPE, _LOYALTY = 5.0, 0.8, 1.6
#: One customer in ten buys nothing but the fourth brand.
_NICHE, _FAITHFUL = 3, 0.1
#: A brand is said to be beside the line at this rate of false discoveries, as in the chapter.
_LEVEL = 0.05
_GROUPS, _SPREAD = 8, 12.0
_SEEDS = range(930_100, 930_140)
_FEW_SEEDS = range(930_200, 930_220)
_GROUP_SEEDS = range(930_300, 930_305)
_MARKET = ("estimates", "behavior")


def _draw(seed: int, *, niche: bool) -> NDArray[np.float64]:
    """Who bought which brand how often, in a market that follows the model, but perhaps for a niche."""
    random = np.random.default_rng(seed)
    bought = random.poisson(random.gamma(_SHAPE, _MEAN / _SHAPE, _CUSTOMERS))
    chances = random.dirichlet(_LOYALTY * _SHARES, _CUSTOMERS)
    if niche:
        chances[random.random(_CUSTOMERS) < _FAITHFUL] = np.eye(len(_SHARES))[_NICHE]
    return random.multinomial(bought, chances).astype(float)


@cache
def _brands(seed: int, *, niche: bool) -> tuple[pd.DataFrame, pd.Series]:
    """What the method says of a market: its brands, and its figures."""
    from customer_patterns.behavior.market import Purchases, market_structure

    counts = np.hstack([_draw(seed, niche=niche), np.zeros((_CUSTOMERS, 1))])
    made = market_structure(Purchases("category", [str(n) for n in range(len(_SHARES))], counts))
    return made.brands, made.figures.set_index("figure")["value"]


def _beside(seed: int, *, niche: bool, twin: bool) -> NDArray[np.bool_]:
    """Which brands are said to be beside the line; the twin expects all customers to choose alike."""
    from customer_patterns.behavior.market.tables import AS_EXPECTED

    if not twin:
        return (_brands(seed, niche=niche)[0]["verdict"] != AS_EXPECTED).to_numpy()
    counts = _draw(seed, niche=niche)
    total, seen = counts.sum(axis=1), (counts > 0).mean(axis=0)
    share = counts.sum(axis=0) / total.sum()
    expected = 1 - ((1 - share) ** total[:, None]).mean(axis=0)
    error = np.sqrt(expected * (1 - expected) / len(counts))
    return 2 * ndtr(-np.abs(seen - expected) / error) <= _LEVEL


def _false_alarm(seed: int, *, twin: bool = False) -> Tally:
    return Tally(int(_beside(seed, niche=False, twin=twin).any()), 1)


def _niche_found(seed: int, *, twin: bool = False) -> Tally:
    from customer_patterns.behavior.market.tables import MORE_OFTEN

    if twin:
        return Tally(0, 1)
    brands = _brands(seed, niche=True)[0].set_index("brand")
    return Tally(int(brands.at[str(_NICHE), "verdict"] == MORE_OFTEN), 1)


def _loyalty(seed: int, *, twin: bool = False) -> Error:
    from customer_patterns.behavior.market import fit_market

    if not twin:
        found = float(_brands(seed, niche=False)[1]["how alike in what they choose (S)"])
        return Error(abs(found / _LOYALTY - 1))
    counts = _draw(seed, niche=False)
    buyers = counts[counts.sum(axis=1) > 0]  # leaves out who bought nothing, as a till does
    mean, seen = buyers.sum() / len(buyers), (buyers > 0).mean(axis=0)
    fitted = fit_market(mean, 1 - 0.5 / len(buyers), buyers.sum(axis=0) / buyers.sum(), seen)
    return Error(abs(float(fitted.loyalty[0]) / _LOYALTY - 1))


def _pooled(seed: int, *, twin: bool = False) -> Tally:
    """Four hundred studies of eight groups of unequal size: how many intervals hold the group's true mean."""
    from customer_patterns.estimates import pool_means

    random, hits, of = np.random.default_rng(seed), 0, 0
    for _ in range(400):
        truth = random.normal(100, _SPREAD, _GROUPS)
        errors = random.uniform(4, 25, _GROUPS)
        means = random.normal(truth, errors)
        if twin:  # one mean for all
            weight = 1 / errors**2
            center, reach = (weight * means).sum() / weight.sum(), 1.96 / weight.sum() ** 0.5
            hits += int((np.abs(truth - center) <= reach).sum())
        else:
            low, high = pool_means(means, errors).interval[1:]
            hits += int(((low <= truth) & (truth <= high)).sum())
        of += _GROUPS
    return Tally(hits, of)


TRIALS = (
    Trial(
        name="markets without a niche",
        room="behavior",
        measure="markets in which a brand is wrongly said to have unlike buyers",
        setting="markets of six brands and twenty-four hundred customers that follow the NBD-Dirichlet",
        twin="expects all customers to choose alike",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=_SEEDS,
        run=_false_alarm,
        broken=lambda seed: _false_alarm(seed, twin=True),
        rests_on=_MARKET,
        feeds=("behavior.market",),
        revised="what is planted: more customers",
    ),
    Trial(
        name="markets with a niche",
        room="behavior",
        measure="niche brands that are found",
        setting="one customer in ten buys nothing but the fourth of six brands",
        twin="lets every market pass",
        aim=Aim(0.8, 1.0),
        seeds=_FEW_SEEDS,
        run=_niche_found,
        broken=lambda seed: _niche_found(seed, twin=True),
        rests_on=_MARKET,
        feeds=("behavior.market",),
        revised="the twin",
    ),
    Trial(
        name="how alike customers choose",
        room="behavior",
        measure="error of S as a share of the truth",
        setting="markets of six brands and twenty-four hundred customers that follow the NBD-Dirichlet",
        twin="leaves out the customers who bought nothing",
        aim=Aim(0.0, 0.1),
        seeds=_SEEDS,
        run=_loyalty,
        broken=lambda seed: _loyalty(seed, twin=True),
        rests_on=_MARKET,
        feeds=("behavior.market",),
    ),
    Trial(
        name="coverage of pooled means",
        room="estimates",
        measure="intervals that hold the true mean of a group",
        setting="eight groups of unequal size, their true means as far apart as the errors of the middle ones",
        twin="gives every group the mean of all",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=_GROUP_SEEDS,
        run=_pooled,
        broken=lambda seed: _pooled(seed, twin=True),
        rests_on=("estimates",),
    ),
)
