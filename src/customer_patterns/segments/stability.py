"""How many clusters there are, if any: stability under resampling, compared with a cloud that has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from customer_patterns.segments.kmeans import cluster_customers, lloyd, seed_centers
from customer_patterns.segments.null import Null
from customer_patterns.segments.tables import CLOUDS, CLUSTER_STABILITY, CLUSTERS, CONSTRUCTIVE, NOT_ENOUGH, THESE

Floats = NDArray[np.float64]

#: Steps of the short runs by which stability is judged; how many first centers are tried for all customers, and for
#: each half.
_STEPS, _STARTS, _NEW_STARTS = 30, 6, 2
#: Two stabilities closer than this are taken as equal; two excesses over the null, where segments are merely useful.
_EQUAL, _AS_USEFUL = 0.02, 0.05
#: Clusters hold so many customers on average: what a handful have in common is chance.
_PER_CLUSTER = 30
#: How near to 1 two stabilities may come and still be told apart.
_NEARLY = 0.005


@dataclass(frozen=True)
class Segmentation:
    """Which cluster each customer is in, and on what grounds.

    Attributes
    ----------
    verdict
        ``"clusters"``, ``"constructive segmentation"`` or ``"not enough data"``.
    k
        How many clusters; 0 where there is not enough data.
    cluster
        Each customer's, from 0 (the largest) on, in the order of the rows; empty where there is not enough data.
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
    halves: int = 10,
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
        For each k so many random halves of the customers are clustered anew.
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
    High stability alone proves nothing, so each k is compared with customers drawn from :class:`Null`: p is the share
    of clouds, the customers' own included, in which any k exceeds the mean of its null by as many standard deviations
    (single-step maximum test: Westfall and Young 1993), which takes care of there being several k.

    Of the k that pass, the largest whose stability is within 0.02 of the best is taken. If none passes, segments are a
    useful cut rather than a discovery, "constructive segmentation" (Dolnicar, Grün and Leisch 2018, Market Segmentation
    Analysis, chapter 2): of the k from 3 on without a tiny segment, the smallest whose stability is, less the mean of
    its null, within 0.05 of the best.
    """
    points = np.asarray(points, dtype=float)
    different = len(np.unique(points, axis=0)) if points.size else 0
    most = min(most_clusters, len(points) // _PER_CLUSTER)
    if len(points) < min_customers or most < 2 or different < 2 * most:
        empty = pd.DataFrame(columns=CLUSTER_STABILITY.names)
        return Segmentation(NOT_ENOUGH, 0, np.empty(0, dtype=np.int64), empty)
    order = np.lexsort(points.T[::-1])
    ordered = points[order]
    with threadpool_limits(1):
        table = cluster_stability(
            ordered, ks=range(2, most + 1), halves=halves, null_clouds=null_clouds, sample=sample, seed=seed
        )
        verdict, k = choose_k(table, level=level, least_stability=least_stability, least_share=least_share)
        found = cluster_customers(ordered, k, seed=seed)
    cluster = np.empty(len(points), dtype=np.int64)
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
        (between which the middle 90 % of them lie), ``p_value`` (over all k together), ``smallest_share`` (of the
        customers, in the smallest cluster), ``n`` (customers looked at), ``chosen`` (none yet).
    """
    rng = np.random.default_rng(seed)
    part = points[np.sort(rng.permutation(len(points))[:sample])]
    own, smallest = stability_by_k(part, ks=ks, halves=halves, rng=rng)
    null = Null(points)
    clouds = np.array(
        [stability_by_k(null.draw(len(part), rng), ks=ks, halves=halves, rng=rng)[0] for _ in range(null_clouds)]
    )
    low, high = np.quantile(clouds, [0.05, 0.95], axis=0)
    return pd.DataFrame(
        {
            "clusters": list(ks),
            "stability": own,
            "null_mean": clouds.mean(axis=0),
            "null_from": low,
            "null_to": high,
            "p_value": exceeding(own, clouds),
            "smallest_share": smallest,
            "n": len(part),
            "chosen": False,
        }
    ).round(9)


def exceeding(own: Floats, clouds: Floats) -> Floats:
    """Return p for each stability: how rarely a cloud's largest excess over the null's mean is as large as its own.

    Stabilities crowd below 1, so their distance from 1 is compared on a logarithmic scale.

    Parameters
    ----------
    own
        The customers' stabilities, one per k.
    clouds
        The same of each cloud (clouds × k).

    Examples
    --------
    Three clouds, all below: one in four, the customers' own included.

    >>> exceeding(np.array([0.9]), np.array([[0.5], [0.6], [0.7]])).tolist()
    [0.25]
    """
    mine, theirs = (-np.log(1 + _NEARLY - figures) for figures in (own, clouds))
    spread = theirs.std(axis=0)
    spread[spread == 0] = 1e-9
    mean = theirs.mean(axis=0)
    largest = ((theirs - mean) / spread).max(axis=1)
    return (1 + (largest[:, None] >= (mine - mean) / spread).sum(axis=0)) / (len(clouds) + 1)


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
        Verdict and k.
    """
    found = table[(table["p_value"] <= level) & (table["stability"] >= least_stability)]
    if len(found):
        as_good = found[found["stability"] >= found["stability"].max() - _EQUAL]
        return CLUSTERS, int(as_good["clusters"].max())
    excess = table["stability"] - table["null_mean"]
    for allowed in ((table["clusters"] >= 3) & (table["smallest_share"] >= least_share), table["clusters"] >= 2):
        if allowed.any():
            useful = allowed & (excess >= excess[allowed].max() - _AS_USEFUL)
            return CONSTRUCTIVE, int(table.loc[useful, "clusters"].min())
    raise ValueError("no k was tried")


def stability_by_k(
    points: Floats, *, ks: Sequence[int], halves: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Measure how well the clusters of each k are found again in random halves, and the share of the smallest.

    Each half is clustered from the centers of all customers and several times from new ones; the best run counts. From
    new centers alone a run may end in a worse place, and look unstable where it is merely unlucky; from the old ones
    alone it would hardly move, and look stable where it is merely stuck.
    """
    n = len(points)
    rows = np.argsort(rng.random((halves, n)), axis=1)[:, : n // 2]
    stack = points[rows]
    stability, smallest = [], []
    whole = np.broadcast_to(points, (_STARTS, *points.shape))
    for k in ks:
        centers, member, inertia = lloyd(whole, seed_centers(whole, k, rng), steps=_STEPS)
        best = int(np.argmin(np.round(inertia, 6)))
        known = np.broadcast_to(centers[best], (halves, *centers[best].shape))
        tries = np.concatenate([stack] * (1 + _NEW_STARTS))
        first = np.concatenate([known, seed_centers(tries[halves:], k, rng)])
        _, again, squares = lloyd(tries, first, steps=_STEPS)
        # Better by more than rounding; else the run from the known centers stands.
        least = np.round(squares.reshape(1 + _NEW_STARTS, halves), 6).argmin(axis=0)
        again = again.reshape(1 + _NEW_STARTS, halves, k, -1)[least, np.arange(halves)]
        stability.append(similarity(member[best].T[rows].transpose(0, 2, 1), again).mean())
        smallest.append(member[best].sum(axis=1).min() / n)
    return np.array(stability), np.array(smallest)


def similarity(member: Floats, again: Floats) -> Floats:
    """Jaccard similarity of each cluster to the most similar of other clusters of the same customers.

    Parameters
    ----------
    member, again
        Membership in either clustering (layers × k × customers, 1.0 or 0.0).

    Returns
    -------
    ndarray
        Layers × k, from 0 to 1.
    """
    both = member @ again.transpose(0, 2, 1)
    either = member.sum(axis=2)[:, :, None] + again.sum(axis=2)[:, None, :] - both
    return (both / np.maximum(either, 1)).max(axis=2)


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
