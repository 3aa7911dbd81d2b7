"""Who refuses analysis is in no table, who refuses tracking on no visit, and what is too old in none."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from customer_patterns.cleaning import Options, all_rules, unread_columns
from customer_patterns.privacy.consent import refusing_marketing
from customer_patterns.study import load_study
from tests.cleaning.deliveries import LATER, NOON, clean, found, rows

LINE = {"product_id": "milk", "ordered_at": NOON, "quantity": 1, "revenue": 2.0}
SEEN = {"event_type": "view", "occurred_at": NOON}
NO = {"granted": False, "decided_at": NOON}
PEOPLE = ("customer_id", "referrer_id", "referred_id")


def shop(**more):
    given = {
        "order_lines": [{**LINE, "customer_id": who, "order_id": who} for who in ("ann", "bob", "cem", "old")],
        "customers": [{"customer_id": who, "age_group": "30-39"} for who in ("ann", "bob")],
        "events": [
            {**SEEN, "event_id": "1", "visitor_id": "v", "customer_id": "bob"},
            {**SEEN, "event_id": "2", "visitor_id": "v", "occurred_at": LATER},  # bob, before he logged in
            {**SEEN, "event_id": "3", "visitor_id": "w", "customer_id": "cem"},
            {**SEEN, "event_id": "4", "visitor_id": "u", "customer_id": "ann"},
        ],
        "feedback": [{"feedback_id": "f", "customer_id": "ann", "written_at": NOON, "text": "good"}],
        "referrals": [{"referrer_id": "bob", "referred_id": "ann", "referred_at": NOON}],
    }
    return clean(**given, **more)


def test_who_refuses_analysis_is_in_no_table():
    cleaned = shop(consents=[{"customer_id": "ann", "purpose": "analysis", **NO}])
    for name, table in cleaned.tables.items():
        for column in set(PEOPLE) & set(table.columns):
            assert "ann" not in set(rows(cleaned, name)[column]), f"{name}.{column}"
    assert found(cleaned, "refuses analysis") == 6
    assert len(rows(cleaned, "order_lines")) == 3


def test_who_allows_it_again_is_back():
    again = {"customer_id": "ann", "purpose": "analysis", "granted": True, "decided_at": LATER}
    cleaned = shop(consents=[{"customer_id": "ann", "purpose": "analysis", **NO}, again])
    assert len(rows(cleaned, "order_lines")) == 4
    assert not all_rules(cleaned)["rule"].str.contains("refuses").any()


def test_who_refuses_tracking_loses_visits_and_keeps_purchases():
    cleaned = shop(consents=[{"customer_id": "bob", "purpose": "tracking", **NO}])
    assert list(rows(cleaned, "events")["event_id"]) == ["3", "4"]
    assert found(cleaned, "refuses tracking") == 2
    assert set(rows(cleaned, "order_lines")["customer_id"]) == {"ann", "bob", "cem", "old"}


def test_a_refusal_under_a_former_number_holds_for_the_present_one():
    cleaned = shop(merged={"old": "cem"}, consents=[{"customer_id": "old", "purpose": "analysis", **NO}])
    assert set(rows(cleaned, "order_lines")["customer_id"]) == {"ann", "bob"}


def test_a_refusal_is_not_lifted_under_another_number_that_may_be_somebody_elses():
    allowed = {"customer_id": "old", "purpose": "analysis", "granted": True, "decided_at": LATER}
    cleaned = shop(merged={"old": "cem"}, consents=[{"customer_id": "cem", "purpose": "analysis", **NO}, allowed])
    assert set(rows(cleaned, "order_lines")["customer_id"]) == {"ann", "bob"}


def test_a_refusal_of_marketing_is_not_lifted_under_another_number_either():
    allowed = {"customer_id": "old", "purpose": "marketing", "granted": True, "decided_at": LATER}
    refused = {"customer_id": "cem", "purpose": "marketing", **NO}
    both = shop(merged={"old": "cem"}, consents=[refused, allowed])
    assert refusing_marketing(both.tables["consents"]) == {"cem"}
    assert found(both, "marketing is refused under another number") == 1
    # under the number that refused it may be allowed again, and who has one number decides for that alone
    again = shop(merged={"old": "cem"}, consents=[refused, {**allowed, "customer_id": "cem"}])
    assert refusing_marketing(again.tables["consents"]) == set()
    alone = shop(merged={"old": "cem"}, consents=[{**refused, "customer_id": "ann"}, {**allowed, "customer_id": "ann"}])
    assert refusing_marketing(alone.tables["consents"]) == set()
    assert not all_rules(alone)["rule"].str.contains("marketing is refused").any()


def test_a_refusal_of_marketing_changes_no_table():
    refused = shop(consents=[{"customer_id": "ann", "purpose": "marketing", **NO}])
    allowed = shop()
    for name in ("order_lines", "events", "feedback", "customers"):
        assert rows(refused, name).equals(rows(allowed, name))


def test_what_is_older_than_it_may_be_kept_is_left_out():
    last = date(2017, 6, 30)
    days = [last - timedelta(days=age) for age in (0, 30, 31, 90)]
    lines = [
        {**LINE, "customer_id": "ann", "order_id": str(n), "ordered_at": datetime.combine(day, NOON.time())}
        for n, day in enumerate(days)
    ]
    cleaned = clean(order_lines=lines, options=Options(as_of=last, keep_days={"order_lines": 30}))
    assert sorted(rows(cleaned, "order_lines")["order_id"]) == ["0", "1"]
    assert found(cleaned, "older than it may be kept") == 2


def test_a_broken_twin_that_forgets_visits_before_logging_in_is_found_out():
    def twin(events, refusing):
        return [event for event in events if event.get("customer_id") not in refusing]

    seen = [{"customer_id": "bob", "visitor_id": "v"}, {"visitor_id": "v"}]
    assert twin(seen, {"bob"}) == [{"visitor_id": "v"}]
    cleaned = shop(consents=[{"customer_id": "bob", "purpose": "tracking", **NO}])
    assert "v" not in set(rows(cleaned, "events")["visitor_id"])


def test_columns_that_no_chapter_reads_are_emptied_and_named_unless_the_study_keeps_them():
    study = load_study("planted-shop")
    regions = [{"region_id": "north", "median_income": 41_000.0, "population": 7}]

    def incomes(keep):
        options = Options(study=study.model_copy(update={"keep_unread": keep}))
        cleaned = clean(regions=regions, order_lines=[{**LINE, "customer_id": "ann", "order_id": "1"}], options=options)
        assert "median_income" in set(unread_columns(cleaned)["column"])
        assert rows(cleaned, "regions")["population"].tolist() == [7]
        return rows(cleaned, "regions")["median_income"].tolist()

    assert incomes(True) == [41_000.0]
    assert [value == value for value in incomes(False)] == [False]
