"""Visits from events, by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pytest

from customer_patterns.behavior import event_kinds, summarize_visits, visit_devices, visit_figures, visit_hours
from customer_patterns.behavior.visits import suspected_events, with_visitor
from customer_patterns.behavior.web_metrics import visit_weekdays

EVENTS = pa.schema(
    [
        ("visitor_id", pa.string()),
        ("customer_id", pa.string()),
        ("session_id", pa.string()),
        ("occurred_at", pa.timestamp("us")),
        ("event_type", pa.string()),
        ("device", pa.string()),
        ("channel", pa.string()),
        ("dwell_seconds", pa.float64()),
        ("order_id", pa.string()),
        ("suspected_bot", pa.bool_()),
    ]
)
NEW_YORK = "America/New_York"
YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}


def event(at: str, browser: str | None = "b1", **more: str | float | bool | None) -> dict:
    row = {"customer_id": None, "session_id": None, "event_type": "page view", "device": "phone", "channel": "web"}
    row |= {"dwell_seconds": None, "order_id": None, "suspected_bot": False, **more}
    return {"visitor_id": browser, "occurred_at": datetime.fromisoformat(at), **row}


@pytest.fixture
def visits(table: Callable[..., ir.Table]) -> Callable[..., list[dict]]:
    def make(*events: dict) -> list[dict]:
        made = summarize_visits(table(events, EVENTS), time_zone=NEW_YORK, pause_minutes=30)
        return made.to_pyarrow().to_pylist()

    return make


def test_a_visit_ends_after_a_pause_longer_than_the_limit(visits: Callable[..., list[dict]]) -> None:
    found = visits(event("2017-05-01 12:00"), event("2017-05-01 12:30"), event("2017-05-01 13:00:01"))
    assert [row["events"] for row in found] == [2, 1]
    assert [row["hour"] for row in found] == [8, 9]  # New York lies four hours behind


def test_a_visit_that_the_sender_numbered_is_one_however_long_the_pause(visits: Callable[..., list[dict]]) -> None:
    found = visits(event("2017-05-01 12:00", session_id="s"), event("2017-05-01 16:00", session_id="s"))
    assert [row["events"] for row in found] == [2]


def test_a_visit_at_the_end_of_the_evening_lies_on_the_local_day(visits: Callable[..., list[dict]]) -> None:
    (found,) = visits(event("2017-05-02 02:30"))
    assert (found["started_on"], found["weekday"], found["hour"]) == (date(2017, 5, 1), 1, 22)


def test_a_browser_is_the_customers_who_alone_logs_in_on_it(table: Callable[..., ir.Table]) -> None:
    events = table(
        [
            event("2017-05-01 12:00", "b1"),
            event("2017-05-01 12:01", "b1", customer_id="anna"),
            event("2017-05-01 12:00", "shared", customer_id="anna"),
            event("2017-05-01 12:00", "shared", customer_id="bert"),
            event("2017-05-01 12:00", "shared"),
            event("2017-05-01 12:00", None, session_id="s1"),
            event("2017-05-01 12:00", None),
        ],
        EVENTS,
    )
    found = sorted(with_visitor(events).visitor.to_pyarrow().to_pylist())
    assert found == ["anna", "anna", "anna", "bert", "browser shared", "session s1"]


def test_figures_and_reach_by_hand(table: Callable[..., ir.Table]) -> None:
    # Thirty visitors come once with two events; fifteen of them come again on another day and search.
    events = [event(f"2017-05-01 12:0{k}", f"b{n}") for n in range(30) for k in (0, 1)]
    events += [event("2017-05-03 12:00", f"b{n}", event_type="search", device="computer") for n in range(15)]
    made = table(events, EVENTS)
    visits = summarize_visits(made, time_zone=NEW_YORK, pause_minutes=30)
    figures = visit_figures(visits).set_index("figure")["value"]
    assert figures.to_dict() == pytest.approx(
        {
            "visits per visitor": 45 / 30,
            "days with a visit per visitor": 45 / 30,
            "events per visit": 75 / 45,
            "page views per visit": 60 / 45,
            "time on site per visit": 60,  # of the thirty visits of two events a minute apart; nobody knows the others'
            "visits of a single event": 15 / 45,
            "visits without an order": 1,
            "visits by unknown visitors": 1,
            "visitors seen on a second day": 15 / 30,
            "visitors who are unknown": 1,
        }
    )
    kinds = event_kinds(made).set_index("event_type")
    assert kinds.loc["page view", ["events", "n", "reach"]].tolist() == [60, 30, 1.0]
    assert kinds.loc["search", "reach"] == 0.5
    assert visit_hours(visits)["visits"].sum() == 45
    assert visit_devices(visits).set_index("device")["share_of_visits"].to_dict() == pytest.approx(
        {"phone": 30 / 45, "computer": 15 / 45}
    )


def test_time_on_site_reaches_to_the_end_of_the_last_page_and_no_page_counts_longer_than_the_pause(
    visits: Callable[..., list[dict]],
) -> None:
    found = visits(
        event("2017-05-01 12:00", "alone", dwell_seconds=20.0),
        event("2017-05-01 12:00", "unsaid"),
        event("2017-05-01 12:00", "two", dwell_seconds=5.0),
        event("2017-05-01 12:01", "two", dwell_seconds=30.0),
        event("2017-05-01 12:00", "asleep", dwell_seconds=86_400.0),
    )
    assert {row["visitor"]: row["seconds"] for row in found} == {
        "browser alone": 20.0,
        "browser unsaid": None,  # not 0
        "browser two": 90.0,
        "browser asleep": 1_800.0,
    }


def test_an_order_belongs_to_its_visit_and_programs_have_none(table: Callable[..., ir.Table]) -> None:
    made = table(
        [
            event("2017-05-01 12:00", "a"),
            event("2017-05-01 12:01", "a", event_type="thank-you", order_id="o1"),
            event("2017-05-01 12:01", "b", event_type="purchase"),
            event("2017-05-01 12:01", "c"),
            *[event("2017-05-01 03:00", "bot", suspected_bot=True)] * 5,
        ],
        EVENTS,
    )
    found = summarize_visits(made, time_zone=NEW_YORK, pause_minutes=30).to_pyarrow().to_pylist()
    assert {row["visitor"]: row["ordered"] for row in found} == {
        "browser a": True,
        "browser b": True,
        "browser c": False,
    }
    assert [row["pages"] for row in found] == [1, 0, 1]
    assert suspected_events(made) == 5


def test_devices_add_up_to_all_visits_each_with_its_own_metrics(table: Callable[..., ir.Table]) -> None:
    # Twenty visitors: on the phone one page for ten seconds each, on the computer two pages, a minute apart.
    events = [event("2017-05-01 12:00", f"b{n}", dwell_seconds=10.0) for n in range(20)]
    events += [event(f"2017-05-02 12:0{k}", f"b{n}", device="computer") for n in range(20) for k in (0, 1)]
    visits = summarize_visits(table(events, EVENTS), time_zone=NEW_YORK, pause_minutes=30)
    found = visit_devices(visits).set_index("device")
    assert found["visits"].sum() == 40
    assert found["share_of_visits"].sum() == pytest.approx(1)
    measured = ["pages_per_visit", "seconds_per_visit", "bounce_rate"]
    assert found.loc["phone", measured].tolist() == [1, 10, 1]
    assert found.loc["computer", measured].tolist() == [2, 60, 0]


def test_few_visitors_have_tables_without_rows(table: Callable[..., ir.Table]) -> None:
    made = table([event("2017-05-01 12:00")], EVENTS)
    visits = summarize_visits(made, time_zone=NEW_YORK, pause_minutes=30)
    for found in (visit_figures(visits), event_kinds(made), visit_hours(visits), visit_devices(visits)):
        assert found.empty
    assert visit_weekdays(visits, **YEAR).empty


def test_whom_cleaning_knows_is_known_here_too():
    """Who registered in a browser, or alone logged in during the visit, is behind its events; cleaning says so."""
    at = datetime(2017, 5, 1, 12)
    rows = pd.DataFrame(
        {
            "event_id": ["1", "2"], "customer_id": pd.array([None, None], "str"), "visitor_id": ["v", "w"],
            "session_id": ["s", "t"], "linked_customer_id": ["ann", None], "occurred_at": [at, at],
        }
    )  # fmt: skip
    found = with_visitor(ibis.memtable(rows)).to_pandas().set_index("event_id")
    assert found["visitor"].to_dict() == {"1": "ann", "2": "browser w"}
    assert found["visitor_known"].to_dict() == {"1": True, "2": False}
    assert not with_visitor(ibis.memtable(rows.drop(columns="linked_customer_id"))).to_pandas()["visitor_known"].any()
