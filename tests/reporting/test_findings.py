import json
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.estimates import Count, Estimate
from customer_patterns.reporting import Finding, finding, read_findings
from customer_patterns.reporting.typed import typed_digits, typed_in_templates
from customer_patterns.wording import Chosen, Name, Voice, WordingError, sentences, speaking
from customer_patterns.wording.locales import LOCALES
from customer_patterns.wording.messages import translations
from customer_patterns.wording.rules import causal_words, overstated

SHARE = Estimate(0.713, 0.691, 0.733, n=2469, of="customers", unit="share", method="bootstrap over customers")
LINES = Count(Decimal("1469307"), "order lines", n=1_469_307, of="order lines")
TEMPLATES = {
    "test.all": "{share} of {customers} bought {name} within {window} of {day}, on {lines}",
    "test.cause": "The coupon increases spend by {value}",
    "test.named": "{name} leads",
}


@pytest.fixture(autouse=True)
def _catalog(monkeypatch):
    for key, text in TEMPLATES.items():
        monkeypatch.setitem(sentences.SENTENCES, key, text)
    with speaking(Voice(currency="USD", customer="household", customers="households")):
        yield


def everything(**changes):
    values = {
        "share": SHARE,
        "name": Name("BREAD"),
        "window": Chosen(28, "days"),
        "day": date(2017, 9, 30),
        "lines": LINES,
    }
    return finding("test.all", grade="description", source="rhythm", figure="rhythm-days", **{**values, **changes})


def test_a_finding_says_its_sentence_in_the_voice_of_the_run():
    made = everything()
    assert made.sentence == (
        "71\u202f% of households bought Bread within 28 days of 30 Sep 2017, on 1,469,307 order lines"
    )
    with speaking(customers="guests"):
        assert "guests" in made.sentence


def test_a_finding_is_the_same_after_a_round_through_json():
    stored = everything().to_json()
    again = Finding.from_json(json.loads(json.dumps(stored, ensure_ascii=False)))
    assert again == everything()
    assert again.to_json() == stored
    assert again.sentence == everything().sentence


def test_the_order_in_which_values_are_given_changes_no_byte():
    first = finding("test.all", grade="description", source="t", **everything().values)
    other = finding("test.all", grade="description", source="t", **dict(reversed(everything().values.items())))
    assert json.dumps(first.to_json()) == json.dumps(other.to_json())
    assert first.figures == other.figures == [SHARE, LINES]


def test_the_language_of_the_run_changes_no_byte(monkeypatch):
    english = json.dumps(everything().to_json())
    with speaking(language="zh", customers="户家庭"):
        assert json.dumps(everything().to_json()) == english


def test_digits_that_machines_disagree_on_are_not_stored():
    noisy = Estimate(0.1 + 0.2, 0.25, 0.35, n=9, of="customers", unit="share")
    stored = everything(share=noisy).to_json()["values"]["share"]
    assert stored["value"] == 0.3


def test_numbers_of_numpy_are_stored_as_numbers():
    share = Estimate(np.float64(0.5), np.float64(0.4), np.float64(0.6), n=np.int64(9), of="customers", unit="share")
    assert json.loads(json.dumps(everything(share=share).to_json()))["values"]["share"]["n"] == 9


@given(st.lists(st.floats(-1e12, 1e12, allow_nan=False), min_size=3, max_size=3))
def test_rounding_for_storage_keeps_every_estimate_valid(numbers):
    low, value, high = sorted(numbers)
    estimate = Estimate(value, low, high, n=3, of="customers", unit="days")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sentences.SENTENCES, "test.days", "{days}")
        stored = finding("test.days", grade="description", source="t", days=estimate).to_json()
        again = Finding.from_json(json.loads(json.dumps(stored)))
        assert again.to_json() == stored


def test_a_finding_without_a_number_is_refused():
    with pytest.raises(WordingError, match="needs a number"):
        finding("test.named", grade="description", source="t", name=Name("BREAD"))


def test_a_bare_number_cannot_make_a_finding():
    with pytest.raises(TypeError, match=r"share in sentence .* is float"):
        everything(share=0.71)


@pytest.mark.parametrize("grade", ["description", "association", "time-ordered"])
def test_a_claim_of_cause_needs_an_experiment(grade):
    value = Estimate(4.0, 3.0, 5.0, n=200, of="customers", unit="currency")
    with pytest.raises(WordingError, match=r"says 'increases'; that needs an experiment"):
        finding("test.cause", grade=grade, source="t", value=value)
    assert finding("test.cause", grade="experimental", source="t", value=value).sentence.endswith("$4.00")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"grade": "proof"}, "grade 'proof' is none of description, association"),
        ({"source": "/data/rhythm.parquet"}, "no name of a table"),
        ({"figure": 'x" onclick="'}, "no anchor"),
    ],
)
def test_grade_source_and_figure_are_checked(wrong, message):
    with pytest.raises(ValueError, match=message):
        finding("test.all", **{"grade": "description", "source": "t", **wrong}, **everything().values)


def test_a_wholly_simulated_study_marks_its_findings():
    assert not everything().simulated
    with speaking(simulated=True):
        assert everything().simulated
        assert not finding(
            "test.all", grade="description", source="t", simulated=False, **everything().values
        ).simulated


def test_stored_findings_are_read_back(tmp_path):
    path = tmp_path / "findings.json"
    path.write_text(json.dumps([everything().to_json()]), encoding="utf-8")
    assert read_findings(path) == [everything()]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"key": "test.all"}]', "[", '[{"key":"x","grade":"description"}]'])
def test_a_file_that_holds_no_findings_is_named(tmp_path, text):
    path = tmp_path / "findings.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"findings\.json cannot be read as findings"):
        read_findings(path)


def test_a_stored_estimate_without_its_interval_is_refused():
    stored = everything().to_json()
    del stored["values"]["share"]["low"]
    with pytest.raises(ValueError, match="no stored finding"):
        Finding.from_json(stored)


def test_a_finding_is_stamped_with_the_table_it_rests_on():
    stamped = everything().stamped({"rhythm": "ab12", "clean.rhythm": "ff"})
    assert stamped.data == "ab12"
    assert stamped.to_json()["data"] == "ab12"
    assert Finding.from_json(stamped.to_json()) == stamped


def test_a_finding_about_a_table_that_its_stage_never_saw_cannot_be_stamped():
    with pytest.raises(ValueError, match=r"finding test\.all rests on table rhythm, which its stage neither wrote"):
        everything().stamped({"hours": "ab12"})


@pytest.mark.parametrize(
    ("grade", "text", "words"),
    [
        ("description", "{share} shop weekly", []),
        ("description", "Shopping weekly goes together with {share}", ["goes together"]),
        ("association", "Shopping weekly goes together with {share}", []),
        ("association", "Silence predicts {share}", ["predicts"]),
        ("time-ordered", "Silence predicts {share}", []),
        ("time-ordered", "Mail increases spend by {share}", ["increases"]),
        ("experimental", "Mail increases spend by {share}", []),
        ("association", "Shopping weekly goes with {share}; this does not show that it predicts anything", []),
        ("description", "每周购物预示着 {share} 的收入", ["预示"]),
        ("association", "每周购物导致收入为 {share}", ["导致"]),
        ("association", "这不能说明每周购物导致收入为 {share}", []),
    ],
)
def test_each_grade_has_words_that_it_cannot_carry(grade, text, words):
    assert overstated(grade, text) == words


def test_a_finding_in_words_beyond_its_grade_is_refused(monkeypatch):
    monkeypatch.setitem(sentences.SENTENCES, "test.ahead", "Silence predicts {share}")
    with pytest.raises(
        WordingError, match="says 'predicts'; that needs stronger evidence, and its grade is association"
    ):
        finding("test.ahead", grade="association", source="t", share=SHARE)
    assert finding("test.ahead", grade="time-ordered", source="t", share=SHARE)


def test_no_sentence_in_any_language_holds_a_typed_digit_or_claims_a_cause():
    said = {f"en {key}": text for key, text in sentences.SENTENCES.items() if key not in TEMPLATES}
    for language in LOCALES:
        for domain, context, english, text in translations(language):
            if context == "notebook" or context in sentences.SENTENCES:
                said[f"{language} {domain} {context} {english}"] = text
    assert typed_in_templates(said) == []
    assert {key: words for key, text in said.items() if (words := causal_words(text))} == {}


def test_a_typed_digit_is_found_in_prose_in_any_script_and_named():
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "- We saw １２ shops"]},
        {"cell_type": "code", "source": "weeks = 12"},
    ]
    assert typed_digits({"cells": cells}, name="03-behavior") == [
        "03-behavior holds a typed digit in its prose: '- We saw １２ shops'"
    ]
