"""The slope of what is bought week by week, of one customer or of a group.

A customer's weekly counts are a level of their own times exp(slope × time), with as much extra scatter as they show
(quasi-Poisson: McCullagh and Nelder 1989, Generalized Linear Models, section 6.2). Given how much was bought in all,
the level drops out (Cox and Lewis 1966, The Statistical Analysis of Series of Events, section 3.3): what remains says
when it was bought. The customers of a group have one slope and levels of their own (fixed effects: Hausman, Hall and
Griliches 1984, Econometrica 52, 909–938) and a standard error that lets each scatter in its own way: the sandwich by
customer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Slopes are per quarter: weeks of a quarter.
QUARTER_WEEKS = 13
#: Scatter is measured over so many weeks at a time, so that holidays and stocking up are in it.
_BLOCK = 4
#: The scatter of all customers counts as so many blocks of each customer's own.
PRIOR_BLOCKS = 10.0
_STEPS, _STEEPEST = 60, 12.0


class Fit(NamedTuple):
    """Slope of the log per quarter, and its standard error, per customer."""

    slope: Floats
    error: Floats


def _when(columns: int) -> Floats:
    """The time of each week, in quarters; the last week is 0."""
    return -np.arange(columns) / QUARTER_WEEKS


def _moments(slope: Floats, there: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, Floats]:
    """How purchases are spread over a customer's weeks under a slope: shares, mean, variance, third moment of time."""
    t = _when(there.shape[1])
    log = np.where(there, slope[:, None] * t, -np.inf)
    share = np.exp(log - log.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    mean = share @ t
    off = t - mean[:, None]
    return share, mean, (share * off**2).sum(axis=1), (share * off**3).sum(axis=1)


def fit_each(counts: Floats, weeks: NDArray[np.int64]) -> Fit:
    """A slope for each customer; finite where all was bought in one week (Firth 1993, Biometrika 80, 27–38)."""
    there = np.arange(counts.shape[1]) < weeks[:, None]
    total = counts.sum(axis=1)
    seen = counts @ _when(counts.shape[1]) / total
    scatter = np.ones(len(counts))
    slope = np.zeros(len(counts))
    for _ in range(2):  # once to see how large the scatter is, once with it
        moving = np.arange(len(counts))
        for _ in range(_STEPS):
            _, mean, variance, third = _moments(slope[moving], there[moving])
            many = total[moving] / scatter[moving]
            score = many * (seen[moving] - mean) + third / (2 * variance)
            step = np.clip(score / (many * variance + 0.5), -1, 1)
            slope[moving] = np.clip(slope[moving] + step, -_STEEPEST, _STEEPEST)
            moving = moving[np.abs(step) > 1e-4]
            if not len(moving):
                break
        share, _, variance, _ = _moments(slope, there)
        scatter = _scatter(counts, total[:, None] * share, weeks)
    return Fit(slope, np.sqrt(scatter / (total * variance)))


def _scatter(counts: Floats, expected: Floats, weeks: NDArray[np.int64]) -> Floats:
    """How much more customers scatter than independent purchases would, each drawn toward those who buy as much.

    Whoever buys more also scatters more beyond chance, as counts with a variance of a m + b m² do (a line in m here).
    """
    edges = np.arange(0, counts.shape[1], _BLOCK)
    seen, wanted = (np.add.reduceat(part, edges, axis=1) for part in (counts, expected))
    pearson = np.divide((seen - wanted) ** 2, wanted, out=np.zeros_like(seen), where=wanted > 1e-12).sum(axis=1)
    free = freedom(weeks)
    pearson *= free > 0
    much = wanted.sum(axis=1) / np.maximum(free + 2, 1)
    of_all = pearson.sum() / max(free.sum(), 1.0)
    alike = _line(much, np.divide(pearson, free, out=np.full_like(pearson, of_all), where=free > 0), free)
    alike = np.maximum(alike, 0.25 * of_all)
    return np.maximum((pearson + PRIOR_BLOCKS * alike) / (free + PRIOR_BLOCKS), 1e-6)


def freedom(weeks: NDArray[np.int64]) -> Floats:
    """Blocks of weeks beyond those that level and slope are fitted to."""
    return np.maximum(np.ceil(weeks / _BLOCK) - 2, 0.0)


def _line(x: Floats, y: Floats, weight: Floats) -> Floats:
    """The line through points whose spread grows with how high they are, at each x."""
    fitted = np.full_like(y, max(float(np.average(y, weights=weight)) if weight.sum() else 1.0, 1e-9))
    for _ in range(5):
        w = weight / fitted**2
        if w.sum() <= 0 or np.ptp(x[w > 0]) < 1e-9:
            return fitted
        center = np.average(x, weights=w)
        level = np.average(y, weights=w)
        slope = (w * (x - center) * (y - level)).sum() / (w * (x - center) ** 2).sum()
        fitted = np.maximum(level + max(slope, 0.0) * (x - center), 0.25 * level)
    return fitted


def fit_together(counts: Floats, weeks: NDArray[np.int64]) -> tuple[float, float]:
    """One slope for several customers with levels of their own, and its standard error by customer."""
    there = np.arange(counts.shape[1]) < weeks[:, None]
    total = counts.sum(axis=1)
    seen = counts @ _when(counts.shape[1]) / total
    slope = 0.0
    for _ in range(_STEPS):
        _, mean, variance, _ = _moments(np.full(len(counts), slope), there)
        scores, information = total * (seen - mean), float((total * variance).sum())
        step = float(np.clip(scores.sum() / max(information, 1e-12), -1, 1))
        slope = float(np.clip(slope + step, -_STEEPEST, _STEEPEST))
        if abs(step) < 1e-8:
            break
    many = len(counts)
    return slope, float(np.sqrt((scores**2).sum() * many / (many - 1)) / max(information, 1e-12))
