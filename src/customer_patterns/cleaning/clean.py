"""Apply the cleaning rules in order and count what each of them did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis.expr.operations import PhysicalTable

from customer_patterns.cleaning import rules
from customer_patterns.cleaning.quality import column_quality
from customer_patterns.cleaning.tables import RULES
from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import CANONICAL, UNKNOWN
from customer_patterns.schemas.local_time import local_time
from customer_patterns.warehouse import keep

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Tables that cleaning does not touch and later stages read from ``collect``.
UNTOUCHED = ("promotions",)


@dataclass(frozen=True)
class Cleaned:
    """Clean tables, what each rule did, and the quality of each delivered column.

    Attributes
    ----------
    tables
        By name.
    rules, quality
        See ``RULES``, ``QUALITY``.
    """

    tables: dict[str, ir.Table]
    rules: pd.DataFrame
    quality: pd.DataFrame

    @property
    def all(self) -> dict[str, ir.Table | pd.DataFrame]:
        """All tables that the stage writes, by name."""
        return {**self.tables, "rules": self.rules, "quality": self.quality}


def clean_study(
    tables: dict[str, ir.Table],
    *,
    time_zone: str,
    first_day: date,
    fuel_types: str,
    gift_card_types: str,
    backend: Backend,
) -> Cleaned:
    """Clean a study's canonical tables.

    Parameters
    ----------
    tables
        Canonical tables as collected; ``products``, ``customers`` and all but ``order_lines`` may be missing.
    time_zone
        The study's; it decides which day an order belongs to.
    fuel_types, gift_card_types
        SQL ``LIKE`` patterns of the product types that are fuel and gift cards; empty where there are none.
    backend
        The DuckDB of the tables; intermediate results are kept there.

    Returns
    -------
    Cleaned
        ``order_lines`` with one row per product in an order, ``customers`` with one row for everyone who ordered or
        was described, ``products`` likewise, the campaign tables, and what was done.
    """
    delivered = {name: tables[name] for name in CANONICAL if name in tables and name not in UNTOUCHED}
    quality = column_quality(delivered, time_zone=time_zone, first_day=first_day)
    current = _with_empty_dimensions(delivered)
    current["order_lines"] = current["order_lines"].mutate(line_kind=ibis.literal("goods"))
    steps = [
        rules.exact_duplicates("order_lines"),
        rules.same_product_twice(),
        rules.nothing_sold(),
        rules.free_items(),
        rules.unknown_levels("products"),
        rules.undescribed_products(),
        rules.lines_without_description(),
        rules.own_department("fuel", "FUEL", fuel_types),
        rules.own_department("gift_card", "GIFT CARDS", gift_card_types),
        rules.unknown_levels("customers"),
        rules.undescribed_customers(),
        rules.exact_duplicates("coupons"),
        rules.exact_duplicates("coupon_redemptions"),
        rules.orphan_redemptions(),
    ]
    rows = []
    for rule in steps:
        if rule.table not in current:
            continue
        before = _size(current[rule.table])
        found = int(rule.found(current).count().to_pyarrow().as_py())
        if found or rule.action != "dropped":
            current = _keep(backend, rule.clean(current), len(rows))
        after = _size(current[rule.table])
        rows.append(
            {
                "position": len(rows) + 1,
                "rule": rule.name,
                "table": rule.table,
                "action": rule.action,
                "records_in": before["records"],
                "records_found": found,
                "records_out": after["records"],
                "revenue_in": before["revenue"],
                "revenue_out": after["revenue"],
            }
        )
    current["order_lines"] = _finish_lines(current["order_lines"], time_zone=time_zone)
    return Cleaned(current, pd.DataFrame(rows, columns=RULES.names), quality)


def _keep(backend: Backend, tables: dict[str, ir.Table], step: int) -> dict[str, ir.Table]:
    """Compute what a rule changed once, so that rules do not pile up into one query that each count runs again."""
    return {
        name: table if isinstance(table.op(), PhysicalTable) else keep(backend, table, f"after_rule_{step}__{name}")
        for name, table in tables.items()
    }


def _size(table: ir.Table) -> dict[str, object]:
    wanted = {"records": table.count()}
    if "revenue" in table.columns:
        wanted["revenue"] = table.revenue.sum().cast("decimal(18, 2)")
    return {"revenue": None, **table.aggregate(**wanted).to_pyarrow().to_pylist()[0]}


def _with_empty_dimensions(tables: dict[str, ir.Table]) -> dict[str, ir.Table]:
    """Add products and customers without rows where a study has none, so that every later stage finds them."""
    whole = dict(tables)
    for name in ("products", "customers"):
        if name not in whole:
            whole[name] = _empty(CANONICAL[name], like=tables["order_lines"])
    return whole


def _empty(schema: TableSchema, *, like: ir.Table) -> ir.Table:
    columns = {column.name: ibis.null("string") for column in schema.columns}
    return like.select(**columns).filter(ibis.literal(False))


def _finish_lines(lines: ir.Table, *, time_zone: str) -> ir.Table:
    """Add the local day and say "unknown" where a store is missing."""
    return lines.mutate(
        ordered_on=local_time(lines.ordered_at, time_zone=time_zone).date(),
        store_id=lines.store_id.fill_null(UNKNOWN),
    ).drop("delivered_week")
