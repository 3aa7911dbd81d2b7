"""One picture of each customer from all sources: each counts for what it has in common with the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import normal, with_interval
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.together.spreads import spreads
from customer_patterns.satisfaction.together.tables import CUSTOMER_PICTURE, SAME_ORDER, SOURCES

Floats = NDArray[np.float64]


def customer_picture(voices: pd.DataFrame, agreement: pd.DataFrame) -> pd.DataFrame:
    """Say how content each customer is by all sources together.

    A record is what its customer is like, plus what only this source makes of them, plus what this one record is. How
    much each of the three varies is estimated; a source counts the less, the more of it is its own or of the moment.

    Parameters
    ----------
    voices
        What :func:`~customer_patterns.satisfaction.together.voices.voices` returns.
    agreement
        What :func:`~customer_patterns.satisfaction.together.agreement.source_agreement` returns. Where no two sources
        find the same customers content they have nothing in common, and ``together`` is missing.

    Returns
    -------
    DataFrame
        One row per customer, by key; columns as in ``CUSTOMER_PICTURE``.

    Notes
    -----
    Best linear prediction in a model of variance components (Robinson 1991, Statistical Science 6, 15–32). What sources
    have in common is their covariance over customers who have both, weighted by their number; a source's own part is
    its variance between customers beyond that. Intervals take the variances as known.
    """
    if voices.empty:
        return empty(CUSTOMER_PICTURE)
    names = [name for name in SOURCES if (voices["source"] == name).any()]
    wide = voices.pivot_table(index="customer_id", columns="source", values=["mean", "records", "bad"])
    mean, records, bad = (
        wide[part].reindex(columns=names).to_numpy(dtype=float) for part in ("mean", "records", "bad")
    )
    told = np.isfinite(mean)
    table = pd.DataFrame(
        {
            "customer_id": wide.index.to_numpy(),
            "sources": told.sum(axis=1),
            "records": np.nansum(records, axis=1).astype("int64"),
            "lowest": np.array(names, dtype=object)[np.where(told, mean, np.inf).argmin(axis=1)],
            "spread": np.nanmax(mean, axis=1) - np.nanmin(mean, axis=1),
            "bad_records": np.nansum(bad, axis=1).astype("int64"),
        }
    )
    value, error = _common(voices, names, mean, records, agreement)
    center = float(np.nanmean(mean[:, 0]))
    table = with_interval(table, "together", normal(center + value, error))
    return table.astype({"customer_id": "str"}).sort_values("customer_id", ignore_index=True)[CUSTOMER_PICTURE.names]


def _common(
    voices: pd.DataFrame, names: list[str], mean: Floats, records: Floats, agreement: pd.DataFrame
) -> tuple[Floats, Floats]:
    """What the sources have in common for each customer, and its standard error; NaN where they have nothing."""
    nothing = np.full(len(mean), np.nan)
    common = _shared(names, mean, agreement)
    if not common > 0:
        return nothing, nothing
    told = np.isfinite(mean)
    centered = mean - np.nanmean(mean, axis=0)
    noise = np.full(mean.shape, np.inf)
    for place, name in enumerate(names):
        parts = spreads(voices[voices["source"] == name])
        noise[:, place] = max(parts.between - common, 0.0) + parts.within / np.where(
            told[:, place], records[:, place], 1
        )
    # A source whose records vary no more than what all have in common would count without end.
    weight = np.where(told, 1 / np.maximum(noise, 1e-3 * common), 0.0)
    precision = 1 / common + weight.sum(axis=1)
    return (weight * np.where(told, centered, 0.0)).sum(axis=1) / precision, np.sqrt(1 / precision)


def _shared(names: list[str], mean: Floats, agreement: pd.DataFrame) -> float:
    """Covariance between sources, over the pairs with enough customers; 0 where no pair agrees."""
    known = agreement[agreement["order"].notna()]
    if not (known["order"] == SAME_ORDER).any():
        return 0.0
    found, weights = [], []
    for first, second in zip(known["first"], known["second"], strict=True):
        both = mean[:, [names.index(first), names.index(second)]]
        both = both[np.isfinite(both).all(axis=1)]
        found.append(float(np.cov(both.T)[0, 1]))
        weights.append(float(len(both)))
    return float(np.average(found, weights=weights))
