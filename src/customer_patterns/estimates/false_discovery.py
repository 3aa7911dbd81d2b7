"""Adjusted p-values for many tests at once: which findings may be named, if a share of them may be false."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p: ArrayLike) -> NDArray[np.float64]:
    """Adjust p-values so that naming all at or below ``q`` keeps the expected share of false ones at ``q``.

    Holds for independent tests and for some that depend positively on each other.

    Parameters
    ----------
    p
        One p-value for each test of the family: all that were carried out, not only those that look good.

    Returns
    -------
    ndarray
        The adjusted values in the same order, none smaller than its own p and none above 1.

    Raises
    ------
    ValueError
        A value is missing or outside 0 to 1.

    Notes
    -----
    Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57, 289–300.

    Examples
    --------
    Four tests: the third is worth 0.04 · 4/3, and the second no more than that.

    >>> [round(float(value), 3) for value in benjamini_hochberg([0.01, 0.03, 0.04, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    return _step_up(p, 1.0)


def benjamini_yekutieli(p: ArrayLike) -> NDArray[np.float64]:
    """Adjust p-values as :func:`benjamini_hochberg`, for tests that depend on each other in any way.

    The price is the factor 1 + 1/2 + … + 1/m for a family of m.

    Parameters
    ----------
    p
        One p-value for each test of the family.

    Returns
    -------
    ndarray
        The adjusted values in the same order.

    Raises
    ------
    ValueError
        A value is missing or outside 0 to 1.

    Notes
    -----
    Benjamini and Yekutieli (2001), The Annals of Statistics 29, 1165–1188, theorem 1.3.

    Examples
    --------
    >>> [round(float(value), 3) for value in benjamini_yekutieli([0.01, 0.03])]
    [0.03, 0.045]
    """
    size = np.size(p)
    return _step_up(p, float((1.0 / np.arange(1, size + 1)).sum()) if size else 1.0)


def _step_up(p: ArrayLike, factor: float) -> NDArray[np.float64]:
    values = np.asarray(p, dtype=float)
    if values.ndim != 1:
        raise ValueError(f"a family of tests is one list of p-values, not an array of {values.ndim} dimensions")
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("a p-value lies between 0 and 1; a test that could not be made counts as 1")
    order = np.argsort(values, kind="stable")
    ranks = np.arange(1, len(values) + 1)
    scaled = values[order] * factor * len(values) / ranks
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
