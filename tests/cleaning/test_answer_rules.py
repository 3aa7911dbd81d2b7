"""Each rule for what customers say, on tables small enough to count by hand."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.cleaning import TABLES, answer_rules, clean_study
from customer_patterns.cleaning.tables import VOICES
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


@pytest.fixture
def clean():
    """Clean some rows of some tables, each row given as far as it matters."""
    backend = warehouse.connect()

    def table(name, rows):
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

    def run(**rows):
        rows = {"order_lines": [LINE], "survey_items": ITEMS, "survey_invitations": [INVITED], **rows}
        tables = {name: table(name, given) for name, given in rows.items() if given is not None}
        cleaned = clean_study(
            tables, time_zone="America/New_York", first_day=date(2017, 1, 1), fuel_types="", gift_card_types="",
            backend=backend,
        )  # fmt: skip
        for name, expression in cleaned.tables.items():
            check(TABLES[name].cast(expression), TABLES[name])
        return cleaned

    return run


def rows(cleaned, name):
    return cleaned.tables[name].to_pandas().sort_values(CANONICAL[name].names, ignore_index=True)


def found(cleaned, words):
    rules = cleaned.answer_rules[cleaned.answer_rules["rule"].str.contains(words)]
    assert len(rules) == 1
    return int(rules["records_found"].iloc[0])


def test_an_answer_outside_the_items_own_scale_is_emptied_and_counted(clean):
    cleaned = clean(
        survey_responses=[
            {**ANSWER, "answer": 9},  # on a scale of five
            {**ANSWER, "item_id": "recommend", "answer": 9},  # on a scale of ten
            {**ANSWER, "customer_id": "y", "item_id": "recommend", "answer": 0},
        ]
    )
    assert found(cleaned, "outside the item's scale") == 1
    answers = rows(cleaned, "survey_responses").set_index(["customer_id", "item_id"])["answer"]
    assert pd.isna(answers["x", "kind"])
    assert (answers["x", "recommend"], answers["y", "recommend"]) == (9, 0)


def test_one_scale_for_all_items_would_spoil_the_recommendations(clean, monkeypatch):
    """The broken twin: every scale ends at five."""

    def one_scale():
        rule = answer_rules.stars_off_the_scale("survey_responses", "answer")
        return answer_rules.Rule(answer_rules.OFF_THE_SCALE, rule.table, rule.action, rule.found, rule.clean)

    monkeypatch.setattr(answer_rules, "answers_off_the_scale", one_scale)
    cleaned = clean(survey_responses=[{**ANSWER, "item_id": "recommend", "answer": 9}])
    with pytest.raises(AssertionError):
        assert found(cleaned, "outside the item's scale") == 0


def test_an_answer_to_an_item_that_is_not_in_the_survey_is_dropped(clean):
    cleaned = clean(survey_responses=[ANSWER, {**ANSWER, "item_id": "old"}])
    assert found(cleaned, "not in the survey") == 1
    assert rows(cleaned, "survey_responses")["item_id"].tolist() == ["kind"]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [(4, 2, 2), (2, 4, 4), (4, None, 4), (4, 77, 4)],  # an empty or impossible second answer takes nothing back
)
def test_of_two_answers_to_an_item_the_later_counts(clean, first, second, kept):
    twice = [{**ANSWER, "answer": first}, {**ANSWER, "answer": second, "answered_at": LATER}]
    for given in (twice, twice[::-1]):
        cleaned = clean(survey_responses=given)
        assert found(cleaned, "the later kept") == 1
        assert rows(cleaned, "survey_responses")["answer"].tolist() == [kept]


def test_the_same_item_in_another_wave_is_another_answer(clean):
    cleaned = clean(survey_responses=[ANSWER, {**ANSWER, "wave": "autumn"}])
    assert found(cleaned, "the later kept") == 0
    assert len(rows(cleaned, "survey_responses")) == 2


def test_who_answers_without_an_invitation_is_kept_and_counted(clean):
    cleaned = clean(survey_responses=[ANSWER, {**ANSWER, "customer_id": "y"}, {**ANSWER, "wave": "autumn"}])
    assert found(cleaned, "without an invitation") == 2
    assert len(rows(cleaned, "survey_responses")) == 3


def test_of_two_invitations_to_a_wave_the_first_counts(clean):
    cleaned = clean(survey_invitations=[{**INVITED, "invited_at": LATER}, INVITED, INVITED])
    assert found(cleaned, "survey_invitations: the same record") == 1
    assert found(cleaned, "the first invitation") == 1
    assert rows(cleaned, "survey_invitations")["invited_at"].tolist() == [pd.Timestamp(NOON)]


def test_a_contact_answered_before_it_was_opened_has_no_answer(clean):
    early = datetime(2017, 5, 17, 11)
    cleaned = clean(contacts=[{**CONTACT, "first_response_at": early, "closed_at": LATER}])
    assert found(cleaned, "before it was opened") == 1
    contact = rows(cleaned, "contacts").iloc[0]
    assert pd.isna(contact["first_response_at"])
    assert contact["closed_at"] == pd.Timestamp(LATER)


def test_a_contact_answered_at_once_keeps_its_answer(clean):
    cleaned = clean(contacts=[{**CONTACT, "first_response_at": NOON}])
    assert found(cleaned, "before it was opened") == 0


def test_of_two_versions_of_a_contact_the_one_that_was_rated_counts(clean):
    rated = {**CONTACT, "rated_at": LATER, "csat": 5}
    for given in ([CONTACT, rated], [rated, CONTACT]):
        cleaned = clean(contacts=given)
        assert found(cleaned, "contacts: one key") == 1
        assert rows(cleaned, "contacts")["csat"].tolist() == [5]


@pytest.mark.parametrize(("given", "kept"), [(0, None), (1, 1), (5, 5), (6, None), (None, None)])
def test_ratings_are_from_one_to_five(clean, given, kept):
    cleaned = clean(contacts=[{**CONTACT, "rated_at": LATER, "csat": given}], feedback=[{**TEXT, "rating": given}])
    off = int(given is not None and kept is None)
    assert (found(cleaned, "csat outside"), found(cleaned, "rating outside")) == (off, off)
    for name, column in (("contacts", "csat"), ("feedback", "rating")):
        value = rows(cleaned, name)[column].iloc[0]
        assert (None if pd.isna(value) else value) == kept


def test_what_has_no_level_is_unknown(clean):
    cleaned = clean(contacts=[{**CONTACT, "channel": None, "topic": None}], feedback=[{**TEXT, "language": None}])
    assert rows(cleaned, "contacts")[["channel", "topic"]].iloc[0].tolist() == ["unknown", "unknown"]
    assert rows(cleaned, "feedback")[["channel", "language"]].iloc[0].tolist() == ["review", "unknown"]
    assert found(cleaned, "channel or topic") == found(cleaned, "channel or language") == 1


@pytest.mark.parametrize("empty", ["", "   ", "\n\t", None])
def test_feedback_without_a_word_is_dropped(clean, empty):
    cleaned = clean(feedback=[TEXT, {**TEXT, "feedback_id": "g", "text": empty}])
    assert found(cleaned, "without a text") == 1
    assert rows(cleaned, "feedback")["feedback_id"].tolist() == ["f"]


def test_texts_stay_as_they_were_written(clean):
    written = "  $5 off?! <b>no</b> 好的 🙂\n"
    assert rows(clean(feedback=[{**TEXT, "text": written}]), "feedback")["text"].tolist() == [written]


def test_a_study_without_surveys_contacts_and_feedback_has_them_empty(clean):
    cleaned = clean(survey_items=None, survey_invitations=None)
    assert cleaned.answer_rules.empty
    assert cleaned.answer_quality.empty
    for name in VOICES:
        assert rows(cleaned, name).empty
        types = {column.name: IBIS_TYPES[column.kind] for column in TABLES[name].columns}
        assert {c: str(t) for c, t in cleaned.tables[name].schema().items()} == types


def test_tables_delivered_without_rows_are_cleaned_too(clean):
    cleaned = clean(survey_items=[], survey_invitations=[], survey_responses=[], contacts=[], feedback=[])
    assert (cleaned.answer_rules["records_found"] == 0).all()
    assert len(cleaned.answer_rules) == 18


def test_cleaning_what_is_clean_finds_nothing_more(clean):
    first = clean(
        survey_responses=[ANSWER, {**ANSWER, "answer": 9, "customer_id": "y"}, {**ANSWER, "item_id": "old"}],
        contacts=[CONTACT, CONTACT, {**CONTACT, "csat": 7, "topic": None, "contact_id": "l"}],
        feedback=[{**TEXT, "rating": 0}, {**TEXT, "text": "", "feedback_id": "g"}],
        survey_invitations=[INVITED, {**INVITED, "customer_id": "y"}],
    )
    kept = {
        name: rows(first, name).astype(object).where(rows(first, name).notna(), None).to_dict("records")
        for name in VOICES
    }
    again = clean(**kept).answer_rules
    assert again["records_found"].sum() == 0


def test_every_table_but_promotions_is_written_with_its_schema(clean):
    written = set(clean().all)
    assert written == set(TABLES) == (set(CANONICAL) - {"promotions"}) | {
        "rules", "quality", "answer_rules", "answer_quality"
    }  # fmt: skip


def test_what_customers_say_stands_in_none_of_the_tables_about_what_they_do(clean):
    one, two = clean(survey_responses=[ANSWER]), clean(survey_responses=[ANSWER] * 3, feedback=[TEXT])
    pd.testing.assert_frame_equal(one.rules, two.rules)
    pd.testing.assert_frame_equal(one.quality, two.quality)
    assert not set(one.quality["table"]) & set(VOICES)
    assert set(TABLES["answer_rules"].reads) == set(TABLES["answer_quality"].reads) == set(VOICES)
    assert not set(TABLES["rules"].reads) & set(VOICES)
