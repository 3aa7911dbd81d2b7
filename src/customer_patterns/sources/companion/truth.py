"""What a survey of everyone would have found: the truth that a survey of those who answered is held against."""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.answers import Survey, dimension_covariance
from customer_patterns.sources.companion.contacts import (
    AGENTS,
    CHANNELS,
    CSAT_BY_CONTENTMENT,
    CSAT_BY_WAIT,
    SLOW_AGENT,
    SLOW_FACTOR,
)
from customer_patterns.sources.companion.instrument import ITEMS, PER_DIMENSION
from customer_patterns.sources.companion.plan import DIMENSIONS, WEIGHTS, WITHOUT_EFFECT, ZERO_DIFFERENCE, Plan


def scores(survey: Survey) -> pd.DataFrame:
    """Score what everyone would answer: one row per wave and invited customer.

    Returns
    -------
    DataFrame
        The columns of ``survey.households``, a mean per dimension (reversed items turned, 1 to 5), ``overall`` and
        ``recommendation``.
    """
    turned = survey.would_answer.copy()
    for item in ITEMS:
        if item.direction == "reversed":
            turned[item.item_id] = item.low + item.high - turned[item.item_id]
    table = survey.households.copy()
    for name in DIMENSIONS:
        table[name] = turned[[f"{name}_{number}" for number in range(1, PER_DIMENSION + 1)]].mean(axis="columns")
    return table.assign(overall=turned["overall"], recommendation=turned["recommendation"])


def planted_truth(plan: Plan, scored: pd.DataFrame, flaws: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Say what is planted and what a perfect method would find, as JSON can hold it."""
    return {
        "rho": {"planted": plan.rho, "realized": _rho(scored)},
        "contentment_by_past_spend": plan.past,
        "estimands": {
            "all_waves": _estimands(scored),
            **{name: _estimands(scored[scored["wave"] == name]) for name, _ in plan.waves},
        },
        "drivers": {
            "weights": WEIGHTS,
            "without_effect": WITHOUT_EFFECT,
            "explained": plan.overall_fit,
            "lmg_shares_latent": _latent_shares(plan),
            "lmg_shares_of_answers": _answered_shares(scored),
        },
        "zero_difference": {
            "dimension": ZERO_DIFFERENCE,
            "between": "customers above and below the median of spend before the wave",
            "realized": _difference(scored),
        },
        "silence": {
            "response_rate": plan.response_rate,
            "log_odds_by_past_spend": plan.silence_by_behavior,
            "log_odds_by_contentment": plan.silence_by_contentment,
            "log_odds_by_habit": plan.silence_by_habit,
            "items_passed_over": plan.item_silence,
            "straight_liners": plan.straight_liners,
        },
        "invariance_break": {
            "item": plan.invariance.item,
            "wave": plan.invariance.wave,
            "shift_of_thresholds": plan.invariance.shift,
        },
        **({"translation_break": vars(plan.translation)} if plan.translation is not None else {}),
        "halo": plan.halo,
        "item_loading": plan.loading,
        "acquiescence": plan.acquiescence,
        "contacts": {
            "per_customer_and_year": plan.contacts,
            "slow_agent": SLOW_AGENT,
            "slow_factor": SLOW_FACTOR,
            "agents": len(AGENTS),
            "csat_per_log_half_hour": CSAT_BY_WAIT,
            "csat_per_contentment": CSAT_BY_CONTENTMENT,
            "channels": {name: vars(channel) for name, channel in CHANNELS.items()},
        },
        "flaws": flaws,
    }


def lmg_shares(covariance: np.ndarray, with_outcome: np.ndarray, variance: float) -> np.ndarray:
    """Share out the explained variance among predictors: the average over all orders in which they can enter.

    Lindeman, Merenda and Gold (1980), as in Grömping (2006), *Journal of Statistical Software* 17(1).

    Parameters
    ----------
    covariance
        Of the predictors.
    with_outcome
        Their covariance with the outcome.
    variance
        Of the outcome.

    Returns
    -------
    ndarray
        One share per predictor; they sum to 1.
    """
    count = len(with_outcome)

    def explained(chosen: tuple[int, ...]) -> float:
        if not chosen:
            return 0.0
        at = np.array(chosen)
        effects = np.linalg.lstsq(covariance[np.ix_(at, at)], with_outcome[at], rcond=None)[0]
        return float(with_outcome[at] @ effects) / variance

    shares = np.zeros(count)
    for one in range(count):
        others = [other for other in range(count) if other != one]
        for size in range(count):
            weight = factorial(size) * factorial(count - 1 - size) / factorial(count)
            for chosen in combinations(others, size):
                shares[one] += weight * (explained(tuple(sorted((*chosen, one)))) - explained(chosen))
    return shares / shares.sum()


def _latent_shares(plan: Plan) -> dict[str, float]:
    covariance = dimension_covariance(plan)
    weights = np.array(list(WEIGHTS.values()))
    with_outcome = covariance @ weights
    variance = float(weights @ with_outcome) / plan.overall_fit
    return _rounded(dict(zip(DIMENSIONS, lmg_shares(covariance, with_outcome, variance), strict=True)))


def _answered_shares(scored: pd.DataFrame) -> dict[str, float] | None:
    columns = [*DIMENSIONS, "overall"]
    if len(scored) <= 2 * len(columns):
        return None
    covariance = scored[columns].cov().to_numpy()
    if not np.diag(covariance).all():
        return None
    shares = lmg_shares(covariance[:-1, :-1], covariance[:-1, -1], covariance[-1, -1])
    return _rounded(dict(zip(DIMENSIONS, shares, strict=True)))


def _estimands(scored: pd.DataFrame) -> dict[str, Any] | None:
    """Means over everyone, over those who answer, and over these weighted by behavior: expected, not drawn."""
    if scored.empty:
        return None
    chance, by_behavior = scored["chance"].to_numpy(), scored["chance_by_behavior"].to_numpy()
    values = {name: scored[name].to_numpy(dtype="float64") for name in (*DIMENSIONS, "overall", "recommendation")}
    values["nps"] = 100.0 * ((values["recommendation"] >= 9).astype(float) - (values["recommendation"] <= 6))
    found = {}
    for name, value in values.items():
        everyone = float(value.mean())
        weighted = float(np.average(value, weights=chance / by_behavior))
        silent = float(np.average(value, weights=(1 - chance) / (1 - by_behavior)))
        found[name] = _rounded(
            {
                "everyone": everyone,
                "respondents": float(np.average(value, weights=chance)),
                "respondents_weighted_by_behavior": weighted,
                "delta_silent_less_respondents_given_behavior": silent - weighted,
            }
        )
    return {"invited": len(scored), "answered": int(scored["answered"].sum()), **found}


def _rho(scored: pd.DataFrame) -> float | None:
    """The partial correlation as it came out: both were made independent of the past."""
    if len(scored) < 10 or not scored["residual_z"].any():
        return None
    return round(float(np.corrcoef(scored["core"], scored["residual_z"])[0, 1]), 4)


def _difference(scored: pd.DataFrame) -> float | None:
    above = scored["above_median"].to_numpy(dtype=bool)
    if not above.any() or above.all():
        return None
    value = scored[ZERO_DIFFERENCE]
    return round(float(value[above].mean() - value[~above].mean()), 4)


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in values.items()}
