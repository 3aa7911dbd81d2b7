"""Tiny shops for habits, written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from customer_patterns import warehouse

FIRST, LAST = date(2017, 1, 2), date(2017, 12, 31)

_LINES = pa.schema(
    [
        ("order_id", pa.string()),
        ("customer_id", pa.string()),
        ("product_id", pa.string()),
        ("revenue", pa.decimal128(18, 2)),
        ("retail_discount", pa.decimal128(18, 2)),
        ("coupon_discount", pa.decimal128(18, 2)),
        ("coupon_match_discount", pa.decimal128(18, 2)),
        ("line_kind", pa.string()),
    ]
)
_ORDERS = pa.schema(
    [
        ("order_id", pa.string()),
        ("customer_id", pa.string()),
        ("ordered_on", pa.date32()),
        ("weekday", pa.int64()),
        ("hour", pa.int64()),
        ("kind", pa.string()),
        ("revenue", pa.decimal128(18, 2)),
    ]
)
_PRODUCTS = pa.schema([("product_id", pa.string()), ("brand", pa.string()), ("category", pa.string())])

#: customer, local day, hour, {product: (price, discount)}
Order = tuple[str, str, int, dict[str, tuple[float, float]]]
Shop = dict[str, Any]


@pytest.fixture
def shop() -> Callable[..., Shop]:
    """Make the tables of a shop from orders and products (``{product: (brand, category)}``)."""
    backend = warehouse.connect()

    def table(name: str, rows: list[dict], schema: pa.Schema) -> ir.Table:
        backend.con.register(name, pa.Table.from_pylist(rows, schema=schema))
        return backend.table(name)

    def make(bought: Iterable[Order], products: dict[str, tuple[str, str]]) -> Shop:
        lines, orders = [], []
        for number, (customer, day, hour, goods) in enumerate(bought):
            key, on = {"order_id": f"o{number:05d}", "customer_id": customer}, date.fromisoformat(day)
            fuel = set(goods) == {"fuel"}
            orders.append(
                {
                    **key,
                    "ordered_on": on,
                    "weekday": on.isoweekday(),
                    "hour": hour,
                    "kind": "fuel" if fuel else "goods",
                    "revenue": round(sum(Decimal(str(price)) for price, _ in goods.values()), 2),
                }
            )
            for product, (price, discount) in goods.items():
                lines.append(
                    {
                        **key,
                        "product_id": product,
                        "revenue": Decimal(str(price)),
                        "retail_discount": Decimal(str(discount)),
                        "coupon_discount": Decimal(0),
                        "coupon_match_discount": Decimal(0),
                        "line_kind": "fuel" if product == "fuel" else "goods",
                    }
                )
        known = [{"product_id": p, "brand": b, "category": c} for p, (b, c) in products.items()]
        return {
            "order_lines": table("lines", lines, _LINES),
            "products": table("products", known, _PRODUCTS),
            "orders": table("orders", orders, _ORDERS),
            "first_day": FIRST,
            "last_day": LAST,
        }

    return make
