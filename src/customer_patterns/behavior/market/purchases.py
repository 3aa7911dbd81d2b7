"""Who bought which brand how often, and the category whose brands can be compared."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.behavior.orders import in_period
from customer_patterns.features.cells import SMALLEST_CELL, encode
from customer_patterns.schemas.canonical import UNKNOWN

#: A category whose largest brand has more of the purchases than this is no market of competing brands.
LARGEST_SHARE = 0.6
#: A category is a market of brands from so many on that have buyers enough.
FEWEST_BRANDS = 4


class Purchases(NamedTuple):
    """One category: who bought which of its brands how often.

    ``category`` and ``brands`` are their names, brands from the most bought on; ``counts`` has one row per customer and
    one column per brand, the last one for all others together. Every customer of the study has a row.
    """

    category: str
    brands: list[str]
    counts: NDArray[np.float64]


def choose_category(bought: ir.Table, *, category: str | None = None, min_buyers: int = 30) -> str | None:
    """Name the category whose brands are compared.

    Parameters
    ----------
    bought
        One row per customer and kind of goods: ``customer_id``, ``category``, ``brand``, ``lines``.
    category
        The one that is wanted; ``None``: the one bought most often in which several brands compete.
    min_buyers
        Brands with fewer buyers do not count.

    Returns
    -------
    str or None
        ``None`` where no category (or not the one that is wanted) has :data:`FEWEST_BRANDS` brands with buyers enough,
        none of them with more than :data:`LARGEST_SHARE` of the lines. Ties go by name.
    """
    known = bought.filter((bought.category != UNKNOWN) & (bought.brand != UNKNOWN))
    sizes = known.group_by("category", "brand").aggregate(n=known.customer_id.nunique(), purchases=known.lines.sum())
    found = sizes.order_by("category", "brand").to_pandas()
    if category is not None:
        found = found[found["category"] == category]
    by_category = found.groupby("category")["purchases"]
    summary = pd.DataFrame(
        {
            "brands": (found["n"] >= max(min_buyers, SMALLEST_CELL)).groupby(found["category"]).sum(),
            "purchases": by_category.sum(),
            "largest": by_category.max() / by_category.sum(),
        }
    )
    markets = summary[(summary["brands"] >= FEWEST_BRANDS) & (summary["largest"] <= LARGEST_SHARE)]
    if markets.empty:
        return None
    return str(markets.sort_values("purchases", ascending=False, kind="stable").index[0])


def purchases_in(
    order_lines: ir.Table,
    products: ir.Table,
    *,
    category: str | None,
    first_day: date,
    last_day: date,
    most_brands: int = 8,
    min_buyers: int = 30,
) -> Purchases | None:
    """Count how often each customer bought each brand of one category.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``product_id``, ``ordered_on``, ``line_kind``.
    products
        One row per product: ``product_id``, ``category``, ``brand``, as :func:`~customer_patterns.behavior.popular.
        brands_named` names it.
    category
        Its name, from :func:`choose_category`; ``None`` gives ``None``.
    first_day, last_day
        The period, both days included. Other orders change nothing.
    most_brands
        How many brands are told apart at most: those with most purchases, ties by name.
    min_buyers
        Brands with fewer buyers are among the others.

    Returns
    -------
    Purchases or None
        Every customer with an order in the period has a row, by ``customer_id``. A purchase is an order with the
        brand; an order with two of its brands is a purchase of each.
    """
    if category is None:
        return None
    lines = in_period(order_lines, first_day, last_day)
    customers = lines.select("customer_id").distinct().order_by("customer_id").to_pyarrow()["customer_id"]
    named = products.filter((products.category == category) & (products.brand != UNKNOWN))
    goods = lines.filter(lines.line_kind == "goods").join(named.select("product_id", "brand"), "product_id")
    bought = goods.group_by("brand", "customer_id").aggregate(purchases=goods.order_id.nunique())
    bought = bought.order_by("brand", "customer_id").to_pyarrow()
    brands, brand = encode(bought["brand"])
    people, person = encode(bought["customer_id"])
    row = pd.Index(customers.to_numpy(zero_copy_only=False)).get_indexer(people)[person]
    orders = bought["purchases"].to_numpy().astype(float)
    sums, buyers = np.bincount(brand, orders), np.bincount(brand)
    largest = [n for n in np.lexsort((brands.astype(str), -sums)) if buyers[n] >= max(min_buyers, SMALLEST_CELL)]
    named_brands = largest[:most_brands]
    column = np.full(len(brands), len(named_brands))
    column[named_brands] = np.arange(len(named_brands))
    counts = np.zeros((len(customers), len(named_brands) + 1))
    np.add.at(counts, (row, column[brand]), orders)
    return Purchases(category, [str(brands[n]) for n in named_brands], counts)
