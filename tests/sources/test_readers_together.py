"""Deliveries in several formats, taken in from the file to the canonical table, with an account of every record."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3

import openpyxl
import pytest

from customer_patterns import warehouse
from customer_patterns.sources.intake import take_in
from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.deliveries import contract, study
from tests.sources.test_reader_api import Service, contact


@pytest.fixture
def take(tmp_path, monkeypatch):
    """Take in one source below a temporary root."""
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    backend = warehouse.connect()

    def run(source, as_of=dt.date(2026, 1, 31)):
        taken = take_in(backend, source, study=study(source), as_of=as_of)
        rows = taken.table.order_by("_file", "_line").to_pyarrow().to_pylist()
        return taken, rows

    return run


SHEETS = [
    ["会员号", "时间", "质量", "总体", "年龄"],
    ["001", dt.datetime(2026, 1, 5, 10), 5, "非常满意", "20-30"],
    ["002", dt.datetime(2026, 1, 5, 11), 99, "1;2", "30-40"],
    ["003", dt.datetime(2026, 1, 5, 12), None, "非常满意", "40-50"],
]


def test_one_workbook_feeds_answers_and_customers(take, tmp_path):
    book = openpyxl.Workbook()
    for line in SHEETS:
        book.active.append(line)
    book.save(tmp_path / "sheets.xlsx")
    answers = contract(
        "sheets.xlsx", table="survey_responses", reader="excel", format={"worst_share": 0.5},
        columns={"wave": {"constant": "w1"}, "customer_id": "会员号", "answered_at": "时间"},
        wide={
            "items": {"quality": "质量", "overall": {"column": "总体", "answers": {"非常满意": 5}}},
            "dont_know": [99],
        },
    )  # fmt: skip
    taken, rows = take(answers)
    found = {(row["customer_id"], row["item_id"]): row["answer"] for row in rows}
    assert found == {("001", "quality"): 5, ("001", "overall"): 5, ("002", "quality"): None, ("003", "overall"): 5}
    assert {row["answered_at"] for row in rows if row["customer_id"] == "001"} == {dt.datetime(2026, 1, 5, 10)}
    assert taken.set_aside[["line", "code", "column"]].to_numpy().tolist() == [[3, "E_SEVERAL_ANSWERS", "总体"]]
    assert taken.repairs[["line", "code", "column"]].to_numpy().tolist() == [[3, "R_DONT_KNOW", "质量"]]
    _, rows = take(
        contract(
            "sheets.xlsx", table="customers", reader="excel", columns={"customer_id": "会员号", "age_group": "年龄"}
        )
    )
    assert [(row["customer_id"], row["age_group"]) for row in rows] == [
        ("001", "20-30"), ("002", "30-40"), ("003", "40-50"),
    ]  # fmt: skip


def test_daily_files_of_json_lines_are_one_delivery(take, tmp_path):
    for day in (1, 2):
        lines = [
            json.dumps({"id": day * 100 + i, "who": {"id": f"{i:05}"}, "at": f"2026-01-0{day}"}) for i in range(30)
        ]
        (tmp_path / f"contacts_{day}.jsonl").write_text("\n".join([*lines, "{bad"]))
    source = contract(
        "contacts_*.jsonl", table="contacts", reader="jsonl",
        columns={"contact_id": "id", "customer_id": "who.id", "opened_at": "at"},
    )  # fmt: skip
    taken, rows = take(source)
    assert len(rows) == 60
    assert (rows[7]["contact_id"], rows[7]["customer_id"], rows[30]["_file"]) == ("107", "00007", 1)
    assert taken.set_aside[["file", "line", "code"]].to_numpy().tolist() == [[0, 31, "E_JSON"], [1, 31, "E_JSON"]]
    again, same = take(source)
    assert same == rows
    assert again.files == taken.files


def test_a_database_is_asked_once_for_a_day(take, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_DATABASE", "sqlite:///shop.db")
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE lines (receipt, customer, product, sold, pieces, paid)")
        connection.execute("INSERT INTO lines VALUES ('a', '001', 'x', '2026-01-05 10:00:00', 1, 19.99)")
    source = contract("lines", reader="sql", connection="SHOP_DATABASE", key=("order_id", "product_id"))
    taken, rows = take(source)
    assert [(row["customer_id"], row["ordered_at"], str(row["revenue"])) for row in rows] == [
        ("001", dt.datetime(2026, 1, 5, 10), "19.99")
    ]
    (tmp_path / "shop.db").unlink()
    assert take(source, as_of=dt.date(2026, 1, 10))[1] == rows
    assert [file.name for file in taken.files] == ["till.order_lines/2026-01-31/records.parquet"]


def test_pages_of_a_service_are_one_delivery_with_each_record_once(take, monkeypatch):
    monkeypatch.setenv("CRM_TOKEN", "geheim")
    service = Service().delivers([[contact(n) for n in range(40)], [contact(n) for n in range(30, 80)]], total=80)
    source = contract(
        f"{service.address}/contacts", table="contacts", reader="api", connection="CRM_TOKEN",
        columns={"contact_id": "id", "customer_id": "who.id", "opened_at": "at"},
        format={"records": "data.items", "cursor": {"parameter": "after", "field": "paging.after"}, "total": "total"},
    )  # fmt: skip
    taken, rows = take(source)
    service.close()
    assert [row["contact_id"] for row in rows] == [str(number) for number in range(80)]
    assert taken.set_aside[["line", "code"]].to_numpy().tolist() == [[n, "D_REPEATED"] for n in range(41, 51)]
    assert take(source, as_of=dt.date(2026, 1, 5))[1] == rows  # the service is gone, what it said is here
