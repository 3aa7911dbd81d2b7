import ibis
import pandas as pd
import pytest

from customer_patterns.schemas import Column, SchemaError, TableSchema, check
from customer_patterns.schemas import table as promises

VISITS = TableSchema(
    name="visits",
    grain="visit",
    key=("customer_id", "visited_on"),
    columns=(
        Column("customer_id", "text", "who"),
        Column("visited_on", "date", "when"),
        Column("minutes", "integer", "how long", minimum=0, maximum=600),
        Column("channel", "text", "where", levels=("shop", "web"), nullable=True),
    ),
)


def visits(**changes):
    rows = {
        "customer_id": ["a", "b"],
        "visited_on": [pd.Timestamp("2017-01-02").date(), pd.Timestamp("2017-01-02").date()],
        "minutes": [5, 10],
        "channel": ["shop", None],
    }
    return ibis.memtable(pd.DataFrame({**rows, **changes}))


def test_a_table_that_keeps_its_promise_passes():
    check(visits(), VISITS)


@pytest.mark.parametrize(
    ("changes", "breach"),
    [
        ({"minutes": [-1, 10]}, "minutes is below 0 in 1 rows"),
        ({"minutes": [5, 601]}, "minutes is above 600 in 1 rows"),
        ({"channel": ["shop", "fax"]}, "channel is not one of shop, web in 1 rows"),
        ({"customer_id": ["a", None]}, "customer_id is empty in 1 rows"),
        ({"customer_id": ["a", "a"]}, r"the key \(customer_id, visited_on\) is not unique in 1 rows"),
        ({"minutes": ["5", "10"]}, "minutes is string, wanted int64"),
    ],
)
def test_each_breach_is_named_with_its_count(changes, breach):
    with pytest.raises(SchemaError, match=breach):
        check(visits(**changes), VISITS)


def test_missing_and_undeclared_columns_are_named():
    with pytest.raises(SchemaError, match=r"lacks channel; has undeclared shop"):
        check(visits().rename(shop="channel"), VISITS)


def test_a_key_must_be_declared():
    with pytest.raises(ValueError, match="undeclared columns"):
        TableSchema("t", "row", ("id",), (Column("name", "text", "a name"),))


def days(*pairs):
    """Visits of a customer on a day of January, in this order."""
    frame = pd.DataFrame(pairs, columns=["customer_id", "day"])
    on = [pd.Timestamp(2017, 1, day).date() for day in frame.pop("day")]
    return ibis.memtable(frame.assign(visited_on=on, minutes=5, channel="web"))


@pytest.mark.parametrize("pairs", [[("a", 1), ("a", 2), ("b", 1)], [("b", 1), ("a", 2), ("a", 1)], [("a", 1)], []])
def test_keys_that_differ_pass_whatever_order_they_were_meant_to_have(pairs):
    check(days(*pairs) if pairs else days(("a", 1)).filter(ibis.literal(False)), VISITS, in_order=True)


TWICE = [[("a", 1), ("a", 1), ("b", 1)], [("a", 1), ("b", 1), ("a", 1)]]


@pytest.mark.parametrize("pairs", TWICE)
def test_a_key_that_stands_twice_is_found_beside_its_twin_and_far_from_it(pairs):
    with pytest.raises(SchemaError, match=r"the key \(customer_id, visited_on\) is not unique in 1 rows"):
        check(days(*pairs), VISITS, in_order=True)


def test_a_check_that_took_equal_for_larger_would_not_find_it(monkeypatch):
    monkeypatch.setattr(
        promises, "_upward", lambda table, key: table[key[0]] >= table[key[0]].lag().over(ibis.window())
    )
    with pytest.raises(pytest.fail.Exception), pytest.raises(SchemaError):
        check(days(*TWICE[0]), VISITS, in_order=True)
