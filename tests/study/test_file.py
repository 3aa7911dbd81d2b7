"""The study file: every fault at once, each with its line and a remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from customer_patterns.study import StudyError, load_study, project_root, study_names
from customer_patterns.study.contract import BEHAVIOR_TABLES
from customer_patterns.study.file import read_study_file

WHOLE = (project_root() / "data" / "studies" / "complete-journey.yaml").read_text(encoding="utf-8")


def read(tmp_path: Path, text: str):
    path = tmp_path / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    return read_study_file(path)


def changed(old: str, new: str) -> tuple[str, int]:
    """The whole file with one piece replaced, and the line on which that piece begins."""
    assert WHOLE.count(old) == 1, old
    return WHOLE.replace(old, new), WHOLE[: WHOLE.index(old)].count("\n") + 1


@pytest.mark.parametrize("name", study_names())
def test_the_studies_of_the_repository_are_whole(name):
    study = load_study(name)
    assert study.name == name
    assert study.first_day < study.last_day
    assert study.source("order_lines") is not None
    assert study.source("surveys") is None


def test_what_the_file_says_arrives(tmp_path):
    study = read(tmp_path, WHOLE)
    assert (study.name, study.customer, study.customers, study.currency) == ("shop", "household", "households", "USD")
    assert not study.simulated
    assert study.source("order_lines").columns["revenue"] == "sales_value"
    assert study.source("customers").purpose.startswith("comparing groups")  # a table's own purpose wins
    assert study.source("products").purpose.startswith("research")


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("currency: USD", "currency: dollars", "'currency' is 'dollars'"),
        ("currency: USD", "phone_region: China\ncurrency: USD", "'phone_region' is 'China'; write it like DE"),
        ("currency: USD", "curency: USD", "'curency' is not known; did you mean 'currency'? Remove it or correct"),
        ("time_zone: America/New_York", "time_zone: New York", "write it like America/New_York"),
        ("first_day: 2017-01-01", "first_day: soon", "'first_day' is 'soon'"),
        ("provenance: real", "provenance: true", "write one of 'real' or 'simulated'"),
        ("provenance: real", "provenance: genuine", "'provenance' in sources.panel is 'genuine'"),
        ("party: third", "party: fourth", "write one of 'first' or 'third'"),
        ("reader: package", "reader: floppy", "write one of 'package', 'parquet', 'csv', 'json'"),
        ("    owner: 84.51°", "    owner: ''", "'owner' in sources.panel"),
        ("customer: { one: household, many: households }", "customer: household", "'customer' is 'household'"),
        ("{ one: household, many: households }", "{ one: household }", "'many' is missing in customer; add it"),
        ("      campaigns:\n", "      campains:\n", "'campains' is no table of a study; did you mean 'campaigns'?"),
        ("          revenue: sales_value", "          revenu: sales_value", "did you mean 'revenue'?"),
        ("week_one_starts: 2016-12-26", "week_one_begins: 2016-12-26", "week_one"),
    ],
)
def test_a_fault_is_reported_with_its_line_and_a_remedy(tmp_path, old, new, part):
    text, line = changed(old, new)
    with pytest.raises(StudyError) as error:
        read(tmp_path, text)
    said = str(error.value)
    assert said.startswith("shop.yaml cannot be used:")
    assert part in said
    assert f"line {line}:" in said


@pytest.mark.parametrize("name", ["title", "about", "customer", "currency", "time_zone", "first_day", "last_day"])
def test_what_is_missing_at_the_top_is_named(tmp_path, name):
    text = re.sub(rf"(?m)^{name}:.*\n(  .*\n)*", "", WHOLE)
    with pytest.raises(StudyError, match=f"'{name}' is missing; add it"):
        read(tmp_path, text)


@pytest.mark.parametrize("name", ["owner", "purpose", "legal_basis", "retention", "party", "provenance"])
def test_a_source_without_an_owner_or_a_reason_is_refused(tmp_path, name):
    text = re.sub(rf"(?m)^    {name}: .*\n", "", WHOLE, count=1)
    with pytest.raises(StudyError, match=f"line [0-9]+: '{name}' is missing in sources.panel; add it"):
        read(tmp_path, text)


def test_a_column_that_a_table_cannot_do_without_must_be_mapped(tmp_path):
    text, _ = changed("          revenue: sales_value\n", "")
    line = WHOLE[: WHOLE.index("        columns:\n          order_id")].count("\n") + 1
    with pytest.raises(StudyError, match=f"line {line}: order_lines needs 'revenue'; map it"):
        read(tmp_path, text)


def test_a_column_with_a_default_may_be_left_out(tmp_path):
    text, _ = changed("          coupon_match_discount: coupon_match_disc\n", "")
    assert "coupon_match_discount" not in read(tmp_path, text).source("order_lines").columns


def test_every_fault_is_reported_at_once_in_the_order_of_the_lines(tmp_path):
    text = WHOLE.replace("currency: USD", "currency: x").replace("party: third", "party: x").replace("title:", "titel:")
    with pytest.raises(StudyError) as error:
        read(tmp_path, text)
    lines = [int(found) for found in re.findall(r"line (\d+):", str(error.value))]
    assert len(lines) >= 4
    assert lines == sorted(lines)


def test_a_name_that_stands_twice_is_reported_although_yaml_would_take_the_last(tmp_path):
    line = WHOLE[: WHOLE.index("currency: USD")].count("\n") + 2
    with pytest.raises(StudyError, match=f"line {line}: 'currency' stands twice"):
        read(tmp_path, WHOLE.replace("currency: USD", "currency: USD\ncurrency: EUR"))


def test_a_table_may_come_from_two_sources(tmp_path):
    second = re.search(r"(?s)  panel:\n.*?(?=      products:)", WHOLE).group().replace("panel", "web")
    sources, heading, tags = WHOLE.partition("\n# Tags of this study")
    study = read(tmp_path, f"{sources}{second}{heading}{tags}")
    assert [source.source for source in study.sources_of("order_lines")] == ["panel", "web"]
    assert study.source("order_lines").source == "panel"
    assert study.described_as(study.sources_of("order_lines")[1]) == "order_lines (web)"
    assert study.described_as(study.source("products")) == "products"


def test_a_study_in_which_nobody_does_or_says_anything_is_refused(tmp_path):
    tables = "|".join(BEHAVIOR_TABLES)
    text = re.sub(rf"(?m)^      (?:{tables}):\n(?:        .*\n)*", "", WHOLE)
    with pytest.raises(StudyError, match="what customers did or said; a study needs one of order_lines"):
        read(tmp_path, text)


def test_a_study_of_answers_only_is_a_study(tmp_path):
    others = "|".join(name for name in BEHAVIOR_TABLES if name != "survey_responses")
    text = re.sub(rf"(?m)^      (?:{others}):\n(?:        .*\n)*", "", WHOLE)
    study = read(tmp_path, text)
    assert study.delivers("survey_responses")
    assert not study.delivers("order_lines")


def test_a_first_day_after_the_last_is_refused(tmp_path):
    with pytest.raises(StudyError, match="first_day lies after last_day"):
        read(tmp_path, WHOLE.replace("first_day: 2017-01-01", "first_day: 2018-01-01"))


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "- a\n- b\n", "word"])
def test_a_file_that_says_nothing_is_refused(tmp_path, text):
    with pytest.raises(StudyError, match=r"shop\.yaml, line 1: .*empty"):
        read(tmp_path, text)


@pytest.mark.parametrize("text", ["title: [", "title: a\n  b: c: d\n", "\ttitle: x", "title: 'open\n", "[a]: b\n"])
def test_what_is_not_yaml_is_refused_with_its_line(tmp_path, text):
    with pytest.raises(StudyError, match=r"shop\.yaml, line \d+: this is not YAML"):
        read(tmp_path, text)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x01", b"title: \xe9\n", b"title: a\x00b\n"])
def test_a_file_that_is_no_text_is_refused(tmp_path, content):
    path = tmp_path / "shop.yaml"
    path.write_bytes(content)
    with pytest.raises(StudyError, match=r"shop\.yaml"):
        read_study_file(path)


def test_a_day_that_is_in_no_calendar_is_refused_with_its_line(tmp_path):
    line = WHOLE[: WHOLE.index("last_day: ")].count("\n") + 1
    with pytest.raises(StudyError, match=f"line {line}: there is no such day"):
        read(tmp_path, WHOLE.replace("last_day: 2017-12-31", "last_day: 2017-02-30"))


def test_a_study_that_does_not_exist_gets_the_nearest_name():
    with pytest.raises(StudyError, match="did you mean 'complete-journey'"):
        load_study("complete-jorney")


@pytest.mark.parametrize("name", ["../studies/complete-journey", "/etc/passwd", "a/b", ""])
def test_a_study_is_a_name_and_no_path(name):
    with pytest.raises(StudyError, match="there is no study"):
        load_study(name)


# Simulated parts


def without_mapping(column):
    """The study without one column of the contacts."""
    lines = [line for line in WHOLE.splitlines() if not line.strip().startswith(f"{column}:")]
    return "\n".join(lines)


def test_a_rating_without_the_moment_from_which_it_is_known_is_refused(tmp_path):
    with pytest.raises(StudyError, match="'csat' is known only since 'rated_at'"):
        read(tmp_path, without_mapping("rated_at"))
    assert read(tmp_path, without_mapping("csat")).delivers("contacts")


@pytest.mark.parametrize(
    ("simulator", "part"),
    [
        ("{ name: planted-shop, seed: 1 }", "planted-shop needs 'customers'"),
        ("{ name: companion, seed: 1, customers: 5 }", "remove 'customers'"),
        ("{ name: companion }", "'seed' is missing"),
        ("{ name: companion, seed: -1 }", "greater than or equal to 0"),
        ("{ name: oracle, seed: 1 }", "write one of 'planted-shop',"),
    ],
)
def test_a_simulator_is_a_whole_shop_or_a_companion(tmp_path, simulator, part):
    with pytest.raises(StudyError, match=re.escape(part)):
        read(tmp_path, re.sub(r"(?m)^simulator: .*\n", "", WHOLE) + f"\nsimulator: {simulator}\n")


def test_the_default_study_is_real_with_a_simulated_part():
    study = load_study("complete-journey")
    assert not study.simulated
    assert study.delivers("survey_responses")
    assert {study.source(name).provenance for name in study.simulated_tables} == {"simulated"}
    assert "order_lines" not in study.simulated_tables
