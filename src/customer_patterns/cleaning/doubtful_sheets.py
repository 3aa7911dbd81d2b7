"""What a survey says with and without the answer sheets that one may doubt, and as its sender weighs them.

Doubtful is a sheet that was filled in too fast, or with one answer throughout.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.cleaning.sheet_rules import fast_sheets, flat_sheets
from customer_patterns.estimates import bootstrap_ratio
from customer_patterns.schemas import Column, TableSchema

_KEY = ["wave", "customer_id"]
ALL, NOT_FAST, NOT_FLAT, NEITHER = "all sheets", "without fast sheets", "without uniform sheets", "without either"
WEIGHTED = "all sheets, as the sender weighs them"
_VERSIONS = (ALL, NOT_FAST, NOT_FLAT, NEITHER, WEIGHTED)
#: No sheet counts for more than so many usual ones: a few large weights would speak for all (Potter 1990).
_MOST_WEIGHT = 5
_ASKED = {"overall": "overall satisfaction", "dimension": "all dimensions", "recommendation": "recommendation"}
#: An interval over fewer customers is none.
_FEWEST = 30

SHEETS = TableSchema(
    name="doubtful_sheets",
    grain="kind of question, with and without doubtful sheets",
    key=("asked", "population"),
    meaning=(
        "Mean answers with and without the answer sheets that were filled in too fast or alike; a sheet without a time "
        "is not a fast one."
    ),
    reads=("survey_responses", "survey_items", "survey_sheets"),
    columns=(
        Column("asked", "text", "what was asked for", label="Question", levels=tuple(_ASKED.values())),
        Column("population", "text", "which answer sheets", label="Answer sheets", levels=_VERSIONS),
        Column("n", "integer", "answer sheets", label="Sheets", minimum=0),
        Column("customers", "integer", "who filled them in", label="Customers", unit="customers", minimum=0),
        Column(
            "effective_n", "number", "as many sheets of equal weight would say as much", label="Worth so many sheets",
            minimum=0,
        ),
        Column(
            "points", "number", "mean answer, 0 (worst) to 100 (best)", label="Mean answer", unit="points",
            nullable=True, minimum=0, maximum=100,
        ),
        Column("points_low", "number", "lower bound, 95 %", unit="points", nullable=True),
        Column("points_high", "number", "upper bound, 95 %", unit="points", nullable=True),
    ),
)  # fmt: skip


def doubtful_sheets(survey_responses: ir.Table, survey_items: ir.Table, survey_sheets: ir.Table) -> pd.DataFrame:
    """Set the mean answers of all sheets beside those without the doubtful ones.

    Parameters
    ----------
    survey_responses
        One row per answer: ``wave``, ``customer_id``, ``item_id``, ``answer``.
    survey_items
        One row per question: ``item_id``, ``role``, ``direction``, ``scale_low``, ``scale_high``.
    survey_sheets
        One row per answer sheet: ``wave``, ``customer_id``, ``duration_seconds``; none where no times were delivered.

    Returns
    -------
    DataFrame
        One row per kind of question and population, as in ``SHEETS``: points from 0 to 100 with 100 the best answer,
        the mean over sheets, its interval by drawing customers again. Without a doubtful sheet and without weights, no
        row.

    Notes
    -----
    A weight counts for at most five times the median one (Potter 1990, A study of procedures to identify and trim
    extreme sampling weights, Proceedings of the Survey Research Methods Section, ASA); a sheet without a weight is left
    out of the weighted mean. ``effective_n`` is Kish's (1965, Survey Sampling): the square of the sum of weights by the
    sum of their squares.
    """
    items = survey_items.select("item_id", "role", "direction", "scale_low", "scale_high")
    rows = survey_responses.filter(survey_responses.answer.notnull()).join(items, "item_id")
    rows = rows.filter(rows.answer.between(rows.scale_low, rows.scale_high) & (rows.scale_high > rows.scale_low))
    part = (rows.answer - rows.scale_low).cast("float64") / (rows.scale_high - rows.scale_low)
    points = 100 * ibis.ifelse(rows.direction == "reversed", 1 - part, part)
    # Added up in whatever order threads hand over: what differs in the last digits must not decide who is drawn again.
    means = rows.mutate(points=points).group_by(*_KEY, "role").aggregate(points=ibis._.points.mean().round(9))
    sheets = means.order_by(*_KEY, "role").to_pandas()
    fast, flat = (
        _marked(sheets, found) for found in (fast_sheets(survey_sheets), flat_sheets(survey_responses, survey_items))
    )
    weights = _weights(sheets, survey_sheets)
    if not (fast | flat).any() and not weights.any():
        return pd.DataFrame(columns=SHEETS.names)
    kept = {ALL: np.ones(len(sheets), dtype=bool), NOT_FAST: ~fast, NOT_FLAT: ~flat, NEITHER: ~(fast | flat)}
    if not fast.any() or not flat.any():  # one doubt alone has one remedy
        kept.pop(NEITHER)
        kept = {name: which for name, which in kept.items() if name == ALL or not which.all()}
    counting = {name: which.astype(float) for name, which in kept.items()}
    if weights.any():
        counting[WEIGHTED] = weights
    listed = [
        {"asked": words, "population": population, **_mean(sheets, count * (sheets["role"] == role).to_numpy())}
        for role, words in _ASKED.items()
        if (sheets["role"] == role).any()
        for population, count in counting.items()
    ]
    return pd.DataFrame(listed)[SHEETS.names]


def _marked(sheets: pd.DataFrame, found: ir.Table) -> np.ndarray:
    """Say of each sheet whether it is among those found."""
    listed = found.select(*_KEY).distinct().to_pandas()
    return pd.MultiIndex.from_frame(sheets[_KEY]).isin(pd.MultiIndex.from_frame(listed))


def _weights(sheets: pd.DataFrame, survey_sheets: ir.Table) -> np.ndarray:
    """What each sheet counts for, in usual sheets; nothing where the sender does not say."""
    if "weight" not in survey_sheets.columns:
        return np.zeros(len(sheets))
    given = survey_sheets.filter(survey_sheets.weight > 0).select(*_KEY, "weight").to_pandas()
    weights = sheets[_KEY].merge(given, on=_KEY, how="left", validate="m:1")["weight"].astype("float64").fillna(0)
    usual = given["weight"].median() if len(given) else 1.0
    return np.minimum(weights.to_numpy() / usual, _MOST_WEIGHT)


def _mean(sheets: pd.DataFrame, weights: np.ndarray) -> dict[str, float | int]:
    """The mean over the sheets that count for something, drawn again by customer."""
    there = weights > 0
    weights, sheets = weights[there], sheets[there]
    each = pd.DataFrame({"points": weights * sheets["points"], "weight": weights})
    each = each.groupby(sheets["customer_id"]).sum()
    worth = float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0
    counted = {"n": len(sheets), "customers": len(each), "effective_n": worth}
    if len(each) < _FEWEST:
        return {**counted, "points": np.nan, "points_low": np.nan, "points_high": np.nan}
    found = bootstrap_ratio(each["points"].to_numpy(), each["weight"].to_numpy())
    return {**counted, "points": float(found.value), "points_low": float(found.low), "points_high": float(found.high)}
