"""Adjusted p-values by hand, and the share of false discoveries that they allow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.estimates.false_discovery import benjamini_hochberg, benjamini_yekutieli


def test_five_tests_by_hand() -> None:
    # sorted: .005 .01 .03 .04 .5; times 5 by rank: .025 .025 .05 .05 .5
    assert benjamini_hochberg([0.01, 0.5, 0.03, 0.005, 0.04]) == pytest.approx([0.025, 0.5, 0.05, 0.025, 0.05])


def test_dependence_costs_the_harmonic_sum() -> None:
    # 1 + 1/2 + 1/3 = 11/6
    p = [0.01, 0.02, 0.9]
    assert benjamini_yekutieli(p) == pytest.approx([0.03 * 11 / 6, 0.03 * 11 / 6, 1.0])


def test_no_tests_give_no_values_and_bad_ones_are_refused() -> None:
    assert benjamini_hochberg([]).tolist() == benjamini_yekutieli([]).tolist() == []
    for bad in ([0.5, float("nan")], [-0.1], [1.1]):
        with pytest.raises(ValueError, match="between 0 and 1"):
            benjamini_hochberg(bad)
    with pytest.raises(ValueError, match="one list"):
        benjamini_yekutieli([[0.1], [0.2]])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.randoms())
def test_order_plays_no_part_and_nothing_becomes_smaller(p: list[float], random) -> None:
    adjusted = dict(zip(p, benjamini_hochberg(p), strict=True))
    shuffled = random.sample(p, len(p))
    assert benjamini_hochberg(shuffled).tolist() == [adjusted[value] for value in shuffled]
    assert (benjamini_hochberg(p) >= np.array(p) * (1 - 1e-12)).all()
    assert (benjamini_yekutieli(p) >= benjamini_hochberg(p) * (1 - 1e-12)).all()
    ranked = np.argsort(p, kind="stable")
    assert (np.diff(benjamini_hochberg(p)[ranked]) >= 0).all()


def _false_share(adjust) -> float:
    """Mean share of false discoveries at 0.1, where 20 of 100 tests are of something true."""
    random = np.random.default_rng(5)
    shares = []
    for _ in range(400):
        z = random.normal(size=100)
        z[:20] += 3.5
        named = np.asarray(adjust(1 - _normal(z))) <= 0.1
        shares.append(named[20:].sum() / max(named.sum(), 1))
    return float(np.mean(shares))


def _normal(z: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    return ndtr(z)


def test_the_promised_share_is_kept_and_unadjusted_values_break_it() -> None:
    assert _false_share(benjamini_hochberg) <= 0.1
    assert _false_share(benjamini_yekutieli) <= 0.1 / 4
    assert _false_share(lambda p: p) > 0.2
