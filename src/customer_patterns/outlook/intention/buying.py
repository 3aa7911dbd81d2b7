"""The probability that a customer buys within so many days, tested on days that no model had seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import NotEnoughData, with_interval
from customer_patterns.features.at_cut import features_at, last_cuts
from customer_patterns.features.enough import empty
from customer_patterns.outlook.churn.backtest import calibration_parts, methods_table, stacked
from customer_patterns.outlook.churn.forecaster import RECENCY, Forecaster, fit_forecaster
from customer_patterns.outlook.churn.judging import judge
from customer_patterns.outlook.churn.outcomes import outcomes_at, with_outcomes
from customer_patterns.outlook.churn.tables import BASE_RATE, FEATURES, MODEL
from customer_patterns.outlook.intention import tables

Floats = NDArray[np.float64]

#: Features look back so many days, whatever the horizon.
WINDOW_DAYS = 112
#: Training, training, calibration, test.
MOST_CUTS, FEWEST_CUTS = 4, 3


@dataclass(frozen=True)
class Intentions:
    """What came of it.

    Attributes
    ----------
    methods, calibration, customers
        Tables as in ``INTENTION_METHODS``, ``INTENTION_CALIBRATION``, ``PURCHASE_INTENTIONS``; without rows where the
        data do not suffice.
    tested_on
        The day after which it was tested; ``None`` where it was not.
    why_not
        What is missing, in words for a log.
    """

    methods: pd.DataFrame
    calibration: pd.DataFrame
    customers: pd.DataFrame
    tested_on: date | None = None
    why_not: str = ""


def needed_days(horizon_days: int) -> int:
    """So many days a study must have before an intention can be foretold and tested."""
    return WINDOW_DAYS + FEWEST_CUTS * horizon_days


def purchase_intentions(
    days: ir.Table,
    *,
    first_day: date,
    last_day: date,
    horizon_days: int = 28,
    contacts: ir.Table | None = None,
    seed: int = 20170101,
) -> Intentions:
    """Foretell who buys within the horizon, for customers with a shopping day in the window.

    Parameters
    ----------
    days
        One row per customer and shopping day, from ``features.shopping_days``.
    first_day, last_day
        The study. Later rows change nothing.
    horizon_days
        Within how many days; 7 or more.
    contacts
        Contacts with the service, where they may enter a forecast of purchases.

    Returns
    -------
    Intentions
        Tested at the last cut with a whole horizon after it, trained and calibrated at earlier ones; the probabilities
        of the last day come from the same recipe one horizon later.

    Raises
    ------
    ValueError
        The horizon is shorter than a week.
    """
    if horizon_days < 7:
        raise ValueError(f"the horizon has 7 days or more, not {horizon_days}")
    earliest = first_day + timedelta(days=WINDOW_DAYS - 1)
    cuts = [cut for cut in last_cuts(last_day, horizon_days=horizon_days, cuts=MOST_CUTS) if cut >= earliest]
    if len(cuts) < FEWEST_CUTS:
        return _none(f"not enough data for an intention to buy, needs {needed_days(horizon_days)} days")
    features = features_at(days, [*cuts, last_day], window_days=WINDOW_DAYS, contacts=contacts)
    now = features[features["cut"] == last_day]
    past = features[features["cut"] != last_day]
    past = with_outcomes(past, outcomes_at(days, cuts, horizon_days=horizon_days), horizon_days=horizon_days)
    bought = (past["later_days"] > 0).to_numpy()
    test = (past["cut"] == cuts[-1]).to_numpy()
    try:
        fitted = _fit(past, bought, cuts[:-1], seed=seed)
        methods = _judged(past, bought, test, fitted, seed=seed)
        again = _fit(past, bought, cuts[1:], kind=fitted.kind, how=fitted.how, seed=seed)
    except NotEnoughData as missing:
        return _none(f"not enough data for an intention to buy, {missing}")
    calibration = calibration_parts(bought[test], fitted.probabilities(past[test]), how=fitted.how)
    customers = pd.DataFrame(
        {"customer_id": now["customer_id"], "probability": np.round(again.probabilities(now), 10)}
    ).sort_values("customer_id", ignore_index=True)
    return Intentions(methods, calibration, customers, cuts[-1])


def _fit(
    past: pd.DataFrame,
    bought: NDArray[np.bool_],
    cuts: list[date],
    *,
    seed: int,
    kind: str | None = None,
    how: str | None = None,
) -> Forecaster:
    return fit_forecaster(
        past, bought, cuts=cuts, columns=FEATURES, baselines=(RECENCY,), kind=kind, how=how, seed=seed
    )


def _judged(
    past: pd.DataFrame, bought: NDArray[np.bool_], test: NDArray[np.bool_], fitted: Forecaster, *, seed: int
) -> pd.DataFrame:
    there, y = past[test], bought[test]
    usual = bought[(past["cut"] == fitted.calibrated).to_numpy()].mean()
    forecasts = {
        MODEL: fitted.probabilities(there),
        RECENCY: fitted.baselines[RECENCY](there),
        BASE_RATE: np.full(len(y), usual),
    }
    found = judge(y, forecasts, against=RECENCY, seed=seed)
    table = methods_table(found, list(forecasts), n=len(y), happened=int(y.sum()))
    for measure in ("auc_added", "brier_saved"):
        table = with_interval(table, measure, stacked([found[name][measure] for name in forecasts]))
    return table[tables.INTENTION_METHODS.names]


def _none(why: str) -> Intentions:
    return Intentions(
        empty(tables.INTENTION_METHODS),
        empty(tables.INTENTION_CALIBRATION),
        empty(tables.PURCHASE_INTENTIONS),
        why_not=why,
    )
