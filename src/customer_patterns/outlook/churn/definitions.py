"""Five definitions of leaving side by side: whom they name, who of these came back, and what conclusions rest on it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, bootstrap_share, bounded, percentiles, wilson, with_interval
from customer_patterns.estimates.resampling import RESAMPLES, SEED, draw_weights
from customer_patterns.features import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.outlook.churn import tables
from customer_patterns.outlook.churn.history import History
from customer_patterns.outlook.churn.outcomes import outcomes_at

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

#: A fixed gap of so many days, and so many of a customer's own gaps, count as having left.
GAP_DAYS, OWN_GAPS = 28, 3.0
#: Below this chance to be alive a customer counts as gone.
LIKELY_GONE = 0.5

#: Which customers a conclusion speaks of: those with more of a feature than the median, or more than none.
_ASKED = {
    "changed brands more than before": ("brand_switching_trend", 0.0),
    "changed channels more than before": ("channel_switching_trend", 0.0),
    "bought much on discount": ("discount_share", None),
    "bought much own brand": ("own_brand_share", None),
    "spends much as a rule": ("spend_per_week", None),
    "comes often as a rule": ("days_per_week", None),
}


def who_left(history: History, *, alive: Mapping[str, float] | None = None) -> dict[str, Truths]:
    """Say of each customer at the last cut but one whether each definition calls the customer leaving.

    That cut is one horizon earlier than the test, so that a whole horizon is left to see who comes back.

    Parameters
    ----------
    history
        Customers at cuts.
    alive
        Chance to be alive at the end of that horizon by customer, as a lifetime model says; ``None`` without one.

    Returns
    -------
    dict
        By definition, one element per customer at the cut. Empty where the study is too short.
    """
    if not history.enough:
        return {}
    rows = history.past[history.at(history.cuts[-2])]
    silent = rows["silent_days"].to_numpy(dtype=float)
    gap = rows["own_gap_days"].to_numpy(dtype=float)
    found = {
        tables.PARTIAL: history.left[history.at(history.cuts[-2])],
        tables.NOTHING: (rows["later_days"] == 0).to_numpy(),
        tables.GAP: silent >= GAP_DAYS,
        tables.CADENCE: silent > OWN_GAPS * np.where(np.isnan(gap), np.inf, gap),
    }
    if alive is not None:
        chance = rows["customer_id"].map(alive).to_numpy(dtype=float)
        found[tables.ALIVE] = chance < LIKELY_GONE
    return found


def count_labels(history: History, left: Mapping[str, Truths], days: ir.Table) -> pd.DataFrame:
    """Count whom each definition calls leaving, and who of them came back.

    Parameters
    ----------
    history, left
        As in :func:`who_left`.
    days
        One row per customer and shopping day: what they did in the horizon after the one in which they were called
        leaving.

    Returns
    -------
    DataFrame
        One row per definition; columns as in ``CHURN_LABELS``. *As before* is at least the share of the own base that
        counts as not leaving. Wilson intervals.
    """
    if not left:
        return empty(tables.CHURN_LABELS)
    rows = history.past[history.at(history.cuts[-2])]
    later = outcomes_at(days, history.cuts[-1:], horizon_days=history.terms.horizon_days)
    then = later.set_index("customer_id")["later_spend"]
    spent = rows["customer_id"].map(then).fillna(0.0).to_numpy(dtype=float)
    came = rows["customer_id"].isin(then.index).to_numpy()
    terms = history.terms
    base = rows["base_spend"].to_numpy(dtype=float) * terms.horizon_days / terms.window_days
    back = came & (spent >= terms.kept_share * base)
    n = np.array([who.sum() for who in left.values()])
    table = pd.DataFrame(
        {
            "label": pd.Series(list(left), dtype="str"),
            "customers": len(rows),
            "n": whole_numbers(n),
        }
    )
    table = with_interval(table, "share", wilson(n, np.full(len(n), len(rows))))
    for name, did in (("came_back", came), ("as_before", back)):
        table = with_interval(table, name, wilson([int((who & did).sum()) for who in left.values()], n))
    blank = bounded("share", "came_back", "as_before")
    return suppress(table, blank)[tables.CHURN_LABELS.names]


def label_agreement(left: Mapping[str, Truths], *, resamples: int = RESAMPLES, seed: int = SEED) -> pd.DataFrame:
    """Say how far each two definitions name the same customers.

    Parameters
    ----------
    left
        By definition whether each customer left, from :func:`who_left`.
    resamples, seed
        Number of resamples of customers, and their seed.

    Returns
    -------
    DataFrame
        One row per pair; columns as in ``LABEL_AGREEMENT``: the overlap is the share of those named by either whom both
        name (Jaccard), kappa the agreement beyond that of chance (Cohen 1960), 0 for chance and 1 for all alike.
        Intervals resample customers.
    """
    names = list(left)
    if len(names) < 2 or len(left[names[0]]) < 2:
        return empty(tables.LABEL_AGREEMENT)
    pairs = list(combinations(names, 2))
    either = np.column_stack([left[a] | left[b] for a, b in pairs]).astype(float)
    both = np.column_stack([left[a] & left[b] for a, b in pairs]).astype(float)
    table = pd.DataFrame(
        {
            "label": pd.Series([a for a, _ in pairs], dtype="str"),
            "other": pd.Series([b for _, b in pairs], dtype="str"),
            "n": whole_numbers(either.sum(axis=0)),
        }
    )
    overlap, kappa = bootstrap_share(both, either), Interval.missing(len(pairs))
    ones = np.column_stack([left[name] for name in names]).astype(float)
    at = [(names.index(a), names.index(b)) for a, b in pairs]
    value = _kappa(np.ones((1, len(ones))), ones, both, at)[0]
    drawn = np.vstack([_kappa(w, ones, both, at) for _, w in draw_weights(len(ones), resamples=resamples, seed=seed)])
    known = np.isfinite(drawn).all(axis=0) & np.isfinite(value)
    if known.any():
        low, high = np.quantile(drawn[:, known], [0.025, 0.975], axis=0)
        for part, found in zip(kappa, (value[known], low, high), strict=True):
            part[known] = np.round(found, 10)
    table = with_interval(with_interval(table, "overlap", overlap), "kappa", kappa)
    blank = bounded("overlap", "kappa")
    return suppress(table, blank)[tables.LABEL_AGREEMENT.names]


def conclusions(history: History, left: Mapping[str, Truths]) -> pd.DataFrame:
    """Ask under each definition whether customers of a kind leave more often, and mark where answers contradict.

    Parameters
    ----------
    history
        From :func:`~customer_patterns.outlook.churn.history.history`.
    left
        By definition whether each customer left, from :func:`who_left`; without definitions there are no rows.

    Returns
    -------
    DataFrame
        One row per question and definition, in the order of ``QUESTIONS``; columns as in ``CHURN_CONCLUSIONS``. Groups
        are made from what was known at the cut; intervals of differences resample customers. A question *flips* where
        more leave under one definition and fewer under another.
    """
    if not left:
        return empty(tables.CHURN_CONCLUSIONS)
    rows = history.past[history.at(history.cuts[-2])]
    parts = []
    for question in tables.QUESTIONS:
        column, line = _ASKED[question]
        value = rows[column].to_numpy(dtype=float)
        known = np.isfinite(value)
        group = value > (np.nanmedian(value) if line is None and known.any() else line or 0.0)
        if min((group & known).sum(), (~group & known).sum()) < SMALLEST_CELL:
            continue
        y = np.column_stack([who[known] for who in left.values()]).astype(float)
        n = whole_numbers([known.sum()] * len(left))
        part = pd.DataFrame({"label": pd.Series(list(left), dtype="str"), "n": n})
        part = with_interval(part, "difference", _difference(y, group[known]))
        low, high = part["difference_low"], part["difference_high"]
        verdict = np.select([low > 0, high < 0], [tables.MORE, tables.FEWER], tables.NO_TELLING)
        flips = bool((verdict == tables.MORE).any() and (verdict == tables.FEWER).any())
        parts.append(part.assign(question=question, conclusion=verdict, flips=flips))
    if not parts:
        return empty(tables.CHURN_CONCLUSIONS)
    table = pd.concat(parts, ignore_index=True)
    return table.astype({"question": "str", "conclusion": "str"})[tables.CHURN_CONCLUSIONS.names]


def _difference(y: Floats, group: Truths) -> Interval:
    """Share in a group less that of the others, by label; percentiles of resampled customers."""
    parts = np.hstack([y * group[:, None], y * ~group[:, None], group[:, None], ~group[:, None]])

    def of(weights: Floats) -> Floats:
        sums, k = weights @ parts, y.shape[1]
        return sums[:, :k] / sums[:, [2 * k]] - sums[:, k : 2 * k] / sums[:, [2 * k + 1]]

    value = of(np.ones((1, len(y))))[0]
    drawn = np.vstack([of(weights) for _, weights in draw_weights(len(y))])
    return Interval(*np.round(percentiles(value, drawn), 10))


def _kappa(weights: Floats, ones: Floats, both: Floats, at: list[tuple[int, int]]) -> Floats:
    """Cohen's kappa of each pair, per resample."""
    n = weights.sum(axis=1, keepdims=True)
    share, agree = weights @ ones / n, weights @ both / n
    first, second = (share[:, [pair[side] for pair in at]] for side in (0, 1))
    seen = 1 - first - second + 2 * agree
    chance = first * second + (1 - first) * (1 - second)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(chance < 1, (seen - chance) / (1 - chance), np.nan)
