"""Are clusters found where there are some, and none where there are none?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtr
from threadpoolctl import threadpool_limits

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

Floats = NDArray[np.float64]

_CUSTOMERS, _HABITS = 300, 5
#: As in the chapter, but for the number of k, so that many seeds can be tried.
_SETTINGS = {"halves": 20, "null_clouds": 39, "most_clusters": 5}
_RESTS_ON = ("estimates", "segments")


def _planted(seed: int, apart: float) -> tuple[Floats, NDArray[np.int64]]:
    """Three groups of unequal size whose centers are so many standard deviations apart, each pair of them."""
    random = np.random.default_rng([seed, 1])
    group = random.choice(3, size=_CUSTOMERS, p=[0.5, 0.3, 0.2])
    centers = np.zeros((3, _HABITS))
    centers[:, :3] = np.eye(3) * apart / np.sqrt(2)
    return centers[group] + random.standard_normal((_CUSTOMERS, _HABITS)), group


def _one_cloud(seed: int) -> Floats:
    """One correlated cloud with two skewed margins and no clusters."""
    random = np.random.default_rng([seed, 2])
    spread = random.standard_normal((_HABITS, _HABITS)) * 0.6
    covariance = spread @ spread.T + np.eye(_HABITS)
    scale = np.sqrt(np.diag(covariance))
    cloud = random.multivariate_normal(np.zeros(_HABITS), covariance / scale / scale[:, None], size=_CUSTOMERS)
    for column, shape in ((0, 2.0), (1, 4.0)):
        cloud[:, column] = gammaincinv(shape, ndtr(cloud[:, column]))
    return (cloud - cloud.mean(axis=0)) / cloud.std(axis=0)


def _found(points: Floats, seed: int) -> tuple[bool, NDArray[np.int64]]:
    from customer_patterns.segments import find_segments
    from customer_patterns.segments.tables import CLUSTERS

    found = find_segments(points, seed=seed, **_SETTINGS)
    return found.verdict == CLUSTERS, found.cluster


def _by_silhouette(points: Floats) -> tuple[bool, NDArray[np.int64]]:
    """The twin: the cut with the best silhouette is called a discovery."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    with threadpool_limits(1):
        cuts = [KMeans(k, n_init=1, random_state=0).fit_predict(points) for k in range(2, 6)]
        best = max(cuts, key=lambda cut: silhouette_score(points, cut))
    return True, best


@dataclass(frozen=True)
class _Shop:
    """What was found among planted groups, by us, by a twin, and by an oracle that knows the groups' centers.

    ``claimed``: whether clusters were said to be there. The rest: agreement with the truth, adjusted Rand index and
    mean Jaccard similarity.
    """

    claimed: bool
    ours: tuple[float, float]
    twin: tuple[float, float]
    oracle: tuple[float, float]


@cache
def _shop(seed: int, apart: float) -> _Shop:
    points, group = _planted(seed, apart)
    centers = np.array([points[group == one].mean(axis=0) for one in range(3)])
    oracle = np.argmin(((points[:, None] - centers) ** 2).sum(axis=2), axis=1)
    said, cluster = _found(points, seed)
    ours = _alike(group, cluster) if said else (0.0, 0.0)
    return _Shop(said, ours, _alike(group, _as_many_as_allowed(points)), _alike(group, oracle))


def _alike(group: NDArray[np.int64], cluster: NDArray[np.int64]) -> tuple[float, float]:
    """Adjusted Rand index, and the mean over groups of Jaccard's similarity to the most similar cluster."""
    from sklearn.metrics import adjusted_rand_score

    both = [[((group == g) & (cluster == c)).sum() / ((group == g) | (cluster == c)).sum() for c in np.unique(cluster)]
            for g in np.unique(group)]  # fmt: skip
    return float(adjusted_rand_score(group, cluster)), float(np.max(both, axis=1).mean())


def _as_many_as_allowed(points: Floats) -> NDArray[np.int64]:
    """The twin: the more clusters, the smaller the squares, so it takes as many as it may."""
    from sklearn.cluster import KMeans

    with threadpool_limits(1):
        return KMeans(_SETTINGS["most_clusters"], n_init=3, random_state=0).fit_predict(points)


def _recovered(seed: int, apart: float, *, share: float, twin: bool = False) -> Tally:
    """The twin of this one always refuses: it never raises a false alarm, and finds nothing."""
    shop = _shop(seed, apart)
    return Tally(int((0.0 if twin else shop.ours[0]) >= share * shop.oracle[0]), 1)


def _lost(seed: int, apart: float, *, measure: int, twin: bool = False) -> Error:
    """What is lost of the agreement that an oracle reaches; a refusal loses all."""
    shop = _shop(seed, apart)
    return Error(max(1 - (shop.twin if twin else shop.ours)[measure] / shop.oracle[measure], 0.0))


TRIALS = (
    Trial(
        name="clusters where there are none",
        room="segments",
        measure="clouds without clusters in which clusters are found",
        setting="one skewed, correlated cloud of three hundred customers",
        twin="takes the cut with the best silhouette for a discovery",
        aim=Aim(0.0, 0.05, by_interval=True),
        seeds=range(930_100, 930_160),
        run=lambda seed: Tally(int(_found(_one_cloud(seed), seed)[0]), 1),
        broken=lambda seed: Tally(int(_by_silhouette(_one_cloud(seed))[0]), 1),
        rests_on=_RESTS_ON,
        feeds=("segments.clusters", "segments.constructive"),
    ),
    Trial(
        name="clusters that stand well apart",
        room="segments",
        measure="shops whose groups are recovered almost as well as by an oracle",
        setting="three groups seven standard deviations apart",
        twin="never finds any",
        aim=Aim(0.9, 1.0),
        seeds=range(930_200, 930_220),
        run=lambda seed: _recovered(seed, 7.0, share=0.9),
        broken=lambda seed: _recovered(seed, 7.0, share=0.9, twin=True),
        rests_on=_RESTS_ON,
        feeds=("segments.clusters", "segments.constructive"),
    ),
    Trial(
        name="clusters that overlap a little",
        room="segments",
        measure="agreement with the truth lost, of what an oracle reaches; a refusal loses all",
        setting="three groups five standard deviations apart",
        twin="takes as many clusters as it may",
        aim=Aim(0.0, 0.15),
        seeds=range(930_300, 930_320),
        run=lambda seed: _lost(seed, 5.0, measure=0),
        broken=lambda seed: _lost(seed, 5.0, measure=0, twin=True),
        rests_on=_RESTS_ON,
        feeds=("segments.clusters", "segments.constructive"),
    ),
    Trial(
        name="clusters that overlap much",
        room="segments",
        measure="similarity to the true groups lost, of what an oracle reaches; a refusal loses all",
        setting="three groups four standard deviations apart",
        twin="never finds any",
        aim=Aim(0.0, 0.5),
        seeds=range(930_400, 930_420),
        run=lambda seed: _lost(seed, 4.0, measure=1),
        broken=lambda seed: Error(1.0),
        rests_on=_RESTS_ON,
        feeds=("segments.clusters", "segments.constructive"),
    ),
    Trial(
        name="clusters that are there and are refused",
        room="segments",
        measure="shops with clusters in which none are found",
        setting="three groups five or seven standard deviations apart",
        twin="never finds any",
        aim=Aim(0.0, 0.1),
        seeds=(*range(930_200, 930_220), *range(930_300, 930_320)),
        run=lambda seed: Tally(int(not _shop(seed, 7.0 if seed < 930_300 else 5.0).claimed), 1),
        broken=lambda seed: Tally(1, 1),
        rests_on=_RESTS_ON,
        feeds=("segments.constructive",),
    ),
)
