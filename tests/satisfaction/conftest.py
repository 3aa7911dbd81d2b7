"""Tables of tiny surveys and of the orders around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from customer_patterns import warehouse
from customer_patterns.satisfaction import Sheets, answer_sheets
from tests.satisfaction.sample_survey import INVITATIONS, ITEMS, LINES, NEW_YORK, RESPONSES, SURVEY, YEAR


@pytest.fixture(scope="session")
def backend() -> Backend:
    return warehouse.connect()


@pytest.fixture
def table(backend: Backend) -> Callable[..., ir.Table]:
    made: list[str] = []

    def make(rows: Iterable[dict], schema: pa.Schema) -> ir.Table:
        name = f"survey_made_{len(made)}"
        made.append(name)
        backend.con.register(name, pa.Table.from_pylist(list(rows), schema=schema))
        return backend.table(name)

    return make


@pytest.fixture
def answered(table: Callable[..., ir.Table]) -> Callable[..., Sheets]:
    """Make sheets of ``(wave, customer, day, {item: answer})``."""

    def make(
        sheets: Iterable[tuple], items: list[dict] = SURVEY, last_day: date = YEAR["last_day"], **options
    ) -> Sheets:
        rows = [
            {
                "wave": wave,
                "customer_id": customer,
                "item_id": name,
                "answered_at": datetime.fromisoformat(day if " " in day else f"{day} 17:00"),
                "answer": answer,
            }
            for wave, customer, day, answers in sheets
            for name, answer in answers.items()
        ]
        return answer_sheets(
            table(items, ITEMS), table(rows, RESPONSES), time_zone=NEW_YORK, last_day=last_day, **options
        )

    return make


@pytest.fixture
def invitations_of(table: Callable[..., ir.Table]) -> Callable[..., ir.Table]:
    """Make invitations of ``(wave, customer, day)``."""
    return lambda rows: table(
        [
            {"wave": wave, "customer_id": customer, "invited_at": datetime.fromisoformat(f"{day} 17:00")}
            for wave, customer, day in rows
        ],
        INVITATIONS,
    )


@pytest.fixture
def lines_of(table: Callable[..., ir.Table]) -> Callable[..., ir.Table]:
    """Make order lines of ``(customer, day, revenue[, kind])``, one order each."""
    return lambda rows: table(
        [
            {
                "order_id": f"o{number:06d}",
                "customer_id": customer,
                "ordered_on": date.fromisoformat(day),
                "revenue": Decimal(str(revenue)),
                "line_kind": kind[0] if kind else "goods",
            }
            for number, (customer, day, revenue, *kind) in enumerate(rows)
        ],
        LINES,
    )
