"""The next purchase of a category: whether it is of the same brand as the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from customer_patterns.patterns.preferences.choices import Visits, read_visits, until
from customer_patterns.schemas.canonical import UNKNOWN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Switches:
    """Next purchases by customer and category, of those that were bought on two days at least, by both.

    Attributes
    ----------
    customers, categories
        Keys of the customers and names of the categories, ascending.
    customer, category
        Per pair: whose, of what.
    counts
        Per pair, by name: ``chances`` and ``switched`` (next purchases, and those of another brand), ``late`` and
        ``late_switched`` (of these in the window); ``unordered`` (share of another brand if the same purchases came in
        any order); ``joint`` and ``squares`` (sums for the correlation of a switch with the next one).
    """

    customers: NDArray[np.object_]
    categories: NDArray[np.object_]
    customer: Ints
    category: Ints
    counts: dict[str, Floats]


def category_switches(
    basket_products: ir.Table,
    products: ir.Table,
    *,
    window_days: int,
    last_day: date,
    brand: str = "manufacturer_id",
    category: str = "category",
    visits: Visits | None = None,
) -> Switches:
    """Count next purchases of another brand, by customer and category, in a window and before it.

    Parameters
    ----------
    basket_products
        One row per product in a basket of goods: ``basket``, ``product_id``, ``customer_id``, ``ordered_on``.
    products
        One row per product: ``product_id``, ``brand`` and ``category`` as named; ``"unknown"`` is none.
    window_days
        The window: so many days, the last ones. A purchase belongs to the time in which the later of the two was made.
    last_day
        Last day of the study. Later purchases change nothing.
    brand, category
        Columns of ``products``: between what, and within what, customers may switch.
    visits
        From :func:`~customer_patterns.patterns.preferences.choices.read_visits`, where they are known already.

    Returns
    -------
    Switches
        Of several brands on one day the one with most products counts, of equal ones the first by name.

    Raises
    ------
    ValueError
        ``window_days`` is less than 1.
    """
    if window_days < 1:
        raise ValueError(f"a window has one day at least, not {window_days}")
    visits = visits or read_visits(basket_products, last_day=last_day)
    about = products.select(
        "product_id", brand=products[brand].nullif(UNKNOWN), name=products[category].nullif(UNKNOWN)
    )
    about = about.filter(about.brand.notnull() & about.name.notnull())
    about = about.mutate(
        brand=ibis.dense_rank().over(order_by=about.brand), kind=ibis.dense_rank().over(order_by=about.name)
    )
    lines = until(basket_products, last_day).join(about.drop("name"), "product_id")
    bought = lines.select("basket", "kind", "brand").to_pyarrow()
    names = about.select("kind", "name").distinct().order_by("kind").to_pyarrow()["name"]
    names = names.to_numpy(zero_copy_only=False).astype(object)
    basket, kind, brand_number = (bought[name].to_numpy() for name in ("basket", "kind", "brand"))
    visit = visits.visit[np.searchsorted(visits.baskets, basket)]
    kinds = max(len(names), 1)
    pair, when, what = _of_days(visits, visit, kind, brand_number, kinds)
    late = visits.day[when] >= np.datetime64(last_day - timedelta(days=window_days - 1))
    pairs, counts = _counted(pair, what, late)
    more = counts["chances"] > 0
    return Switches(
        customers=visits.customers,
        categories=names,
        customer=(pairs // kinds)[more],
        category=(pairs % kinds)[more],
        counts={name: count[more] for name, count in counts.items()},
    )


def _of_days(visits: Visits, visit: Ints, kind: Ints, brand: Ints, kinds: int) -> tuple[Ints, Ints, Ints]:
    """The brand of each customer, category and day, in this order: pair of the two, visit, brand."""
    brands = int(brand.max(initial=0)) + 1
    cells, rows = np.unique((visit * kinds + kind) * brands + brand, return_counts=True)
    days, brand = cells // brands, cells % brands
    first = np.flatnonzero(np.diff(days, prepend=-1))
    # Most products, of equal ones the first brand: one number that is largest there.
    most = np.maximum.reduceat(rows * brands + (brands - 1 - brand), first) if len(first) else rows
    visit, kind = days[first] // kinds, days[first] % kinds
    pair = visits.customer[visit] * kinds + kind
    # Visits are numbered by customer and day, so that those of a pair are in the order of days.
    order = np.argsort(pair, kind="stable")
    return pair[order], visit[order], (brands - 1 - most % brands)[order]


def _counted(pair: Ints, brand: Ints, late: NDArray[np.bool_]) -> tuple[Ints, dict[str, Floats]]:
    """Add up, by pair, what follows what; purchases are in order."""
    pairs, at, days = np.unique(pair, return_inverse=True, return_counts=True)
    many = len(pairs)
    follows = np.diff(pair, prepend=-1) == 0
    switch = follows & (np.diff(brand, prepend=0) != 0)
    # With the switch before, where there are three purchases in a row.
    third, before = follows.copy(), np.zeros_like(switch)
    third[1:] &= follows[:-1]
    before[1:] = switch[:-1]
    sums = {
        name: np.bincount(at[there], minlength=many).astype(float)
        for name, there in {
            "switched": switch,
            "late": follows & late,
            "late_switched": switch & late,
            "both": third & switch & before,
            "now": third & switch,
            "then": third & before,
            "third": third,
        }.items()
    }
    brands = int(brand.max(initial=0)) + 1
    cells, times = np.unique(at * brands + brand, return_counts=True)
    alike = np.bincount(cells // brands, times * (times - 1), many)
    chances = days - 1.0
    rate = np.divide(sums["switched"], chances, out=np.zeros(many), where=chances > 0)
    counts = {
        "chances": chances,
        **{name: sums[name] for name in ("switched", "late", "late_switched")},
        "unordered": 1 - np.divide(alike, days * chances, out=np.ones(many), where=chances > 0),
        "joint": sums["both"] - rate * (sums["now"] + sums["then"]) + sums["third"] * rate**2,
        "squares": sums["switched"] * (1 - rate),
    }
    return pairs, counts
