"""Logistic regression on many sparse columns, and the calibration of its sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit, log_expit

Floats = NDArray[np.float64]

#: How little coefficients are held to zero: the inverse of the weight of their squares.
STRENGTH = 10.0
#: How many steps at most, of the method and within each; how small the slope must become beside the first; the shortest
#: part of a step that is tried.
_STEPS, _INNER_STEPS, _NEAR, _SHORTEST = 30, 40, 1e-4, 1e-6


@dataclass(frozen=True)
class Fitted:
    """Coefficients, and what is added to their sum."""

    coefficients: Floats
    intercept: float

    def sums(self, table: sparse.csr_array) -> Floats:
        """The log-odds of each row."""
        return table @ self.coefficients + self.intercept


def balanced_weights(praised: NDArray[np.bool_]) -> Floats:
    """Weights of mean one by which those who praise and those who blame count as much as each other."""
    return np.where(praised, len(praised) / (2 * praised.sum()), len(praised) / (2 * (~praised).sum()))


def fit(table: sparse.csr_array, praised: NDArray[np.bool_], *, strength: float = STRENGTH) -> Fitted:
    """Fit a logistic regression with squared penalty, both sides weighing the same.

    Parameters
    ----------
    table
        One row per text.
    praised
        Whether each praises; both must occur.
    strength
        As scikit-learn's ``C``: the weight of the losses beside half the sum of squared coefficients.

    Returns
    -------
    Fitted
        By Newton's method from zero, each step by conjugate gradients: the same on every run.
    """
    weight = strength * balanced_weights(praised)
    side = np.where(praised, 1.0, -1.0)
    used = np.unique(table.indices)  # what does not occur has the coefficient 0
    narrow = table[:, used].astype(np.float64)
    turned = narrow.T.tocsr()
    values = np.zeros(len(used) + 1)
    sums = np.zeros(len(side))
    first = np.inf
    for _ in range(_STEPS):
        chance = expit(-side * sums)
        pull = -weight * side * chance
        slope = np.append(turned @ pull + values[:-1], pull.sum())
        steepness = float(np.sqrt(slope @ slope))
        first = min(first, steepness) if np.isinf(first) else first
        if steepness <= _NEAR * first:
            break
        step = _direction(narrow, turned, weight * chance * (1 - chance), slope, min(0.5, np.sqrt(steepness / first)))
        along, before, gain = narrow @ step[:-1] + step[-1], _loss(side, sums, weight, values), float(slope @ step)
        length = 1.0
        while length > _SHORTEST:
            tried = values + length * step
            if _loss(side, sums + length * along, weight, tried) <= before + 1e-4 * length * gain:
                break
            length /= 2
        values, sums = values + length * step, sums + length * along
    coefficients = np.zeros(table.shape[1])
    coefficients[used] = values[:-1]
    return Fitted(coefficients, float(values[-1]))


def _loss(side: Floats, sums: Floats, weight: Floats, values: Floats) -> float:
    return float(-(weight * log_expit(side * sums)).sum() + values[:-1] @ values[:-1] / 2)


def _direction(table: sparse.csr_array, turned: sparse.csr_array, curve: Floats, slope: Floats, near: float) -> Floats:
    """Newton's step, by conjugate gradients, as near as it pays (Lin, Weng and Keerthi 2008, JMLR 9, 627–650)."""
    step, rest = np.zeros(len(slope)), -slope
    way, size = rest.copy(), float(rest @ rest)
    enough = near * near * size
    for _ in range(_INNER_STEPS):
        bent = curve * (table @ way[:-1] + way[-1])
        product = np.append(turned @ bent + way[:-1], bent.sum())
        length = size / float(way @ product)
        step, rest = step + length * way, rest - length * product
        fresh = float(rest @ rest)
        if fresh <= enough:
            break
        way, size = rest + fresh / size * way, fresh
    return step


def calibrate(sums: Floats, praised: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept that turn sums of held-out texts into log-odds that hold (Platt 1999), both sides equal.

    The slope is held between 0 and 10: texts that are told apart without an error would have it grow without end.
    """
    weight = balanced_weights(praised)
    side = np.where(praised, 1.0, -1.0)

    def loss(values: Floats) -> tuple[float, Floats]:
        margin = side * (values[0] * sums + values[1])
        pull = -weight * side * expit(-margin)
        return float(-(weight * log_expit(margin)).sum()), np.array([(pull * sums).sum(), pull.sum()])

    bounds = [(0.0, 10.0), (-20.0, 20.0)]
    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), float(found.x[1])
