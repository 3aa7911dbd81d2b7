"""How long until something happens, when for some it has not happened yet."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from customer_patterns.estimates.figure import NotEnoughData
from customer_patterns.estimates.intervals import Interval
from customer_patterns.estimates.resampling import RESAMPLES, SEED, draw_weights, number_customers

Floats = NDArray[np.float64]


def kaplan_meier(
    days: ArrayLike,
    observed: ArrayLike,
    customers: ArrayLike | None = None,
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Estimate the share for whom the event has not happened yet, day by day.

    Parameters
    ----------
    days
        Days until the event, or until we stopped looking; 0 or more.
    observed
        Whether the event was seen; ``False``: we stopped looking before it (right-censored). Events on a day are
        taken to come before censorings on that day.
    customers
        Whose spell it is, where a customer may have several; the interval then resamples customers. Without it each
        row is an independent customer and the interval is a formula.
    level, resamples, seed
        Confidence level; number of resamples and their seed where customers are given.

    Returns
    -------
    DataFrame
        One row per distinct ``days``, ascending: ``days``, ``at_risk`` (spells still open that day), ``events``,
        ``censored``, ``survival`` (0 to 1) with ``survival_low`` and ``survival_high`` (NaN before the first event
        and after the last).

    Raises
    ------
    NotEnoughData
        No spell; with ``customers``, fewer than two of them.

    Notes
    -----
    Kaplan and Meier (1958), J. Am. Stat. Assoc. 53, 457–481. Interval without ``customers``: Greenwood's variance on
    the log(-log) scale (Kalbfleisch and Prentice 2002, The Statistical Analysis of Failure Time Data, section 1.4);
    with ``customers``: percentiles of the cluster bootstrap.
    """
    time, event = np.asarray(days), np.asarray(observed, dtype=bool)
    if not len(time):
        raise NotEnoughData("needs at least 1 spell, has 0")
    if len(time) != len(event):
        raise ValueError(f"{len(time)} spells, {len(event)} outcomes")
    at, day = np.unique(time, return_inverse=True)
    events, ended = np.bincount(day, event, len(at)), np.bincount(day, minlength=len(at))
    at_risk = ended[::-1].cumsum()[::-1]
    survival = np.cumprod(1 - events / at_risk)
    if customers is None:
        low, high = _log_log(survival, events, at_risk, level)
    else:
        low, high = _resampled(day, event, np.asarray(customers), len(at), level, resamples, seed)
    known = (survival < 1) & (survival > 0)
    return pd.DataFrame(
        {
            "days": at,
            "at_risk": at_risk,
            "events": events.astype(np.int64),
            "censored": ended - events.astype(np.int64),
            "survival": survival,
            "survival_low": np.where(known, np.minimum(low, survival), np.nan),
            "survival_high": np.where(known, np.maximum(high, survival), np.nan),
        }
    )


def survival_quantile(curve: pd.DataFrame, *, q: float = 0.5) -> Interval:
    """First day by which the event has happened for a share ``q``, with the interval that the curve's bounds give.

    Parameters
    ----------
    curve
        What :func:`kaplan_meier` returns.
    q
        The share, e.g. 0.5 for the median.

    Returns
    -------
    Interval
        Days. NaN where the curve, or a bound of it, does not come down to ``1 - q`` while we look.

    Notes
    -----
    Brookmeyer and Crowley (1982), Biometrics 38, 29–41: the days at which the bounds of the curve cross.
    """
    days = curve["days"].to_numpy(dtype=float)

    def first(bound: str) -> float:
        down = (curve[bound] <= 1 - q + 1e-12).to_numpy()
        return float(days[down.argmax()]) if down.any() else float("nan")

    value, low, high = first("survival"), first("survival_low"), first("survival_high")
    # The lower bound ends with the last event; where it has not come down by then, the day itself bounds it.
    low = value if np.isnan(low) else min(low, value)
    return Interval(*(np.float64(x) for x in (value, low, high)))


def _log_log(survival: Floats, events: Floats, at_risk: Floats, level: float) -> tuple[Floats, Floats]:
    """Greenwood's variance on the log(-log) scale, which keeps the bounds between 0 and 1."""
    z = float(ndtri(0.5 + level / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        width = np.exp(z * np.sqrt(variance) / np.log(survival))
        return survival ** (1 / width), survival**width


def _resampled(
    day: Floats, event: Floats, customers: Floats, days: int, level: float, resamples: int, seed: int
) -> tuple[Floats, Floats]:
    """Percentiles of the curves of resampled customers."""
    codes = number_customers(customers, day + 0.5 * event)
    n = int(codes.max()) + 1
    cell = codes * days + day
    ended = np.bincount(cell, minlength=n * days).reshape(n, days).astype(float)
    events = np.bincount(cell, event, n * days).reshape(n, days)
    curves = np.empty((resamples, days))
    for rows, weights in draw_weights(n, resamples=resamples, seed=seed):
        at_risk = (weights @ ended)[:, ::-1].cumsum(axis=1)[:, ::-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = np.where(at_risk > 0, (weights @ events) / at_risk, 0.0)
        curves[rows] = np.cumprod(1 - hazard, axis=1)
    low, high = np.quantile(curves, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return low, high
