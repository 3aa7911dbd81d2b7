"""Whether two ways to group the same customers agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from customer_patterns.estimates import Interval, bounded, wilson, with_interval
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.privacy.differencing import recoverable
from customer_patterns.segments.tables import AGREEMENT, LEVELS_BY_SEGMENT, VALUE_LEVELS

Floats = NDArray[np.float64]


def adjusted_rand(cells: ArrayLike) -> Floats:
    """Agreement of two partitions from their cross-table: 1 the same, 0 as much as by chance.

    Parameters
    ----------
    cells
        Counts, the last two axes the groups of either partition; earlier axes are other tables.

    Returns
    -------
    ndarray
        The adjusted Rand index of each table; NaN where a partition has one group only.

    Notes
    -----
    Hubert and Arabie (1985), Journal of Classification 2, 193–218.
    """
    table = np.asarray(cells, dtype=float)

    def pairs(count: Floats) -> Floats:
        return count * (count - 1) / 2

    both = pairs(table).sum(axis=(-2, -1))
    rows, columns = pairs(table.sum(axis=-1)).sum(axis=-1), pairs(table.sum(axis=-2)).sum(axis=-1)
    chance = rows * columns / pairs(table.sum(axis=(-2, -1)))
    single = ((table.sum(axis=-1) > 0).sum(axis=-1) < 2) | ((table.sum(axis=-2) > 0).sum(axis=-1) < 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(single, np.nan, (both - chance) / ((rows + columns) / 2 - chance))


def agreement(people: pd.DataFrame) -> pd.DataFrame:
    """Compare tiers and value levels with segments, over customers who have both.

    Parameters
    ----------
    people
        One row per customer: ``tier``, ``value_level``, ``segment`` (missing where there is none).

    Returns
    -------
    DataFrame
        One row for ``value tiers`` and one for ``value levels``: ``compared``, ``n`` (customers), ``adjusted_rand``
        with percentile interval (resampling customers, each of whom keeps tier and segment). No row where there are no
        segments.
    """
    people = people[people["segment"].notna()]
    if len(people) < SMALLEST_CELL:
        return pd.DataFrame(columns=AGREEMENT.names)
    rows = []
    for compared, column in (("value tiers", "tier"), ("value levels", "value_level")):
        rows.append((compared, len(people), *rand_interval(people[column], people["segment"])))
    return pd.DataFrame(rows, columns=AGREEMENT.names)


def rand_interval(one: ArrayLike, other: ArrayLike) -> Interval:
    """Return the adjusted Rand index of two groupings of the same customers, with percentile interval.

    Parameters
    ----------
    one, other
        Each customer's group in either; none is missing.

    Returns
    -------
    Interval
        Customers are resampled, each of whom keeps both groups. Neither their order nor the groups' names decide it.
    """
    cells = pd.crosstab(np.asarray(one), np.asarray(other)).to_numpy()
    counts, shape = cells.ravel(), cells.shape
    which = np.sort(np.repeat(np.arange(counts.size), counts))
    member = (which[:, None] == np.arange(counts.size)).astype(float)
    value = float(adjusted_rand(cells))
    drawn = np.concatenate(
        [adjusted_rand((weights @ member).reshape(-1, *shape)) for _, weights in draw_weights(len(which))]
    )
    bounds = np.quantile(drawn, [0.025, 0.975]) if np.isfinite(drawn).all() else np.full(2, np.nan)
    return Interval(*(round(float(v), 9) for v in (value, min(bounds[0], value), max(bounds[1], value))))


def levels_by_segment(people: pd.DataFrame, segments: list[str]) -> pd.DataFrame:
    """Cross-tabulate value levels and segments.

    Parameters
    ----------
    people
        As for :func:`agreement`.
    segments
        Their names, in order.

    Returns
    -------
    DataFrame
        One row per segment and value level: ``segment``, ``value_level``, ``n`` (customers in both), ``customers`` (of
        the segment), ``share_of_segment`` (Wilson interval), ``suppressed``. Cells of too few customers are blank, and
        as many others in their row and column as keep them from being worked out.
    """
    if not segments:
        return pd.DataFrame(columns=LEVELS_BY_SEGMENT.names)
    known = people[people["segment"].notna()]
    counts = np.array(
        [[((known["segment"] == s) & (known["value_level"] == v)).sum() for v in VALUE_LEVELS] for s in segments]
    )
    why = protect(counts)
    table = pd.DataFrame(
        {
            "segment": pd.Series(np.repeat(segments, len(VALUE_LEVELS)), dtype="str"),
            "value_level": pd.Series(list(VALUE_LEVELS) * len(segments), dtype="str"),
            "n": whole_numbers(counts.ravel()),
            "customers": np.repeat(counts.sum(axis=1), len(VALUE_LEVELS)),
            "suppressed": pd.Series(why.ravel(), dtype="str"),
        }
    )
    table = with_interval(table, "share_of_segment", _shares(counts))
    shown = table["suppressed"] == "no"
    blank = ["n", *bounded("share_of_segment")]
    return table.assign(**{name: table[name].where(shown) for name in blank})[LEVELS_BY_SEGMENT.names]


def _shares(counts: NDArray[np.int64]) -> Interval:
    return wilson(counts.ravel(), np.repeat(counts.sum(axis=1), counts.shape[1]))


def protect(counts: NDArray[np.int64]) -> NDArray[np.object_]:
    """Say which cells of a cross-table are blank, and why, when its totals are known.

    A blank cell that is alone in its row or column is had by subtraction; so the smallest other one there is blanked
    as well, and so on until none is alone and the blank ones of a line hold customers enough (complementary
    suppression: Hundepool et al. 2012, Statistical Disclosure Control, section 4.2).

    Parameters
    ----------
    counts
        Customers in each cell.

    Returns
    -------
    ndarray
        ``"no"``, ``"too few"`` or ``"to protect another"`` for each cell. Cells without anybody are shown, except
        where one of them hides a cell that would otherwise be the whole line.
    """
    few = (counts > 0) & (counts < SMALLEST_CELL)
    why = np.where(few, "too few", "no").astype(object)
    lines = [(i, slice(None)) for i in range(counts.shape[0])] + [(slice(None), j) for j in range(counts.shape[1])]
    changed = True
    while changed:
        changed = False
        for line in lines:
            hidden = why[line] != "no"
            weak = hidden.any() and (hidden.sum() < 2 or counts[line][hidden].sum() < SMALLEST_CELL)
            if weak and ((~hidden & (counts[line] > 0)).any() or hidden.sum() < 2):
                changed |= _hide_smallest(why, counts, line)
        if not changed:  # rows and columns together may still give one away
            for row, column in np.argwhere(recoverable(counts, why != "no") & few):
                changed |= _hide_smallest(why, counts, (row, slice(None)))
                changed |= _hide_smallest(why, counts, (slice(None), column))
    return why


def _hide_smallest(why: NDArray[np.object_], counts: NDArray[np.int64], line: tuple[int | slice, int | slice]) -> bool:
    """Blank the smallest shown cell of a line, one without anybody last of all; say whether there was any."""
    shown = why[line] == "no"
    if not shown.any():
        return False
    size = np.where(counts[line] > 0, counts[line], np.iinfo(np.int64).max - 1)
    part = why[line]
    part[int(np.argmin(np.where(shown, size, np.iinfo(np.int64).max)))] = "to protect another"
    why[line] = part
    return True
