"""Codes: equal and near values meet, and nothing can be read from them."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.cleaning.identity import matching_codes
from customer_patterns.cleaning.identity import normalized as forms
from tests.cleaning.identity.persons import identities


def coded(field, one, other):
    rows = matching_codes(identities({field: one}, {field: other}), phone_region="US").to_pylist()
    return rows


def same(field, one, other, column=None):
    first, second = (row[column or field] for row in coded(field, one, other))
    return first is not None and first == second


def near(field, one, other, column):
    first, second = (set(row[column] or ()) for row in coded(field, one, other))
    return bool(first & second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Lee", "lee, ANN"),  # swapped, capitals
        ("Dr. Ann Lee", "Ann  Lee"),  # title
        ("Renée O'Neil", "Renee ONeil"),  # accents
        ("張偉", "张伟"),  # traditional and simplified
        ("王小明先生", "小明王"),  # title; given name first
        ("Ａｎｎ Lee", "Ann Lee"),  # full width
    ],
)
def test_one_name_in_several_forms_is_the_same(one, other):
    assert same("name", one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Jodil Kestdale", "Jodli Kestdale"), ("Anna Maria Lee", "Anna Lee"), ("Mayer Tom", "Meyer Tom")]
)
def test_a_letter_or_a_word_apart_is_near(one, other):
    assert not same("name", one, other)
    assert near("name", one, other, "name_near")


@pytest.mark.parametrize(("one", "other"), [("Ann Lee", "Bob Lee"), ("张建国", "张建民"), ("张伟", "张")])
def test_other_given_names_are_not_near(one, other):
    assert not near("name", one, other, "name_near")


def test_an_initial_meets_the_name_it_may_stand_for_but_two_names_of_one_initial_do_not_meet():
    short, full = coded("name", "J. Kestdale", "Jodil Kestdale")
    assert set(short["name_short"]) & set(full["name_initials"])
    assert not short["name_full"]
    one, other = coded("name", "Jodil Kestdale", "Johan Kestdale")
    assert not one["name_short"]
    assert not other["name_short"]


@pytest.mark.parametrize(
    ("field", "nothing"),
    [
        ("email", "none"), ("email", ""), ("phone", "0000000000"), ("card", "00000"), ("card", "-"),
        ("name", "unknown"), ("name", "  "), ("birthday", "1900-01-01"), ("birthday", "05/01/1980"),
        ("birthday", "1980-02-30"), ("address", "n/a"),
    ],
)  # fmt: skip
def test_an_empty_key_is_no_key(field, nothing):
    one, other = coded(field, nothing, nothing)
    assert one[field] is None
    assert other[field] is None


def test_a_telephone_number_is_the_same_however_it_is_written():
    assert same("phone", "+1 (201) 555-0123", "201.555.0123")
    assert near("phone", "+12015550123", "+12015550124", "phone_near")


def test_birthdays_a_digit_apart_or_exchanged_are_near_and_others_not():
    assert near("birthday", "1980-03-04", "1980-04-03", "birthday_near")
    assert near("birthday", "1980-03-04", "1980-03-05", "birthday_near")
    assert not near("birthday", "1980-03-04", "1981-03-05", "birthday_near")


@given(st.text(alphabet="abcdef", min_size=2, max_size=8), st.data())
def test_two_words_one_edit_apart_share_a_form(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    kind = data.draw(st.sampled_from(["less", "more", "other", "exchanged"]))
    letter = data.draw(st.sampled_from("abcxyz"))
    other = {
        "less": word[:place] + word[place + 1 :],
        "more": word[:place] + letter + word[place:],
        "other": word[:place] + letter + word[place + 1 :],
        "exchanged": word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    }[kind]
    assert forms.without_one(word) & forms.without_one(other)


def test_codes_hold_no_value_and_differ_by_key_and_by_field():
    table = identities({"name": "Ann Lee", "phone": "+12015550123", "email": "ann@example.com", "card": "annlee"})
    open_, keyed, again = (
        matching_codes(table),
        matching_codes(table, key=b"secret"),
        matching_codes(table, key=b"secret"),
    )
    assert keyed.equals(again)
    for column in ("name", "phone", "email", "card"):
        assert keyed[column][0].as_py() != open_[column][0].as_py()
    assert "ann" not in str(keyed.drop_columns(["customer_id"]).to_pydict()).lower()
    assert keyed["name"].type == pa.int64()
    equal = matching_codes(identities({"email": "x@example.com", "card": "x@example.com"})).to_pylist()[0]
    assert equal["email"] != equal["card"]


def test_rows_come_by_number_and_the_caller_keeps_his_table():
    table = identities({"customer_id": "b"}, {"customer_id": "a"})
    before = table.to_pylist()
    assert matching_codes(table)["customer_id"].to_pylist() == ["a", "b"]
    assert table.to_pylist() == before
    assert pc.all(pc.is_null(matching_codes(table)["name"])).as_py()
