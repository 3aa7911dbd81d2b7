"""Records that repeat another one, and lines of one product in one order: found by hash, decided by comparison."""

from __future__ import annotations

from datetime import datetime
from itertools import product

import ibis
import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.cleaning import rules
from tests.cleaning.deliveries import clean, rows

MONEY = ("revenue", "retail_discount", "coupon_discount", "coupon_match_discount")
#: Orders and products twice each, in three quantities: with and without a twin.
LINES = pd.DataFrame(
    [(o, p, q) for (o, p), q in product([("1", "x"), ("1", "y"), ("2", "x")], [1, 1, 2])]
    + [("3", "z", 7), ("4", None, 1)],
    columns=["order_id", "product_id", "quantity"],
).assign(ordered_at=datetime(2017, 1, 3), **dict.fromkeys(MONEY, 1.5))


@pytest.fixture
def tables():
    backend = warehouse.connect()
    backend.con.register("lines", LINES)
    return {"order_lines": backend.table("lines").cast(dict.fromkeys(MONEY, "decimal(18, 2)"))}


def counted(table: ibis.Table) -> list[tuple]:
    frame = table.to_pandas().astype(object)
    return sorted(frame.where(frame.notna(), "").astype(str).itertuples(index=False, name=None))


def steps(tables):
    """Both rules, one after the other: what they find, and what is left."""
    alike = rules.Alike("order_lines", *rules.LINE_KEY)
    found = []
    for rule in (rules.exact_duplicates("order_lines", among=alike), rules.same_product_twice(among=alike)):
        found.append(rule.found(tables).count().to_pyarrow().as_py())
        tables = rule.clean(tables)
    return found, counted(tables["order_lines"])


def test_both_rules_find_what_comparing_every_column_finds(tables):
    found, left = steps(tables)
    distinct = LINES.drop_duplicates()
    sums = distinct.groupby(["order_id", "product_id"], dropna=False)["quantity"].sum()
    assert found == [len(LINES) - len(distinct), len(distinct) - len(sums)] == [3, 3]
    assert sorted(int(row[2]) for row in left) == sorted(sums)


@pytest.mark.parametrize("hashes", [1, 2])
def test_hashes_that_many_records_share_by_chance_change_nothing(tables, monkeypatch, hashes):
    expected = steps(tables)
    whole = rules.Alike._numbered
    monkeypatch.setattr(
        rules.Alike, "_numbered", lambda self, rows: whole(self, rows).mutate(_hash=ibis._["_hash"] % hashes)
    )
    assert steps(tables) == expected


def test_a_rule_that_trusted_the_hash_alone_would_be_caught(tables, monkeypatch):
    expected = steps(tables)
    whole = rules.Alike._numbered
    monkeypatch.setattr(rules.Alike, "_numbered", lambda self, rows: whole(self, rows).mutate(_hash=ibis.literal(1)))
    monkeypatch.setattr(rules.Alike, "candidates", lambda self, tables: tables["order_lines"].limit(1))
    assert steps(tables) != expected


def test_where_no_record_shares_its_key_nothing_is_compared(tables):
    single = {"order_lines": tables["order_lines"].filter(ibis._.order_id == "3")}
    alike = rules.Alike("order_lines", *rules.LINE_KEY)
    assert alike.candidates(single).count().to_pyarrow().as_py() == 0
    assert alike.others(single) is single["order_lines"]


def test_one_code_in_two_spellings_is_one_code():
    given = {
        "feedback": [{"feedback_id": "f1"}, {"feedback_id": "f2"}],
        "feedback_codes": [
            {"feedback_id": "f1", "coder": "Ann", "kind": "theme", "code": "price"},
            {"feedback_id": "f2", "coder": "Ann", "kind": "theme", "code": "price"},
            {"feedback_id": "f1", "coder": "Ann", "kind": "theme", "code": "Price"},
        ],
    }
    codes = rows(clean(**given), "feedback_codes")
    assert codes[["feedback_id", "code"]].to_numpy().tolist() == [["f1", "price"], ["f2", "price"]]
