"""Segments are found again or said to fall apart; other methods see what is there; names come from the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from customer_patterns.segments import (
    cluster_customers,
    compare_methods,
    name_segments,
    segment_stability,
)
from customer_patterns.segments import kmeans as module
from customer_patterns.segments.clusters.again import similar_in_draws
from customer_patterns.segments.clusters.tables import DENSITY, DISSOLVED, KMEANS, METHODS, MIXTURE, STABLE
from tests.segments.test_clusters import one_cloud, planted

NAMES = ["first", "second", "third"]
HABITS = ["orders_per_month", "basket_value", "product_price", "weekend_share", "evening_share"]


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    with threadpool_limits(1):
        yield


def rows_of(points: np.ndarray, k: int = 3):
    cluster = cluster_customers(points, k, seed=1).cluster
    return compare_methods(points, cluster, k, sample=300).set_index("method")


def test_three_methods_see_groups_that_stand_apart() -> None:
    found = rows_of(planted(3, apart=9)[0])
    assert found.index.tolist() == list(METHODS)
    assert (found["groups"] == 3).all()
    assert (found["adjusted_rand"] > 0.9).all()
    assert found.loc[KMEANS, "adjusted_rand"] == 1
    assert found.loc[DENSITY, "unassigned"] < 0.35


def test_in_one_cloud_density_sees_nothing_and_the_others_disagree() -> None:
    found = rows_of(one_cloud(4))
    assert found.loc[DENSITY, "groups"] <= 1 or found.loc[DENSITY, "unassigned"] > 0.2
    assert found.loc[MIXTURE, "adjusted_rand"] < 0.75
    apart = rows_of(planted(3, apart=9)[0])
    assert (found["stability"].fillna(0) < apart["stability"]).all()


def test_neither_row_order_nor_a_second_call_changes_what_methods_say() -> None:
    points, _ = planted(6, apart=6)
    order = np.random.default_rng(1).permutation(len(points))
    assert rows_of(points).equals(rows_of(points[order]))


def test_where_there_are_no_segments_nothing_is_compared() -> None:
    assert compare_methods(np.zeros((5, 2)), np.empty(0, dtype=np.int64), 0).empty
    assert segment_stability(np.zeros((5, 2)), np.empty(0, dtype=np.int64), []).empty


def test_groups_that_stand_apart_are_found_again_and_a_cut_through_one_of_them_is_not() -> None:
    points, group = planted(5, apart=9)
    order = np.argsort(-np.bincount(group))[group]  # any numbering
    found = segment_stability(points, order, NAMES, draws=40)
    assert (found["jaccard"] > 0.95).all()
    assert (found["reading"] == STABLE).all()
    assert (found["dissolved"] == 0).all()
    assert (found["null_mean"] < found["jaccard"]).all()
    by_chance = np.random.default_rng(1).integers(0, 3, len(points))
    assert (segment_stability(points, by_chance, NAMES, draws=10)["reading"] == DISSOLVED).all()


def test_who_cannot_be_compared_is_left_out_of_both() -> None:
    points, group = planted(5, apart=9)
    spoiled, cluster = np.vstack([points, np.full((1, 5), np.nan)]), np.append(group, -1)
    assert segment_stability(spoiled, cluster, NAMES, draws=5).equals(segment_stability(points, group, NAMES, draws=5))
    assert compare_methods(spoiled, cluster, 3)["n"].eq(len(points)).all()


def test_similarity_counts_a_customer_who_was_drawn_several_times_once() -> None:
    # Two far groups of two: whoever is drawn, the groups are the same.
    points = np.array([[0.0], [0.1], [50.0], [50.1]])
    drawn = similar_in_draws(points, np.array([0, 0, 1, 1]), 2, draws=30, rng=np.random.default_rng(2))
    assert set(np.unique(drawn)) <= {0.0, 0.5, 1.0}  # half: only one of the groups was drawn, and was cut
    assert (drawn == 1).all(axis=1).mean() > 0.5


def effects_of(points: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    z = (points - points.mean(axis=0)) / points.std(axis=0)
    return np.array([z[cluster == c].mean(axis=0) for c in range(cluster.max() + 1)])


def typed_in(points: np.ndarray) -> dict[int, str]:
    """The broken twin: names typed in by the number that a cluster happens to have."""
    found = KMeans(3, n_init=1, random_state=len(points)).fit_predict(points)
    return dict(enumerate(np.array(NAMES)[found]))


def test_leaving_out_one_customer_in_a_hundred_renames_nobody() -> None:
    points, _ = planted(5, apart=6)
    cluster = cluster_customers(points, 3, seed=1).cluster
    names = np.array(name_segments(effects_of(points, cluster), HABITS))[cluster]
    typed, renamed, retyped = typed_in(points), 0, 0
    for seed in range(5):
        kept = np.sort(np.random.default_rng(seed).permutation(len(points))[3 + seed :])
        again = cluster_customers(points[kept], 3, seed=1).cluster
        called = np.array(name_segments(effects_of(points[kept], again), HABITS))[again]
        renamed += int((called != names[kept]).sum())
        now = typed_in(points[kept])
        retyped += sum(now[place] != typed[customer] for place, customer in enumerate(kept))
    assert renamed <= 15
    assert retyped > 150


def test_runs_on_some_customers_refined_on_all_are_as_good_as_runs_on_all(monkeypatch: pytest.MonkeyPatch) -> None:
    points, _ = planted(9, apart=4, n=6_000)
    whole = cluster_customers(points, 5, seed=1)
    monkeypatch.setattr(module, "SAMPLE", 1_000)
    part = cluster_customers(points, 5, seed=1)
    assert part.inertia <= KMeans(5, n_init=10, random_state=0).fit(points).inertia_ * 1.001
    assert part.inertia == pytest.approx(whole.inertia, rel=0.001)
    # The broken twin: the centers of some are taken for those of all.
    monkeypatch.setattr(module, "refine", lambda turned, centers: centers)
    assert cluster_customers(points, 5, seed=1).inertia > part.inertia
