"""k-means by Lloyd's algorithm, many runs at once: the same steps as scikit-learn's, on stacks of arrays.

Judging whether clusters are stable takes thousands of small runs. One by one most of their time is overhead; stacked,
each step of all runs is a product of matrices. Seeds are drawn as k-means++ does (Arthur and Vassilvitskii 2007, Proc.
18th ACM-SIAM Symposium on Discrete Algorithms, 1027–1035), the steps are Lloyd's (1982, IEEE Trans. Inf. Theory 28,
129–137).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Centers are rounded before customers are assigned to them, so that the last bits of a sum decide nothing.
DIGITS = 9
#: Steps after which a run ends; what is not settled by then moves by very little.
STEPS = 100


class Clustering(NamedTuple):
    """One run: centers (k × features), each customer's cluster, the sum of squared distances."""

    centers: Floats
    cluster: NDArray[np.int64]
    inertia: float


def cluster_customers(points: Floats, k: int, *, seed: int, runs: int = 40) -> Clustering:
    """Find k clusters: the best of several runs.

    Parameters
    ----------
    points
        One row per customer, one column per feature, on comparable scales.
    k
        How many clusters, from 1 to the number of different rows.
    seed, runs
        The seed of the first centers, how many runs there are.

    Returns
    -------
    Clustering
        The run with the smallest sum of squares, its clusters from the largest to the smallest (equal ones by their
        centers).

    Raises
    ------
    ValueError
        There are fewer different customers than clusters, or a value is missing or infinite.
    """
    points = np.asarray(points, dtype=float)
    if not np.isfinite(points).all():
        raise ValueError(
            "a customer's feature is missing or infinite; leave the customer out or fill it, and say which"
        )
    if not 1 <= k <= (different := len(np.unique(points, axis=0))):
        raise ValueError(f"{k} clusters of {different} different customers")
    rng = np.random.default_rng(seed)
    first = seed_centers(np.broadcast_to(points, (runs, *points.shape)), k, rng)
    centers, _, inertia = lloyd(np.broadcast_to(points, (runs, *points.shape)), first)
    best = np.round(centers[int(np.argmin(np.round(inertia, DIGITS)))], DIGITS)
    cluster = nearest(points, best)
    size = np.bincount(cluster, minlength=k)
    order = np.lexsort((*best.T[::-1], -size))
    place = np.empty(k, dtype=np.int64)
    place[order] = np.arange(k)
    squares = float(((points - best[cluster]) ** 2).sum())
    return Clustering(best[order], place[cluster], squares)


def nearest(points: Floats, centers: Floats) -> NDArray[np.int64]:
    """Return the nearest of the centers for each row of points; the first of several that are equally near."""
    squares = (points**2).sum(axis=1)[:, None] - 2 * points @ centers.T + (centers**2).sum(axis=1)
    return np.argmin(np.round(squares, DIGITS), axis=1)


def seed_centers(stack: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Draw k customers per layer as first centers, far ones more often: k-means++ on layers × n × features."""
    layers, n, features = stack.shape
    every = np.arange(layers)
    centers = np.empty((layers, k, features))
    centers[:, 0] = stack[every, rng.integers(n, size=layers)]
    far = np.full((layers, n), np.inf)
    for place in range(1, k):
        far = np.minimum(far, ((stack - centers[:, place - 1 : place]) ** 2).sum(axis=2))
        drawn = far.cumsum(axis=1)
        aim = rng.random((layers, 1)) * drawn[:, -1:]
        centers[:, place] = stack[every, np.minimum((drawn <= aim).sum(axis=1), n - 1)]
    return centers


def lloyd(stack: Floats, centers: Floats, *, steps: int = STEPS) -> tuple[Floats, Floats, Floats]:
    """Move centers to the means of those nearest to them until nobody changes sides.

    Parameters
    ----------
    stack
        Layers × customers × features.
    centers
        Layers × k × features, where to begin.
    steps
        At most so many.

    Returns
    -------
    tuple
        Centers (layers × k × features), membership (layers × k × customers, 1.0 or 0.0), sums of squares (layers). A
        center that has lost all its customers stays where it is.
    """
    own = (stack**2).sum(axis=(1, 2))
    turned = np.ascontiguousarray(stack.transpose(0, 2, 1))
    centers, member = centers.copy(), np.empty(0)
    moving = np.arange(len(stack))
    result_member = np.zeros((len(stack), centers.shape[1], stack.shape[1]))
    inertia = np.zeros(len(stack))
    for _ in range(steps):
        now = centers[moving]
        # What all centers share of a squared distance, |x|², decides nothing.
        gap = (now**2).sum(axis=2)[:, :, None] - 2 * (now @ turned[moving])
        least = gap.min(axis=1, keepdims=True)
        member = (gap == least).astype(float)
        inertia[moving] = own[moving] + least.sum(axis=(1, 2))
        settled = (member == result_member[moving]).all(axis=(1, 2))
        result_member[moving] = member
        size = member.sum(axis=2)[:, :, None]
        means = (member @ stack[moving]) / np.maximum(size, 1)
        centers[moving] = np.where(size > 0, means, now)
        moving = moving[~settled]
        if not len(moving):
            break
    return centers, result_member, inertia
