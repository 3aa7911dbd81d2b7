"""Each rule for what customers say, on tables small enough to count by hand.

A cleaning of everything takes seconds, so most faults lie in one delivery, each with customers of its own.
"""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.cleaning import TABLES, Options, answer_rules, clean_study, cleaning_figures
from customer_patterns.cleaning.consistency import REFERENCES
from customer_patterns.cleaning.groups import OTHERS, PURCHASES, VOICES, group_of
from customer_patterns.cleaning.identity import TABLES as IDENTITY_TABLES
from customer_patterns.cleaning.steps import steps
from customer_patterns.schemas import check
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.schemas.table import IBIS_TYPES

NOON = datetime(2017, 5, 17, 12)
LATER = datetime(2017, 5, 17, 13)

LINE = {"order_id": "1", "customer_id": "x", "product_id": "milk", "ordered_at": NOON, "quantity": 1, "revenue": 2.0}
ITEMS = [
    {"item_id": "kind", "role": "dimension", "dimension": "quality", "scale_low": 1, "scale_high": 5},
    {"item_id": "recommend", "role": "recommendation", "scale_low": 0, "scale_high": 10},
]
INVITED = {"wave": "spring", "customer_id": "x", "invited_at": NOON}
ANSWER = {"wave": "spring", "customer_id": "x", "item_id": "kind", "answered_at": NOON, "answer": 4}
CONTACT = {"contact_id": "k", "customer_id": "x", "channel": "phone", "topic": "price", "opened_at": NOON}
TEXT = {
    "feedback_id": "f",
    "customer_id": "x",
    "written_at": NOON,
    "channel": "review",
    "language": "en",
    "text": "Good.",
}


@pytest.fixture(scope="module")
def clean():
    """Clean some rows of some tables, each row given as far as it matters."""

    def table(backend, name, rows):
        schema = CANONICAL[name]
        frame = pd.DataFrame(list(rows), columns=schema.names)
        if "direction" in frame:
            frame["direction"] = frame["direction"].fillna("positive")
        for column in schema.columns:
            if column.kind == "money":
                frame[column.name] = frame[column.name].fillna(0.0)
            elif column.kind == "integer":
                frame[column.name] = frame[column.name].astype("Int64")
        backend.con.register(f"raw_{name}", frame)
        typed = {column.name: IBIS_TYPES[column.kind] for column in schema.columns}
        return backend.table(f"raw_{name}").cast(typed)

    def run(options=None, **rows):
        rows = {"order_lines": [LINE], "survey_items": ITEMS, "survey_invitations": [INVITED], **rows}
        backend = warehouse.connect()  # of its own: later cleanings take nothing from under an earlier one
        tables = {name: table(backend, name, given) for name, given in rows.items() if given is not None}
        cleaned = clean_study(
            tables, time_zone="America/New_York", first_day=date(2017, 1, 1), fuel_types="", gift_card_types="",
            backend=backend, options=options,
        )  # fmt: skip
        for name in tables:
            check(TABLES[name].cast(cleaned.tables[name]), TABLES[name])
        return cleaned

    return run


def rows(cleaned, name):
    return cleaned.tables[name].to_pandas().sort_values(CANONICAL[name].names, ignore_index=True)


def found(cleaned, words):
    rules = cleaned.answer_rules[cleaned.answer_rules["rule"].str.contains(words)]
    assert len(rules) == 1
    return int(rules["records_found"].iloc[0])


EARLY = datetime(2017, 5, 17, 11)
#: Two answers to one item: the first, the second, and which counts.
TWICE = [(4, 2, 2), (2, 4, 4), (4, None, 4), (4, 77, 4)]  # an empty or impossible second answer takes nothing back
#: Ratings as given and as kept.
RATINGS = [(0, None), (1, 1), (5, 5), (6, None), (None, None)]
WRITTEN = "  $5 off?! <b>no</b> 好的 🙂\n"
EMPTY = ["", "   ", "\n\t", None]


def said_by(who, **changes):
    return {**ANSWER, "customer_id": who, **changes}


def twice(who, first, second):
    return [said_by(who, answer=first), said_by(who, answer=second, answered_at=LATER)]


#: Who answered in spring and was invited to.
INVITED_ALL = ["x", "scale", "low", *(f"{way}{n}" for way in ("in order ", "reversed ") for n in range(len(TWICE)))]
RATED = {**CONTACT, "contact_id": "rated", "rated_at": LATER, "csat": 5}
DELIVERY = {
    "survey_invitations": [
        {**INVITED, "invited_at": LATER}, INVITED, INVITED,
        *({**INVITED, "customer_id": who} for who in INVITED_ALL if who != "x"),
    ],
    "survey_responses": [
        said_by("scale", answer=9),  # on a scale of five
        said_by("scale", item_id="recommend", answer=9),  # on a scale of ten
        said_by("low", item_id="recommend", answer=0),
        ANSWER, said_by("x", item_id="old"), said_by("x", wave="autumn"), said_by("y"),
        *(one for n, (first, second, _) in enumerate(TWICE) for one in twice(f"in order {n}", first, second)),
        *(one for n, (first, second, _) in enumerate(TWICE) for one in twice(f"reversed {n}", first, second)[::-1]),
    ],
    "contacts": [
        {**CONTACT, "contact_id": "early", "first_response_at": EARLY, "closed_at": LATER},
        {**CONTACT, "contact_id": "at once", "first_response_at": NOON},
        {**CONTACT, "contact_id": "rated"}, RATED,
        {**RATED, "contact_id": "rated first"}, {**CONTACT, "contact_id": "rated first"},
        *({**RATED, "contact_id": f"r{n}", "csat": given} for n, (given, _) in enumerate(RATINGS)),
        {**CONTACT, "contact_id": "no level", "channel": None, "topic": None},
    ],
    "feedback": [
        {**TEXT, "text": WRITTEN, "language": None},
        *({**TEXT, "feedback_id": f"r{n}", "rating": given} for n, (given, _) in enumerate(RATINGS)),
        *({**TEXT, "feedback_id": f"empty {n}", "text": empty} for n, empty in enumerate(EMPTY)),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def cleaned(clean):
    return clean(**DELIVERY)


@pytest.fixture(scope="module")
def silent(clean):
    """A study of one purchase, in which nobody said anything."""
    return clean(survey_items=None, survey_invitations=None)


@pytest.fixture(scope="module")
def answers(cleaned):
    return rows(cleaned, "survey_responses").set_index(["wave", "customer_id", "item_id"])["answer"]


def test_an_answer_outside_the_items_own_scale_is_emptied_and_counted(cleaned, answers):
    assert found(cleaned, "outside the item's scale") == 3  # with the two impossible second answers
    assert pd.isna(answers["spring", "scale", "kind"])
    assert (answers["spring", "scale", "recommend"], answers["spring", "low", "recommend"]) == (9, 0)


def test_one_scale_for_all_items_would_spoil_the_recommendations(clean, monkeypatch):
    """The broken twin: every scale ends at five."""

    def one_scale():
        rule = answer_rules.stars_off_the_scale("survey_responses", "answer")
        return answer_rules.Rule(answer_rules.OFF_THE_SCALE, rule.table, rule.action, rule.found, rule.clean)

    monkeypatch.setattr(answer_rules, "answers_off_the_scale", one_scale)
    cleaned = clean(order_lines=None, survey_responses=[{**ANSWER, "item_id": "recommend", "answer": 9}])
    with pytest.raises(AssertionError):
        assert found(cleaned, "outside the item's scale") == 0


def test_an_answer_to_an_item_that_is_not_in_the_survey_is_dropped(cleaned, answers):
    assert found(cleaned, "not in the survey") == 1
    assert answers["spring", "x"].to_dict() == {"kind": 4}


@pytest.mark.parametrize("way", ["in order", "reversed"])
def test_of_two_answers_to_an_item_the_later_counts(cleaned, answers, way):
    assert found(cleaned, "the later kept") == 2 * len(TWICE)
    assert [answers["spring", f"{way} {n}", "kind"] for n in range(len(TWICE))] == [kept for *_, kept in TWICE]


def test_the_same_item_in_another_wave_is_another_answer(answers):
    assert (answers["spring", "x", "kind"], answers["autumn", "x", "kind"]) == (4, 4)


def test_who_answers_without_an_invitation_is_kept_and_counted(cleaned, answers):
    assert found(cleaned, "without an invitation") == 2
    assert answers["spring", "y", "kind"] == answers["autumn", "x", "kind"] == 4


def test_of_two_invitations_to_a_wave_the_first_counts(cleaned):
    assert found(cleaned, "survey_invitations: the same record") == 1
    assert found(cleaned, "the first invitation") == 1
    invited = rows(cleaned, "survey_invitations").query("customer_id == 'x'")
    assert invited["invited_at"].tolist() == [pd.Timestamp(NOON)]


def test_a_contact_answered_before_it_was_opened_has_no_answer_and_one_answered_at_once_keeps_it(cleaned):
    assert found(cleaned, "before it was opened") == 1
    contacts = rows(cleaned, "contacts").set_index("contact_id")
    assert pd.isna(contacts.at["early", "first_response_at"])
    assert contacts.at["early", "closed_at"] == pd.Timestamp(LATER)
    assert contacts.at["at once", "first_response_at"] == pd.Timestamp(NOON)


def test_of_two_versions_of_a_contact_the_one_that_was_rated_counts(cleaned):
    assert found(cleaned, "contacts: one key") == 2
    contacts = rows(cleaned, "contacts").set_index("contact_id")
    assert contacts.loc[["rated", "rated first"], "csat"].tolist() == [5, 5]


def test_ratings_are_from_one_to_five(cleaned):
    assert (found(cleaned, "csat outside"), found(cleaned, "rating outside")) == (2, 2)
    for name, column in (("contacts", "csat"), ("feedback", "rating")):
        table = rows(cleaned, name)
        values = table.set_index(table.columns[0])[column]
        kept = [values[f"r{n}"] for n in range(len(RATINGS))]
        assert [None if pd.isna(value) else value for value in kept] == [value for _, value in RATINGS]


def test_what_has_no_level_is_unknown(cleaned):
    contact = rows(cleaned, "contacts").set_index("contact_id").loc["no level"]
    assert contact[["channel", "topic"]].tolist() == ["unknown", "unknown"]
    text = rows(cleaned, "feedback").set_index("feedback_id").loc["f"]
    assert text[["channel", "language"]].tolist() == ["review", "unknown"]
    assert found(cleaned, "channel or topic") == found(cleaned, "channel or language") == 1


def test_feedback_without_a_word_is_dropped_and_other_texts_stay_as_they_were_written(cleaned):
    assert found(cleaned, "without a text") == len(EMPTY)
    texts = rows(cleaned, "feedback").set_index("feedback_id")["text"]
    assert sorted(texts.index) == ["f", *(f"r{n}" for n in range(len(RATINGS)))]
    assert texts["f"] == WRITTEN


def test_a_study_without_surveys_contacts_and_feedback_has_them_empty(silent):
    assert silent.answer_rules.empty
    assert silent.answer_quality.empty
    for name in VOICES:
        assert rows(silent, name).empty
        types = {column.name: IBIS_TYPES[column.kind] for column in TABLES[name].columns}
        assert {c: str(t) for c, t in silent.tables[name].schema().items()} == types


def test_tables_delivered_without_rows_are_cleaned_too(clean):
    cleaned = clean(survey_items=[], survey_invitations=[], survey_responses=[], contacts=[], feedback=[])
    assert (cleaned.answer_rules["records_found"] == 0).all()
    assert set(cleaned.answer_rules["table"]) <= set(VOICES)
    assert (cleaned.answer_rules["records_in"] == 0).all()


def test_cleaning_what_is_clean_finds_nothing_more(clean, cleaned):
    kept = {name: plain(rows(cleaned, name)).to_dict("records") for name in VOICES}
    again = clean(**kept).answer_rules
    active = again[again["action"] != "flagged"]
    assert len(active) > 10
    assert active.loc[active["records_found"] > 0, "rule"].tolist() == []


def test_every_table_but_promotions_is_written_with_its_schema(cleaned):
    accounts = {f"{group}{name}" for group in ("", "other_") for name in ("rules", "quality", "consistency")}
    accounts |= {"answer_rules", "answer_quality"}
    written = set(cleaned.all)
    assert written == (set(CANONICAL) - {"promotions"}) | accounts | {"reversals", "guest_lines", "foreign_lines"}
    assert set(TABLES) - written == set(IDENTITY_TABLES)  # the notebook asks who is who, and writes what it learned
    for name, expression in cleaned.tables.items():
        check(TABLES[name].cast(expression), TABLES[name])


# Purchases, what customers say and all other records are accounted for apart

ELSEWHERE = {
    "events": [{"visitor_id": "v", "customer_id": "x", "occurred_at": NOON, "event_type": "view", "order_id": "1"}],
    "regions": [{"region_id": "north"}],
    "customer_traits": [{"customer_id": "x", "region_id": "south"}],
    "referrals": [{"referrer_id": "x", "referred_id": "z", "referred_at": NOON}],
}


@pytest.fixture(scope="module")
def surrounded(clean):
    return clean(**{name: None for name in ("survey_items", "survey_invitations")}, **ELSEWHERE)


def plain(frame):
    """A table whose gaps are all the same."""
    return frame.astype(object).where(frame.notna(), None)


def test_what_customers_say_and_other_records_stand_in_none_of_the_tables_about_purchases(cleaned, silent, surrounded):
    for other in (cleaned, surrounded):
        for name in ("rules", "quality", "consistency"):
            pd.testing.assert_frame_equal(plain(silent.all[name]), plain(other.all[name]))
    for name in PURCHASES:
        assert silent.tables[name].count().to_pyarrow().as_py() == cleaned.tables[name].count().to_pyarrow().as_py()
    assert silent.other_rules.empty
    assert silent.other_quality.empty
    assert surrounded.answer_rules.empty
    assert set(surrounded.other_quality["table"]) == set(ELSEWHERE)


def test_a_rule_that_looks_at_two_groups_belongs_to_the_less_real_one(surrounded):
    done = surrounded.other_rules.set_index(["table", "rule"])["records_found"]
    assert done["customers", "known from other records than orders: demographics unknown"] == 1  # z, who was brought
    assert done["customer_traits", "region not described: kept"] == 1
    assert surrounded.other_consistency.set_index("question")["agreeing"].to_dict() == {
        "orders named by visits are among the purchases": 1,
        "who was logged in is who bought": 1,
    }


def test_simulated_records_make_nobody_a_customer_where_customers_are_real(clean):
    real = clean(
        options=Options(simulated=frozenset(ELSEWHERE)), survey_items=None, survey_invitations=None, **ELSEWHERE
    )
    assert rows(real, "customers")["customer_id"].tolist() == ["x"]


def test_every_account_names_what_it_reads():
    """A table that forgets one would pass as real."""
    for prefix, group in (("", PURCHASES), ("answer_", VOICES), ("other_", OTHERS)):
        assert set(TABLES[f"{prefix}quality"].reads) == set(group)
        looked_at = {name for rule in steps() for name in rule_tables(rule) if group_of(*rule_tables(rule)) == group}
        assert looked_at - {"reversals"} <= set(TABLES[f"{prefix}rules"].reads)
    assert set(TABLES["rules"].reads) == set(PURCHASES)
    for name, group in (("consistency", PURCHASES), ("other_consistency", OTHERS)):
        named = {table for r in REFERENCES for table in (r.table, r.other) if group_of(r.table, r.other) == group}
        assert set(TABLES[name].reads) == named


def rule_tables(rule):
    return (rule.table, *rule.beside)


def test_a_question_that_was_passed_over_is_no_answer(clean):
    """Of four records one says nothing and one 9 on five steps: three answers, all kept, one of them emptied."""
    told = [
        {**ANSWER, "customer_id": who, "answer": answer} for who, answer in zip("xyzw", (4, None, 9, 1), strict=True)
    ]
    figures = cleaning_figures(clean(survey_responses=told))
    counted = {name: figures[name].value for name in ("answers", "answers_kept", "answers_emptied")}
    assert counted == {"answers": 3, "answers_kept": 3, "answers_emptied": 1}
