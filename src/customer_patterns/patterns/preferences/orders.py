"""Orders of goods, and how far each is from what its customer does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.cells import cents, encode, encode_in_order
from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.dirichlet import fit_population
from customer_patterns.patterns.preferences.ordinary import ordinary
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.schemas.local_time import local_time

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Baskets of one size in categories are compared: the least sizes of the bands.
_BANDS = np.array([1, 2, 3, 5, 8, 13, 21, 34])


@dataclass(frozen=True)
class Orders:
    """Orders of goods with what may be unusual in them, by key.

    Attributes
    ----------
    order_id, customers
        Keys of the orders; keys of the customers, ascending.
    customer, day, hour
        Per order: whose, its local day and hour.
    amount, units
        Per order: value in the study's currency, and units; NaN where not above zero.
    order, kind
        One entry per order and category in it: numbers.
    """

    order_id: NDArray[np.object_]
    customers: NDArray[np.object_]
    customer: Ints
    day: NDArray[np.datetime64]
    hour: Ints
    amount: Floats
    units: Floats
    order: Ints
    kind: Ints

    @cached_property
    def distances(self) -> dict[str, tuple[Floats, Floats, Floats]]:
        """How far each order is from what its customer does, from :func:`distances`."""
        return distances(self)


def read_orders(order_lines: ir.Table, products: ir.Table, *, last_day: date, time_zone: str) -> Orders:
    """Add orders of goods up.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``product_id``, ``ordered_at`` (UTC),
        ``ordered_on``, ``quantity``, ``revenue``, ``line_kind``; only goods count.
    products
        One row per product: ``product_id``, ``category``; ``"unknown"`` is none. It may be empty.
    last_day
        Last day of the study. Later orders change nothing.
    time_zone
        The study's.
    """
    goods = order_lines.filter(
        order_lines.line_kind == "goods",
        order_lines.ordered_on <= ibis.literal(last_day),
        order_lines.customer_id.notnull(),
    )
    orders = goods.group_by("order_id").aggregate(
        customer_id=goods.customer_id.min(),
        ordered_on=goods.ordered_on.min(),
        ordered_at=goods.ordered_at.min(),
        cents=cents(goods.revenue).sum(),
        units=goods.quantity.sum(),
    )
    orders = orders.mutate(hour=local_time(orders.ordered_at, time_zone=time_zone).hour())
    found = orders.order_by("order_id").to_pyarrow()
    known = products.select("product_id", name=products.category.nullif(UNKNOWN))
    known = known.filter(known.name.notnull())
    known = known.select("product_id", kind=ibis.dense_rank().over(order_by=known.name))
    held = goods.select("order_id", "product_id").join(known, "product_id")
    held = held.select("order_id", "kind").distinct().to_pyarrow()
    order_id = found["order_id"].to_numpy(zero_copy_only=False).astype(object)
    customers, customer = encode_in_order(found["customer_id"])
    amount, units = found["cents"].to_numpy().astype(float) / 100, found["units"].to_numpy().astype(float)
    keys, entry = encode(held["order_id"])
    place, kind = pd.Index(order_id).get_indexer(keys)[entry], held["kind"].to_numpy()
    by = np.argsort(place * (int(kind.max(initial=0)) + 1) + kind)
    return Orders(
        order_id=order_id,
        customers=customers,
        customer=customer,
        day=found["ordered_on"].to_numpy().astype("datetime64[D]"),
        hour=found["hour"].to_numpy().astype(np.int64),
        amount=np.where(amount > 0, amount, np.nan),
        units=np.where(units > 0, units, np.nan),
        order=place[by],
        kind=kind[by],
    )


def distances(orders: Orders) -> dict[str, tuple[Floats, Floats, Floats]]:
    """Say how far each order is from what its customer does, reason by reason.

    Returns
    -------
    dict
        Per reason one entry per order: the distance (NaN where nothing can be said), what was seen, what is usual (NaN
        where that is no number).
    """
    none = np.full(len(orders.order_id), np.nan)
    found = {}
    for reason, values in ((tables.AMOUNT, orders.amount), (tables.UNITS, orders.units)):
        distance, middle = _from_own(orders, np.log(values))
        found[reason] = (distance, values, np.exp(middle))
    found[tables.HOUR] = (_hour_surprise(orders), orders.hour.astype(float), none)
    mix = _mix_surprise(orders)
    found[tables.MIX] = (_from_own(orders, mix)[0], mix, none)
    return found


def _from_own(orders: Orders, values: Floats) -> tuple[Floats, Floats]:
    """Robust distances from each customer's own values, and the middles."""
    there = np.isfinite(values)
    distance, middle = np.full((2, len(values)), np.nan)
    if there.any():
        who = orders.customer[there]
        own = ordinary(who, values[there], len(orders.customers))
        distance[there] = (values[there] - own.middle[who]) / own.reach[who]
        middle[there] = own.middle[who]
    return distance, middle


def _hour_surprise(orders: Orders) -> Floats:
    """The surprise at each order's hour, given the customer's other orders and the hours next to them."""
    people = len(orders.customers)
    if not len(orders.hour):
        return np.zeros(0)
    counts = np.bincount(orders.customer * 24 + orders.hour, minlength=people * 24).reshape(people, 24).astype(float)
    who, hour = np.nonzero(counts)
    population = fit_population(who, hour, counts[who, hour], values=24)
    # An order at nine makes ten o'clock likelier too.
    near = 0.5 * counts + 0.25 * (np.roll(counts, 1, axis=1) + np.roll(counts, -1, axis=1))
    others = near[orders.customer, orders.hour] - 0.5
    total = counts.sum(axis=1)[orders.customer] - 1
    share = (population.shares * len(orders.hour) + 0.5) / (len(orders.hour) + 12)
    s = min(population.concentration, 1e4)
    return -np.log((others + s * share[orders.hour]) / (total + s))


def _mix_surprise(orders: Orders) -> Floats:
    """The mean surprise at each order's categories, given the customer's other orders, beside orders of that size."""
    found = np.full(len(orders.order_id), np.nan)
    if not len(orders.order):
        return found
    kinds = int(orders.kind.max()) + 1
    cell = orders.customer[orders.order] * kinds + orders.kind
    cells, place, count = np.unique(cell, return_inverse=True, return_counts=True)
    population = fit_population(cells // kinds, cells % kinds, count, values=kinds)
    size = np.bincount(orders.order, minlength=len(found))
    total = np.bincount(orders.customer[orders.order], minlength=len(orders.customers))[orders.customer] - size
    s = min(population.concentration, 1e4)
    share = np.maximum(population.shares, 0.5 / len(orders.order))
    chance = (count[place] - 1 + s * share[orders.kind]) / (total[orders.order] + s)
    surprise = np.bincount(orders.order, -np.log(chance), len(found))
    there = size > 0
    found[there] = surprise[there] / size[there]
    band = np.searchsorted(_BANDS, size, side="right")
    for at in np.unique(band[there]):
        rows = there & (band == at)
        middle = np.median(found[rows])
        spread = 1.4826 * np.median(np.abs(found[rows] - middle))
        found[rows] = (found[rows] - middle) / max(spread, 1e-3)
    return found
