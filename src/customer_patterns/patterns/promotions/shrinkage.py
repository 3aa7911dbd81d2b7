"""Many small estimates of one kind: each is drawn toward their mean by as much as chance moved it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shrunken:
    """Estimates after shrinkage.

    Attributes
    ----------
    value, low, high
        One per estimate, with its interval.
    mean, mean_error
        Of the population of true values, and its standard error.
    spread
        Standard deviation of the true values: 0 where the estimates differ no more than chance lets them.
    """

    value: Floats
    low: Floats
    high: Floats
    mean: float
    mean_error: float
    spread: float


def shrink(estimates: ArrayLike, errors: ArrayLike, *, level: float = 0.95) -> Shrunken:
    """Draw estimates toward their mean: a normal population of true values, each seen with a normal error.

    Parameters
    ----------
    estimates, errors
        One estimate each, with its standard error above zero.
    level
        Confidence level.

    Raises
    ------
    ValueError
        No estimate, or an error that is not positive.

    Notes
    -----
    The spread solves Σ (x − m)² / (e² + s²) = number − 1 (Paule and Mandel 1982, Journal of Research of the National
    Bureau of Standards 87, 377–385). The intervals allow for the mean being estimated, not for the spread being so
    (Morris 1983, J. Am. Stat. Assoc. 78, 47–55): they are a little short where there are few estimates.

    Examples
    --------
    Two estimates of 0 and 2, each with an error of 1: their variance is 2, of which chance explains 1. Each goes half
    the way to their mean.

    >>> [round(float(value), 4) for value in shrink([0.0, 2.0], [1.0, 1.0]).value]
    [0.5, 1.5]
    """
    x, e2 = np.asarray(estimates, dtype=float), np.asarray(errors, dtype=float) ** 2
    if not len(x) or not (e2 > 0).all():
        raise ValueError("shrinkage needs estimates with standard errors above zero")
    spread2 = _paule_mandel(x, e2)
    weight = 1 / (e2 + spread2)
    mean, mean_variance = float((weight * x).sum() / weight.sum()), float(1 / weight.sum())
    toward = e2 * weight
    value = toward * mean + (1 - toward) * x
    variance = (1 - toward) * e2 + toward**2 * mean_variance
    half = ndtri(0.5 + level / 2) * np.sqrt(variance)
    return Shrunken(value, value - half, value + half, mean, float(np.sqrt(mean_variance)), float(np.sqrt(spread2)))


def _paule_mandel(x: Floats, e2: Floats) -> float:
    """The variance of true values at which their weighted scatter is what it should be; it falls as that rises."""

    def scatter(spread2: float) -> float:
        weight = 1 / (e2 + spread2)
        mean = (weight * x).sum() / weight.sum()
        return float((weight * (x - mean) ** 2).sum()) - (len(x) - 1)

    low, high = 0.0, float(x.var() + e2.max()) * max(len(x), 2)
    if scatter(low) <= 0:
        return 0.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if scatter(middle) > 0 else (low, middle)
    return (low + high) / 2
