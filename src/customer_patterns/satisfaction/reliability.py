"""Do the items of a dimension measure one thing? Cronbach's alpha, McDonald's omega, each item against the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import bootstrap_ratio, in_row
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.resampling import covariances, moments, resampled, sums_of
from customer_patterns.satisfaction.sheets import Sheets
from customer_patterns.satisfaction.tables.answers import ITEM_QUALITY, RELIABILITY

Floats = NDArray[np.float64]

#: Rounds of principal axes after which communalities no longer move in what is printed.
_ROUNDS = 200


def cronbach_alpha(covariance: Floats) -> Floats:
    """Cronbach's alpha of items with this covariance matrix, or of each of a stack of matrices.

    Parameters
    ----------
    covariance
        Items by items; or any number of such.

    Returns
    -------
    ndarray
        At most 1; NaN for a single item, or where the sum of the items does not vary.

    Notes
    -----
    Cronbach (1951), Psychometrika 16, 297–334.

    Examples
    --------
    Three items, each with variance 1, any two with covariance 1/2: the sum's variance is 6, so 3/2 × (1 - 3/6).

    >>> float(cronbach_alpha(np.full((3, 3), 0.5) + 0.5 * np.eye(3)))
    0.75
    """
    items = covariance.shape[-1]
    own, total = np.einsum("...kk->...", covariance), covariance.sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha = items / (items - 1) * (1 - own / total) if items > 1 else np.full(total.shape, np.nan)
    return np.where(total > 0, alpha, np.nan)


def mcdonald_omega(covariance: Floats) -> Floats:
    """McDonald's omega of items with one factor behind them, for one covariance matrix or each of a stack.

    Parameters
    ----------
    covariance
        Items by items; or any number of such.

    Returns
    -------
    ndarray
        From 0 to 1: the share of the sum's variance that the factor explains. NaN for fewer than three items, which
        do not determine a factor, and where no proper factor fits (an item explained beyond its variance, or items
        that run against each other).

    Notes
    -----
    McDonald (1999), Test Theory: A Unified Treatment, chapter 6. With three items the loadings follow from the three
    covariances (the square of the first is s12 s13 / s23); with more they are found by iterated principal axes,
    whose fixed point is the unweighted least-squares solution (Harman and Jones 1966, Psychometrika 31, 351–368).

    Examples
    --------
    Loadings 1, 2 and 3 with error variance 2 each: the factor explains 36 of the 42 that the sum varies by.

    >>> loadings = np.array([1.0, 2.0, 3.0])
    >>> round(float(mcdonald_omega(np.outer(loadings, loadings) + 2 * np.eye(3))), 4)
    0.8571
    """
    items = covariance.shape[-1]
    total = covariance.sum(axis=(-2, -1))
    if items < 3:
        return np.full(total.shape, np.nan)
    own = np.einsum("...kk->...k", covariance)
    with np.errstate(invalid="ignore", divide="ignore"):
        loadings = _three_loadings(covariance) if items == 3 else _principal_axes(covariance)
        omega = loadings.sum(axis=-1) ** 2 / total
        proper = (loadings > 0).all(axis=-1) & (loadings**2 <= own * (1 + 1e-9)).all(axis=-1) & (total > 0)
    return np.where(proper, np.minimum(omega, 1.0), np.nan)


def reliability(sheets: Sheets, *, floor: float = 0.7) -> pd.DataFrame:
    """Estimate how reliable each dimension's score is.

    Parameters
    ----------
    sheets
        What :func:`~customer_patterns.satisfaction.sheets.answer_sheets` returns; sheets with every item of the
        dimension are used, of all waves together.
    floor
        From which value on a score counts as reliable.

    Returns
    -------
    DataFrame
        One row per dimension, in the survey's order; columns as in ``RELIABILITY``. Intervals resample customers.

    Notes
    -----
    The usual floor of 0.70 is Nunnally's (1978, Psychometric Theory), for early stages of research.
    """
    rows = []
    for name in sheets.dimensions:
        points, customers = _complete(sheets, name)
        n = len(np.unique(customers))
        values = np.full((2, 3), np.nan)
        if n >= SMALLEST_CELL and points.shape[1] > 1:
            values = np.array(
                resampled(sums_of(moments(points), customers), _alpha_and_omega)[0],
            ).T
        row = {"dimension": name, "items": points.shape[1], "n": len(points), "customers": n, "floor": floor}
        for measure, value in zip(("alpha", "omega"), values, strict=True):
            row |= in_row(measure, value)
        rows.append(row | {"verdict": _verdict(values[0], floor)})
    return pd.DataFrame(rows, columns=RELIABILITY.names) if rows else empty(RELIABILITY)


def item_quality(sheets: Sheets) -> pd.DataFrame:
    """Estimate, for each item, its mean and its correlation with the rest of its dimension.

    Parameters
    ----------
    sheets
        As in :func:`reliability`.

    Returns
    -------
    DataFrame
        One row per item, by ``item_id`` within the survey's dimensions; columns as in ``ITEM_QUALITY``. An item that
        runs against the others may have been read in the wrong direction.
    """
    rows = []
    for name in sheets.dimensions:
        points, customers = _complete(sheets, name)
        own = sheets.items[sheets.items["dimension"] == name]
        enough = len(np.unique(customers)) >= SMALLEST_CELL
        for place, (_, item) in enumerate(own.iterrows()):
            rest, mean = np.full(3, np.nan), np.full(3, np.nan)
            if enough:
                mean = _mean_of(points[:, place], customers)
                rest = _with_the_rest(points, place, customers)
            row = {"dimension": name, "item": item["item_id"], "direction": item["direction"], "n": len(points)}
            for measure, value in (("score", mean), ("item_rest", rest)):
                row |= in_row(measure, value)
            rows.append(row)
    return pd.DataFrame(rows, columns=ITEM_QUALITY.names) if rows else empty(ITEM_QUALITY)


def _complete(sheets: Sheets, dimension: str) -> tuple[Floats, NDArray]:
    """The points of a dimension's items on sheets that have them all, and whose sheets these are."""
    points = sheets.points[:, (sheets.items["dimension"] == dimension).to_numpy()]
    whole = np.isfinite(points).all(axis=1)
    return points[whole], sheets.rows["customer_id"].to_numpy()[whole]


def _alpha_and_omega(sums: Floats) -> Floats:
    matrices = covariances(sums)
    return np.column_stack([cronbach_alpha(matrices), mcdonald_omega(matrices)])


def _verdict(alpha: Floats, floor: float) -> str:
    if np.isnan(alpha).any():
        return "not enough data"
    low, high = alpha[1:]
    if low >= floor:
        return "reliable"
    return "not reliable" if high < floor else "near the floor"


def _mean_of(points: Floats, customers: NDArray) -> Floats:
    sums = pd.Series(points).groupby(customers, sort=True).agg(["sum", "count"]).to_numpy(dtype=float)
    value = np.array([float(x) for x in bootstrap_ratio(sums[:, 0], sums[:, 1])])
    return (
        np.array([value[0], max(value[1], 0), min(value[2], 100)]) if np.isfinite(value).all() else np.full(3, np.nan)
    )


def _with_the_rest(points: Floats, place: int, customers: NDArray) -> Floats:
    """Correlation of an item with the sum of the others."""
    if points.shape[1] < 2:
        return np.full(3, np.nan)
    both = np.column_stack([points[:, place], np.delete(points, place, axis=1).sum(axis=1)])

    def correlation(sums: Floats) -> Floats:
        matrix = covariances(sums)
        return (matrix[:, 0, 1] / np.sqrt(matrix[:, 0, 0] * matrix[:, 1, 1]))[:, None]

    return np.array([x[0] for x in resampled(sums_of(moments(both), customers), correlation)[0]])


def _three_loadings(covariance: Floats) -> Floats:
    a, b, c = covariance[..., 0, 1], covariance[..., 0, 2], covariance[..., 1, 2]
    squares = np.stack([a * b / c, a * c / b, b * c / a], axis=-1)
    # Items that run against each other have no positive loadings on one factor.
    return np.where(np.stack([a > 0, b > 0, c > 0], axis=-1).all(axis=-1)[..., None], np.sqrt(squares), np.nan)


def _principal_axes(covariance: Floats) -> Floats:
    """Loadings on one factor by iterated principal axes, with the sign that makes their sum positive."""
    matrices = covariance.reshape(-1, *covariance.shape[-2:])
    known = (np.isfinite(matrices).all(axis=(1, 2))) & (np.einsum("rkk->rk", matrices) > 0).all(axis=1)
    loadings = np.full(matrices.shape[:2], np.nan)
    if known.any():
        work = matrices[known].copy()
        diagonal = np.arange(work.shape[1])
        off = work.copy()
        off[:, diagonal, diagonal] = 0
        common = np.abs(off).max(axis=2)
        for _ in range(_ROUNDS):
            work[:, diagonal, diagonal] = common
            values, vectors = np.linalg.eigh(work)
            found = vectors[:, :, -1] * np.sqrt(np.maximum(values[:, -1:], 0))
            common = found**2
        loadings[known] = found * np.sign(found.sum(axis=1, keepdims=True))
    return loadings.reshape(covariance.shape[:-1])
