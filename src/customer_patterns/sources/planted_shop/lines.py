"""Order lines while they are being drawn: arrays side by side, because there may be tens of millions of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Orders are numbered from here, so that all numbers are equally long.
FIRST_ORDER = 10_000_000_000


@dataclass(frozen=True)
class Lines:
    """Order lines, one entry per line in each array.

    Attributes
    ----------
    order
        The order's number, counted from 0.
    customer, product
        Row in the truth's customers and products; a product beyond the last row is one that is not on file.
    store
        The store's number.
    sold_at
        UTC, microseconds.
    day
        Local day, counted from the study's first.
    quantity
        Units; for fuel, thousandths of a gallon.
    revenue, retail_discount, coupon_discount, coupon_match_discount
        Cents. Revenue is what the shop receives: shelf price less retail discount and coupon match; a manufacturer's
        coupon is paid for by the manufacturer.
    """

    order: np.ndarray
    customer: np.ndarray
    product: np.ndarray
    store: np.ndarray
    sold_at: np.ndarray
    day: np.ndarray
    quantity: np.ndarray
    revenue: np.ndarray
    retail_discount: np.ndarray
    coupon_discount: np.ndarray
    coupon_match_discount: np.ndarray

    def __len__(self) -> int:
        """Count the lines."""
        return len(self.order)

    def take(self, chosen: np.ndarray) -> Lines:
        """Return the chosen lines (row numbers or a mask)."""
        return Lines(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    def in_order(self) -> Lines:
        """Return the lines sorted by order and product."""
        return self.take(np.lexsort((self.product, self.order)))


def join(parts: Sequence[Lines]) -> Lines:
    """Put lines one after the other."""
    return Lines(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Lines)}
    )


def order_lines_table(
    lines: Lines, *, customer_ids: Sequence[str], product_ids: Sequence[str], weeks: np.ndarray
) -> pa.Table:
    """Turn lines into the canonical table.

    Parameters
    ----------
    lines
        The lines.
    customer_ids, product_ids
        The keys, by row number.
    weeks
        The shop's week of each line.

    Returns
    -------
    Table
        One row per line, columns as in the canonical ``order_lines``; money as exact decimals.
    """
    return pa.table(
        {
            "order_id": order_ids(lines.order),
            "customer_id": pa.array(customer_ids, pa.string()).take(pa.array(lines.customer)),
            "product_id": pa.array(product_ids, pa.string()).take(pa.array(lines.product)),
            "store_id": pc.cast(pa.array(lines.store), pa.string()),
            "ordered_at": pa.array(lines.sold_at, pa.timestamp("us")),
            "quantity": pa.array(lines.quantity, pa.int64()),
            "revenue": _money(lines.revenue),
            "retail_discount": _money(lines.retail_discount),
            "coupon_discount": _money(lines.coupon_discount),
            "coupon_match_discount": _money(lines.coupon_match_discount),
            "delivered_week": pa.array(weeks, pa.int64()),
        }
    )


def order_ids(order: np.ndarray) -> pa.Array:
    """Return the keys of orders, given their numbers."""
    return pc.cast(pa.array(order.astype("int64") + FIRST_ORDER), pa.string())


def _money(cents: np.ndarray) -> pa.Array:
    """Cents as exact money: the same digits with the point moved, never a double in between."""
    whole = pa.array(cents, pa.int64()).cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(whole), whole.buffers())
