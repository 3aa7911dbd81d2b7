"""The cleaning rules for what was described, and what was not: products, customers, and records that name them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.once import LinesBy, Once
from customer_patterns.cleaning.people import PEOPLE_COLUMNS
from customer_patterns.cleaning.rules import Rule, Tables
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.warehouse import keep


def undescribed_products(sold: LinesBy) -> Rule:
    """Add products that were sold but not described, so that no sale is lost in a join.

    Parameters
    ----------
    sold
        Lines by product.
    """

    def found(tables: Tables) -> ir.Table:
        return sold.of(tables).select("product_id").anti_join(tables["products"], "product_id")

    def clean(tables: Tables) -> Tables:
        products = tables["products"]
        filled = products.mutate(**{c: products[c].fill_null(UNKNOWN) for c in _levels(products, "product_id")})
        return {**tables, "products": filled.union(_unknown_rows(found(tables), filled))}

    return Rule("sold but not described: department unknown", "products", "added", found, clean, completes=True)


def lines_without_description(sold: LinesBy) -> Rule:
    """Count lines of whose product nothing was described, neither its name nor a group; they stay.

    Parameters
    ----------
    sold
        Lines by product.
    """

    def undescribed(tables: Tables) -> ir.Table:
        products = tables["products"]
        return products.filter([products[name] == UNKNOWN for name in _levels(products, "product_id")])

    return Rule(
        "product not described: kept as unknown",
        "order_lines",
        "flagged",
        lambda tables: tables["order_lines"].semi_join(undescribed(tables), "product_id"),
        lambda tables: tables,
        count=lambda tables: sold.among(tables, undescribed(tables)),
    )


def own_department(sold: LinesBy, kind: str, department: str, pattern: str) -> Rule:
    """Give lines of a product type their own kind and department.

    Parameters
    ----------
    sold
        Lines by product.
    kind
        The ``line_kind`` of such lines.
    department
        The department their products move to.
    pattern
        SQL ``LIKE`` pattern of the product types; empty: no such products.
    """

    known = Once()

    def matching(tables: Tables) -> ir.Table:
        rows = tables["products"]

        def special() -> ir.Table:
            such = rows.filter(rows.product_type.upper().like(pattern or "\x00")).select("product_id")
            return keep(rows.get_backend(), such, f"special__{kind}")

        return known.of(rows, special)

    def found(tables: Tables) -> ir.Table:
        return tables["order_lines"].semi_join(matching(tables), "product_id")

    def clean(tables: Tables) -> Tables:
        special = matching(tables)
        if not len(special.limit(1).to_pyarrow()):
            return tables
        delivered, products = tables["order_lines"], tables["products"]
        is_special = sold.have(delivered, special)
        fresh = {"line_kind": ibis.ifelse(is_special, kind, delivered.line_kind)}
        if kind == "fuel":  # the delivered units are thousandths of a gallon, not things in a basket
            fresh["quantity"] = ibis.ifelse(is_special, ibis.null("int64"), delivered.quantity)
        lines = delivered.mutate(**fresh)
        sold.same(delivered, lines)
        moved = ibis.ifelse(products.product_id.isin(special.product_id), department, products.department)
        return {**tables, "order_lines": lines, "products": products.mutate(department=moved)}

    label = {"fuel": "fuel: shown apart, units not counted", "gift_card": "gift cards: money moved, nothing sold yet"}[
        kind
    ]
    return Rule(
        label,
        "order_lines",
        "changed",
        found,
        clean,
        completes=True,
        count=lambda tables: sold.among(tables, matching(tables)),
    )


def undescribed_customers(bought: LinesBy) -> Rule:
    """Add customers who ordered but were not described, and fill every gap with "unknown".

    Parameters
    ----------
    bought
        Lines by customer.
    """

    def found(tables: Tables) -> ir.Table:
        return bought.of(tables).select("customer_id").anti_join(tables["customers"], "customer_id")

    def clean(tables: Tables) -> Tables:
        customers = tables["customers"]
        described = customers.mutate(
            has_demographics=ibis.literal(True),
            **{c: customers[c].fill_null(UNKNOWN) for c in _levels(customers, "customer_id")},
        )
        added = found(tables).mutate(has_demographics=ibis.literal(False))
        return {**tables, "customers": described.union(_unknown_rows(added, described))}

    name = "ordered but not described: demographics unknown"
    return Rule(name, "customers", "added", found, clean, completes=True)


#: Tables of what customers do, other than ordering, and of what they say.
_DONE = ("contracts", "usage", "events", "loyalty_ledger", "referrals", "opportunities", "experiments", "messages")
_SAID = ("survey_sheets", "survey_responses", "contacts", "calls", "feedback")


def customers_seen_elsewhere(simulated: Collection[str] = ()) -> list[Rule]:
    """Add customers of whom there are other records than orders, so that a study without orders has customers too.

    Those who only said something are added where nobody did anything: what customers say may be simulated where what
    they do is not.

    Parameters
    ----------
    simulated
        Tables that make nobody a customer, because they are simulated and customers are not.
    """
    done, said_in = (tuple(name for name in names if name not in simulated) for names in (_DONE, _SAID))
    did = _seen("known from other records than orders: demographics unknown", done)
    said = _seen("known from what they said: demographics unknown", said_in)

    def nobody_did_anything(tables: Tables) -> bool:
        return not any(len(tables[name].limit(1).to_pyarrow()) for name in ("order_lines", *done))

    return [rule for rule in (did, replace(said, applies=nobody_did_anything)) if rule.beside]


def _seen(name: str, where: tuple[str, ...]) -> Rule:
    """Add the customers who stand in some tables and were not described."""

    def found(tables: Tables) -> ir.Table:
        seen = [
            tables[name].filter(tables[name][column].notnull()).select(customer_id=tables[name][column])
            for name in where
            for column in PEOPLE_COLUMNS
            if column in tables[name].columns
        ]
        return ibis.union(*seen, distinct=True).anti_join(tables["customers"], "customer_id")

    def clean(tables: Tables) -> Tables:
        customers = tables["customers"]
        added = found(tables).mutate(has_demographics=ibis.literal(False))
        return {**tables, "customers": customers.union(_unknown_rows(added, customers))}

    return Rule(name, "customers", "added", found, clean, beside=where)


def unknown_levels(table: str) -> Rule:
    """Count described records with a gap; "unknown" stands in it."""

    def found(tables: Tables) -> ir.Table:
        rows = tables[table]
        gap = ibis.literal(False)
        for column in _levels(rows):
            gap = gap | rows[column].isnull()
        return rows.filter(gap)

    return Rule("a gap in the description: filled with 'unknown'", table, "changed", found, lambda tables: tables)


def orphan_redemptions(bought: LinesBy) -> Rule:
    """Count redemptions by customers who never ordered; they stay.

    Parameters
    ----------
    bought
        Lines by customer.
    """
    return Rule(
        "redeemed by someone who never ordered: kept",
        "coupon_redemptions",
        "flagged",
        lambda tables: tables["coupon_redemptions"].anti_join(bought.of(tables), "customer_id"),
        lambda tables: tables,
    )


def _levels(rows: ir.Table, *keys: str) -> list[str]:
    """The columns of texts, in which a gap can be filled by a word."""
    return [name for name in rows.columns if name not in keys and rows[name].type().is_string()]


def _unknown_rows(keys: ir.Table, like: ir.Table) -> ir.Table:
    """Rows with the given columns, "unknown" in every other text and nothing elsewhere."""
    gaps = {
        name: ibis.literal(UNKNOWN) if kind.is_string() else ibis.null(kind)
        for name, kind in like.schema().items()
        if name not in keys.columns
    }
    return keys.mutate(**gaps).select(like.columns)
