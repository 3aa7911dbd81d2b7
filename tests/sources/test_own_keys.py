"""What a study file says of records without a number, of ages in years, and of prices of one unit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from customer_patterns import warehouse
from customer_patterns.sources.intake import Taken, take_in
from customer_patterns.sources.values.per_unit import multiplied
from customer_patterns.study.file import StudyError, read_study_file
from customer_patterns.study.origins import ColumnFrom
from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.deliveries import contract, study

REVIEWS = {
    "feedback_id": {"made_of": "line"},
    "written_at": {"constant": "2026-01-05T12:00+08:00"},
    "rating": {"column": "label", "values": {"0": "1", "1": "5"}},
    "text": "review",
}
PEOPLE = {"customer_id": {"made_of": "line"}, "age_group": {"column": "age", "bands": [18, 30, 45]}}
SHEETS = {"wave": {"constant": "1"}, "answered_at": {"constant": "2026-01-05T12:00+08:00"}}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return tmp_path


def delivered(root: Path, reader: str, **columns: list[str]) -> str:
    """Put a file of these columns below the root; its name."""
    frame, path = pd.DataFrame(columns), root / f"delivered.{reader}"
    match reader:
        case "csv":
            frame.to_csv(path, index=False)
        case "jsonl":
            frame.to_json(path, orient="records", lines=True)
        case _:
            frame.to_parquet(path)
    return path.name


def taken(**source: object) -> Taken:
    declared = contract(**source)
    return take_in(warehouse.connect(), declared, study=study(declared), as_of=dt.date(2026, 1, 31))


def values(of: Taken, *names: str) -> list[tuple]:
    rows = of.table.order_by("_file", "_line").to_pyarrow().select(list(names)).to_pylist()
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize("reader", ["csv", "parquet", "jsonl"])
def test_each_record_gets_a_key_that_is_its_own_and_stays(root: Path, reader: str) -> None:
    place = delivered(root, reader, label=["1", "0", "1"], review=["good", "bad", "good"])
    source = {"table": "feedback", "columns": REVIEWS, "reader": reader, "location": place}
    found = values(taken(**source), "feedback_id", "rating", "text")
    assert [row[1:] for row in found] == [(5, "good"), (1, "bad"), (5, "good")]
    assert len({row[0] for row in found}) == 3  # two reviews with the same words are two
    assert found == values(taken(**source), "feedback_id", "rating", "text")


def test_what_one_sheet_says_in_two_tables_has_one_key(root: Path) -> None:
    place = delivered(root, "csv", age=["17", "45.0", "n/a"], quality=["4", "5", "1"])
    told = taken(
        table="survey_responses",
        columns=SHEETS,
        wide={"items": {"quality": "quality"}},
        reader="csv",
        location=place,
    )
    people = taken(table="customers", columns=PEOPLE, reader="csv", location=place)
    ages = dict(values(people, "customer_id", "age_group"))
    answers = dict(values(told, "customer_id", "answer"))
    assert [(ages[key], answers[key]) for key in ages] == [("under 18", 4), ("45+", 5), ("n/a", 1)]


def test_bands_hold_every_age_once() -> None:
    words = ColumnFrom(column="age", bands=[16, 40]).words
    assert [words[str(age)] for age in (0, 15, 16, 39, 40, 150)] == ["under 16"] * 2 + ["16-39"] * 2 + ["40+"] * 2
    assert "151" not in words
    assert words["39.0"] == "16-39"
    with pytest.raises(ValidationError, match="rise"):
        ColumnFrom(column="age", bands=[40, 16])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"columns": {**REVIEWS, "written_at": {"made_of": "line"}}}, "is no key and cannot be made of a line"),
        ({"each": {"column": "review", "separator": ";"}}, "would be the same for all values of a list"),
        ({"columns": {**REVIEWS, "feedback_id": {"made_of": "file"}}}, "write one of 'line'"),
        ({"columns": {**REVIEWS, "feedback_id": {"made_of": "line", "of": 1}}}, "did you mean|not known"),
    ],
)
def test_a_key_that_cannot_be_made_is_refused_with_its_line(root: Path, change: dict, why: str) -> None:
    path = Path(__file__).parents[2] / "data" / "studies" / "planted-shop.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    source = next(iter(content["sources"].values()))
    content["sources"] = {
        "own": {
            **source,
            "reader": "csv",
            "tables": {"feedback": {"location": "reviews.csv", "columns": REVIEWS, **change}},
        }
    }
    target = root / "own.yaml"
    target.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(StudyError, match=why):
        read_study_file(target)


# Money of one unit


PRICED = {
    "order_id": "order",
    "customer_id": "customer",
    "product_id": "sku",
    "ordered_at": "at",
    "quantity": "pieces",
    "revenue": {"column": "price", "times": "quantity"},
}


@pytest.mark.parametrize("reader", ["csv", "parquet", "jsonl"])
def test_the_price_of_a_unit_counts_for_all_units(root: Path, reader: str) -> None:
    pieces, prices = ["3", "-2", "x", "9", "1"], ["2.55", "10", "1", "9000000000000000", "0.10"]
    place = delivered(
        root,
        reader,
        order=list("abcde"),
        customer=["1"] * 5,
        sku=["p"] * 5,
        at=["2026-01-05"] * 5,
        pieces=pieces,
        price=prices,
    )
    source = {"table": "order_lines", "columns": PRICED, "reader": reader, "location": place}
    found = taken(**source, format={"worst_share": 1.0})
    assert values(found, "order_id", "revenue") == [
        ("a", Decimal("7.65")),
        ("b", Decimal("-20.00")),
        ("e", Decimal("0.10")),
    ]
    aside = found.set_aside.sort_values("line")
    assert aside["code"].tolist() == ["E_NUMBER", "E_OVERFLOW"]
    assert aside["column"].tolist() == ["pieces", "price"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.none() | st.decimals(-(10**15), 10**15, places=2), st.none() | st.integers(-(2**40), 2**40)),
        max_size=20,
    )
)
@example([(Decimal("9999999999999999.99"), 1), (Decimal("5000000000000000.00"), 2), (Decimal("-0.01"), 10**18 - 1)])
@example([(Decimal("0.00"), -(2**63)), (Decimal("0.01"), -(2**63)), (Decimal("9999999999999999.99"), 2**63 - 1)])
def test_a_product_is_exact_or_missing(rows: list[tuple[Decimal | None, int | None]]) -> None:
    money = pa.array([price for price, _ in rows], pa.decimal128(18, 2))
    units = pa.array([count for _, count in rows], pa.int64())
    for (price, count), product in zip(rows, multiplied(money, units).to_pylist(), strict=True):
        fits = price is not None and count is not None and abs(price * count) < Decimal(10) ** 16
        assert product == (price * count if fits else None)


def test_units_that_are_not_delivered_multiply_nothing(root: Path) -> None:
    path = Path(__file__).parents[2] / "data" / "studies" / "planted-shop.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    source = next(iter(content["sources"].values()))
    columns = {**PRICED, "quantity": {"constant": 1}}
    content["sources"] = {
        "own": {**source, "reader": "csv", "tables": {"order_lines": {"location": "lines.csv", "columns": columns}}}
    }
    target = root / "own.yaml"
    target.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(StudyError, match="'times' multiplies money with a mapped column of whole numbers"):
        read_study_file(target)
