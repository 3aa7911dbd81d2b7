"""One way to write a thing, what a delivery must reach, and which columns nobody reads."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.cleaning import options_of
from customer_patterns.cleaning.ledger_rules import circular
from customer_patterns.cleaning.limits import QualityError, check_limits
from customer_patterns.cleaning.merged import MergedError, present_numbers
from customer_patterns.cleaning.standards import email_address, language_code, one_form, one_spelling, phone_number
from customer_patterns.cleaning.used import UNREAD
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.study import project_root
from customer_patterns.study.contract import QualityLimit
from customer_patterns.study.file import read_study_file
from tests.cleaning.deliveries import LAST_DAY, clean, found, rows


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("臺北", "台北"),
        ("Ｓｈｏｐ", "shop"),
        (" Web\u3000store", "web store"),
        ("a\u200bb", "ab"),
        ("STRASSE", "straße"),
    ],
)
def test_spellings_of_one_word_have_one_form(one, other):
    assert one_form(one) == one_form(other)


@given(st.text(max_size=20))
def test_the_form_of_a_form_is_itself(text):
    assert one_form(one_form(text)) == one_form(text)


@given(st.dictionaries(st.sampled_from(["Tea", "tea", " TEA ", "Salt", "ｓａｌｔ"]), st.integers(1, 9)))
def test_what_spellings_become_is_a_spelling_that_stays(times):
    becomes = one_spelling(times)
    assert not set(becomes.values()) & set(becomes)
    assert set(becomes) | set(becomes.values()) <= set(times)
    assert all(times[best] >= times[spelling] for spelling, best in becomes.items())


def test_telephone_numbers_are_written_one_way_or_not_at_all():
    written = ["+86 10 6255 0123", "(010) 6255-0123", "＋８６１０６２５５０１２３"]
    assert {phone_number(text, "CN") for text in written} == {"+861062550123"}
    assert phone_number("010 6255 0123") is None  # of which country?
    assert phone_number("call me") is None


def test_the_study_file_says_of_which_country_numbers_without_one_are(tmp_path):
    whole = (project_root() / "data" / "studies" / "planted-shop.yaml").read_text(encoding="utf-8")

    def numbers(text, **settings):
        path = tmp_path / "shop.yaml"
        path.write_text(text, encoding="utf-8")
        options = options_of(read_study_file(path), as_of=LAST_DAY, **settings)
        known = [{"customer_id": "a", "phone": "010 6255 0123"}, {"customer_id": "b", "phone": "+49 30 901820"}]
        cleaned = clean(identities=known, options=replace(options, limits={}, study=None))
        table = rows(cleaned, "identities").set_index("customer_id")["phone_e164"]
        return table.fillna("").to_dict(), found(cleaned, "telephone number that cannot be read")

    berlin = "+4930901820"
    assert numbers(whole) == ({"a": "", "b": berlin}, 1)  # of which country?
    chinese = whole.replace("country: US", "country: US\nphone_region: CN")
    assert numbers(chinese) == ({"a": "+861062550123", "b": berlin}, 0)
    assert numbers(chinese, phone_region="US") == ({"a": "", "b": berlin}, 1)  # what a notebook is given wins


def test_addresses_and_languages():
    assert email_address("Ann.Lee＠Example.COM ") == "ann.lee@example.com"
    assert email_address("ann at example") is None
    assert [language_code(text) for text in ("ZH", "zh-Hant-TW", "English", "???")] == ["zh", "zh", "en", None]


def test_numbers_are_followed_to_the_end_and_circles_refused():
    assert present_numbers([("a", "b"), ("b", "c")]) == {"a": "c", "b": "c"}
    with pytest.raises(MergedError, match="circle"):
        present_numbers([("a", "b"), ("b", "a")])
    with pytest.raises(MergedError, match=r"became two \(x9\)"):
        present_numbers([("a1", "b"), ("a1", "c")])


def test_referrals_in_a_circle_are_those_on_it_not_those_who_hang_on():
    assert circular([("b", "a"), ("a", "b"), ("c", "b")]) == {"a", "b"}
    assert circular([("b", "a"), ("c", "b")]) == set()


def quality(**changes):
    row = {"table": "order_lines", "column": "revenue", "records": 10, "filled": 1.0, "valid": 0.9, "unique": None}
    return pd.DataFrame([{**row, "days_old": 4, **changes}])


@pytest.mark.parametrize(
    ("name", "limit", "words"),
    [
        ("order_lines.revenue", {"valid": 0.99}, "order_lines.revenue is valid in 90 % of records instead of 99 %"),
        ("order_lines", {"newest_within_days": 3}, "4 days old instead of 3"),
        ("order_lines", {"least_records": 11}, "has 10 records instead of 11"),
        ("events", {"filled": 0.1}, "events was not delivered"),
    ],
)
def test_a_delivery_below_its_limit_stops_the_run_with_one_sentence(name, limit, words):
    with pytest.raises(QualityError, match=re.escape(words)):
        check_limits(quality(), {name: QualityLimit(**limit)})


def test_a_delivery_at_its_limit_passes():
    check_limits(quality(), {"order_lines.revenue": QualityLimit(valid=0.9, filled=1, newest_within_days=4)})


def test_columns_called_unread_are_read_by_no_chapter():
    """One that a new chapter reads is taken out of the list."""
    package = project_root() / "src" / "customer_patterns"
    rooms = [p for p in package.iterdir() if p.is_dir() and p.name not in ("schemas", "sources", "cleaning", "wording")]
    rooms = [room for room in rooms if room.name not in ("study", "privacy", "laboratory", "reruns")]
    code = "".join(path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py"))
    for path in (project_root() / "notebooks").glob("0[3-9]-*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code += "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    code = re.sub(r"FREE_TEXT = .*", "", code)  # names what a room never reads
    read = set(re.findall(r"\w+", code))
    for table, columns in UNREAD.items():
        assert set(columns) <= set(CANONICAL[table].names)
        assert not set(columns) & read, f"{table}: take {set(columns) & read} out of UNREAD"
