"""Tiny shops written by hand, as tables of the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pytest

from customer_patterns import warehouse


@pytest.fixture
def table() -> Callable[[str, Sequence[str], Sequence[Sequence[Any]]], ir.Table]:
    """Make tables in one DuckDB; columns whose name ends in ``_on`` are days, money is exact."""
    backend = warehouse.connect()

    def make(name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> ir.Table:
        frame = pd.DataFrame(list(rows), columns=list(columns))
        made = backend.create_table(name, ibis.memtable(frame), temp=True, overwrite=True)
        days = [column for column in columns if column.endswith("_on")]
        money = [column for column in columns if column == "revenue" or column.endswith("discount")]
        return made.mutate(
            **{column: made[column].cast("date") for column in days},
            **{column: made[column].cast("decimal(18, 2)") for column in money},
        )

    return make
