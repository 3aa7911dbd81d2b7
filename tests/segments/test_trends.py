"""Which changes of segments are clear, and what the title and the sentence about what became of segments say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from customer_patterns.features.group_patterns import GROUP_TRENDS, MEASURES
from customer_patterns.segments import Figures, drawn_trends, trends_title, what_became
from customer_patterns.segments.movement.tables import GONE, KEPT, MERGED, MOVEMENT_MATCHES, NEW, SPLIT
from customer_patterns.segments.trends import clear_changes

SEGMENTS = ("Weekend shopping", "Small baskets", "Near the average", "Few categories", "Rare visits")


def trends(slopes: np.ndarray, error: float = 0.01) -> pd.DataFrame:
    """One row per segment and measure with these slopes on the logarithmic scale."""
    half = norm.ppf(0.975) * error
    table = pd.DataFrame({"segment": np.repeat(SEGMENTS, 3), "measure": np.tile(MEASURES, 5), "n": 100})
    for name in ("own_change", "change"):
        bounds = {"": slopes, "_low": slopes - half, "_high": slopes + half}
        table = table.assign(**{f"{name}{end}": np.exp(values) for end, values in bounds.items()})
    return table.assign(suppressed="no")[GROUP_TRENDS.names]


def said(table: pd.DataFrame) -> tuple[str, str]:
    figures = Figures(date(2017, 1, 1), date(2017, 12, 31))
    figures.read(segment_trends=table)
    return figures.say(trends_title(figures)), figures.say("segments.trends_subtitle")


def any_interval_that_misses_one(table: pd.DataFrame) -> bool:
    """The broken twin: each interval by itself."""
    return bool(((table["change_low"] > 1) | (table["change_high"] < 1)).any())


def test_of_fifteen_changes_by_chance_none_is_called_clear_though_one_interval_often_misses_none() -> None:
    drawn = [trends(np.random.default_rng(seed).normal(0, 0.01, 15)) for seed in range(200)]
    assert np.mean([clear_changes(table).any() for table in drawn]) < 0.09
    assert np.mean([any_interval_that_misses_one(table) for table in drawn]) > 0.4


def test_a_clear_change_is_named_in_the_title() -> None:
    slopes = np.zeros(15)
    slopes[4] = -0.105  # the spend of "Small baskets", ten of its standard errors below none
    title, subtitle = said(trends(slopes))
    assert title == "“Small baskets”: spend at 0.90 times a quarter earlier"
    assert "15 comparisons" in subtitle
    assert subtitle.endswith("500 customers")


def test_where_none_is_clear_the_title_says_so() -> None:
    assert said(trends(np.full(15, 0.004)))[0] == "No segment clearly buys more or less than a quarter earlier"


def test_a_long_name_is_not_in_the_title() -> None:
    slopes = np.zeros(15)
    slopes[[3, 4]] = 0.2
    table = trends(slopes).replace({"Small baskets": "Small baskets, very cheap products, few visits"})
    assert said(table)[0] == "2 of 15 comparisons with a quarter earlier show a clear change"


def test_a_change_without_error_is_clear_unless_there_is_none() -> None:
    assert clear_changes(trends(np.r_[0.1, np.zeros(14)], error=0.0)).tolist() == [True] + [False] * 14


def test_segments_are_drawn_in_the_order_of_the_chapter_and_blank_ones_not() -> None:
    table = trends(np.zeros(15)).sort_values(["segment", "measure"], ignore_index=True)
    table.loc[table["segment"] == "Rare visits", "suppressed"] = "few customers"
    drawn = drawn_trends(table, SEGMENTS)
    assert drawn["segment"].tolist() == list(np.repeat(SEGMENTS[:4], 3))
    assert drawn["measure"].tolist() == list(MEASURES) * 4
    assert drawn.columns.tolist() == table.columns.tolist()


def matches(*fates: str) -> pd.DataFrame:
    """One row per fate; what is new has no earlier name, what is gone no later one."""
    rows = [
        (None if fate == NEW else f"earlier {at}", None if fate == GONE else f"later {at}", fate)
        for at, fate in enumerate(fates)
    ]
    table = pd.DataFrame(rows, columns=["earlier", "later", "fate"])
    filled = {name: 0.5 for name in ("overlap", "least_overlap")}
    return table.assign(place=range(1, len(rows) + 1), n=50, suppressed="no", **filled)[MOVEMENT_MATCHES.names]


@pytest.mark.parametrize(
    ("fates", "key", "begins"),
    [
        ((KEPT, KEPT, KEPT), "segments.fates_all", "All 3 segments of the earlier period are found again"),
        ((KEPT, GONE, NEW), "segments.fates_some", "Of 2 segments of the earlier period, 1 could be found again"),
        ((GONE, NEW, MERGED), "segments.fates_none", "None of 2 segments of the earlier period is found again"),
    ],
)
def test_what_became_of_segments_is_said_by_one_of_three_sentences(fates: tuple, key: str, begins: str) -> None:
    figures = Figures(date(2017, 1, 1), date(2017, 12, 31))
    figures.read(movement_matches=matches(*fates))
    assert what_became(figures) == key
    assert figures.say(key).startswith(begins)
    assert [figures.suffice(f"segments.fates_{end}") for end in ("all", "some", "none")].count(True) == 1


def test_a_segment_that_split_is_counted_once_among_the_earlier_ones() -> None:
    table = matches(KEPT, KEPT, SPLIT)
    table.loc[2, "earlier"] = table.loc[0, "earlier"]
    figures = Figures(date(2017, 1, 1), date(2017, 12, 31))
    figures.read(movement_matches=table)
    assert figures["earlier_segments"].value == 2
