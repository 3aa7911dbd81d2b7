"""Raking, trimming and what weights cost: by hand, against the definition, and on what contradicts itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from customer_patterns.satisfaction.weighting import effective_n, rake, trim


def test_two_margins_by_hand():
    """Counts 10 20 / 30 40, wanted rows 40 60 and columns 50 50.

    The odds ratio 10 × 40 / (20 × 30) = 2/3 stays. With x in the first cell: x (10 + x) = 2/3 (40 - x)(50 - x), so
    x² + 210 x - 4000 = 0 and x = (√60100 - 210) / 2 = 17.5765.
    """
    counts = np.array([[10, 20], [30, 40]])
    row, column = (np.repeat(np.indices((2, 2))[axis].ravel(), counts.ravel()) for axis in (0, 1))
    found = rake([row, column], [[40, 60], [50, 50]])
    assert found.agreed
    table = np.zeros((2, 2))
    np.add.at(table, (row, column), found.weights)
    assert table[0, 0] == pytest.approx((60100**0.5 - 210) / 2)
    assert table.sum(axis=1).tolist() == pytest.approx([40, 60])
    assert table.sum(axis=0).tolist() == pytest.approx([50, 50])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_margins_are_reached_by_the_weights_nearest_to_the_start(seed):
    """The reference minimizes the Kullback-Leibler distance itself, by its dual."""
    chance = np.random.default_rng(seed)
    n = 60
    margins = [np.concatenate([np.arange(k), chance.integers(0, k, n - k)]) for k in (2, 3, 4)]
    start = chance.uniform(0.5, 2, n)
    far = start * np.exp(sum(chance.normal(0, 0.4, k)[of] for k, of in zip((2, 3, 4), margins, strict=True)))
    totals = [np.bincount(of, far) for of in margins]
    found = rake(margins, totals, start=start)
    assert found.agreed
    dummies = np.column_stack([of[:, None] == np.arange(k) for k, of in zip((2, 3, 4), margins, strict=True)])
    wanted = np.concatenate(totals)

    def dual(slopes):
        weights = start * np.exp(dummies @ slopes)
        return weights.sum() - slopes @ wanted, dummies.T @ weights - wanted

    best = minimize(dual, np.zeros(9), jac=True, method="BFGS", options={"gtol": 1e-10})
    assert found.weights == pytest.approx(start * np.exp(dummies @ best.x), rel=1e-4)
    assert found.weights @ dummies == pytest.approx(wanted, rel=1e-8)


def test_raking_differs_from_one_margin_after_the_other():
    """The broken twin weighs by each margin alone and multiplies: the margins are then missed."""
    sex, age = np.array([0, 0, 0, 1, 1, 0]), np.array([0, 0, 1, 1, 1, 1])
    wanted = [[30.0, 30.0], [20.0, 40.0]]
    once = np.ones(6)
    for of, total in zip((sex, age), wanted, strict=True):
        once *= (np.array(total) / np.bincount(of))[of]
    once *= 60 / once.sum()
    assert np.abs(np.bincount(age, once) - wanted[1]).max() > 1
    assert np.bincount(age, rake([sex, age], wanted).weights).tolist() == pytest.approx(wanted[1])


def test_a_category_that_nobody_answered_is_said_not_to_be_reached():
    found = rake([[0, 0, 1]], [[2, 2, 2]])
    assert not found.agreed
    assert found.gap == pytest.approx(1)
    assert np.isfinite(found.weights).all()


def test_margins_that_contradict_one_another_end_and_say_so():
    """Nobody is in both second categories, and the other cells cannot make up for it."""
    found = rake([[0, 0, 1], [0, 1, 0]], [[1, 9], [1, 9]], most_sweeps=50)
    assert not found.agreed
    assert found.sweeps == 50


@pytest.mark.parametrize(
    ("start", "totals", "words"),
    [
        ([1, -1, 1], [[2, 1]], "negative"),
        ([1, np.nan, 1], [[2, 1]], "missing"),
        ([1, 1, 1], [[-2, 1]], "negative"),
        ([1, 1, 1], [[3]], "no total"),
    ],
)
def test_bad_weights_and_totals_are_refused(start, totals, words):
    with pytest.raises(ValueError, match=words):
        rake([[0, 0, 1]], totals, start=start)


def test_margins_must_count_the_same_customers():
    with pytest.raises(ValueError, match="same customers"):
        rake([[0, 1], [0, 1]], [[5, 5], [5, 6]])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.1, 50), min_size=3, max_size=40), st.floats(2, 6))
def test_trimming_keeps_the_sum_and_never_raises_what_is_worth(weights, limit):
    trimmed, cut = trim(weights, most_times_median=limit)
    assert trimmed.sum() == pytest.approx(sum(weights))
    assert cut <= len(weights)
    assert effective_n(trimmed) >= effective_n(weights) - 1e-9


def test_negative_weights_are_refused_and_none_is_worth_nothing():
    with pytest.raises(ValueError, match="negative"):
        trim([1.0, -1.0])
    assert trim([0.0, 0.0])[1] == 0
    assert effective_n([]) == 0
    assert effective_n([3, 3, 3]) == pytest.approx(3)
