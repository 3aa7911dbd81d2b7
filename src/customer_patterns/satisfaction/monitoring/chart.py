"""A control chart: has a score moved beyond the noise of who happened to answer?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import Z95, bounded, in_row, normal
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.by_segment import points_of
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.standard.carried import added_error
from customer_patterns.satisfaction.tables.answers import AS_BEFORE, CONTROL_CHART, HIGHER, LOWER, NO_BEFORE, NOT_ENOUGH

Floats = NDArray[np.float64]

#: From so many earlier waves on it is known how much waves differ beyond who happened to answer.
FEWEST_FOR_SPREAD = 5


def control_chart(sheets: Sheets, *, level: float = 0.05) -> pd.DataFrame:
    """Hold each wave's scores against all waves before it.

    Parameters
    ----------
    sheets
        Scores that may be compared between waves.
    level
        Share of alerts that may be false.

    Returns
    -------
    DataFrame
        One row per score and wave, waves in the order of their last answers; columns as in ``CONTROL_CHART``. The
        limits hold nineteen of twenty waves that are as those before. An alert is said of the waves of all scores
        together (Benjamini and Yekutieli 2001), so it is rarer than a score beyond its limits.

    Notes
    -----
    Shewhart (1931), with limits from the sampling errors of the wave and of the center, since waves have few or many
    answers; where five or more waves came before, the spread between them is added (Laney 2002, Quality Engineering 14,
    531–537, for the same reason: with many answers every wave would be beyond limits of sampling alone). Customers who
    answer in several waves make a wave more like those before than is reckoned with: limits are then too wide, alerts
    too few.
    """
    names = sheets.rows["wave"].astype("str")
    ends = sheets.rows["answered_on"].groupby(names).max()
    waves = sorted(ends.index, key=lambda name: (ends[name], name))
    rows = []
    for score, points in points_of(sheets).items():
        if not np.isfinite(points).any():
            continue  # never asked
        before: list[tuple[float, float]] = []
        for wave in waves:
            own = points[(names == wave).to_numpy() & np.isfinite(points)]
            row = {"score_name": score, "wave": wave, "n": len(own)} | _held(
                own, before, added_error(sheets, score, wave)
            )
            rows.append(row)
            if np.isfinite(row["score"]):
                before.append((row["score"], row["error"]))
    if not rows:
        return empty(CONTROL_CHART)
    table = pd.DataFrame(rows).astype({"score_name": "str", "wave": "str", "n": "Int64"})
    tested = table["p_value"].notna().to_numpy()
    adjusted = np.full(len(table), np.nan)
    if tested.any():
        adjusted[tested] = benjamini_yekutieli(table.loc[tested, "p_value"].to_numpy(dtype=float))
    moved = np.where(table["score"] > table["center"], HIGHER, LOWER)
    verdict = np.where(adjusted <= level, moved, AS_BEFORE)
    verdict = np.where(tested, verdict, np.where(table["score"].notna(), NO_BEFORE, NOT_ENOUGH))
    return table.assign(adjusted_p=adjusted, verdict=pd.Series(verdict, dtype="str"))[CONTROL_CHART.names]


def _held(own: Floats, before: list[tuple[float, float]], added: float) -> dict[str, float]:
    """A wave's score with its interval, and the center and limits that the waves before give.

    ``added`` is the error of answers that were carried over from another scale.
    """
    names = ("center", "limit_low", "limit_high", *bounded("moved"), "error", "p_value")
    row = dict.fromkeys((*names, *bounded("score")), np.nan)
    if len(own) < SMALLEST_CELL or not own.std() > 0:
        return row
    score, error = float(own.mean()), float(np.hypot(own.std(ddof=1) / np.sqrt(len(own)), added))
    row |= in_row("score", normal(score, error)) | {"error": error}
    if not before:
        return row
    values, errors = np.array(before).T
    between = 0.0
    if len(values) >= FEWEST_FOR_SPREAD:
        # What waves differ by beyond their sampling errors (DerSimonian and Laird's moment, equal weights).
        between = max(float(values.var(ddof=1) - np.mean(errors**2)), 0.0)
    weights = 1 / (errors**2 + between)
    center = float(values @ weights / weights.sum())
    spread = float(np.sqrt(error**2 + between + 1 / weights.sum()))
    reach, moved = Z95 * spread, score - center
    row |= {"center": center, "limit_low": center - reach, "limit_high": center + reach}
    row |= {"moved": moved, "moved_low": moved - reach, "moved_high": moved + reach}
    return row | {"p_value": float(2 * ndtr(-abs(score - center) / spread))}


def latest(table: pd.DataFrame) -> pd.DataFrame:
    """The last wave of each score that could be held against others."""
    return table[table["center"].notna()].groupby("score_name", sort=False).tail(1).reset_index(drop=True)
