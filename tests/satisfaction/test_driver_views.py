"""Share, slopes and map side by side: what all three say, where they differ, where one is not sure."""

from __future__ import annotations

import pandas as pd
import pytest

from customer_patterns.satisfaction import TABLES, driver_views, drivers, penalties_and_rewards
from tests.satisfaction.test_drivers import planted_sheets


def table_of(importance: tuple[float, float, float], kind: str, quadrant: str, likely: float) -> pd.DataFrame:
    """One dimension beside a second one, as the three ways tell of it."""
    value, low, high = importance
    told = pd.DataFrame(
        {
            "dimension": ["price", "quality"],
            "n": 300,
            "importance": [value, 1 - value],
            "importance_low": [low, 1 - high],
            "importance_high": [high, 1 - low],
            "quadrant": [quadrant, "keep it up"],
            "quadrant_probability": [likely, 0.95],
        }
    )
    slopes = pd.DataFrame(
        {"dimension": ["price", "quality"], "penalty": 2.0, "penalty_low": 1.0, "penalty_high": 3.0, "kind": kind}
    )
    return driver_views(told, slopes).set_index("dimension")


@pytest.mark.parametrize(
    ("importance", "kind", "quadrant", "likely", "verdict"),
    [
        ((0.7, 0.6, 0.8), "must-be", "look here first", 0.9, "all say: look here first"),
        ((0.7, 0.6, 0.8), "performance", "keep it up", 0.9, "all say: keep it up"),
        ((0.2, 0.1, 0.3), "no effect found", "can wait", 0.9, "all say: can wait"),
        ((0.2, 0.1, 0.3), "no effect found", "more than needed", 0.9, "all say: can wait"),
        ((0.2, 0.1, 0.3), "performance", "can wait", 0.9, "they differ"),
        ((0.7, 0.6, 0.8), "no effect found", "look here first", 0.9, "they differ"),
        ((0.5, 0.4, 0.6), "must-be", "look here first", 0.9, "not sure"),
        ((0.7, 0.6, 0.8), "must-be", "look here first", 0.6, "not sure"),
    ],
)
def test_what_to_do_is_said_only_where_all_three_say_the_same(importance, kind, quadrant, likely, verdict):
    assert table_of(importance, kind, quadrant, likely).loc["price", "verdict"] == verdict


def test_planted_dimensions_are_agreed_on_and_the_idle_one_can_wait():
    """The broken twin reads the map alone: it would send someone to a dimension whose place is a matter of chance."""
    sheets = planted_sheets(5000)
    sheets.scores["quality"] -= 8
    found, _ = drivers(sheets)
    table = driver_views(found, penalties_and_rewards(sheets)).set_index("dimension")
    assert table.loc["quality", "verdict"] == "all say: look here first"
    assert table.loc["store", "verdict"] == "all say: can wait"
    alone = set(found.loc[found["quadrant"] == "look here first", "dimension"])
    assert alone >= set(table.index[table["verdict"] == "all say: look here first"])
    assert set(TABLES["driver_views"].names) == {*table.columns, "dimension"}


def test_where_one_way_says_nothing_there_are_no_rows():
    few = planted_sheets(60)
    assert driver_views(drivers(few)[0], penalties_and_rewards(few)).empty
    assert list(driver_views(drivers(few)[0], penalties_and_rewards(few)).columns) == TABLES["driver_views"].names
