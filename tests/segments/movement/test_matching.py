"""Clusters of two periods: matched so that most customers stay, and what is left over is named."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.segments.movement.matching import match_clusters, merged_into, overlaps, split_from

COUNTS = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 60), min_size=k, max_size=k), min_size=k, max_size=k)
)


def by_the_largest_first(both: np.ndarray) -> np.ndarray:
    """The broken twin: each earlier cluster takes what is largest of those left."""
    match, left = np.full(len(both), -1), both.astype(float).copy()
    for old in range(len(both)):
        match[old] = left[old].argmax()
        left[:, match[old]] = -1
    return match


def staying(both: np.ndarray, match: np.ndarray) -> int:
    return int(both[np.arange(len(both)), match].sum())


@given(COUNTS)
def test_no_other_matching_keeps_more_customers(counts: list[list[int]]) -> None:
    both = np.array(counts)
    best = max(staying(both, np.array(order)) for order in permutations(range(len(both))))
    assert staying(both, match_clusters(both)) == best


def test_taking_the_largest_first_keeps_fewer() -> None:
    both = np.array([[30, 28], [29, 0]])
    assert staying(both, match_clusters(both)) == 57
    assert staying(both, by_the_largest_first(both)) == 30


@given(COUNTS)
def test_calling_clusters_otherwise_matches_the_same_ones(counts: list[list[int]]) -> None:
    both = np.array(counts)
    turned = both[::-1][:, ::-1]
    assert staying(turned, match_clusters(turned)) == staying(both, match_clusters(both))


def test_what_two_clusters_have_in_common_is_jaccards_share() -> None:
    both = np.array([[8, 2], [1, 9]])
    # Eight in both; ten in the first earlier, nine in the first later: 8 of 11. Nine of 12.
    assert overlaps(both, match_clusters(both)) == pytest.approx([8 / 11, 9 / 12])


def test_one_that_splits_and_two_that_merge_are_named() -> None:
    split = np.array([[40, 3, 35], [2, 50, 1], [0, 1, 4]])
    match = match_clusters(split)
    assert match.tolist() == [0, 1, 2]
    assert split_from(split, match).tolist() == [-1, -1, 0]
    assert merged_into(split.T, match).tolist() == [-1, -1, 0]
    assert split_from(np.diag([5, 5, 5]), match).tolist() == [-1, -1, -1]
