"""Lists within a record, as the contract says: values that become records, values that become one text."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns import warehouse
from customer_patterns.sources.intake import take_in
from customer_patterns.sources.raw import DeliveryError
from customer_patterns.sources.readers.json_lists import opened
from customer_patterns.sources.readers.json_records import Found
from customer_patterns.study.file import StudyError, read_study_file
from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.deliveries import collected, contract, put, study
from tests.sources.test_reader_api import Service

NESTED = {"order_id": "orders.id", "customer_id": "customer.id", "product_id": "orders.lines.sku",
          "ordered_at": "orders.at", "quantity": "orders.lines.units", "revenue": "orders.lines.paid"}  # fmt: skip
BASKET = {"order_id": "receipt", "customer_id": "customer", "product_id": "products", "ordered_at": "sold",
          "quantity": {"constant": 1}, "revenue": {"constant": 0}}  # fmt: skip


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path))
    return tmp_path


@pytest.fixture
def take(root):
    """Take in one source: its rows, what was set aside, what was repaired."""
    backend = warehouse.connect()

    def run(source):
        taken = take_in(backend, source, study=study(source), as_of=dt.date(2026, 1, 31))
        rows = taken.table.order_by("_file", "_line", "product_id").to_pyarrow().to_pylist()
        aside = taken.set_aside[["line", "code", "column"]].to_numpy().tolist()
        repairs = taken.repairs[["line", "code", "column"]].to_numpy().tolist()
        return rows, aside, repairs

    return run


def customer(key, *orders):
    return {"customer": {"id": key}, "orders": list(orders)}


def order(key, *lines, at="2026-01-05 10:00:00"):
    named = [
        dict(zip(("sku", "units", "paid"), line, strict=True)) if isinstance(line, tuple) else line for line in lines
    ]
    return {"id": key, "at": at, "lines": named}


# JSON ----------------------------------------------------------------------------------------------------------------

DELIVERED = [
    customer("001", order("A", ("milk", 1, 2.50), ("bread", 2, 4.98)), order("B", ("milk", 1, 2.50))),
    customer("002", order("C", ("soap", 1, 3.00))),
]
WANTED = [("A", "001", "milk"), ("A", "001", "bread"), ("B", "001", "milk"), ("C", "002", "soap")]


def nested(location, reader, **more):
    return contract(location, reader=reader, columns=NESTED, each={"column": "orders.lines"}, **more)


@pytest.mark.parametrize("reader", ["json", "jsonl"])
def test_each_value_of_a_list_is_a_record_beside_what_stands_around_it(root, take, reader):
    text = json.dumps(DELIVERED) if reader == "json" else "\n".join(map(json.dumps, DELIVERED))
    put(root, f"orders.{reader}", text)
    rows, aside, repairs = take(nested(f"orders.{reader}", reader))
    assert [(row["order_id"], row["customer_id"], row["product_id"]) for row in rows] == WANTED
    assert [row["_line"] for row in rows] == [1, 2, 3, 4]  # counted: two records never have one number
    assert sum(row["revenue"] for row in rows) == Decimal("12.98")
    assert (aside, repairs) == ([], [])


def test_pages_of_a_service_are_opened_like_files_and_overlaps_are_still_found(take, monkeypatch):
    monkeypatch.setenv("CRM_TOKEN", "geheim")
    service = Service().delivers([DELIVERED, [DELIVERED[1], customer("003", order("D", ("milk", 1, 1.00)))]])
    source = nested(
        f"{service.address}/orders", "api", connection="CRM_TOKEN",
        format={"records": "data.items", "cursor": {"parameter": "after", "field": "paging.after"}},
    )  # fmt: skip
    rows, aside, _ = take(source)
    service.close()
    assert [row["order_id"] for row in rows] == ["A", "A", "B", "C", "D"]
    assert aside == [[5, "D_REPEATED", None]]


def test_a_fault_in_one_value_of_a_list_sets_that_one_aside_and_no_other(root, take):
    faulty = [
        customer("001", order("A", ("milk", 1, 2.50), "bread", ("soap", "many", 3.00))),
        customer("002"),
        customer("003", order("B"), order("C", None)),
        {"customer": {"id": "004"}, "orders": {"id": "D"}},
        {"customer": {"id": "005"}},
        {"customer": {"id": "006"}, "orders": [17]},
        "nothing",
    ]
    put(root, "orders.json", json.dumps(faulty))
    rows, aside, repairs = take(nested("orders.json", "json", format={"worst_share": 0.9}))
    assert [(row["order_id"], row["product_id"]) for row in rows] == [("A", "milk")]
    assert (
        aside
        == [
            [2, "E_NOT_OBJECT", "orders.lines.sku"],
            [3, "E_INTEGER", "orders.lines.units"],
            [9, "E_NO_LIST", "orders.lines"],
            [10, "E_NOT_OBJECT", None],
        ]
        or aside
    )
    assert (
        repairs
        == [
            [4, "S_EMPTY_LIST", "orders.lines"],
            [5, "S_EMPTY_LIST", "lines"],
            [6, "S_EMPTY_VALUE", "lines"],
        ]
        or repairs
    )


def test_a_list_that_nobody_opens_is_still_set_aside(root, take):
    put(root, "orders.json", json.dumps(DELIVERED))
    with pytest.raises(DeliveryError, match="E_LIST"):
        take(contract("orders.json", reader="json", columns=NESTED))


TAGS = {"order_id": "id", "customer_id": "who", "product_id": {"column": "tags", "join": ";"}, "ordered_at": "at",
        "quantity": {"constant": 1}, "revenue": {"constant": 0}}  # fmt: skip


def test_the_values_of_a_list_become_one_text_where_the_contract_says_so(root, take):
    tags = [["b", "a"], "c", ["x;y", "z"], [["a"]], [1, True, None, 2.50], [{"a": 1}]]
    records = [{"id": f"R{n}", "who": "1", "at": "2026-01-05", "tags": values} for n, values in enumerate(tags)]
    put(root, "orders.jsonl", "\n".join(map(json.dumps, records)))
    rows, aside, _ = take(contract("orders.jsonl", reader="jsonl", columns=TAGS, format={"worst_share": 0.9}))
    assert [(row["order_id"], row["product_id"]) for row in rows] == [("R0", "b;a"), ("R1", "c"), ("R4", "1;true;2.5")]
    assert aside == [[3, "E_LIST", "tags"], [4, "E_LIST", "tags"], [6, "E_LIST", "tags"]]


_values = st.recursive(
    st.one_of(st.none(), st.text(max_size=3), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abx"), inner, max_size=3)),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(content=_values, path=st.lists(st.sampled_from("abx"), min_size=1, max_size=3))
def test_whatever_is_delivered_each_record_is_opened_or_stays_one_with_a_reason(content, path):
    parts = list(opened(Found(1, json.dumps(content), content), path))
    assert parts
    for part in parts:
        if part.fault is None and isinstance(content, dict):
            inner = part.content
            for name in path[:-1]:
                inner = inner[name]
            assert inner[path[-1]] is not None


# Text ----------------------------------------------------------------------------------------------------------------


def baskets(*lists, delimiter=","):
    rows = [delimiter.join([f"R{n}", "C1", "2026-01-05 10:00:00", text]) for n, text in enumerate(lists, 1)]
    return "\n".join([delimiter.join(["receipt", "customer", "sold", "products"]), *rows]) + "\n"


def split(location="baskets.csv", separator=";", **more):
    return contract(location, columns=BASKET, each={"column": "products", "separator": separator}, **more)


def test_a_list_in_a_text_becomes_a_record_per_value_and_never_letters(root, take):
    put(root, "baskets.csv", baskets("milk; bread;soap", "milk", "", "a;;b; ", ";;"))
    rows, aside, repairs = take(split())
    assert [(row["order_id"], row["product_id"]) for row in rows] == [
        ("R1", "bread"), ("R1", "milk"), ("R1", "soap"), ("R2", "milk"), ("R4", "a"), ("R4", "b"),
    ]  # fmt: skip
    assert aside == []
    assert repairs == [
        [4, "S_EMPTY_LIST", "products"],
        [5, "S_EMPTY_VALUE", "products"],
        [6, "S_EMPTY_LIST", "products"],
    ]


def test_a_list_in_a_workbook_is_read_like_one_in_a_text_file(root, take):
    book = openpyxl.Workbook()
    for line in (["receipt", "customer", "sold", "products"], ["R1", "C1", dt.datetime(2026, 1, 5), "牛奶、面包"]):
        book.active.append(line)
    book.save(root / "baskets.xlsx")
    rows, _, _ = take(split("baskets.xlsx", "、", reader="excel"))
    assert [row["product_id"] for row in rows] == ["牛奶", "面包"]


def test_a_wrong_separator_refuses_the_file_and_names_the_one_that_is_there(root, take):
    put(root, "baskets.csv", baskets("milk|bread", "soap", "milk|soap|bread", "bread|milk"))
    with pytest.raises(DeliveryError, match=r"baskets.csv, line 2, column 'products'.*E_LIST_SEPARATOR.*'\|'"):
        take(split())


def test_a_product_with_a_comma_in_its_name_is_no_wrong_separator(root, take):
    put(root, "baskets.csv", baskets('"milk, whole"', "bread;soap", '"milk, whole"', "bread", '"soap, red"', '"x, y"'))
    rows, _, _ = take(split())
    assert [row["product_id"] for row in rows][:3] == ["milk, whole", "bread", "soap"]


def test_of_a_list_with_a_key_only_the_values_delivered_again_are_replaced(root):
    put(root, "baskets_1.csv", baskets("milk;bread", "soap"))
    put(root, "baskets_2.csv", baskets("bread;cheese"))
    found = collected(study(split("baskets_*.csv", key=("order_id", "product_id"))))
    lines = found.tables["order_lines"].to_pyarrow().to_pylist()
    assert sorted((row["order_id"], row["product_id"]) for row in lines) == [
        ("R1", "bread"), ("R1", "cheese"), ("R1", "milk"), ("R2", "soap"),
    ]  # fmt: skip
    account = found.account.iloc[0]
    assert (account["delivered"], account["kept"], account["replaced"]) == (5, 4, 1)


def test_of_an_answer_sheet_only_the_answers_delivered_again_are_replaced(root):
    """Once all answers of a sheet were dropped with one of them, and the account did not add up."""
    head = "who,at,quality,price\n"
    put(root, "sheets_1.csv", f"{head}1,2026-01-05,5,4\n2,2026-01-05,3,3\n")
    put(root, "sheets_2.csv", f"{head}1,2026-01-06,2,\n")
    sheets = contract(
        "sheets_*.csv", table="survey_responses", key=("customer_id", "wave", "item_id"),
        columns={"wave": {"constant": "w"}, "customer_id": "who", "answered_at": "at"},
        wide={"items": {"quality": "quality", "price": "price"}},
    )  # fmt: skip
    found = collected(study(sheets))
    answers = found.tables["survey_responses"].to_pyarrow().to_pylist()
    assert sorted((row["customer_id"], row["item_id"], row["answer"]) for row in answers) == [
        ("1", "price", 4), ("1", "quality", 2), ("2", "price", 3), ("2", "quality", 3),
    ]  # fmt: skip


# The contract --------------------------------------------------------------------------------------------------------


def declared(tmp_path: Path, reader: str, columns: dict, **more) -> Path:
    """A study file with one table of order lines."""
    told = dict.fromkeys(("owner", "purpose", "legal_basis", "retention"), "invented")
    table = {"location": "x", "columns": columns, **more}
    source = {"reader": reader, "provenance": "simulated", "party": "first", "tables": {"order_lines": table}, **told}
    period = {"first_day": dt.date(2026, 1, 1), "last_day": dt.date(2026, 1, 31), "time_zone": "UTC"}
    content = {"title": "t", "about": "a", "customer": {"one": "c", "many": "cs"}, "currency": "CNY", **period}
    path = tmp_path / "shop.yaml"
    path.write_text(yaml.safe_dump({**content, "sources": {"s": source}}), encoding="utf-8")
    return path


BESIDE = {**NESTED, "revenue": "orders.total"}


@pytest.mark.parametrize(
    ("reader", "columns", "more", "says"),
    [
        ("csv", BASKET, {"each": {"column": "products"}}, "needs 'separator'"),
        ("csv", BASKET, {"each": {"column": "products", "seperator": ";"}}, "did you mean 'separator'"),
        ("csv", TAGS, {}, "'join' is for lists of JSON"),
        (
            "json",
            {**NESTED, "revenue": "orders.total"},
            {"each": {"column": "orders.lines"}},
            "'revenue' stands beside",
        ),
        ("csv", {**BASKET, "quantity": "n"}, {"each": {"column": "products", "separator": ";"}}, "'quantity' stands"),
        ("csv", BASKET, {"watch": ["sold"]}, "'watch' is for databases"),
    ],
)
def test_a_contract_that_would_misread_a_list_is_refused(tmp_path, reader, columns, more, says):
    with pytest.raises(StudyError, match=says):
        read_study_file(declared(tmp_path, reader, columns, **more))


def test_a_contract_with_a_list_is_read(tmp_path):
    path = declared(tmp_path, "csv", BASKET, each={"column": "products", "separator": ";"})
    (source,) = read_study_file(path).sources
    assert set(source.required_columns) == {"receipt", "customer", "products", "sold"}
