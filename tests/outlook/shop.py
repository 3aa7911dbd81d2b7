"""Tiny shops for the outlook, written by hand or drawn from a seed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from customer_patterns import warehouse
from customer_patterns.features import shopping_days

FIRST, LAST = date(2017, 1, 1), date(2017, 12, 31)

_LINES = pa.schema(
    [
        ("order_id", pa.string()),
        ("customer_id", pa.string()),
        ("product_id", pa.string()),
        ("ordered_at", pa.timestamp("us")),
        ("ordered_on", pa.date32()),
        ("quantity", pa.int64()),
        ("revenue", pa.decimal128(18, 2)),
        ("retail_discount", pa.decimal128(18, 2)),
        ("coupon_discount", pa.decimal128(18, 2)),
        ("coupon_match_discount", pa.decimal128(18, 2)),
        ("line_kind", pa.string()),
    ]
)
_PRODUCTS = pa.schema([(name, pa.string()) for name in ("product_id", "department", "category", "brand", "maker")])

#: Milk of two makers, soap, and something of which nothing is known.
PRODUCTS = (
    ("milk a", "DAIRY", "MILK", "National", "a"),
    ("milk b", "DAIRY", "MILK", "Private", "b"),
    ("soap", "DRUG", "SOAP", "National", "c"),
    ("thing", "unknown", "unknown", "unknown", "unknown"),
)

#: customer, day, {product: price}; a fourth element is the discount on each.
Bought = tuple


def order_lines(bought: Iterable[Bought]) -> ir.Table:
    """One line per product of each purchase; an order per purchase."""
    rows = []
    for number, (customer, day, goods, *off) in enumerate(bought):
        on = day if isinstance(day, date) else date.fromisoformat(day)
        for product, price in goods.items():
            rows.append(
                {
                    "order_id": f"o{number:07d}",
                    "customer_id": customer,
                    "product_id": product,
                    "ordered_at": datetime.combine(on, time(12)),
                    "ordered_on": on,
                    "quantity": 1,
                    "revenue": Decimal(str(round(price, 2))),
                    "retail_discount": Decimal(str(off[0] if off else 0)),
                    "coupon_discount": Decimal(0),
                    "coupon_match_discount": Decimal(0),
                    "line_kind": "fuel" if product == "fuel" else "goods",
                }
            )
    return table(rows, _LINES)


def table(rows: list[dict], schema: pa.Schema) -> ir.Table:
    backend = warehouse.connect()
    return backend.create_table("given", pa.Table.from_pylist(rows, schema=schema))


def products() -> ir.Table:
    return table([dict(zip(_PRODUCTS.names, row, strict=True)) for row in PRODUCTS], _PRODUCTS)


def days_of(bought: Iterable[Bought], *, last_day: date = LAST) -> ir.Table:
    """The shopping days of some purchases. (Both tables live in one DuckDB, as those of a stage do.)"""
    return joined(order_lines(bought), last_day=last_day)


def joined(lines: ir.Table, *, last_day: date = LAST, order_channels: list[tuple[str, str]] | None = None) -> ir.Table:
    backend = lines._find_backend()
    about = backend.create_table("products", products().to_pyarrow(), overwrite=True)
    channels = None
    if order_channels is not None:
        rows = pa.table({"order_id": [o for o, _ in order_channels], "channel": [c for _, c in order_channels]})
        channels = backend.create_table("channels", rows, overwrite=True)
    days = shopping_days(lines, about, last_day=last_day, order_channels=channels, brand="maker")
    return backend.create_table("days", days.to_pyarrow(), overwrite=True)


def drawn_days(seed: int, *, customers: int = 400, leavers: float = 0.35) -> ir.Table:
    """Shopping days of customers some of whom slide, from a day of their own, over eight weeks to a fifth of visits."""
    random = np.random.default_rng(seed)
    rate = random.gamma(4, 0.04, customers) + 0.04
    start = np.where(random.random(customers) < leavers, random.integers(100, 350, customers), 10_000)
    day = np.arange(365)
    since = day[None, :] - start[:, None]
    slide = np.where(since < 0, 1.0, np.maximum(1 - 0.8 * since / 56, 0.2))
    came = random.random((customers, 365)) < rate[:, None] * slide
    who, when = np.nonzero(came)
    spend = np.round(np.exp(random.normal(3, 0.4, len(who))) * 100).astype(np.int64)
    gap = np.r_[0, np.diff(when)]
    gap = np.where(np.r_[True, np.diff(who) != 0], -1, gap)
    zero = np.zeros(len(who), dtype=np.int64)
    rows = pa.table(
        {
            "customer_id": [f"c{one:05d}" for one in who],
            "ordered_on": [FIRST + timedelta(days=int(one)) for one in when],
            "goods": spend,
            "discounts": spend // 10,
            "known_brand": spend,
            "own_brand": spend // 4,
            "departments": random.integers(1, 255, len(who)),
            "gap_days": pa.array([None if one < 0 else int(one) for one in gap], pa.int64()),
            "brand_chances": zero + 4,
            "brand_switches": random.binomial(4, 0.4, len(who)),
            "channel_chances": zero,
            "channel_switches": zero,
        }
    )
    return warehouse.connect().create_table("days", rows)
