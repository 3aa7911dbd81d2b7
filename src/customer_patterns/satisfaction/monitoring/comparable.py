"""Scores made only of items that all waves read alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from customer_patterns.satisfaction.measurement.tables import NOT_COMPARABLE, PARTLY, WAVES
from customer_patterns.satisfaction.sheets import Sheets


def comparable_between_waves(sheets: Sheets, found: pd.DataFrame) -> Sheets:
    """Leave out what may not be compared between waves.

    Parameters
    ----------
    sheets
        What was answered.
    found
        What :func:`~customer_patterns.satisfaction.measurement.invariance` returns.

    Returns
    -------
    Sheets
        Without the dimensions that are not comparable between waves; of those comparable without some items, scores are
        made of the other items, where at least half of them were answered.
    """
    between = found[found["grouping"] == WAVES].set_index("dimension")
    barred = [name for name in sheets.dimensions if _verdict(between, name) == NOT_COMPARABLE]
    scores = sheets.scores.drop(columns=barred)
    for name in scores.columns:
        if _verdict(between, name) == PARTLY:
            broken = set(str(between.at[name, "items"]).split(", "))
            kept = (sheets.items["dimension"] == name) & ~sheets.items["item_id"].isin(broken)
            points = sheets.points[:, kept.to_numpy()]
            answered = np.isfinite(points).sum(axis=1)
            enough = answered >= np.ceil(points.shape[1] / 2)
            mean = np.nansum(points, axis=1) / np.maximum(answered, 1)
            scores = scores.assign(**{name: np.where(enough, mean, np.nan)})
    return replace(sheets, scores=scores)


def _verdict(between: pd.DataFrame, dimension: str) -> str | None:
    return between.at[dimension, "verdict"] if dimension in between.index else None
