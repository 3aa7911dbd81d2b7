"""Is what customers will bring foretold with honest intervals, in the right order, and never in the wrong unit?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

if TYPE_CHECKING:
    from customer_patterns.outlook.value import Crowd

Floats = NDArray[np.float64]

_CUSTOMERS, _HORIZON = 900, 91
#: An order is almost as good as the oracle's, who knows who has left, if it agrees with what came by so much of that.
_AS_GOOD = 0.85
_RESTS_ON = ("estimates", "outlook/value")
_FEEDS = ("outlook.worth", "outlook.worth_tested", "outlook.worth_changed")


class _Shop:
    """Customers of known rates, some of whom leave; what was seen of a year, and what came in the quarter after."""

    def __init__(self, seed: int, *, customers: int = _CUSTOMERS) -> None:
        random = np.random.default_rng([seed, 1])
        self.tenure = random.integers(180, 365, customers).astype(float)
        self.rate = random.gamma(1.5, 1 / 18.0, customers)
        leaving = random.beta(0.8, 25.0, customers)
        self.orders, self.last, self.gaps, self.came, clock, latest = (np.zeros(customers) for _ in range(6))
        there = random.random(customers) >= leaving
        self.there = there.copy()
        active = np.flatnonzero(there)
        end = self.tenure + _HORIZON
        while len(active):
            clock[active] += random.exponential(1 / self.rate[active])
            day = np.ceil(clock[active])
            active, day = active[day <= end[active]], day[day <= end[active]]
            seen, new = day <= self.tenure[active], day > latest[active]  # two orders on one day are one
            latest[active] = day
            first = active[seen & new]
            self.gaps[first] += np.log(day[seen & new] - self.last[first])
            self.orders[first] += 1
            self.came[active[~seen & new]] += 1
            self.last[active[seen]] = day[seen]
            gone = random.random(len(active)) < leaving[active]
            self.there[active[gone & seen]] = False
            active = active[~gone]
        self.spend = spend = random.gamma(6.0, 5.0, customers)
        self.value = np.round(random.gamma(3.0 * (self.orders + 1)) * spend / (3.0 * (self.orders + 1)), 2)
        self.money = random.gamma(np.maximum(3.0 * self.came, 1e-9)) * spend / 3.0 * (self.came > 0)

    def crowd(self) -> Crowd:
        """As the models are given it."""
        from customer_patterns.outlook.value import Crowd, Histories

        rows = Histories(self.orders, self.last, self.tenure, np.ones(len(self.orders)), self.gaps, "days")
        return Crowd(rows, self.orders + 1, np.maximum(self.value, 0.01))


class _Expected(NamedTuple):
    """A shop, what is expected of each in money, in the right unit and in the naive one; and futures of all."""

    shop: _Shop
    right: Floats
    naive: Floats
    alive: Floats
    totals: Floats


@cache
def _expected(seed: int) -> _Expected:
    from customer_patterns.outlook.value import (
        Fitted,
        Span,
        draw_futures,
        expect_orders,
        expect_spend,
        most_regular,
        refits,
        resample,
    )
    from customer_patterns.outlook.value.climb import one_thread

    shop = _Shop(seed)
    crowd = shop.crowd()
    with one_thread():
        fit = min(most_regular(crowd.rows.merged()[0], most=3), key=lambda fit: fit.bic)
        fitted = Fitted(fit, crowd.fit_spend())
        spend = expect_spend(fitted.spend, crowd.counted, crowd.mean_value)
        right, naive = (
            expect_orders(fit, crowd.rows, span) for span in (Span(_HORIZON, "days"), Span(_HORIZON / 7, "days"))
        )
        models = refits(crowd, fitted, resample(len(crowd.rows), draws=20, seed=seed))
        futures = draw_futures(crowd, models, Span(_HORIZON, "days"), each=15, seed=1)
    totals = futures.money.sum(axis=0, dtype=float)
    return _Expected(shop, right.orders * spend, naive.orders * spend, right.alive, totals)


def _covered(seed: int, *, twin: bool = False) -> Tally:
    """Whether what came lies within the middle 95 % of futures; the twin counts weeks as days."""
    found = _expected(seed)
    low, high = np.quantile(found.totals, [0.025, 0.975]) * (found.naive.sum() / found.right.sum() if twin else 1.0)
    return Tally(int(low <= found.shop.money.sum() <= high), 1)


def _total_error(seed: int, *, twin: bool = False) -> Error:
    """How far the sum is from what came; the twin takes everybody for still there."""
    found = _expected(seed)
    expected = (found.right / found.alive if twin else found.right).sum()
    return Error(abs(float(expected / found.shop.money.sum()) - 1))


def _ranked(seed: int, *, twin: bool = False) -> Tally:
    """Whether the order of customers by worth is almost as good as an oracle's; the twin ranks by recency alone."""
    found = _expected(seed)
    shop = found.shop
    came, oracle, ours = (rankdata(x) for x in (shop.money, shop.rate * shop.there * shop.spend, found.right))
    lately = rankdata(shop.last - shop.tenure)
    agrees = np.corrcoef(lately if twin else ours, came)[0, 1]
    return Tally(int(agrees >= _AS_GOOD * np.corrcoef(oracle, came)[0, 1]), 1)


def _alive(seed: int, *, twin: bool = False) -> Error:
    """How far the share still there, of those who came once, is from the truth; the twin is BG/NBD: all of them."""
    from customer_patterns.outlook.value import BG_NBD, MBG_NBD, Span, expect_orders, fit_orders

    shop = _Shop(seed, customers=2500)
    rows = shop.crowd().rows
    fit = fit_orders(rows.merged()[0], BG_NBD if twin else MBG_NBD)
    once = shop.orders == 0
    alive = expect_orders(fit, rows, Span(_HORIZON, "days")).alive[once].mean()
    return Error(abs(alive - shop.there[once].mean()))


def _refused(seed: int, *, twin: bool = False) -> Tally:
    """Whether a shop that suffices is refused; the twin wants a thousand customers before it says anything."""
    from customer_patterns.estimates import NotEnoughData
    from customer_patterns.outlook.value import fit_orders, mbg_cnbd

    shop = _Shop(seed, customers=60)
    try:
        fit = fit_orders(shop.crowd().rows, mbg_cnbd(1))
    except NotEnoughData:
        return Tally(1, 1)
    return Tally(int(twin and fit.n < 1000), 1)


TRIALS = (
    Trial(
        name="worth of all customers",
        room="outlook",
        measure="shops whose revenue of the next quarter lies within the interval",
        setting="nine hundred customers, some of whom leave, watched for up to a year",
        twin="takes weeks for days",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(961_100, 961_200),
        run=_covered,
        broken=lambda seed: _covered(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
        revised="what is planted, which had a fault, and the seeds",
    ),
    Trial(
        name="sum of what customers will bring",
        room="outlook",
        measure="how far the sum is from what came",
        setting="nine hundred customers, some of whom leave, watched for up to a year",
        twin="takes everybody for still there",
        aim=Aim(0.0, 0.06),
        seeds=range(961_100, 961_116),
        run=_total_error,
        broken=lambda seed: _total_error(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
    ),
    Trial(
        name="customers in order of their worth",
        room="outlook",
        measure="shops in which the order is almost as good as an oracle's",
        setting="nine hundred customers whose rates and values are known to the oracle",
        twin="ranks by how lately they came alone",
        aim=Aim(0.9, 1.0),
        seeds=range(961_100, 961_116),
        run=_ranked,
        broken=lambda seed: _ranked(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
    ),
    Trial(
        name="who came once and is still there",
        room="outlook",
        measure="how far the share still there is from the truth, of those who came once",
        setting="two thousand and five hundred customers who may leave after the first order",
        twin="holds all who came once for still there",
        aim=Aim(0.0, 0.12),
        seeds=range(961_200, 961_210),
        run=_alive,
        broken=lambda seed: _alive(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
    ),
    Trial(
        name="worth refused where it can be said",
        room="outlook",
        measure="shops that suffice and are refused",
        setting="sixty customers, watched for up to a year",
        twin="wants a thousand customers",
        aim=Aim(0.0, 0.1),
        seeds=range(961_300, 961_330),
        run=_refused,
        broken=lambda seed: _refused(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
    ),
)
