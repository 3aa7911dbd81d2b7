"""From orders and their lines to sums per day: all sales, fuel, categories, groups of customers, units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.cells import SMALLEST_CELL, cents
from customer_patterns.outlook.forecast.tables import (
    ALL_SALES,
    CATEGORY,
    CUSTOMER_GROUP,
    FUEL,
    KNOWN_OTHERS,
    MOST_VALUABLE,
    ORDERS,
    OTHER_GOODS,
    OTHER_SALES,
    REVENUE,
    SEEN_LATER,
    UNITS,
)
from customer_patterns.outlook.forecast.telling import amounts_of, followed, telling
from customer_patterns.schemas.canonical import UNKNOWN

Floats = NDArray[np.float64]

WEEK = 7
#: Over so many last days the customers of a series are counted, and the usual end of a day is looked for.
RECENT_DAYS, USUAL_DAYS = 28, 56
#: The share of customers, by what they spent, who are called most valuable.
TOP_SHARE = 0.2


@dataclass(frozen=True)
class DailySales:
    """Sums per day of several series.

    Attributes
    ----------
    days
        All days of the history, without gaps; a day without sales has sums of 0.
    series
        One row per series: ``measure`` (revenue, orders, units), ``kind``, ``series`` (its name), ``n`` (customers with
        such an order in the last :data:`RECENT_DAYS` days).
    sums
        One row per series, one column per day: study currency, orders, or pieces.
    """

    days: NDArray[np.datetime64]
    series: pd.DataFrame
    sums: Floats

    def of(self, measure: str, kind: str | None = None) -> NDArray[np.int64]:
        """Row numbers of the series of a measure, and of a kind where one is given."""
        found = self.series["measure"] == measure
        return np.flatnonzero(found if kind is None else found & (self.series["kind"] == kind))


def known_until(orders: ir.Table, *, first_day: date, last_day: date) -> date | None:
    """Find the last day of which everything seems to be there.

    Days without any order at the end, more of them in a row than ever before, were not delivered rather than without
    sales. A last day whose last order came at an earlier hour than on each of the :data:`USUAL_DAYS` days before was
    cut off; among that many days alike, this happens by chance once.

    Parameters
    ----------
    orders
        One row per order: ``ordered_on``, ``hour`` (local).
    first_day, last_day
        The period, both days included. Later orders change nothing.

    Returns
    -------
    date
        ``None`` where there are no orders.
    """
    rows = orders.filter(orders.ordered_on.between(ibis.literal(first_day), ibis.literal(last_day)))
    ends = rows.group_by("ordered_on").aggregate(hour=rows.hour.max()).order_by("ordered_on").to_pandas()
    if ends.empty:
        return None
    days = pd.to_datetime(ends["ordered_on"]).to_numpy().astype("datetime64[D]")
    last = days[-1]
    empty = int((np.datetime64(last_day) - last).astype(int))
    longest = int(np.diff(days).astype(int).max(initial=1)) - 1
    if 0 < empty <= longest:
        return last_day  # as quiet as it has been before
    usual = ends["hour"].to_numpy()[-USUAL_DAYS - 1 : -1]
    cut_off = len(usual) == USUAL_DAYS and ends["hour"].iloc[-1] < usual.min()
    return (last - np.timedelta64(int(cut_off), "D")).astype(date)


def daily_sales(
    orders: ir.Table,
    order_lines: ir.Table,
    products: ir.Table | None,
    *,
    first_day: date,
    last_day: date,
    chosen_by: date,
    categories: int,
) -> DailySales:
    """Add sales up per day.

    Which categories are followed, and who is most valuable, is decided by the orders before ``chosen_by`` alone: chosen
    by the days that are then forecast, they would make every forecast look better than it is.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``goods_revenue``, ``fuel_revenue``, ``revenue``.
    order_lines
        One row per product in an order: ``customer_id``, ``product_id``, ``ordered_on``, ``quantity``, ``revenue``,
        ``line_kind``.
    products
        One row per product: ``product_id``, ``category``. ``None``: all goods are one category.
    first_day, last_day
        The period, both days included; other rows change nothing.
    chosen_by
        The first day that is not looked at for choosing.
    categories
        How many categories are followed by themselves.

    Returns
    -------
    DailySales
        Revenue: all sales, fuel where enough customers buy it, each category, all others, groups of customers. Orders:
        all. Units: each category; those of fuel are never counted. A category of fewer than ``SMALLEST_CELL`` recent
        customers is not followed by itself, nor is one whose sum of a shown week would tell what one customer spent,
        whenever that was.
    """
    length = (last_day - first_day).days + 1
    within = orders.filter(orders.ordered_on.between(ibis.literal(first_day), ibis.literal(last_day)))
    recent = last_day - timedelta(days=RECENT_DAYS)
    total, goods, fuel, count = _whole(within, first_day, length)
    buyers = int(within.filter(within.ordered_on > ibis.literal(recent)).customer_id.nunique().to_pyarrow().as_py())
    rows = [(REVENUE, ALL_SALES, ALL_SALES, buyers, total), (ORDERS, ALL_SALES, ALL_SALES, buyers, count)]
    by_name = _categories(order_lines, products, first_day, last_day, recent)
    chosen = _largest(by_name, (chosen_by - first_day).days, categories) if len(by_name) > 1 else []
    if chosen:
        late = within.filter((within.ordered_on > ibis.literal(recent)) & (within.fuel_revenue != 0))
        drivers = int(late.customer_id.nunique().to_pyarrow().as_py())
        # (the fuel of a few customers would stand there as the difference)
        chosen, apart = followed(
            _named_goods(order_lines, products),
            amounts_of(within.filter(within.fuel_revenue != 0), column="fuel_revenue", series=ibis.literal(FUEL)),
            chosen,
            apart=drivers >= SMALLEST_CELL,
            rest=OTHER_GOODS,
            last_day=last_day,
        )
    rows += [(REVENUE, CATEGORY, name, by_name[name].n, by_name[name].revenue) for name in chosen]
    rows += [(UNITS, CATEGORY, name, by_name[name].n, by_name[name].units) for name in chosen]
    if chosen:
        rest = (goods if apart else total) - sum(by_name[name].revenue for name in chosen)
        rows.append((REVENUE, CATEGORY, OTHER_GOODS if apart or not fuel.any() else OTHER_SALES, buyers, rest))
        rows += [(REVENUE, FUEL, FUEL, drivers, fuel)] if apart else []
    rows += [(REVENUE, CUSTOMER_GROUP, *row) for row in _groups(within, first_day, length, chosen_by, recent)]
    series = pd.DataFrame([row[:4] for row in rows], columns=["measure", "kind", "series", "n"])
    days = np.datetime64(first_day) + np.arange(length)
    return DailySales(days, series, np.array([row[4] for row in rows], dtype=float))


def _whole(orders: ir.Table, first_day: date, length: int) -> tuple[Floats, Floats, Floats, Floats]:
    sums = orders.group_by("ordered_on").aggregate(
        goods=cents(orders.goods_revenue).sum(), fuel=cents(orders.fuel_revenue).sum(), orders=orders.count()
    )
    table = sums.order_by("ordered_on").to_pandas()
    at = _places(table["ordered_on"], first_day)
    goods, fuel, count = (_spread(at, table[name], length) for name in ("goods", "fuel", "orders"))
    return (goods + fuel) / 100, goods / 100, fuel / 100, count


@dataclass(frozen=True)
class _Sums:
    revenue: Floats
    units: Floats
    n: int


def _categories(
    order_lines: ir.Table, products: ir.Table | None, first_day: date, last_day: date, recent: date
) -> dict[str, _Sums]:
    """Revenue and units per day, and recent customers, of each category of goods."""
    if products is None:
        return {}
    goods = order_lines.filter(
        order_lines.line_kind == "goods",
        order_lines.ordered_on.between(ibis.literal(first_day), ibis.literal(last_day)),
    )
    # Each product's day first: a fifth of the lines is left for the join.
    small = goods.group_by("product_id", "ordered_on").aggregate(
        cents=cents(goods.revenue).sum().cast("int64"), units=goods.quantity.sum().cast("int64")
    )
    names = products.select("product_id", category=products.category.fill_null(UNKNOWN))
    named = small.join(names, "product_id")
    sums = named.group_by("category", "ordered_on").aggregate(cents=named.cents.sum(), units=named.units.sum())
    late = goods.filter(goods.ordered_on > ibis.literal(recent)).join(names, "product_id")
    people = late.group_by("category").aggregate(n=late.customer_id.nunique()).to_pandas()
    n = dict(zip(people["category"], people["n"], strict=True))
    table = sums.order_by("category", "ordered_on").to_pandas()
    length = (last_day - first_day).days + 1
    found = {}
    for name, part in table.groupby("category", sort=True):
        at = _places(part["ordered_on"], first_day)
        revenue = _spread(at, part["cents"], length) / 100
        found[str(name)] = _Sums(revenue, _spread(at, part["units"], length), int(n.get(name, 0)))
    return found


def _named_goods(order_lines: ir.Table, products: ir.Table | None) -> ir.Table:
    """Lines of goods by category: ``category``, ``customer_id``, ``ordered_on``, ``cents``."""
    names = products.select("product_id", category=products.category.fill_null(UNKNOWN))
    goods = order_lines.filter(order_lines.line_kind == "goods").join(names, "product_id")
    return goods.select("category", "customer_id", "ordered_on", cents=cents(goods.revenue))


def _largest(sums: dict[str, _Sums], days: int, most: int) -> list[str]:
    """The categories with most revenue in the first so many days, known ones with enough customers only."""
    usable = [name for name, one in sums.items() if one.n >= SMALLEST_CELL and name != UNKNOWN]
    ranked = sorted(usable, key=lambda name: (-sums[name].revenue[:days].sum(), name))
    return ranked[:most]


def _groups(
    orders: ir.Table, first_day: date, length: int, chosen_by: date, recent: date
) -> list[tuple[str, int, Floats]]:
    """Revenue per day of the customers who had spent most by a day, of the others, and of those seen later."""
    early = orders.filter(orders.ordered_on < ibis.literal(chosen_by))
    spent = early.group_by("customer_id").aggregate(spent=cents(early.revenue).sum().cast("int64"))
    amounts = np.sort(spent.spent.to_pyarrow().to_numpy())
    if len(amounts) < 2 * SMALLEST_CELL:
        return []
    limit = int(amounts[-max(int(np.ceil(TOP_SHARE * len(amounts))), 1)])
    known = orders.left_join(spent, "customer_id")
    group = ibis.cases((known.spent >= limit, MOST_VALUABLE), (known.spent.notnull(), KNOWN_OTHERS), else_=SEEN_LATER)
    known = known.mutate(group=group)
    sums = known.group_by("group", "ordered_on").aggregate(cents=cents(known.revenue).sum().cast("int64"))
    late = known.filter(known.ordered_on > ibis.literal(recent))
    people = late.group_by("group").aggregate(n=late.customer_id.nunique()).to_pandas()
    n = dict(zip(people["group"], people["n"], strict=True))
    table = sums.order_by("group", "ordered_on").to_pandas()
    found = []
    for name in (MOST_VALUABLE, KNOWN_OTHERS, SEEN_LATER):
        part = table[table["group"] == name]
        if len(part):
            at = _places(part["ordered_on"], first_day)
            found.append((name, int(n.get(name, 0)), _spread(at, part["cents"], length) / 100))
    # With the whole known, a group of few, or of one who spends nearly all, could be had by subtraction: then none is.
    told = len(telling(amounts_of(known, series=known.group), last_day=first_day + timedelta(days=length - 1)))
    return found if not told and all(count >= SMALLEST_CELL for _, count, _ in found) else []


def _places(days: pd.Series, first_day: date) -> NDArray[np.int64]:
    return (pd.to_datetime(days).to_numpy().astype("datetime64[D]") - np.datetime64(first_day)).astype(np.int64)


def _spread(at: NDArray[np.int64], amounts: pd.Series, length: int) -> Floats:
    """Sums of the days that have any, with zeros between."""
    values = np.zeros(length)
    values[at] = amounts.to_numpy(dtype=float)
    return values
