"""How many clusters there are, if any: stability under resampling, compared with a cloud that has none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from customer_patterns.segments.clusters.halves import chances_taken, stability_by_k
from customer_patterns.segments.kmeans import cluster_customers, differ_enough
from customer_patterns.segments.null import Null
from customer_patterns.segments.tables import (
    CLOUDS,
    CLUSTER_STABILITY,
    CLUSTERS,
    CONSTRUCTIVE,
    NONE,
    NOT_ENOUGH,
    THESE,
)

Floats = NDArray[np.float64]

#: Two stabilities closer than this are taken as equal; two excesses over the null, where segments are merely useful.
_EQUAL, _AS_USEFUL = 0.02, 0.1
#: Clusters hold so many customers on average: what a handful have in common is chance.
_PER_CLUSTER = 30
#: What is found again by less than this has fallen apart (Hennig 2008).
_FALLS_APART = 0.5
#: A feature of this size can be neither squared nor compared.
_BEYOND = 1e100
#: Clouds that are looked at at the same time.
_AT_ONCE = min(2, os.cpu_count() or 1)
#: How near to 1 two stabilities may come and still be told apart.
_NEARLY = 0.005


@dataclass(frozen=True)
class Segmentation:
    """Which cluster each customer is in, and on what grounds.

    Attributes
    ----------
    verdict
        ``"clusters"``, ``"constructive segmentation"``, ``"none"`` or ``"not enough data"``.
    k
        How many clusters; 0 where none were made.
    cluster
        Each customer's, from 0 (the largest) on, in the order of the rows; -1 for who cannot be compared (a feature
        is missing, infinite or beyond all bounds); empty where none were made.
    stability
        One row per k that was tried.
    """

    verdict: str
    k: int
    cluster: NDArray[np.int64]
    stability: pd.DataFrame


def find_segments(
    points: Floats,
    *,
    most_clusters: int = 7,
    halves: int = 20,
    null_clouds: int = 39,
    sample: int = 800,
    level: float = 0.05,
    least_stability: float = 0.75,
    least_share: float = 0.05,
    min_customers: int = 60,
    seed: int = 20170101,
) -> Segmentation:
    """Look for clusters: as many as are more stable than in a cloud without any; else cut customers usefully.

    Parameters
    ----------
    points
        One row per customer, one column per feature, on comparable scales.
    most_clusters
        k runs from 2 to this, or to a thirtieth of the customers.
    halves
        For each k so many random halves of the customers, in pairs, are clustered anew.
    null_clouds
        How many clouds without clusters the stability is compared with.
    sample
        Stability is judged on at most so many customers, drawn at random; all of them are put into clusters.
    level
        Clusters are found where p is at most this, over all k together.
    least_stability
        Clusters less stable than this are not called clusters, whatever p says.
    least_share
        A cut that is merely useful has no smaller segment than this share of the customers.
    min_customers
        With fewer customers nothing is looked for.
    seed
        Of all chance in here.

    Returns
    -------
    Segmentation
        Neither the order of rows nor anything but the points decides it.

    Notes
    -----
    Stability is clusterwise (Hennig 2007, Comput. Stat. Data Anal. 52, 258–271): how well each cluster is found again
    when a random half of the customers is clustered anew, as the mean Jaccard similarity to the most similar new
    cluster, averaged over clusters. Hennig (2008, J. Multivar. Anal. 99, 1154–1176) calls clusters below 0.75 doubtful.
    Prediction strength (Tibshirani and Walther 2005, J. Comput. Graph. Stat. 14, 511–528) asks whether the pairs of
    customers that one half puts together are put together by the centers of the other, in the worst cluster.
    High stability alone proves nothing, so each k is compared with customers drawn from :class:`Null`: p is the share
    of clouds, the customers' own included, in which any k exceeds the mean of its null by as many standard deviations,
    both measures taken together (single-step maximum test: Westfall and Young 1993), which takes care of there being
    several k.

    Of the k that pass, the largest whose stability is within 0.02 of the best is taken. If none passes, segments are a
    useful cut rather than a discovery, "constructive segmentation" (Dolnicar, Grün and Leisch 2018, Market Segmentation
    Analysis, chapter 2): of the k from 3 on without a tiny segment, the smallest whose stability is, less the mean of
    its null, within 0.1 of the best, by as much as it may differ by chance. A cut that is found again by less than a
    half falls apart (Hennig 2008), and is none; nor is there any where customers do not differ. Too few customers are
    no verdict about the others.
    """
    points = np.asarray(points, dtype=float)
    usable = (np.abs(points) < _BEYOND).all(axis=1) if points.ndim == 2 else np.zeros(len(points), dtype=bool)
    known = np.flatnonzero(usable)
    most = min(most_clusters, len(known) // _PER_CLUSTER)
    empty = pd.DataFrame(columns=CLUSTER_STABILITY.names)
    if len(known) < min_customers or most < 2:
        return Segmentation(NOT_ENOUGH, 0, np.empty(0, dtype=np.int64), empty)
    if not differ_enough(points[known], 2 * most):
        return Segmentation(NONE, 0, np.empty(0, dtype=np.int64), empty)
    order = known[np.lexsort(points[known].T[::-1])]
    ordered = points[order]
    with threadpool_limits(1):
        table = cluster_stability(
            ordered, ks=range(2, most + 1), halves=halves, null_clouds=null_clouds, sample=sample, seed=seed
        )
        verdict, k = choose_k(table, level=level, least_stability=least_stability, least_share=least_share)
        if verdict == NONE:
            return Segmentation(NONE, 0, np.empty(0, dtype=np.int64), table)
        found = cluster_customers(ordered, k, seed=seed)
    cluster = np.full(len(points), -1, dtype=np.int64)
    cluster[order] = found.cluster
    return Segmentation(verdict, k, cluster, table.assign(chosen=table["clusters"] == k))


def cluster_stability(
    points: Floats, *, ks: Sequence[int], halves: int, null_clouds: int, sample: int, seed: int
) -> pd.DataFrame:
    """Compare the stability of each k with that in clouds without clusters.

    Parameters
    ----------
    points
        One row per customer, in an order that does not depend on who they are.
    ks, halves, null_clouds, sample, seed
        As in :func:`find_segments`.

    Returns
    -------
    DataFrame
        One row per k: ``clusters``, ``stability`` (0 to 1), ``null_mean`` (of the clouds), ``null_from``, ``null_to``
        (between which the middle 90 % of them lie), ``prediction_strength`` and ``null_prediction`` (of the clouds,
        mean), ``p_value`` (over all k together), ``smallest_share`` (of the customers, in the smallest cluster), ``n``
        (customers looked at), ``chosen`` (none yet).
    """
    rng = np.random.default_rng(seed)
    part = points[np.sort(rng.permutation(len(points))[:sample])]
    own = stability_by_k(part, ks=ks, halves=halves, rng=rng)
    null = Null(points)
    taken = chances_taken(len(part), ks=ks, halves=halves)
    drawn = [(null.draw(len(part), rng), _set_aside(rng, taken)) for _ in range(null_clouds)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # the loops of k-means leave the interpreter to others
        clouds = list(pool.map(lambda one: stability_by_k(one[0], ks=ks, halves=halves, rng=one[1]), drawn))
    stable, ahead = (np.array([getattr(cloud, name) for cloud in clouds]) for name in ("stability", "prediction"))
    low, high = np.quantile(stable, [0.05, 0.95], axis=0)
    return pd.DataFrame(
        {
            "clusters": list(ks),
            "stability": own.stability,
            "null_mean": stable.mean(axis=0),
            "null_from": low,
            "null_to": high,
            "prediction_strength": own.prediction,
            "null_prediction": ahead.mean(axis=0),
            "p_value": exceeding([own.stability, own.prediction], np.stack([stable, ahead], axis=1)),
            "smallest_share": own.smallest,
            "n": len(part),
            "chosen": False,
        }
    ).round(9)


def _set_aside(rng: np.random.Generator, numbers: int) -> np.random.Generator:
    """A generator of the next so many numbers from 0 up to 1, which are passed over in the given one."""
    own = np.random.PCG64()
    own.state = rng.bit_generator.state
    rng.bit_generator.advance(numbers)
    return np.random.Generator(own)


def exceeding(own: ArrayLike, clouds: ArrayLike) -> Floats:
    """Return p for each k: how rarely a cloud's largest excess over the null's mean is as large as its own.

    Both measures crowd below 1, so their distance from 1 is compared on a logarithmic scale, in standard deviations of
    the clouds; the excess of a k is the mean of its measures'.

    Parameters
    ----------
    own
        The customers' figures (measures × k).
    clouds
        The same of each cloud (clouds × measures × k).

    Examples
    --------
    Three clouds, all below: one in four, the customers' own included.

    >>> exceeding([[0.9]], [[[0.5]], [[0.6]], [[0.7]]]).tolist()
    [0.25]
    """
    mine, theirs = (-np.log(1 + _NEARLY - np.asarray(figures, dtype=float)) for figures in (own, clouds))
    mean, spread = theirs.mean(axis=0), theirs.std(axis=0)
    spread[spread == 0] = 1e-9
    largest = ((theirs - mean) / spread).mean(axis=1).max(axis=1)
    return (1 + (largest[:, None] >= ((mine - mean) / spread).mean(axis=0)).sum(axis=0)) / (len(theirs) + 1)


def choose_k(table: pd.DataFrame, *, level: float, least_stability: float, least_share: float) -> tuple[str, int]:
    """Say whether clusters were found, and how many there are, by the rules in :func:`find_segments`.

    Parameters
    ----------
    table
        One row per k, from :func:`cluster_stability`.
    level, least_stability, least_share
        As there.

    Returns
    -------
    tuple
        Verdict and k; 0 where the best cut falls apart.
    """
    found = table[(table["p_value"] <= level) & (table["stability"] >= least_stability)]
    if len(found):
        as_good = found[found["stability"] >= found["stability"].max() - _EQUAL]
        return CLUSTERS, int(as_good["clusters"].max())
    excess = table["stability"] - table["null_mean"]
    for allowed in ((table["clusters"] >= 3) & (table["smallest_share"] >= least_share), table["clusters"] >= 2):
        if allowed.any():
            useful = allowed & (excess >= excess[allowed].max() - _AS_USEFUL)
            k = int(table.loc[useful, "clusters"].min())
            again = float(table.loc[table["clusters"] == k, "stability"].iloc[0])
            return (CONSTRUCTIVE, k) if again >= _FALLS_APART else (NONE, 0)
    raise ValueError("no k was tried")


def drawn_stability(table: pd.DataFrame) -> pd.DataFrame:
    """Put the customers' stability and that of the clouds below each other, to be drawn.

    Parameters
    ----------
    table
        One row per number of clusters, from :func:`find_segments`.

    Returns
    -------
    DataFrame
        Two rows per number of ``clusters``: ``crowd`` (``"found here"``, ``"one cloud without clusters"``),
        ``stability`` with ``stability_from`` and ``stability_to``: the middle 90 % of the clouds; the customers are
        one set only and have no such band.
    """
    own = table.assign(crowd=THESE, stability_from=table["stability"], stability_to=table["stability"])
    clouds = table.assign(
        crowd=CLOUDS,
        stability=table["null_mean"],
        # With few clouds their mean may lie beyond the band of the middle ones.
        stability_from=np.minimum(table["null_from"], table["null_mean"]),
        stability_to=np.maximum(table["null_to"], table["null_mean"]),
    )
    columns = ["clusters", "crowd", "stability", "stability_from", "stability_to"]
    return pd.concat([own[columns], clouds[columns]], ignore_index=True)
