"""Each customer's purchases in blocks of whole weeks, added up once, so that periods can be put together at will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.habits import EVENING_FROM
from customer_patterns.schemas.canonical import UNKNOWN

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

#: Days of a block: whole weeks, so that each has all weekdays, and two of them, since what someone buys in one week is
#: not bought again in the next.
BLOCK_DAYS = 14

#: Stands for no day.
_NEVER = 1_000

#: What is added up of each customer and block, beside categories.
SUMS = (
    "orders",
    "weekend_orders",
    "evening_orders",
    "revenue",
    "products",
    "goods",
    "discounts",
    "known_brand",
    "own_brand",
)


@dataclass(frozen=True)
class Blocks:
    """What each customer did in each block, from the first to the last.

    Attributes
    ----------
    customers
        Their keys, ascending.
    sums
        By the names in :data:`SUMS`: customers × blocks; money in hundredths.
    first, last
        Customers × blocks: days from the block's begin to the first order of goods in it, and from the last one to its
        end; infinite where there is none.
    pair_customer, pair_starts, pair_block, pair_count
        Products bought by category: pair p of a customer (``pair_customer``) and a category has the entries from
        ``pair_starts[p]`` to ``pair_starts[p + 1]``, each a block and how many products.
    first_day, last_day
        Of all blocks together.
    """

    customers: NDArray[np.object_]
    sums: dict[str, Floats]
    first: Floats
    last: Floats
    pair_customer: Whole
    pair_starts: Whole
    pair_block: NDArray[np.int16]
    pair_count: NDArray[np.float32]
    first_day: date
    last_day: date

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return self.first.shape[1]


def whole_blocks(days: int) -> int:
    """How many whole blocks so many days hold."""
    return days // BLOCK_DAYS


def add_up_blocks(
    order_lines: ir.Table,
    products: ir.Table,
    orders: ir.Table,
    *,
    last_day: date,
    blocks: int,
    own_brand: str = "Private",
) -> Blocks:
    """Add each customer's purchases up by blocks of days that end with the study.

    Parameters
    ----------
    order_lines, products, orders, own_brand
        As for :func:`~customer_patterns.features.habits.shopping_habits`; ``orders`` has ``revenue`` as well.
    last_day
        Last day of the last block. Later orders change nothing.
    blocks
        How many.

    Returns
    -------
    Blocks
        Of customers with an order in them.
    """
    first_day = last_day - timedelta(days=blocks * BLOCK_DAYS - 1)
    day = orders.ordered_on.delta(ibis.literal(first_day), unit="day")
    known = orders.mutate(day=day).filter(day >= 0, day < blocks * BLOCK_DAYS)
    keys = known.select("customer_id").distinct().order_by("customer_id").to_pyarrow()["customer_id"]
    # Numbers instead of keys: what has a row per category is a few arrays then.
    numbers = ibis.memtable(pd.DataFrame({"customer_id": keys.to_pandas(), "customer": np.arange(len(keys))}))
    known = known.join(numbers, "customer_id").mutate(
        block=(known.day // BLOCK_DAYS).cast("int64"), day_of_block=known.day % BLOCK_DAYS
    )
    goods = known.kind == "goods"
    by_block = known.group_by("customer", "block").aggregate(
        orders=goods.sum(),
        weekend_orders=(goods & (known.weekday >= 6)).sum(),
        evening_orders=(goods & (known.hour >= EVENING_FROM)).sum(),
        revenue=(known.revenue * 100).cast("int64").sum().cast("int64"),
        first=known.day_of_block.min(where=goods).fill_null(_NEVER),
        last=(BLOCK_DAYS - 1 - known.day_of_block).min(where=goods).fill_null(_NEVER),
    )
    bought = _arrays(_by_category(order_lines, products, known.filter(goods), own_brand))
    made, shape = _arrays(by_block), (len(keys), blocks)
    cell, cells = made["customer"] * blocks + made["block"], len(keys) * blocks
    sums = {name: np.bincount(cell, made[name], cells).reshape(shape) for name in SUMS[:4]}
    ends = {name: np.full(cells, np.inf) for name in ("first", "last")}
    for name, days in ends.items():
        days[cell] = np.where(made[name] == _NEVER, np.inf, made[name])
    cell = bought["customer"] * blocks + bought["block"]
    sums |= {name: np.bincount(cell, bought[name], cells).reshape(shape) for name in SUMS[4:]}
    return Blocks(
        keys.to_pandas().to_numpy(dtype=object),
        sums,
        *(days.reshape(shape) for days in ends.values()),
        *_pairs(bought),
        first_day,
        last_day,
    )


def _arrays(table: ir.Table) -> dict[str, Any]:
    """The columns of a table of whole numbers as arrays."""
    found = table.to_pyarrow()
    return {name: found[name].to_numpy() for name in found.column_names}


def _by_category(order_lines: ir.Table, products: ir.Table, trips: ir.Table, own_brand: str) -> ir.Table:
    """One row per customer, block and category: products, and what is known of their value, in hundredths.

    A category's number says which it is and no more; -1 where none is known.
    """
    goods = order_lines.filter(order_lines.line_kind == "goods").drop("customer_id")
    off = goods.retail_discount + goods.coupon_discount + goods.coupon_match_discount
    lines = goods.select(
        "order_id", "product_id", goods=(goods.revenue * 100).cast("int64"), off=(off * 100).cast("int64")
    ).join(trips.select("order_id", "customer", "block"), "order_id")
    brand, category = (products[name].fill_null(UNKNOWN) for name in ("brand", "category"))
    about = products.select(
        "product_id",
        category=ibis.ifelse(category == UNKNOWN, -1, ibis.dense_rank().over(order_by=category)),
        known=brand != UNKNOWN,
        own=brand == own_brand,
    )
    lines = lines.left_join(about, "product_id")
    known = lines.known.fill_null(False)
    return lines.group_by("customer", "block", category=lines.category.fill_null(-1)).aggregate(
        products=lines.count(),
        goods=lines.goods.sum().cast("int64"),
        discounts=lines.off.sum().cast("int64"),
        known_brand=lines.goods.sum(where=known).fill_null(0).cast("int64"),
        own_brand=lines.goods.sum(where=known & lines.own).fill_null(0).cast("int64"),
    )


def _pairs(bought: dict[str, Any]) -> tuple[Whole, Whole, NDArray[np.int16], NDArray[np.float32]]:
    """Entries of known categories, customer after customer and category after category."""
    named = bought["category"] >= 0
    row, category, block, count = (bought[name][named] for name in ("customer", "category", "block", "products"))
    both = row * (category.max(initial=0) + 1) + category
    order = np.argsort(both, kind="stable")
    both, row = both[order], row[order]
    begins = np.flatnonzero(np.diff(both, prepend=-1))
    starts = np.append(begins, len(row)).astype(np.int64)
    return row[begins].astype(np.int64), starts, block[order].astype(np.int16), count[order].astype(np.float32)
