"""The page on personal data says what the study file declares and what the run's tables hold, in both languages."""

from __future__ import annotations

import json
import re
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customer_patterns.reporting.chapter import Edition, check_page
from customer_patterns.reporting.privacy_page import PRIVACY_PAGE, checks, privacy_page, processing_record
from customer_patterns.study import load_study, study_names
from customer_patterns.wording import speaking

NAMED = "3095da-2577fa71548581db8b6a34a8"


@pytest.fixture
def run(tmp_path):
    """A run's folder with a register and what its rules left out."""
    folder = tmp_path / "clean"
    folder.mkdir()
    pq.write_table(
        pa.table({"customer_id": ["7"], "name": [NAMED], "phone_e164": [None]}), folder / "identities.parquet"
    )
    rules = {"rule": ["the customer refuses analysis: left out"] * 2, "records_found": [1_200, 34]}
    pq.write_table(pa.table(rules), folder / "rules.parquet")
    (folder / "manifest.json").write_text(json.dumps({"tables": {"orders": {"columns": ["customer_id", "revenue"]}}}))
    return tmp_path


def page(name, language, run):
    edition = Edition(name, "Title", date(2017, 12, 31), language, (), (), ("en", "zh"))
    with speaking(language=language):
        return privacy_page(load_study(name), edition, run)[PRIVACY_PAGE]


@pytest.mark.parametrize("name", study_names())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_declares_every_purpose_and_fetches_nothing(name, language, run):
    html = page(name, language, run)
    check_page(html, name=PRIVACY_PAGE)
    assert [part for part in ("record", "notice", "guide") if f'id="{part}"' in html] == ["record", "notice", "guide"]
    assert html.count("<h3>") == len(processing_record(load_study(name))) + 1
    if language == "zh":
        words = re.sub(r"<code>.*?</code>|<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
        assert len(re.findall(r"[\u4e00-\u9fff]", words)) > 800


def test_one_entry_per_owner_purpose_basis_and_retention():
    study = load_study("planted-shop")
    entries = processing_record(study)
    assert sum(len(entry.categories) for entry in entries) >= len({source.table for source in study.sources})
    with_identifiers = [entry for entry in entries if entry.identifiers]
    assert [entry.purpose for entry in with_identifiers] == [
        "testing who is who and who allows what against a known truth"
    ]
    assert "identities" in with_identifiers[0].categories


def test_checks_say_what_was_found(run):
    found = {check.what: check for check in checks(load_study("planted-shop"), run)}
    assert all(check.passed for check in found.values())
    assert found["Who refuses analysis is in no table of an analysis"].found == "1,234 records left out"


def test_a_name_in_the_open_fails_its_check(run):
    path = run / "clean" / "identities.parquet"
    pq.write_table(pa.table({"customer_id": ["7"], "name": ["Ann Lee"]}), path)
    first = checks(load_study("planted-shop"), run)[0]
    assert not first.passed
    assert first.found == "clean.identities.name"
    assert "Ann Lee" not in page("planted-shop", "en", run)


def test_a_column_of_telephone_numbers_anywhere_fails_the_check(run):
    manifest = {"tables": {"orders": {"columns": ["customer_id", "phone"]}}}
    (run / "clean" / "manifest.json").write_text(json.dumps(manifest))
    assert checks(load_study("planted-shop"), run)[0].found == "clean.orders.phone"
