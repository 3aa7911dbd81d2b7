"""Are clusters found where there are some, and none where there are none?"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtr
from threadpoolctl import threadpool_limits

from customer_patterns.laboratory.trial import Aim, Tally, Trial

Floats = NDArray[np.float64]

_CUSTOMERS, _HABITS = 300, 5
#: As in the chapter, but for the number of halves and of k, so that many seeds can be tried.
_SETTINGS = {"halves": 6, "null_clouds": 39, "most_clusters": 5}
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


@cache
def _agreement(seed: int, apart: float) -> tuple[float, float, float]:
    """How far what was found, what the twin found, and what an oracle that knows the centers says, agree with truth."""
    from sklearn.metrics import adjusted_rand_score

    points, group = _planted(seed, apart)
    centers = np.array([points[group == one].mean(axis=0) for one in range(3)])
    oracle = np.argmin(((points[:, None] - centers) ** 2).sum(axis=2), axis=1)
    said, cluster = _found(points, seed)
    ours = adjusted_rand_score(group, cluster) if said else 0.0
    # the twin that always refuses: it never raises a false alarm, and finds nothing
    return ours, 0.0, adjusted_rand_score(group, oracle)


def _recovered(seed: int, apart: float, *, share: float, twin: bool = False) -> Tally:
    ours, refused, oracle = _agreement(seed, apart)
    return Tally(int((refused if twin else ours) >= share * oracle), 1)


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
        aim=Aim(0.8, 1.0),
        seeds=range(930_200, 930_220),
        run=lambda seed: _recovered(seed, 7.0, share=0.9),
        broken=lambda seed: _recovered(seed, 7.0, share=0.9, twin=True),
        rests_on=_RESTS_ON,
        feeds=("segments.clusters", "segments.constructive"),
    ),
)
