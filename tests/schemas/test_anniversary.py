"""The same day of another year, and 29 February."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.schemas.anniversary import years_before

DAYS = st.dates(date(1904, 1, 1), date(2096, 12, 31))


def test_an_anniversary_of_29_february_is_28_february_in_a_year_without_one():
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)
    assert years_before(date(2023, 2, 28), -1) == date(2024, 2, 28)  # what was moved stays where it is


@given(DAYS, st.integers(-3, 3))
def test_all_other_days_keep_their_place_and_none_fails(day, years):
    found = years_before(day, years)
    assert found.year == day.year - years
    assert (found.month, found.day) in ((day.month, day.day), (2, 28))
    assert found == (pd.Timestamp(day) - pd.DateOffset(years=years)).date()  # pandas has the same rule
