"""Which items lie in which basket, as arrays: one level of the product hierarchy at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from customer_patterns.features import distinct, encode, encode_in_order
from customer_patterns.schemas.canonical import UNKNOWN

#: Levels of the product hierarchy, from coarse to fine; an item is a name at one of them.
LEVELS = ("department", "category", "product_type")

#: What the levels are called in tables.
LEVEL_WORDS = tuple(level.replace("_", " ") for level in LEVELS)

#: Stands between the items of a set in texts. A name that holds it is written without its spaces.
AND = " + "

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Baskets:
    """The baskets of goods at one level. Order and names of rows play no part.

    Attributes
    ----------
    level
        ``"department"``, ``"category"`` or ``"product_type"``.
    items
        Names of the items, ascending.
    basket, item
        One entry per item in a basket, none twice: number of the basket, number of the item; by both.
    customer
        Per basket: the number of its customer, by ``customers``.
    customers
        The customers' keys, ascending.
    day
        Per basket: its local day.
    giants
        Baskets set aside because they held more items than allowed.
    """

    level: str
    items: NDArray[np.object_]
    basket: Ints
    item: Ints
    customer: Ints
    customers: NDArray[np.object_]
    day: NDArray[np.datetime64]
    giants: int = 0

    def __len__(self) -> int:
        """How many baskets."""
        return len(self.customer)

    @property
    def level_in_words(self) -> str:
        """The level, as tables call it."""
        return LEVEL_WORDS[LEVELS.index(self.level)]

    @cached_property
    def size(self) -> Ints:
        """How many different items each basket holds."""
        return np.bincount(self.basket, minlength=len(self))

    @cached_property
    def counts(self) -> Ints:
        """How many baskets hold each item."""
        return np.bincount(self.item, minlength=len(self.items))

    @cached_property
    def _by_item(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.item, kind="stable")
        return self.basket[order], np.concatenate([[0], np.cumsum(self.counts)])

    def holding(self, item: int) -> Ints:
        """Return the baskets that hold an item, ascending."""
        baskets, edges = self._by_item
        return baskets[edges[item] : edges[item + 1]]

    @property
    def customers_seen(self) -> int:
        """How many customers have a basket."""
        return int(np.count_nonzero(np.bincount(self.customer)))

    def where(self, kept: NDArray[np.bool_]) -> Baskets:
        """Keep some baskets (one truth value each); items and customers keep their numbers."""
        number = np.cumsum(kept) - 1
        entries = kept[self.basket]
        return replace(
            self,
            basket=number[self.basket[entries]],
            item=self.item[entries],
            customer=self.customer[kept],
            day=self.day[kept],
        )

    def around(self, item: int) -> Baskets:
        """Keep the baskets that hold an item, without it: what else is in them."""
        there = np.zeros(len(self), dtype=bool)
        there[self.holding(item)] = True
        kept = self.where(there)
        others = kept.item != item
        return replace(kept, basket=kept.basket[others], item=kept.item[others])

    def until(self, last_day: date) -> Baskets:
        """Keep the baskets up to a day, that day included."""
        return self.where(self.day <= np.datetime64(last_day))

    def after(self, last_day: date) -> Baskets:
        """Keep the baskets after a day."""
        return self.where(self.day > np.datetime64(last_day))

    def of(self, members: NDArray[np.bool_]) -> Baskets:
        """Keep the baskets of some customers (one truth value for each of ``customers``)."""
        return self.where(members[self.customer])


def number_baskets(order_lines: ir.Table, *, first_day: date, last_day: date) -> ir.Table:
    """Number the baskets of goods of a period, so that all levels can be read from one small table.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``product_id``, ``ordered_on`` (local day),
        ``line_kind``; only goods count: fuel and gift cards are no part of a basket.
    first_day, last_day
        The period, both days included.

    Returns
    -------
    Table
        One row per product in a basket: ``basket`` (its number, by ``order_id``), ``product_id``, ``customer_id``,
        ``ordered_on``.
    """
    within = order_lines.ordered_on.between(ibis.literal(first_day), ibis.literal(last_day))
    goods = order_lines.filter((order_lines.line_kind == "goods") & within)
    orders = goods.select("order_id").distinct()
    orders = orders.mutate(basket=ibis.row_number().over(order_by=orders.order_id))
    return goods.join(orders, "order_id").select("basket", "product_id", "customer_id", "ordered_on")


def read_baskets(basket_products: ir.Table, products: ir.Table, *, level: str, largest_basket: int) -> Baskets:
    """Read which items lie in which basket of goods.

    Parameters
    ----------
    basket_products
        One row per product in a basket, from :func:`number_baskets`.
    products
        One row per product: ``product_id`` and ``level``; ``"unknown"`` is no item.
    level
        One of :data:`LEVELS`.
    largest_basket
        Baskets of more different items are set aside and counted: nobody fills such a basket for one household.

    Returns
    -------
    Baskets
        Every basket that holds an item at this level.

    Raises
    ------
    ValueError
        The level is unknown.
    """
    return read_levels(basket_products, products, levels=[level], largest_basket=largest_basket)[level]


def read_levels(
    basket_products: ir.Table, products: ir.Table, *, levels: Iterable[str], largest_basket: int
) -> dict[str, Baskets]:
    """Read the baskets of several levels, once for all that is asked of them.

    Parameters
    ----------
    basket_products, products, largest_basket
        As in :func:`read_baskets`.
    levels
        Some of :data:`LEVELS`.

    Returns
    -------
    dict
        The baskets by level, in the order of ``levels``.

    Raises
    ------
    ValueError
        A level is unknown.
    """
    levels = list(levels)
    for level in levels:
        if level not in LEVELS:
            raise ValueError(f"the level is one of {', '.join(LEVELS)}, not {level!r}")
    # Products by number, so that each line is joined to them once, whatever is asked of it.
    listed = products.select("product_id", *levels).mutate(product=ibis.row_number().over(order_by="product_id"))
    lines = basket_products.join(listed.select("product_id", "product"), "product_id")
    lines = lines.select("basket", "product").to_pyarrow()
    basket, product = (lines[name].to_numpy() for name in ("basket", "product"))
    orders = basket_products.group_by("basket").aggregate(
        customer_id=ibis._.customer_id.min(), ordered_on=ibis._.ordered_on.min()
    )
    orders = orders.order_by("basket").to_pyarrow()
    names = listed.order_by("product").to_pyarrow()
    return {level: _at_level(level, names[level], basket, product, orders, largest_basket) for level in levels}


def _at_level(
    level: str, named: pa.ChunkedArray, basket: Ints, product: Ints, orders: pa.Table, largest_basket: int
) -> Baskets:
    """From products in baskets to items in baskets."""
    found, code = encode(named)
    sold = np.bincount(code[product], minlength=len(found)) > 0
    texts = [AND.strip().join(name.split(AND)) if name is not None else UNKNOWN for name in found]
    listed = sorted({name for name, there in zip(texts, sold, strict=True) if there} - {UNKNOWN})
    place = {name: number for number, name in enumerate(listed)}
    item = np.array([place.get(name, -1) for name in texts], dtype=np.int64)[code][product]
    items = np.array(listed, dtype=object)
    entries = distinct(basket[item >= 0] * max(len(items), 1) + item[item >= 0])
    basket, item = np.divmod(entries, max(len(items), 1))
    first = np.append(True, basket[1:] != basket[:-1])[: len(basket)]
    orders = orders.take(basket[first])
    customers, customer = encode_in_order(orders["customer_id"])
    everything = Baskets(
        level=level,
        items=items,
        basket=np.cumsum(first) - 1,
        item=item,
        customer=customer,
        customers=customers,
        day=orders["ordered_on"].to_numpy().astype("datetime64[D]"),
    )
    kept = everything.size <= largest_basket
    if kept.all():
        return everything
    return replace(everything.where(kept), giants=int((~kept).sum()))
