"""Guesses that were not learned from the answer they are held against: ridge regression, fold by fold."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FOLDS = 5
#: Strengths of shrinkage that are tried, per row.
_STRENGTHS = np.geomspace(1e-3, 10.0, 13)


def folds_of(customers: NDArray) -> NDArray[np.int64]:
    """Put customers into :data:`FOLDS` parts by their keys; all rows of one are in one part, whatever else there is."""
    return np.array([zlib.crc32(str(one).encode()) % FOLDS for one in customers], dtype=np.int64)


def guesses(
    signals: Floats, answers: Floats, fold: NDArray[np.int64], *, learn: NDArray[np.bool_], test: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Guess each tested answer from those of other customers.

    Parameters
    ----------
    signals, answers
        One row per answer.
    fold
        The part each row's customer is in.
    learn, test
        Which rows may be learned from, and which are guessed: rows learned from never are of the same part.

    Returns
    -------
    tuple
        The guess, and the mean of the answers learned from, for each row; NaN where not tested.
    """
    guess, mean = np.full((2, len(answers)), np.nan)
    for part in range(FOLDS):
        known, asked = learn & (fold != part), test & (fold == part)
        if known.sum() > signals.shape[1] + 2 and asked.any():
            guess[asked] = ridge(signals[known], answers[known])(signals[asked])
            mean[asked] = answers[known].mean()
    return guess, mean


def ridge(signals: Floats, answers: Floats):
    """Fit answers to standardized signals, shrunken as much as generalized cross-validation asks.

    Returns
    -------
    callable
        Takes signals, returns guesses. A signal that does not vary counts nothing.

    Notes
    -----
    Golub, Heath and Wahba (1979), Technometrics 21, 215–223.
    """
    center, spread = signals.mean(axis=0), signals.std(axis=0)
    scale = np.where(spread > 1e-12, spread, np.inf)
    left, size, right = np.linalg.svd((signals - center) / scale, full_matrices=False)
    level = answers.mean()
    target = left.T @ (answers - level)
    rest = ((answers - level) ** 2).sum() - (target**2).sum()
    n = len(answers)
    kept = size[None, :] ** 2 / (size[None, :] ** 2 + n * _STRENGTHS[:, None])
    error = (((1 - kept) * target[None, :]) ** 2).sum(axis=1) + rest
    best = kept[np.argmin(error / (1 - (1 + kept.sum(axis=1)) / n) ** 2)]
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = right.T @ np.where(size > 1e-9, best / size * target, 0.0)
    return lambda rows: level + ((rows - center) / scale) @ slopes
