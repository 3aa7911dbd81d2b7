"""Which answers a measurement model is judged on: whole sheets of dimensions that have items enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from customer_patterns.satisfaction.measurement.ordinal import Codes, steps_of
from customer_patterns.satisfaction.sheets import Sheets

#: With fewer items the loadings of a dimension do not follow from their correlations.
FEWEST_ITEMS = 3
#: A scale of more steps than this is cut into groups of neighboring answers.
MOST_STEPS = 7


def items_of(sheets: Sheets, dimension: str) -> NDArray[np.int64]:
    """Places of a dimension's items."""
    return np.flatnonzero((sheets.items["dimension"] == dimension).to_numpy())


def testable(sheets: Sheets) -> list[str]:
    """The dimensions with items enough."""
    return [name for name in sheets.dimensions if len(items_of(sheets, name)) >= FEWEST_ITEMS]


def whole_sheets(sheets: Sheets, places: NDArray[np.int64]) -> tuple[Codes, list[int], NDArray[np.bool_]]:
    """Take the sheets on which all these items are answered.

    Returns
    -------
    tuple
        Their answers, each item's from 0 on, neighbors put together on a scale of more than :data:`MOST_STEPS`; how
        many different answers each item has; which sheets they are.
    """
    points = sheets.points[:, places]
    whole = np.isfinite(points).all(axis=1)
    points = points[whole]
    coarse = np.floor(points / 100 * MOST_STEPS).clip(max=MOST_STEPS - 1)
    many = np.array([len(np.unique(column)) > MOST_STEPS for column in points.T], dtype=bool)
    codes, sizes = steps_of(np.where(many, coarse, points))
    return codes, sizes, whole
