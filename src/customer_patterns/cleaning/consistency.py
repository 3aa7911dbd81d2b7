"""Do the sources agree: what one of them names, has the other one delivered it?"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.cleaning.account_tables import CONSISTENCY
from customer_patterns.schemas.canonical import UNKNOWN


@dataclass(frozen=True)
class Reference:
    """Records of one table that name something of another: in which columns, and how the question is put."""

    question: str
    table: str
    other: str
    columns: tuple[tuple[str, str], ...]


REFERENCES: tuple[Reference, ...] = tuple(
    Reference(question, table, other, columns)
    for (question, table, other), columns in {
        ("orders named by visits are among the purchases", "events", "order_lines"): (("order_id", "order_id"),),
        ("who was logged in is who bought", "events", "order_lines"): (
            ("order_id", "order_id"),
            ("customer_id", "customer_id"),
        ),
        ("orders named by points are among the purchases", "loyalty_ledger", "order_lines"): (
            ("order_id", "order_id"),
        ),
        ("whose points they are is who bought", "loyalty_ledger", "order_lines"): (
            ("order_id", "order_id"),
            ("customer_id", "customer_id"),
        ),
        ("campaigns named by messages were described", "messages", "campaigns"): (("campaign_id", "campaign_id"),),
        ("redeemed coupons were described", "coupon_redemptions", "coupons"): (
            ("coupon_id", "coupon_id"),
            ("campaign_id", "campaign_id"),
        ),
        ("recipients' campaigns were described", "campaign_recipients", "campaigns"): (("campaign_id", "campaign_id"),),
        ("customers' regions were described", "customers", "regions"): (("region_id", "region_id"),),
        ("used products were described", "usage", "products"): (("product_id", "product_id"),),
    }.items()
)


def source_consistency(tables: dict[str, ir.Table]) -> pd.DataFrame:
    """Measure how far what one source names was delivered by another.

    Parameters
    ----------
    tables
        Clean tables by name, those delivered only.

    Returns
    -------
    DataFrame
        One row per question that can be put, as in ``CONSISTENCY``.
    """
    rows = []
    for reference in REFERENCES:
        if reference.table not in tables or reference.other not in tables:
            continue
        named, other = tables[reference.table], tables[reference.other]
        if not all(one in named.columns and two in other.columns for one, two in reference.columns):
            continue
        for one, _ in reference.columns:
            named = named.filter(named[one].notnull() & (named[one] != UNKNOWN))  # a filled gap names nothing
        known = other.select(**{f"_{one}": other[two] for one, two in reference.columns}).distinct()
        known = known.mutate(_known=ibis.literal(True))
        each = named.left_join(known, [named[one] == known[f"_{one}"] for one, _ in reference.columns])
        counted = each.aggregate(records=each.count(), found=each._known.sum().cast("int64"))
        records, found = (value or 0 for value in counted.to_pyarrow().to_pylist()[0].values())
        if not records:
            continue
        rows.append(
            {
                "question": reference.question,
                "table": reference.table,
                "other": reference.other,
                "records": records,
                "agreeing": found,
                "share": found / records,
            }
        )
    return pd.DataFrame(rows, columns=CONSISTENCY.names)


#: Two sources of one table fill a column differently from here on.
_APART = 0.01


def unlike_columns(source_quality: pd.DataFrame) -> pd.DataFrame:
    """List the columns that the sources of one table fill or check out differently, the most different first.

    Parameters
    ----------
    source_quality
        One row per column and source of a table that several sources deliver, as in ``SOURCE_QUALITY``.

    Returns
    -------
    DataFrame
        All rows of the columns of which one source fills at least a hundredth more than another, or of which one
        delivers values that cannot be.
    """
    columns = source_quality.groupby(["table", "column"], as_index=False)
    apart = columns.agg(most=("filled", "max"), least=("filled", "min"), valid=("valid", "min"))
    apart["apart"] = (apart["most"] - apart["least"]).round(9)
    apart = apart[(apart["apart"] >= _APART) | (apart["valid"] < 1)]
    listed = source_quality.merge(apart[["table", "column", "apart"]], on=["table", "column"], validate="m:1")
    order = ["apart", "table", "column", "source"]
    return listed.sort_values(order, ascending=[False, True, True, True], ignore_index=True).drop(columns="apart")
