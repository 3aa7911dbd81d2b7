"""Sentences of the chapter: which can be said, and what they say when the data do not suffice."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from customer_patterns.segments import FINDINGS, TABLES, Figures, segment_verdict
from customer_patterns.segments.habits import Scaled
from customer_patterns.segments.stability import Segmentation
from customer_patterns.wording import SENTENCES


def verdict(what: str, k: int) -> Figures:
    stability = pd.DataFrame({"p_value": [0.4, 0.2]}) if k else pd.DataFrame()
    scaled = Scaled(pd.DataFrame({"customer_id": range(80)}), None, ())
    table = segment_verdict(scaled, Segmentation(what, k, None, stability), customers=100, min_orders=12)
    figures = Figures(date(2017, 1, 1), date(2017, 12, 31))
    figures.read(segment_verdict=table)
    return figures


@pytest.mark.parametrize(
    ("what", "k", "sayable"),
    [
        ("clusters", 3, {"segments.clusters"}),
        ("constructive segmentation", 4, {"segments.constructive"}),
        ("not enough data", 0, set()),
    ],
)
def test_only_the_verdict_that_was_reached_can_be_said(what: str, k: int, sayable: set[str]) -> None:
    keys = {"segments.clusters", "segments.constructive"}
    assert {key for key in keys if verdict(what, k).suffice(key)} == sayable


def test_where_no_clusters_were_found_the_title_says_so() -> None:
    assert (
        verdict("clusters", 3).say("segments.stability_title")
        == "3 segments stand out from a single cloud of customers"
    )
    title = verdict("constructive segmentation", 4).say("segments.stability_title")
    assert title == "No number of groups stands out from a single cloud of customers"


def test_each_finding_rests_on_a_table_of_this_stage_and_each_table_says_what_it_reads() -> None:
    assert {table for _, _, table, _ in FINDINGS} <= set(TABLES)
    assert {key for key, *_ in FINDINGS} <= set(SENTENCES)
    declared = {name for name, schema in TABLES.items() if not schema.reads}
    assert declared == {"tier_rules", "tier_grid", "lifecycle_rules", "target_weights"}


def test_tiers_segments_and_moves_rest_on_purchases_alone() -> None:
    bought = {"orders", "order_lines", "products"}
    words = ("tier", "segment", "cluster", "movement", "value_levels", "score_levels", "habit", "customer_segments")
    resting = [schema for name, schema in TABLES.items() if name.startswith(words)]
    assert len(resting) > 15
    assert all(set(schema.reads) <= bought for schema in resting)


def test_a_long_name_does_not_break_a_title() -> None:
    row = {"share_of_customers": 0.6, "share_of_revenue": 0.7, "n": 60, "customers": 100, "suppressed": "no"}
    bounds = {f"{m}{e}": row[m] for m in ("share_of_customers", "share_of_revenue") for e in ("_low", "_high")}
    name = "Frequent visits, small baskets, national brands, few discounts"
    figures = Figures(date(2017, 1, 1), date(2017, 12, 31))
    figures.read(segments=pd.DataFrame([{"segment": name, **row, **bounds}]))
    assert name not in figures.say("segments.segments_title")
    assert name in figures.say("segments.richest")
