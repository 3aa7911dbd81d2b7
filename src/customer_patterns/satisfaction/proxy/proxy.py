"""Whether behavior alone tells how content customers are, and what of it does."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import Z95
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.proxy.learned import folds_of, guesses
from customer_patterns.satisfaction.proxy.signals import SIGNALS
from customer_patterns.satisfaction.proxy.tables import (
    BEHAVIOR_PROXY,
    CARRIES,
    CARRIES_LITTLE,
    CARRIES_NOT,
    LAST_WAVE,
    OTHER_CUSTOMERS,
    PROXY_SIGNALS,
    WITH_LESS,
    WITH_MORE,
    WITH_NEITHER,
)
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.tables.columns import MEAN_OF_DIMENSIONS, OVERALL

Floats = NDArray[np.float64]


def behavior_proxy(sheets: Sheets, before: pd.DataFrame, *, fewest: int = 100, floor: float = 0.1) -> pd.DataFrame:
    """Guess answers from behavior before them, and hold the guesses against the answers.

    Parameters
    ----------
    sheets
        What was answered.
    before
        What :func:`~customer_patterns.satisfaction.proxy.signals.signals_before` returns.
    fewest
        With fewer answers to learn from, or to test on, nothing is said.
    floor
        Behavior that does not surely explain more than this share carries little at best.

    Returns
    -------
    DataFrame
        One row per measure of satisfaction and test; columns as in ``BEHAVIOR_PROXY``. ``other customers``: each answer
        is guessed from those of customers in the other four fifths; ``the last wave``: from their answers in earlier
        waves only. The baseline is the mean of what was learned from. Intervals are over customers, the fits as
        they are. Behavior carries little where the interval of what it explains lies above zero, and carries where it
        lies above ``floor``.

    Notes
    -----
    Out-of-sample R² against the training mean (Campbell and Thompson 2008, Review of Financial Studies 21, 1509–1531,
    equation 1); customers, not answers, are dealt out (Roberts et al. 2017, Ecography 40, 913–929).
    """
    rows, ends = [], sheets.rows.groupby("wave")["answered_on"].max()
    last = max(ends.index, key=lambda wave: (ends[wave], wave)) if len(ends) else None
    for name, points in _measures(sheets).items():
        answers = points[before["sheet"].to_numpy(dtype=int)]
        known = np.isfinite(answers)
        own, answers = before[known].reset_index(drop=True), answers[known]
        signals, people = own[list(SIGNALS)].to_numpy(dtype=float), own["customer_id"].to_numpy()
        signals = signals[:, signals.std(axis=0) > 1e-12] if len(own) else signals[:, :0]
        everything, latest = np.ones(len(own), dtype=bool), (own["wave"] == last).to_numpy()
        for test, learn, asked in ((OTHER_CUSTOMERS, everything, everything), (LAST_WAVE, ~latest, latest)):
            if min(learn.sum(), asked.sum()) < fewest or not signals.shape[1] or answers.std() == 0:
                continue
            guess, mean = guesses(signals, answers, folds_of(people), learn=learn, test=asked)
            row = _held(answers, guess, mean, people, floor)
            if row is not None:
                rows.append({"measure": name, "tested_on": test, "signals": signals.shape[1]} | row)
    if not rows:
        return empty(BEHAVIOR_PROXY)
    kinds = dict.fromkeys(("n", "customers", "signals"), "Int64")
    return pd.DataFrame(rows).astype(kinds)[BEHAVIOR_PROXY.names]


def proxy_signals(sheets: Sheets, before: pd.DataFrame, *, fewest: int = 100, level: float = 0.05) -> pd.DataFrame:
    """Say what each kind of behavior before an answer goes with, all others and the wave held fixed.

    Parameters
    ----------
    sheets, before, fewest
        As :func:`behavior_proxy` takes them; the measure is the mean of the dimensions, overall where there are none.
    level
        Share of verdicts that may be false.

    Returns
    -------
    DataFrame
        One row per signal that varies, the clearest first; columns as in ``PROXY_SIGNALS``. Least squares with errors
        over customers (Liang and Zeger 1986); p-values adjusted as Benjamini and Yekutieli (2001).
    """
    measures = _measures(sheets)
    points = measures[MEAN_OF_DIMENSIONS if np.isfinite(measures[MEAN_OF_DIMENSIONS]).any() else OVERALL]
    answers = points[before["sheet"].to_numpy(dtype=int)]
    known = np.isfinite(answers)
    own, answers = before[known].reset_index(drop=True), answers[known]
    names = [name for name in SIGNALS if len(own) and own[name].std() > 1e-12]
    codes, people = pd.factorize(own["customer_id"], sort=True)
    if len(own) < fewest or len(people) < SMALLEST_CELL or not names or answers.std() == 0:
        return empty(PROXY_SIGNALS)
    signals = own[names].to_numpy(dtype=float)
    signals = (signals - signals.mean(axis=0)) / signals.std(axis=0)
    waves = pd.get_dummies(own["wave"], drop_first=True, dtype=float).to_numpy()
    design = np.column_stack([signals, np.ones(len(own)), waves])
    inverse = np.linalg.pinv(design.T @ design, hermitian=True)
    slopes = inverse @ (design.T @ answers)
    pulls = design * (answers - design @ slopes)[:, None]
    per_customer = np.zeros((len(people), design.shape[1]))
    np.add.at(per_customer, codes, pulls)
    factor = len(people) / (len(people) - 1)
    error = np.sqrt(factor * np.diag(inverse @ (per_customer.T @ per_customer) @ inverse))[: len(names)]
    slope = slopes[: len(names)]
    p = 2 * ndtr(-np.abs(slope) / np.maximum(error, 1e-12))
    adjusted = benjamini_yekutieli(p)
    side = np.where(slope > 0, WITH_MORE, WITH_LESS)
    table = pd.DataFrame(
        {
            "signal": names,
            "n": pd.Series(len(own), range(len(names)), dtype="Int64"),
            "slope": slope,
            "slope_low": slope - Z95 * error,
            "slope_high": slope + Z95 * error,
            "adjusted_p": adjusted,
            "verdict": np.where(adjusted <= level, side, WITH_NEITHER),
        }
    )
    order = np.lexsort((table["signal"], -np.abs(slope)))
    return table.iloc[order].round(9).reset_index(drop=True)[PROXY_SIGNALS.names]


def _measures(sheets: Sheets) -> dict[str, Floats]:
    return {OVERALL: sheets.rows["overall"].to_numpy(dtype=float), MEAN_OF_DIMENSIONS: sheets.mean_score}


def _held(answers: Floats, guess: Floats, mean: Floats, people: NDArray, floor: float) -> dict[str, object] | None:
    """How much better than the mean the guesses are."""
    told = np.isfinite(guess)
    off, off_mean = answers[told] - guess[told], answers[told] - mean[told]
    customers = len(np.unique(people[told]))
    if customers < SMALLEST_CELL:
        return None
    codes, _ = pd.factorize(people[told], sort=True)
    own, base = (np.bincount(codes, weights=part**2) for part in (off, off_mean))
    if not base.sum() > 0:
        return None
    ratio = own.sum() / base.sum()
    # A ratio of sums over customers; its error by the customers' own parts of it (Taylor linearization).
    pulls = (own - ratio * base) / base.sum()
    reach = Z95 * np.sqrt((pulls**2).sum() * customers / (customers - 1))
    value, low, high = (round(float(one), 9) for one in (1 - ratio, 1 - ratio - reach, 1 - ratio + reach))
    return {
        "n": int(told.sum()),
        "customers": customers,
        "explained": value,
        "explained_low": low,
        "explained_high": high,
        "error": round(float(np.abs(off).mean()), 9),
        "error_of_mean": round(float(np.abs(off_mean).mean()), 9),
        "verdict": CARRIES if low > floor else CARRIES_LITTLE if low > 0 else CARRIES_NOT,
    }
