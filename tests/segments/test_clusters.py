"""Clusters: found where they are planted, not found in one correlated cloud; the same whoever the customers are."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import gamma
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

from customer_patterns.segments import adjusted_rand, cluster_customers, find_segments
from customer_patterns.segments.clusters.halves import cross, foretelling, similarity
from customer_patterns.segments.null import Null, _one_hump
from customer_patterns.segments.stability import choose_k, cluster_stability, exceeding
from customer_patterns.segments.tables import CLUSTERS, CONSTRUCTIVE, NONE, NOT_ENOUGH

#: Small, so that many seeds can be tried.
QUICK = {"halves": 6, "null_clouds": 19, "most_clusters": 5}
#: With clouds enough that p can be well below its level.
SURE = {**QUICK, "null_clouds": 39}


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    """Small problems are slower on many threads."""
    with threadpool_limits(1):
        yield


def planted(seed: int, *, apart: float, n: int = 300, features: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Three groups of unequal size whose centers are so many standard deviations apart, each pair of them."""
    rng = np.random.default_rng(seed)
    group = rng.choice(3, size=n, p=[0.5, 0.3, 0.2])
    centers = np.zeros((3, features))
    centers[:, :3] = np.eye(3) * apart / np.sqrt(2)
    return centers[group] + rng.standard_normal((n, features)), group


def one_cloud(seed: int, *, n: int = 300) -> np.ndarray:
    """One correlated cloud with skewed margins and no clusters."""
    rng = np.random.default_rng(seed)
    spread = rng.standard_normal((5, 5)) * 0.6
    covariance = spread @ spread.T + np.eye(5)
    scale = np.sqrt(np.diag(covariance))
    cloud = rng.multivariate_normal(np.zeros(5), covariance / scale / scale[:, None], size=n)
    cloud[:, 0], cloud[:, 1] = gamma(2).ppf(ndtr(cloud[:, 0])), gamma(4).ppf(ndtr(cloud[:, 1]))
    return (cloud - cloud.mean(axis=0)) / cloud.std(axis=0)


def by_silhouette(points: np.ndarray) -> str:
    """The broken twin: the k with the best silhouette is called a discovery, whatever a cloud would give."""
    labels = {k: KMeans(k, n_init=1, random_state=0).fit_predict(points) for k in range(2, 6)}
    best = max(silhouette_score(points, found) for found in labels.values())
    return CLUSTERS if best > 0 else CONSTRUCTIVE


def false_alarms(verdict, seeds: range) -> int:
    return sum(verdict(one_cloud(seed)) == CLUSTERS for seed in seeds)


def test_the_same_clusters_as_scikit_learns() -> None:
    points, _ = planted(5, apart=4, n=600)
    for k in (2, 3, 6):
        ours = cluster_customers(points, k, seed=1)
        theirs = KMeans(k, n_init=10, random_state=1).fit(points)
        assert ours.inertia <= theirs.inertia_ * 1.002
        if k == 3:
            assert adjusted_rand_score(ours.cluster, theirs.labels_) > 0.99


def test_clusters_stand_from_the_largest_to_the_smallest() -> None:
    points, _ = planted(2, apart=8)
    sizes = np.bincount(cluster_customers(points, 3, seed=1).cluster)
    assert list(sizes) == sorted(sizes, reverse=True)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_missing_or_infinite_feature_is_refused_by_name(value: float) -> None:
    points, _ = planted(1, apart=4)
    points[3, 2] = value
    with pytest.raises(ValueError, match="missing or infinite"):
        cluster_customers(points, 3, seed=1)


def test_fewer_different_customers_than_clusters_is_refused() -> None:
    with pytest.raises(ValueError, match="3 clusters of 2 different customers"):
        cluster_customers(np.array([[0.0], [1.0], [1.0]]), 3, seed=1)


def test_groups_far_apart_are_found_with_their_number() -> None:
    seeds = range(700, 710)
    found = {seed: find_segments(planted(seed, apart=7)[0], seed=seed, **SURE) for seed in seeds}
    assert sum(one.verdict == CLUSTERS for one in found.values()) >= 9
    right = [adjusted_rand_score(planted(seed, apart=7)[1], one.cluster) > 0.9 for seed, one in found.items()]
    assert sum(right) >= 8


def test_the_farther_groups_are_apart_the_more_often_they_are_found() -> None:
    power = [
        sum(find_segments(planted(seed, apart=apart)[0], seed=seed, **SURE).verdict == CLUSTERS for seed in range(5))
        for apart in (1.0, 4.0, 8.0)
    ]
    assert power[0] <= 1
    assert power[0] <= power[1] <= power[2] == 5


def test_one_correlated_cloud_is_no_discovery() -> None:
    # Level 0.05: of 20 clouds, 4 or more false alarms have a chance of 1.6 % if the level holds.
    assert false_alarms(lambda cloud: find_segments(cloud, seed=3, **QUICK).verdict, range(920, 940)) <= 3
    assert false_alarms(by_silhouette, range(920, 926)) > 3


def test_a_cloud_cut_in_two_looks_stable_and_is_constructive_all_the_same() -> None:
    rng = np.random.default_rng(4)
    axis = rng.standard_normal(400) * 3
    found = find_segments(np.column_stack([axis, axis + rng.standard_normal(400)]), seed=2, **SURE)
    assert found.stability.set_index("clusters").at[2, "stability"] > 0.85
    assert found.verdict == CONSTRUCTIVE
    assert found.k >= 3


def test_neither_row_order_nor_who_the_customers_are_changes_a_segment() -> None:
    points, _ = planted(11, apart=5)
    order = np.random.default_rng(1).permutation(len(points))
    straight, shuffled = find_segments(points, seed=2, **QUICK), find_segments(points[order], seed=2, **QUICK)
    assert (straight.cluster[order] == shuffled.cluster).all()
    assert straight.stability.equals(shuffled.stability)


@pytest.mark.parametrize(
    ("points", "verdict"),
    [
        (np.empty((0, 0)), NOT_ENOUGH),
        (np.ones((1, 2)), NOT_ENOUGH),
        (planted(1, apart=9, n=40)[0], NOT_ENOUGH),
        (np.full((200, 3), np.nan), NOT_ENOUGH),
        (np.full((200, 3), np.inf), NOT_ENOUGH),
        (np.full((200, 3), 1e200), NOT_ENOUGH),
        (np.zeros((200, 3)), NONE),
        (np.zeros((200, 0)), NONE),
        (np.repeat([[0.0], [1.0], [2.0]], 100, axis=0), NONE),
    ],
    ids=["nobody", "one", "forty", "missing", "infinite", "beyond bounds", "all equal", "no habit", "three kinds only"],
)
def test_where_nothing_can_be_found_there_is_a_verdict_and_nothing_is_pretended(points, verdict) -> None:
    found = find_segments(points, seed=1)
    assert (found.verdict, found.k, len(found.cluster), len(found.stability)) == (verdict, 0, 0, 0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e200])
def test_who_cannot_be_compared_is_in_no_cluster_and_changes_nothing_for_the_others(value: float) -> None:
    points, _ = planted(11, apart=7)
    found = find_segments(points, seed=2, **QUICK)
    spoiled = find_segments(np.vstack([[[value] * 5], points, [[0, 0, value, 0, 0]]]), seed=2, **QUICK)
    assert spoiled.cluster[[0, -1]].tolist() == [-1, -1]
    assert (spoiled.cluster[1:-1] == found.cluster).all()
    assert spoiled.stability.equals(found.stability)


def test_a_constant_habit_changes_no_cluster() -> None:
    points, _ = planted(11, apart=7)
    constant = np.column_stack([points, np.full(len(points), 4.0)])
    found, same = (find_segments(one, seed=2, **QUICK) for one in (points, constant))
    assert found.verdict == same.verdict
    assert adjusted_rand_score(found.cluster, same.cluster) > 0.95


def test_a_cut_that_falls_apart_is_none() -> None:
    points, _ = planted(1, apart=8)
    table = cluster_stability(points, ks=range(2, 5), halves=4, null_clouds=19, sample=200, seed=1)
    rules = {"level": 0.05, "least_share": 0.05, "least_stability": 0.75}
    assert choose_k(table.assign(stability=table["stability"] * 0.4, p_value=1.0), **rules) == (NONE, 0)


def test_the_null_keeps_spread_and_correlation_but_has_one_hump() -> None:
    rng = np.random.default_rng(8)
    side = rng.choice([-3.0, 3.0], size=1500)
    points = np.column_stack([side + rng.standard_normal(1500), 0.5 * side + rng.standard_normal(1500)])
    drawn = Null(points).draw(20_000, rng)
    assert np.allclose(drawn.mean(axis=0), points.mean(axis=0), atol=0.02)
    assert np.allclose(drawn.std(axis=0), points.std(axis=0), atol=0.02)
    assert np.corrcoef(drawn.T)[0, 1] == pytest.approx(np.corrcoef(points.T)[0, 1], abs=0.03)
    middle = (np.abs(points[:, 0]) < 1).mean(), (np.abs(drawn[:, 0]) < 1).mean()
    assert middle[1] > 3 * middle[0]


def test_a_margin_with_one_hump_stays_as_it_is() -> None:
    values = np.sort(gamma(2).ppf((np.arange(2000) + 0.5) / 2000))
    levels = np.linspace(0, 1, 201)
    gaps = np.diff(np.quantile(values, levels))
    assert np.abs(np.diff(_one_hump(values, levels)) - gaps).sum() < 0.02 * gaps.sum()


def test_a_cluster_found_again_in_part_is_as_similar_as_jaccard_says() -> None:
    here, there = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 1])
    # {1,2,3} and {1,2}: 2 of 3; {4,5,6} and {3,4,5,6}: 3 of 4.
    assert similarity(cross(here, there, 2)).tolist() == [2 / 3, 3 / 4]


def test_prediction_strength_is_that_of_the_worst_cluster() -> None:
    here, foretold = np.array([0, 0, 0, 1, 1, 1, 2]), np.array([0, 0, 0, 1, 1, 0, 2])
    # Of the three pairs of the second cluster one was foretold to be together; the third cluster has no pair.
    assert foretelling(cross(here, foretold, 3)) == pytest.approx(1 / 3)
    assert foretelling(cross(np.arange(3), np.arange(3), 3)) == 0


def test_prediction_strength_as_written_out_pair_by_pair() -> None:
    rng = np.random.default_rng(4)
    for _ in range(10):
        here, foretold = rng.integers(0, 3, 40), rng.integers(0, 3, 40)
        shares = []
        for c in range(3):
            members = np.flatnonzero(here == c)
            pairs = [(i, j) for i in members for j in members if i != j]
            shares.append(np.mean([foretold[i] == foretold[j] for i, j in pairs]))
        assert foretelling(cross(here, foretold, 3)) == pytest.approx(min(shares))


def test_p_takes_the_largest_of_several_numbers_of_clusters() -> None:
    clouds = np.array([[0.5, 0.99], [0.6, 0.5], [0.7, 0.7], [0.6, 0.7]])[:, None]
    # Alone, 0.705 exceeds all clouds at two clusters; but one cloud stands out more at three.
    assert exceeding([[0.705]], clouds[:, :, :1]).tolist() == [1 / 5]
    assert exceeding([[0.705, 0.2]], clouds).tolist() == [2 / 5, 1.0]


def test_an_unstable_k_is_no_cluster_whatever_p_says() -> None:
    points, _ = planted(1, apart=8)
    table = cluster_stability(points, ks=range(2, 5), halves=4, null_clouds=19, sample=200, seed=1)
    rules = {"level": 0.05, "least_share": 0.05}
    assert choose_k(table, least_stability=0.75, **rules) == (CLUSTERS, 3)
    assert choose_k(table.assign(stability=table["stability"] * 0.7), least_stability=0.75, **rules)[0] == CONSTRUCTIVE


def test_agreement_is_the_adjusted_rand_index() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        one, other = rng.integers(0, 4, 80), rng.integers(0, 3, 80)
        other = np.where(rng.random(80) < 0.5, one % 3, other)
        cells = np.zeros((4, 3))
        np.add.at(cells, (one, other), 1)
        assert float(adjusted_rand(cells)) == pytest.approx(adjusted_rand_score(one, other))
    assert np.isnan(adjusted_rand([[3, 4]]))
