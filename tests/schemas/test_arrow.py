"""What Arrow writes and says of a small table is what the database writes and says of it."""

from __future__ import annotations

from decimal import Decimal

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns import warehouse
from customer_patterns.schemas import Column, SchemaError, TableSchema, arrow, check

VISITS = TableSchema(
    name="visits",
    grain="visit",
    key=("visit_id",),
    columns=(
        Column("visit_id", "text", "the visit"),
        Column("channel", "text", "where", levels=("web", "store"), nullable=True),
        Column("pages", "integer", "how many pages", minimum=0, nullable=True),
        Column("share", "share", "of all", minimum=0, maximum=1, nullable=True),
        Column("paid", "money", "what was paid", minimum=0, nullable=True),
        Column("seen", "boolean", "whether", nullable=True),
        Column("day", "date", "the day", nullable=True),
        Column("at", "timestamp", "the moment", nullable=True),
    ),
)


def frame(rows: int = 4, **columns) -> pd.DataFrame:
    """Visits, none of which breaks the promise, some of their columns in other words."""
    plain = {
        "visit_id": [f"v{(number * 7) % rows}" for number in range(rows)],
        "channel": ["web", None, "store", "web"] * rows,
        "pages": [3.0, np.nan, 0.0, 12.0] * rows,
        "share": [0.5, 0.0, np.nan, 1.0] * rows,
        "paid": [Decimal("1.50"), None, Decimal("0.00"), Decimal("12345678.90")] * rows,
        "seen": [True, None, False, True] * rows,
        "day": [pd.Timestamp("2026-01-05"), None, pd.Timestamp("2026-01-04"), pd.Timestamp("1999-12-31")] * rows,
        "at": [pd.Timestamp("2026-01-05 10:00:00.123456"), None, pd.Timestamp("2026-01-05"), None] * rows,
    }
    return pd.DataFrame({name: list(columns.get(name, values))[:rows] for name, values in plain.items()})


def by_database(given: pd.DataFrame, path, schema=VISITS) -> None:
    backend = warehouse.connect()
    table = schema.cast(warehouse.writing.as_ibis(backend, "given", given))
    warehouse.in_order.copy_in_order(backend, table, schema, path, order=warehouse.in_order.order_of(schema))


def by_arrow(given: pd.DataFrame, path, schema=VISITS) -> None:
    arranged = arrow.arranged(given, schema, order=warehouse.in_order.order_of(schema))
    with warehouse.InOrder(path, arranged.schema) as writer:
        writer.write(arranged)


@pytest.mark.parametrize("rows", [1, 4, 3_000])
def test_the_bytes_are_those_that_the_database_writes(rows, tmp_path):
    given = frame(rows)
    for way in (by_database, by_arrow):
        way(given, tmp_path / f"{way.__name__}.parquet")
    one, other = (tmp_path / f"by_{name}.parquet" for name in ("database", "arrow"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    "changed",
    [
        {"pages": [1.5, 2.0, 3.0, 4.0]},
        {"paid": [1.5, 2.0, 3.0, 4.0]},
        {"paid": [Decimal("1.505"), None, None, None]},
        {"at": ["2026-01-05", None, None, None]},
        {"visit_id": [1, 2, 3, 4]},
    ],
)
def test_what_is_not_the_same_said_in_another_way_is_left_to_the_database(changed):
    assert arrow.arranged(frame(**changed), VISITS, order=["visit_id"]) is None


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    ids=st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", None]), min_size=3, max_size=3),
    channel=st.sampled_from(["web", "store", "post", None]),
    pages=st.sampled_from([-1.0, 0.0, 7.0, np.nan]),
    share=st.sampled_from([-0.1, 0.0, 1.0, 1.1, np.nan]),
    paid=st.sampled_from([Decimal("-0.01"), Decimal("0.00"), None]),
)
def test_only_a_table_without_a_breach_is_said_to_keep_its_promise(tmp_path_factory, ids, channel, pages, share, paid):
    path = tmp_path_factory.mktemp("kept") / "visits.parquet"
    others = {"channel": channel, "pages": pages, "share": share, "paid": paid}
    by_arrow(frame(3, visit_id=ids, **{name: [value] * 3 for name, value in others.items()}), path)
    assert arrow.keeps(path, VISITS) == is_kept(path)


@pytest.mark.parametrize("most", [10, 10_000])
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"pages": [-1.0]},
        {"channel": ["post"]},
        {"visit_id": [None]},
        {"share": [1.5]},
        {"paid": [Decimal("-1.00")]},
    ],
)
def test_what_the_writer_noted_of_a_large_table_is_not_trusted_too_far(tmp_path, monkeypatch, most, changed):
    monkeypatch.setattr(arrow, "_READ", most)
    schema = TableSchema("visits", "visit", (), VISITS.columns)
    given = frame(40)
    for name, values in changed.items():
        given[name] = [*given[name][:39], *values]
    by_database(given, tmp_path / "visits.parquet", schema)
    if arrow.keeps(tmp_path / "visits.parquet", schema):
        assert not changed
        assert is_kept(tmp_path / "visits.parquet", schema)


def test_notes_prove_a_large_table_without_key_and_shares(tmp_path, monkeypatch):
    monkeypatch.setattr(arrow, "_READ", 10)
    schema = TableSchema("visits", "visit", (), tuple(VISITS[name] for name in ("visit_id", "pages", "paid", "day")))
    by_database(frame(40), tmp_path / "visits.parquet", schema)
    assert arrow.keeps(tmp_path / "visits.parquet", schema)


def test_a_table_in_other_types_keeps_nothing(tmp_path):
    frame().astype({"pages": "float64"}).to_parquet(tmp_path / "visits.parquet")
    assert not arrow.keeps(tmp_path / "visits.parquet", VISITS)


def is_kept(path, schema=VISITS) -> bool:
    try:
        check(ibis.duckdb.connect().read_parquet(path), schema)
    except SchemaError:
        return False
    return True
