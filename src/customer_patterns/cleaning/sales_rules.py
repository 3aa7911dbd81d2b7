"""The cleaning rules for order lines that are no sales: other currencies, returns, cancellations, corrections.

They come before lines of one product are added up: a return added to a sale would make both disappear.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.options import Options
from customer_patterns.cleaning.row_rules import RowRule
from customer_patterns.cleaning.rules import Rule, Tables

LINES, REVERSED, FOREIGN = "order_lines", "reversals", "foreign_lines"
RETURNED, CANCELLED, ADJUSTED = "return", "cancellation", "adjustment"
LINK_FOUND, LINK_LARGER, LINK_BEFORE, LINK_NONE = (
    "found",
    "larger than the purchase",
    "before the purchase",
    "not found",
)

_MONEY = ("retail_discount", "coupon_discount", "coupon_match_discount")
#: So far units times price and money may lie apart, and what doubles lose beside it.
_A_CENT = 0.01 + 1e-6


def in_own_currency(rows: ir.Table, currency: str) -> ir.BooleanValue:
    """Say of each record whether its money is in the study's currency; where nothing is said, it is."""
    if not currency or "currency" not in rows.columns:
        return ibis.literal(True)
    return rows.currency.strip().upper().fill_null(currency).isin([currency, ""])


def other_currencies(options: Options) -> RowRule:
    """Set apart lines in another currency: two currencies have no sum."""
    return RowRule(
        "another currency than the study's: set apart, never summed",
        LINES,
        "moved",
        lambda rows, tables: ~in_own_currency(rows, options.currency),
        to=FOREIGN,
        needs=("currency",),
        shows=("currency",),
    )


def cancelled_by_status(options: Options) -> RowRule:
    """Set apart lines whose status says that the sale did not stand."""
    return RowRule(
        "cancelled or refunded, as the status says: set apart",
        LINES,
        "moved",
        lambda rows, tables: rows.status.re_search(f"(?i){options.cancelled}"),
        to=REVERSED,
        says={"kind": CANCELLED},
        needs=("status",),
        shows=("status",),
    )


def cancelled_by_number(options: Options) -> RowRule:
    """Set apart lines whose order number says that they cancel another."""
    return RowRule(
        "cancellation, as the order's number begins: set apart",
        LINES,
        "moved",
        lambda rows, tables: rows.order_id.startswith(options.cancellation_prefix),
        to=REVERSED,
        says={"kind": CANCELLED},
        shows=("order_id",),
        applies=lambda tables: bool(options.cancellation_prefix),
    )


def adjustments() -> RowRule:
    """Set apart money that moved without the goods: prices below zero, bad debts, corrections of an account."""
    return RowRule(
        "money and units with opposite signs, or money back for nothing: a correction, set apart",
        LINES,
        "moved",
        lambda rows, tables: ((rows.revenue < 0) & (rows.quantity >= 0)) | ((rows.revenue > 0) & (rows.quantity < 0)),
        to=REVERSED,
        says={"kind": ADJUSTED},
        shows=("quantity", "revenue"),
    )


def returns() -> RowRule:
    """Set apart what was brought back."""
    return RowRule(
        "units below zero: returned, set apart",
        LINES,
        "moved",
        lambda rows, tables: rows.quantity < 0,
        to=REVERSED,
        says={"kind": RETURNED},
        shows=("quantity", "revenue"),
    )


def nothing_sold() -> RowRule:
    """Drop lines without units and without money: coupons and corrections that the till prints as lines."""
    return RowRule(
        "no units and no money: a till's note, not a sale",
        LINES,
        "dropped",
        lambda rows, tables: (rows.quantity == 0) & (rows.revenue == 0),
        shows=("quantity", "revenue"),
    )


def free_items() -> RowRule:
    """Count units that cost nothing; they stay."""
    return RowRule(
        "units given away for nothing: kept",
        LINES,
        "flagged",
        lambda rows, tables: (rows.quantity > 0) & (rows.revenue == 0),
        shows=("quantity", "revenue"),
    )


def amounts_apart() -> RowRule:
    """Count lines whose units times their price are not their money; they stay.

    Senders print the price before discounts or after them: a line is counted where the product is neither what was
    received nor what it would have been without the discounts. A price with three decimals, or one that was rounded,
    may be a cent apart.
    """

    def holds(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
        product, received = rows.quantity * rows.unit_price, rows.revenue.cast("float64")
        before = received + sum(rows[name].cast("float64") for name in _MONEY)
        return ((product - received).abs() > _A_CENT) & ((product - before).abs() > _A_CENT)

    return RowRule(
        "units times price is not the line's money, with or without discounts: kept",
        LINES,
        "flagged",
        holds,
        needs=("unit_price",),
        shows=("quantity", "unit_price", "revenue"),
    )


def discounts_below_zero() -> RowRule:
    """Take a discount below zero for none: what it was meant to be, nobody said."""

    def holds(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
        below = ibis.literal(False)
        for name in _MONEY:
            below = below | (rows[name] < 0)
        return below

    return RowRule(
        "a discount below zero: counted as none",
        LINES,
        "changed",
        holds,
        repair=lambda rows: {name: rows[name].clip(lower=0) for name in _MONEY},
        shows=_MONEY,
    )


def too_many_units(options: Options) -> RowRule:
    """Count lines with more units than anyone is likely to carry home; they stay, and may have been taken back."""
    return RowRule(
        "more units than likely on one line: kept",
        LINES,
        "flagged",
        lambda rows, tables: rows.quantity > options.most_units,
        shows=("quantity", "revenue"),
    )


def before_registration() -> Rule:
    """Count lines bought on a day before the customer's registration; they stay."""

    def found(tables: Tables) -> ir.Table:
        dated = tables["customers"].select("customer_id", "registered_on")
        lines = tables[LINES].join(dated, "customer_id")
        # a day apart is no contradiction: the shop's clock and the office's calendar need not agree
        return lines.filter(lines.registered_on.delta(lines.ordered_at.date(), unit="day") > 1)

    return Rule(
        "bought before the customer registered: kept",
        LINES,
        "flagged",
        found,
        lambda tables: tables,
        applies=lambda tables: "registered_on" in tables["customers"].columns,
    )


def linked_reversals(tables: Tables, options: Options) -> ir.Table:
    """Find for each reversal the purchase that it takes back.

    A return names its purchase by ``reverses_order_id``, by the number that follows the prefix of cancellations, or by
    carrying the purchase's own order number. Nothing else is tried: the same product bought before may be another one.

    Parameters
    ----------
    tables
        ``reversals``, and ``order_lines`` and ``guest_lines`` with one row per product in an order.

    Returns
    -------
    Table
        ``reversals`` with ``link``: ``found``; ``larger than the purchase`` (all that was taken back of it together);
        ``before the purchase``; ``not found``; empty for corrections of money. A cancelled line that was delivered
        as a sale is its own purchase.
    """
    rows = tables[REVERSED]
    named = rows.order_id
    if options.cancellation_prefix:
        prefix = options.cancellation_prefix
        named = ibis.ifelse(named.startswith(prefix), named.substr(len(prefix)), named)
    if "reverses_order_id" in rows.columns:
        named = ibis.coalesce(rows.reverses_order_id, named)
    rows = rows.mutate(reverses_order_id=named)
    sold = ["order_id", "product_id", "ordered_at", "quantity", "revenue"]
    sales = tables[LINES].select(sold)
    if "guest_lines" in tables:
        sales = sales.union(tables["guest_lines"].select(sold))
    sales = sales.group_by(_order=sales.order_id, _product=sales.product_id).aggregate(
        _at=ibis._.ordered_at.min(), _units=ibis._.quantity.sum(), _money=ibis._.revenue.sum()
    )
    joined = rows.left_join(sales, [rows.reverses_order_id == sales._order, rows.product_id == sales._product])
    together = ibis.window(group_by=[joined.reverses_order_id, joined.product_id])
    back, paid = (
        (-joined.quantity).clip(lower=0).sum().over(together),
        (-joined.revenue).clip(lower=0).sum().over(together),
    )
    link = ibis.cases(
        (joined.kind == ADJUSTED, ibis.null("string")),
        ((joined.kind == CANCELLED) & (joined.quantity >= 0), LINK_FOUND),
        (joined._order.isnull(), LINK_NONE),
        (joined.ordered_at < joined._at, LINK_BEFORE),
        (((back > joined._units) | (paid > joined._money)).fill_null(False), LINK_LARGER),
        else_=LINK_FOUND,
    )
    linked = joined.mutate(link=link)
    known = ibis.ifelse(
        linked.link.isin([LINK_FOUND, LINK_LARGER, LINK_BEFORE]), linked.reverses_order_id, ibis.null("string")
    )
    return linked.mutate(reverses_order_id=known).drop("_order", "_product", "_at", "_units", "_money")


def reversal_rules() -> list[RowRule]:
    """Count the reversals whose purchase is in doubt; they stay."""
    doubts = {
        LINK_NONE: "takes back a purchase that was not found: kept",
        LINK_BEFORE: "lies before the purchase that it takes back: kept",
        LINK_LARGER: "takes back more than was bought: kept",
    }
    return [
        RowRule(
            name,
            REVERSED,
            "flagged",
            lambda rows, tables, link=link: rows.link == link,
            needs=("link",),
            shows=("quantity", "revenue"),
        )
        for link, name in doubts.items()
    ]
