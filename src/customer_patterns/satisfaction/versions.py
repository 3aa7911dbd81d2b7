"""What the scores would be if those who did not answer were like those who did, or were less content."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.answering import weighting_classes
from customer_patterns.satisfaction.resampling import resampled, sums_of
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.standard.carried import added_error, widened
from customer_patterns.satisfaction.standard.thresholds import recommending
from customer_patterns.satisfaction.tables.columns import ALL_WAVES, SCORES
from customer_patterns.satisfaction.tables.unanswered import SCORE_VERSIONS, SILENT_SCENARIOS

Floats = NDArray[np.float64]

#: The worst that NPS, the share of content customers and the mean can be, in points.
_WORST = np.array([-100.0, 0.0, 0.0])


def score_versions(
    invited: pd.DataFrame, sheets: Sheets, *, classes: int = 5, scenarios: Sequence[float] = (0, 5, 10, 20)
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate the scores of all who were asked: as answered, weighted, without straight-liners, and under scenarios.

    Parameters
    ----------
    invited
        What :func:`~customer_patterns.satisfaction.nonresponse.invitations` returns; settled invitations are used.
    sheets
        What was answered; sheets without an invitation do not count here.
    classes
        As in :func:`~customer_patterns.satisfaction.answering.weighting_classes`.
    scenarios
        By how many points those who did not answer are taken to lie below those of their class who did.

    Returns
    -------
    tuple of DataFrame
        One row per score and version; columns as in ``SCORE_VERSIONS``. One row per score and scenario; columns as in
        ``SILENT_SCENARIOS``. Both without rows where nobody was asked, or too few answered.

    Notes
    -----
    Weighted means give each class of invitations its share of all that were sent (post-stratification, Holt and Smith
    1979, J. R. Stat. Soc. A 142, 33–46). The shares and the response are made anew in each resample of customers; the
    classes stay. Scenarios are a pattern-mixture model with a declared shift (Little 1993, J. Am. Stat. Assoc. 88,
    125–134): what the silent think cannot be estimated, only assumed. ``effective_n`` is Kish's (1965, Survey
    Sampling): as many answers as would give the same precision, had all the same weight.
    """
    asked = invited[invited["settled"].astype(bool)].reset_index(drop=True)
    number = weighting_classes(asked, classes=classes)
    asked, number = asked[number >= 0].reset_index(drop=True), number[number >= 0]
    if asked.empty:
        return empty(SCORE_VERSIONS), empty(SILENT_SCENARIOS)
    scores, straight = points_of_invitations(asked, sheets)
    k, m = int(number.max()) + 1, scores.shape[1]
    member = (number[:, None] == np.arange(k)).astype(float)
    given, value = np.isfinite(scores), np.where(np.isfinite(scores), scores, 0.0)
    columns = [member]
    for kept in (np.ones(len(asked)), (~straight).astype(float)):
        for part in (given.astype(float), value):
            columns += [member * (kept * part[:, s])[:, None] for s in range(m)]
    sums = sums_of(np.column_stack(columns), asked["customer_id"].to_numpy())
    people = _people(asked, scores, straight)

    def split(total: Floats) -> tuple[Floats, Floats, Floats]:
        """Invitations by class; answers and their sum by class, for each score, with all and without some."""
        sent, rest = total[:, :k], total[:, k:].reshape(len(total), 2, 2, m, k)
        return sent, rest[:, :, 0], rest[:, :, 1]

    def figures(total: Floats) -> Floats:
        sent, answers, points = split(total)
        raw, without = (points[:, v].sum(axis=2) / answers[:, v].sum(axis=2) for v in (0, 1))
        share = (sent / sent.sum(axis=1, keepdims=True))[:, None, :]
        weighted = (share * points[:, 0] / answers[:, 0]).sum(axis=2)
        silent = 1 - answers[:, 0].sum(axis=2) / sent.sum(axis=1, keepdims=True)
        shifted = [np.maximum(weighted - silent * scenario, _WORST) for scenario in scenarios]
        return np.hstack([raw, weighted, without, weighted - raw, without - raw, *shifted])

    found, _ = resampled(sums, figures)
    spread = np.isfinite(found.low) & (found.high > found.low)  # answers that are all alike allow no interval
    rows = np.where(spread, np.vstack(found), np.nan).reshape(3, -1, m)
    sent, answers, _ = split(sums.sum(axis=0, keepdims=True))
    effective = _effective(sent[0], answers[0, 0])
    counts = answers[0].sum(axis=2)
    versions, added = [], np.array([added_error(sheets, score, ALL_WAVES) for score in SCORES])
    for place, lowest in enumerate(_WORST):
        reach = slice(None), [0, 1, 2, *range(5, rows.shape[1])], place
        rows[reach] = np.vstack(widened(Interval(*rows[reach]), added[place], lowest=lowest))
    for place, score in enumerate(SCORES):
        for version, at, shift, of in (
            ("as answered", 0, None, 0),
            ("weighted by past behavior", 1, 3, 0),
            ("without straight-liners", 2, 4, 1),
        ):
            n = int(counts[of, place])
            line = {"score": score, "version": version, "n": n, "customers": int(people[of, place])}
            line["effective_n"] = float(effective[place]) if at == 1 else float(n)
            versions.append(line | _three("value", rows[:, at, place]) | _three("shift", _at(rows, shift, place)))
    shifted = [
        {"score": score, "points_below": float(scenario), "n": int(counts[0, place])}
        | _three("value", rows[:, 5 + number_, place])
        for place, score in enumerate(SCORES)
        for number_, scenario in enumerate(scenarios)
    ]
    versions, shifted = pd.DataFrame(versions), pd.DataFrame(shifted)
    some = counts[0] >= SMALLEST_CELL
    keep = [score for score, enough in zip(SCORES, some, strict=True) if enough]
    versions, shifted = (t[t["score"].isin(keep)].reset_index(drop=True) for t in (versions, shifted))
    return versions[SCORE_VERSIONS.names], shifted[SILENT_SCENARIOS.names]


def points_of_invitations(asked: pd.DataFrame, sheets: Sheets) -> tuple[Floats, NDArray[np.bool_]]:
    """Each invitation's scores in points (NaN where not given), and whether its sheet was filled in straight."""
    rows = sheets.rows
    promotes, detracts = recommending(rows)
    points = pd.DataFrame(
        {
            "wave": rows["wave"],
            "customer_id": rows["customer_id"],
            "nps": 100.0 * (promotes - detracts),
            "csat": 100.0 * rows["content"],
            "overall": rows["overall"],
            "straight": rows["straight_lined"].astype(float),
        }
    )
    joined = asked[["wave", "customer_id"]].merge(points, "left", ["wave", "customer_id"], validate="one_to_one")
    return joined[["nps", "csat", "overall"]].to_numpy(dtype=float), (joined["straight"] == 1).to_numpy()


def _people(asked: pd.DataFrame, scores: Floats, straight: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many customers stand behind each score, with all sheets and without the straight ones."""
    ids = asked["customer_id"].to_numpy()
    return np.array(
        [
            [len(np.unique(ids[np.isfinite(scores[:, s]) & kept])) for s in range(scores.shape[1])]
            for kept in (np.ones(len(ids), dtype=bool), ~straight)
        ]
    )


def _effective(sent: Floats, answers: Floats) -> Floats:
    """Kish's effective number of answers, per score."""
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = sent / answers
        return (weight * answers).sum(axis=1) ** 2 / (weight**2 * answers).sum(axis=1)


def _at(rows: Floats, place: int | None, score: int) -> Floats:
    return np.full(3, np.nan) if place is None else rows[:, place, score]


def _three(name: str, values: Floats) -> dict[str, float]:
    return {f"{name}{end}": float(value) for end, value in zip(("", "_low", "_high"), values, strict=True)}
