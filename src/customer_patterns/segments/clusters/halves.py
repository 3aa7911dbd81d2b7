"""How well clusters are found again in random halves of the customers: Jaccard's similarity, prediction strength."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from customer_patterns.segments.kmeans import nearest_turned, run_from

Floats = NDArray[np.float64]

#: Steps of the short runs by which stability is judged; how many first centers are tried for all customers, and for
#: each half.
_STEPS, _STARTS, _NEW_STARTS = 30, 6, 2


class Found(NamedTuple):
    """How well the clusters of each k are found again: one value per k, 0 to 1."""

    stability: Floats
    prediction: Floats
    smallest: Floats


def stability_by_k(points: Floats, *, ks: Sequence[int], halves: int, rng: np.random.Generator) -> Found:
    """Measure how well the clusters of each k are found again in random halves, and the share of the smallest.

    Each half is clustered from the centers of all customers and several times from new ones; the best run counts. From
    new centers alone a run may end in a worse place, and look unstable where it is merely unlucky; from the old ones
    alone it would hardly move, and look stable where it is merely stuck. Halves come in pairs, each other's rest, so
    that the clusters of one can be foretold from the other.
    """
    n = len(points)
    turned, half = np.ascontiguousarray(points.T), n // 2
    splits = np.argsort(rng.random(((halves + 1) // 2, n)), axis=1)
    pairs = [(rows[:half], rows[half : 2 * half]) for rows in splits]
    parts = [tuple(np.ascontiguousarray(turned[:, rows]) for rows in pair) for pair in pairs]
    found = []
    for k in ks:
        whole = run_from(turned, k, rng=rng, runs=_STARTS, steps=_STEPS)
        again, ahead = [], []
        for pair, part in zip(pairs, parts, strict=True):
            two = [run_from(one, k, rng=rng, runs=_NEW_STARTS, known=whole.centers, steps=_STEPS) for one in part]
            again += [
                similarity(cross(whole.cluster[rows], one.cluster, k)) for rows, one in zip(pair, two, strict=True)
            ]
            for here, there in ((0, 1), (1, 0)):
                foretold = nearest_turned(part[here], two[there].centers)
                ahead.append(foretelling(cross(two[here].cluster, foretold, k)))
        smallest = np.bincount(whole.cluster, minlength=k).min() / n
        found.append((np.mean(again), np.mean(ahead), smallest))
    return Found(*np.array(found, dtype=float).reshape(-1, 3).T)


def chances_taken(n: int, *, ks: Sequence[int], halves: int) -> int:
    """Return how many numbers :func:`stability_by_k` draws for n customers, whatever it finds."""
    pairs = (halves + 1) // 2
    return pairs * n + sum(k * (_STARTS + 2 * pairs * _NEW_STARTS) for k in ks)


def cross(one: NDArray[np.integer], other: NDArray[np.integer], k: int) -> Floats:
    """How many customers are in each cluster of one clustering and each of another (k × k)."""
    return np.bincount(one * k + other, minlength=k * k).reshape(k, k).astype(float)


def similarity(both: Floats) -> Floats:
    """Jaccard similarity of each cluster (row) to the most similar of other clusters (columns) of the same customers.

    Parameters
    ----------
    both
        How many customers are in both (k × k').

    Returns
    -------
    ndarray
        k values from 0 to 1.
    """
    either = both.sum(axis=1)[:, None] + both.sum(axis=0) - both
    return (both / np.maximum(either, 1)).max(axis=1)


def foretelling(both: Floats) -> float:
    """Prediction strength: of the pairs of customers in a cluster, the share that was foretold to be together.

    Parameters
    ----------
    both
        How many customers are in a cluster of theirs (row) and were foretold to be in one of another half's (column).

    Returns
    -------
    float
        The smallest share of any cluster with two customers or more, 0 to 1; 0 where there is none.

    Notes
    -----
    Tibshirani and Walther (2005), J. Comput. Graph. Stat. 14, 511–528, equation 2.1.
    """
    size = both.sum(axis=1)
    pairs = size * (size - 1)
    together = (both * (both - 1)).sum(axis=1)
    return float((together[pairs > 0] / pairs[pairs > 0]).min()) if (pairs > 0).any() else 0.0
