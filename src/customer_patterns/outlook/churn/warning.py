"""Alerts: whom a list of a given length names, how early, and what each alert rests on."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import NotEnoughData, bootstrap_quantile, bounded, wilson, with_interval
from customer_patterns.features import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.outlook.churn import tables
from customer_patterns.outlook.churn.backtest import BackTest
from customer_patterns.outlook.churn.forecaster import Forecaster, fit_forecaster
from customer_patterns.outlook.churn.history import History

Floats = NDArray[np.float64]


def on_the_list(risk: Floats, share: float) -> NDArray[np.bool_]:
    """Say who is among the given share with the highest risk; ties in the order in which customers stand.

    Parameters
    ----------
    risk
        One per customer.
    share
        Above 0, at most 1; a part of a customer counts as a whole one.

    Raises
    ------
    ValueError
        The share is not above 0, or above 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"the share of customers with an alert lies between 0 and 1, not at {share}")
    named = np.zeros(len(risk), dtype=bool)
    named[np.argsort(-risk, kind="stable")[: int(np.ceil(share * len(risk) - 1e-9))]] = True
    return named


def precision_at(test: BackTest, *, share: float) -> pd.DataFrame:
    """Say how many on a list of the same length left, by each forecast.

    Parameters
    ----------
    test
        From :func:`~customer_patterns.outlook.churn.backtest.back_test`; one that holds no forecast is no error.
    share
        The share of customers on the list, above 0 and at most 1.

    Returns
    -------
    DataFrame
        One row per forecast, in the order of ``METHODS``; columns as in ``ALERT_CAPACITY``, with Wilson intervals. The
        mean risk for all names nobody in particular: its precision is the share of all customers who left.
    """
    if test.forecaster is None:
        return empty(tables.ALERT_CAPACITY)
    left, rows = test.left, []
    for name, risk in test.forecasts.items():
        named = np.ones(len(left), dtype=bool) if name == tables.BASE_RATE else on_the_list(risk, share)
        hit = int((named & left).sum())
        reached = hit if name != tables.BASE_RATE else round(share * hit)
        rows.append((name, int(named.sum()), hit, reached))
    n, hit, reached = (np.array([row[i] for row in rows]) for i in (1, 2, 3))
    table = pd.DataFrame(
        {
            "method": pd.Series([row[0] for row in rows], dtype="str"),
            "position": np.arange(1, len(rows) + 1),
            "n": whole_numbers(n),
        }
    )
    table = with_interval(table, "precision", wilson(hit, n))
    return with_interval(table, "reached", wilson(reached, np.full(len(n), left.sum())))[tables.ALERT_CAPACITY.names]


def first_alerts(test: BackTest, *, share: float) -> pd.Series:
    """Say how many days before the test's horizon each customer was first on the weekly list.

    Parameters
    ----------
    test
        One that holds a forecast.
    share
        The share of customers on each week's list.

    Returns
    -------
    Series
        By customer at the test's cut; missing without an alert. The forecast was trained on horizons that had ended
        before the first of these weeks; the curve that was fitted later changes no order.
    """
    fitted, history = test.forecaster, test.history
    assert fitted is not None
    last = history.cuts[-1]
    first = pd.Series(np.nan, index=pd.Index(test.tested["customer_id"]), name="days_ahead")
    week = history.weekly["cut"].to_numpy()
    for cut in sorted(set(week), reverse=True):
        rows = history.weekly[week == cut]
        named = rows["customer_id"][on_the_list(fitted.model.log_odds(fitted.values(rows)), share)]
        first[first.index.isin(named)] = (last - cut).days
    return first


def warn_early(test: BackTest, *, share: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Say how early those who left had been on the list.

    Parameters
    ----------
    test
        From :func:`~customer_patterns.outlook.churn.backtest.back_test`; one that holds no forecast is no error.
    share
        The share of customers on each week's list.

    Returns
    -------
    tuple
        ``ALERT_WEEKS``: one row per week and what came, the share that had an alert by then (Wilson). ``ALERT_LEAD``:
        days from the first alert to the day on which the horizon begins, the median over those who left and were ever
        alerted; the longest that could be seen. Customers do not say on which day they leave: the lead is to the start
        of the horizon in which they spent less.
    """
    if test.forecaster is None:
        return empty(tables.ALERT_WEEKS), empty(tables.ALERT_LEAD)
    ahead = first_alerts(test, share=share).to_numpy(dtype=float)
    weeks = np.arange(test.history.terms.weeks, -1, -1)
    parts = []
    for came, who in (("left", test.left), ("stayed", ~test.left)):
        hits = np.array([(ahead[who] >= 7 * week).sum() for week in weeks])
        part = pd.DataFrame({"weeks_before": weeks, "n": whole_numbers([who.sum()] * len(weeks))})
        part = with_interval(part, "alerted", wilson(hits, np.full(len(weeks), who.sum())))
        parts.append(part.assign(came=pd.Series([came] * len(weeks), dtype="str")))
    table = pd.concat(parts, ignore_index=True)
    few = table["n"] < SMALLEST_CELL
    table = table.assign(suppressed=pd.Series(np.where(few, "too few", "no"), dtype="str"))
    lead = _lead(ahead[test.left & np.isfinite(ahead)], longest=7 * int(weeks[0]))
    return table.sort_values(["weeks_before", "came"], ignore_index=True)[tables.ALERT_WEEKS.names], lead


def _lead(days: Floats, *, longest: int) -> pd.DataFrame:
    if len(days) < SMALLEST_CELL:
        return empty(tables.ALERT_LEAD)
    try:
        median = bootstrap_quantile(days, np.arange(len(days)))
    except NotEnoughData:
        return empty(tables.ALERT_LEAD)
    value, low, high = (float(part) for part in median)
    rows = [("days ahead", len(days), value, low, high), ("longest possible", len(days), longest, np.nan, np.nan)]
    table = pd.DataFrame(rows, columns=["figure", "n", *bounded("value")])
    return table.astype({"figure": "str", "n": "Int64", "value": float})[tables.ALERT_LEAD.names]


def foretell(
    history: History, *, kind: str | None = None, how: str | None = None, seed: int = 20170101
) -> Forecaster | None:
    """Fit by the same recipe one horizon later: the test's cut calibrates, those before it train.

    Parameters
    ----------
    kind, how
        The model and the curve that were tested.
    """
    if not history.enough:
        return None
    try:
        return fit_forecaster(
            history.past, history.left, cuts=history.cuts[1:], columns=tables.FEATURES, kind=kind, how=how, seed=seed
        )
    except NotEnoughData:
        return None


def score_customers(
    history: History, fitted: Forecaster | None, *, share: float, refusing: Collection[str] = ()
) -> pd.DataFrame:
    """Give each customer of the last day a risk; columns as in ``CHURN_RISKS``, one row per customer with a base.

    Parameters
    ----------
    share
        Those of the highest risk, so many of all, are on the list of alerts.
    refusing
        Customers who refuse marketing: they have a risk, and are on no list of whom to call. Nobody takes their place:
        the list is what it would be, without them.
    """
    if fitted is None or history.now.empty:
        return empty(tables.CHURN_RISKS)
    now, terms = history.now, history.terms
    risk = fitted.probabilities(now)
    table = pd.DataFrame(
        {
            "customer_id": now["customer_id"],
            "risk": np.round(risk, 10),
            "at_stake": np.round(now["base_spend"] * terms.horizon_days / terms.window_days, 10),
            "alert": on_the_list(risk, share) & ~now["customer_id"].isin(list(refusing)).to_numpy(),
        }
    )
    return table.sort_values("customer_id", ignore_index=True)


def explain_alerts(history: History, fitted: Forecaster | None, risks: pd.DataFrame) -> pd.DataFrame:
    """Say of each alert what it rests on; columns as in ``ALERTS``, one row per customer on the list.

    A reason is a group of features; its weight is by how much the log-odds would fall if the customer were typical in
    all of them. In the linear model the weights of all groups add up to the distance from a typical customer.

    Parameters
    ----------
    history
        Holds what was known of each customer on the last day.
    fitted
        What :func:`foretell` returns; without a forecast there are no alerts.
    risks
        One row per customer, from :func:`score_customers`: ``customer_id``, ``risk``, ``alert``.
    """
    if fitted is None or not risks["alert"].any():
        return empty(tables.ALERTS)
    chosen = risks[risks["alert"]].sort_values(["risk", "customer_id"], ascending=[False, True], ignore_index=True)
    features = history.now.set_index("customer_id").loc[chosen["customer_id"]]
    names, weights = reasons(fitted, fitted.values(features))
    order = np.argsort(-weights, axis=1, kind="stable")
    table = pd.DataFrame(
        {"customer_id": chosen["customer_id"], "position": np.arange(1, len(chosen) + 1), "risk": chosen["risk"]}
    )
    for place, word in enumerate(tables.PLACES):
        at = order[:, place] if place < len(names) else np.zeros(len(chosen), dtype=int)
        weight = weights[np.arange(len(chosen)), at]
        raises = (weight > 0) & (place < len(names))
        table[f"{word}_reason"] = pd.Series(np.where(raises, np.array(names, dtype=object)[at], None), dtype="str")
        table[f"{word}_weight"] = np.where(raises, np.round(weight, 10), np.nan)
    return table.sort_values("customer_id", ignore_index=True)[tables.ALERTS.names]


def reasons(fitted: Forecaster, values: Floats) -> tuple[list[str], Floats]:
    """Names of the groups of features in the model, and by how much each raises the log-odds of each row."""
    model = fitted.model
    own, names, found = model.log_odds(values), [], []
    for name, features in tables.REASONS.items():
        at = [model.columns.index(feature) for feature in features if feature in model.columns]
        if at:
            other = values.copy()
            other[:, at] = model.typical[at]
            names.append(name)
            found.append(own - model.log_odds(other))
    return names, np.column_stack(found)


def count_reasons(alerts: pd.DataFrame) -> pd.DataFrame:
    """Count how many alerts name each reason; columns as in ``ALERT_REASONS``, the most named first by share."""
    if len(alerts) < SMALLEST_CELL:
        return empty(tables.ALERT_REASONS)
    columns = [f"{word}_reason" for word in tables.PLACES]
    names = [name for name in tables.REASONS if (alerts[columns] == name).any(axis=None)]
    named = np.array([(alerts[columns] == name).any(axis=1).sum() for name in names])
    first = np.array([(alerts["first_reason"] == name).sum() for name in names])
    every = np.full(len(names), len(alerts))
    table = pd.DataFrame({"reason": pd.Series(names, dtype="str"), "alerts": len(alerts), "n": whole_numbers(named)})
    table = with_interval(with_interval(table, "named", wilson(named, every)), "first", wilson(first, every))
    blank = bounded("named", "first")
    return suppress(table, blank)[tables.ALERT_REASONS.names]
