"""The same scores by several ways of weighting, each with the interval that its way has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Z95, in_row
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.answering import answering_design
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.standard.carried import added_error
from customer_patterns.satisfaction.tables.columns import ALL_WAVES, SCORES
from customer_patterns.satisfaction.versions import points_of_invitations
from customer_patterns.satisfaction.weighting.raking import rake
from customer_patterns.satisfaction.weighting.tables import (
    AS_ANSWERED,
    BY_CHANCE,
    METHODS,
    OFF_MARGINS,
    RAKED,
    UNWEIGHTED,
    WEIGHTED,
    WEIGHTED_SCORES,
)
from customer_patterns.satisfaction.weighting.trimming import effective_n, trim

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

_LOWEST = {"NPS": -100.0, "content": 0.0, "overall": 0.0}


class Weighed(NamedTuple):
    """Weights of the invitations (0 where not answered), how many were cut, and what makes them vary.

    ``balanced`` are the columns that weights balance: their part in an answer is known of all who were asked.
    """

    weights: Floats
    cut: int
    agreed: bool
    balanced: Floats | None
    chance: Floats | None


def weighted_scores(invited: pd.DataFrame, sheets: Sheets, margins: Mapping[str, Codes]) -> pd.DataFrame:
    """Estimate the scores of all who were asked by several ways of weighting.

    Parameters
    ----------
    invited
        What :func:`~customer_patterns.satisfaction.nonresponse.invitations` returns; settled invitations are used.
    sheets
        What was answered.
    margins
        What :func:`~customer_patterns.satisfaction.weighting.known_margins` returns of the same invitations.

    Returns
    -------
    DataFrame
        One row per score and method; columns as in ``WEIGHTED_SCORES``. Without rows where nobody was asked, or too
        few answered. Both ways start from one weight per invitation. By the chance of an answer: the inverse of what
        a logistic regression on earlier purchases gives, cut down where it is large. Raked: every category of every
        margin has as many as were asked.

    Notes
    -----
    Intervals are those of the linearized estimator, summed per customer: an answer counts by what the margins do not
    explain of it (Deville and Särndal 1992, J. Am. Stat. Assoc. 87, 376–382, section 3), or by what the estimated
    chances do not (Lunceford and Davidian 2004, Statistics in Medicine 23, 2937–2960). What the margins explain varies
    with who was asked.
    """
    asked, value, people = settled(invited, sheets)
    if asked is None:
        return empty(WEIGHTED_SCORES)
    margins = {name: codes[invited["settled"].to_numpy(dtype=bool)] for name, codes in margins.items()}
    ways, customers = weighings(asked, margins), pd.factorize(asked["customer_id"], sort=True)[0]
    rows = []
    for place, score in enumerate(SCORES):
        given = np.isfinite(value[:, place])
        if given.sum() < SMALLEST_CELL or people[place] < SMALLEST_CELL or not value[given, place].std() > 0:
            continue
        raw, added = None, added_error(sheets, score, ALL_WAVES)
        for method in METHODS:
            way = ways[method]
            figure, parts = linearized(value[:, place], way, asked)
            raw = (figure, parts) if raw is None else raw
            error, moved = (spread(part, customers) for part in (parts, parts - raw[1]))
            own = way.weights[given]
            line = {"score": score, "method": method, "n": int(given.sum()), "customers": int(people[place])}
            line |= {"effective_n": effective_n(own), "largest": float(own.max() / own.mean()), "cut": way.cut}
            # What is carried over from another scale errs alike in all ways of weighting: the shift does not.
            line |= _with_reach("value", figure, float(np.hypot(error, added)), _LOWEST[score])
            blank = method == AS_ANSWERED
            line |= _with_reach("shift", np.nan if blank else figure - raw[0], moved, -200.0)
            line["verdict"] = UNWEIGHTED if blank else WEIGHTED if way.agreed else OFF_MARGINS
            rows.append(line)
    if not rows:
        return empty(WEIGHTED_SCORES)
    kinds = {"n": "Int64", "customers": "Int64", "score": "str", "method": "str", "verdict": "str"}
    return pd.DataFrame(rows).astype(kinds)[WEIGHTED_SCORES.names]


def settled(invited: pd.DataFrame, sheets: Sheets) -> tuple[pd.DataFrame | None, Floats, Codes]:
    """The invitations that are over, their scores in points, and how many customers gave each; ``None``: too few."""
    asked = invited[invited["settled"].astype(bool)].reset_index(drop=True)
    nothing = np.zeros(len(SCORES), dtype=np.int64)
    if asked.empty or asked.loc[asked["answered"].astype(bool), "customer_id"].nunique() < SMALLEST_CELL:
        return None, np.empty((0, len(SCORES))), nothing
    value, _ = points_of_invitations(asked, sheets)
    people = [asked.loc[np.isfinite(value[:, place]), "customer_id"].nunique() for place in range(len(SCORES))]
    return asked, value, np.array(people)


def weighings(asked: pd.DataFrame, margins: Mapping[str, Codes]) -> dict[str, Weighed]:
    """The weights of each method, one per invitation."""
    answered = asked["answered"].to_numpy(dtype=bool)
    raw = answered.astype(float)
    chance, design = answering_design(asked)
    inverse = np.zeros(len(asked))
    inverse[answered], cut = trim(1 / chance[answered])
    if not margins:
        even = Weighed(raw, 0, True, None, None)
        return {AS_ANSWERED: even, BY_CHANCE: Weighed(inverse, cut, True, design, chance), RAKED: even}
    found = rake(
        [codes[answered] for codes in margins.values()],
        [np.bincount(codes).astype(float) for codes in margins.values()],
    )
    raked = np.zeros(len(asked))
    raked[answered] = found.weights
    dummies = np.column_stack([codes[:, None] == np.arange(codes.max() + 1) for codes in margins.values()])
    return {
        AS_ANSWERED: Weighed(raw, 0, True, None, None),
        BY_CHANCE: Weighed(inverse, cut, True, design, chance),
        RAKED: Weighed(raked, 0, found.agreed, dummies.astype(float), None),
    }


def linearized(value: Floats, way: Weighed, asked: pd.DataFrame) -> tuple[float, Floats]:
    """A weighted mean, and what each invitation adds to its error."""
    given = np.isfinite(value)
    weight = np.where(given, way.weights, 0.0)
    total = weight.sum()
    figure = float((weight * np.where(given, value, 0.0)).sum() / total)
    away = np.where(given, value - figure, 0.0)
    parts = weight * away
    if way.chance is not None:  # less what the estimated chances explain of it
        answered = asked["answered"].to_numpy(dtype=float)
        told = way.balanced * (answered - way.chance)[:, None]
        parts = parts - told @ _slopes(told, parts, np.ones(len(told)))
    elif way.balanced is not None:  # what margins explain of it varies with who was asked, the rest with who answered
        explained = way.balanced @ _slopes(way.balanced, away, way.weights)
        parts = explained + way.weights * (away - explained)
    return figure, parts / total


def _slopes(columns: Floats, outcome: Floats, weights: Floats) -> Floats:
    """Slopes of a weighted regression; of columns that are made of others, the smallest that do."""
    weighted = columns * weights[:, None]
    return np.linalg.pinv(weighted.T @ columns, hermitian=True, rcond=1e-12) @ (weighted.T @ outcome)


def spread(parts: Floats, customers: Codes) -> float:
    """The standard error of a sum of parts of which those of one customer (a number from 0) go together."""
    sums = np.sort(np.bincount(customers, parts))
    n = len(sums)
    return float(np.sqrt(n / (n - 1) * ((sums - sums.mean()) ** 2).sum())) if n > 1 else np.nan


def _with_reach(name: str, value: float, error: float, lowest: float) -> dict[str, float]:
    low, high = max(value - Z95 * error, lowest), min(value + Z95 * error, 100.0 if name == "value" else 200.0)
    parts = (value, min(low, value), max(high, value)) if np.isfinite(value) and np.isfinite(error) else [np.nan] * 3
    return in_row(name, parts, digits=9)
