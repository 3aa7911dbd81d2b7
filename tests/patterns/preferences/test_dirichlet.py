"""A thin history is drawn toward all customers by as much as it should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize
from scipy.special import gammaln

from customer_patterns.patterns.preferences.dirichlet import MOST, fit_population, posterior_shares


def sparse(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    who, what = np.nonzero(counts)
    return who, what, counts[who, what]


def test_a_share_by_hand() -> None:
    # 3 of 4 purchases, a population of one half that weighs as much as 4 purchases: (3 + 2) / (4 + 4), and Beta(5, 3).
    share = posterior_shares([3.0], [4.0], [0.5], 4.0)
    assert share.value[0] == pytest.approx(5 / 8)
    assert (share.low[0], share.high[0]) == pytest.approx(stats.beta(5, 3).interval(0.95))


def test_the_fit_maximizes_the_likelihood() -> None:
    random = np.random.default_rng(4)
    counts = np.array(
        [random.multinomial(random.integers(1, 30), random.dirichlet([2.0, 1.0, 0.5])) for _ in range(80)]
    )

    def loss(log_alpha: np.ndarray) -> float:
        alpha, n = np.exp(log_alpha), counts.sum(axis=1)
        total = gammaln(alpha.sum()) - gammaln(n + alpha.sum())
        return -float((total + (gammaln(counts + alpha) - gammaln(alpha)).sum(axis=1)).sum())

    best = np.exp(minimize(loss, np.zeros(3), method="BFGS").x)
    found = fit_population(*sparse(counts), values=3)
    assert found.concentration == pytest.approx(best.sum(), rel=1e-3)
    assert found.shares == pytest.approx(best / best.sum(), abs=1e-3)


def test_two_values_are_the_beta_binomial_of_scipy() -> None:
    counts = np.array([[9, 1], [2, 8], [5, 5], [10, 0], [0, 10], [7, 3]])
    found = fit_population(*sparse(counts), values=2)
    a, b = found.concentration * found.shares
    here = stats.betabinom(10, a, b).logpmf(counts[:, 0]).sum()
    for factor_a, factor_b in ((1.1, 1.0), (0.9, 1.0), (1.0, 1.1), (1.0, 0.9)):
        assert stats.betabinom(10, a * factor_a, b * factor_b).logpmf(counts[:, 0]).sum() < here


def test_customers_who_are_alike_are_all_drawn_to_one_share() -> None:
    counts = np.tile([[30, 10]], (50, 1))
    assert fit_population(*sparse(counts), values=2).concentration == MOST


def test_nothing_bought_has_no_population() -> None:
    with pytest.raises(ValueError, match="there are none"):
        fit_population([], [], [], values=3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=12), st.floats(0.01, 1e4))
def test_shares_lie_between_own_and_all_and_sum_to_one(rows: list[list[int]], s: float) -> None:
    counts = np.array(rows, dtype=float)
    counts = counts[counts.sum(axis=1) > 0]
    if not len(counts):
        return
    population = fit_population(*sparse(counts), values=3)
    assert population.shares.sum() == pytest.approx(1)
    total = counts.sum(axis=1, keepdims=True)
    share = posterior_shares(counts, total, population.shares, s)
    assert share.value.sum(axis=1) == pytest.approx(np.ones(len(counts)))
    own = counts / total
    least, most = np.minimum(own, population.shares), np.maximum(own, population.shares)
    assert ((share.value >= least - 1e-9) & (share.value <= most + 1e-9)).all()
    assert ((share.low <= share.value) & (share.value <= share.high)).all()


def test_intervals_hold_the_share_of_customers_who_were_drawn() -> None:
    random = np.random.default_rng(11)
    truth = random.beta(6, 2, 4000)
    n = random.integers(1, 12, len(truth))
    counts = np.stack([random.binomial(n, truth)], axis=1)
    counts = np.concatenate([counts, n[:, None] - counts], axis=1)
    population = fit_population(*sparse(counts), values=2)
    share = posterior_shares(counts[:, 0], n, population.shares[0], population.concentration)
    held = (share.low <= truth) & (truth <= share.high)
    assert 0.93 < held.mean() < 0.97
    # The broken twin takes each customer's raw share with its own binomial interval: thin histories hold nothing.
    raw = counts[:, 0] / n
    reach = 1.96 * np.sqrt(raw * (1 - raw) / n)
    assert ((raw - reach <= truth) & (truth <= raw + reach)).mean() < 0.9
