"""Fit what a model says of ordinal statistics to those seen, and say how well it fits.

Diagonally weighted least squares: each statistic counts by its own precision. The fit is judged with the covariance of
all statistics, so that neither steps instead of a continuum nor several sheets of one customer make it look bad.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import chi2

from customer_patterns.satisfaction.measurement.ordinal import Ordinal, joint_covariance

Floats = NDArray[np.float64]


class Seen(NamedTuple):
    """The statistics of all groups, their standard errors, their correlations, and how many customers they rest on."""

    groups: list[Ordinal]
    statistics: Floats
    errors: Floats
    dependence: Floats
    customers: int


class Fit(NamedTuple):
    """A fitted model.

    Attributes
    ----------
    parameters, covariance
        As the model packs them, and how they vary together.
    distance
        Sum of the squared residuals, each in standard errors.
    df
        Statistics less parameters.
    projection
        Takes residuals to what is left of them by the model; in standard errors.
    scaled
        The distance divided so that its mean is ``df`` if the model holds (Satorra and Bentler 1994).
    p
        Of a distance as large if the model holds; mean and variance adjusted (Satterthwaite).
    """

    parameters: Floats
    covariance: Floats
    distance: float
    df: int
    projection: Floats
    scaled: float
    p: float


def see(groups: list[Ordinal], *, correlations_only: bool = False) -> Seen:
    """Put the statistics of groups one after the other, with their joint covariance.

    A model that leaves all thresholds free says the same of correlations alone, which are then all that is needed.
    """
    covariance = joint_covariance(groups)
    statistics = np.concatenate([group.statistics for group in groups])
    if correlations_only:
        kept = np.concatenate([_is_correlation(group) for group in groups])
        covariance, statistics = covariance[np.ix_(kept, kept)], statistics[kept]
    errors = np.sqrt(np.diag(covariance))
    errors = np.where(errors > 0, errors, np.inf)  # a statistic that does not vary says nothing
    people = np.unique(np.concatenate([group.customers for group in groups]))
    return Seen(
        groups,
        statistics,
        errors,
        covariance / np.outer(errors, errors),
        len(people),
    )


def fit(seen: Seen, implied: Callable[[Floats], Floats], start: Floats) -> Fit:
    """Find the parameters whose implied statistics are nearest to those seen.

    Parameters
    ----------
    seen
        From :func:`see`.
    implied
        Takes parameters and returns all statistics.
    start
        Parameters to begin with.

    Returns
    -------
    Fit
        Without any parameter to spare (``df`` 0) ``scaled`` is 0 and ``p`` 1.

    Notes
    -----
    Muthén, du Toit and Spisic (1997), Robust inference using weighted least squares; Satorra and Bentler (1994),
    Corrections to test statistics and standard errors in covariance structure analysis.
    """
    found = least_squares(lambda at: (implied(at) - seen.statistics) / seen.errors, start, method="lm")
    slopes = found.jac
    distance = float(2 * found.cost)
    inverse = np.linalg.pinv(slopes.T @ slopes)
    bread = inverse @ slopes.T
    projection = np.eye(len(slopes)) - slopes @ bread
    df = len(slopes) - len(start)
    scaled, p = judged(distance, df, projection, seen.dependence)
    return Fit(found.x, bread @ seen.dependence @ bread.T, distance, df, projection, scaled, p)


def judged(distance: float, df: int, projection: Floats, dependence: Floats) -> tuple[float, float]:
    """Scale a distance to its degrees of freedom, and give the probability of one as large."""
    if df <= 0:
        return 0.0, 1.0
    moved = projection @ dependence
    first, second = float(np.trace(moved)), float(np.einsum("ij,ji->", moved, moved))
    if first <= 0 or second <= 0:
        return 0.0, 1.0
    return distance * df / first, float(chi2.sf(distance * first / second, first**2 / second))


def worse(seen: Seen, narrow: Fit, wide: Fit) -> float:
    """Probability that a model which is a case of a wider one fits worse by as much, if it holds.

    Satorra (2000), Scaled and adjusted restricted tests in multi-sample analysis of moment structures: the difference
    of the projections is itself one onto what only the wider model explains.
    """
    return judged(
        max(narrow.distance - wide.distance, 0.0),
        narrow.df - wide.df,
        narrow.projection - wide.projection,
        seen.dependence,
    )[1]


def unrelated(seen: Seen) -> tuple[float, int]:
    """Distance and degrees of freedom of the model in which no two items have anything in common."""
    pairs = np.concatenate([_is_correlation(group) for group in seen.groups])
    pairs = pairs if len(pairs) == len(seen.statistics) else np.ones(len(seen.statistics), dtype=bool)
    return float(((seen.statistics / seen.errors)[pairs] ** 2).sum()), int(pairs.sum())


def _is_correlation(group: Ordinal) -> NDArray[np.bool_]:
    """Which statistics of a group are correlations: the last ones."""
    items = len(group.thresholds)
    return np.arange(len(group.statistics)) >= len(group.statistics) - items * (items - 1) // 2


def comparative_fit(seen: Seen, found: Fit) -> float:
    """Comparative fit index (Bentler 1990): 1 for a model that fits, 0 for one no better than unrelated items."""
    nothing, pairs = unrelated(seen)
    left = max(found.scaled - found.df, 0.0)
    most = max(nothing - pairs, left)
    return 1.0 if most == 0 else 1 - left / most


def tucker_lewis(seen: Seen, found: Fit) -> float:
    """Tucker-Lewis index (1973), which charges for parameters; NaN without degrees of freedom."""
    nothing, pairs = unrelated(seen)
    if found.df == 0 or nothing <= pairs:
        return np.nan
    return (nothing / pairs - found.scaled / found.df) / (nothing / pairs - 1)


def rmsea(seen: Seen, found: Fit) -> float:
    """Root mean square error of approximation (Steiger 1990), for several groups as Steiger (1998) has it."""
    if found.df == 0:
        return np.nan
    return float(np.sqrt(max(found.scaled / found.df - 1, 0.0) / seen.customers * len(seen.groups)))
