"""Has the level of a series changed, when, and by how much: all placements of one and two changes, added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from customer_patterns.outlook.trend.drift import RHOS, whiten

Floats = NDArray[np.float64]

#: A level lasts so many weeks at least: a single odd week is no new level.
SHORTEST = 4
#: Probability before the data are seen: that no level changed (with and without a trend), and of the kinds of change.
FLAT, TREND, ONE, TWO, TREND_AND_ONE = 0.25, 0.25, 0.2, 0.1, 0.2
#: The weeks named hold the change with this probability.
HELD = 0.9
#: Standard deviations to either bound of 95 %.
REACH = 1.96


@dataclass(frozen=True)
class Levels:
    """What the data say of changes of level.

    Attributes
    ----------
    probability
        That any level changed.
    begins
        For each week, the probability that a new level begins with it.
    week, first, last
        The most probable first week of a new level, and the weeks around it that hold it with 90 %, given that there is
        one; -1 where no placement is possible.
    until
        First week after it, where the new level more probably ended within the series than not; else -1.
    shift, low, high
        How much higher the new level is than the old one, in units of the series, with 95 % bounds.
    held
        1 where the level went one way around that week. Else the change told is that of the likelier way, and this is
        the probability that one of this way begins in the weeks around it.
    """

    probability: float
    begins: Floats
    week: int
    first: int
    last: int
    until: int
    shift: float
    low: float
    high: float
    held: float = 1.0


def level_changes(y: Floats, beside: Floats) -> Levels:
    """Add up the probability of every placement of no, one and two changes of level.

    The errors follow an autoregression of the first order whose coefficient is unknown, so a slow wave is not taken for
    levels. A steady trend is an explanation of its own, with and without a change. Steps have Zellner's prior with the
    weight of one observation; all sums are exact.

    Parameters
    ----------
    y
        The series, one value a week; at least four times :data:`SHORTEST`.
    beside
        What else moves it: one row per week, a column of ones first, then those of the calendar.

    Notes
    -----
    Barry and Hartigan (1993), J. Am. Stat. Assoc. 88, 309–319; Fearnhead (2006), Stat. Comput. 16, 203–213; the Bayes
    factors of Zellner's prior: Liang et al. (2008), J. Am. Stat. Assoc. 103, 410–423.
    """
    n = len(y)
    at = np.arange(SHORTEST, n - SHORTEST + 1)
    if len(at) < 2 * SHORTEST:
        return Levels(0.0, np.zeros(n), -1, -1, -1, -1, np.nan, np.nan, np.nan)
    steps = (np.arange(n)[:, None] >= at).astype(float)
    trend = np.linspace(-0.5, 0.5, n)[:, None]
    pairs = np.triu_indices(len(at), SHORTEST)
    steady, placed = [], []
    for rho in RHOS:
        without, changes = _at(y, beside, steps, trend, pairs, rho)
        steady.append(without)
        placed += changes
    top = max(np.max(steady), max(one.log.max() for one in placed))
    chances = [np.exp(one.log - top) for one in placed]
    changed = sum(chance.sum() for chance in chances)
    total = changed + np.exp(np.array(steady) - top).sum()
    chances = [chance / total for chance in chances]
    begins = np.zeros(len(at))
    for chance, one in zip(chances, placed, strict=True):
        for place in one.places:
            np.add.at(begins, place, chance)
    week, first, last = _around(begins)
    shift, spread = _step(placed, chances, first, last)
    held = 1.0
    if abs(shift) < REACH * spread:  # a rise and a fall within a few weeks of each other: the likelier one by itself
        up, (week, first, last), held = _likelier(placed, chances, len(at))
        shift, spread = _step(placed, chances, first, last, up=up)
    until = _ended(placed, chances, first, last, len(at))
    whole = np.zeros(n)
    whole[at] = np.minimum(begins, 1)
    return Levels(
        probability=float(changed / total),
        begins=whole,
        week=int(at[week]),
        first=int(at[first]),
        last=int(at[last]),
        until=int(at[until]) if until >= 0 else -1,
        shift=shift,
        low=shift - REACH * spread,
        high=shift + REACH * spread,
        held=held,
    )


class _Placed(NamedTuple):
    """All placements of one kind at one autocorrelation: log weights; per change its place and its step's moments."""

    log: Floats
    places: tuple[NDArray[np.int64], ...]
    moments: tuple[tuple[Floats, Floats], ...]


def _at(
    y: Floats, beside: Floats, steps: Floats, trend: Floats, pairs: tuple[NDArray[np.int64], ...], rho: float
) -> tuple[Floats, list[_Placed]]:
    """Log weights at one autocorrelation: of no change, with and without a trend; and of all placements of changes."""
    n, k = steps.shape
    made = whiten(y, np.hstack([beside, trend, steps]), rho)
    base = made.columns[:, : beside.shape[1]]
    q, r = np.linalg.qr(base)
    rest = np.column_stack([made.y, made.columns[:, beside.shape[1] :]])
    rest = rest - q @ (q.T @ rest)
    v, free = rest[:, 0], n - beside.shape[1]
    x = rest[:, 1:]
    gram, b, total = x.T @ x, x.T @ v, max(float(v @ v), 1e-24)
    start = made.log_det - np.log(np.abs(np.diag(r))).sum() - 0.5 * free * np.log(total)
    g = float(n)

    def log_factor(explained: Floats, columns: int) -> Floats:
        r2 = np.clip(explained / total, 0, 1 - 1e-12)
        return 0.5 * (free - columns) * np.log1p(g) - 0.5 * free * np.log1p(g * (1 - r2))

    def moments(estimate: Floats, inverse: Floats, explained: Floats) -> tuple[Floats, Floats]:
        shrink = g / (1 + g)
        left = np.maximum(total - shrink * explained, 1e-24)
        return shrink * estimate, shrink * inverse * left / max(free - 2, 1)

    diagonal = np.maximum(np.diag(gram), 1e-12)
    alone = b**2 / diagonal
    steady = np.array([start + np.log(FLAT), start + np.log(TREND) + log_factor(alone[0], 1)])
    one, here = np.arange(1, k + 1), np.arange(k)
    single = _Placed(
        start + np.log(ONE / k) + log_factor(alone[one], 1),
        (here,),
        (moments(b[one] / diagonal[one], 1 / diagonal[one], alone[one]),),
    )
    two = _pair(gram, b, pairs[0] + 1, pairs[1] + 1)
    double = _Placed(
        start + np.log(TWO / len(pairs[0])) + log_factor(two[2], 2),
        pairs,
        (moments(two[0], two[3], two[2]), moments(two[1], two[4], two[2])),
    )
    bent = _pair(gram, b, np.zeros(k, dtype=int), one)
    with_trend = _Placed(
        start + np.log(TREND_AND_ONE / k) + log_factor(bent[2], 2), (here,), (moments(bent[1], bent[4], bent[2]),)
    )
    return steady, [single, double, with_trend]


def _pair(gram: Floats, b: Floats, i: NDArray[np.int64], j: NDArray[np.int64]) -> tuple[Floats, ...]:
    """Regression on two columns at once: both estimates, what they explain, and both diagonals of the inverse."""
    a, c, d = gram[i, i], gram[i, j], gram[j, j]
    determinant = np.maximum(a * d - c * c, 1e-12)
    first, second = (d * b[i] - c * b[j]) / determinant, (a * b[j] - c * b[i]) / determinant
    return first, second, first * b[i] + second * b[j], d / determinant, a / determinant


def _around(begins: Floats) -> tuple[int, int, int]:
    """The most probable place, and the shortest stretch around it that holds enough of the probability nearby."""
    week = first = last = int(np.argmax(begins))
    near = slice(max(week - 3 * SHORTEST, 0), week + 3 * SHORTEST + 1)
    wanted, held = HELD * begins[near].sum(), begins[week]
    while held < wanted:
        left = begins[first - 1] if first > 0 else -1.0
        right = begins[last + 1] if last + 1 < len(begins) else -1.0
        if left >= right:
            first, held = first - 1, held + left
        else:
            last, held = last + 1, held + right
    return week, first, last


def _likelier(placed: list[_Placed], chances: list[Floats], places: int) -> tuple[bool, tuple[int, int, int], float]:
    """Whether rises or falls hold the more probable stretch, that stretch, and how probable one of them in it is."""
    found = []
    for up in (True, False):
        begins = np.zeros(places)
        for chance, one in zip(chances, placed, strict=True):
            for place, (value, _) in zip(one.places, one.moments, strict=True):
                np.add.at(begins, place, chance * ((value > 0) == up))
        stretch = _around(begins)
        found.append((up, stretch, min(float(begins[stretch[1] : stretch[2] + 1].sum()), 1.0)))
    return max(found, key=lambda one: one[2])


def _step(
    placed: list[_Placed], chances: list[Floats], first: int, last: int, *, up: bool | None = None
) -> tuple[float, float]:
    """Mean and standard deviation of the step, over all placements with a change, up or down, in this stretch."""
    weight = mean = square = 0.0
    for chance, one in zip(chances, placed, strict=True):
        for place, (value, variance) in zip(one.places, one.moments, strict=True):
            here = (place >= first) & (place <= last)
            if up is not None:
                here = here & ((value > 0) == up)
            weight += chance[here].sum()
            mean += (chance * value)[here].sum()
            square += (chance * (variance + value**2))[here].sum()
    mean, square = mean / max(weight, 1e-300), square / max(weight, 1e-300)
    return float(mean), float(np.sqrt(max(square - mean**2, 0.0)))


def _ended(placed: list[_Placed], chances: list[Floats], first: int, last: int, places: int) -> int:
    """The most probable place of a second change after one in this stretch, if there more probably is one; else -1."""
    after, alone = np.zeros(places), 0.0
    for chance, one in zip(chances, placed, strict=True):
        here = (one.places[0] >= first) & (one.places[0] <= last)
        if len(one.places) == 2:
            np.add.at(after, one.places[1][here], chance[here])
            alone += chance[(one.places[1] >= first) & (one.places[1] <= last)].sum()
        else:
            alone += chance[here].sum()
    return int(np.argmax(after)) if after.sum() > alone else -1
