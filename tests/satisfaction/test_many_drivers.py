"""Shares of many dimensions: exact where they must be, close to those of all orders, and affordable."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.satisfaction import drivers, shapley_shares
from customer_patterns.satisfaction.drivers import MOST_DIMENSIONS
from customer_patterns.satisfaction.many_drivers import relative_weights
from tests.satisfaction.sample_survey import sheets_of
from tests.satisfaction.test_drivers import planted_covariance, r_squared


def covariances(seed: int, k: int, draws: int = 1) -> np.ndarray:
    root = np.random.default_rng(seed).normal(size=(draws, k + 1, 3 * k + 4))
    return root @ root.swapaxes(1, 2)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_parts_add_up_and_what_each_adds_to_all_others_is_exact(seed: int, k: int) -> None:
    covariance = covariances(seed, k)
    importance, alone, total = relative_weights(covariance)
    _, alone_by_subsets, total_by_subsets = shapley_shares(covariance)
    assert total == pytest.approx(total_by_subsets, abs=1e-9)
    assert alone == pytest.approx(alone_by_subsets, abs=1e-9)
    assert importance.sum() == pytest.approx(1)
    assert (importance >= 0).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6))
def test_uncorrelated_dimensions_get_what_they_explain(seed: int, k: int) -> None:
    slopes = np.random.default_rng(seed).uniform(0.1, 1, k)
    covariance = np.eye(k + 1)
    covariance[:-1, -1] = covariance[-1, :-1] = slopes
    covariance[-1, -1] = 2 * (slopes**2).sum()
    importance, _, total = relative_weights(covariance[None])
    assert importance[0] == pytest.approx(slopes**2 / (slopes**2).sum())
    assert total == pytest.approx(0.5)


def squares(covariance: np.ndarray) -> np.ndarray:
    """The broken twin: squared slopes, as if dimensions had nothing in common."""
    own, outcome = covariance[:-1, :-1], covariance[:-1, -1]
    slopes = np.linalg.solve(own, outcome) ** 2 * np.diag(own)
    return slopes / slopes.sum()


def test_shares_come_close_to_those_of_all_orders_and_squared_slopes_do_not() -> None:
    planted = planted_covariance()
    orders = shapley_shares(planted[None])[0][0]
    weights = relative_weights(planted[None])[0][0]
    assert np.abs(weights - orders).max() < 0.015
    assert np.abs(squares(planted) - orders).max() > 0.1


def test_what_does_not_vary_has_no_share_and_a_copy_shares_with_its_original() -> None:
    flat = covariances(1, 4)
    flat[:, 2, :] = flat[:, :, 2] = 0
    assert all(np.isnan(found).all() for found in relative_weights(flat))
    twice = planted_covariance()[np.ix_([0, 0, 1, 5], [0, 0, 1, 5])]
    importance, _, total = relative_weights(twice[None])
    assert importance[0][0] == pytest.approx(importance[0][1])
    assert total[0] == pytest.approx(r_squared(planted_covariance()[np.ix_([0, 1, 5], [0, 1, 5])], [0, 1]))


def test_a_sheet_with_fourteen_ratings_has_its_drivers() -> None:
    """Once it was said that there were too few answers, or all alike."""
    rng, many = np.random.default_rng(5), MOST_DIMENSIONS + 2
    halo = rng.normal(size=(400, 1))
    ratings = 60 + 10 * (0.7 * halo + rng.normal(size=(400, many)))
    overall = ratings[:, 0] * 0.6 + ratings[:, 1:].mean(axis=1) * 0.4 + rng.normal(0, 4, 400)
    table, pairs = drivers(sheets_of({f"d{n:02}": ratings[:, n] for n in range(many)}, overall=overall))
    assert (len(table), len(pairs)) == (many, many * (many - 1) // 2)
    assert table["dimension"].iloc[0] == "d00"
    assert table["importance"].sum() == pytest.approx(1)
    assert ((table["importance_low"] <= table["importance"]) & (table["importance"] <= table["importance_high"])).all()
