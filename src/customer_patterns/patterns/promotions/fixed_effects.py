"""Counts and amounts of many groups over time: what goes with an exposure, given each group and each week.

What a product sells in a store in a week, or what a customer spends in a week, is mostly small and often zero: a
logarithm cannot be taken, and a difference would let the largest groups speak for all. So the mean is a product,

    E[y_gt] = exp(a_g + d_t + Σ_k b_k x_kgt),

with an effect a_g for every group and d_t for every week, and b is estimated by Poisson pseudo-maximum likelihood
(Gourieroux, Monfort and Trognon 1984, Econometrica 52, 681–700; Santos Silva and Tenreyro 2006, Review of Economics and
Statistics 88, 641–658). Nothing has to be Poisson for it, only the mean has to be right, and in this model the group
effects do no harm to b however many there are (Hausman, Hall and Griliches 1984, Econometrica 52, 909–938; Wooldridge
1999, Journal of Econometrics 90, 77–97). exp(b_k) is how many times as much there is with one more unit of x_k.

The group effects are solved for exactly within each step (given the rest, a group's fitted sum is its observed sum),
the week effects by a Schur complement: the two-way demeaning that a linear model needs, weighted with the fitted means.
Intervals allow for any dependence within a cluster (Liang and Zeger 1986, Biometrika 73, 13–22), with Student's t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc, stdtrit

from customer_patterns.estimates import Interval, NotEnoughData

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Steps of Newton's method; it takes four to eight.
_STEPS = 40
#: No effect moves further in one step: a factor of 4.5.
_REACH = 1.5
#: What is left of an exposure's information once effects and other exposures are taken out, to be told from nothing.
_LEFT = 1e-7
#: Fewer clusters than this say nothing about others like them.
FEWEST_CLUSTERS = 5


@dataclass(frozen=True)
class Effects:
    """What was estimated.

    Attributes
    ----------
    logs
        b, one per exposure; NaN where the data cannot tell it.
    covariance
        Of b, by cluster.
    clusters
        How many clusters it rests on.
    weeks
        d, one per week; 0 where there is nothing in a week.
    """

    logs: Floats
    covariance: Floats
    clusters: int
    weeks: Floats

    def factors(self, *, level: float = 0.95) -> Interval:
        """Return exp(b) with its interval, one figure per exposure."""
        return self.combined(np.eye(len(self.logs)), level=level)

    def combined(self, weights: Floats, *, level: float = 0.95) -> Interval:
        """Return exp(w b) with its interval for each row of weights: means of exposures, ratios of their factors."""
        weights = np.atleast_2d(np.asarray(weights, dtype=float))
        center = weights @ np.nan_to_num(self.logs)
        known = ~((weights != 0) & np.isnan(self.logs)).any(axis=1)
        spread = np.einsum("ik,kl,il->i", weights, np.nan_to_num(self.covariance), weights)
        half = stdtrit(self.clusters - 1, 0.5 + level / 2) * np.sqrt(np.maximum(spread, 0))
        ends = (np.where(known, part, np.nan) for part in (center, center - half, center + half))
        return Interval(*(np.exp(part) for part in ends))

    def none_of(self, which: Ints) -> float:
        """Return the p-value of the hypothesis that these exposures all have a factor of one (Wald, F)."""
        which = np.asarray(which)[~np.isnan(self.logs[which])]
        if not len(which):
            return 1.0
        b, v = self.logs[which], self.covariance[np.ix_(which, which)]
        wald = float(b @ np.linalg.lstsq(v, b, rcond=None)[0])
        # Hotelling's T²: with few clusters the covariance is itself uncertain.
        free = self.clusters - len(which)
        return float(fdtrc(len(which), free, wald * free / (len(which) * (self.clusters - 1)))) if free > 0 else 1.0


def estimate_effects(y: Floats, x: Floats, *, clusters: Ints, seasons: int = 1) -> Effects:
    """Estimate how many times as much there is with an exposure, given each group and each week.

    Parameters
    ----------
    y
        Counts or amounts, one row per group, one column per week; none negative. Groups without any are passed over.
    x
        The exposures: one such table for each.
    clusters
        The cluster of each group, as a number.
    seasons
        In so many parts of about equal length the weeks are cut; a group has an effect of its own in each. What changes
        slowly (what a store stocks, what the time of year asks for) is then held fixed as well.

    Returns
    -------
    Effects
        An exposure that never varies within groups and weeks, that the others determine, or with which (or without
        which) there is nothing at all, is NaN.

    Raises
    ------
    NotEnoughData
        Fewer than five clusters have anything.
    ValueError
        A negative amount.
    """
    if (y < 0).any():
        raise ValueError("amounts are zero or more")
    kept = y.sum(axis=1) > 0
    y, x, clusters = y[kept], x[:, kept], np.unique(clusters[kept], return_inverse=True)[1]
    number = int(clusters.max()) + 1 if len(clusters) else 0
    if number < FEWEST_CLUSTERS:
        raise NotEnoughData(f"needs {FEWEST_CLUSTERS} clusters, has {number}")
    logs, covariance = np.full(len(x), np.nan), np.full((len(x), len(x)), np.nan)
    use = _told(y, x)
    while True:
        step = _Newton(in_seasons(y, seasons), in_seasons(x[use], seasons))
        independent = step.independent()
        if independent.all():
            break
        use[np.flatnonzero(use)[~independent]] = False
    if step.converge() and use.any():
        logs[use], covariance[np.ix_(use, use)] = step.b, step.clustered(clusters, number)
    return Effects(logs, covariance, number, step.d.ravel()[: y.shape[1]])


def _told(y: Floats, x: Floats) -> NDArray[np.bool_]:
    """Which exposures have something both with and without them."""
    told = np.zeros(len(x), dtype=bool)
    for k, exposure in enumerate(x):
        there = exposure != 0
        told[k] = y[there].sum() > 0 and y[~there].sum() > 0
    return told


def in_seasons(table: Floats, seasons: int) -> Floats:
    """Turn (…, groups, weeks) into (…, seasons, groups, weeks of a season); weeks that fill up the last are empty."""
    *before, groups, weeks = table.shape
    length = -(-weeks // seasons)
    filled = np.zeros((*before, groups, seasons * length))
    filled[..., :weeks] = table
    return np.ascontiguousarray(np.moveaxis(filled.reshape(*before, groups, seasons, length), -2, -3))


class _Newton:
    """Newton's method with the group effects profiled out. Tables are by season, group and week of the season."""

    def __init__(self, y: Floats, x: Floats) -> None:
        self.y, self.x = y, x
        self.sums = y.sum(axis=2)
        self.root = np.sqrt(np.where(self.sums > 0, self.sums, 1.0))
        weeks = y.sum(axis=1)
        # A week without anything has no effect that could be finite, and says nothing. Of the others the last one of
        # each season is what they are held against.
        self.live = weeks > 0
        self.fixed = ~self.live
        last = self.live.shape[1] - 1 - np.argmax(self.live[:, ::-1], axis=1)
        self.fixed[np.arange(len(last)), last] = True
        self.b = np.zeros(len(x))
        self.d = np.where(self.live, np.log(np.where(self.live, weeks, 1.0)), 0.0)
        self.fit()

    def fit(self) -> None:
        """Work out fitted means, and what they make of scores and information."""
        k, weeks = len(self.b), self.y.shape[2]
        flat = self.x.reshape(k, self.y.size)
        weight = np.exp((self.b @ flat).reshape(self.y.shape) + self.d[:, None, :]) * self.live[:, None, :]
        mean = weight * (self.sums / np.maximum(weight.sum(axis=2), 1e-300))[..., None]
        self.rest = self.y - mean
        weighted = self.x * mean
        by_group = weighted.sum(axis=3) / self.root
        share = mean / self.root[..., None]
        own = weighted.reshape(flat.shape) @ flat.T
        self.total = np.diag(own).copy()
        own = own - by_group.reshape(k, self.sums.size) @ by_group.reshape(k, self.sums.size).T
        share_across = share.transpose(0, 2, 1)
        cross = weighted.sum(axis=2).transpose(1, 2, 0) - share_across @ by_group.transpose(1, 2, 0)
        time = -(share_across @ share)
        each = np.arange(weeks)
        time[:, each, each] += mean.sum(axis=1)
        cross[self.fixed] = 0
        time[self.fixed], time.transpose(0, 2, 1)[self.fixed] = 0, 0
        time[:, each, each] += self.fixed
        scores = np.where(self.fixed, 0, self.rest.sum(axis=1))
        solved = np.linalg.solve(time, np.concatenate([cross, scores[..., None]], axis=2))
        self.sweep, self.shift = solved[..., :-1], solved[..., -1]
        self.information = own - np.tensordot(cross, self.sweep, ((0, 1), (0, 1)))
        self.scores = flat @ self.rest.ravel() - np.tensordot(cross, self.shift, ((0, 1), (0, 1)))

    def independent(self) -> NDArray[np.bool_]:
        """Which exposures vary within groups and weeks, and are not made up of those before them."""
        kept: list[int] = []
        for k in range(len(self.b)):
            left = self.information[k, k]
            if kept:
                to = self.information[kept, k]
                left = left - to @ np.linalg.solve(self.information[np.ix_(kept, kept)], to)
            if left > _LEFT * max(self.total[k], 1e-300):
                kept.append(k)
        return np.isin(np.arange(len(self.b)), kept)

    def converge(self) -> bool:
        """Step until nothing moves; say whether it came to that."""
        for _ in range(_STEPS):
            change = np.linalg.solve(self.information, self.scores) if len(self.b) else np.zeros(0)
            weeks = self.shift - self.sweep @ change
            largest = max(np.abs(change).max(initial=0), np.abs(weeks).max(initial=0))
            if largest < 1e-6:
                return True
            slower = min(1.0, _REACH / largest)
            self.b += slower * change
            self.d += slower * weeks
            self.fit()
        return False

    def clustered(self, clusters: Ints, number: int) -> Floats:
        """Return the covariance of b, the scores added up by cluster."""
        of_groups = (self.x * self.rest).sum(axis=(1, 3)) - np.einsum("sgt,stk->kg", self.rest, self.sweep)
        added = np.stack([np.bincount(clusters, score, number) for score in of_groups])
        bread = np.linalg.inv(self.information)
        return bread @ (added @ added.T) @ bread * number / (number - 1)
