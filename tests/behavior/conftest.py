"""Tiny shops, written by hand in the field's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from customer_patterns import warehouse
from customer_patterns.behavior import summarize_orders
from customer_patterns.schemas.local_time import local_time

NEW_YORK = "America/New_York"

LINES = pa.schema(
    [
        ("order_id", pa.string()),
        ("customer_id", pa.string()),
        ("product_id", pa.string()),
        ("ordered_at", pa.timestamp("us")),
        ("revenue", pa.decimal128(18, 2)),
        ("line_kind", pa.string()),
    ]
)

#: customer, UTC time, revenue[, kind[, product[, order]]]
Line = tuple


@pytest.fixture(scope="session")
def backend() -> Backend:
    return warehouse.connect()


@pytest.fixture
def table(backend: Backend) -> Callable[..., ir.Table]:
    """Make a table of rows (dicts) or of an Arrow table."""
    made: list[str] = []

    def make(rows: Iterable[dict] | pa.Table, schema: pa.Schema | None = None) -> ir.Table:
        arrow = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(list(rows), schema=schema)
        name = f"made_{len(made)}"
        made.append(name)
        backend.con.register(name, arrow)
        return backend.table(name)

    return make


@pytest.fixture
def lines(table: Callable[..., ir.Table]) -> Callable[[Iterable[Line]], ir.Table]:
    """Make lines of ``(customer, "2017-03-01 15:00", revenue, kind, product, order)``; the last three optional."""

    def make(rows: Iterable[Line]) -> ir.Table:
        made = []
        for number, (customer, when, revenue, *rest) in enumerate(rows):
            kind, product, order = (*rest, *("goods", "milk", f"o{number:04d}")[len(rest) :])
            made.append(
                {
                    "order_id": order,
                    "customer_id": customer,
                    "product_id": product,
                    "ordered_at": datetime.fromisoformat(when),
                    "revenue": Decimal(str(revenue)),
                    "line_kind": kind,
                }
            )
        bare = table(made, LINES)
        return bare.mutate(ordered_on=local_time(bare.ordered_at, time_zone=NEW_YORK).date())

    return make


@pytest.fixture
def orders(lines: Callable[[Iterable[Line]], ir.Table]) -> Callable[[Iterable[Line]], ir.Table]:
    """Make orders from lines."""
    return lambda rows: summarize_orders(lines(rows), time_zone=NEW_YORK)
