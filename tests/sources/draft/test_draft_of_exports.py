"""What exports of well-known systems hold, which a draft once took for something else, or passed over."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from customer_patterns.privacy import KEY
from customer_patterns.sources.draft import Draft, draft_study
from customer_patterns.sources.draft.guessing import looks
from customer_patterns.sources.draft.writing import UNANSWERED
from customer_patterns.study.file import StudyError, read_study_file
from customer_patterns.study.places import OUTPUT_ROOT
from tests.sources.deliveries import collected
from tests.sources.draft.exports import EXPORTS

#: What ten people wrote under two questions; some wrote nothing.
LIKED = ["Friendly staff, always", "", "Good bread and fresh milk", "The short way", "", *["Nothing at all"] * 5]
WRONG = ["", "Long queues on Fridays", "", "Hardly any parking", "Queues", *["More bread in the evening"] * 5]


@pytest.fixture
def drafted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Draft, dict]]:
    """Write rows as a file, draft a study from it, and return the draft and what its file says."""
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path / "root"))
    monkeypatch.setenv(KEY, "a phrase of the tests, and no secret")

    def draft(name: str, rows: list[list[str]], *, encoding: str = "utf-8") -> tuple[Draft, dict]:
        with (tmp_path / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
        made = draft_study([tmp_path / name], name="drafted", replace_old=True)
        return made, yaml.safe_load(made.path.read_text(encoding="utf-8"))

    return draft


def tables_of(content: dict) -> dict:
    (source,) = content["sources"].values()
    return source["tables"]


def answered(draft: Draft, **answers: str) -> Path:
    """The study file with its questions answered: the four of every source alike, others by name."""
    text = draft.path.read_text(encoding="utf-8")
    for name, answer in answers.items():
        text = text.replace(f'{name}: "{UNANSWERED}"', f"{name}: {answer}")
    draft.path.write_text(text.replace(f'"{UNANSWERED}"', "our own shop"), encoding="utf-8")
    return draft.path


def sheets(*, who: bool = True) -> list[list[str]]:
    head = ["Quality", "Price", "Staff", "Delivery", "What did you like most?", "Suggestions"]
    rows = [
        [*(str((n + q) % 5 + 1) for q in range(4)), liked, wrong]
        for n, (liked, wrong) in enumerate(zip(LIKED, WRONG, strict=True))
    ]
    dated = [[f"0{n + 1}/03/2026 10:00", f"0{n + 1}/03/2026 10:05", *row] for n, row in enumerate(rows[:9])]
    dated.append(["10/03/2026 10:00", "10/03/2026 10:05", *rows[9]])
    named = ["Respondent ID"] if who else []
    return [
        [*named, "Start time", "Completion time", *head],
        *([*([f"R{n:03d}"] if who else []), *row] for n, row in enumerate(dated)),
    ]


def orders_of_a_marketplace() -> list[list[str]]:
    head = [
        "订单编号", "买家会员名", "订单状态", "订单创建时间", "宝贝标题", "商品分类",
        "数量", "单价", "实付金额", "收货人", "联系手机", "省份",
    ]  # fmt: skip
    return [head] + [
        [f"24018{n:06d}", f"user{n % 4}", "交易成功", f"2026年1月{n}日 10:00:00", f"牛奶{n % 2}", "乳品",
         "1", "￥9.90", "￥9.90", "王伟", f"1380000000{n % 4}", "浙江省"]
        for n in range(1, 21)
    ]  # fmt: skip


def test_the_orders_of_a_chinese_marketplace_are_purchases_of_its_members(drafted: Callable) -> None:
    """They were once taken for page views, since nothing was known to mean a buyer."""
    draft, content = drafted("ExportOrderList.csv", orders_of_a_marketplace(), encoding="gbk")
    tables = tables_of(content)
    lines = tables["order_lines"]["columns"]
    assert (lines["customer_id"], lines["revenue"], lines["status"]) == ("买家会员名", "实付金额", "订单状态")
    assert tables["identities"]["columns"]["phone"] == "联系手机"
    assert "events" not in tables
    account = collected(read_study_file(answered(draft))).account
    assert account.set_index("table").at["order_lines", "kept"] == 20  # prices of a unit bear the sign of money, too


def test_where_no_column_says_who_bought_a_person_is_asked(drafted: Callable) -> None:
    rows = [["Order ID", "Order Date", "SKU", "Quantity", "Total", "Xyzzy"]]
    rows += [[str(n), f"2026-01-{n:02d}", f"P{n % 3}", "1", "9.90", f"C{n % 4}"] for n in range(1, 21)]
    draft, content = drafted("orders.csv", rows)
    assert tables_of(content)["order_lines"]["columns"]["customer_id"] == UNANSWERED
    assert any(question.endswith("name it at customer_id") for question in draft.questions)
    assert collected(read_study_file(answered(draft, customer_id="Xyzzy"))).account["kept"].sum() == 20


def test_a_question_that_is_left_open_is_refused_before_any_run(drafted: Callable) -> None:
    rows = [["Order ID", "Order Date", "SKU", "Quantity", "Total", "Xyzzy"]]
    rows += [[str(n), f"2026-01-{n:02d}", f"P{n % 3}", "1", "9.90", f"C{n % 4}"] for n in range(1, 21)]
    draft, _ = drafted("orders.csv", rows)
    with pytest.raises(StudyError):
        read_study_file(draft.path)


@pytest.mark.parametrize("who", [True, False], ids=["named", "nobody"])
def test_what_people_wrote_under_open_questions_is_feedback(drafted: Callable, who: bool) -> None:
    draft, content = drafted("sheet.csv", sheets(who=who))
    asked = [source["tables"]["feedback"]["columns"] for source in content["sources"].values()]
    assert [columns["text"] for columns in asked] == ["What did you like most?", "Suggestions"]
    taken = collected(read_study_file(answered(draft)))
    texts = taken.tables["feedback"].to_pandas()
    assert texts["feedback_id"].is_unique
    assert sorted(texts["text"].dropna()) == sorted(text for text in LIKED + WRONG if text)
    answers = taken.tables["survey_responses"].to_pandas()
    assert set(texts["customer_id"]) == set(answers["customer_id"])  # whoever wrote is whoever rated


def test_keys_of_two_questions_without_a_part_would_be_the_same(drafted: Callable) -> None:
    """The broken twin: of two texts of one sheet the later delivery would count, and the other be lost."""
    draft, _ = drafted("sheet.csv", sheets())
    path = answered(draft)
    path.write_text(path.read_text(encoding="utf-8").replace(", part: text-1", "").replace(", part: text-2", ""))
    texts = collected(read_study_file(path)).tables["feedback"].to_pandas()
    assert len(texts) < len(LIKED) + len(WRONG) or not texts["feedback_id"].is_unique


def test_a_sheet_is_dated_by_when_it_was_handed_in(drafted: Callable) -> None:
    _, content = drafted("sheet.csv", sheets())
    first = next(iter(content["sources"].values()))
    assert first["tables"]["survey_responses"]["columns"]["answered_at"] == "Completion time"


def test_labels_and_traits_of_a_sheet_are_no_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path / "root"))
    for name in ("survey", "passengers"):
        path = draft_study([EXPORTS[name](tmp_path)], name=name).path
        assert "feedback" not in path.read_text(encoding="utf-8"), name


def test_of_a_headline_and_a_body_the_body_is_the_text(drafted: Callable) -> None:
    rows = [["review id", "review date", "stars", "review summary", "what the review says"]]
    rows += [[f"R{n}", f"2026-01-{n:02d}", str(n % 5 + 1), "Fine", f"It broke after {n} days"] for n in range(1, 21)]
    _, content = drafted("reviews.csv", rows)
    assert tables_of(content)["feedback"]["columns"]["text"] == "what the review says"


def test_orders_of_unknown_buyers_stop_no_run_that_was_drafted(drafted: Callable) -> None:
    """More than a contract allows by itself come without a customer: the draft says how many, and may be corrected."""
    rows = [["Order ID", "Customer ID", "Order Date", "SKU", "Quantity", "Total"]]
    rows += [
        [str(n), "" if n % 8 == 0 else f"C{n % 4}", f"2026-01-{n % 28 + 1:02d}", "P1", "1", "9.90"] for n in range(80)
    ]
    draft, content = drafted("orders.csv", rows)
    (source,) = content["sources"].values()
    assert source["format"]["worst_share"] == 0.2
    account = collected(read_study_file(answered(draft))).account
    assert (account["kept"].sum(), account["set_aside"].sum()) == (70, 10)


def test_files_of_one_form_are_called_by_what_they_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path / "root"))
    for month in ("01", "02"):
        rows = "".join(f"{month}{n},c{n % 3},2026-{month}-{n:02d},9.90\n" for n in range(1, 20))
        (tmp_path / f"journal_2026-{month}.csv").write_text("order id,customer id,date,amount\n" + rows)
    draft = draft_study(sorted(tmp_path.glob("*.csv")), name="drafted")
    content = yaml.safe_load(draft.path.read_text(encoding="utf-8"))
    assert list(content["sources"]) == ["journal-2026-0"]
    assert content["about"] == "Customers as seen in journal_2026-0*.csv"


def test_a_table_of_several_files_names_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The later file's name once took the earlier one's place, as if only that had been read."""
    monkeypatch.setenv(OUTPUT_ROOT, str(tmp_path / "root"))
    draft = draft_study([EXPORTS[name](tmp_path) for name in ("german", "american")], name="drafted")
    assert draft.tables["order_lines"] == ("Verkäufe.csv", "orders export.csv")


def test_how_long_values_are_is_told_in_letters() -> None:
    assert looks(["milk", "bread", "", None]).length == 4.5
    assert looks(["牛奶"]).length == 4
