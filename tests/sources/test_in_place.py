"""Tables read in place: what a proven cast makes of them is what the rules for single values make of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from functools import lru_cache

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from customer_patterns.sources import in_place
from customer_patterns.sources.in_place import convert_in_place
from customer_patterns.sources.values.convert import convert
from customer_patterns.warehouse import connect
from tests.sources.values.deliveries import STUDY, contract, delivered, rows

COLUMNS = {
    "order_id": "order",
    "customer_id": "customer",
    "product_id": "product",
    "store_id": "store",
    "ordered_at": "at",
    "quantity": "units",
    "revenue": "amount",
    "delivered_week": "week",
    "channel": "channel",
}
DAY = datetime(2026, 3, 5, 12)


def lines(**columns):
    """Three plain order lines in types of their own, some of their columns others."""
    plain = {
        "order": pa.array([1, 2, 3], pa.int64()),
        "customer": ["007", "07", "客-1"],
        "product": pa.array([0, -1, 2**40], pa.int64()),
        "store": pa.array([9, None, 9], pa.int32()),
        "at": pa.array([DAY, DAY, DAY + timedelta(hours=1)], pa.timestamp("us")),
        "units": pa.array([1.0, 2.0, -0.0], pa.float64()),
        "amount": pa.array([12.5, -0.01, 3.0], pa.float64()),
        "week": pa.array([1, 2, None], pa.int16()),
        "channel": ["web", "", None],
    }
    return plain | columns


@lru_cache
def duck():
    return connect()


def both(columns, **form):
    """What a table becomes in place, and what it becomes by the rules."""
    source = contract("order_lines", COLUMNS, reader="parquet", time_zone="Asia/Shanghai", **form)
    told = []
    backend = duck()
    for way in (convert_in_place, convert):
        made = way(backend, delivered(backend, columns), source, study=STUDY)
        told.append((rows(made, *made.table.columns), made.set_aside, made.repairs, str(made.table.schema())))
    return told


def agree(columns, **form):
    (rows_a, aside_a, repairs_a, kinds_a), (rows_b, aside_b, repairs_b, kinds_b) = both(columns, **form)
    assert kinds_a == kinds_b
    names = ["file", "line", "code", "column", "detail"]
    assert repr(rows_a) == repr(rows_b)  # a negative zero is another one
    pd.testing.assert_frame_equal(aside_a[names].astype(object), aside_b[names].astype(object), check_index_type=False)
    pd.testing.assert_frame_equal(repairs_a.astype(object), repairs_b.astype(object), check_index_type=False)
    return rows_a, aside_a, repairs_a


@pytest.fixture
def whole(monkeypatch):
    """Count the tables that had to be converted record by record."""
    found = []
    monkeypatch.setattr(in_place, "convert", lambda *args, **how: (found.append(1), convert(*args, **how))[1])
    return found


def test_plain_columns_are_cast_and_nothing_is_copied():
    backend = duck()
    source = contract("order_lines", COLUMNS, reader="parquet", time_zone="UTC")
    found = convert_in_place(backend, delivered(backend, lines()), source, study=STUDY)
    named = backend.con.execute("SELECT view_name FROM duckdb_views()").fetchall()
    assert (found.table.get_name(),) in named
    assert rows(found, "customer_id", "store_id", "quantity", "revenue", "channel") == [
        ("007", "9", 1, D("12.50"), "web"),
        ("07", None, 2, D("-0.01"), None),
        ("客-1", "9", 0, D("3.00"), None),
    ]


def test_what_is_left_of_sums_of_cents_is_no_repair(whole):
    amounts = pa.array([0.1 + 0.2, 1.776357e-15, 840.0 - 839.99], pa.float64())
    source = contract("order_lines", COLUMNS, reader="parquet")
    backend = duck()
    found = convert_in_place(backend, delivered(backend, lines(amount=amounts)), source, study=STUDY)
    assert rows(found, "revenue") == [(D("0.30"),), (D("0.00"),), (D("0.01"),)]
    assert found.repairs.empty
    assert not whole
    _, _, repairs = agree(lines(amount=amounts))
    assert repairs.empty


def test_half_a_cent_is_a_repair(whole):
    _, _, repairs = agree(lines(amount=pa.array([0.305, 1.0, 2.0], pa.float64())))
    assert repairs["code"].tolist() == ["R_ROUNDED"]
    assert whole


CELLS = {
    "order": st.one_of(st.integers(-3, 2**53), st.none()),
    "customer": st.sampled_from(["1", " 1", "1.0", "１", "NA", "", "1E+05", "a\0", "客", None, "x" * 30]),
    "product": st.integers(0, 3),
    "store": st.one_of(st.integers(0, 3), st.none()),
    "at": st.sampled_from([DAY, datetime(1970, 1, 1), datetime(1900, 1, 1), datetime(9999, 12, 31), None]),
    "units": st.sampled_from([1.0, -0.0, 2.5, 2.0**53, float("nan"), float("inf"), None]),
    "amount": st.sampled_from([0.1 + 0.2, 0.305, -0.0, 1e-300, 1e17, 5e-12, 1e-11, 2e4 + 0.01, float("nan"), None]),
    "week": st.one_of(st.integers(-2, 53), st.none()),
    "channel": st.sampled_from(["web", " web", "NULL", "", "锟斤拷", "涓枃", None]),
}
TYPES = {
    "order": pa.int64(), "product": pa.int64(), "store": pa.int64(), "at": pa.timestamp("us"), "units": pa.float64(),
    "amount": pa.float64(), "week": pa.int64(), "customer": pa.string(), "channel": pa.string(),
}  # fmt: skip
PLAIN = {name: (v.to_pylist() if isinstance(v, pa.Array) else v)[0] for name, v in lines().items()}


@st.composite
def tables(draw):
    """Three lines of which one column at a time is nasty, so that the cast of each is put to the test."""
    nasty = draw(st.sets(st.sampled_from(sorted(CELLS)), min_size=1, max_size=2))
    columns = {}
    for name, kind in TYPES.items():
        values = [draw(CELLS[name]) if name in nasty else PLAIN[name] for _ in range(3)]
        if name == "at" and draw(st.booleans()):
            kind, values = pa.timestamp("us", "UTC"), [v and v.replace(tzinfo=UTC) for v in values]
        columns[name] = pa.array(values, kind)
    return columns


@settings(max_examples=25, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(tables(), st.sampled_from([("",), ("", "NULL"), ("", "0")]))
def test_in_place_is_what_the_rules_are(columns, missing):
    """Same table, same repairs, same records set aside, whichever way is taken."""
    agree(columns, missing=missing)


@pytest.mark.parametrize(
    "columns",
    [
        {"customer": ["1", " 1", "2"]},
        {"amount": pa.array([0.305, 1.0, 2.0], pa.float64())},
        {"at": pa.array([datetime(1970, 1, 1)] * 3, pa.timestamp("us"))},
        {"order": pa.array([1, None, 3], pa.int64())},
        {"units": pa.array([1.0, 2.5, 3.0], pa.float64())},
    ],
    ids=["spaces", "half a cent", "no moment", "no key", "half a unit"],
)
def test_a_cast_that_is_never_put_to_the_test_is_caught(columns, monkeypatch):
    agree(lines(**columns))
    monkeypatch.setattr(in_place, "_all_right", lambda *_: True)
    with pytest.raises(AssertionError):
        agree(lines(**columns))
