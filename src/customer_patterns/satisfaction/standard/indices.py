"""The usual indices side by side, each as it was published: what it asks, of how many, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import bounded, in_row
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.resampling import covariances, moments, resampled, sums_of
from customer_patterns.satisfaction.standard.acsi import acsi_index, outer_weights
from customer_patterns.satisfaction.standard.carried import added_error, widened
from customer_patterns.satisfaction.standard.tables import (
    AS_PUBLISHED,
    CES_INDEX,
    CSAT_INDEX,
    EQUAL_WEIGHTS,
    INDEX_NAMES,
    INDICES,
    NOT_ASKED,
    NPS_INDEX,
    ONE_QUESTION,
    OTHER_SCALE,
    TOO_FEW,
)
from customer_patterns.satisfaction.tables.columns import ALL_WAVES, OVERALL

if TYPE_CHECKING:
    from customer_patterns.estimates import Interval
    from customer_patterns.satisfaction.sheets import Sheets

Floats = NDArray[np.float64]

#: The scale on which customer effort was published, and those of the questions of satisfaction.
_EFFORT_SCALE, _SATISFACTION_SCALE, _RECOMMENDATION_SCALE = (1, 7), (1, 10), (0, 10)
_SATISFACTION_ITEMS = 3
#: Of fewer possible answers the two best say nothing.
_FEWEST_STEPS = 4
#: With fewer whole sheets the questions of satisfaction all weigh the same.
_FEWEST_FOR_WEIGHTS = 100


def standard_indices(sheets: Sheets, nps: pd.DataFrame, csat: pd.DataFrame) -> pd.DataFrame:
    """Estimate the usual indices over all waves.

    Parameters
    ----------
    sheets
        What :func:`~customer_patterns.satisfaction.sheets.answer_sheets` returns.
    nps, csat
        What ``nps_by_wave`` and ``csat_by_wave`` of :mod:`~customer_patterns.satisfaction.scores`
        return of the same sheets.

    Returns
    -------
    DataFrame
        One row per index, also of those that nobody was asked for; columns as in ``INDICES``. Intervals resample
        customers. Without rows where nothing was asked that an index needs.

    Notes
    -----
    NPS: Reichheld (2003). Content: one of the two best answers. Ease: the mean of how easy it was, published on 1 to 7
    (Dixon, Freeman and Toman 2010, Harvard Business Review 88(7/8), 116–122; worded as an agreement since 2013). The
    satisfaction index: :func:`~customer_patterns.satisfaction.standard.acsi.acsi_index` of three questions from 1 to
    10, weighed by partial least squares; with one question it is that question's mean.
    """
    if sheets.single_items is None or sheets.single_items.empty or sheets.rows.empty:
        return empty(INDICES)
    known = {NPS_INDEX: (nps, "nps", 1.0), CSAT_INDEX: (csat, "csat", 100.0)}
    rows = [_index(sheets, name, known.get(name)) for name in INDEX_NAMES]
    kinds = {"items": "Int64", "n": "Int64", "customers": "Int64"}
    return pd.DataFrame(rows).astype(kinds)[INDICES.names]


def _index(sheets: Sheets, name: str, estimated: tuple[pd.DataFrame, str, float] | None) -> dict[str, object]:
    role = {NPS_INDEX: "recommendation", CES_INDEX: "effort"}.get(name, "overall")
    items = sheets.single_items[(sheets.single_items["role"] == role).to_numpy()]
    row: dict[str, object] = {"index_name": name, "items": len(items), "n": None, "customers": None}
    row |= dict.fromkeys((*bounded("value"), "as_asked"), np.nan)
    if items.empty:
        return row | {"verdict": NOT_ASKED}
    scales = {tuple(map(int, scale)) for scale in items[["scale_low", "scale_high"]].to_numpy()}
    if estimated is not None:
        other = name == NPS_INDEX and scales != {_RECOMMENDATION_SCALE}
        other |= name == CSAT_INDEX and min(high - low for low, high in scales) < _FEWEST_STEPS - 1
        return row | {"items": 1} | _pooled(sheets, name, *estimated, OTHER_SCALE if other else TOO_FEW)
    points = sheets.single_points[:, items.index]
    asked = _asked(points, items)
    if name == CES_INDEX:
        return row | _mean(sheets, points, asked, AS_PUBLISHED if scales == {_EFFORT_SCALE} else OTHER_SCALE)
    if len(items) == 1:
        return row | _mean(sheets, points, asked, ONE_QUESTION, added_error(sheets, OVERALL, ALL_WAVES))
    published = scales == {_SATISFACTION_SCALE} and len(items) == _SATISFACTION_ITEMS
    return row | _weighed(sheets, points, asked, AS_PUBLISHED if published else OTHER_SCALE)


def _pooled(
    sheets: Sheets, name: str, table: pd.DataFrame, measure: str, times: float, otherwise: str
) -> dict[str, object]:
    """What another table has estimated of all waves together."""
    row = table[table["wave"] == ALL_WAVES]
    if row.empty or pd.isna(row[measure].iloc[0]):
        return {"verdict": otherwise}
    row = row.iloc[0]
    figures = in_row("value", (times * float(row[name]) for name in bounded(measure)), digits=9)
    mean = float(sheets.rows["recommendation"].mean()) if name == NPS_INDEX else np.nan
    counts = {"n": int(row["n"]), "customers": int(row["customers"])}
    return {**counts, **figures, "as_asked": round(mean, 9), "verdict": AS_PUBLISHED}


def _mean(sheets: Sheets, points: Floats, asked: Floats | None, verdict: str, added: float = 0.0) -> dict[str, object]:
    """The mean over the items of a sheet, and over sheets."""
    value = _row_mean(points)
    known = np.isfinite(value)
    people = sheets.rows["customer_id"].to_numpy()[known]
    if len(np.unique(people)) < SMALLEST_CELL:
        return {"verdict": TOO_FEW}
    found, _ = resampled(
        sums_of(np.column_stack([np.ones(known.sum()), value[known]]), people), lambda s: s[:, 1:] / s[:, :1]
    )
    return _said(found, known, people, None if asked is None else _row_mean(asked)[known], verdict, added)


def _weighed(sheets: Sheets, points: Floats, asked: Floats, verdict: str) -> dict[str, object]:
    """The index of several questions, with weights made anew in each resample."""
    beside = np.column_stack([sheets.scores.to_numpy(dtype=float), sheets.rows["recommendation"].to_numpy(dtype=float)])
    beside = beside[:, np.isfinite(beside).any(axis=0)]
    both = np.column_stack([points, beside])
    known, k = np.isfinite(both).all(axis=1), points.shape[1]
    if known.sum() < _FEWEST_FOR_WEIGHTS:
        return _mean(sheets, points, asked, EQUAL_WEIGHTS)
    people = sheets.rows["customer_id"].to_numpy()[known]

    def figure(sums: Floats) -> Floats:
        means = sums[:, 1 : k + 1] / sums[:, :1]
        return acsi_index(means, outer_weights(covariances(sums), k), lowest=0.0, highest=100.0)[:, None]

    found, _ = resampled(sums_of(moments(both[known]), people), figure)
    return _said(found, known, people, _row_mean(asked)[known], verdict)


def _said(
    found: Interval, known: NDArray[np.bool_], people: NDArray, asked: Floats | None, verdict: str, added: float = 0.0
) -> dict[str, object]:
    value, low, high = (float(part[0]) for part in found)
    if not (np.isfinite(low) and high > low):
        return {"verdict": TOO_FEW}
    value, low, high = (float(part[0]) for part in widened(found, [added]))
    mean = np.nan if asked is None else round(float(asked.mean()), 9)
    figures = {"value": value, "value_low": low, "value_high": high, "as_asked": mean}
    return {"n": int(known.sum()), "customers": len(np.unique(people)), "verdict": verdict, **figures}


def _asked(points: Floats, items: pd.DataFrame) -> Floats:
    """Points as answers on the items' own scales, the best answer highest."""
    low, high = (items[end].to_numpy(dtype=float) for end in ("scale_low", "scale_high"))
    return low + points * (high - low) / 100


def _row_mean(points: Floats) -> Floats:
    """Mean of the items where all were answered."""
    return points.mean(axis=1)
