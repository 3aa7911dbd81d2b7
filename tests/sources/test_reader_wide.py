"""Answer sheets with a column per item: answers, three ways of giving none, cells that hold too much."""

from __future__ import annotations

from pathlib import Path

import ibis
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customer_patterns import warehouse
from customer_patterns.sources.raw import DeliveredFile, Raw, repair_frame, set_aside_frame
from customer_patterns.sources.readers import wide
from customer_patterns.sources.scales import scale_warnings
from customer_patterns.study.contract import Source

BACKEND = warehouse.connect()

CONTRACT = {
    "items": {
        "quality": "质量评分",
        "price": "价格评分",
        "overall": {"column": "总体评价", "answers": {"非常满意": 5, "very satisfied": 5, "不满意": 2}},
    },
    "not_asked": [-1, "跳题"],
    "dont_know": ["不知道", 98],
    "refused": ["99"],
}


def declare(**more):
    return Source(
        source="survey", table="survey_responses", reader="excel", location="sheets.xlsx", provenance="simulated",
        owner="nobody", party="first", purpose="tests", legal_basis="invented", retention="none",
        columns={"wave": {"constant": "2026"}, "customer_id": "会员号", "answered_at": "时间"},
        wide={**CONTRACT, **more},
    )  # fmt: skip


def sheets(**columns):
    frame = pd.DataFrame({**columns, "_file": 0})
    frame["_line"] = range(2, len(frame) + 2)
    table = ibis.memtable(frame, schema={name: "string" for name in columns} | {"_file": "int32", "_line": "int64"})
    return Raw((), tuple(columns), table, set_aside_frame(), repair_frame())


def unfold(source, **columns):
    return wide.unfold(BACKEND, sheets(**columns), source)


def rows(raw, *names):
    found = raw.records.order_by("_line", "_item").to_pyarrow().select(list(names)).to_pylist()
    return [tuple(row.values()) for row in found]


SHEETS = {
    "会员号": ["001", "002", "003", "004"],
    "时间": ["2026-01-05"] * 4,
    "质量评分": ["5", "跳题", "1;3", ""],
    "价格评分": [" 4 ", "98", "99", None],
    "总体评价": ["非常满意", "不满意", "very satisfied", "还行吧"],
}


def test_a_sheet_becomes_a_row_per_answer_and_three_ways_of_giving_none():
    raw = unfold(declare(), **SHEETS)
    assert rows(raw, "_line", "会员号", "_item", "_answer", "_no_answer") == [
        (2, "001", "overall", "5", None),
        (2, "001", "price", "4", None),
        (2, "001", "quality", "5", None),
        (3, "002", "overall", "2", None),
        (3, "002", "price", None, "dont_know"),
        (3, "002", "quality", None, "not_asked"),
        (4, "003", "overall", "5", None),
        (4, "003", "price", None, "refused"),
    ]
    assert raw.repairs[["line", "code", "column"]].to_numpy().tolist() == [
        [3, "R_DONT_KNOW", "价格评分"], [3, "R_NOT_ASKED", "质量评分"], [4, "R_REFUSED", "价格评分"],
    ]  # fmt: skip
    assert raw.set_aside[["line", "code", "column", "detail", "raw"]].to_numpy().tolist() == [
        [4, "E_SEVERAL_ANSWERS", "质量评分", "9;9", "1;3"], [5, "E_ANSWER", "总体评价", "xxx", "还行吧"],
    ]  # fmt: skip


def test_what_an_item_says_of_its_answers_counts_for_it_alone():
    source = declare(items={**CONTRACT["items"], "price": {"column": "价格评分", "refused": ["0"]}})
    raw = unfold(source, **{**SHEETS, "价格评分": ["99", "0", "98", "3.0"]})
    assert [row for row in rows(raw, "_line", "_item", "_answer", "_no_answer") if row[1] == "price"] == [
        (2, "price", "99", None), (3, "price", None, "refused"), (4, "price", None, "dont_know"),
        (5, "price", "3", None),
    ]  # fmt: skip


def test_an_empty_cell_is_an_answer_not_given_only_where_the_contract_says_so():
    raw = unfold(declare(refused=[""]), **SHEETS)
    assert [row for row in rows(raw, "_line", "_item", "_no_answer") if row[0] == 5] == [
        (5, "price", "refused"), (5, "quality", "refused"),
    ]  # fmt: skip


def test_a_column_may_be_an_item_and_a_column_of_the_sheet_too():
    source = declare()
    both = source.model_copy(update={"columns": {**source.columns, "customer_id": "总体评价"}})
    assert rows(unfold(both, **SHEETS), "总体评价", "_item", "_answer")[0] == ("非常满意", "overall", "5")


def test_the_contract_of_unfolded_sheets_takes_item_and_answer_from_them():
    columns = wide.unfolded(declare()).delivered_columns
    assert (columns["item_id"], columns["answer"], columns["customer_id"]) == ("_item", "_answer", "会员号")
    assert set(declare().required_columns) == set(SHEETS)


@pytest.mark.parametrize("double", [{"refused": [98]}, {"answers": {"98": 1}}])
def test_a_code_that_means_two_things_is_refused(double):
    with pytest.raises(ValueError, match="'98' means two things"):
        declare(**double)


CELLS = st.one_of(st.integers(0, 10).map(str), st.sampled_from(["-1", "98", "99", "", "1,2", "好", "非常满意"]))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=30))
def test_every_cell_is_a_row_or_empty_or_set_aside(cells):
    columns = {name: [row[i] for row in cells] for i, name in enumerate(["质量评分", "价格评分", "总体评价"])}
    sheet = {"会员号": [str(i) for i in range(len(cells))], "时间": ["2026-01-05"] * len(cells), **columns}
    raw = unfold(declare(), **sheet)
    found = rows(raw, "_answer", "_no_answer")
    empty = sum(cell == "" for row in cells for cell in row)
    assert len(found) + len(raw.set_aside) + empty == 3 * len(cells)
    assert all((answer is None) != (reason is None) for answer, reason in found)
    assert sum(reason is not None for _, reason in found) == len(raw.repairs)


def test_the_broken_twin_that_melts_and_coerces_is_found_out():
    """What pandas does: codes of no answer become ratings, several answers and words become nothing at all."""
    frame = pd.DataFrame(SHEETS).melt(["会员号", "时间"], ["质量评分", "价格评分"], "_item", "_answer")
    theirs = sorted(pd.to_numeric(frame["_answer"], errors="coerce").dropna().astype(int))
    ours = sorted(int(a) for a, i in rows(unfold(declare(), **SHEETS), "_answer", "_item") if a and i != "overall")
    assert ours == [4, 5]
    assert theirs == [4, 5, 98, 99]


# Scales -------------------------------------------------------------------------------------------------------------


def survey(answers, *, directions=("positive", "positive", "positive")):
    """Answers by customer (rows) to three items of one dimension (columns), on a scale from 1 to 5."""
    responses = [
        {"wave": "1", "customer_id": str(customer), "item_id": "abc"[item], "answer": answer}
        for customer, row in enumerate(answers)
        for item, answer in enumerate(row)
    ]
    items = [
        {"item_id": "abc"[item], "role": "dimension", "dimension": "service", "scale_low": 1, "scale_high": 5,
         "direction": direction}
        for item, direction in enumerate(directions)
    ]  # fmt: skip
    schema = {"wave": "string", "customer_id": "string", "item_id": "string", "answer": "int64"}
    return ibis.memtable(pd.DataFrame(responses).astype({"answer": "Int64"}), schema=schema), ibis.memtable(
        pd.DataFrame(items)
    )


REVERSED = [(1, 1, 5), (2, 2, 4), (3, 3, 3), (4, 4, 2), (5, 5, 1), (1, 2, 5), (5, 4, 1), (2, 1, 4)]


def test_an_item_worded_the_other_way_round_goes_against_the_others():
    found = scale_warnings(*survey(REVERSED)).set_index("item_id")
    # c is 6 - a throughout; the mean of a and b rises with a, so c falls with it
    pairs = pd.DataFrame(REVERSED, columns=["a", "b", "c"])
    by_hand = pairs["c"].corr((pairs["a"] + pairs["b"]) / 2)
    assert found.loc["c", "rest_correlation"] == pytest.approx(by_hand, abs=1e-6)
    assert found["against_the_others"].to_dict() == {"a": False, "b": False, "c": True}
    declared = scale_warnings(*survey(REVERSED, directions=("positive", "positive", "reversed")))
    assert not declared["against_the_others"].any()
    assert (declared["rest_correlation"] > 0.9).all()


def test_answers_that_the_scale_lacks_are_counted_and_left_out_of_the_rest():
    found = scale_warnings(*survey([*REVERSED, (9, 9, 9), (0, None, 6)])).set_index("item_id")
    assert found["outside_scale"].to_dict() == {"a": 2, "b": 1, "c": 2}
    assert (found.loc["a", "lowest"], found.loc["a", "highest"], found.loc["b", "answers"]) == (0, 9, 9)
    same = scale_warnings(*survey(REVERSED)).set_index("item_id")
    assert found["rest_correlation"].equals(same["rest_correlation"])


def test_too_few_sheets_or_no_spread_say_nothing():
    few = scale_warnings(*survey(REVERSED[:3]))
    flat = scale_warnings(*survey([(3, 3, 3)] * 9))
    for found in (few, flat):
        assert found["rest_correlation"].isna().all()
        assert not found["against_the_others"].any()


def test_a_sheet_that_names_nobody_is_one_by_a_person_of_its_own():
    contract = declare()
    source = contract.model_copy(update={"columns": {n: c for n, c in contract.columns.items() if n != "customer_id"}})
    cells = {name: SHEETS[name] for name in ("时间", "质量评分", "价格评分", "总体评价")}
    keys = dict(rows(unfold(source, **cells), "_line", wide.SHEET))
    assert len(keys) == len(set(keys.values())) == 3  # the last sheet has no answer that can be read
    assert wide.unfolded(source).columns["customer_id"] == wide.SHEET
    assert wide.unfolded(contract).columns["customer_id"] == "会员号"
    # Two files of as many lines are not of the same people.
    files = tuple(DeliveredFile(name, Path(name), "", 0, None, None) for name in ("north.csv", "south.csv"))
    both = sheets(**{name: [*column, *column] for name, column in cells.items()})
    numbered = both.records.mutate(_file=(both.records["_line"] > 5).cast("int32"))
    numbered = numbered.mutate(_line=(numbered["_line"] - 2) % 4 + 2)
    raw = wide.unfold(BACKEND, Raw(files, both.columns, numbered, both.set_aside, both.repairs), source)
    assert len(set(rows(raw, wide.SHEET))) == 6
