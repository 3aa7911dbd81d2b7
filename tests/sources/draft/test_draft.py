"""A draft is a study file that holds what can be seen, asks what cannot, and is refused until that is answered."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from customer_patterns.privacy import KEY, KEY_FILE
from customer_patterns.sources.draft import DraftError, draft_study
from customer_patterns.sources.draft.guessing import looks
from customer_patterns.sources.draft.vocabulary import meaning_of, plain, words
from customer_patterns.sources.draft.writing import UNANSWERED, scalar
from customer_patterns.study.file import StudyError, read_study_file
from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.deliveries import collected
from tests.sources.draft.exports import EXPORTS

Drafted = Callable[..., dict]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path / "root"))
    return tmp_path / "root"


@pytest.fixture
def drafted(root: Path) -> Drafted:
    """Draft a study from files and return what the file says."""

    def draft(*paths: Path, name: str = "drafted") -> dict:
        return yaml.safe_load(draft_study(paths, name=name, replace_old=True).path.read_text(encoding="utf-8"))

    return draft


def only_source(content: dict) -> dict:
    (source,) = content["sources"].values()
    return source


# The four exports


def test_a_chinese_export(tmp_path: Path, drafted: Drafted) -> None:
    content = drafted(EXPORTS["chinese"](tmp_path))
    assert (content["currency"], content["time_zone"], content["zh"]["customer"]["counted"]) == (
        "CNY",
        "Asia/Shanghai",
        "位客户",
    )
    source = only_source(content)
    assert source["format"] == {
        "encoding": "gb18030",
        "symbols": ["￥"],
        "dates": ["%Y年%m月%d日 %H:%M"],
        "time_zone": "Asia/Shanghai",
    } | ({"thousands": ","} if "thousands" in source["format"] else {})
    lines = source["tables"]["order_lines"]["columns"]
    assert (lines["order_id"], lines["ordered_at"], lines["revenue"]) == ("订单号", "下单时间", "实付金额")
    products = source["tables"]["products"]["columns"]
    assert (products["category"], products["department"]) == ("类目", "类目")  # a shop with one level of groups
    assert source["tables"]["identities"]["columns"]["phone"] == "手机号"
    assert (content["country"], content["phone_region"]) == ("CN", "CN")


def test_a_german_export(tmp_path: Path, drafted: Drafted) -> None:
    content = drafted(EXPORTS["german"](tmp_path))
    form = only_source(content)["format"]
    assert (form["delimiter"], form["decimal"], form["thousands"], form["encoding"]) == (";", ",", ".", "cp1252")
    assert form["dates"] == ["%d.%m.%Y %H:%M"]
    assert (content["currency"], content["time_zone"]) == ("EUR", "Europe/Berlin")
    assert content["country"] == "DE"
    assert "phone_region" not in content  # there are no telephone numbers
    assert only_source(content)["tables"]["order_lines"]["columns"]["store_id"] == "Filiale"


def test_an_american_export_with_a_line_above_its_header(tmp_path: Path, drafted: Drafted) -> None:
    content = drafted(EXPORTS["american"](tmp_path))
    form = only_source(content)["format"]
    assert (form["skip_rows"], form["thousands"], form["symbols"]) == (1, ",", ["$"])
    assert form["dates"] == ["%m/%d/%Y %I:%M %p"]
    assert content["currency"] == "USD"


def test_a_survey_sheet_with_one_row_each(tmp_path: Path, drafted: Drafted, root: Path) -> None:
    tables = only_source(drafted(EXPORTS["survey"](tmp_path)))["tables"]
    items = tables["survey_responses"]["wide"]["items"]
    assert len(items) == 15
    assert items["item_15"]["answers"] == {"非常不满意": 1, "不满意": 2, "一般": 3, "满意": 4, "非常满意": 5}
    assert tables["customers"]["columns"] == {"customer_id": "受访者编号", "age_group": "年龄段", "gender": "性别"}
    listed = (root / tables["survey_items"]["location"]).read_text(encoding="utf-8").splitlines()
    assert listed[1] == "item_01,dimension,商品质量,商品质量,1,5,positive"
    assert listed[15] == "item_15,overall,,总体满意度,1,5,positive"


@pytest.mark.parametrize("name", EXPORTS)
def test_a_draft_is_refused_until_somebody_says_why_the_data_may_be_used(
    name: str, tmp_path: Path, drafted: Drafted, root: Path
) -> None:
    drafted(EXPORTS[name](tmp_path))
    path = root / "data" / "studies" / "drafted.yaml"
    with pytest.raises(StudyError) as refused:
        read_study_file(path)
    assert str(refused.value).count("still to be answered") == 4
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{UNANSWERED}"', "our own shop"), encoding="utf-8")
    study = read_study_file(path)
    assert study.first_day <= study.last_day


def test_a_sheet_that_names_no_day_and_nobody(tmp_path: Path, drafted: Drafted, root: Path) -> None:
    path = EXPORTS["passengers"](tmp_path)
    os.utime(path, (1_772_900_000, 1_772_900_000))  # 7 March 2026 in New York
    content = drafted(path)
    assert content["first_day"] == content["last_day"] == date(2026, 3, 7)
    tables = only_source(content)["tables"]
    assert tables["survey_responses"]["columns"]["answered_at"] == {"constant": "2026-03-07T12:00-05:00"}
    assert "customer_id" not in tables["survey_responses"]["columns"]  # a customer's type is no number of theirs
    assert tables["customers"]["columns"] == {
        "customer_id": {"made_of": "line"},
        "age_group": {"column": "Age", "bands": [18, 25, 35, 45, 55, 65]},
        "gender": "Gender",
    }
    items = tables["survey_responses"]["wide"]["items"]
    assert len(items) == 15
    assert items["item_01"] == {"column": "Inflight wifi service", "not_asked": ["0"]}
    assert items["item_15"] == {"column": "satisfaction", "answers": {"neutral or dissatisfied": 2, "satisfied": 4}}
    listed = (root / tables["survey_items"]["location"]).read_text(encoding="utf-8").splitlines()
    assert listed[1] == "item_01,dimension,Inflight wifi service,Inflight wifi service,1,5,positive"
    assert listed[15] == "item_15,overall,,satisfaction,1,5,positive"


def test_reviews_of_a_label_and_a_text(tmp_path: Path, drafted: Drafted) -> None:
    content = drafted(EXPORTS["reviews"](tmp_path))
    assert (content["time_zone"], content["country"]) == ("Asia/Shanghai", "CN")  # the texts are in Chinese
    columns = only_source(content)["tables"]["feedback"]["columns"]
    assert columns.pop("written_at")["constant"][10:16] == "T12:00"
    assert columns == {
        "feedback_id": {"made_of": "line"},
        "rating": {"column": "label", "values": {"0": "1", "1": "5"}},
        "text": "review",
    }


def test_purchases_without_numbers_are_orders_of_their_own(tmp_path: Path, drafted: Drafted) -> None:
    rows = "".join(f"c{n % 3},2026-01-{n:02d},9.90\n" for n in range(1, 20))
    (tmp_path / "sales.csv").write_text("customer id,date,amount\n" + rows, encoding="utf-8")
    assert only_source(drafted(tmp_path / "sales.csv"))["tables"]["order_lines"]["columns"]["order_id"] == {
        "made_of": "line"
    }


def test_a_price_of_one_unit_is_multiplied_and_asked_about(tmp_path: Path, drafted: Drafted) -> None:
    rows = "".join(f"5{n},85123A,6,12/{n}/2010 8:26,2.55,178{n:02d},France\n" for n in range(1, 20))
    header = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    (tmp_path / "online.csv").write_text(header + rows, encoding="utf-8")
    draft = draft_study([tmp_path / "online.csv"], name="priced")
    assert any("it is multiplied with 'Quantity'" in question for question in draft.questions)
    columns = only_source(yaml.safe_load(draft.path.read_text(encoding="utf-8")))["tables"]["order_lines"]["columns"]
    assert columns["revenue"] == {"column": "UnitPrice", "times": "quantity"}


def test_opportunities_of_a_sales_tool(tmp_path: Path, drafted: Drafted) -> None:
    stages = ("Lead", "Qualified", "Proposal", "Closed Won")
    rows = "".join(
        f"D{n},A{n % 7},{stage},2026-0{1 + k}-1{n % 9},500.00\n" for n in range(20) for k, stage in enumerate(stages)
    )
    (tmp_path / "deals.csv").write_text("Deal ID,Account,Stage,Stage Date,Amount\n" + rows, encoding="utf-8")
    columns = only_source(drafted(tmp_path / "deals.csv"))["tables"]["opportunities"]["columns"]
    words = {"Closed Won": "won", "Lead": "lead", "Proposal": "quote", "Qualified": "analysis"}
    assert columns["stage"] == {"column": "Stage", "values": words}
    assert (columns["amount"], columns["entered_at"]) == ("Amount", "Stage Date")


def test_what_is_known_later_says_when_or_is_left_out(tmp_path: Path, drafted: Drafted) -> None:
    rows = "".join(f"{n},2026-02-{n:02d} 10:00,2026-02-{n:02d} 12:00,u{n % 5},good,Bo\n" for n in range(1, 20))
    rows += "20,2026-02-20 10:00,2026-02-20 11:00,u1,bad,Al\n"
    header = "Ticket ID,Created at,Solved at,Requester,Satisfaction rating,Agent\n"
    (tmp_path / "tickets.csv").write_text(header + rows, encoding="utf-8")
    columns = only_source(drafted(tmp_path / "tickets.csv"))["tables"]["contacts"]["columns"]
    assert columns["csat"] == {"column": "Satisfaction rating", "values": {"bad": "1", "good": "5"}}
    assert columns["rated_at"] == columns["closed_at"] == "Solved at"
    assert "agent_id" not in columns  # nobody says when the agent answered


def test_children_among_the_customers_are_asked_about(tmp_path: Path, drafted: Drafted, root: Path) -> None:
    path = EXPORTS["passengers"](tmp_path)
    rows = path.read_text(encoding="utf-8").splitlines()
    rows[1] = re.sub(r"Customer,\d+,", "Customer,9,", rows[1])
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    content = drafted(path)
    assert content["protected"] == {"minors": UNANSWERED}
    assert only_source(content)["tables"]["customers"]["columns"]["age_group"]["bands"][:2] == [16, 18]
    with pytest.raises(StudyError, match="why may data about minors be used"):
        read_study_file(root / "data" / "studies" / "drafted.yaml")


def test_what_is_answered_once_holds_for_all_files(tmp_path: Path, drafted: Drafted, root: Path) -> None:
    drafted(EXPORTS["american"](tmp_path), EXPORTS["passengers"](tmp_path))
    path = root / "data" / "studies" / "drafted.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(f'"{UNANSWERED}"') == 4
    path.write_text(text.replace(f'"{UNANSWERED}"', "our own shop"), encoding="utf-8")
    assert {source.owner for source in read_study_file(path).sources} == {"our own shop"}


def test_a_key_is_spoken_of_where_the_files_say_who_somebody_is(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY, raising=False)
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "none"))
    assert draft_study([EXPORTS["chinese"](tmp_path)], name="told").needs_key
    assert not draft_study([EXPORTS["american"](tmp_path)], name="untold").needs_key
    monkeypatch.setenv(KEY, "a phrase of the tests, and no secret")
    assert not draft_study([EXPORTS["chinese"](tmp_path)], name="again").needs_key


@pytest.mark.parametrize("name", EXPORTS)
def test_what_was_drafted_can_be_taken_in(
    name: str, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but the four answers stands between a draft and a run; times that clocks skip may be set aside."""
    monkeypatch.setenv(KEY, "a phrase of the tests, and no secret")
    path = draft_study([EXPORTS[name](tmp_path)], name="taken").path
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{UNANSWERED}"', "our own shop"), encoding="utf-8")
    account = collected(read_study_file(path)).account
    assert (account["delivered"] > 0).all()
    assert account["kept"].sum() >= account["delivered"].sum() - 2
    assert account["before_window"].sum() == 0


# Other kinds of files


def test_json_lines_of_events_by_day_become_one_pattern(tmp_path: Path, drafted: Drafted) -> None:
    for day in ("0105", "0106"):
        events = [
            {"ts": f"2026-{day[:2]}-{day[2:]}T10:00:0{n}Z", "user": {"id": f"u{n}"}, "event": "page_view", "url": "/"}
            for n in range(5)
        ]
        with gzip.open(tmp_path / f"events_2026{day}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps({**event, "event time": event["ts"]}) + "\n" for event in events)
    source = only_source(drafted(*sorted(tmp_path.glob("*.gz"))))
    assert source["reader"] == "jsonl"
    assert source["tables"]["events"]["location"].endswith("events_2026010*.jsonl.gz")
    assert source["tables"]["events"]["columns"]["customer_id"] == "user.id"


def test_a_list_inside_json_is_found(tmp_path: Path, drafted: Drafted) -> None:
    reviews = [
        {"review id": f"r{n}", "date": f"2026-01-{n:02d}", "stars": n % 5 + 1, "text": "fine"} for n in range(1, 9)
    ]
    (tmp_path / "reviews.json").write_text(json.dumps({"page": 1, "data": {"items": reviews}}), encoding="utf-8")
    source = only_source(drafted(tmp_path / "reviews.json"))
    assert source["format"]["records"] == "data.items"
    assert source["tables"]["feedback"]["columns"]["rating"] == "stars"


@pytest.mark.parametrize("lines", [True, False], ids=["jsonl", "json"])
def test_a_list_of_lines_within_orders_is_opened(tmp_path: Path, drafted: Drafted, lines: bool) -> None:
    orders = [
        {
            "id": n, "order date": f"2026-01-{n:02d} 10:00", "total": "12.50", "customer": {"id": f"c{n % 4}"},
            "line items": [{"sku": sku, "quantity": 1, "amount": "9.00"} for sku in ("A1", "B2")],
        }
        for n in range(1, 20)
    ]  # fmt: skip
    name, text = ("orders.jsonl", "\n".join(map(json.dumps, orders))) if lines else ("orders.json", json.dumps(orders))
    (tmp_path / name).write_text(text, encoding="utf-8")
    table = only_source(drafted(tmp_path / name))["tables"]["order_lines"]
    assert table["each"] == {"column": "line items"}
    columns = table["columns"]
    assert columns["order_id"] == "id"
    assert (columns["product_id"], columns["quantity"]) == ("line items.sku", "line items.quantity")
    assert columns["revenue"] == "line items.amount"  # and not the total, which would count for each line
    assert (columns["customer_id"], columns["ordered_at"]) == ("customer.id", "order date")


def test_purchases_without_products_get_a_constant(tmp_path: Path, drafted: Drafted) -> None:
    rows = "".join(f"{n},c{n % 3},2026-01-{n:02d},9.90\n" for n in range(1, 20))
    (tmp_path / "orders.csv").write_text("order id,customer id,date,amount\n" + rows, encoding="utf-8")
    columns = only_source(drafted(tmp_path / "orders.csv"))["tables"]["order_lines"]["columns"]
    assert columns["product_id"] == {"constant": "everything"}
    assert columns["quantity"] == {"constant": 1}


def test_the_last_day_is_that_of_all_records_and_not_of_a_sample(tmp_path: Path, drafted: Drafted) -> None:
    rows = "".join(f"{n},c{n % 9},2026-01-05,9.90\n" for n in range(6000)) + "7001,c1,2026-09-30,1.00\n"
    (tmp_path / "orders.csv").write_text("order id,customer id,date,amount\n" + rows, encoding="utf-8")
    assert drafted(tmp_path / "orders.csv")["last_day"].isoformat() == "2026-09-30"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.csv", b"", "is empty"),
        ("page.csv", b"<html><body>Error 500</body></html>", "markup"),
        ("one.csv", b"a\nb\nc\n", "one column only"),
        ("values.csv", b"1,2,3\n4,5,6\n", "no header"),
        ("twice.csv", b"id,price,price\n1,2,3\n", "several columns called 'price'"),
        ("strange.csv", b"foo,bar\nx,y\n", "no table of a study fits"),
        ("broken.json", b'{"a": [1, 2', "not valid JSON"),
        ("fake.xlsx", b"a,b\n1,2\n", "cannot be opened"),
        ("undated.csv", b"customer id,age\nc1,30\nc2,40\n", "when something happened"),
    ],
)
def test_what_cannot_be_drafted_gets_one_sentence(
    name: str, content: bytes, why: str, tmp_path: Path, drafted: Drafted, root: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DraftError, match=why):
        drafted(tmp_path / name)
    assert not list(root.rglob("*.yaml"))


def test_a_study_that_is_there_is_not_overwritten(tmp_path: Path, root: Path) -> None:
    path = EXPORTS["american"](tmp_path)
    draft_study([path], name="orders")
    with pytest.raises(DraftError, match="--replace"):
        draft_study([path], name="orders")


# Names and values


def test_a_name_stands_under_one_meaning_only() -> None:
    named = [plain(name) for names in words().values() for name in names]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("订单号", "order_id"),
        ("Kunden-Nr.", "customer_id"),
        ("Stückzahl", "quantity"),
        ("金额（元）", "revenue"),
        ("InvoiceNo", "order_id"),
    ],
)
def test_what_senders_vary_does_not_matter(name: str, meaning: str) -> None:
    assert meaning_of(name) == (meaning, True)


def test_day_and_month_that_could_change_places_are_both_named() -> None:
    assert looks(["05/01/2026", "06/02/2026"]).dates.formats == ("%d/%m/%Y", "%m/%d/%Y")
    assert looks(["05/01/2026", "16/02/2026"]).dates.formats == ("%d/%m/%Y",)


def test_numbers_are_taken_as_they_are_written() -> None:
    german, english = looks(["1.234,50", "3,20"]).numbers, looks(["1,234.50", "3.20"]).numbers
    assert (german.decimal, german.thousands) == (",", ".")
    assert (english.decimal, english.thousands) == (".", ",")
    assert looks(["A1", "B2"]).numbers is None


@pytest.mark.parametrize(
    "value", ["no", "1.5", "%d.%m.%Y", "a: b", "- x", "", "ja#nein", 'say "so"', "订单号", "?", "2026-01-05"]
)
def test_what_is_written_is_read_again_as_the_same_text(value: str) -> None:
    assert yaml.safe_load(f"x: {scalar(value)}") == {"x": value}
