"""A forecast held against customers and days that it had not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, NotEnoughData, bounded, wilson, with_interval
from customer_patterns.features import suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.outlook.churn import tables
from customer_patterns.outlook.churn.calibration import PLATT, calibrate
from customer_patterns.outlook.churn.forecaster import BASELINES, Forecaster, fit_forecaster, fit_model, training_rows
from customer_patterns.outlook.churn.history import History
from customer_patterns.outlook.churn.judging import MEASURES, auc, judge

Floats = NDArray[np.float64]

#: Groups of features whose worth is asked for one by one.
ABLATED = ("changes of brand", "changes of channel", "contacts with the service")
#: Parts of the customers in a calibration chart.
PARTS = 8


@dataclass(frozen=True)
class BackTest:
    """What came of it.

    Attributes
    ----------
    history
        The ground.
    forecaster
        Fitted before the test; ``None`` where there is not enough data.
    forecasts
        Probabilities by method, of the customers at the test's cut.
    rule
        The rule of thumb that did best in the test.
    why_not
        What is missing, in words for a log; empty where nothing is.
    """

    history: History
    forecaster: Forecaster | None
    forecasts: dict[str, Floats]
    rule: str = ""
    why_not: str = ""

    @property
    def kind(self) -> str | None:
        """Which model was chosen and tested."""
        return self.forecaster.kind if self.forecaster else None

    @property
    def how(self) -> str | None:
        """Which curve was chosen and tested."""
        return self.forecaster.how if self.forecaster else None

    @property
    def tested(self) -> pd.DataFrame:
        """The customers at the test's cut, as they were known then, with what came after."""
        return self.history.past[self.history.at(self.history.cuts[-1])]

    @property
    def left(self) -> NDArray[np.bool_]:
        """Which of them left."""
        return self.history.left[self.history.at(self.history.cuts[-1])]


def back_test(history: History, *, seed: int = 20170101) -> BackTest:
    """Fit on the earlier cuts and foretell the last one.

    Where the data do not suffice, the result says so and holds no forecast; nothing is raised.

    Parameters
    ----------
    history
        One row per customer and cut, from :func:`~customer_patterns.outlook.churn.history.history`.
    seed
        Of the rows that are trained on, of folds and of trees.

    Returns
    -------
    BackTest
        The forecasts of the last cut by name, each a probability per customer.
    """
    if not history.enough:
        needed = history.terms.needed_days
        return BackTest(history, None, {}, why_not=f"not enough data for a test out of time, needs {needed} days")
    test = history.at(history.cuts[-1])
    try:
        fitted = fit_forecaster(history.past, history.left, cuts=history.cuts[:-1], columns=tables.FEATURES, seed=seed)
        there, left = history.past[test], history.left[test]
        forecasts = {tables.MODEL: fitted.probabilities(there)}
        forecasts |= {name: rule(there) for name, rule in fitted.baselines.items()}
        calibrated = history.left[history.at(history.cuts[-2])]
        forecasts[tables.BASE_RATE] = np.full(len(there), calibrated.mean())
        judge(left, {tables.BASE_RATE: forecasts[tables.BASE_RATE]}, resamples=2)  # both kinds were seen
    except NotEnoughData as missing:
        return BackTest(history, None, {}, why_not=f"not enough data for a test out of time, {missing}")
    best = max(BASELINES, key=lambda name: auc(left, forecasts[name]))
    return BackTest(history, fitted, forecasts, best)


def count_cuts(history: History) -> pd.DataFrame:
    """One row per cut: what it was used for and how many left after it; columns as in ``CHURN_CUTS``."""
    if not history.enough:
        return empty(tables.CHURN_CUTS)
    n = np.array([history.at(cut).sum() for cut in history.cuts])
    left = np.array([history.left[history.at(cut)].sum() for cut in history.cuts])
    used = [tables.TRAINING] * (len(n) - 2) + [tables.CALIBRATION, tables.TEST]
    table = pd.DataFrame(
        {
            "cut": list(history.cuts),
            "used_for": pd.Series(used, dtype="str"),
            "n": whole_numbers(n),
            "left": whole_numbers(left),
        }
    )
    return with_interval(table, "share_left", wilson(left, n))[tables.CHURN_CUTS.names]


def judge_methods(test: BackTest, *, seed: int = 20170101) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure every forecast, and what the model and its parts add.

    Parameters
    ----------
    test
        From :func:`back_test`; of one that holds no forecast both tables have no rows.
    seed
        Of the resamples of customers.

    Returns
    -------
    tuple
        ``CHURN_METHODS``, one row per forecast, and ``CHURN_ADDED``: the model held against the rule of thumb that did
        best in this very test (so the model has the harder part), and against itself without a group of features,
        trained and calibrated anew. Intervals of differences come from the same resamples of customers.
    """
    if test.forecaster is None:
        return empty(tables.CHURN_METHODS), empty(tables.CHURN_ADDED)
    found = judge(test.left, test.forecasts, against=test.rule, seed=seed)
    methods = methods_table(found, list(test.forecasts), n=len(test.left), happened=int(test.left.sum()))
    rows = [("the model", test.rule, found[tables.MODEL])]
    less = {group: _without(test, group) for group in ABLATED}
    less = {group: p for group, p in less.items() if p is not None}
    for group, p in less.items():
        pair = {tables.MODEL: test.forecasts[tables.MODEL], "less": p}
        rows.append((group, "the model without them", judge(test.left, pair, against="less", seed=seed)[tables.MODEL]))
    return methods, added_table(rows, n=len(test.left))


def methods_table(
    found: Mapping[str, Mapping[str, Interval]], names: list[str], *, n: int, happened: int
) -> pd.DataFrame:
    """One row per forecast, in this order; columns as in ``CHURN_METHODS``."""
    table = pd.DataFrame(
        {
            "method": pd.Series(names, dtype="str"),
            "position": np.arange(1, len(names) + 1),
            "n": whole_numbers([n] * len(names)),
            "happened": whole_numbers([happened] * len(names)),
        }
    )
    for measure in MEASURES:
        table = with_interval(table, measure, stacked([found[name][measure] for name in names]))
    return table[tables.CHURN_METHODS.names]


def added_table(rows: list[tuple[str, str, Mapping[str, Interval]]], *, n: int) -> pd.DataFrame:
    """One row per comparison; columns as in ``CHURN_ADDED``."""
    table = pd.DataFrame(
        {
            "comparison": pd.Series([row[0] for row in rows], dtype="str"),
            "against": pd.Series([row[1] for row in rows], dtype="str"),
            "n": whole_numbers([n] * len(rows)),
        }
    )
    for measure in ("auc_added", "brier_saved"):
        table = with_interval(table, measure, stacked([row[2][measure] for row in rows]))
    low, high = table["auc_added_low"], table["auc_added_high"]
    verdict = np.select([low > 0, high < 0], [tables.BETTER, tables.WORSE], tables.AS_GOOD)
    return table.assign(verdict=pd.Series(verdict, dtype="str"))[tables.CHURN_ADDED.names]


def calibration_parts(
    outcome: NDArray[np.bool_], foretold: Floats, *, how: str = PLATT, parts: int = PARTS
) -> pd.DataFrame:
    """Mean probability beside the share seen, in parts of about as many customers; columns as ``CHURN_CALIBRATION``.

    Customers of one probability are in one part, so that there may be fewer parts.

    Parameters
    ----------
    outcome, foretold
        What happened and the probability of it, one per customer.
    how
        Which curve made probabilities of scores: a key of ``CURVES``.
    parts
        How many at most.
    """
    if not len(outcome):
        return empty(tables.CHURN_CALIBRATION)
    edges = np.unique(np.quantile(foretold, np.arange(1, parts) / parts))
    _, part = np.unique(np.searchsorted(edges, foretold, side="left"), return_inverse=True)
    n = np.bincount(part)
    table = pd.DataFrame(
        {
            "part": np.arange(1, len(n) + 1),
            "n": whole_numbers(n),
            "foretold": np.round(np.bincount(part, foretold) / n, 10),
        }
    )
    table = with_interval(table, "seen", wilson(np.bincount(part, outcome), n))
    table = table.assign(curve=pd.Series(tables.CURVES[how], index=table.index, dtype="str"))
    blank = ["foretold", *bounded("seen")]
    return suppress(table, blank)[tables.CHURN_CALIBRATION.names]


def tested_calibration(test: BackTest) -> pd.DataFrame:
    """Foretold risk beside what came; columns as in ``CHURN_CALIBRATION``."""
    if test.forecaster is None:
        return empty(tables.CHURN_CALIBRATION)
    return calibration_parts(test.left, test.forecasts[tables.MODEL], how=test.forecaster.how)


def _without(test: BackTest, group: str) -> Floats | None:
    """The forecast without a group of features; none where it has none of them."""
    fitted, history = test.forecaster, test.history
    assert fitted is not None
    names = [name for name in fitted.model.columns if name not in tables.REASONS[group]]
    if len(names) == len(fitted.model.columns):
        return None
    rows = training_rows(history.past, fitted.trained)
    model = fit_model(fitted.kind, history.past.iloc[rows], history.left[rows], names)
    last = history.at(fitted.calibrated)
    scores = model.log_odds(history.past[last][names].to_numpy(dtype=float))
    curve = calibrate(scores, history.left[last], how=fitted.how)
    return curve(model.log_odds(test.tested[names].to_numpy(dtype=float)))


def stacked(intervals: list[Interval]) -> Interval:
    """Single intervals as one of arrays."""
    return Interval(*(np.array([float(part) for part in parts]) for parts in zip(*intervals, strict=True)))
