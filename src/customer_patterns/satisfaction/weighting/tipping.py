"""How far the silent would have to lie below those like them for a score to fall to a mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import in_row, normal
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.tables.columns import SCORES
from customer_patterns.satisfaction.weighting.compared import linearized, settled, spread, weighings
from customer_patterns.satisfaction.weighting.tables import (
    ALREADY,
    BEYOND,
    BY_CHANCE,
    HOLDS,
    RAKED,
    TIPPING_POINTS,
    UNSURE,
    WITHIN,
)

Codes = NDArray[np.int64]

#: Marks that a reader thinks in: as many promoters as detractors, every second one content, the middle of the scale.
MARKS: Mapping[str, float] = {"NPS": 0.0, "content": 50.0, "overall": 50.0}
#: The worst that a score can be, in points.
_WORST = {"NPS": -100.0, "content": 0.0, "overall": 0.0}


def tipping_points(
    invited: pd.DataFrame,
    sheets: Sheets,
    margins: Mapping[str, Codes],
    *,
    scenarios: Sequence[float],
    marks: Mapping[str, float] = MARKS,
) -> pd.DataFrame:
    """Find by how many points the silent would have to lie below those like them for each score to fall to a mark.

    Parameters
    ----------
    invited, sheets, margins
        As in :func:`~customer_patterns.satisfaction.weighting.weighted_scores`.
    scenarios
        What is tried: by how many points the silent are taken to lie below.
    marks
        By score the mark, in points.

    Returns
    -------
    DataFrame
        One row per score; columns as in ``TIPPING_POINTS``. Without rows where nobody was asked or too few answered,
        or all answered. ``tips_at`` is below 0 where the score lies below its mark already.

    Notes
    -----
    A pattern-mixture model (Little 1993, J. Am. Stat. Assoc. 88, 125–134): the silent are like those who answered and
    are like them in all that is known, less a shift that nothing can estimate. The score falls by the share of the
    silent for each point of it, so it reaches its mark at (score - mark) / share of the silent: a tipping-point
    analysis (Yan, Lee and Li 2009, J. Biopharmaceutical Statistics 19, 1085–1098). Whether such a shift may be is for
    the reader to judge. It cannot be larger than the worst answers make it.
    """
    asked, value, people = settled(invited, sheets)
    if asked is None:
        return empty(TIPPING_POINTS)
    kept = {name: codes[invited["settled"].to_numpy(dtype=bool)] for name, codes in margins.items()}
    ways = weighings(asked, kept)
    way = ways[RAKED] if ways[RAKED].agreed else ways[BY_CHANCE]
    rows, customers = [], pd.factorize(asked["customer_id"], sort=True)[0]
    for place, score in enumerate(SCORES):
        given = np.isfinite(value[:, place])
        silent = float(1 - given.mean())
        if (
            given.sum() < SMALLEST_CELL
            or people[place] < SMALLEST_CELL
            or not value[given, place].std() > 0
            or not silent
        ):
            continue
        figure, parts = linearized(value[:, place], way, asked)
        mark = float(marks[score])
        tips = (figure - mark) / silent
        # The share of the silent varies as well: the more of them, the sooner the score falls.
        shares = (~given - silent) / len(given)
        tips_error, error = (spread(part, customers) for part in ((parts - tips * shares) / silent, parts))
        row = {"score": score, "mark": mark, "n": int(given.sum()), "silent": silent}
        row |= in_row("value", normal(figure, error), digits=9)
        row |= in_row("tips_at", normal(tips, tips_error), digits=9)
        # Those who are like them cannot answer worse than the worst: on average not by more than their own distance.
        row["verdict"] = _verdict(row, most=figure - _WORST[score], tried=max(scenarios, default=0.0))
        rows.append(row)
    if not rows:
        return empty(TIPPING_POINTS)
    return pd.DataFrame(rows).astype({"score": "str", "n": "Int64", "verdict": "str"})[TIPPING_POINTS.names]


def _verdict(row: Mapping[str, float], *, most: float, tried: float) -> str:
    if row["value"] < row["mark"]:
        return ALREADY
    if row["tips_at_low"] <= 0:
        return UNSURE
    if row["tips_at"] > most:
        return HOLDS
    return WITHIN if row["tips_at_low"] <= tried else BEYOND
