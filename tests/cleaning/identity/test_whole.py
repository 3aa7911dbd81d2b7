"""From the records of several systems to clean tables: one number per person, and nobody leaves who stays."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pytest

from customer_patterns import warehouse
from customer_patterns.cleaning import Options
from customer_patterns.cleaning.identity import IdentityError, accuracy, read_decisions, visitor_links, write_register
from customer_patterns.cleaning.identity.__main__ import main
from customer_patterns.cleaning.identity.chapter import _one_each, together
from customer_patterns.cleaning.identity.corrections import identity_folder
from customer_patterns.cleaning.identity.review import read_labels
from customer_patterns.features.at_cut import features_at
from customer_patterns.features.shopping_days import shopping_days
from customer_patterns.outlook.churn.outcomes import outcomes_at
from customer_patterns.study import stage_folder
from customer_patterns.study.places import OUTPUT_ROOT
from tests.cleaning.deliveries import clean, found, rows
from tests.cleaning.identity.persons import who

FIRST = datetime(2017, 1, 2, 12)
CUT = date(2017, 6, 30)
ANN = {"name": "Ann Lee", "email": "ann@example.com"}


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return SimpleNamespace(name="shop", sources=())


def weekly(customer, first_week, weeks):
    return [
        {
            "order_id": f"{customer}-{week}", "customer_id": customer, "product_id": "tea", "quantity": 1, "revenue": 5,
            "ordered_at": FIRST + timedelta(weeks=week),
        }
        for week in range(first_week, first_week + weeks)
    ]  # fmt: skip


def churn(merged):
    """Who is silent after the cut, and how long each has been away at it."""
    lines = [*weekly("card1", 0, 20), *weekly("web1", 20, 24)]  # one person, who changes the number in May
    cleaned = clean(order_lines=lines, merged=merged)
    days = shopping_days(cleaned.tables["order_lines"], cleaned.tables["products"], last_day=date(2017, 12, 31))
    before = features_at(days, [CUT]).set_index("customer_id")["recency_days"]
    after = outcomes_at(days, [CUT], horizon_days=84).set_index("customer_id")["later_days"]
    return before, after.reindex(before.index).fillna(0)


def test_a_customer_who_changes_the_number_is_not_shown_as_lost():
    mapping = who({**ANN, "customer_id": "card1"}, {**ANN, "customer_id": "web1"}, main=frozenset(["card1"])).mapping
    recency, later = churn(dict(zip(mapping["old"], mapping["new"], strict=True)))
    assert recency.to_dict() == {"card1": 4}
    assert later.to_dict() == {"card1": 12}


def test_without_the_merge_the_same_customer_seems_lost():
    """The broken twin."""
    recency, later = churn(None)
    assert recency["card1"] > 40
    assert later["card1"] == 0


def test_every_table_carries_the_profiles_number():
    contact = {"contact_id": "1", "customer_id": "web1", "channel": "phone", "topic": "bill", "opened_at": FIRST}
    cleaned = clean(
        order_lines=weekly("card1", 0, 2),
        contacts=[contact],
        identities=[{**ANN, "customer_id": "card1"}, {**ANN, "customer_id": "web1"}],
        merged={"web1": "card1"},
    )
    assert set(rows(cleaned, "contacts")["customer_id"]) == {"card1"}
    assert set(rows(cleaned, "identities")["customer_id"]) == {"card1"}


def test_the_senders_mapping_and_the_one_found_are_followed_together():
    backend = warehouse.connect()
    backend.con.register("given", pd.DataFrame({"old": ["a", "c"], "new": ["b", "d"]}))
    found_ = pd.DataFrame({"old": ["c", "w"], "new": ["a", "a"]})
    final = together(found_, backend.table("given")).set_index("old")["new"].to_dict()
    assert final == {"a": "b", "c": "b", "d": "b", "w": "b"} or final == {"a": "b", "c": "b", "w": "b"}
    assert "a" not in final.values()  # a number that the sender has given up names nobody


def event(minute, visitor, session, customer=None):
    at = FIRST + timedelta(minutes=minute)
    names = {"event_id": f"e{minute}", "visitor_id": visitor, "session_id": session, "customer_id": customer}
    return {**names, "occurred_at": at, "event_type": "page view", "page": "/"}


def test_a_visitor_is_known_back_to_the_first_event_in_the_same_browser():
    events = [event(0, "v", "s1"), event(9, "v", "s2", "ann"), event(20, "v", "s3"), event(30, "other", "s4")]
    linked = rows(clean(events=events), "events").set_index("event_id")["linked_customer_id"]
    assert linked.reindex(["e0", "e9", "e20"]).tolist() == ["ann"] * 3
    assert pd.isna(linked["e30"])


def test_in_a_shared_browser_only_the_visit_of_one_customer_is_linked():
    events = [
        event(0, "v", "s1"), event(5, "v", "s1", "ann"), event(20, "v", "s2", "bob"), event(25, "v", "s3"),
        event(30, "v", "s4", "ann"), event(31, "v", "s4", "bob"), event(32, "v", "s4"),
    ]  # fmt: skip
    cleaned = clean(events=events)
    linked = rows(cleaned, "events").set_index("event_id")["linked_customer_id"]
    assert linked["e0"] == "ann"
    assert linked[["e25", "e32"]].isna().all()
    assert found(cleaned, "one customer alone logged in during the visit") == 1


def test_two_numbers_of_one_person_make_no_shared_browser():
    events = [event(0, "v", "s1"), event(5, "v", "s2", "card1"), event(9, "v", "s3", "web1")]
    linked = rows(clean(events=events, merged={"web1": "card1"}), "events")["linked_customer_id"]
    assert set(linked) == {"card1"}


def record(customer, visitor=None, **more):
    return {"customer_id": customer, "visitor_id": visitor, "name": f"Person {customer}", **more}


def linked_to(*events, **given):
    return rows(clean(events=list(events), **given), "events").set_index("event_id")["linked_customer_id"]


def test_a_registration_says_who_uses_a_browser_as_a_login_does():
    events = event(0, "v", "s1"), event(9, "v", "s2"), event(30, "other", "s3")
    linked = linked_to(*events, identities=[record("ann", "v"), record("bob")])
    assert linked[["e0", "e9"]].tolist() == ["ann", "ann"]
    assert pd.isna(linked["e30"])
    assert linked_to(*events, identities=[record("ann"), record("bob")]).isna().all()  # nobody registered there


def test_a_browser_in_which_one_registered_and_another_logged_in_is_a_shared_one():
    events = event(0, "v", "s1"), event(9, "v", "s2", "bob"), event(20, "v", "s3")
    assert pd.isna(linked_to(*events, identities=[record("ann", "v")])["e0"])
    assert linked_to(*events, identities=[record("bob", "v")])["e0"] == "bob"
    table = visitor_links(clean(events=list(events), identities=[record("ann", "v")]).tables["events"])
    assert "several customers used the browser: nobody's" in set(table["way"])


def test_a_registration_under_a_former_number_is_the_present_ones():
    identities = [record("web1", "v", name="Ann Lee"), record("card1", name="Ann Lee")]
    linked = linked_to(event(0, "v", "s1"), identities=identities, merged={"web1": "card1"})
    assert linked["e0"] == "card1"


def test_a_registration_after_the_study_says_nothing_yet():
    options = Options(as_of=date(2017, 12, 31))
    for since, expected in ((date(2018, 1, 1), None), (date(2017, 12, 31), "ann"), (None, "ann")):
        linked = linked_to(event(0, "v", "s1"), identities=[record("ann", "v", known_since=since)], options=options)
        assert (linked["e0"] if pd.notna(linked["e0"]) else None) == expected


def test_whoever_refuses_is_not_recognized_by_the_registration():
    def refusal(purpose):
        return {"customer_id": "ann", "purpose": purpose, "granted": False, "decided_at": FIRST}

    events = [event(0, "v", "s1"), event(5, "w", "s2")]
    analysis = clean(events=events, identities=[record("ann", "v")], consents=[refusal("analysis")])
    assert rows(analysis, "events")["linked_customer_id"].isna().all()
    tracking = clean(events=events, identities=[record("ann", "v")], consents=[refusal("tracking")])
    assert set(rows(tracking, "events")["visitor_id"]) == {"w"}  # what was done in her browser is not followed


def test_whose_events_are_is_counted_and_small_rows_are_not_shown():
    events = [event(m, f"v{m}", f"s{m}", "ann" if m % 3 else None) for m in range(60)]
    cleaned = clean(events=[*events, event(90, "v1", "s99")])
    table = visitor_links(cleaned.tables["events"]).set_index("way")
    assert table.at["the customer said so", "browsers"] == 40
    assert pd.isna(table.at["one customer alone used the browser", "events"])  # one browser
    assert table["events"].isna().sum() >= 2  # and the next, so that the whole does not tell it


def test_decisions_are_read_and_faults_in_them_named(study):
    assert read_decisions(study).never.empty
    folder = identity_folder(study)
    folder.mkdir(parents=True)
    (folder / "never.csv").write_text("one,other\nb,a\n", encoding="utf-8")
    (folder / "always.csv").write_text("one,other\n007,b\n", encoding="utf-8")
    decided = read_decisions(study)
    assert decided.never.to_dict("list") == {"one": ["a"], "other": ["b"]}
    assert decided.always.to_dict("list") == {"one": ["007"], "other": ["b"]}  # zeros in front stay
    assert set(decided.inputs) == {"identity never.csv", "identity always.csv"}
    (folder / "always.csv").write_text("one,other\na,b\n", encoding="utf-8")
    with pytest.raises(IdentityError, match="both name"):
        read_decisions(study)
    (folder / "always.csv").write_text("one,with\na,b\n", encoding="utf-8")
    with pytest.raises(IdentityError, match="columns 'one' and 'other'"):
        read_decisions(study)
    (folder / "always.csv").write_text("one,other\na,\n", encoding="utf-8")
    with pytest.raises(IdentityError, match="without a number"):
        read_decisions(study)


def test_a_register_that_was_written_is_read_again(study):
    profiles = who({**ANN, "customer_id": "a"}, {**ANN, "customer_id": "b"}).profiles
    path = write_register(study, profiles)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_decisions(study).register == {"a": "a", "b": "a"}


def test_the_command_keeps_the_numbers_of_a_run(study, capsys):
    assert main([]) == 2
    assert main(["planted-shop", "2017-12-31"]) == 1
    folder = stage_folder("planted-shop", date(2017, 12, 31), "clean")
    folder.mkdir(parents=True)
    profiles = who({**ANN, "customer_id": "a"}, {**ANN, "customer_id": "b"}).profiles
    profiles.to_parquet(folder / "profiles.parquet")
    assert main(["planted-shop", "2017-12-31"]) == 0
    assert "2 numbers kept for 1 profiles" in capsys.readouterr().out
    assert read_decisions(SimpleNamespace(name="planted-shop")).register == {"a": "a", "b": "a"}


def test_labels_are_read_in_two_languages_and_other_words_refused(study):
    folder = identity_folder(study)
    folder.mkdir(parents=True)
    (folder / "labeled.csv").write_text("one,other,same\nb,a,yes\nc,d,否\ne,f,\n", encoding="utf-8")
    assert read_labels(study)["same"].tolist() == [True, False]
    (folder / "labeled.csv").write_text("one,other,same\nb,a,maybe\n", encoding="utf-8")
    with pytest.raises(IdentityError, match="yes, no"):
        read_labels(study)


def test_accuracy_by_hand():
    profiles = pd.DataFrame({"customer_id": list("abcde"), "profile_id": list("aaadd")})
    truth = pd.DataFrame({"record_id": list("abcde"), "person": ["p", "p", "q", "r", "r"]})
    score = accuracy(profiles, truth)
    assert (score.joined, score.true, score.right) == (4, 2, 2)
    assert score.precision.value == 0.5
    assert score.recall.value == 1.0
    assert score.recall.low < 1.0


def test_a_customer_who_is_repeated_with_each_order_is_one_record_the_fullest() -> None:
    repeated = pa.table(
        {"customer_id": ["b", "a", "b", "b"], "name": [None, "Ann", "Bo", None], "phone": ["1", None, "1", "1"]}
    )
    assert _one_each(repeated).to_pylist() == [
        {"customer_id": "a", "name": "Ann", "phone": None},
        {"customer_id": "b", "name": "Bo", "phone": "1"},
    ]
    alone = repeated.slice(0, 2)
    assert _one_each(alone) is alone
