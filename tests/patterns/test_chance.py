"""What chance makes of baskets of a given size: compared with all samples there are, and with drawing them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from customer_patterns.patterns.chance import EXACT_SIZES, FixedSize, Strata, band_starts, symmetric
from tests.patterns.conftest import baskets_of, shop


def by_counting(odds: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares and joint shares of a conditional Bernoulli sample, from all samples there are."""
    one, two, total = np.zeros(len(odds)), np.zeros((len(odds), len(odds))), 0.0
    for sample in combinations(range(len(odds)), size):
        weight = odds[list(sample)].prod()
        total += weight
        one[list(sample)] += weight
        for i, j in combinations(sample, 2):
            two[i, j] += weight
            two[j, i] += weight
    return one / total, two / total


@pytest.mark.parametrize("size", [2, 3, 5, 8])
@pytest.mark.parametrize(
    "odds",
    [[90, 4, 0.35, 0.3, 0.25, 0.2, 0.1, 0.08, 0.05, 0.03, 0.02, 0.01], np.random.default_rng(1).gamma(0.5, size=14)],
)
def test_chances_of_pairs_are_those_of_all_samples(odds, size: int) -> None:
    shares, joint = by_counting(np.array(odds), size)
    first, second = np.triu_indices(len(odds), 1)
    found = FixedSize.fit(shares, size).joint(first, second)
    assert found == pytest.approx(joint[first, second], rel=1e-5)


def test_two_places_cannot_hold_what_independence_promises() -> None:
    # The broken twin, a · b, which the test of Cochran, Mantel and Haenszel takes: far too much in small baskets.
    shares, joint = by_counting(np.full(10, 1.0), 2)
    design = FixedSize.fit(shares, 2)
    assert design.joint(np.array([0]), np.array([1])) == pytest.approx(joint[0, 1]) == pytest.approx(1 / 45)
    assert shares[0] * shares[1] > 1.7 * joint[0, 1]


def test_symmetric_functions_of_nothing_and_of_order_nought() -> None:
    assert symmetric(np.array([]), 2).tolist() == [1, 0, 0]
    assert symmetric(np.array([5.0]), 0).tolist() == [1]


def test_no_stratum_is_wider_than_allowed() -> None:
    starts = band_starts(150)
    last = np.append(starts[1:] - 1, 150)
    wide = starts > EXACT_SIZES
    assert (last[~wide] == starts[~wide]).all()
    assert (last[wide] / starts[wide] <= 1.15).all()


def test_items_that_only_share_big_baskets_meet_as_often_as_expected() -> None:
    baskets = shop(3, customers=400)
    first, second = np.triu_indices(len(baskets.items), 1)
    expected = Strata.of(baskets).together(first, second).sum(axis=0)
    held = np.zeros((len(baskets), len(baskets.items)))
    held[baskets.basket, baskets.item] = 1
    observed = (held.T @ held)[first, second]
    often = expected > 50
    assert (observed[often] / expected[often]).mean() == pytest.approx(1, abs=0.02)
    naive = baskets.counts[first] * baskets.counts[second] / len(baskets)
    assert (observed[often] / naive[often]).mean() > 1.4


def test_baskets_of_one_item_are_left_out_and_an_item_in_every_basket_is_no_trouble() -> None:
    strata = Strata.of(baskets_of([("ann", ["a"]), ("ann", ["a", "b"]), ("bob", ["a", "c"]), ("bob", ["b"])]))
    assert strata.totals.tolist() == [0, 2]
    pairs = np.array([0, 0, 1]), np.array([1, 2, 2])  # a with b, a with c, b with c
    assert strata.together(*pairs).sum(axis=0) == pytest.approx([1, 1, 0], abs=1e-4)
