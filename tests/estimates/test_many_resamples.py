"""Very many resamples: Poisson weights of mean one, the same intervals as counting draws gives."""

from __future__ import annotations

import numpy as np
import pytest

from customer_patterns.estimates import bootstrap as module
from customer_patterns.estimates import bootstrap_ratio
from customer_patterns.estimates.many import LANES, resampled_sums, thresholds

RESAMPLES = 4_000


def seeds(count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 2**32, size=(count, LANES), dtype=np.uint32)


def weights_of(count: int, customers: int, least: np.ndarray) -> np.ndarray:
    """Weights themselves: of one customer after the other, all others counting nothing."""
    columns = np.eye(customers, dtype=np.float32)
    return resampled_sums(columns, least, seeds(count))


def test_thresholds_are_those_of_a_poisson_number_of_mean_one() -> None:
    above = (65_536 - thresholds()) / 65_536
    assert above.sum() == 1.0
    from scipy.stats import poisson

    assert above == pytest.approx(poisson(1).sf(np.arange(8)), abs=2e-5)


def test_weights_are_independent_poisson_numbers() -> None:
    weights = weights_of(RESAMPLES, 2 * LANES, thresholds())
    assert weights.mean() == pytest.approx(1, abs=0.01)
    assert weights.var() == pytest.approx(1, abs=0.02)
    assert (weights == 0).mean() == pytest.approx(np.exp(-1), abs=0.005)
    between = np.corrcoef(weights.T) - np.eye(2 * LANES)
    assert np.abs(between).max() < 5 / RESAMPLES**0.5


def test_thresholds_off_by_a_step_would_be_seen() -> None:
    """The broken twin: half of the numbers give one, the other half nothing, as in a random half of the customers."""
    least = np.array([32_768] + [65_536] * 7, dtype=np.int32)
    weights = weights_of(RESAMPLES, 2 * LANES, least)
    assert weights.mean() == pytest.approx(0.5, abs=0.01)


def test_intervals_are_those_of_counted_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    orders = rng.poisson(4, 3_001) + 1
    spend = orders * rng.gamma(3, 10, 3_001)
    counted = bootstrap_ratio(spend, orders, resamples=RESAMPLES)
    monkeypatch.setattr(module, "_MANY_DRAWS", 1)
    many = bootstrap_ratio(spend, orders, resamples=RESAMPLES)
    assert many.value == counted.value
    width = counted.high - counted.low
    assert many.low == pytest.approx(counted.low, abs=0.06 * width)
    assert many.high == pytest.approx(counted.high, abs=0.06 * width)
    several = bootstrap_ratio(np.column_stack([spend, 2 * spend]), orders[:, None], resamples=RESAMPLES)
    assert several.low == pytest.approx(many.low * np.array([1, 2]))


def test_neither_row_order_nor_a_second_call_changes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MANY_DRAWS", 1)
    rng = np.random.default_rng(4)
    spend, order = rng.gamma(2, 5, 500), rng.permutation(500)
    one = bootstrap_ratio(spend, np.ones(500), resamples=200)
    assert one == bootstrap_ratio(spend[order], np.ones(500), resamples=200)


def test_of_no_figures_there_are_no_intervals() -> None:
    assert len(bootstrap_ratio(np.empty((5, 0)), np.empty((5, 0))).value) == 0
