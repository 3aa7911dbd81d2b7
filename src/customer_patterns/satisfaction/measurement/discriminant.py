"""Are two dimensions two? The heterotrait-monotrait ratio of correlations."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.measurement.answers import items_of
from customer_patterns.satisfaction.measurement.tables import APART, DISCRIMINANT, NEAR, SAME
from customer_patterns.satisfaction.resampling import covariances, moments, resampled, sums_of
from customer_patterns.satisfaction.sheets import Sheets

Floats = NDArray[np.float64]

#: Below it two dimensions are told apart, if they are as unlike as quality and price (Henseler and others 2015).
LIMIT = 0.85


def discriminant_validity(sheets: Sheets, *, limit: float = LIMIT) -> pd.DataFrame:
    """Estimate the heterotrait-monotrait ratio of each pair of dimensions.

    Parameters
    ----------
    sheets
        What :func:`~customer_patterns.satisfaction.sheets.answer_sheets` returns; sheets with every item of all
        dimensions with two items or more are used.
    limit
        From which ratio on two dimensions are taken for one.

    Returns
    -------
    DataFrame
        One row per pair, in the survey's order; columns as in ``DISCRIMINANT``. Intervals resample customers; a ratio
        is missing where the items of a dimension do not go together.

    Notes
    -----
    Henseler, Ringle and Sarstedt (2015), J. of the Academy of Marketing Science 43, 115–135: mean correlation between
    items of two dimensions, by the geometric mean of the mean correlations within each. Of absolute values, since items
    were turned into one direction only as far as the survey declares it.
    """
    names = [name for name in sheets.dimensions if len(items_of(sheets, name)) > 1]
    if len(names) < 2:
        return empty(DISCRIMINANT)
    groups = [items_of(sheets, name) for name in names]
    points = sheets.points[:, np.concatenate(groups)]
    whole = np.isfinite(points).all(axis=1)
    customers = sheets.rows["customer_id"].to_numpy()[whole]
    if len(np.unique(customers)) < SMALLEST_CELL:
        return empty(DISCRIMINANT)
    ends = np.cumsum([len(group) for group in groups])
    blocks = [np.arange(end - len(group), end) for end, group in zip(ends, groups, strict=True)]
    pairs = list(combinations(range(len(names)), 2))
    # Deviations from the middle of the scale: sums of squares of small numbers keep their digits.
    sums = sums_of(moments(points[whole] - 50.0), customers)
    ratio, _ = resampled(sums, lambda drawn: _ratios(drawn, blocks, pairs))
    table = pd.DataFrame(
        {
            "dimension": pd.Series([names[one] for one, _ in pairs], dtype="str"),
            "other": pd.Series([names[other] for _, other in pairs], dtype="str"),
            "n": whole_numbers([int(whole.sum())] * len(pairs)),
            "htmt": ratio.value,
            "htmt_low": ratio.low,
            "htmt_high": ratio.high,
            "limit": limit,
        }
    )
    verdict = np.where(ratio.high < limit, APART, np.where(ratio.low >= limit, SAME, NEAR))
    told = pd.Series(np.where(np.isfinite(ratio.value), verdict, None), dtype="str")
    return table.assign(verdict=told)[DISCRIMINANT.names]


def _ratios(sums: Floats, blocks: list[NDArray], pairs: list[tuple[int, int]]) -> Floats:
    """The ratio of each pair, one row per row of sums."""
    matrices = covariances(sums)
    spread = np.sqrt(np.einsum("rkk->rk", matrices))
    related = np.abs(matrices / (spread[:, :, None] * spread[:, None, :]))
    within = [np.mean([related[:, i, j] for i, j in combinations(block, 2)], axis=0) for block in blocks]
    between = [related[:, blocks[one][:, None], blocks[other][None, :]].mean(axis=(1, 2)) for one, other in pairs]
    return np.column_stack(
        [mean / np.sqrt(within[one] * within[other]) for mean, (one, other) in zip(between, pairs, strict=True)]
    )


def named_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the pairs that could be estimated, the most alike first, and name each by its two dimensions (``pair``)."""
    known = table[table["verdict"].notna()].sort_values("htmt", ascending=False, kind="stable")
    return known.assign(pair=known["dimension"] + ", " + known["other"]).reset_index(drop=True)
