"""Two periods put together from blocks: the real ones, or ones in which no customer has changed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.habits import DAYS_A_MONTH
from customer_patterns.segments.movement.blocks import BLOCK_DAYS, Blocks

Whole = NDArray[np.int64]


class Period(NamedTuple):
    """One period, one row per customer of the blocks, in their order.

    ``habits``: the columns of :data:`~customer_patterns.features.habits.CUSTOMER_HABITS`, missing where there was no
    order of goods. ``rfm``: ``recency_days``, ``orders``, ``revenue``; recency is missing without an order of goods.
    """

    habits: pd.DataFrame
    rfm: pd.DataFrame


def in_order(blocks: Blocks) -> Whole:
    """Return the order in which the blocks happened."""
    return np.arange(blocks.count)


def no_change(blocks: Blocks, rng: np.random.Generator) -> Whole:
    """Draw an order of blocks in which, if nobody has changed, they might as well have happened."""
    return rng.permutation(blocks.count)


def is_even(sequence: Whole) -> bool:
    """Whether either period got, as nearly as possible, as many blocks of the first half as of the second.

    Such periods are mixtures of the same two halves, so that whoever has changed between them is alike in both.
    """
    half = len(sequence) // 2
    return int((sequence[:half] < half).sum()) in (half // 2, (half + 1) // 2)


def two_periods(blocks: Blocks, order: Whole) -> tuple[Period, Period]:
    """Put the first half of the blocks, in a given order, into an earlier period and the rest into a later one.

    Parameters
    ----------
    blocks
        What each customer did in each block; their number is even.
    order
        The blocks in the order in which they are taken to have happened.

    Returns
    -------
    tuple
        Both periods. Of blocks in the order in which they happened, habits are those of
        :func:`~customer_patterns.features.habits.shopping_habits` in the two periods.
    """
    from customer_patterns.segments.movement.loops import count_pairs

    half = blocks.count // 2
    later = np.zeros(blocks.count, dtype=np.float32)
    later[order[half:]] = 1
    pairs, known = count_pairs(
        blocks.pair_customer, blocks.pair_starts, blocks.pair_block, blocks.pair_count, later, len(blocks.customers)
    )
    return tuple(_period(blocks, order[side * half :][:half], pairs[side], known[side]) for side in (0, 1))


def two_values(blocks: Blocks, order: Whole) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recency, orders and revenue of :func:`two_periods` alone."""
    half = blocks.count // 2
    return tuple(_values(blocks, order[side * half :][:half]) for side in (0, 1))


def _values(blocks: Blocks, order: Whole) -> pd.DataFrame:
    """What customers are worth in one period, from its blocks in their order."""
    orders, revenue = (blocks.sums[name][:, order].sum(axis=1) for name in ("orders", "revenue"))
    recency = (blocks.last[:, order] + np.arange(len(order))[::-1] * BLOCK_DAYS).min(axis=1)
    return pd.DataFrame(
        {"recency_days": np.where(orders > 0, recency, np.nan), "orders": orders, "revenue": revenue / 100}
    )


def _period(blocks: Blocks, order: Whole, pairs: NDArray[np.float64], known: NDArray[np.float64]) -> Period:
    """One period from its blocks, in their order."""
    place, days = np.arange(len(order)) * BLOCK_DAYS, len(order) * BLOCK_DAYS
    total = {name: cells[:, order].sum(axis=1) for name, cells in blocks.sums.items()}
    first = (blocks.first[:, order] + place).min(axis=1)
    some = total["orders"] > 0

    def share(part: str, whole: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.divide(total[part], whole, out=np.full(len(whole), np.nan), where=whole > 0)

    months = np.where(some, np.maximum((days - np.where(some, first, 0)) / DAYS_A_MONTH, 1.0), 0.0)
    paired = known * (known - 1)
    habits = pd.DataFrame(
        {
            "customer_id": blocks.customers,
            "orders": total["orders"],
            "orders_per_month": share("orders", months),
            "basket_value": share("goods", total["orders"]) / 100,
            "product_price": share("goods", total["products"]) / 100,
            "weekend_share": share("weekend_orders", total["orders"]),
            "evening_share": share("evening_orders", total["orders"]),
            "own_brand_share": share("own_brand", total["known_brand"]),
            "discount_share": share("discounts", total["goods"] + total["discounts"]),
            "category_focus": np.divide(pairs, paired, out=np.full(len(paired), np.nan), where=paired > 0),
        }
    )
    return Period(habits, _values(blocks, order))
