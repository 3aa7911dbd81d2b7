"""What cleaning knows without counting is what counting would have found."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from customer_patterns.cleaning import Options, all_rules, clean, once, steps
from customer_patterns.cleaning.quality import all_different
from customer_patterns.cleaning.rules import Rule, _not_known
from tests.cleaning.deliveries import LATER, NOON, rows
from tests.cleaning.deliveries import clean as clean_records

SHOP = Options(currency="CNY", guests=("^0$",))
LINE = {"customer_id": "a", "product_id": "tea", "ordered_at": NOON, "quantity": 1, "revenue": 2}
DELIVERY = {
    "order_lines": [
        {**LINE, "order_id": "1"},
        {**LINE, "order_id": "1"},
        {**LINE, "order_id": "2", "product_id": "oil", "customer_id": "b"},
        {**LINE, "order_id": "2", "product_id": "oil", "customer_id": "b", "ordered_at": LATER},
        {**LINE, "order_id": "3", "product_id": "salt", "customer_id": "0"},
    ],
    "products": [{"product_id": "tea", "product_type": "GASOLINE", "category": "A"}, {"product_id": "x"}],
    "customers": [{"customer_id": "a", "city": "Ulm"}, {"customer_id": "z", "city": "ulm "}],
    "coupon_redemptions": [
        {"customer_id": who, "coupon_id": "k", "campaign_id": "m", "redeemed_on": NOON.date()} for who in "aqq"
    ],
    "events": [
        {"event_id": str(n), "visitor_id": "v", "customer_id": who, "occurred_at": NOON, "event_type": kind}
        for n, (who, kind) in enumerate([("a", "view"), (None, "View"), (None, "view"), ("0", "view"), ("a", "view")])
    ],
    "contacts": [
        {"contact_id": "1", "opened_at": NOON, "rated_at": NOON, "csat": 9},
        {"contact_id": "1", "opened_at": NOON, "rated_at": LATER, "csat": 4},
    ],
    "consents": [
        {"customer_id": who, "purpose": "marketing", "granted": True, "decided_at": NOON} for who in ("a", "z", "0")
    ],
}


def cleaned():
    return clean_records(options=SHOP, **DELIVERY)


def test_no_shortcut_changes_a_count_or_a_record(monkeypatch):
    quick = cleaned()
    asked: list[Rule] = []

    def slow(**options):
        rules = [replace(r, count=_not_known, alike=()) if isinstance(r, Rule) else r for r in steps.steps(**options)]
        asked.extend(r for r in rules if isinstance(r, Rule))
        return rules

    monkeypatch.setattr(clean, "steps", slow)
    monkeypatch.setattr(clean, "all_different", lambda quality: {})
    monkeypatch.setattr(once.LinesBy, "same", lambda self, before, after: None)
    counted = cleaned()
    assert asked
    pd.testing.assert_frame_equal(all_rules(quick), all_rules(counted))
    for name in DELIVERY:
        pd.testing.assert_frame_equal(rows(quick, name), rows(counted, name))


def test_the_twin_that_takes_every_key_for_unique_misses_what_was_delivered_twice(monkeypatch):
    monkeypatch.setattr(clean, "all_different", lambda quality: {"contacts": [frozenset(["contact_id"])]})
    with pytest.raises(Exception, match="not unique"):
        cleaned()


def test_columns_are_all_different_only_where_each_record_has_a_value_of_its_own():
    quality = pd.DataFrame(
        [
            ("events", "event_id", 3, 3, None),
            ("events", "page", 3, 2, None),
            ("survey_responses", "wave", 4, 1, 1.0),
            ("contacts", "contact_id", 0, 0, None),
        ],
        columns=["table", "column", "records", "different", "unique"],
    )
    assert all_different(quality) == {
        "events": [frozenset(["event_id"])],
        "survey_responses": [frozenset(["wave", "customer_id", "item_id"])],
    }
