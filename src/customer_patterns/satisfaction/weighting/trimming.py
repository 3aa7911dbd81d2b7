"""Weights that are not let grow too large, and what unequal weights cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: No answer counts for more than so many times the median one.
MOST_TIMES_MEDIAN = 10.0


def trim(weights: ArrayLike, *, most_times_median: float = MOST_TIMES_MEDIAN) -> tuple[Floats, int]:
    """Cut large weights down, and give what is cut to all others in proportion.

    Parameters
    ----------
    weights
        One per answer, 0 or more.
    most_times_median
        No weight may exceed so many times the median of those above 0; at least 1.

    Returns
    -------
    tuple
        The weights with the same sum, and how many were cut.

    Raises
    ------
    ValueError
        A weight is negative or missing, or the limit lies below the median.

    Notes
    -----
    Potter and Zheng (2015), Methods and issues in trimming extreme weights in sample surveys, Proceedings of the ASA
    Section on Survey Research Methods: a limit at a multiple of the median, with the excess spread over the others.
    Trimming trades a little bias for much variance: raw, trimmed and untrimmed stand beside each other for that.

    Examples
    --------
    At most five times the median: three points go to the others, in equal parts.

    >>> found, cut = trim([1.0, 1.0, 1.0, 8.0], most_times_median=5)
    >>> found.tolist(), cut
    ([2.0, 2.0, 2.0, 5.0], 1)
    """
    given = np.asarray(weights, dtype=float)
    if not np.isfinite(given).all() or (given < 0).any():
        raise ValueError("a weight is missing or negative; leave the answer out, or say what it counts for")
    if not most_times_median >= 1:
        raise ValueError(f"the limit is at least the median, not {most_times_median} of it")
    if not (given > 0).any():
        return given.copy(), 0
    limit = most_times_median * float(np.median(given[given > 0]))
    cut = given > limit
    trimmed = np.minimum(given, limit)
    # What is given to the others may lift one of them over the limit: it is then cut as well.
    while (excess := given.sum() - trimmed.sum()) > 1e-12 * given.sum():
        free = (trimmed < limit) & (trimmed > 0)
        if not free.any():
            break
        trimmed[free] *= 1 + excess / trimmed[free].sum()
        over = trimmed > limit
        cut |= over
        trimmed = np.minimum(trimmed, limit)
    return trimmed * (given.sum() / trimmed.sum()), int(cut.sum())


def effective_n(weights: ArrayLike) -> float:
    """How many answers of equal weight would be as precise (Kish 1965, Survey Sampling, section 11.7); 0 of none.

    Examples
    --------
    Weights 1, 1 and 2: 16 / 6.

    >>> round(effective_n([1, 1, 2]), 4)
    2.6667
    """
    given = np.asarray(weights, dtype=float)
    squares = float((given**2).sum())
    return float(given.sum()) ** 2 / squares if squares > 0 else 0.0
