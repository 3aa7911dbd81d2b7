"""A steady trend in a series whose weeks resemble their neighbors, with the probability that it rises."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

Floats = NDArray[np.float64]

#: How alike neighboring weeks may be; all values are taken as equally probable before the data are seen.
RHOS = np.linspace(-0.45, 0.9, 28)


class Whitened(NamedTuple):
    """A series and its columns at one autocorrelation, made independent from week to week."""

    rho: float
    y: Floats
    columns: Floats
    log_det: float


class Coefficient(NamedTuple):
    """One coefficient, averaged over all autocorrelations: its mean, 95 % bounds, and the chance that it is above 0."""

    value: float
    low: float
    high: float
    positive: float
    rho: float


def whiten(y: Floats, columns: Floats, rho: float) -> Whitened:
    """Take what follows from the week before out of a series and its columns (Prais and Winsten 1954).

    >>> whiten(np.array([2.0, 3.0]), np.ones((2, 1)), 0.5).y.round(3).tolist()
    [1.732, 2.0]
    """
    first = np.sqrt(1 - rho**2)
    both = np.column_stack([y, columns])
    made = np.vstack([first * both[:1], both[1:] - rho * both[:-1]])
    return Whitened(rho, made[:, 0], made[:, 1:], float(np.log(first)))


def coefficient(y: Floats, columns: Floats, which: int, *, level: float = 0.95) -> Coefficient:
    """Estimate one coefficient of a regression whose errors follow an autoregression of the first order.

    With flat priors of all coefficients, of the logarithm of the errors' spread and of the autocorrelation, a
    coefficient is a mixture of Student's distributions, one for each autocorrelation (Zellner 1971, An Introduction to
    Bayesian Inference in Econometrics, section 4.1).

    Parameters
    ----------
    y
        The series.
    columns
        One row per week; a column of ones among them.
    which
        The column whose coefficient is wanted.
    level
        Of the bounds.
    """
    n, p = columns.shape
    logs, means, spreads = [], [], []
    for rho in RHOS:
        made = whiten(y, columns, rho)
        gram = made.columns.T @ made.columns
        inverse = np.linalg.inv(gram)
        beta = inverse @ made.columns.T @ made.y
        rss = max(float(((made.y - made.columns @ beta) ** 2).sum()), 1e-24)
        logs.append(made.log_det - 0.5 * np.linalg.slogdet(gram)[1] - 0.5 * (n - p) * np.log(rss))
        means.append(beta[which])
        spreads.append(np.sqrt(rss / (n - p) * inverse[which, which]))
    weight = np.exp(np.array(logs) - max(logs))
    weight /= weight.sum()
    mean, spread = np.array(means), np.array(spreads)

    def below(at: float) -> float:
        return float(weight @ stdtr(n - p, (at - mean) / spread))

    low, high = (_where(below, tail, mean, spread) for tail in ((1 - level) / 2, (1 + level) / 2))
    value = float(weight @ mean)
    return Coefficient(value, min(low, value), max(high, value), 1 - below(0.0), float(weight @ RHOS))


def _where(below: Callable[[float], float], share: float, mean: Floats, spread: Floats) -> float:
    """The quantile of a mixture, by bisection."""
    low, high = float((mean - 60 * spread).min()), float((mean + 60 * spread).max())
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < share else (low, middle)
    return (low + high) / 2
