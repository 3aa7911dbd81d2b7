"""The figures that sentences speak of come from the tables, and are absent where these say nothing."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from customer_patterns import wording
from customer_patterns.patterns import preferences
from tests.patterns.preferences.conftest import simulate

JULY = date(2017, 7, 2)


class Figures(wording.Figures):
    """As those of the chapter."""

    readers = preferences.READERS


def figures_of(seed: int, *, changers: int) -> tuple[Figures, dict]:
    choices = {"category": simulate(seed, customers=150, changers=changers, concentration=4)}
    _, counts = preferences.each_change(choices, attributes=["category"], first_day_after=JULY)
    found = {
        "preference_strength": preferences.each_strength(choices),
        "preference_forecasts": preferences.each_forecast(choices, last_early=JULY - timedelta(days=1)),
        "change_counts": counts,
    }
    figures = Figures(date(2017, 1, 1), date(2017, 12, 31))
    figures.read(**found)
    return figures, found


def test_changers_are_told_with_what_chance_shows() -> None:
    figures, found = figures_of(51, changers=40)
    row = found["change_counts"].iloc[0]
    assert figures["changed_category"].value == row["named"] > 0.1
    assert figures["looks_changed_category"].value > figures["by_chance_category"].value == 0.05
    assert "unchanged_category" not in figures


def test_nobody_who_changed_is_told_as_nobody() -> None:
    figures, found = figures_of(52, changers=0)
    row = found["change_counts"].iloc[0]
    assert row["named"] == 0
    assert figures["unchanged_category"].value == row["n"]
    assert "changed_category" not in figures


def test_a_difference_of_surprise_is_told_as_a_ratio_of_chances() -> None:
    figures, found = figures_of(51, changers=0)
    rows = found["preference_forecasts"].set_index("forecast")
    worse = rows.at[preferences.tables.OWN_RAW, "worse_by"]
    assert figures["likelier_than_raw"].value == pytest.approx(np.exp(worse))
    assert figures["likelier_than_raw"].low > 1


def test_every_finding_rests_on_a_table_that_is_read() -> None:
    assert {table for _, _, table, _ in preferences.FINDINGS} <= set(preferences.READERS) <= set(preferences.TABLES)
