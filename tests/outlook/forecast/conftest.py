"""Shops whose sales per day are written by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from customer_patterns import warehouse

FIRST = date(2017, 1, 2)  # a Monday


class Shop(NamedTuple):
    orders: ir.Table
    order_lines: ir.Table
    products: ir.Table


@pytest.fixture(scope="session")
def backend() -> Backend:
    return warehouse.connect()


@pytest.fixture
def shop(backend: Backend) -> Callable[..., Shop]:
    """Make a shop of rows ``(day, customer, category, revenue, pieces)``; an order of goods or fuel for each."""
    made: list[str] = []

    def table(frame: pd.DataFrame) -> ir.Table:
        made.append(f"outlook_{len(made)}_{id(made)}")
        backend.con.register(made[-1], pa.Table.from_pandas(frame, preserve_index=False))
        return backend.table(made[-1])

    def make(rows: list[tuple], *, hour: int = 20, hours: dict[int, int] | None = None) -> Shop:
        frame = pd.DataFrame(rows, columns=["day", "customer_id", "category", "revenue", "quantity"])
        on = [FIRST + timedelta(days=int(day)) for day in frame["day"]]
        fuel = frame["category"] == "fuel"
        frame = frame.assign(
            order_id=[f"o{n}" for n in range(len(frame))],
            ordered_on=on,
            ordered_at=[datetime(day.year, day.month, day.day, 12) for day in on],
            hour=[(hours or {}).get(int(day), hour) for day in frame["day"]],
            product_id=frame["category"],
            line_kind=np.where(fuel, "fuel", "goods"),
            kind=np.where(fuel, "fuel", "goods"),
            goods_revenue=np.where(fuel, 0.0, frame["revenue"]),
            fuel_revenue=np.where(fuel, frame["revenue"], 0.0),
        )
        frame["hour"] = frame["hour"].astype("int64")
        money = {name: frame[name].astype(float) for name in ("revenue", "goods_revenue", "fuel_revenue")}
        frame = frame.assign(**money)
        names = sorted(set(frame["category"]))
        return Shop(table(frame), table(frame), table(pd.DataFrame({"product_id": names, "category": names})))

    return make


@pytest.fixture
def half_year(shop: Callable[..., Shop]) -> Callable[..., Shop]:
    """Forty weeks of thirty customers who buy bread and milk every day, more of it on Saturdays."""

    def make(*, weeks: int = 40, noise: float = 2.0, seed: int = 1) -> Shop:
        random = np.random.default_rng(seed)
        rows = []
        for day in range(7 * weeks):
            level = 10 + 6 * (day % 7 == 5)
            for n, name in enumerate(("bread", "milk")):
                for part in range(3):
                    who = f"c{(3 * day + part + 7 * n) % 30:02d}"
                    rows.append((day, who, name, max(level + noise * random.normal(), 1), 1 + day % 7 // 5))
        return shop(rows)

    return make
