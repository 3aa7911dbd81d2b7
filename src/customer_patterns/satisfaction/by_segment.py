"""How content the customers of each segment are, and whether segments differ beyond chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import bootstrap_ratio, bounded
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL, suppress
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.standard.thresholds import recommending
from customer_patterns.satisfaction.tables.columns import NPS_MEASURE, OVERALL
from customer_patterns.satisfaction.tables.done import SEGMENT_SCORES

Floats = NDArray[np.float64]

GROUPINGS = ("value_level", "tier")
VALUE_LEVELS = ("high", "potential", "ordinary")


def segment_scores(
    sheets: Sheets,
    customer_segments: pd.DataFrame,
    *,
    grouping: str = GROUPINGS[0],
    min_group: int = 30,
    level: float = 0.05,
) -> pd.DataFrame:
    """Estimate each segment's scores, and test each against all other customers.

    Parameters
    ----------
    sheets
        What was answered, all waves together.
    customer_segments
        One row per customer: ``customer_id``, ``value_level``, ``tier``. Customers without a row are in no segment.
    grouping
        Which of the two comes first.
    min_group
        Segments of fewer customers who answered are not shown, nor those from which they could be worked out.
    level
        Up to which adjusted p-value a segment stands out.

    Returns
    -------
    DataFrame
        One row per grouping, segment (value levels from high on, tiers by name) and score (``"NPS"``, ``"overall"``,
        the dimensions); columns as in ``SEGMENT_SCORES``. Intervals resample customers. ``adjusted_p`` is Benjamini
        and Yekutieli's over all rows that are compared. Without rows where nobody who answered is in a segment.

    Raises
    ------
    ValueError
        ``min_group`` is below the smallest cell that may be shown, or there is no such grouping.

    Notes
    -----
    Benjamini and Yekutieli (2001), The Annals of Statistics 29, 1165–1188: false discovery under any dependence, which
    scores of the same customers have. Test: difference of two means by its standard error over customers (Liang and
    Zeger 1986, Biometrika 73, 13–22).
    """
    if min_group < SMALLEST_CELL:
        raise ValueError(f"groups of fewer than {SMALLEST_CELL} customers are never shown; min_group is {min_group}")
    if grouping not in GROUPINGS:
        raise ValueError(f"segments are those of {' or '.join(GROUPINGS)}, not of {grouping!r}")
    groupings = [grouping, *(other for other in GROUPINGS if other != grouping)]
    of = customer_segments[["customer_id", *groupings]].drop_duplicates("customer_id")
    rows = sheets.rows[["customer_id"]].merge(of, "left", "customer_id")
    parts = []
    for one in groupings:
        segment = rows[one].astype("object")
        if segment.notna().any():
            parts += [
                _one_score(rows["customer_id"], segment, name, points, one, min_group)
                for name, points in points_of(sheets).items()
                if np.isfinite(points).any()
            ]
    if not parts:
        return empty(SEGMENT_SCORES)
    table = pd.concat(parts, ignore_index=True)
    tested = table["p_value"].notna().to_numpy()
    adjusted = np.full(len(table), np.nan)
    if tested.any():
        adjusted[tested] = benjamini_yekutieli(table.loc[tested, "p_value"].to_numpy(dtype=float))
    verdict = np.where(adjusted <= level, "stands out", "not told apart")
    table = table.assign(adjusted_p=adjusted, verdict=np.where(tested, verdict, "not compared"))
    order = {name: place for place, name in enumerate(points_of(sheets))}
    keys = {
        "by": table["grouping"].map(groupings.index),
        "level": table["segment"].map(lambda name: VALUE_LEVELS.index(name) if name in VALUE_LEVELS else 0),
        "place": table["score_name"].map(order),
    }
    table = table.assign(**keys).sort_values(["by", "level", "segment", "place"], kind="stable", ignore_index=True)
    return table[SEGMENT_SCORES.names]


def points_of(sheets: Sheets) -> dict[str, Floats]:
    """Points of each sheet by the name of the score; the mean of the first is the Net Promoter Score."""
    promotes, detracts = recommending(sheets.rows)
    named = {NPS_MEASURE: 100.0 * (promotes - detracts)}
    named[OVERALL] = sheets.rows["overall"].to_numpy(dtype=float)
    return named | {name: sheets.scores[name].to_numpy(dtype=float) for name in sheets.dimensions}


def _one_score(
    customers: pd.Series, segment: pd.Series, name: str, points: Floats, grouping: str, min_group: int
) -> pd.DataFrame:
    """One row per segment: its mean with interval, and its difference from the others."""
    known = np.isfinite(points) & segment.notna().to_numpy()
    sums = (
        pd.DataFrame({"customer_id": customers[known], "segment": segment[known], "points": points[known]})
        .groupby(["segment", "customer_id"], sort=True)["points"]
        .agg(["sum", "count"])
        .reset_index()
    )
    rows = []
    for own, part in sums.groupby("segment", sort=True):
        others = sums[sums["segment"] != own]
        row = {"grouping": grouping, "segment": str(own), "score_name": name, "customers": len(part)}
        row |= {"n": int(part["count"].sum()), "score": np.nan, "score_low": np.nan, "score_high": np.nan}
        row |= {"difference": np.nan, "p_value": np.nan}
        if len(part) >= min_group:
            value, low, high = (float(x) for x in bootstrap_ratio(part["sum"], part["count"]))
            if np.isfinite(low):
                lowest = -100 if name == NPS_MEASURE else 0
                row |= {"score": value, "score_low": max(low, lowest), "score_high": min(high, 100)}
        if len(part) >= min_group and len(others) >= min_group:
            row["difference"], row["p_value"] = _difference(part, others)
        rows.append(row)
    table = pd.DataFrame(rows).astype({"n": "Int64", "customers": "Int64"})
    blanks = ["n", *bounded("score"), "difference", "p_value"]
    return suppress(table, blanks, n="customers", at_least=min_group, partition=True)


def _difference(part: pd.DataFrame, others: pd.DataFrame) -> tuple[float, float]:
    """Difference of two means and its p-value, by standard errors over customers."""
    means, variances = [], []
    for side in (part, others):
        total, count = side["sum"].to_numpy(dtype=float), side["count"].to_numpy(dtype=float)
        mean = total.sum() / count.sum()
        rest = total - mean * count
        means.append(mean)
        variances.append((rest**2).sum() / count.sum() ** 2 * len(side) / max(len(side) - 1, 1))
    spread = float(np.sqrt(sum(variances)))
    difference = float(means[0] - means[1])
    return difference, float(2 * ndtr(-abs(difference) / spread)) if spread > 0 else np.nan
