"""Thresholds, polychoric correlations, and how they vary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal

from customer_patterns.satisfaction.measurement.ordinal import (
    bivariate_normal,
    joint_covariance,
    ordinal_statistics,
)
from tests.satisfaction.measurement.answered import CUTS, latent


def codes_of(n: int, seed: int) -> np.ndarray:
    return np.digitize(latent(n, {"price": [0.8, 0.7, 0.6]}, seed=seed), CUTS)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-0.94, 0.94))
def test_the_bivariate_normal_is_that_of_scipy(first: float, second: float, correlation: float) -> None:
    ours = float(bivariate_normal(np.array(first), np.array(second), np.array(correlation)))
    theirs = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]]).cdf([first, second])
    assert ours == pytest.approx(theirs, abs=1e-5)


def test_two_items_cut_at_the_middle_by_hand() -> None:
    """Of 100, 40 are below in both and 40 above in both: 0.4 = 1/4 + arcsin(r) / (2 pi), so r = sin(0.3 pi)."""
    codes = np.repeat([[0, 0], [1, 1], [0, 1], [1, 0]], [40, 40, 10, 10], axis=0)
    found = ordinal_statistics(codes, [2, 2], np.arange(100))
    assert found.thresholds[0] == pytest.approx([0.0])
    assert found.correlations[0, 1] == pytest.approx(np.sin(0.3 * np.pi), abs=1e-8)


def test_a_correlation_is_the_most_likely_one() -> None:
    codes = codes_of(400, seed=5)[:, :2]
    found = ordinal_statistics(codes, [5, 5], np.arange(400))
    ends = [np.concatenate([[-8.0], cuts, [8.0]]) for cuts in found.thresholds]

    def unlikely(correlation: float) -> float:
        below = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]]).cdf
        total = 0.0
        for a, b in np.ndindex(5, 5):
            corners = [[ends[0][a + i], ends[1][b + j]] for i, j in ((1, 1), (0, 1), (1, 0), (0, 0))]
            cell = np.dot([1, -1, -1, 1], [below(corner) for corner in corners])
            total -= ((codes[:, 0] == a) & (codes[:, 1] == b)).sum() * np.log(max(cell, 1e-12))
        return total

    best = minimize_scalar(unlikely, bounds=(0.2, 0.8), method="bounded", options={"xatol": 1e-6}).x
    assert found.correlations[0, 1] == pytest.approx(best, abs=1e-3)


def test_standard_errors_are_the_spread_over_many_samples() -> None:
    seen = [ordinal_statistics(codes_of(500, seed=seed), [5, 5, 5], np.arange(500)) for seed in range(150)]
    spread = np.array([one.statistics for one in seen]).std(axis=0, ddof=1)
    claimed = np.sqrt(np.mean([np.diag(joint_covariance([one])) for one in seen], axis=0))
    assert claimed == pytest.approx(spread, rel=0.2)


def test_the_same_sheets_under_one_name_tell_no_more() -> None:
    """Each customer answers twice and alike: twice the sheets, the same errors."""
    codes = codes_of(300, seed=2)
    once = ordinal_statistics(codes, [5, 5, 5], np.arange(300))
    twice = ordinal_statistics(np.vstack([codes, codes]), [5, 5, 5], np.tile(np.arange(300), 2))
    assert twice.statistics == pytest.approx(once.statistics)
    assert np.diag(joint_covariance([twice])) == pytest.approx(np.diag(joint_covariance([once])))
    # The broken twin takes each sheet for another customer's.
    naive = ordinal_statistics(np.vstack([codes, codes]), [5, 5, 5], np.arange(600))
    assert np.diag(joint_covariance([naive])) == pytest.approx(np.diag(joint_covariance([once])) / 2, rel=0.01)


def test_an_answer_that_nobody_gave_leaves_thresholds_finite() -> None:
    codes = np.repeat([[0, 0], [2, 2], [0, 2], [2, 0]], [40, 40, 10, 10], axis=0)
    found = ordinal_statistics(codes, [3, 3], np.arange(100))
    assert np.isfinite(found.statistics).all()
    assert (np.diff(found.thresholds[0]) > 0).all()
