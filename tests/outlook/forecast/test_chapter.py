"""The sections on coming sales on the planted shop: they agree with what other chapters say of the same weeks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from customer_patterns.outlook.forecast import parts_add_up


def read(run: Path, stage: str, name: str) -> pd.DataFrame:
    return pd.read_parquet(run / stage / f"{name}.parquet")


def test_what_was_sold_is_what_the_behavior_chapter_says(planted_run: Path) -> None:
    weeks = read(planted_run, "outlook", "sales_weeks")
    whole = weeks[(weeks["measure"] == "revenue") & (weeks["kind"] == "all sales") & (weeks["state"] == "sold")]
    by_week = read(planted_run, "behavior", "weeks")
    by_week = by_week.assign(ends=pd.to_datetime(by_week["week_starts_on"]) + pd.Timedelta(days=6))
    both = whole.assign(ends=pd.to_datetime(whole["week_ends_on"])).merge(by_week, on="ends")
    assert len(both) == len(whole) >= 10  # the study ends on a Sunday
    assert both["amount"].tolist() == pytest.approx(both["revenue"].astype(float).tolist())
    trend = read(planted_run, "outlook", "trend_weeks")
    revenue = trend[trend["figure"] == "revenue"]
    same = revenue.assign(starts=pd.to_datetime(revenue["week_starts_on"])).merge(
        by_week.assign(starts=pd.to_datetime(by_week["week_starts_on"])), on="starts"
    )
    assert same["value"].tolist() == pytest.approx(
        same["revenue_y" if "revenue_y" in same else "revenue"].astype(float)
    )


def test_the_forecast_is_coherent_and_honest_about_its_errors(planted_run: Path) -> None:
    daily = read(planted_run, "outlook", "daily_forecast")
    assert parts_add_up(daily)
    assert pd.to_datetime(daily["day"]).min() == pd.Timestamp(2018, 1, 1)
    quality = read(planted_run, "outlook", "forecast_quality")
    better = quality["error_ratio_high"] < 1
    assert (better == (quality["verdict"] == "better than the naive forecast")).all()
    held = read(planted_run, "outlook", "forecast_figures").set_index("figure").loc["weeks within their interval"]
    assert held["value_high"] > 0.93
    stock = read(planted_run, "outlook", "stock")
    assert (stock["enough_units"] >= stock["expected_units"].round() - 1).all()


def test_without_opportunities_there_are_no_chances(planted_run: Path) -> None:
    for name in ("lead_scores", "lead_stages", "lead_quality", "lead_figures"):
        assert read(planted_run, "outlook", name).empty
