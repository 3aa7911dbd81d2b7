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
from customer_patterns.satisfaction.tables.answers import BY_BUDGET, BY_REST, SURVEY_PLAN
from customer_patterns.satisfaction.tables.columns import NPS_MEASURE, OVERALL

#: A change is to be noticed in so many of such surveys, at 5 % false alarms.
POWER, _CERTAINTY = 0.8, 0.975
_YEAR = 365


def survey_plan(
    sheets: Sheets,
    response_rate: float,
    *,
    margins: Sequence[float] = (3.0, 5.0, 10.0),
    reachable: int | None = None,
    rest_days: int = 90,
    cost_per_invitation: float | None = None,
    yearly_budget: float | None = None,
) -> pd.DataFrame:
    """Work out how many customers must be asked for a wanted precision, and how often that can be done.

    Parameters
    ----------
    sheets
        What was answered: how much answers vary is taken from it.
    response_rate
        Share of those asked who answer, above 0 and at most 1; missing: how many must be asked is not known.
    margins
        Half-widths of the wanted interval at 95 %, in points.
    reachable
        How many customers can be asked at all; ``None``: not known.
    rest_days
        Nobody is asked again within so many days.
    cost_per_invitation, yearly_budget
        In the study's currency; ``None``: not known, no limit.

    Returns
    -------
    DataFrame
        One row per score (the Net Promoter Score, contentment overall) and margin; columns as in ``SURVEY_PLAN``.
        ``change`` is the change between two waves of that size, asked of different customers, that is noticed in four
        of five cases. ``apart`` is the shortest time between two waves that both limits allow: nobody is asked again
        within ``rest_days``, and a year costs no more than its budget; missing where one such wave asks more than can
        be reached, or costs more than a year may. Without rows where answers are too few or do not vary.

    Raises
    ------
    ValueError
        A margin or the days of rest are not above 0, or the response rate is not a share.

    Notes
    -----
    For a mean with spread s the interval's half-width is 1.96 s / sqrt(n), so n = (1.96 s / margin)²; a difference of
    two such means is noticed with probability .8 from (1.96 + 0.84) s sqrt(2 / n) on (Cochran 1977, Sampling
    Techniques, chapter 4). Those who can be reached are asked in turns, as in a rotating panel (Duncan and Kalton 1987,
    International Statistical Review 55, 97–117): where they suffice for k whole waves, whoever was asked rests for k
    waves, so a k-th of the days of rest must lie between two.

    Examples
    --------
    With a spread of 50 points, a margin of 5 needs (1.96 × 50 / 5)² = 385 answers.
    """
    if any(not margin > 0 for margin in margins):
        raise ValueError(f"margins are above 0, not {list(margins)}")
    if not rest_days > 0:
        raise ValueError(f"days of rest are above 0, not {rest_days}")
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
            cost = np.nan if asked is None or cost_per_invitation is None else asked * cost_per_invitation
            apart, limit = _apart(asked, cost, reachable, rest_days, yearly_budget)
            rows.append(
                {
                    "score_name": name,
                    "margin": float(margin),
                    "spread": spread,
                    "answers": n,
                    "asked": asked,
                    "cost": cost,
                    "apart": apart,
                    "limited_by": limit,
                    "yearly_cost": cost * _YEAR / apart if apart is not None else np.nan,
                    "change": (ndtri(_CERTAINTY) + ndtri(POWER)) * spread * np.sqrt(2 / n),
                    "n": len(known),
                }
            )
    if not rows:
        return empty(SURVEY_PLAN)
    whole = dict.fromkeys(("answers", "asked", "apart", "n"), "Int64")
    return pd.DataFrame(rows).astype(whole)[SURVEY_PLAN.names]


def _apart(
    asked: int | None, cost: float, reachable: int | None, rest_days: int, budget: float | None
) -> tuple[int | None, str | None]:
    """Fewest days between two waves of so many, and what holds them back; none where one wave alone is too much."""
    if asked is None or reachable is None or asked > reachable:
        return None, None
    by_rest = int(np.ceil(rest_days / (reachable // asked)))
    if budget is None or not np.isfinite(cost):
        return by_rest, BY_REST
    if cost > budget:
        return None, BY_BUDGET
    by_budget = int(np.ceil(_YEAR * cost / budget))
    return (by_budget, BY_BUDGET) if by_budget > by_rest else (by_rest, BY_REST)


def response_rate(survey_waves: pd.DataFrame) -> float:
    """Share of those asked who answered, over all closed waves; NaN where nobody knows."""
    closed = survey_waves[(survey_waves["status"] == "closed") & survey_waves["answered"].notna()]
    asked = float(closed["n"].sum())
    return float(closed["answered"].sum()) / asked if asked and closed["answered"].sum() else np.nan
