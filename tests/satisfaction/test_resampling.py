"""Very many customers are drawn in groups: the same totals, intervals as wide, whatever names and order are."""

from __future__ import annotations

import numpy as np
import pytest

from customer_patterns.satisfaction import resampling
from customer_patterns.satisfaction.resampling import (
    covariances,
    in_groups,
    moment_sums,
    moments,
    resampled,
    sums_of,
)


def observations(n: int = 6000, seed: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Two observations of each customer, which resemble each other."""
    chance = np.random.default_rng(seed)
    own = np.repeat(chance.normal(size=(n // 2, 3)), 2, axis=0)
    columns = 50 + 10 * (own + chance.normal(size=(n, 3)))
    columns[:, 2] += columns[:, 0]
    return np.round(columns, 2), np.repeat(np.arange(n // 2), 2)


def correlation(sums: np.ndarray) -> np.ndarray:
    matrix = covariances(sums)
    return (matrix[:, 0, 2] / np.sqrt(matrix[:, 0, 0] * matrix[:, 2, 2]))[:, None]


def test_groups_give_the_same_figure_and_an_interval_as_wide(monkeypatch):
    """The broken twin puts rows into groups, not customers: its interval is too narrow."""
    columns, customers = observations()
    whole, _ = resampled(moment_sums(columns, customers), correlation)
    monkeypatch.setattr(resampling, "GROUPS", 1000)
    grouped, _ = resampled(moment_sums(columns, customers), correlation)
    rows, _ = resampled(moment_sums(columns, np.arange(len(columns))), correlation)
    assert grouped.value == pytest.approx(whole.value, abs=1e-9)
    width, wide, narrow = (float(x.high[0] - x.low[0]) for x in (whole, grouped, rows))
    assert wide == pytest.approx(width, rel=0.12)
    assert narrow < 0.9 * width


def test_neither_names_nor_order_decide_who_is_in_which_group(monkeypatch):
    monkeypatch.setattr(resampling, "GROUPS", 500)
    columns, customers = observations()
    order = np.random.default_rng(1).permutation(len(columns))
    names = np.array([f"x{7919 * number % 100_003:06d}" for number in customers])
    first, second = moment_sums(columns, customers), moment_sums(columns[order], names[order])
    assert first == pytest.approx(second, abs=1e-6)
    sums = sums_of(moments(columns), customers)
    again = sums_of(moments(columns[order]), names[order])
    assert in_groups(sums, groups=500) == pytest.approx(in_groups(again, groups=500), abs=1e-6)


def test_few_customers_are_drawn_one_by_one():
    columns, customers = observations(400)
    assert len(moment_sums(columns, customers)) == 200
    assert np.array_equal(moment_sums(columns, customers), sums_of(moments(columns), customers))


def test_groups_keep_the_totals():
    sums = np.arange(30.0).reshape(10, 3)
    assert in_groups(sums, groups=4).sum(axis=0).tolist() == sums.sum(axis=0).tolist()
    assert in_groups(sums, groups=10) is sums
