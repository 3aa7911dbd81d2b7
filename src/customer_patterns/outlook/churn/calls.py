"""What calling customers brings under declared terms, by how many are called and in which order."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import bootstrap_mean, with_interval
from customer_patterns.estimates.intervals import Interval
from customer_patterns.features import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.outlook.churn import tables
from customer_patterns.outlook.churn.backtest import BackTest
from customer_patterns.privacy.differencing import contributions

Floats = NDArray[np.float64]

#: Shares of the customers for which the gain is worked out.
SHARES = tuple(round(0.05 * step, 2) for step in range(21))


def call_profit(test: BackTest, *, cost: float, won_back: float, margin: float) -> pd.DataFrame:
    """Work out what calls before the test's horizon would have brought, had the terms been true.

    Parameters
    ----------
    cost
        Of one call, in the study's currency.
    won_back
        Share of those who left in part who would have spent as before, had they been called; 0 to 1.
    margin
        Share of spend that is margin; 0 to 1.

    Returns
    -------
    DataFrame
        One row per order of calling and share called; columns as in ``CALL_PROFIT``. Gain is what those called who left
        spent less than their base, times ``won_back`` times ``margin``, less the cost of all calls, per hundred
        customers. *In any order* is the mean over all orders. Intervals resample customers, their order given. The row
        that is *chosen* was so before the test: about as many as are worth a call, if risk times base times what is
        usually lost, won back and earned is more than a call costs. Shares of so few calls that the gain would tell of
        one customer have no row.

    Raises
    ------
    ValueError
        A share lies outside 0 to 1, or the cost is negative.

    Notes
    -----
    What a forecast is worth depends on what its errors cost: a curve over all thresholds, for declared costs, says more
    than any accuracy (Drummond and Holte 2006, Machine Learning 65, 95–130; expected profit: Verbeke et al. 2012,
    European Journal of Operational Research 218, 211–229).
    """
    if cost < 0 or not 0 <= won_back <= 1 or not 0 <= margin <= 1:
        raise ValueError("a call costs 0 or more; the share won back and the margin lie between 0 and 1")
    if test.forecaster is None:
        return empty(tables.CALL_PROFIT)
    rows, terms = test.tested, test.history.terms
    base = rows["base_spend"].to_numpy(dtype=float) * terms.horizon_days / terms.window_days
    lost = np.where(test.left, np.maximum(base - rows["later_spend"].to_numpy(dtype=float), 0.0), 0.0)
    gain = 100 * (won_back * margin * lost - cost)
    risk = test.forecasts[tables.MODEL]
    orders = {
        tables.BY_RISK: risk,
        tables.BY_STAKE: risk * base,
        tables.BY_RULE: test.forecasts[test.rule],
    }
    worth = risk * base * _usual_loss(test) * won_back * margin > cost
    parts = []
    for name, score in orders.items():
        rank = np.empty(len(score))
        rank[np.argsort(-score, kind="stable")] = np.arange(len(score))
        called = rank[:, None] < np.round(np.array(SHARES) * len(score))
        part = _rows(name, called * gain[:, None], called.sum(axis=0))
        few = (part["n"] > 0) & (part["n"] < SMALLEST_CELL)
        parts.append(part[~few & ~contributions(called * lost[:, None]).dominated()])
    chance = np.array(SHARES) * gain[:, None]
    parts.append(_rows(tables.BY_CHANCE, chance, np.round(np.array(SHARES) * len(gain))))
    table = pd.concat(parts, ignore_index=True)
    away = (table["share_called"] - worth.mean()).abs().where(table["called_by"] == tables.BY_STAKE)
    table["chosen"] = table.index == away.idxmin()
    return table[tables.CALL_PROFIT.names]


def _usual_loss(test: BackTest) -> float:
    """Which part of their base those who left at the calibration's cut spent less: known before the test."""
    history, terms = test.history, test.history.terms
    at = history.at(history.cuts[-2]) & history.left
    rows = history.past[at]
    base = rows["base_spend"].to_numpy(dtype=float) * terms.horizon_days / terms.window_days
    return float(1 - rows["later_spend"].to_numpy(dtype=float).sum() / base.sum())


def _rows(name: str, gains: Floats, called: Floats) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "called_by": pd.Series([name] * len(SHARES), dtype="str"),
            "share_called": SHARES,
            "n": whole_numbers(called),
        }
    )
    nobody = np.isclose(np.abs(gains).sum(axis=0), 0)
    found = bootstrap_mean(gains[:, ~nobody])
    value, low, high = (np.zeros(len(SHARES)) for _ in range(3))
    for part, of in zip((value, low, high), found, strict=True):
        part[~nobody] = of
    return with_interval(table, "profit", Interval(value, low, high))
