"""Tiny shops written by hand, as tables of the warehouse, and simulated customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.patterns.preferences import Choices
from customer_patterns.schemas import TableSchema, check


@pytest.fixture
def table() -> Callable[[str, Sequence[str], Sequence[Sequence[Any]]], ir.Table]:
    """Make tables in one DuckDB; columns whose name ends in ``_on`` are days, in ``_at`` moments, money is exact."""
    backend = warehouse.connect()

    def make(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> ir.Table:
        frame = pd.DataFrame(list(rows), columns=list(columns), dtype=None if len(rows) else "str")
        made = backend.create_table(name, ibis.memtable(frame), temp=True, overwrite=True)
        kinds = {"_on": "date", "_at": "timestamp(6)", "revenue": "decimal(18, 2)"}
        return made.mutate(**{c: made[c].cast(kind) for c in columns for end, kind in kinds.items() if c.endswith(end)})

    return make


@pytest.fixture
def keeps() -> Callable[[pd.DataFrame, TableSchema], None]:
    """Check that a table keeps its schema's promise and is sorted by its key."""
    backend = warehouse.connect()

    def checked(frame: pd.DataFrame, schema: TableSchema) -> None:
        assert list(frame.columns) == schema.names
        made = backend.create_table("checked", ibis.memtable(frame), temp=True, overwrite=True)
        check(schema.cast(made), schema)

    return checked


def choices_of(rows: Sequence[tuple[str, str, dict[str, int]]], *, attribute: str = "category") -> Choices:
    """Make choices of rows ``(customer, day, {value: count})``, one per visit."""
    customers = sorted({customer for customer, _, _ in rows})
    names = sorted({name for _, _, held in rows for name in held})
    rows = sorted(rows, key=lambda row: row[:2])
    entries = [(v, names.index(name), n) for v, (_, _, held) in enumerate(rows) for name, n in sorted(held.items())]
    visit, value, count = np.array(entries).T
    return Choices(
        attribute,
        np.array(names, dtype=object),
        np.array(customers, dtype=object),
        visit,
        value,
        count.astype(float),
        np.array([customers.index(customer) for customer, _, _ in rows]),
        np.array([day for _, day, _ in rows], dtype="datetime64[D]"),
    )


def simulate(
    seed: int,
    *,
    customers: int = 150,
    values: int = 12,
    visits: float = 14,
    concentration: float = 6.0,
    changers: int = 0,
    clumped: int = 1,
    shift: float = 0.0,
) -> Choices:
    """Draw customers with shares of their own, who buy on days of a year; the first ``changers`` swap tastes in July.

    ``clumped``: each choice is made for so many products at once. ``shift``: what all buy more of from July on (log).
    """
    random = np.random.default_rng(seed)
    mean = random.dirichlet(np.full(values, 2.0))
    rows = []
    for customer in range(customers):
        share = random.dirichlet(concentration * mean + 1e-3)
        later = np.roll(share, values // 2) if customer < changers else share
        later = later * np.exp(shift * (np.arange(values) < values // 3))
        later = later / later.sum()
        days = random.choice(364, size=4 + random.poisson(random.gamma(2, visits / 2)), replace=False)
        for day in days:
            counts = clumped * random.multinomial(1 + random.poisson(4), later if day >= 182 else share)
            held = {f"v{at:02d}": int(n) for at, n in enumerate(counts) if n}
            rows.append((f"c{customer:04d}", str(np.datetime64("2017-01-01") + int(day)), held))
    return choices_of(rows)
