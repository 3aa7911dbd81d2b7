"""What sells: departments, categories and products by revenue and by how many customers buy them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.behavior import tables
from customer_patterns.estimates import NotEnoughData, bootstrap_share, bounded, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, cents, customer_sums, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.privacy.differencing import contributions, contributions_of
from customer_patterns.schemas.canonical import UNKNOWN


def brands_named(products: ir.Table, *, own_brand: str = "Private", brand: str | None = None) -> ir.Table:
    """Say of each product under which brand it is sold.

    Parameters
    ----------
    products
        One row per product: ``product_id``, ``department``, ``category``, ``brand``, ``manufacturer_id``.
    own_brand
        The level of ``brand`` that is the retailer's own, whoever makes it.
    brand
        The column that names brands; ``None``: the manufacturer, the retailer's own brand by itself.

    Returns
    -------
    Table
        One row per product: ``product_id``, ``department``, ``category``, ``brand``; ``"unknown"`` where one is not.
    """
    label = products[brand] if brand else ibis.ifelse(products.brand == own_brand, own_brand, products.manufacturer_id)
    return products.select(
        "product_id",
        department=products.department.fill_null(UNKNOWN),
        category=products.category.fill_null(UNKNOWN),
        brand=label.fill_null(UNKNOWN),
    )


def bought_by_product(order_lines: ir.Table) -> ir.Table:
    """Add up what each customer bought of each product.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``customer_id``, ``product_id``, ``revenue``, ``line_kind``.

    Returns
    -------
    Table
        One row per customer and product: ``lines`` (orders with it), ``cents`` (whole hundredths). Goods only.
    """
    goods = order_lines.filter(order_lines.line_kind == "goods")
    return goods.group_by("customer_id", "product_id").aggregate(
        lines=goods.count(), cents=cents(goods.revenue).sum().cast("int64")
    )


def bought_by_kind(bought: ir.Table, products: ir.Table) -> ir.Table:
    """Add up what each customer bought of each kind of goods.

    Parameters
    ----------
    bought
        One row per customer and product, from :func:`bought_by_product`.
    products
        One row per product, from :func:`brands_named`.

    Returns
    -------
    Table
        One row per customer, department, category and brand: ``cents``, ``lines``. Known products only.
    """
    kinds = ["department", "category", "brand"]
    # Kinds by number: what is sorted into groups by three texts takes five times as long.
    numbered = products.mutate(kind=ibis.dense_rank().over(order_by=kinds))
    goods = bought.join(numbered.select("product_id", "kind"), "product_id")
    sums = goods.group_by("customer_id", "kind").aggregate(
        cents=goods.cents.sum().cast("int64"), lines=goods.lines.sum().cast("int64")
    )
    named = sums.join(numbered.select("kind", *kinds).distinct(), "kind")
    return named.select("customer_id", *kinds, "cents", "lines")


def popular(bought: ir.Table, *, by: str) -> pd.DataFrame:
    """Rank the goods at one level of the product hierarchy by their revenue.

    Parameters
    ----------
    bought
        One row per customer and kind of goods, from :func:`bought_by_kind`.
    by
        ``"department"`` or ``"category"``.

    Returns
    -------
    DataFrame
        One row per value of ``by``, by ``rank`` (revenue, then name): ``rank``, ``by``, ``revenue`` (study currency),
        ``share_of_revenue`` (of all goods; interval by resampling customers), ``n`` (customers who bought it),
        ``penetration`` (their share of all ``customers`` with goods; Wilson interval), ``suppressed``; what too few
        customers bought is blank and comes last, by name.
    """
    sums = customer_sums(bought, {"revenue": ibis._.cents.sum(), "lines": ibis._.lines.sum()}, by=by)
    levels, revenue, bought = sums["levels"], sums["revenue"], sums.pop("lines") > 0  # an eighth of the bytes
    buyers = bought.sum(axis=0)
    table = pd.DataFrame(
        {
            by: pd.Series(levels, dtype="str"),
            "revenue": revenue.sum(axis=0) / 100,
            "n": whole_numbers(buyers),
            "customers": len(bought),
        }
    )
    try:
        shares = bootstrap_share(revenue, revenue.sum(axis=1))
    except NotEnoughData:
        return empty(tables.popular_by(by))
    table = with_interval(table, "share_of_revenue", shares)
    table = with_interval(table, "penetration", wilson(buyers, np.full(len(buyers), len(bought))))
    blanks = bounded("share_of_revenue", "penetration")
    table = suppress(table, ["revenue", *blanks], sums=contributions(revenue))
    table = table.sort_values(["revenue", by], ascending=[False, True], na_position="last", ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def popular_products(bought: ir.Table, products: ir.Table, *, top: int = 100) -> pd.DataFrame:
    """Rank the products that most customers buy.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``order_id``, ``customer_id``, ``product_id``, ``revenue``, ``line_kind``. Only
        goods are looked at.
    products
        One row per product: ``product_id``, ``category``, ``product_type``, ``brand``, ``package_size``.
    top
        How many are listed.

    Returns
    -------
    DataFrame
        One row per product, by ``rank``: customers who bought it, then revenue, then key, so that no tie depends on the
        order of rows. Columns as in :data:`~customer_patterns.behavior.tables.POPULAR_PRODUCTS`; ``penetration`` is the
        share of all customers with goods (Wilson interval). What too few customers bought is not listed, nor what
        one of them bought nearly all of.
    """
    sums = bought.group_by("product_id").aggregate(
        n=bought.count(), orders=bought.lines.sum().cast("int64"), cents=bought.cents.sum().cast("int64")
    )
    most = (ibis.desc("n"), ibis.desc("cents"), "product_id")
    # Twice as many as are wanted: those that one customer dominates are known, and left out, only afterwards.
    listed = sums.filter(sums.n >= SMALLEST_CELL).order_by(*most).limit(2 * top)
    names = ("category", "product_type", "brand", "package_size")
    listed = listed.left_join(products.select("product_id", *names), "product_id")
    found = listed.order_by(*most).to_pandas()
    found = found[~_of_one(bought, found["product_id"])].head(top).reset_index(drop=True)
    customers = bought.customer_id.nunique().to_pyarrow().as_py()
    table = pd.DataFrame(
        {
            "rank": np.arange(1, len(found) + 1),
            "product_id": found["product_id"].astype("str"),
            **{name: found[name].fillna(UNKNOWN).astype("str") for name in names},
            "orders": whole_numbers(found["orders"]),
            "revenue": found["cents"].to_numpy() / 100,
            "n": whole_numbers(found["n"]),
            "customers": customers,
        }
    )
    return with_interval(table, "penetration", wilson(found["n"].to_numpy(), np.full(len(found), customers)))


def _of_one(bought: ir.Table, products: pd.Series) -> NDArray[np.bool_]:
    """Whether one customer accounts for so much of a product's revenue that it tells what they spent."""
    if products.empty:
        return np.zeros(0, dtype=bool)
    few = bought.semi_join(ibis.memtable({"product_id": products.tolist()}), "product_id")
    rows = few.select("product_id", "cents").to_pyarrow()
    groups = rows["product_id"].to_numpy(zero_copy_only=False)
    return contributions_of(rows["cents"].to_numpy(), groups, products.tolist()).dominated()
