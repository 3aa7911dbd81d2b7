"""Are those who slide away told beforehand, in the right order, with honest risks, early; and is nothing told where
nothing shows?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Tally, Trial

Floats = NDArray[np.float64]

_FIRST, _LAST = date(2018, 1, 1), date(2018, 12, 31)
_CUSTOMERS, _DAYS = 2500, 365
#: So long a slide takes; what is left of the visits at its end.
_SLIDE, _KEPT = 56, 0.15
_RESTS_ON = ("estimates", "features/at_cut.py", "features/shopping_days.py", "outlook/churn")
_FEEDS = ("outlook.churn_better", "outlook.alerts")


class _Shop:
    """Customers of known rates, some of whom slide away; what an oracle knows of each at a cut."""

    def __init__(self, seed: int, *, sudden: bool) -> None:
        random = np.random.default_rng([seed, 1])
        self.rate = random.gamma(3.0, 0.05, _CUSTOMERS) + 0.04
        leaves = random.random(_CUSTOMERS) < 0.35
        self.start = np.where(leaves, random.integers(100, 360, _CUSTOMERS), 10 * _DAYS)
        self.slide = 1 if sudden else _SLIDE
        self.leavers: dict[int, NDArray[np.bool_]] = {}
        came = random.random((_CUSTOMERS, _DAYS)) < self.rate[:, None] * self.left_of(np.arange(_DAYS)[None, :])
        if sudden:
            came = random.random((_CUSTOMERS, _DAYS)) < self.rate[:, None] * self._sudden(random)
        self.who, self.when = np.nonzero(came)
        self.spend = np.round(100 * np.exp(random.normal(3.0, 0.3, len(self.who)))).astype(np.int64)
        self.random = random

    def left_of(self, day: NDArray[np.int64], known_until: int = 10**9) -> Floats:
        """Share of the usual visits on each day; a slide that begins after ``known_until`` is not known."""
        start = np.where(self.start <= known_until, self.start, 10 * _DAYS)
        since = day - start[:, None]
        return np.where(since < 0, 1.0, np.maximum(1 - (1 - _KEPT) * since / self.slide, _KEPT))

    def _sudden(self, random: np.random.Generator) -> Floats:
        """Share of the usual visits where each horizon has leavers of its own, from its first day to its last."""
        share = np.ones((_CUSTOMERS, _DAYS))
        for begin in range(_DAYS - 4 * 56, _DAYS, 56):
            leaves = random.random(_CUSTOMERS) < 0.2
            share[leaves, begin : begin + 56] = _KEPT
            self.leavers[begin] = leaves
        return share

    def planted(self, past: pd.DataFrame) -> NDArray[np.bool_]:
        """Who was drawn to leave suddenly after each row's cut: of that nothing before it can know."""
        begin = [(cut - _FIRST).days + 1 for cut in past["cut"]]
        at = past["customer_id"].astype(int)
        return np.array([self.leavers[day][one] for day, one in zip(begin, at, strict=True)])

    def days(self):
        """The shopping days, as the chapter has them."""
        import pyarrow as pa

        from customer_patterns import warehouse

        gap = np.r_[0, np.diff(self.when)]
        first = np.r_[True, np.diff(self.who) != 0]
        zero = np.zeros(len(self.who), dtype=np.int64)
        calendar = np.array([_FIRST + timedelta(days=day) for day in range(_DAYS)])
        rows = pa.table(
            {
                "customer_id": np.char.zfill(self.who.astype(str), 6),
                "ordered_on": pa.array(calendar[self.when]),
                "goods": self.spend,
                "discounts": self.spend // 10,
                "known_brand": self.spend,
                "own_brand": self.spend // 4,
                "departments": self.random.integers(1, 255, len(self.who)),
                "gap_days": pa.array(gap, pa.int64(), mask=first),
                "brand_chances": zero + 3,
                "brand_switches": self.random.binomial(3, 0.4, len(self.who)),
                "channel_chances": zero,
                "channel_switches": zero,
            }
        )
        return warehouse.connect().create_table("days", rows)

    def oracle(self, rows: pd.DataFrame, cut: date, horizon: int, window: int) -> Floats:
        """The risk by someone who has seen the same visits, but knows every slide that has begun by the cut."""
        from scipy.special import pdtr

        day = (cut - _FIRST).days
        at = rows["customer_id"].astype(int).to_numpy()
        ahead, behind = (
            self.left_of(np.arange(*span)[None, :], known_until=day).sum(axis=1)[at]
            for span in ((day + 1, day + 1 + horizon), (day + 1 - window, day + 1))
        )
        visits = rows["shopping_days"].to_numpy(dtype=float)
        # A few visits are drawn toward what is usual, as everybody would who knows that rates differ less than counts.
        expected = (visits + 2 * visits.mean() / 8) * ahead / (behind + 2 * window / 8)
        return pdtr(np.ceil(0.5 * visits * horizon / window) - 1, expected)


@cache
def _made(seed: int, sudden: bool):
    """A shop, its shopping days, its history and the test of its forecast."""
    from customer_patterns.outlook import churn

    shop = _Shop(seed, sudden=sudden)
    days = shop.days()
    history = churn.history(days, first_day=_FIRST, last_day=_LAST)
    if sudden:
        history = replace(history, left=shop.planted(history.past))
    return shop, days, history, churn.back_test(history)


def _in_order(seed: int, *, twin: bool = False) -> Tally:
    """Whether the AUC beyond chance is more than half of the oracle's; the twin goes by days of silence."""
    from customer_patterns.outlook.churn.forecaster import RECENCY
    from customer_patterns.outlook.churn.judging import auc
    from customer_patterns.outlook.churn.tables import MODEL

    shop, _, history, test = _made(seed, sudden=False)
    terms = history.terms
    best = auc(test.left, shop.oracle(test.tested, history.cuts[-1], terms.horizon_days, terms.window_days))
    ours = auc(test.left, test.forecasts[RECENCY if twin else MODEL])
    return Tally(int(ours - 0.5 >= 0.52 * (best - 0.5)), 1)


def _honest(seed: int, *, twin: bool = False) -> Tally:
    """Whether the calibration slope is near one; the twin calibrates trees on what they were grown on."""
    from customer_patterns.outlook.churn.calibration import calibrate
    from customer_patterns.outlook.churn.forecaster import TREES, fit_model
    from customer_patterns.outlook.churn.judging import judge
    from customer_patterns.outlook.churn.tables import MODEL

    _, _, history, test = _made(seed, sudden=False)
    risk = test.forecasts[MODEL]
    if twin:
        fitted = test.forecaster
        rows = np.isin(history.past["cut"].to_numpy(), fitted.trained)
        trees = fit_model(TREES, history.past[rows], history.left[rows], fitted.model.columns)
        grown = trees.log_odds(fitted.values(history.past[rows]))
        risk = calibrate(grown, history.left[rows])(trees.log_odds(fitted.values(test.tested)))
    slope = judge(test.left, {MODEL: risk}, resamples=2)[MODEL]["calibration_slope"].value
    return Tally(int(0.8 <= slope <= 1.25), 1)


def _nothing_shows(seed: int, *, twin: bool = False) -> Tally:
    """Whether a model is said to be better where nobody can tell; the twin's features reach a week past the cut."""
    from customer_patterns.features.at_cut import features_at
    from customer_patterns.outlook.churn.forecaster import fit_forecaster
    from customer_patterns.outlook.churn.judging import judge
    from customer_patterns.outlook.churn.tables import FEATURES, MODEL

    _, days, history, test = _made(seed, sudden=True)
    rule, risk = test.rule, test.forecasts[MODEL]
    if twin:
        terms, past = history.terms, history.past
        later = {cut + timedelta(days=7): cut for cut in history.cuts}
        leak = features_at(days, list(later), window_days=terms.window_days, recent_days=terms.recent_days)
        leak = leak.assign(cut=leak["cut"].map(later)).set_index(["cut", "customer_id"])
        keys = pd.MultiIndex.from_frame(past[["cut", "customer_id"]])
        peeped = past.assign(**{name: leak[name].reindex(keys).to_numpy() for name in FEATURES})
        fitted = fit_forecaster(peeped, history.left, cuts=history.cuts[:-1], columns=FEATURES)
        risk = fitted.probabilities(peeped[history.at(history.cuts[-1])])
    gain = judge(test.left, {MODEL: risk, "rule": test.forecasts[rule]}, against="rule", resamples=300)
    return Tally(int(gain[MODEL]["auc_added"].low > 0), 1)


def _early(seed: int, *, twin: bool = False) -> Tally:
    """Whether alerts a week ahead are much more frequent among leavers, and at the median two weeks ahead.

    The twin's list names those who come seldom, which is no change in anybody.
    """
    from customer_patterns.outlook.churn.warning import first_alerts

    _, _, _, test = _made(seed, sudden=False)
    if twin:
        test = replace(test, forecaster=replace(test.forecaster, model=_ByGap(test.forecaster.model.columns)))
    ahead = first_alerts(test, share=0.1).to_numpy()
    left, stayed = ((ahead[who] >= 7).mean() for who in (test.left, ~test.left))
    lead = np.nanmedian(ahead[test.left])
    return Tally(int(left >= 1.4 * stayed and lead >= 14), 1)


class _ByGap:
    """The twin's model: the own gap between visits."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns

    def log_odds(self, values: Floats) -> Floats:
        """Rises with the gap."""
        return np.nan_to_num(values[:, self.columns.index("own_gap_days")])


def _refused(seed: int, *, twin: bool = False) -> Tally:
    """Whether nothing is said to be better, although slides show; the twin never says anything."""
    from customer_patterns.outlook.churn.judging import judge
    from customer_patterns.outlook.churn.tables import MODEL

    if twin:
        return Tally(1, 1)
    _, _, _, test = _made(seed, sudden=False)
    pair = {name: test.forecasts[name] for name in (MODEL, test.rule)}
    gain = judge(test.left, pair, against=test.rule, resamples=300)[MODEL]["auc_added"]
    return Tally(int(not gain.low > 0), 1)


def _trial(name: str, measure: str, setting: str, twin: str, aim: Aim, seeds: range, run, revised: str = "") -> Trial:
    return Trial(
        name=name,
        room="outlook",
        measure=measure,
        setting=setting,
        twin=twin,
        aim=aim,
        seeds=seeds,
        run=run,
        broken=lambda seed: run(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=_FEEDS,
        revised=revised,
    )


_SLIDES = "a third of the customers slide away, each over eight weeks"

TRIALS = (
    _trial(
        "order of those who leave",
        "shops in which more than half of what an oracle of the slides knows is told",
        _SLIDES,
        "goes by the days since the last visit, whatever the customer's own rhythm",
        Aim(0.8, 1.0),
        range(960_100, 960_112),
        _in_order,
    ),
    _trial(
        "honest risks to leave",
        "shops in which the calibration slope is near one, from 0.8 to 1.25",
        _SLIDES,
        "calibrates trees on the customers they were grown on",
        Aim(0.8, 1.0),
        range(960_100, 960_112),
        _honest,
        "the aim: the slope must be near one; first its interval had to hold one",
    ),
    _trial(
        "leaving that nobody can see coming",
        "shops in which a model is called better than a rule of thumb",
        "a fifth leave without any sign before",
        "knows the first week after the cut",
        Aim(0.0, 0.05, by_interval=True),
        range(960_200, 960_212),
        _nothing_shows,
    ),
    _trial(
        "alerts ahead of leaving",
        "shops in which alerts came early, and much more often to those who left",
        _SLIDES,
        "names those who come seldom",
        Aim(0.8, 1.0),
        range(960_100, 960_112),
        _early,
    ),
    _trial(
        "refusals to foretell leaving",
        "shops in which the model is called no better although slides show",
        _SLIDES,
        "never calls a model better",
        Aim(0.0, 0.10, by_interval=True),
        range(960_100, 960_112),
        _refused,
    ),
)
