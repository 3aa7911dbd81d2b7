"""What each product sold in each store in each week, and how it was promoted there: weeks without a sale included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from customer_patterns.features import encode_in_order
from customer_patterns.features.cells import cents

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: The sender's code for "not there", on display as in the mailer.
NOT_THERE = "0"


@dataclass(frozen=True)
class StoreWeeks:
    """The products that are bought often, store by store. Tables have one row per product and store, one column a week.

    Attributes
    ----------
    products, stores
        Names, ascending.
    product, store
        Of each row, as numbers; rows by both.
    weeks
        First day of each week.
    units
        Units sold.
    display, mailer, listed
        Whether the product stood on display, stood in the mailer, or was listed among the promotions at all.
    cut
        How much cheaper it was than its shelf price, as a share, in the *other* stores: its own price is known only
        where it was sold, and a low price that sold nothing would be missed. NaN before any other store has sold it.
    carried
        Whether ``cut`` is carried forward from an earlier week, since no other store sold the product in this one.
    own_cut
        The same in the store itself; NaN in weeks without a sale.
    """

    products: NDArray[np.object_]
    stores: NDArray[np.object_]
    product: Ints
    store: Ints
    weeks: NDArray[np.datetime64]
    units: Floats
    display: Flags
    mailer: Flags
    listed: Flags
    cut: Floats
    carried: Flags
    own_cut: Floats

    @property
    def promoted(self) -> Flags:
        """Whether it was promoted in any way."""
        return self.display | self.mailer | self.listed

    @cached_property
    def unsold(self) -> Flags:
        """Weeks without a sale: they are in no delivery, and stand here with zero units."""
        return self.units == 0


def read_store_weeks(
    order_lines: ir.Table,
    promotions: ir.Table | None,
    *,
    first_day: date,
    last_day: date,
    most_products: int,
    least_in_store: int,
) -> StoreWeeks | None:
    """Lay the weeks of often-bought products out, store by store, with and without a sale.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``product_id``, ``store_id``, ``ordered_on``, ``quantity``, ``revenue``,
        ``retail_discount``, ``line_kind``; only goods count.
    promotions
        One row per product on display or in the mailer of a store in a week: ``product_id``, ``store_id``,
        ``week_starts_on`` and the sender's codes ``display_location``, ``mailer_location`` (``"0"``: not there). Its
        weeks and stores are those that count: where no promotion is on file, none is known not to have been. ``None``
        where none were delivered.
    first_day, last_day
        The period, both days included.
    most_products, least_in_store
        So many products, those bought most often (in order lines), are looked at, in the stores in which they were
        bought so often. Both count all weeks, promoted or not, which is what the model takes as given, so choosing by
        them favors no answer.

    Returns
    -------
    StoreWeeks or None
        ``None`` where no product is bought often enough, or no promotion is on file.
    """
    if promotions is None or (covered := _covered(promotions)) is None:
        return None
    on_file, start, last = covered
    within = order_lines.ordered_on.between(ibis.literal(first_day), ibis.literal(last_day))
    goods = order_lines.filter((order_lines.line_kind == "goods") & within & order_lines.store_id.isin(on_file))
    goods = goods.mutate(days=goods.ordered_on.delta(ibis.literal(start), unit="day"))
    goods = goods.filter((goods.days >= 0) & (goods.days < 7 * last + 7)).mutate(week=ibis._.days // 7)
    counts = goods.group_by("product_id").aggregate(purchases=goods.count())
    counts = counts.order_by(ibis.desc("purchases"), "product_id").limit(most_products)
    often = counts.product_id.to_pyarrow().to_pylist()
    if not often:
        return None
    read = _weekly(goods.filter(goods.product_id.isin(often))).to_pyarrow()
    sold = _Keys.of(read)
    kept = np.flatnonzero(np.bincount(sold.cell, read["purchases"].to_numpy().astype(float)) >= least_in_store)
    if not len(kept):
        return None
    products, product = np.unique(kept // len(sold.stores), return_inverse=True)
    stores, store = np.unique(kept % len(sold.stores), return_inverse=True)
    names, weeks = (sold.products[products], sold.stores[stores]), last + 1
    row_of = np.full((len(products), len(stores)), -1)
    row_of[product, store] = np.arange(len(product))
    code, row = sold.places(*names, row_of)
    week = read["week"].to_numpy().astype(np.int64)
    columns = {name: read[name].to_numpy().astype(float) for name in _SUMS}
    tables = {name: _summed((len(product), weeks), row, week, values) for name, values in columns.items()}
    chain = {name: _summed((len(products), weeks), code, week, values) for name, values in columns.items()}
    placed = promotions.filter(promotions.product_id.isin(often))
    display, mailer, listed = _placed(placed, names, row_of, start, weeks)
    cut, carried = _cut_elsewhere(tables, chain, product)
    return StoreWeeks(
        products=names[0],
        stores=names[1],
        product=product,
        store=store,
        weeks=np.datetime64(start) + 7 * np.arange(weeks),
        units=tables["units"],
        display=display,
        mailer=mailer,
        listed=listed,
        cut=cut,
        carried=carried,
        own_cut=_share(tables["discount_cents"], tables["cents"]),
    )


_SUMS = ("units", "cents", "discount_cents")


def _weekly(goods: ir.Table) -> ir.Table:
    """Add goods up by product, store and week; what was returned makes no week sell less than nothing."""
    return goods.group_by("product_id", "store_id", "week").aggregate(
        purchases=goods.count(),
        units=ibis.greatest(goods.quantity.sum(), 0),
        cents=ibis.greatest(cents(goods.revenue).sum(), 0),
        discount_cents=ibis.greatest(cents(goods.retail_discount).sum(), 0),
    )


def _covered(promotions: ir.Table) -> tuple[list[str], date, int] | None:
    """The stores that have promotions on file, the first day of the first week, and the number of the last."""
    found = promotions.group_by("store_id").aggregate(
        start=promotions.week_starts_on.min(), stop=promotions.week_starts_on.max()
    )
    found = found.to_pyarrow().to_pydict()
    if not found["start"]:
        return None
    start = min(found["start"])
    return sorted(found["store_id"]), start, (max(found["stop"]) - start).days // 7


@dataclass(frozen=True)
class _Keys:
    """Products and stores of the rows of a table: names ascending, and the number of each row's."""

    products: NDArray[np.object_]
    stores: NDArray[np.object_]
    product: Ints
    store: Ints

    @classmethod
    def of(cls, table: pa.Table) -> _Keys:
        (products, product), (stores, store) = (encode_in_order(table[name]) for name in ("product_id", "store_id"))
        return cls(products, stores, product, store)

    @property
    def cell(self) -> Ints:
        return self.product * len(self.stores) + self.store

    def places(self, products: NDArray, stores: NDArray, row_of: Ints) -> tuple[Ints, Ints]:
        """The number of each row's product among other names, and the row of its product and store; -1: none."""
        code = pd.Index(products).get_indexer(self.products)[self.product]
        at = pd.Index(stores).get_indexer(self.stores)[self.store]
        return code, np.where((code >= 0) & (at >= 0), row_of[code, at], -1)


def _summed(size: tuple[int, int], row: Ints, week: Ints, values: Floats) -> Floats:
    here = row >= 0
    return np.bincount(row[here] * size[1] + week[here], values[here], size[0] * size[1]).reshape(size)


def _placed(
    promotions: ir.Table, names: tuple[NDArray, NDArray], row_of: Ints, start: date, weeks: int
) -> tuple[Flags, Flags, Flags]:
    """Which cells were on display, in the mailer, or listed at all. A cell may be listed more than once."""
    read = promotions.select(
        "product_id",
        "store_id",
        days=promotions.week_starts_on.delta(ibis.literal(start), unit="day"),
        place=(promotions.display_location != NOT_THERE).cast("int8")
        + 2 * (promotions.mailer_location != NOT_THERE).cast("int8"),
    ).to_pyarrow()
    flags = np.zeros((3, row_of.max() + 1, weeks), dtype=bool)
    if len(read):
        _, row = _Keys.of(read).places(*names, row_of)
        week, place = read["days"].to_numpy() // 7, read["place"].to_numpy()
        for flag, said in zip(flags, (place & 1, place & 2, np.ones_like(place)), strict=True):
            there = (row >= 0) & (said > 0)
            flag[row[there], week[there]] = True
    return flags[0], flags[1], flags[2]


def _share(discount: Floats, paid: Floats) -> Floats:
    """By how much of the shelf price something was cheaper; NaN where nothing was sold."""
    shelf = discount + paid
    return np.divide(discount, shelf, out=np.full(shelf.shape, np.nan), where=shelf > 0).clip(0, 1)


def _cut_elsewhere(tables: dict[str, Floats], chain: dict[str, Floats], product: Ints) -> tuple[Floats, Flags]:
    """The cut in all other stores, carried forward where none of them sold the product in a week."""
    discount, paid = (chain[name][product] - tables[name] for name in ("discount_cents", "cents"))
    known = _share(discount, paid)
    there = ~np.isnan(known)
    last = np.maximum.accumulate(np.where(there, np.arange(known.shape[1]), -1), axis=1)
    carried = np.take_along_axis(known, np.maximum(last, 0), axis=1)
    return np.where(last >= 0, carried, np.nan), (last >= 0) & ~there
