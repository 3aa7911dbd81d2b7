"""Segments: small ones blank, differences beyond chance only."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from customer_patterns.satisfaction.by_segment import segment_scores
from tests.satisfaction.sample_survey import sheets_of


def surveyed(n: int = 300, *, more: float = 0.0, seed: int = 1, small: int = 0):
    """Two waves of answers; the customers of value level ``high`` are more content by ``more`` points."""
    chance = np.random.default_rng(seed)
    level = np.repeat(["high", "ordinary", "potential"], [n // 3, n // 3, n - 2 * (n // 3)])
    if small:
        level[:small] = "tiny"
    names = np.array([f"c{i:04d}" for i in range(n)])
    own = 60 + 15 * chance.normal(size=n) + more * (level == "high")
    score = np.concatenate([own + 8 * chance.normal(size=n) for _ in range(2)])
    sheets = sheets_of(
        {"price": score},
        overall=score,
        recommendation=np.clip(np.round(score / 10), 0, 10),
        customers=np.tile(names, 2),
        waves=np.repeat(["1", "2"], n),
    )
    return sheets, pd.DataFrame({"customer_id": names, "value_level": level, "tier": "one tier"})


def test_a_segment_that_differs_stands_out():
    table = segment_scores(*surveyed(more=12)).set_index(["grouping", "segment", "score_name"]).sort_index()
    row = table.loc[("value_level", "high", "price")]
    assert row["verdict"] == "stands out"
    assert row["difference"] == pytest.approx(12, abs=5)
    assert row["score_low"] <= row["score"] <= row["score_high"]
    assert row[["n", "customers"]].tolist() == [200, 100]
    assert (table.loc["tier", "verdict"] == "not compared").all()  # one tier has no others


def test_where_segments_are_alike_hardly_any_stands_out_and_unadjusted_many_would():
    """25 surveys without a difference. The broken twin takes each p-value as if it were the only one."""
    found, twin = 0, 0
    for seed in range(25):
        table = segment_scores(*surveyed(seed=seed), min_group=30)
        found += (table["verdict"] == "stands out").any()
        twin += (table["p_value"] <= 0.05).any()
    assert found <= 3
    assert twin >= 4


def test_a_customer_with_two_answers_is_one_customer():
    """The broken twin: as many p-values as if answers were independent; here they would be far too small."""
    sheets, segments = surveyed(seed=5)
    once = segment_scores(sheets.where(sheets.rows["wave"] == "1"), segments).set_index(["segment", "score_name"])
    twice = segment_scores(sheets, segments).set_index(["segment", "score_name"])
    key = ("high", "overall")
    widths = [table.loc[key, "score_high"] - table.loc[key, "score_low"] for table in (once, twice)]
    assert widths[1] > 0.8 * widths[0]  # half as wide in variance if answers were independent: 0.71


def test_small_segments_are_blank_and_cannot_be_worked_out():
    table = segment_scores(*surveyed(small=12), min_group=30)
    rows = table[(table["grouping"] == "value_level") & (table["score_name"] == "NPS")].set_index("segment")
    assert rows.loc["tiny", "suppressed"] == "too few"
    assert (rows["suppressed"] == "to protect another").sum() == 1
    assert rows.loc[rows["suppressed"] != "no", ["n", "customers", "score", "difference"]].isna().all(axis=None)


def test_levels_stand_in_their_order_and_the_chosen_grouping_first():
    table = segment_scores(*surveyed(), grouping="tier")
    assert table["grouping"].iloc[0] == "tier"
    levels = table[table["grouping"] == "value_level"]["segment"].drop_duplicates().tolist()
    assert levels == ["high", "potential", "ordinary"]


def test_settings_that_would_show_persons_are_refused():
    with pytest.raises(ValueError, match="never shown"):
        segment_scores(*surveyed(), min_group=5)
    with pytest.raises(ValueError, match="value_level or tier"):
        segment_scores(*surveyed(), grouping="age")


def test_without_answers_or_segments_there_are_no_rows():
    sheets, segments = surveyed()
    assert len(segment_scores(sheets.where(np.zeros(len(sheets.rows), dtype=bool)), segments)) == 0
    assert len(segment_scores(sheets, segments.head(0))) == 0
