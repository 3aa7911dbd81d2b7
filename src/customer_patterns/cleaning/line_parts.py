"""The parts of the order lines: goods, fuel and gift cards; customers' purchases and what was set apart from them."""

from __future__ import annotations

from decimal import Decimal

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.cleaning.clean import Cleaned
from customer_patterns.cleaning.clean_tables import LINE_KINDS, REVERSAL_KINDS
from customer_patterns.cleaning.shown_money import amounts, money_shown
from customer_patterns.schemas import Column, TableSchema

GUESTS = "guests"
_PARTS = {
    "customers": "purchases of customers",
    GUESTS: "purchases of guests",
    "return": "returns",
    "cancellation": "cancellations",
    "adjustment": "corrections of money",
}

TOTALS = TableSchema(
    name="totals",
    grain="part of the order lines",
    key=("part",),
    meaning="What order lines are, those set apart included, with the sign as delivered.",
    reads=("order_lines", "guest_lines", "reversals"),
    columns=(
        Column("part", "text", "which order lines", label="Order lines of", levels=tuple(_PARTS.values())),
        Column("records", "integer", "how many", label="Lines", unit="lines", minimum=0),
        Column("share", "share", "share of all", label="Share of lines", unit="share"),
        Column("revenue", "money", "their revenue, as delivered", label="Revenue", unit="currency", nullable=True),
    ),
)

_WORDS = {"goods": "Goods", "fuel": "Fuel", "gift_card": "Gift cards"}

KINDS = TableSchema(
    name="line_kinds",
    grain="kind of order line",
    key=("line_kind",),
    meaning="What the order lines are: goods, fuel, gift cards.",
    reads=("order_lines",),
    columns=(
        Column("line_kind", "text", "goods, fuel or gift_card", label="Kind", levels=LINE_KINDS),
        Column("kind", "text", "the kind in words", label="Kind", levels=tuple(_WORDS.values())),
        Column("order_lines", "integer", "lines of the kind", label="Order lines", unit="lines", minimum=0),
        Column("revenue", "money", "their revenue", label="Revenue", unit="currency"),
        Column("share", "share", "their share of all revenue", label="Share of revenue", unit="share"),
    ),
)


def line_kinds(cleaned: Cleaned) -> pd.DataFrame:
    """Split lines and revenue by kind: one row per kind that may be shown, the largest revenue first.

    A kind whose revenue would tell what few customers, or one, spent is left out, with the next that would tell it.
    """
    lines = cleaned.tables["order_lines"]
    found = lines.group_by("line_kind").aggregate(
        order_lines=lines.count(), revenue=lines.revenue.sum().cast("decimal(18, 2)")
    )
    split = found.order_by("line_kind").to_pandas()
    split["share"] = split["revenue"].astype(float) / max(float(split["revenue"].sum()), 0.01)
    split["kind"] = split["line_kind"].map(_WORDS)
    if len(split) > 1:
        each = dict(tuple(amounts(lines, by="line_kind").groupby("line_kind")))
        split = split[money_shown({kind: each[kind] for kind in split["line_kind"]})]
    return split.sort_values(["revenue", "line_kind"], ascending=[False, True], ignore_index=True)[KINDS.names]


def totals_with_and_without(cleaned: Cleaned) -> pd.DataFrame:
    """Set the purchases of customers beside what was set apart: one row per part that there is, as in ``TOTALS``.

    Revenue that would tell what few customers, or one, took back is missing; of guests an order is one.
    """
    lines = {"customers": cleaned.tables["order_lines"], GUESTS: cleaned.tables["guest_lines"]}
    undone = cleaned.tables["reversals"]
    lines |= {kind: undone.filter(undone.kind == kind) for kind in REVERSAL_KINDS}
    rows = []
    for part, table in lines.items():
        records, revenue = sums_of(table)
        if records:
            rows.append({"part": _PARTS[part], "records": records, "revenue": revenue})
    hidden = {_PARTS[part] for part in parts_that_tell(cleaned)}
    rows = [{**row, "revenue": None} if row["part"] in hidden else row for row in rows]
    parts = pd.DataFrame(rows, columns=["part", "records", "revenue"])
    parts["share"] = parts["records"] / max(int(parts["records"].sum()), 1)
    return parts[TOTALS.names]


def parts_that_tell(cleaned: Cleaned) -> set[str]:
    """The parts set apart whose revenue would tell what somebody bought or took back."""
    undone, guests = cleaned.tables["reversals"], cleaned.tables["guest_lines"]
    each = dict(tuple(amounts(undone, by="kind").groupby("kind")))
    told = {kind for kind, shown in zip(each, money_shown(each), strict=True) if not shown} if each else set()
    bought = amounts(guests, who="order_id")
    return told | ({GUESTS} if len(bought) and not money_shown({GUESTS: bought})[0] else set())


def sums_of(lines: ir.Table) -> tuple[int, Decimal]:
    """Records and revenue."""
    counted = lines.aggregate(records=lines.count(), revenue=lines.revenue.sum().cast("decimal(18, 2)"))
    found = counted.to_pyarrow().to_pylist()[0]
    return found["records"], found["revenue"] or Decimal(0)
