"""What other methods make of the same customers: a mixture of normal clouds, and a search for dense regions."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from customer_patterns.estimates import bounded, wilson, with_interval
from customer_patterns.segments.agreement import rand_interval
from customer_patterns.segments.clusters.tables import CLUSTERING_METHODS, DENSITY, KMEANS, METHODS, MIXTURE
from customer_patterns.segments.kmeans import run_from

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: A dense region holds at least this share of the customers, and so many: fewer are no segment.
_LEAST_SHARE, _LEAST = 0.02, 10
#: What keeps a component of the mixture from shrinking to a point.
_RIDGE = 1e-3


def compare_methods(
    points: Floats, cluster: Whole, k: int, *, halves: int = 6, sample: int = 800, seed: int = 20170101
) -> pd.DataFrame:
    """Group the same customers by three methods, and say how far each agrees with the segments and with itself.

    Parameters
    ----------
    points
        One row per customer, one column per feature.
    cluster, k
        Each customer's segment (-1: none); how many there are. A mixture is asked for as many; density finds its own.
    halves, sample
        Stability is judged on so many random halves of at most so many customers.
    seed
        Of all chance in here.

    Returns
    -------
    DataFrame
        One row per method, as in :data:`~customer_patterns.segments.clusters.tables.CLUSTERING_METHODS`; no row where
        there are no segments. Stability and agreement are missing where a method finds fewer than two groups.

    Notes
    -----
    Gaussian mixture: full covariances, by expectation and maximization from the segments' centers (McLachlan and Peel
    2000, Finite Mixture Models). HDBSCAN: Campello, Moulavi and Sander (2013), PAKDD, 160–172, as in scikit-learn;
    whom it puts into no group is called unassigned, and does not count for agreement. Methods that disagree about
    customers show how much a segment owes to the method.
    """
    if not k:
        return pd.DataFrame(columns=CLUSTERING_METHODS.names)
    inside = cluster >= 0
    order = np.lexsort(points[inside].T[::-1])
    points, cluster = points[inside][order], cluster[inside][order]
    rng = np.random.default_rng(seed)
    part = np.sort(rng.permutation(len(points))[:sample])
    splits = np.argsort(rng.random((halves, len(part))), axis=1)[:, : len(part) // 2]
    rows = []
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a mixture that has not settled is judged by its stability, like all others
        for method in METHODS:
            group = _METHODS[method]
            found = cluster if method == KMEANS else group(points, k)
            again = [group(points[part[split]], k) for split in splits]
            here = group(points[part], k)
            stable = [_similar(here[split], one) for split, one in zip(splits, again, strict=True)]
            groups, assigned = int(found.max(initial=-1)) + 1, found >= 0
            missing = np.full(3, np.nan)
            rand = rand_interval(cluster[assigned], found[assigned]) if groups > 1 else missing
            usable = [value for value in stable if value is not None]
            stability = float(np.mean(usable)) if groups > 1 and usable else np.nan
            rows.append((method, groups, len(points), int((~assigned).sum()), stability, *rand))
    names = ["method", "groups", "n", "out", "stability", *bounded("adjusted_rand")]
    table = pd.DataFrame(rows, columns=names)
    table = with_interval(table, "unassigned", wilson(table["out"].to_numpy(), table["n"].to_numpy()))
    return table[CLUSTERING_METHODS.names].round(9)


def _by_means(points: Floats, k: int) -> Whole:
    return run_from(np.ascontiguousarray(points.T), k, rng=np.random.default_rng(0), runs=6).cluster.astype(np.int64)


def _by_mixture(points: Floats, k: int) -> Whole:
    from sklearn.mixture import GaussianMixture

    first = run_from(np.ascontiguousarray(points.T), k, rng=np.random.default_rng(0), runs=6).centers
    model = GaussianMixture(k, reg_covar=_RIDGE, means_init=first, init_params="random_from_data", random_state=0)
    return model.fit_predict(points).astype(np.int64)


def _by_density(points: Floats, k: int) -> Whole:
    from sklearn.cluster import HDBSCAN

    least = max(_LEAST, int(_LEAST_SHARE * len(points)))
    return HDBSCAN(min_cluster_size=least, min_samples=_LEAST, copy=True).fit_predict(points).astype(np.int64)


_METHODS: dict[str, Callable[[Floats, int], Whole]] = {KMEANS: _by_means, MIXTURE: _by_mixture, DENSITY: _by_density}


def _similar(one: Whole, other: Whole) -> float | None:
    """Mean Jaccard similarity of one clustering's groups to the most similar of another's; ``None`` without groups."""
    groups = int(one.max(initial=-1)) + 1, int(other.max(initial=-1)) + 1
    if groups[0] < 2:
        return None
    if not groups[1]:
        return 0.0
    member = [
        (labels[:, None] == np.arange(count)).astype(float) for labels, count in zip((one, other), groups, strict=True)
    ]
    both, sizes = member[0].T @ member[1], [part.sum(axis=0) for part in member]
    either = sizes[0][:, None] + sizes[1] - both
    known = sizes[0] > 0
    return float((both / np.maximum(either, 1)).max(axis=1)[known].mean()) if known.any() else None
