"""The cleaning rules: what is wrong with a record, and what is done about it.

Each rule is a function from tables to tables; :func:`apply` runs it and counts. Applied to its own result a rule finds
nothing more to drop or merge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from customer_patterns.schemas.canonical import CUSTOMERS, PRODUCTS, UNKNOWN

Tables = dict[str, ir.Table]

_MONEY = ("revenue", "retail_discount", "coupon_discount", "coupon_match_discount")


@dataclass(frozen=True)
class Rule:
    """One cleaning rule.

    Attributes
    ----------
    name
        In a few words, as a reader sees it.
    table
        The table whose records it counts.
    action
        ``dropped``, ``changed``, ``added`` or ``flagged`` (kept as it is, but counted).
    found
        The records it applies to.
    clean
        The tables after it.
    regroups
        Whether it compares records with each other, which is dear enough to keep its result.
    """

    name: str
    table: str
    action: str
    found: Callable[[Tables], ir.Table]
    clean: Callable[[Tables], Tables]
    regroups: bool = False


def _row_hash(rows: ir.Table) -> ir.IntegerColumn:
    """One number per record, the same for the same record; another may have it by chance."""
    record = ibis.struct({name: rows[name] for name in rows.columns})

    @ibis.udf.scalar.builtin(name="hash", signature=((record.type(),), "uint64"))
    def hash_of(record):  # (Ibis's own goes through a text of bits)
        """Hash a record."""

    return hash_of(record)


def exact_duplicates(table: str) -> Rule:
    """Drop records that repeat another one in every column."""

    def found(tables: Tables) -> ir.Table:
        # Equal records have equal hashes: only the few that share theirs are compared column by column.
        rows = tables[table].mutate(_hash=_row_hash(tables[table]))
        shared = rows.group_by("_hash").aggregate(_times=ibis._.count()).filter(ibis._._times > 1)
        rows = rows.semi_join(shared, "_hash").drop("_hash")
        return rows.mutate(_nth=ibis.row_number().over(group_by=rows.columns, order_by=rows.columns[0])).filter(
            ibis._._nth > 0
        )

    return Rule(
        f"{table}: the same record delivered twice",
        table,
        "dropped",
        found,
        lambda tables: {**tables, table: tables[table].distinct()},
        regroups=True,
    )


def same_product_twice() -> Rule:
    """Add up lines of one product in one order, so that an order has one line per product."""
    key = ["order_id", "product_id"]

    def found(tables: Tables) -> ir.Table:
        lines = tables["order_lines"]
        return lines.mutate(_nth=ibis.row_number().over(group_by=key, order_by="ordered_at")).filter(ibis._._nth > 0)

    def clean(tables: Tables) -> Tables:
        lines = tables["order_lines"]
        added = {name: lines[name].sum().cast(lines[name].type()) for name in (*_MONEY, "quantity")}
        first = {name: lines[name].min() for name in lines.columns if name not in (*key, *added)}
        merged = lines.group_by(key).aggregate(**first, **added)
        return {**tables, "order_lines": merged.select(lines.columns)}

    name = "one product on two lines of an order: added up"
    return Rule(name, "order_lines", "dropped", found, clean, regroups=True)


def nothing_sold() -> Rule:
    """Drop lines without units and without money: coupons and corrections that the till prints as lines."""

    def empty(lines: ir.Table) -> ir.BooleanColumn:
        return (lines.quantity == 0) & (lines.revenue == 0)

    return Rule(
        "no units and no money: a till's note, not a sale",
        "order_lines",
        "dropped",
        lambda tables: tables["order_lines"].filter(empty(tables["order_lines"])),
        lambda tables: {**tables, "order_lines": tables["order_lines"].filter(~empty(tables["order_lines"]))},
    )


def free_items() -> Rule:
    """Count units that cost nothing; they stay."""
    return Rule(
        "units given away for nothing: kept",
        "order_lines",
        "flagged",
        lambda tables: tables["order_lines"].filter((ibis._.quantity > 0) & (ibis._.revenue == 0)),
        lambda tables: tables,
    )


def undescribed_products() -> Rule:
    """Add products that were sold but not described, so that no sale is lost in a join."""

    def found(tables: Tables) -> ir.Table:
        sold = tables["order_lines"].select("product_id").distinct()
        return sold.anti_join(tables["products"], "product_id")

    def clean(tables: Tables) -> Tables:
        products = tables["products"]
        filled = products.mutate(**{c: products[c].fill_null(UNKNOWN) for c in products.columns if c != "product_id"})
        added = found(tables).mutate(
            **dict.fromkeys((c for c in products.columns if c != "product_id"), ibis.literal(UNKNOWN))
        )
        return {**tables, "products": filled.union(added.select(filled.columns))}

    return Rule("sold but not described: department unknown", "products", "added", found, clean)


def lines_without_description() -> Rule:
    """Count lines whose product was not described; they stay."""
    return Rule(
        "product not described: kept as unknown",
        "order_lines",
        "flagged",
        lambda tables: tables["order_lines"].semi_join(
            tables["products"].filter(ibis._.department == UNKNOWN), "product_id"
        ),
        lambda tables: tables,
    )


def own_department(kind: str, department: str, pattern: str) -> Rule:
    """Give lines of a product type their own kind and department.

    Parameters
    ----------
    kind
        The ``line_kind`` of such lines.
    department
        The department their products move to.
    pattern
        SQL ``LIKE`` pattern of the product types; empty: no such products.
    """

    def matching(tables: Tables) -> ir.Table:
        return tables["products"].filter(ibis._.product_type.upper().like(pattern or "\x00")).select("product_id")

    def found(tables: Tables) -> ir.Table:
        return tables["order_lines"].semi_join(matching(tables), "product_id")

    def clean(tables: Tables) -> Tables:
        special = matching(tables).mutate(_special=ibis.literal(True))
        lines = tables["order_lines"].left_join(special, "product_id").drop("product_id_right")
        is_special = lines._special.fill_null(False)
        lines = lines.mutate(line_kind=ibis.ifelse(is_special, kind, lines.line_kind))
        if kind == "fuel":  # the delivered units are thousandths of a gallon, not things in a basket
            lines = lines.mutate(quantity=ibis.ifelse(is_special, ibis.null("int64"), lines.quantity))
        products = tables["products"].left_join(special, "product_id").drop("product_id_right")
        products = products.mutate(
            department=ibis.ifelse(products._special.fill_null(False), department, products.department)
        )
        return {**tables, "order_lines": lines.drop("_special"), "products": products.drop("_special")}

    label = {"fuel": "fuel: shown apart, units not counted", "gift_card": "gift cards: money moved, nothing sold yet"}[
        kind
    ]
    return Rule(label, "order_lines", "changed", found, clean)


def undescribed_customers() -> Rule:
    """Add customers who ordered but were not described, and fill every gap with "unknown"."""

    def found(tables: Tables) -> ir.Table:
        seen = tables["order_lines"].select("customer_id").distinct()
        return seen.anti_join(tables["customers"], "customer_id")

    def clean(tables: Tables) -> Tables:
        customers = tables["customers"]
        levels = [c for c in CUSTOMERS.names if c != "customer_id"]
        described = customers.select(
            "customer_id", has_demographics=ibis.literal(True), **{c: customers[c].fill_null(UNKNOWN) for c in levels}
        )
        added = found(tables).mutate(
            has_demographics=ibis.literal(False), **dict.fromkeys(levels, ibis.literal(UNKNOWN))
        )
        return {**tables, "customers": described.union(added.select(described.columns))}

    return Rule("ordered but not described: demographics unknown", "customers", "added", found, clean)


def unknown_levels(table: str) -> Rule:
    """Count described records with a gap; "unknown" stands in it."""
    columns = {"customers": CUSTOMERS.names, "products": PRODUCTS.names}[table]

    def found(tables: Tables) -> ir.Table:
        rows = tables[table]
        gap = ibis.literal(False)
        for column in columns:
            gap = gap | rows[column].isnull()
        return rows.filter(gap)

    return Rule("a gap in the description: filled with 'unknown'", table, "changed", found, lambda tables: tables)


def orphan_redemptions() -> Rule:
    """Count redemptions by customers who never ordered; they stay."""
    return Rule(
        "redeemed by someone who never ordered: kept",
        "coupon_redemptions",
        "flagged",
        lambda tables: tables["coupon_redemptions"].anti_join(tables["order_lines"], "customer_id"),
        lambda tables: tables,
    )
