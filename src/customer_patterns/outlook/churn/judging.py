"""How well probabilities foretell what happened: order, calibration, error, each with an interval over customers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, NotEnoughData
from customer_patterns.estimates.resampling import RESAMPLES, SEED, draw_weights
from customer_patterns.outlook.churn.models import fit_logistic, log_odds_of, probability

Floats = NDArray[np.float64]

#: What is measured of each forecast.
MEASURES = ("auc", "pr_auc", "brier", "calibration_slope", "calibration_intercept")

#: Judged on at most so many customers, drawn once: their interval is then narrower than any decision needs.
JUDGED = 20_000
#: At most so many weights of customers in resamples: with many customers, few resamples tell an interval.
_WEIGHTS = 4_000_000
#: Both outcomes must have happened to so many customers.
FEWEST = 10


def judge(
    outcome: NDArray[np.bool_],
    forecasts: Mapping[str, Floats],
    *,
    against: str | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    level: float = 0.95,
) -> dict[str, dict[str, Interval]]:
    """Measure each forecast of the same customers, and what it is better by than another.

    Parameters
    ----------
    outcome
        Whether it happened, one per customer.
    forecasts
        Probabilities by name.
    against
        A forecast that all others are held against, on the same resamples: ``auc_added`` and ``brier_saved``, above
        zero where a forecast is better.
    resamples, seed, level
        As in ``bootstrap_ratio``; there are fewer resamples, though not under two hundred, where customers are many.

    Returns
    -------
    dict
        By forecast and measure. ``auc`` counts pairs of customers in the right order, ties as a half; ``pr_auc`` is the
        average precision; ``brier`` the mean squared error; ``calibration_slope`` the slope of the outcome on the
        log-odds (1 where risks are neither too bold nor too shy), ``calibration_intercept`` how much all log-odds are
        too low (0 where the level is right): Cox 1958, Biometrika 45, 562–565. Percentile intervals, resampling
        customers; the forecasts are taken as they are, not fitted anew.

    Raises
    ------
    NotEnoughData
        It happened to fewer than ten customers, or did not happen to fewer than ten.
    """
    y = np.asarray(outcome, dtype=bool)
    happened = int(y.sum())
    if min(happened, len(y) - happened) < FEWEST:
        raise NotEnoughData(
            f"needs {FEWEST} customers of each kind, has {happened} to whom it happened and {len(y) - happened} others"
        )
    if len(y) > JUDGED:
        some = np.sort(np.random.default_rng(seed).choice(len(y), JUDGED, replace=False))
        y, forecasts = y[some], {name: p[some] for name, p in forecasts.items()}
    resamples = min(resamples, max(_WEIGHTS // len(y), 200))
    prepared = {name: _Forecast(y, p) for name, p in forecasts.items()}
    once = {name: one.measures(np.ones((1, len(y)))) for name, one in prepared.items()}
    drawn: dict[str, list[Floats]] = {name: [] for name in prepared}
    for _, weights in draw_weights(len(y), resamples=resamples, seed=seed):
        for name, one in prepared.items():
            drawn[name].append(one.measures(weights))
    every = {name: np.vstack(parts) for name, parts in drawn.items()}
    found = {
        name: {m: _percentiles(once[name][0, i], every[name][:, i], level) for i, m in enumerate(MEASURES)}
        for name in prepared
    }
    if against is not None:
        for name in prepared:
            for measure, column, sign in (("auc_added", 0, 1.0), ("brier_saved", 2, -1.0)):
                gain, gains = (sign * (of[name][:, column] - of[against][:, column]) for of in (once, every))
                found[name][measure] = _percentiles(gain[0], gains, level)
    return found


def auc(outcome: NDArray[np.bool_], score: Floats) -> float:
    """Share of the pairs of unlike customers that a score puts in the right order, ties as a half.

    Examples
    --------
    >>> auc(np.array([False, True, True]), np.array([0.1, 0.1, 0.9]))
    0.75
    """
    return float(_Forecast(np.asarray(outcome, bool), score).order(np.ones((1, len(score))))[0][0])


class _Forecast:
    """One forecast, its customers in the order of their risk, prepared for many resamples."""

    def __init__(self, y: NDArray[np.bool_], p: Floats) -> None:
        self.by_risk = np.argsort(-p, kind="stable")
        self.y, self.p = y[self.by_risk], p[self.by_risk]
        self.starts = np.flatnonzero(np.r_[True, np.diff(self.p) != 0])

    def measures(self, weights: Floats) -> Floats:
        """One row per resample, one column per measure."""
        w = weights[:, self.by_risk]
        brier = w @ (self.p - self.y) ** 2 / w.sum(axis=1)
        return np.column_stack([*self.order(w), brier, *self._calibration(w)])

    def order(self, w: Floats) -> tuple[Floats, Floats]:
        """AUC and average precision; the customers of ``w`` in the order of their risk."""
        hit = np.add.reduceat(w * self.y, self.starts, axis=1)
        all_at = np.add.reduceat(w, self.starts, axis=1)
        hits, everyone = np.cumsum(hit, axis=1), np.cumsum(all_at, axis=1)
        miss, misses = all_at - hit, everyone - hits
        with np.errstate(divide="ignore", invalid="ignore"):
            # A leaver is ahead of all stayers further down, and of half of those beside.
            ahead = (hit * (misses[:, -1:] - misses + miss / 2)).sum(axis=1) / (hits[:, -1] * misses[:, -1])
            precision = (hit * np.where(everyone > 0, hits / everyone, 0)).sum(axis=1) / hits[:, -1]
        return ahead, precision

    @cached_property
    def _cox(self) -> tuple[Floats, float, NDArray[np.float64]]:
        """Intercept and slope, the intercept beside a slope of one, and each customer's part in a step from them."""
        z, y = log_odds_of(self.p), self.y.astype(float)
        flat = np.ptp(z) == 0
        both = np.full(2, np.nan) if flat else fit_logistic(z[:, None], self.y)
        alone = 0.0
        for _ in range(50):
            p = probability(alone + z)
            step = (y - p).sum() / (p * (1 - p)).sum()
            alone += float(np.clip(step, -2, 2))
            if abs(step) < 1e-10:
                break
        p, q = probability(alone + z), probability(both[0] + both[1] * z) if not flat else np.full(len(z), 0.5)
        v = q * (1 - q)
        parts = [y - p, p * (1 - p), y - q, (y - q) * z, v, v * z, v * z * z]
        return both, alone, np.column_stack(parts)

    def _calibration(self, w: Floats) -> tuple[Floats, Floats]:
        """Slope and intercept of the outcome on the log-odds: one step of Newton's from where all customers lead.

        That step is all there is to first order (as in the infinitesimal jackknife), and needs no exponential.
        """
        both, alone, parts = self._cox
        g, h, g0, g1, s0, s1, s2 = (w @ parts).T
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = both[1] + (s0 * g1 - s1 * g0) / (s0 * s2 - s1**2)
            return slope, alone + g / h


def _percentiles(value: float, drawn: Floats, level: float) -> Interval:
    """A percentile interval that holds its value, to ten significant digits."""
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or len(known) < 0.99 * len(drawn):
        return Interval(*(np.float64(np.nan) for _ in range(3)))
    low, high = np.quantile(known, [0.5 - level / 2, 0.5 + level / 2])
    return Interval(*(np.float64(f"{x:.10g}") + 0.0 for x in (value, min(low, value), max(high, value))))
