"""Different numbers, quickly: the same as numpy's own answer."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.features import distinct


@given(st.lists(st.integers(-(2**62), 2**62), max_size=60))
def test_different_numbers_are_those_that_numpy_finds(numbers):
    given_numbers = np.array(numbers, dtype=np.int64)
    before = given_numbers.copy()
    found = distinct(given_numbers)
    assert found.dtype == np.int64
    assert found.tolist() == np.unique(before).tolist()
    assert given_numbers.tolist() == before.tolist()


def test_three_purchases_of_two_products():
    assert distinct(np.array([7, 3, 7])).tolist() == [3, 7]
