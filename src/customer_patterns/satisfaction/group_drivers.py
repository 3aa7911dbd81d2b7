"""Do the same dimensions matter in every segment?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import with_interval
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.by_segment import VALUE_LEVELS
from customer_patterns.satisfaction.drivers import MOST_DIMENSIONS, shapley_shares
from customer_patterns.satisfaction.resampling import covariances, moments, resampled, sums_of
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.tables.drivers import GROUP_DRIVERS

Floats = NDArray[np.float64]


def group_drivers(
    sheets: Sheets,
    customer_segments: pd.DataFrame,
    *,
    grouping: str = "value_level",
    fewest: int = 200,
    level: float = 0.05,
) -> pd.DataFrame:
    """Estimate what each dimension accounts for in each segment, and hold it against all other customers.

    Parameters
    ----------
    sheets
        What was answered, all waves together.
    customer_segments
        One row per customer: ``customer_id`` and the grouping. Customers without a row are left out.
    grouping
        The column that names the segment.
    fewest
        A segment with fewer sheets, or with fewer among the others, is left out.
    level
        Share of differences that may be named wrongly.

    Returns
    -------
    DataFrame
        One row per segment (value levels from high on, others by name) and dimension; columns as in ``GROUP_DRIVERS``.
        Intervals resample customers. Without rows where there are too few answers, or too many dimensions.

    Notes
    -----
    Shares of explained variance (LMG, see :func:`~customer_patterns.satisfaction.drivers.shapley_shares`) of the
    segment less those of all others; p-values from the spread of the resamples, adjusted over all segments and
    dimensions (Benjamini and Yekutieli 2001). One model for all is enough as long as nothing differs.
    """
    of = customer_segments[["customer_id", grouping]].drop_duplicates("customer_id")
    segment = sheets.rows[["customer_id"]].merge(of, "left", "customer_id")[grouping]
    columns = np.column_stack([sheets.scores.to_numpy(dtype=float), sheets.rows["overall"].to_numpy(dtype=float)])
    whole = np.isfinite(columns).all(axis=1) & segment.notna().to_numpy()
    k = columns.shape[1] - 1
    if not 2 <= k <= MOST_DIMENSIONS or not whole.any():
        return empty(GROUP_DRIVERS)
    segment = segment[whole].astype(str).to_numpy()
    rows, customers = moments(columns[whole]), sheets.rows["customer_id"].to_numpy()[whole]
    width, parts = rows.shape[1], []
    for name in sorted(set(segment), key=lambda one: (_place(one), one)):
        own = (segment == name)[:, None]
        n = int(own.sum())
        if min(n, len(own) - n) < fewest:
            continue
        both = sums_of(np.hstack([np.where(own, rows, 0.0), np.where(own, 0.0, rows)]), customers)
        found, drawn = resampled(both, lambda sums: _shares(sums, width))
        if np.isnan(found.low).any():
            continue
        part = pd.DataFrame({"segment": name, "dimension": sheets.dimensions, "n": n})
        for place, measure in enumerate(("importance", "difference")):
            part = with_interval(part, measure, found.part(slice(place * k, (place + 1) * k)))
        error = drawn[:, k:].std(axis=0, ddof=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            parts.append(part.assign(adjusted_p=np.nan_to_num(2 * ndtr(-np.abs(found.value[k:]) / error), nan=1.0)))
    if not parts:
        return empty(GROUP_DRIVERS)
    table = pd.concat(parts, ignore_index=True)
    adjusted = benjamini_yekutieli(table["adjusted_p"].to_numpy(dtype=float))
    verdict = pd.Series(np.where(adjusted <= level, "differs", "not told apart"), dtype="str")
    table = table.assign(adjusted_p=adjusted, verdict=verdict)
    return table.astype({"segment": "str", "dimension": "str", "n": "Int64"})[GROUP_DRIVERS.names]


def _shares(sums: Floats, width: int) -> Floats:
    """Importance in the segment, and less that among all others."""
    own, others = (shapley_shares(covariances(part))[0] for part in (sums[:, :width], sums[:, width:]))
    return np.hstack([own, own - others])


def _place(name: str) -> int:
    return VALUE_LEVELS.index(name) if name in VALUE_LEVELS else len(VALUE_LEVELS)
