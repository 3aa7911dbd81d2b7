import ibis
import pandas as pd
import pytest

from customer_patterns.schemas import Column, SchemaError, TableSchema, check

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
