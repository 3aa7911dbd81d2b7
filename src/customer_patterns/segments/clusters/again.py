"""Whether each segment is found again when customers are drawn anew: the bootstrap, cluster by cluster."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.cells import suppress, whole_numbers
from customer_patterns.segments.clusters.halves import cross, similarity
from customer_patterns.segments.clusters.tables import DISSOLVED, DOUBTFUL, SEGMENT_STABILITY, STABLE
from customer_patterns.segments.kmeans import nearest_turned, run_from
from customer_patterns.segments.null import Null

Floats = NDArray[np.float64]

#: Below the first a cluster falls apart, from the second on it is stable (Hennig 2008).
_APART, _STABLE = 0.5, 0.75
#: New centers that are tried in each draw, beside the known ones; steps of a run.
_NEW_STARTS, _STEPS = 2, 50
#: Clouds without clusters beside which the segments are put, and draws from each.
_CLOUDS, _DRAWS_OF_CLOUD = 9, 20


def segment_stability(
    points: Floats, cluster: NDArray[np.int64], names: list[str], *, draws: int = 100, seed: int = 20170101
) -> pd.DataFrame:
    """Draw customers anew many times, cluster them, and see how much of each segment is found again.

    Parameters
    ----------
    points
        One row per customer who was put into a segment or could not be (cluster -1), one column per feature.
    cluster, names
        Each customer's cluster; what the clusters are called.
    draws, seed
        How many draws; of all chance in here.

    Returns
    -------
    DataFrame
        One row per segment, in their order, as in
        :data:`~customer_patterns.segments.clusters.tables.SEGMENT_STABILITY`.

    Notes
    -----
    Hennig (2007), Comput. Stat. Data Anal. 52, 258–271: customers are drawn with replacement and clustered; the
    similarity of a cluster is Jaccard's, to the most similar new one, over the customers who were drawn, each once.
    The mean over draws is below 0.5 where a cluster is dissolved, and from 0.75 on where it is stable (Hennig 2008, J.
    Multivar. Anal. 99, 1154–1176). A cloud without clusters that is cut into as many has stable parts as well; their
    mean stands beside it.
    """
    if not names:
        return pd.DataFrame(columns=SEGMENT_STABILITY.names)
    inside = cluster >= 0
    order = np.lexsort(points[inside].T[::-1])
    points, cluster, k = points[inside][order], cluster[inside][order], len(names)
    rng = np.random.default_rng(seed)
    drawn = similar_in_draws(points, cluster, k, draws=draws, rng=rng)
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    mean = drawn.mean(axis=0)
    table = pd.DataFrame({"place": np.arange(1, k + 1), "segment": pd.Series(names, dtype="str")})
    table = table.assign(
        n=whole_numbers(np.bincount(cluster, minlength=k)),
        jaccard=mean,
        jaccard_from=low,
        jaccard_to=high,
        dissolved=(drawn < _APART).mean(axis=0),
        null_mean=_in_clouds(points, k, rng),
        reading=pd.Series(np.select([mean >= _STABLE, mean >= _APART], [STABLE, DOUBTFUL], DISSOLVED), dtype="str"),
    )
    return suppress(table.round(9), [], partition=True)[SEGMENT_STABILITY.names]


def similar_in_draws(
    points: Floats, cluster: NDArray[np.int64], k: int, *, draws: int, rng: np.random.Generator
) -> Floats:
    """Draws × clusters: Jaccard similarity of each cluster to the most similar one of customers drawn anew."""
    turned, n = np.ascontiguousarray(points.T), len(points)
    centers = np.array([points[cluster == c].mean(axis=0) if (cluster == c).any() else points[0] for c in range(k)])
    found = np.empty((draws, k))
    for draw in range(draws):
        rows = rng.integers(n, size=n)
        part = np.ascontiguousarray(turned[:, rows])
        new = run_from(part, k, rng=rng, runs=_NEW_STARTS, known=centers, steps=_STEPS).centers
        once = np.unique(rows)
        found[draw] = similarity(cross(cluster[once], nearest_turned(np.ascontiguousarray(turned[:, once]), new), k))
    return found


def _in_clouds(points: Floats, k: int, rng: np.random.Generator) -> float:
    """The mean similarity in clouds without clusters."""
    null, found = Null(points), []
    for _ in range(_CLOUDS):
        cloud = null.draw(len(points), rng)
        whole = run_from(np.ascontiguousarray(cloud.T), k, rng=rng, runs=2 * _NEW_STARTS, steps=_STEPS)
        found.append(similar_in_draws(cloud, whole.cluster, k, draws=_DRAWS_OF_CLOUD, rng=rng).mean())
    return float(np.mean(found))
