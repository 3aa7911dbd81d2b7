"""The figures of the cleaning chapter: all are counts or shares of all records, none is estimated from a sample."""

from __future__ import annotations

import pandas as pd

from customer_patterns.cleaning.answer_rules import OFF_THE_SCALE
from customer_patterns.cleaning.clean import Cleaned
from customer_patterns.cleaning.tables import LINE_KINDS
from customer_patterns.estimates import Count
from customer_patterns.schemas import Column, TableSchema

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
    """Split lines and revenue by kind: one row per kind, the largest revenue first."""
    lines = cleaned.tables["order_lines"]
    found = lines.group_by("line_kind").aggregate(
        order_lines=lines.count(), revenue=lines.revenue.sum().cast("decimal(18, 2)")
    )
    split = found.order_by("line_kind").to_pandas()
    split["share"] = split["revenue"].astype(float) / max(float(split["revenue"].sum()), 0.01)
    split["kind"] = split["line_kind"].map(_WORDS)
    return split.sort_values(["revenue", "line_kind"], ascending=[False, True], ignore_index=True)[KINDS.names]


def gaps(quality: pd.DataFrame) -> pd.DataFrame:
    """List the columns that are not complete, the emptiest first, with the share of records that lack a value."""
    incomplete = quality[quality["filled"] < 1].copy()
    incomplete["missing"] = 1 - incomplete["filled"]
    incomplete["name"] = incomplete["table"].str.replace("_", " ") + ": " + incomplete["column"].str.replace("_", " ")
    order = ["missing", "table", "column"]
    return incomplete.sort_values(order, ascending=[False, True, True], ignore_index=True)


def cleaning_figures(cleaned: Cleaned) -> dict[str, Count]:
    """Count what cleaning did.

    Returns
    -------
    dict
        ``delivered``, ``kept``, ``dropped`` (order lines), ``revenue_lost``, ``fuel_revenue``, ``fuel_share``,
        ``goods_share`` (of revenue), ``customers``, ``described``; where there is a survey, ``answers``,
        ``answers_kept`` and ``answers_emptied``; and, where the sender numbers his weeks,
        ``weeks_agree`` (share of lines whose week is that of their local day).
    """
    lines = cleaned.rules[cleaned.rules["table"] == "order_lines"]
    delivered, kept = int(lines["records_in"].iloc[0]), int(lines["records_out"].iloc[-1])
    lost = float(lines["revenue_in"].iloc[0] - lines["revenue_out"].iloc[-1])
    kinds = line_kinds(cleaned).set_index("line_kind")
    people = cleaned.tables["customers"]
    counts = (
        people.aggregate(customers=people.count(), described=people.has_demographics.sum().cast("int64"))
        .to_pyarrow()
        .to_pylist()[0]
    )
    customers, described = counts["customers"], int(counts["described"] or 0)
    figures = {
        "delivered": Count(delivered, "order lines", n=delivered, of="order lines"),
        "kept": Count(kept, "order lines", n=delivered, of="order lines"),
        "dropped": Count(delivered - kept, "order lines", n=delivered, of="order lines"),
        "revenue_lost": Count(lost, "currency", n=delivered, of="order lines"),
        "fuel_revenue": Count(float(kinds["revenue"].get("fuel", 0)), "currency", n=kept, of="order lines"),
        "goods_share": Count(float(kinds["share"].get("goods", 0)), "share", n=kept, of="order lines"),
        "fuel_share": Count(float(kinds["share"].get("fuel", 0)), "share", n=kept, of="order lines"),
        "customers": Count(customers, "customers", n=customers, of="customers"),
        "described": Count(described, "customers", n=customers, of="customers"),
    }
    figures |= _answers(cleaned)
    week = cleaned.quality.query("table == 'order_lines' and column == 'delivered_week' and valid.notna()")
    if len(week):
        figures["weeks_agree"] = Count(float(week["valid"].iloc[0]), "share", n=delivered, of="order lines")
    return figures


def _answers(cleaned: Cleaned) -> dict[str, Count]:
    """Count the answers of a survey, where there are any."""
    done = cleaned.answer_rules[cleaned.answer_rules["table"] == "survey_responses"]
    if done.empty or not done["records_in"].iloc[0]:
        return {}
    delivered = int(done["records_in"].iloc[0])
    numbers = {
        "answers": delivered,
        "answers_kept": int(done["records_out"].iloc[-1]),
        "answers_emptied": int(done.loc[done["rule"] == OFF_THE_SCALE, "records_found"].iloc[0]),
    }
    return {name: Count(number, "answers", n=delivered, of="answers") for name, number in numbers.items()}


def all_rules(cleaned: Cleaned) -> pd.DataFrame:
    """Return what all rules did, those for what customers do and those for what they say."""
    return pd.concat([cleaned.rules, cleaned.answer_rules], ignore_index=True)
