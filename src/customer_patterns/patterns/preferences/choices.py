"""Which values of an attribute each customer bought on which visit: the counts that preferences are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from customer_patterns.features import encode_in_order
from customer_patterns.patterns.preferences.dirichlet import Population, fit_population
from customer_patterns.schemas.canonical import UNKNOWN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: What of a product may be preferred, where a delivery states it: columns of products.
ATTRIBUTES = ("category", "brand", "size_class", "color")
#: What they are called in tables.
ATTRIBUTE_WORDS = tuple(name.replace("_", " ") for name in ATTRIBUTES)
#: Values that are bought too seldom to have a place of their own.
OTHERS = "all others"


class Vectors(NamedTuple):
    """What each customer bought, visits added up: one entry per customer and value bought, by both."""

    customer: Ints
    value: Ints
    count: Floats


@dataclass(frozen=True)
class Choices:
    """Purchases by visit; a visit is a customer's local day, so that two orders of one day are one decision.

    Attributes
    ----------
    attribute
        What is chosen among.
    names, customers
        Names of the values, ascending but for :data:`OTHERS` at the end; keys of the customers, ascending.
    visit, value, count
        One entry per value on a visit, by both: numbers, and products of it in the orders of that day.
    customer, day
        Per visit, by both.
    """

    attribute: str
    names: NDArray[np.object_]
    customers: NDArray[np.object_]
    visit: Ints
    value: Ints
    count: Floats
    customer: Ints
    day: NDArray[np.datetime64]

    @cached_property
    def population(self) -> Population:
        """What all customers have in common, purchases counted by what they say (:attr:`clumping`).

        Its concentration is in purchases that are chosen by themselves: times ``clumping`` it is in products.
        """
        vectors = self.vectors
        counted = vectors.count / self.clumping
        return fit_population(vectors.customer, vectors.value, counted, values=len(self.names))

    @property
    def attribute_in_words(self) -> str:
        """The attribute, as tables call it; they hold those of :data:`ATTRIBUTES`."""
        return self.attribute.replace("_", " ")

    @cached_property
    def vectors(self) -> Vectors:
        """What each customer bought over all visits."""
        cell = self.customer[self.visit] * len(self.names) + self.value
        cells, place = np.unique(cell, return_inverse=True)
        return Vectors(cells // len(self.names), cells % len(self.names), np.bincount(place, self.count))

    @cached_property
    def totals(self) -> Floats:
        """Purchases of each customer."""
        return np.bincount(self.customer[self.visit], self.count, len(self.customers))

    @cached_property
    def visits(self) -> Ints:
        """Visits of each customer."""
        return np.bincount(self.customer, minlength=len(self.customers))

    def between(self, first: date | None = None, last: date | None = None) -> Choices:
        """Keep the visits of a period, both days included; customers and values keep their numbers."""
        kept = np.ones(len(self.day), dtype=bool)
        if first is not None:
            kept &= self.day >= np.datetime64(first)
        if last is not None:
            kept &= self.day <= np.datetime64(last)
        number, entries = np.cumsum(kept) - 1, kept[self.visit]
        return replace(
            self,
            visit=number[self.visit[entries]],
            value=self.value[entries],
            count=self.count[entries],
            customer=self.customer[kept],
            day=self.day[kept],
        )

    @cached_property
    def clumping(self) -> float:
        """How many products of a visit say as much as one that is chosen by itself; 1 or more.

        What goes into one basket is not chosen product by product. The design effect: the variance of the counts
        between a customer's visits, by what independent choices of the same shares would have, over all customers and
        values (Rao and Scott 1981, J. Am. Stat. Assoc. 76, 221–230). Counts are divided by it before anything is said
        of how sure they are.
        """
        size = np.bincount(self.visit, self.count, len(self.customer))
        who = self.customer[self.visit]
        values = len(self.names)
        vectors = self.vectors
        share = vectors.count / self.totals[vectors.customer]
        cells = vectors.customer * values + vectors.value
        own = share[np.searchsorted(cells, who * values + self.value)]
        people = len(self.customers)
        squared = np.bincount(vectors.customer, share**2, people)
        scatter = (
            np.bincount(who, self.count**2 - 2 * own * size[self.visit] * self.count, people)
            + np.bincount(self.customer, size**2, people) * squared
        )
        enough = (self.visits >= 2) & (self.totals >= 2)
        visits, totals = self.visits[enough], self.totals[enough]
        # Both are smaller than they are by what the shares were fitted to: a visit's worth, a purchase's worth.
        seen = (scatter[enough] * visits / (visits - 1)).sum()
        independent = (totals * (1 - squared[enough]) * totals / (totals - 1)).sum()
        return max(float(seen / independent), 1.0) if independent > 0 else 1.0


def attributes_known(products: ir.Table) -> tuple[str, ...]:
    """Say which of :data:`ATTRIBUTES` two products at least differ in.

    Parameters
    ----------
    products
        One row per product, from :func:`~customer_patterns.patterns.preferences.sizes.add_size_class`. Nothing is said
        of attributes that it does not state.
    """
    there = [name for name in ATTRIBUTES if name in products.columns]
    known = {name: products[name].nullif(UNKNOWN).nunique() for name in there}
    if not known:
        return ()
    counted = products.aggregate(**known).to_pyarrow().to_pylist()[0]
    return tuple(name for name in there if counted[name] > 1)


@dataclass(frozen=True)
class Visits:
    """The visits of all customers, whatever was bought.

    Attributes
    ----------
    baskets, visit
        Per basket, ascending: its number, and that of its visit.
    customers
        Keys of the customers, ascending.
    customer, day
        Per visit, by both.
    """

    baskets: Ints
    visit: Ints
    customers: NDArray[np.object_]
    customer: Ints
    day: NDArray[np.datetime64]


def read_visits(basket_products: ir.Table, *, last_day: date) -> Visits:
    """Read which baskets make a visit; tables and dates as for :func:`read_choices`."""
    lines = until(basket_products, last_day)
    orders = lines.group_by("basket").aggregate(
        customer_id=ibis._.customer_id.min(), ordered_on=ibis._.ordered_on.min()
    )
    orders = orders.order_by("basket").to_pyarrow()
    customers, number = encode_in_order(orders["customer_id"])
    day = orders["ordered_on"].to_numpy().astype("datetime64[D]")
    first = day.min() if len(day) else np.datetime64("1970-01-01", "D")
    since = (day - first).astype(np.int64)
    days = int(since.max(initial=0)) + 1
    trips, visit = np.unique(number * days + since, return_inverse=True)
    return Visits(orders["basket"].to_numpy(), visit, customers, trips // days, first + trips % days)


def read_choices(
    basket_products: ir.Table,
    products: ir.Table,
    *,
    attribute: str,
    last_day: date,
    most_values: int = 400,
    visits: Visits | None = None,
) -> Choices:
    """Read what each customer bought on each visit, by the values of an attribute.

    Parameters
    ----------
    basket_products
        One row per product in a basket of goods: ``basket``, ``product_id``, ``customer_id``, ``ordered_on``.
    products
        One row per product: ``product_id`` and ``attribute``; ``"unknown"`` is no value.
    attribute
        A column of ``products``.
    last_day
        Last day of the study. Later rows change nothing.
    most_values
        So many values, those bought most, have a place of their own; all others share one.
    visits
        From :func:`read_visits`, where several attributes are read.

    Returns
    -------
    Choices
        Of every customer who bought a product whose value is known.

    Raises
    ------
    ValueError
        ``products`` has no such column, or fewer than one value is asked for.
    """
    if attribute not in products.columns:
        raise ValueError(f"products do not state a {attribute}")
    if most_values < 1:
        raise ValueError(f"one value at least has a place of its own, not {most_values}")
    visits = visits or read_visits(basket_products, last_day=last_day)
    names = products.select("product_id", name=products[attribute].nullif(UNKNOWN))
    names = names.filter(names.name.notnull())
    names = names.mutate(code=ibis.dense_rank().over(order_by=names.name))
    lines = until(basket_products, last_day).join(names.select("product_id", "code"), "product_id")
    found = lines.group_by("basket", "code").aggregate(count=ibis._.count()).to_pyarrow()
    sold = names.select("code", "name").distinct().order_by("code").to_pyarrow()
    values, value = _most_bought(
        sold["name"].to_numpy(zero_copy_only=False).astype(object),
        found["code"].to_numpy(),
        found["count"].to_numpy().astype(float),
        most_values,
    )
    # Added up is what falls on one visit and value.
    kinds = max(len(values), 1)
    visit = visits.visit[np.searchsorted(visits.baskets, found["basket"].to_numpy())]
    cells, place = np.unique(visit * kinds + value, return_inverse=True)
    seen, visit = np.unique(cells // kinds, return_inverse=True)
    people, customer = np.unique(visits.customer[seen], return_inverse=True)
    return Choices(
        attribute=attribute,
        names=values,
        customers=visits.customers[people],
        visit=visit,
        value=cells % kinds,
        count=np.bincount(place, found["count"].to_numpy()),
        customer=customer,
        day=visits.day[seen],
    )


def until(basket_products: ir.Table, last_day: date) -> ir.Table:
    """What customers who are known bought up to a day."""
    lines = basket_products.filter(basket_products.ordered_on <= ibis.literal(last_day))
    return lines.filter(lines.customer_id.notnull())


def _most_bought(names: NDArray[np.object_], code: Ints, count: Floats, most: int) -> tuple[NDArray[np.object_], Ints]:
    """Number the values that are bought, by name; those bought least become one, at the end."""
    sums = np.bincount(code, count, len(names))
    bought = np.flatnonzero(sums)
    kept = np.sort(bought[np.argsort(-sums[bought], kind="stable")][:most])
    place = np.full(len(names), len(kept))
    place[kept] = np.arange(len(kept))
    others = [OTHERS] if len(bought) > len(kept) else []
    return np.array([*names[kept], *others], dtype=object), place[code]
