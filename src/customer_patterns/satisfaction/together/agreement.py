"""Whether two sources say the same of a customer: in the same order, and equally high."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import rankdata

from customer_patterns.estimates import Z95, Interval, bounded, in_row
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.few import blank_few
from customer_patterns.satisfaction.together.spreads import spreads
from customer_patterns.satisfaction.together.tables import (
    HIGHER,
    LEVEL,
    LOWER,
    NO_ORDER,
    OTHER_ORDER,
    SAME_ORDER,
    SOURCE_AGREEMENT,
    SOURCE_LEVELS,
    SOURCES,
)

Floats = NDArray[np.float64]

#: With fewer customers who have both sources nothing is said of them.
FEWEST_WITH_BOTH = 30


def source_levels(voices: pd.DataFrame) -> pd.DataFrame:
    """Say how content customers are by each source.

    Parameters
    ----------
    voices
        What :func:`~customer_patterns.satisfaction.together.voices.voices` returns.

    Returns
    -------
    DataFrame
        One row per source that tells of anybody, in the order of :data:`SOURCES`; columns as in ``SOURCE_LEVELS``.
        Each customer counts once, however many records; the interval is Student's over customers. ``own_share`` is the
        intraclass correlation of a single record (Shrout and Fleiss 1979, Psychological Bulletin 86, 420–428, case 1).
    """
    rows = []
    for source in SOURCES:
        own = voices[voices["source"] == source]
        if own.empty:
            continue
        parts = spreads(own)
        whole = parts.between + parts.within
        share = parts.between / whole if parts.repeated and whole > 0 else np.nan
        row = {"source": source, "n": len(own), "records": int(own["records"].sum()), "own_share": share}
        rows.append(row | in_row("score", mean_of(own["mean"].to_numpy(dtype=float), lowest=0, highest=100)))
    if not rows:
        return empty(SOURCE_LEVELS)
    table = pd.DataFrame(rows).astype({"n": "Int64", "records": "Int64"})
    return blank_few(table, ["records", "own_share", *bounded("score")])[SOURCE_LEVELS.names]


def source_agreement(voices: pd.DataFrame, *, level: float = 0.05, fewest: int = FEWEST_WITH_BOTH) -> pd.DataFrame:
    """Hold the sources against each other on the customers of whom both tell.

    Parameters
    ----------
    voices
        What :func:`~customer_patterns.satisfaction.together.voices.voices` returns.
    level
        Share of verdicts that may be false.
    fewest
        Pairs of sources with fewer customers in common are blank.

    Returns
    -------
    DataFrame
        One row per pair of sources that tell of anybody in common; columns as in ``SOURCE_AGREEMENT``. A customer is
        one observation, the mean of their records in each source. Between ``apart_from`` and ``apart_to`` lie nineteen
        of twenty customers.

    Notes
    -----
    Rank correlation: Spearman's on mid-ranks, interval by Fisher's z with variance (1 + r²/2)/(n − 3) (Bonett and
    Wright 2000, Psychometrika 65, 23–28); all verdicts of both kinds adjusted together (Benjamini and Yekutieli 2001).
    Level: bias and limits of agreement (Bland and Altman 1999, Statistical Methods in Medical Research 8, 135–160).
    Sources of one or two records each agree less than what they measure (Spearman 1904).
    """
    wide = voices.pivot_table(index="customer_id", columns="source", values="mean")
    rows = []
    for first, second in combinations([name for name in SOURCES if name in wide], 2):
        both = wide[[first, second]].dropna().to_numpy(dtype=float)
        if len(both):
            rows.append({"first": first, "second": second} | _compared(both, fewest))
    if not rows:
        return empty(SOURCE_AGREEMENT)
    table = pd.DataFrame(rows).astype({"n": "Int64"})
    p = table[["p_order", "p_level"]].to_numpy(dtype=float)
    known = np.isfinite(p)
    adjusted = np.full(p.shape, np.nan)
    adjusted[known] = benjamini_yekutieli(p[known]) if known.any() else []
    order = np.where(table["rank_correlation"] > 0, SAME_ORDER, OTHER_ORDER)
    height = np.where(table["bias"] > 0, HIGHER, LOWER)
    table = table.assign(
        adjusted_p=adjusted[:, 0],
        order=_said(adjusted[:, 0], level, order, NO_ORDER),
        level=_said(adjusted[:, 1], level, height, LEVEL),
    )
    blanks = [name for name in SOURCE_AGREEMENT.names if name not in ("first", "second", "n", "suppressed")]
    return blank_few(table, blanks)[SOURCE_AGREEMENT.names]


def spearman(x: Floats, y: Floats) -> tuple[Interval, float]:
    """Spearman's rank correlation with its interval, and the p-value of none; NaN where one of them does not vary.

    >>> found, _ = spearman(np.arange(8.0), np.array([0, 2, 1, 3, 5, 4, 6, 7.0]))
    >>> round(float(found.value), 3)
    0.952
    """
    a, b = rankdata(x), rankdata(y)
    if len(a) < 4 or a.std() == 0 or b.std() == 0:
        return Interval(*(np.float64("nan"),) * 3), float("nan")
    r = float(np.corrcoef(a, b)[0, 1])
    z = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12))
    reach = Z95 * np.sqrt((1 + r**2 / 2) / (len(a) - 3))
    p = 2 * ndtr(-abs(z) * np.sqrt(len(a) - 3))
    return Interval(np.float64(r), np.tanh(z - reach), np.tanh(z + reach)), float(p)


def _compared(both: Floats, fewest: int) -> dict[str, float]:
    """How two columns of points go together, one row per customer."""
    names = ["rank_correlation", "bias"]
    row = dict.fromkeys(bounded(*names), np.nan)
    row |= {"n": len(both), "apart_from": np.nan, "apart_to": np.nan, "p_order": np.nan, "p_level": np.nan}
    if len(both) < max(fewest, SMALLEST_CELL):
        return row
    together, p = spearman(both[:, 0], both[:, 1])
    difference = both[:, 0] - both[:, 1]
    bias, spread = mean_of(difference), difference.std(ddof=1)
    error = spread / np.sqrt(len(both))
    row |= in_row("rank_correlation", together) | in_row("bias", bias) | {"p_order": p}
    row |= {"apart_from": float(bias.value - Z95 * spread), "apart_to": float(bias.value + Z95 * spread)}
    return row | {"p_level": float(2 * ndtr(-abs(float(bias.value)) / error)) if error > 0 else np.nan}


def mean_of(values: Floats, *, lowest: float = -np.inf, highest: float = np.inf) -> Interval:
    """Estimate a mean over customers with its normal interval; NaN of fewer than ten, or of values all alike."""
    if len(values) < SMALLEST_CELL or values.std() == 0:
        return Interval(*(np.float64("nan"),) * 3)
    reach = Z95 * values.std(ddof=1) / np.sqrt(len(values))
    mean = values.mean()
    return Interval(mean, np.maximum(mean - reach, lowest), np.minimum(mean + reach, highest))


def _said(adjusted: Floats, level: float, found: NDArray, otherwise: str) -> pd.Series:
    """The finding where it is beyond chance, else that it is not; nothing where it could not be tested."""
    said = np.where(adjusted <= level, found, otherwise).astype(object)
    return pd.Series(np.where(np.isfinite(adjusted), said, None), dtype="object")
