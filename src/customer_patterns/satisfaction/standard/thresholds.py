"""Shares counted from a threshold on: what part of an old answer lies beyond it on the new scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from customer_patterns.satisfaction.standard.equating import linear

if TYPE_CHECKING:
    from customer_patterns.satisfaction.standard.joined import Replaced

Floats = NDArray[np.float64]

#: The scale of the question whether one recommends; from which answer on one promotes, and up to which one detracts.
RECOMMENDATION_SCALE, PROMOTER, DETRACTOR = (0, 10), 9, 6


def part_above(old: ArrayLike, new: ArrayLike, cut: int, *, by: str = "equipercentile") -> Floats:
    """Say which part of those who gave each old answer would give at least a certain one on the new scale.

    An old answer is coarse: people who gave it lie over several answers of the new scale. A share from a threshold on,
    such as that of promoters, wants the part of them beyond it, not the side on which their middle lies.

    Parameters
    ----------
    old, new
        How many answered each step, from the lowest, on both scales; one row, or one row per resample.
    cut
        The step of the new scale, counted from 0, from which on one counts.
    by
        ``equipercentile``: as many are beyond the threshold as on the new scale, the best answers first. ``linear``:
        each old step is spread evenly over as much of the new scale as it takes there.

    Returns
    -------
    ndarray
        One part per old step, from 0 to 1; it never falls from step to step.

    Notes
    -----
    The percentile ranks of :func:`~customer_patterns.satisfaction.standard.equating.equipercentile`, read at a
    threshold (Kolen and Brennan 2014, Test Equating, Scaling, and Linking, chapter 2).

    Examples
    --------
    Three of ten give the best of four answers, and two of ten one of the two best of eleven: of the three, two.

    >>> part_above([2, 2, 3, 3], [0, 0, 0, 0, 0, 0, 4, 2, 2, 1, 1], 9).round(4).tolist()
    [0.0, 0.0, 0.0, 0.6667]
    """
    f, g = (np.atleast_2d(np.asarray(counts, dtype=float)) for counts in (old, new))
    if by == "linear":
        steps = linear(f, g)
        # Half a step to either side; where all steps lie in one place they are on one side.
        width = np.maximum(np.diff(steps, axis=1).mean(axis=1, keepdims=True), 1e-9)
        parts = (steps + width / 2 - (cut - 0.5)) / width
    else:
        with np.errstate(invalid="ignore", divide="ignore"):
            below = g[:, :cut].sum(axis=1, keepdims=True) / g.sum(axis=1, keepdims=True)
            high = np.cumsum(f, axis=1) / f.sum(axis=1, keepdims=True)
            own = f / f.sum(axis=1, keepdims=True)
            parts = np.where(own > 0, (high - below) / own, (high > below).astype(float))
    parts = np.clip(parts, 0.0, 1.0)
    return parts[0] if np.ndim(old) == 1 else parts


def with_parts(rows: pd.DataFrame, asked: pd.DataFrame, replaced: tuple[Replaced, ...]) -> pd.DataFrame:
    """Count carried answers beyond a threshold by their part of it.

    Parameters
    ----------
    rows
        One row per sheet: ``wave``, ``customer_id``, ``content``, ``recommendation``.
    asked
        One row per item that is left: ``item_id``, ``role``.
    replaced
        What was replaced.

    Returns
    -------
    DataFrame
        The same; where an answer was carried over a bridge ``content`` is the part that gave one of the two best, and
        ``promotes`` and ``detracts`` the parts that promote and detract. These two are there only if the question
        whether one recommends was carried over.
    """
    for one in replaced:
        first = asked.loc[asked["role"] == one.about, "item_id"]
        if one.link is None or not one.link.holds or first.empty or str(first.iloc[0]) != one.new:
            continue
        keys = pd.MultiIndex.from_arrays([rows["wave"].astype(str), rows["customer_id"].astype(str)])
        place = keys.get_indexer(pd.MultiIndex.from_arrays([one.waves.astype(str), one.customers.astype(str)]))
        step = one.link.step_of(one.answers)
        if one.about == "overall":
            content = rows["content"].to_numpy(dtype=float).copy()
            part = one.link.above(one.link.scale[1] - 1)[0][step]
            content[place] = np.where(np.isnan(content[place]), np.nan, part)
            rows = rows.assign(content=content)
        elif one.about == "recommendation" and one.link.scale == RECOMMENDATION_SCALE:
            promotes, detracts = recommending(rows)
            promotes[place] = one.link.above(PROMOTER)[0][step]
            detracts[place] = 1 - one.link.above(DETRACTOR + 1)[0][step]
            rows = rows.assign(promotes=promotes, detracts=detracts)
    return rows


def recommending(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Say which sheets promote, and which detract: 1 or 0, of a carried answer a part; NaN where not answered."""
    if "promotes" in rows:
        return rows["promotes"].to_numpy(dtype=float).copy(), rows["detracts"].to_numpy(dtype=float).copy()
    answer = rows["recommendation"].to_numpy(dtype=float)
    known = np.isfinite(answer)
    return np.where(known, answer >= PROMOTER, np.nan), np.where(known, answer <= DETRACTOR, np.nan)
