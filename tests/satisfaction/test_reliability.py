"""Alpha, omega, and items against the others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.satisfaction import cronbach_alpha, item_quality, mcdonald_omega, reliability
from tests.satisfaction.sample_survey import sheets_of


def items_of(points: np.ndarray, *, turn: bool = False):
    names = [f"p{n}" for n in range(1, points.shape[1] + 1)]
    if turn:  # an item read in the wrong direction
        points = points.copy()
        points[:, 0] = 100 - points[:, 0]
    table = pd.DataFrame({"item_id": names, "dimension": "price", "direction": "positive"})
    return sheets_of({"price": points.mean(axis=1)}, points=points, items=table)


def one_factor(n: int, loadings: list[float], *, seed: int = 1) -> np.ndarray:
    chance = np.random.default_rng(seed)
    factor = chance.normal(size=(n, 1))
    weight = np.array(loadings)
    return 50 + 10 * (factor * weight + chance.normal(size=(n, len(loadings))) * np.sqrt(1 - weight**2))


def test_alpha_by_hand():
    """Four people, two items: (1, 2), (2, 2), (3, 4), (4, 4).

    Variances 5/3 and 4/3, of the sum 17/3 (3, 4, 7, 8: mean 5.5, squares 6.25 + 2.25 + 2.25 + 6.25 = 17, by 3):
    2 × (1 - 3 / (17/3)) = 16/17.
    """
    answers = np.array([[1, 2], [2, 2], [3, 4], [4, 4]])
    assert float(cronbach_alpha(np.cov(answers.T))) == pytest.approx(16 / 17)


def test_omega_equals_alpha_where_all_loadings_are_equal():
    covariance = np.full((3, 3), 0.5) + 0.5 * np.eye(3)
    assert float(mcdonald_omega(covariance)) == pytest.approx(float(cronbach_alpha(covariance)))


@given(st.lists(st.floats(0.3, 0.9), min_size=3, max_size=3))
def test_omega_of_three_items_is_what_principal_axes_find(loadings):
    weight = np.array([*loadings, 0.6])
    four = np.outer(weight, weight) + np.diag(1 - weight**2)
    assert float(mcdonald_omega(four)) == pytest.approx(weight.sum() ** 2 / four.sum(), abs=1e-4)
    three = four[:3, :3]
    assert float(mcdonald_omega(three)) == pytest.approx(weight[:3].sum() ** 2 / three.sum(), abs=1e-9)


def test_omega_refuses_what_is_no_factor():
    against = np.array([[1, -0.5, 0.5], [-0.5, 1, 0.5], [0.5, 0.5, 1]])
    beyond = np.array([[1, 0.9, 0.9], [0.9, 1, 0.3], [0.9, 0.3, 1]])  # the first item would have loading 1.64
    for covariance in (against, beyond, np.eye(2)):
        assert np.isnan(mcdonald_omega(covariance))


def test_the_planted_reliability_is_found():
    table = reliability(items_of(one_factor(4000, [0.8, 0.8, 0.8]))).iloc[0]
    truth = 3 * 0.64 / (1 + 2 * 0.64)  # Spearman-Brown for three items that correlate by 0.64
    assert table["alpha_low"] <= truth <= table["alpha_high"]
    assert table["alpha"] == pytest.approx(truth, abs=0.01)
    assert table["omega"] == pytest.approx(truth, abs=0.01)
    assert table["verdict"] == "reliable"


def test_an_item_read_in_the_wrong_direction_is_seen():
    points = one_factor(500, [0.8, 0.8, 0.8])
    wrong = items_of(points, turn=True)
    rest = item_quality(wrong).set_index("item")["item_rest"]
    assert rest["p1"] < -0.5
    assert reliability(wrong).iloc[0]["verdict"] == "not reliable"
    assert (item_quality(items_of(points))["item_rest_low"] > 0.5).all()


def test_item_rest_is_a_plain_correlation():
    points = one_factor(300, [0.7, 0.5, 0.8])
    expected = np.corrcoef(points[:, 1], points[:, 0] + points[:, 2])[0, 1]
    assert item_quality(items_of(points))["item_rest"][1] == pytest.approx(expected)


def test_alpha_is_not_defined_where_all_answers_are_equal():
    table = reliability(items_of(np.full((50, 3), 75.0)))
    assert table["verdict"].tolist() == ["not enough data"]
    assert table[["alpha", "omega"]].isna().all(axis=None)


def test_the_floor_must_be_cleared_by_the_whole_interval():
    few = items_of(one_factor(40, [0.7, 0.7, 0.7], seed=4))
    row = reliability(few, floor=0.7).iloc[0]
    assert row["alpha_low"] < 0.7 < row["alpha_high"]
    assert row["verdict"] == "near the floor"


def test_a_customer_who_answers_twice_counts_once_in_the_interval():
    points = one_factor(150, [0.7, 0.7, 0.7])
    once = items_of(points)
    twice = items_of(np.vstack([points, points]))
    twice.rows["customer_id"] = [*once.rows["customer_id"]] * 2
    widths = [table["alpha_high"][0] - table["alpha_low"][0] for table in map(reliability, (once, twice))]
    assert widths[1] == pytest.approx(widths[0], rel=0.15)
