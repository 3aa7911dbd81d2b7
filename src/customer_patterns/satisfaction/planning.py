"""How many to ask, how often: what a survey of this kind can see, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.by_segment import points_of
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.tables import NPS_MEASURE, OVERALL, SURVEY_PLAN

#: A change is to be noticed in so many of such surveys, at 5 % false alarms.
POWER, _CERTAINTY = 0.8, 0.975


def survey_plan(
    sheets: Sheets,
    response_rate: float,
    *,
    margins: Sequence[float] = (3.0, 5.0, 10.0),
    cost_per_invitation: float | None = None,
) -> pd.DataFrame:
    """Work out how many customers must be asked for a wanted precision.

    Parameters
    ----------
    sheets
        What was answered: how much answers vary is taken from it.
    response_rate
        Share of those asked who answer, above 0 and at most 1; missing: how many must be asked is not known.
    margins
        Half-widths of the wanted interval at 95 %, in points.
    cost_per_invitation
        In the study's currency; ``None``: not known.

    Returns
    -------
    DataFrame
        One row per score (the Net Promoter Score, contentment overall) and margin; columns as in ``SURVEY_PLAN``.
        ``change`` is the change between two waves of that size, asked of different customers, that is noticed in four
        of five cases. Without rows where answers are too few or do not vary.

    Raises
    ------
    ValueError
        A margin is not above 0, or the response rate is not a share.

    Notes
    -----
    For a mean with spread s the interval's half-width is 1.96 s / sqrt(n), so n = (1.96 s / margin)²; a difference of
    two such means is noticed with probability .8 from (1.96 + 0.84) s sqrt(2 / n) on (Cochran 1977, Sampling
    Techniques, chapter 4).

    Examples
    --------
    With a spread of 50 points, a margin of 5 needs (1.96 × 50 / 5)² = 385 answers.
    """
    if any(not margin > 0 for margin in margins):
        raise ValueError(f"margins are above 0, not {list(margins)}")
    if np.isfinite(response_rate) and not 0 < response_rate <= 1:
        raise ValueError(f"a response rate is above 0 and at most 1, not {response_rate}")
    rows = []
    for name in (NPS_MEASURE, OVERALL):
        points = points_of(sheets)[name]
        known = points[np.isfinite(points)]
        if len(known) < SMALLEST_CELL or not known.std() > 0:
            continue
        spread = float(known.std(ddof=1))
        for margin in margins:
            n = int(np.ceil((ndtri(_CERTAINTY) * spread / margin) ** 2))
            asked = int(np.ceil(n / response_rate)) if np.isfinite(response_rate) else None
            rows.append(
                {
                    "score_name": name,
                    "margin": float(margin),
                    "spread": spread,
                    "answers": n,
                    "asked": asked,
                    "cost": np.nan if asked is None or cost_per_invitation is None else asked * cost_per_invitation,
                    "change": (ndtri(_CERTAINTY) + ndtri(POWER)) * spread * np.sqrt(2 / n),
                    "n": len(known),
                }
            )
    if not rows:
        return empty(SURVEY_PLAN)
    return pd.DataFrame(rows).astype({"answers": "Int64", "asked": "Int64", "n": "Int64"})[SURVEY_PLAN.names]


def response_rate(survey_waves: pd.DataFrame) -> float:
    """Share of those asked who answered, over all closed waves; NaN where nobody knows."""
    closed = survey_waves[(survey_waves["status"] == "closed") & survey_waves["answered"].notna()]
    asked = float(closed["n"].sum())
    return float(closed["answered"].sum()) / asked if asked and closed["answered"].sum() else np.nan
