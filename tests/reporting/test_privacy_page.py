"""The page on personal data says what the study file declares and what the run's tables hold, in both languages."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from customer_patterns.reporting.chapter import Edition, check_page
from customer_patterns.reporting.privacy_checks import checks, customers_in, refusing_customers
from customer_patterns.reporting.privacy_page import PRIVACY_PAGE, privacy_page, processing_record
from customer_patterns.study import load_study, project_root, study_names
from customer_patterns.study.places import OUTPUT_ROOT
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
        "testing who is who and who allows what against a known truth",
        "testing methods on texts and their codes against a known truth",  # authors' own names
        "testing methods on reviews of products against a known truth",
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


def test_an_authors_own_name_in_the_open_fails_the_check(run):
    (run / "satisfaction").mkdir()
    path = run / "satisfaction" / "texts.parquet"
    pq.write_table(pa.table({"feedback_id": ["1", "2"], "author_key": [NAMED, None]}), path)
    assert checks(load_study("planted-shop"), run)[0].passed
    pq.write_table(pa.table({"feedback_id": ["1", "2"], "author_key": [NAMED, "@ann"]}), path)
    check = checks(load_study("planted-shop"), run)[0]
    assert (check.passed, check.found) == (False, "satisfaction.texts.author_key")


GIVEN = [
    ("7", "analysis", False, 5),
    ("8", "analysis", False, 2),
    ("8", "analysis", True, 9),  # allowed again
    ("9", "marketing", False, 3),
    ("6", "tracking", False, 3),
]


def given(run, **tables):
    """Consents as they were taken in, and tables of customers: ``outlook_alerts=["9"]``."""
    names = ("customer_id", "purpose", "granted", "decided_at")
    rows = [dict(zip(names, (*row[:3], datetime(2017, 1, row[3])), strict=True)) for row in GIVEN]
    for name, content in {"collect_consents": rows, **tables}.items():
        stage, table = name.split("_", 1)
        (run / stage).mkdir(exist_ok=True)
        rows = content if name == "collect_consents" else [{"customer_id": one} for one in content]
        pq.write_table(pa.Table.from_pylist(rows), run / stage / f"{table}.parquet")
    return {check.what: check for check in checks(load_study("planted-shop"), run)}


PROMISES = {
    "Who refuses analysis is in no table of an analysis": ("behavior_rhythm", "7"),
    "Who refuses tracking is followed on no visit; purchases stay": ("clean_events", "6"),
    "Who refuses marketing is on no list of whom to call or what to offer": ("outlook_alerts", "9"),
}


def test_who_refuses_is_looked_for_where_they_may_not_be(run):
    found = given(run, behavior_rhythm=["6", "8", "9"], clean_events=["7", "8", "9"], outlook_alerts=["6", "7", "8"])
    assert [found[what].passed for what in PROMISES] == [False, True, True], "7 may be on no list either"
    found = given(run, behavior_rhythm=["6", "8", "9"], clean_events=["7", "8", "9"], outlook_alerts=["6", "8"])
    assert [found[what].passed for what in PROMISES] == [True, True, True]


@pytest.mark.parametrize("what", PROMISES)
def test_a_promise_that_is_not_kept_fails_and_names_the_table_but_nobody(run, what):
    table, who = PROMISES[what]
    check = given(run, **{table: [who, "8"]})[what]
    assert not check.passed
    assert check.found == table.replace("_", ".")


def test_the_latest_decision_is_looked_up_and_a_table_of_groups_holds_nobody(run):
    given(run)
    assert refusing_customers(run, "analysis") == {"7"}
    pq.write_table(pa.table({"segment": ["a"], "n": [12]}), run / "clean" / "groups.parquet")
    assert customers_in(run / "clean" / "groups.parquet") == set()
    assert customers_in(run / "clean" / "not there.parquet") == set()


def test_delivered_identifiers_that_others_can_read_are_named(run, tmp_path, monkeypatch):
    what = "Delivered files with identifiers can be read by their owner only"
    assert what not in {check.what for check in checks(load_study("planted-shop"), run)}, "simulated ones are nobody's"
    content = yaml.safe_load((project_root() / "data" / "studies" / "planted-shop.yaml").read_text(encoding="utf-8"))
    content.pop("simulator")
    content["sources"]["register"]["provenance"] = "real"
    folder = tmp_path / "root" / "data"
    (folder / "studies").mkdir(parents=True)
    (folder / "studies" / "real-shop.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    path = folder / "raw" / "planted-shop" / "identities.zip"
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("card.csv", "record_no\n7\n")
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path / "root"))

    def found():
        return next(check for check in checks(load_study("real-shop"), run) if check.what == what)

    path.chmod(0o644)
    assert not found().passed
    assert "identities.zip" in found().found
    path.chmod(0o600)
    assert found().passed
