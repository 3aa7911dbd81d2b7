"""Answers in few steps as cuts through something continuous: thresholds, polychoric correlations, and how they vary."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

#: Points and weights of the quadrature: exact to 1e-10 for correlations up to .95.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
#: Correlations are looked for within these.
_MOST = 0.995
#: Newton steps after which a correlation no longer moves in what is printed, and the step that is none.
_STEPS, _STILL = 60, 1e-10
#: What is added to a cell that nobody is in.
_EMPTY = 0.5


class Ordinal(NamedTuple):
    """What is estimated from the answers of one group.

    Attributes
    ----------
    thresholds
        Per item, where the continuum is cut, ascending: standard normal quantiles of the cumulative shares.
    correlations
        Items by items, polychoric.
    influence
        One row per customer, one column per statistic (all thresholds, then the correlations of the upper triangle by
        row): how far this customer's sheets have moved the statistic from the truth. Rows add up to nothing; the sum of
        their products is the covariance of the statistics.
    customers
        Whose row each is, by name.
    sheets
        How many sheets all this rests on.
    """

    thresholds: list[Floats]
    correlations: Floats
    influence: Floats
    customers: NDArray[np.str_]
    sheets: int

    @property
    def statistics(self) -> Floats:
        """All thresholds, then the correlations of the upper triangle by row."""
        pairs = np.triu_indices(len(self.thresholds), 1)
        return np.concatenate([*self.thresholds, self.correlations[pairs]])


def bivariate_normal(first: Floats, second: Floats, correlation: Floats) -> Floats:
    """Probability that two standard normal variables with a correlation lie below two bounds.

    Parameters
    ----------
    first, second
        The bounds; any shape, infinite ones too.
    correlation
        Between -1 and 1, both excluded; broadcasts with the bounds.

    Returns
    -------
    ndarray
        Probabilities.

    Notes
    -----
    Drezner and Wesolowsky (1990), J. Stat. Comput. Simul. 35, 101–107: the integral over the angle whose sine is the
    correlation, by Gauss-Legendre quadrature.

    Examples
    --------
    Below the mean in both: 1/4 + arcsin(1/2) / (2 pi) = 1/3.

    >>> round(float(bivariate_normal(np.array(0.0), np.array(0.0), np.array(0.5))), 10)
    0.3333333333
    """
    h, k, r = np.broadcast_arrays(first, second, correlation)
    # Beyond 12 standard deviations nothing is left; the exponent stays finite.
    h, k = np.clip(h, -12.0, 12.0)[..., None], np.clip(k, -12.0, 12.0)[..., None]
    angle = np.arcsin(r)[..., None] / 2
    sine = np.sin(angle * (_NODES + 1))
    inside = np.exp(-(h * h + k * k - 2 * h * k * sine) / (2 * (1 - sine * sine)))
    return ndtr(h[..., 0]) * ndtr(k[..., 0]) + (inside * _WEIGHTS).sum(axis=-1) * angle[..., 0] / (2 * np.pi)


def steps_of(points: Floats) -> tuple[Codes, list[int]]:
    """Number the answers of each item from 0 for its lowest.

    Parameters
    ----------
    points
        One row per sheet, one column per item, nothing missing.

    Returns
    -------
    tuple
        The numbers, and how many different answers each item has.
    """
    codes = np.empty(points.shape, dtype=np.int64)
    sizes = []
    for place, column in enumerate(points.T):
        found, codes[:, place] = np.unique(column, return_inverse=True)
        sizes.append(len(found))
    return codes, sizes


def ordinal_statistics(codes: Codes, sizes: list[int], customers: NDArray) -> Ordinal:
    """Estimate thresholds and polychoric correlations in two steps, with each customer's influence on them.

    Parameters
    ----------
    codes
        One row per sheet, one column per item: 0 to one less than the item's size.
    sizes
        How many answers each item has, two or more.
    customers
        Whose sheet each is; several sheets of one customer are not independent.

    Returns
    -------
    Ordinal
        An answer that nobody gave in this group counts as if half a sheet had it, so that its threshold is finite.

    Notes
    -----
    Olsson (1979), Psychometrika 44, 443–460: thresholds from the margins, then each correlation by maximum likelihood
    given them. Their covariance follows Muthén (1984), Psychometrika 49, 115–132, from each sheet's influence, here
    added up by customer.
    """
    n, items = codes.shape
    shares = [_cumulative(codes[:, item], sizes[item]) for item in range(items)]
    thresholds = [ndtri(share) for share in shares]
    on_thresholds = [
        ((codes[:, item, None] <= np.arange(sizes[item] - 1)) - shares[item]) / _density(thresholds[item])
        for item in range(items)
    ]
    correlations, on_pairs = np.eye(items), []
    for one, other in zip(*np.triu_indices(items, 1), strict=True):
        table = np.zeros((sizes[one], sizes[other]))
        np.add.at(table, (codes[:, one], codes[:, other]), 1.0)
        correlation, by_cell, on_first, on_second = _polychoric(table, thresholds[one], thresholds[other])
        correlations[one, other] = correlations[other, one] = correlation
        influence = by_cell[codes[:, one], codes[:, other]]
        influence = influence - on_thresholds[one] @ on_first - on_thresholds[other] @ on_second
        on_pairs.append(influence)
    influence = np.column_stack([*on_thresholds, *on_pairs])
    people, whose = np.unique(np.asarray(customers, dtype=str), return_inverse=True)
    summed = np.zeros((len(people), influence.shape[1]))
    np.add.at(summed, whose, influence / n)
    return Ordinal(thresholds, correlations, summed, people, n)


def joint_covariance(groups: list[Ordinal]) -> Floats:
    """Covariance of the statistics of all groups, one after the other.

    A customer who is in several groups, as in several waves of a survey, makes them depend on each other.
    """
    people = np.unique(np.concatenate([group.customers for group in groups]))
    columns = []
    for group in groups:
        all_rows = np.zeros((len(people), group.influence.shape[1]))
        all_rows[np.searchsorted(people, group.customers)] = group.influence
        columns.append(all_rows)
    moved = np.hstack(columns)
    return moved.T @ moved * (len(people) / max(len(people) - 1, 1))


def _cumulative(codes: Codes, size: int) -> Floats:
    """Cumulative shares of all answers but the highest."""
    counts = np.bincount(codes, minlength=size).astype(float)
    counts = np.where(counts == 0, _EMPTY, counts)
    return np.cumsum(counts)[:-1] / counts.sum()


def _density(at: Floats) -> Floats:
    return np.exp(-at * at / 2) / np.sqrt(2 * np.pi)


def _polychoric(table: Floats, rows: Floats, columns: Floats) -> tuple[float, Floats, Floats, Floats]:
    """The correlation of one table by Fisher scoring; its influence by cell, and by each threshold's influence."""
    h = np.concatenate([[-np.inf], rows, [np.inf]])[:, None]
    k = np.concatenate([[-np.inf], columns, [np.inf]])[None, :]
    n, correlation = table.sum(), 0.0
    for _ in range(_STEPS):
        cells, slopes = _cells(h, k, correlation)
        score, information = (table / cells * slopes).sum() / n, (slopes**2 / cells).sum()
        step = score / information
        moved = float(np.clip(correlation + np.clip(step, -0.3, 0.3), -_MOST, _MOST))
        if abs(moved - correlation) < _STILL:
            break
        correlation = moved
    cells, slopes = _cells(h, k, correlation)
    information = (slopes**2 / cells).sum()
    root = np.sqrt(1 - correlation**2)
    ratio = slopes / cells
    # How the probabilities of cells move with a threshold: what leaves the cells below it enters those above.
    first = _density(rows)[:, None] * np.diff(ndtr((k - correlation * rows[:, None]) / root), axis=1)
    second = _density(columns)[None, :] * np.diff(ndtr((h - correlation * columns[None, :]) / root), axis=0)
    on_first = (first * (ratio[:-1] - ratio[1:])).sum(axis=1) / information
    on_second = (second * (ratio[:, :-1] - ratio[:, 1:])).sum(axis=0) / information
    return correlation, ratio / information, on_first, on_second


def _cells(h: Floats, k: Floats, correlation: float) -> tuple[Floats, Floats]:
    """Probabilities of all cells, and how they move with the correlation."""
    below = bivariate_normal(h, k, np.array(correlation))
    cells = np.maximum(np.diff(np.diff(below, axis=0), axis=1), 1e-12)
    left = 1 - correlation**2
    with np.errstate(invalid="ignore"):
        height = np.exp(-(h**2 + k**2 - 2 * correlation * h * k) / (2 * left)) / (2 * np.pi * np.sqrt(left))
    height = np.where(np.isfinite(h) & np.isfinite(k), height, 0.0)
    return cells, np.diff(np.diff(height, axis=0), axis=1)
