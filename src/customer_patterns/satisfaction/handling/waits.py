"""Whether who waits longer rates worse: within one channel, since channels differ in both."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import rankdata

from customer_patterns.estimates import Z95, bounded
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL, suppress
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.handling.tables import (
    ALL_CHANNELS,
    LESS_CONTENT,
    MORE_CONTENT,
    NOT_APART,
    WAITS_AND_RATINGS,
)

Floats = NDArray[np.float64]


def waits_and_ratings(waits: pd.DataFrame, *, level: float = 0.05) -> pd.DataFrame:
    """Correlate waits with ratings.

    Parameters
    ----------
    waits
        What :func:`~customer_patterns.satisfaction.service.contact_waits` returns.
    level
        Share of verdicts that may be false.

    Returns
    -------
    DataFrame
        One row for all channels together, if there are two or more, then one per channel by name; columns as in
        ``WAITS_AND_RATINGS``. All together means: ranks within each channel, put side by side, so that a channel
        that is slow and rated badly makes no correlation. Only rated contacts that were answered count.

    Notes
    -----
    Spearman's correlation on mid-ranks; its error adds up each customer's contacts (the linear part of a correlation:
    Devlin, Gnanadesikan and Kettenring 1975, Biometrika 62, 531–545). p-values as Benjamini and Yekutieli (2001).
    """
    known = waits[waits["answered"].astype(bool) & waits["csat"].notna()]
    if known.empty:
        return empty(WAITS_AND_RATINGS)
    channels = sorted(known["channel"].unique())
    parts = [known[known["channel"] == channel] for channel in channels]
    ranks = [(_standard(part["hours"]), _standard(part["csat"])) for part in parts]
    rows = [{"channel": channel} | _row(part, *own) for channel, part, own in zip(channels, parts, ranks, strict=True)]
    if len(channels) > 1:
        together = [np.concatenate(sides) for sides in zip(*ranks, strict=True)]
        rows.insert(0, {"channel": ALL_CHANNELS} | _row(pd.concat(parts), *together))
    table = pd.DataFrame(rows).astype({"n": "Int64", "customers": "Int64"})
    p = table["p"].to_numpy(dtype=float)
    tested, adjusted = np.isfinite(p), np.full(len(p), np.nan)
    if tested.any():
        adjusted[tested] = benjamini_yekutieli(p[tested])
    side = np.where(table["rank_correlation"] < 0, LESS_CONTENT, MORE_CONTENT)
    verdict = np.where(tested, np.where(adjusted <= level, side, NOT_APART).astype(object), None)
    table = table.assign(adjusted_p=adjusted, verdict=pd.Series(verdict, dtype="object"))
    blanks = ["n", *bounded("rank_correlation"), "adjusted_p", "verdict"]
    # The row of all channels is no further cell: with it a single blank channel could be worked out.
    total = table["channel"] == ALL_CHANNELS
    cells = suppress(table[~total], blanks, n="customers")
    whole = table[total].assign(suppressed="no")
    parts = [whole, cells] if total.any() else [cells]
    return pd.concat(parts, ignore_index=True)[WAITS_AND_RATINGS.names]


def _standard(values: pd.Series) -> Floats:
    """Mid-ranks with mean 0 and variance 1; zeros where all are equal."""
    ranks = rankdata(values.to_numpy(dtype=float))
    spread = ranks.std()
    return (ranks - ranks.mean()) / spread if spread > 0 else np.zeros(len(ranks))


def _row(part: pd.DataFrame, wait: Floats, rating: Floats) -> dict[str, float]:
    people = part["customer_id"].nunique()
    row = {"n": len(part), "customers": people} | dict.fromkeys((*bounded("rank_correlation"), "p"), np.nan)
    if people < SMALLEST_CELL or not (wait.any() and rating.any()):
        return row
    wait, rating = wait / np.sqrt((wait**2).mean()), rating / np.sqrt((rating**2).mean())
    r = float((wait * rating).mean())
    pull = wait * rating - r * (wait**2 + rating**2) / 2
    codes, _ = pd.factorize(part["customer_id"], sort=True)
    error = float(np.sqrt((np.bincount(codes, weights=pull) ** 2).sum() * people / (people - 1)) / len(part))
    if not error > 0:
        return row
    ends = np.clip([r - Z95 * error, r + Z95 * error], -1, 1)
    row |= {"rank_correlation": r, "rank_correlation_low": ends[0], "rank_correlation_high": ends[1]}
    return row | {"p": float(2 * ndtr(-abs(r) / error))}
