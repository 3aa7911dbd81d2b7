"""k-means: first centers as k-means++ draws them, then Lloyd's steps, the best of many runs.

Judging whether clusters are stable takes thousands of small runs, and a million customers take a few large steps; both
are loops over arrays, compiled. First centers are drawn as k-means++ does (Arthur and Vassilvitskii 2007, Proc. 18th
ACM-SIAM Symposium on Discrete Algorithms, 1027–1035), the steps are Lloyd's (1982, IEEE Trans. Inf. Theory 28,
129–137). Where customers are very many, the runs are made on some of them and the best is refined on all: centers of
twenty thousand customers lie so near to those of all that few steps are left.
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
#: With more customers than this the runs are made on so many of them.
SAMPLE = 20_000
#: All customers count as settled when at most one of so many changes sides.
_SETTLED = 1_000
#: A run is better than another only by more than this share of the squares: rounding decides nothing.
_BETTER = 1e-9


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
        centers). With more than :data:`SAMPLE` customers the runs, a quarter as many, are made on so many drawn at
        random, and the best is refined on all until hardly anyone changes sides.

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
    if k < 1 or not differ_enough(points, k):
        raise ValueError(f"{k} clusters of {len(np.unique(points, axis=0))} different customers")
    rng = np.random.default_rng(seed)
    turned = np.ascontiguousarray(points.T)
    if len(points) <= SAMPLE:
        centers = run_from(turned, k, rng=rng, runs=runs).centers
    else:
        part = np.ascontiguousarray(points[np.sort(rng.choice(len(points), SAMPLE, replace=False))].T)
        centers = refine(turned, run_from(part, k, rng=rng, runs=max(1, runs // 4)).centers)
    centers = np.round(centers, DIGITS)
    cluster = nearest_turned(turned, centers)
    size = np.bincount(cluster, minlength=k)
    order = np.lexsort((*centers.T[::-1], -size))
    place = np.empty(k, dtype=np.int64)
    place[order] = np.arange(k)
    return Clustering(centers[order], place[cluster], _squares(turned, centers, cluster))


def differ_enough(points: Floats, k: int) -> bool:
    """Whether at least k customers differ from each other; the first few are enough to say so, mostly."""
    return any(len(np.unique(part, axis=0)) >= k for part in (points[: 20 * k], points))


def run_from(
    turned: Floats, k: int, *, rng: np.random.Generator, runs: int, known: Floats | None = None, steps: int = STEPS
) -> Clustering:
    """Keep the best of several runs: from known centers (one set, or several), if there are any, and from new ones.

    Parameters
    ----------
    turned
        Features × customers, each feature's values one after the other.
    k, rng, runs, steps
        How many clusters; what new centers are drawn with, how many times; steps at most.
    known
        Centers (k × features).

    Returns
    -------
    Clustering
        As the loops leave it: clusters in no particular order, ``inertia`` less the squares of all customers.
    """
    from customer_patterns.segments.clusters.loops import best_of

    sets = np.empty((0, k, len(turned))) if known is None else np.ascontiguousarray(known).reshape(-1, k, len(turned))
    better = _BETTER * float((turned**2).sum()) if turned.size else 0.0
    return Clustering(*best_of(turned, sets, rng.random((runs, k)), steps, 0, better))


def refine(turned: Floats, centers: Floats) -> Floats:
    """Move centers until hardly any of all customers changes sides."""
    from customer_patterns.segments.clusters.loops import settle

    centers = centers.copy()
    settle(turned, centers, STEPS, turned.shape[1] // _SETTLED)
    return centers


def nearest_turned(turned: Floats, centers: Floats) -> NDArray[np.int64]:
    """Return the nearest center for each column of features; the first of several that are equally near."""
    from customer_patterns.segments.clusters.loops import nearest_center

    label, gap = np.full(turned.shape[1], -1, dtype=np.int32), np.empty(turned.shape[1])
    nearest_center(turned, np.ascontiguousarray(centers), label, gap)
    return label.astype(np.int64)


def nearest(points: Floats, centers: Floats) -> NDArray[np.int64]:
    """Return the nearest of the centers for each row of points; the first of several that are equally near."""
    return nearest_turned(np.ascontiguousarray(np.asarray(points, dtype=float).T), centers)


def _squares(turned: Floats, centers: Floats, cluster: NDArray[np.int64]) -> float:
    """The sum of squared distances of customers from their centers, feature by feature."""
    return float(sum(((values - centers[cluster, j]) ** 2).sum() for j, values in enumerate(turned)))
