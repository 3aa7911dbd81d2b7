"""What sells: departments and categories by revenue and by how many customers buy them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior import tables
from customer_patterns.estimates import NotEnoughData, bootstrap_share, wilson, with_interval
from customer_patterns.features.cells import cents, customer_sums, suppress, whole_numbers
from customer_patterns.features.enough import empty


def popular(order_lines: ir.Table, products: ir.Table, *, by: str) -> pd.DataFrame:
    """Rank the goods at one level of the product hierarchy by their revenue.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``customer_id``, ``product_id``, ``revenue``, ``line_kind``. Only goods are
        looked at.
    products
        One row per product: ``product_id`` and ``by``.
    by
        ``"department"``, ``"category"`` or ``"product_type"``.

    Returns
    -------
    DataFrame
        One row per value of ``by``, by ``rank`` (revenue, then name): ``rank``, ``by``, ``revenue`` (study currency),
        ``share_of_revenue`` (of all goods; interval by resampling customers), ``n`` (customers who bought it),
        ``penetration`` (their share of all ``customers`` with goods; Wilson interval), ``suppressed``; what too few
        customers bought is blank and comes last, by name.
    """
    goods = order_lines.filter(order_lines.line_kind == "goods")
    named = products.select("product_id", level=products[by])
    lines = goods.join(named, "product_id")
    sums = customer_sums(
        lines,
        {"revenue": cents(ibis._.revenue).sum(), "lines": ibis._.count()},
        by="level",
    )
    levels, revenue, bought = sums["levels"], sums["revenue"], sums["lines"] > 0
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
    blanks = [f"{name}{end}" for name in ("share_of_revenue", "penetration") for end in ("", "_low", "_high")]
    table = suppress(table, ["revenue", *blanks])
    table = table.sort_values(["revenue", by], ascending=[False, True], na_position="last", ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table
