"""What the instructions for tags promise to readers who write no code: every example, every table and column holds."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd
import pytest
import yaml

from customer_patterns.cleaning import TABLES as CLEAN
from customer_patterns.segments.tags import tag_registry
from customer_patterns.segments.tags.registry import BESIDE, READABLE, TAGS_FILE
from customer_patterns.stage import schemas_of
from tests.segments.test_tags import COLUMNS, ENTRY, held, only, redemptions, registry

README = TAGS_FILE.with_name("README.md").read_text(encoding="utf-8")
SCHEMAS = {**CLEAN, **schemas_of("behavior"), **schemas_of("segments")}


def examples() -> dict[str, Any]:
    """The entries in the instructions, as a study file would hold them."""
    blocks = [yaml.safe_load(block.replace("…", "''")) for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)]
    return {key: entry for block in blocks for key, entry in block.get("tags", block).items()}


def asked_about() -> dict[str, set[str]]:
    """The tables that the instructions list, and the columns they name of each."""
    section = README.split("## Where to look")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {table.strip("`"): set(re.findall(r"`(\w+)`", named)) for _, table, _, named in rows[2:]}


def test_every_example_of_the_instructions_can_be_read() -> None:
    added = examples()
    assert {"coupon_user", "large_orders", "wine", "weekend_coupon"} <= set(added)
    assert set(added) <= set(tag_registry(COLUMNS, added=added))


def test_the_instructions_list_each_table_with_columns_that_it_has() -> None:
    listed = asked_about()
    assert set(listed) == set(READABLE)
    for table, named in listed.items():
        beside = SCHEMAS[BESIDE[table][0]].names if table in BESIDE else []
        assert named <= {*SCHEMAS[table].names, *beside}, table


def orders(*rows: tuple[str, str, float]) -> pd.DataFrame:
    who, days, spent = zip(*rows, strict=True)
    numbers = [f"o{number}" for number in range(len(rows))]
    return pd.DataFrame(
        {"customer_id": who, "order_id": numbers, "ordered_on": pd.to_datetime(days), "goods_revenue": spent}
    )


def test_large_orders_are_counted_as_the_example_says() -> None:
    bought = orders(
        *[("a", "2017-12-01", 100.0)] * 5, *[("b", "2017-12-01", 99.99)] * 5, *[("c", "2017-10-01", 200.0)] * 5
    )
    found = held(only(registry(x=examples()["large_orders"]), "x"), orders=bought)
    assert found["x"].to_dict() == {"a": 1, "b": 0, "c": 0, "d": 0}


def test_rows_between_two_days_count_and_no_others() -> None:
    entry = {key: value for key, value in ENTRY.items() if key not in ("days", "at_least")} | {"at_least": 1}
    entry |= {
        "table": "orders",
        "where": {"ordered_on": {"at_least": date(2017, 11, 17), "at_most": date(2017, 11, 23)}},
    }
    bought = orders(("a", "2017-11-17", 1), ("b", "2017-11-23", 1), ("c", "2017-11-16", 1), ("d", "2017-11-24", 1))
    assert held(only(registry(x=entry), "x"), orders=bought)["x"].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize(("where", "who"), [("Dog Foods", "ab"), ({"not": ["dog foods"]}, "c"), (["CATS"], "c")])
def test_capitals_do_not_matter_since_pages_write_them_their_own_way(where: Any, who: str) -> None:
    """A reader copies "Dog Foods" from a page; the delivery says DOG FOODS."""
    columns = {**COLUMNS, "coupon_redemptions": [*COLUMNS["coupon_redemptions"], "kind"]}
    entry = {key: value for key, value in ENTRY.items() if key != "days"} | {"where": {"kind": where}, "at_least": 1}
    tags = only(tag_registry(columns, added={"x": entry}), "x")
    table = redemptions(("a", "2017-06-01"), ("b", "2017-06-01"), ("c", "2017-06-01"))
    table = table.assign(kind=["DOG FOODS", "dog foods", "Cats"])
    assert "".join(held(tags, coupon_redemptions=table).query("x == 1").index) == who


def test_keys_are_told_apart_by_their_capitals() -> None:
    entry = {key: value for key, value in ENTRY.items() if key != "days"}
    entry |= {"where": {"coupon_id": "k1"}, "at_least": 1}
    table = redemptions(("a", "2017-06-01"), ("b", "2017-06-01")).assign(coupon_id=["k1", "K1"])
    assert held(only(registry(x=entry), "x"), coupon_redemptions=table)["x"].tolist()[:2] == [1, 0]


def test_a_value_of_one_row_is_compared_without_capitals_too() -> None:
    entry = {key: value for key, value in ENTRY.items() if key not in ("days", "at_least")}
    entry |= {"table": "customers", "measure": {"value": "home_ownership"}, "is": ["homeowner"]}
    table = pd.DataFrame({"customer_id": ["a", "b"], "home_ownership": ["Homeowner", "Renter"]})
    assert held(only(registry(x=entry), "x"), customers=table)["x"].tolist() == [1, 0, -1, -1]
