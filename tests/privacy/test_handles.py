"""Authors' own names for themselves: pseudonyms take their place, and an author can be forgotten like a customer."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
import yaml

from customer_patterns.privacy import KEY, KEY_FILE, KeyProblem, is_pseudonym
from customer_patterns.privacy.search import places
from customer_patterns.reruns.forget import forget
from customer_patterns.sources import collect_study
from customer_patterns.sources.persons import is_personal, takes_pseudonym, vault_of
from customer_patterns.study import load_study
from customer_patterns.study.origins import ColumnFrom, Constant
from customer_patterns.study.places import OUTPUT_ROOT
from customer_patterns.warehouse import connect

DAY = date(2026, 12, 31)
HANDLES = ["annika", "annika2", "Annika", "annika", None, "someone_else"]
NOBODY = [""] * len(HANDLES)
SAID = {"owner": "a shop", "party": "third", "purpose": "tests", "legal_basis": "consent", "retention": "a minute"}


def study_of(handle, *, provenance="real", customers="who"):
    reviews = {"feedback_id": "no", "customer_id": customers, "author_key": handle, "written_at": "at", "text": "said"}
    return {
        "title": "Reviews",
        "about": "What people say",
        "customer": {"one": "customer", "many": "customers"},
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
        "first_day": date(2026, 1, 1),
        "last_day": DAY,
        "sources": {
            "board": {
                **SAID,
                "provenance": provenance,
                "reader": "csv",
                "tables": {"feedback": {"location": "data/raw/reviews/board.csv", "columns": reviews}},
            }
        },
    }


@pytest.fixture
def put(tmp_path, monkeypatch):
    """Put a study and its reviews there; return the study."""
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))

    def deliver(content, who=NOBODY):
        rows = [
            f"r{n},{one},{name or ''},2026-02-0{n + 1},as {name} says"
            for n, (one, name) in enumerate(zip(who, HANDLES, strict=True))
        ]
        raw, studies = tmp_path / "data" / "raw" / "reviews", tmp_path / "data" / "studies"
        raw.mkdir(parents=True, exist_ok=True)
        studies.mkdir(exist_ok=True)
        (raw / "board.csv").write_text("\n".join(["no,who,author,at,said", *rows, ""]), encoding="utf-8")
        (studies / "reviews.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        return load_study("reviews")

    return deliver


def written(study, *names):
    found = collect_study(study, as_of=DAY, thin_day_share=0.5, backend=connect()).tables["feedback"]
    rows = found.order_by("feedback_id").select(*names).to_pyarrow().to_pylist()
    return [row[names[0]] for row in rows] if len(names) == 1 else [tuple(row.values()) for row in rows]


def test_a_handle_becomes_a_pseudonym_and_the_same_handle_the_same_one(put, monkeypatch, tmp_path):
    monkeypatch.setenv(KEY, "a phrase of the tests, and no secret")
    study = put(study_of("author"))
    found = written(study, "author_key")
    assert found[4] is None
    assert all(is_pseudonym(one) for one in found if one is not None)
    assert found[0] == found[3]
    assert len({one for one in found if one}) == 4  # a name in capitals may be somebody else's
    assert vault_of(study).look_up(found[1], why="a test") == {"customer": "annika2"}
    assert places(tmp_path / "data" / "raw", ["annika2"])
    assert places(tmp_path / "data" / "vault", ["annika2"]) == []


def test_without_a_key_handles_of_real_people_are_refused(put, monkeypatch, tmp_path):
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "none"))
    study = put(study_of("author"))
    with pytest.raises(KeyProblem, match="make-key"):
        written(study, "author_key")


@pytest.mark.parametrize("handle", [{"column": "author", "pseudonym": False}])
def test_a_study_file_may_say_that_handles_are_public(put, handle):
    assert written(put(study_of(handle)), "author_key") == HANDLES


def test_only_handles_are_taken_for_personal_by_themselves():
    said = {
        "who": ("author_key", True),
        "where": ("region_id", False),
        "card": ("customer_id", False),
    }
    assert {delivered: takes_pseudonym(name, delivered) for delivered, (name, _) in said.items()} == {
        delivered: wanted for delivered, (_, wanted) in said.items()
    }
    assert takes_pseudonym("customer_id", ColumnFrom(column="mail", pseudonym=True))
    assert not takes_pseudonym("author_key", ColumnFrom(column="author", pseudonym=False))
    assert not takes_pseudonym("author_key", Constant(constant="the shop"))


def test_the_source_counts_as_one_with_identifiers(put):
    assert [is_personal(one) for one in put(study_of("author")).sources] == [True]
    assert [is_personal(one) for one in put(study_of({"column": "author", "pseudonym": False})).sources] == [False]


@pytest.mark.parametrize("number", [0, 1])
def test_an_author_is_forgotten_and_no_other_whose_name_begins_alike(put, monkeypatch, tmp_path, number):
    monkeypatch.setenv(KEY, "a phrase of the tests, and no secret")
    study = put(study_of("author"))
    copy = shutil.copytree(tmp_path / "data" / "raw", tmp_path / "before")
    before = written(study, "feedback_id", "author_key")
    theirs = before[number][1]
    forget("reviews", [theirs])
    left = [(text, author) for text, author in before if author != theirs]
    assert written(study, "feedback_id", "author_key") == left
    assert places(tmp_path / "data", [HANDLES[number]]) == []
    shutil.rmtree(tmp_path / "data" / "raw")
    shutil.copytree(copy, tmp_path / "data" / "raw")  # handed over again
    assert written(study, "feedback_id", "author_key") == left


def test_a_customer_under_a_pseudonym_is_forgotten_as_one_under_a_number(put, monkeypatch, tmp_path):
    monkeypatch.setenv(KEY, "a phrase of the tests, and no secret")
    mails = [f"{name}@example.org" for name in ("ann.a", "ann.b", "ann.a", "cora", "dora", "edda")]
    content = study_of({"column": "author", "pseudonym": False}, customers={"column": "who", "pseudonym": True})
    study = put(content, mails)
    before = written(study, "feedback_id", "customer_id")
    theirs = before[0][1]
    forget("reviews", [theirs])
    left = [(text, one) for text, one in before if one != theirs]
    assert len(left) == 4
    assert written(study, "feedback_id", "customer_id") == left, "nobody else is gone, and nobody is called [forgotten]"
    assert places(tmp_path / "data", ["ann.a@example.org"]) == []


def test_a_broken_twin_that_hashes_without_a_key_is_guessed(put, monkeypatch):
    """What a plain hash would be worth: whoever has a list of names finds them again."""
    import hashlib

    monkeypatch.setenv(KEY, "a phrase of the tests, and no secret")
    guesses = {hashlib.sha256(name.encode()).hexdigest()[:24] for name in HANDLES if name}
    twin = [hashlib.sha256(name.encode()).hexdigest()[:24] for name in HANDLES if name]
    assert set(twin) <= guesses
    found = {one.partition("-")[2] for one in written(put(study_of("author")), "author_key") if one}
    assert found.isdisjoint(guesses)
