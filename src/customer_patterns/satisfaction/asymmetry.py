"""Does it hurt more to do badly than it helps to do well? Penalties and rewards of each dimension."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import renamed, with_interval
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.drivers import MOST_OF_ALL
from customer_patterns.satisfaction.resampling import covariances, moment_sums, resampled
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.tables.drivers import (
    ABOVE,
    ASYMMETRY,
    BELOW,
    DELIGHT,
    MUST_BE,
    NO_EFFECT,
    PERFORMANCE,
)

Floats = NDArray[np.float64]

#: Share of dimensions that may be named wrongly as one or the other.
LEVEL = 0.05


def penalties_and_rewards(sheets: Sheets, *, fewest: int = 100) -> pd.DataFrame:
    """Estimate by how much contentment overall falls below, and rises above, a middling score of each dimension.

    Parameters
    ----------
    sheets
        What :func:`~customer_patterns.satisfaction.sheets.answer_sheets` returns; sheets with ``overall`` and a score
        in every dimension are used, of all waves together.
    fewest
        With fewer such sheets, or fewer below or above the middle of a dimension, nothing is estimated.

    Returns
    -------
    DataFrame
        One row per dimension, in the survey's order; columns as in ``ASYMMETRY``. Points of contentment overall per
        ten points of the dimension: ``penalty`` below its median, ``reward`` above. Intervals resample customers,
        medians as they are. Without rows where there are too few sheets, or nothing varies.

    Notes
    -----
    All dimensions enter one regression, each with a slope below its median and one above (Anderson and Mittal 2000,
    J. of Service Research 3, 107–120), instead of two dummies each (Brandt 1987), which throws away how far below. A
    must-be dimension punishes more than it rewards, one that delights rewards more; which one it is, is tested for all
    dimensions together (Benjamini and Yekutieli 2001). Kano and others (1984) ask for it directly; answers to such
    questions are not used here.
    """
    scores, overall = sheets.scores.to_numpy(dtype=float), sheets.rows["overall"].to_numpy(dtype=float)
    whole = np.isfinite(scores).all(axis=1) & np.isfinite(overall)
    scores, overall = scores[whole], overall[whole]
    customers, k = sheets.rows["customer_id"].to_numpy()[whole], scores.shape[1]
    if not 1 <= k <= MOST_OF_ALL or len(scores) < fewest:
        return empty(ASYMMETRY)
    middle = np.median(scores, axis=0)
    below, above = np.minimum(scores - middle, 0), np.maximum(scores - middle, 0)
    if min((below < 0).sum(axis=0).min(), (above > 0).sum(axis=0).min()) < fewest / 2:
        return empty(ASYMMETRY)
    columns = np.column_stack([below, above, overall]) / 10  # so slopes are per ten points, and sums stay small
    found, drawn = resampled(moment_sums(columns, customers), lambda sums: _slopes(sums, k))
    if np.isnan(found.low).any():
        return empty(ASYMMETRY)
    table = pd.DataFrame({"dimension": sheets.dimensions, "n": len(scores), "middle": middle})
    for place, measure in enumerate(("penalty", "reward", "asymmetry")):
        table = with_interval(table, measure, found.part(slice(place * k, (place + 1) * k)))
    apart, none = (_p_values(found.value[part], drawn[:, part]) for part in (slice(2 * k, None), slice(0, 2 * k)))
    apart = benjamini_yekutieli(apart) <= LEVEL
    moves = (benjamini_yekutieli(none) <= LEVEL).reshape(2, k).any(axis=0)
    kind = np.where(apart, np.where(table["asymmetry"] < 0, MUST_BE, DELIGHT), np.where(moves, PERFORMANCE, NO_EFFECT))
    return table.assign(kind=pd.Series(kind, dtype="str")).astype({"dimension": "str", "n": "Int64"})[ASYMMETRY.names]


def _slopes(sums: Floats, k: int) -> Floats:
    """Penalties, rewards, and rewards less penalties, in points per ten points: one row per row of sums."""
    matrices = covariances(sums)
    own, outcome = matrices[:, :-1, :-1], matrices[:, :-1, -1:]
    slopes = np.full((len(sums), 2 * k), np.nan)
    usable = (np.einsum("rkk->rk", matrices) > 0).all(axis=1)
    slopes[usable] = 10 * (np.linalg.pinv(own[usable], hermitian=True, rcond=1e-10) @ outcome[usable])[:, :, 0]
    return np.hstack([slopes, slopes[:, k:] - slopes[:, :k]])


def _p_values(value: Floats, drawn: Floats) -> Floats:
    """Two-sided, by the spread of the resamples."""
    error = np.nanstd(drawn, axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(2 * ndtr(-np.abs(value) / error), nan=1.0)


def drawn_slopes(table: pd.DataFrame) -> pd.DataFrame:
    """Put penalty and reward of each dimension below each other, to be drawn: ``dimension``, ``side``, ``slope``."""
    parts = []
    for side, measure in ((BELOW, "penalty"), (ABOVE, "reward")):
        columns = renamed(measure, "slope")
        parts.append(table[["dimension", *columns]].rename(columns=columns).assign(side=side))
    both = pd.concat(parts, ignore_index=True)
    place = {name: number for number, name in enumerate(table["dimension"])}
    return both.sort_values("dimension", key=lambda column: column.map(place), kind="stable", ignore_index=True)
