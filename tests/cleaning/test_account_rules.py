"""Events, messages and running accounts, each fault planted once and counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

from customer_patterns.cleaning import Options
from tests.cleaning.deliveries import LATER, NOON, clean, found, rows

SEEN = {"occurred_at": NOON, "event_type": "view"}
SENT = {"customer_id": "x", "sent_at": NOON}
POINTS = {"customer_id": "x", "kind": "earn", "points": 10}


def test_visits_messages_and_accounts_with_one_fault_of_each_kind():
    cleaned = clean(
        events=[
            {**SEEN, "visitor_id": "v", "customer_id": "x"},
            {**SEEN, "visitor_id": "v", "occurred_at": LATER},
            {**SEEN, "visitor_id": "crawler", "user_agent": "Examplebot/2.1"},
            *({**SEEN, "visitor_id": "fast", "event_id": str(n)} for n in range(5)),
            SEEN,
        ],
        messages=[
            {**SENT, "message_id": "m", "opened_at": NOON - timedelta(minutes=3)},
            {**SENT, "message_id": "n", "opened_at": NOON - timedelta(hours=3), "clicked_at": LATER},
            {**SENT, "message_id": "o", "bounced_at": LATER, "opened_at": LATER},
        ],
        loyalty_ledger=[
            {**POINTS, "entry_id": "1", "booked_at": NOON, "balance": 10},
            {**POINTS, "entry_id": "2", "booked_at": LATER, "balance": 25},
            {**POINTS, "entry_id": "3", "booked_at": LATER, "customer_id": "y", "kind": "burn", "balance": -10},
        ],
        contracts=[
            {"contract_id": "k", "customer_id": "x", "starts_on": date(2017, 5, 1), "ends_on": date(2017, 4, 1)},
        ],
        referrals=[
            {"referrer_id": "x", "referred_id": "x", "referred_at": NOON},
            {"referrer_id": "x", "referred_id": "y", "referred_at": NOON},
            {"referrer_id": "y", "referred_id": "x", "referred_at": NOON},
            {"referrer_id": "z", "referred_id": "y", "referred_at": LATER},
        ],
        calls=[{"call_id": "c", "started_at": NOON, "talk_share": 1.4, "silence_share": 0.2}],
        consents=[
            {"customer_id": "x", "purpose": "marketing", "granted": True, "decided_at": NOON},
            {"customer_id": "x", "purpose": "marketing", "granted": False, "decided_at": NOON},
        ],
        regions=[{"region_id": "north"}],
        customers=[{"customer_id": "x", "region_id": "north"}, {"customer_id": "y", "region_id": "south"}],
    )
    events = rows(cleaned, "events")
    assert found(cleaned, "says that it is a program") == 1
    assert found(cleaned, "more events within a second") == 5
    assert set(events.loc[events["suspected_bot"], "visitor_id"]) == {"crawler", "fast"}
    assert found(cleaned, "same browser: linked") == 1
    assert events.loc[events["visitor_id"] == "v", "linked_customer_id"].tolist() == ["x", "x"]
    assert found(cleaned, "neither visitor nor customer") == 1

    opened = rows(cleaned, "messages").set_index("message_id")["opened_at"]
    assert opened["m"] == NOON  # two clocks
    assert opened.isna()["n"]
    assert found(cleaned, "though it came back") == found(cleaned, "though never opened") == 1

    assert found(cleaned, "does not follow") == found(cleaned, "spent with a plus") == 1
    assert rows(cleaned, "loyalty_ledger").set_index("entry_id")["balance"].isna()["3"]
    assert rows(cleaned, "contracts")["ends_on"].isna().all()
    assert found(cleaned, "referred himself") == found(cleaned, "brought by several") == 1
    assert found(cleaned, "in a circle") == 2
    call = rows(cleaned, "calls").iloc[0]
    assert (call["talk_share"] != call["talk_share"], call["silence_share"]) == (True, 0.2)
    assert rows(cleaned, "consents")["granted"].tolist() == [False]  # of two at once the refusal
    assert found(cleaned, "region not described") == 1
    assert set(rows(cleaned, "customers")["customer_id"]) == {"x", "y"}  # z stands in a dropped record only


def test_a_program_that_calls_itself_a_browser_is_told_by_its_pace():
    """Sixty pages in 53 seconds across a full minute; beside it thirty at once, and hours of shopping."""
    browser = {"user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "event_type": "page_view"}

    def pages(who, times, seconds, **more):
        start = NOON + timedelta(seconds=31)
        return [
            {**browser, "visitor_id": who, "occurred_at": start + timedelta(seconds=n * seconds), **more}
            for n in range(times)
        ]

    given = [
        *pages("program", 60, 53 / 59),
        *pages("many windows", 30, 0.5),
        *pages("long visit", 900, 4),
        *pages("plays a video", 60, 53 / 59, event_type="video_progress"),
        {**browser, "visitor_id": "program", "occurred_at": LATER, "event_type": "search"},
    ]
    cleaned = clean(events=given)
    events = rows(cleaned, "events")
    assert found(cleaned, "within a minute") == 61  # what it did later too
    assert set(events.loc[events["suspected_bot"], "visitor_id"]) == {"program"}
    rules = cleaned.other_rules.set_index("rule")
    shown = rules.loc["more page views within a minute than a person's: marked as suspected", "example"]
    assert shown == "visitor id xxxxxxx; user agent xxxxxxx/9.9 (xxxxxxx xx …"
    assert found(clean(events=given, options=Options(most_views_a_minute=60)), "within a minute") == 0
    assert found(clean(events=given, options=Options(most_views_a_minute=29)), "within a minute") == 91


def test_a_number_with_far_more_lines_than_any_other_is_counted():
    """A hundred customers buy once or twice; one number stands for a village."""

    def lines(who, times):
        return [
            {"order_id": f"{who}-{n}", "customer_id": who, "product_id": "tea", "ordered_at": NOON, "quantity": 1}
            | {"revenue": 2}
            for n in range(times)
        ]

    usual = [line for n in range(150) for line in lines(f"c{n:03}", 1 + n % 2)]
    one = [{"customer_id": "c000"}]
    cleaned = clean(order_lines=usual + lines("village", 30), customers=one)
    assert found(cleaned, "one number shared by many") == 1
    assert "village" in set(rows(cleaned, "customers")["customer_id"])
    assert found(clean(order_lines=usual + lines("busy", 15), customers=one), "one number shared by many") == 0
