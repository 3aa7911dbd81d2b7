"""The tables that the stage ``clean`` writes."""

from __future__ import annotations

from dataclasses import replace

from customer_patterns.cleaning.steps import steps
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import (
    CAMPAIGN_RECIPIENTS,
    CAMPAIGNS,
    CANONICAL,
    CONTACTS,
    COUPON_REDEMPTIONS,
    COUPONS,
    CUSTOMERS,
    FEEDBACK,
    PRODUCTS,
    SURVEY_INVITATIONS,
    SURVEY_ITEMS,
    SURVEY_RESPONSES,
)

LINE_KINDS = ("goods", "fuel", "gift_card")
#: What a valid value of a column must be.
AT_LEAST_ZERO, ONE_TO_FIVE = "0 or more", "1 to 5"
WEEK_OF_DAY, NOT_BEFORE_START = "the week of its local day", "not before its first day"
NOT_BEFORE_OPENING = "not before it was opened"
VALID = (AT_LEAST_ZERO, ONE_TO_FIVE, WEEK_OF_DAY, NOT_BEFORE_START, NOT_BEFORE_OPENING)
ACTIONS = ("dropped", "changed", "added", "flagged")


def _levels_known(schema: TableSchema, *extra: Column, meaning: str) -> TableSchema:
    """The same table with every gap filled by the level "unknown"."""
    columns = tuple(Column(c.name, c.kind, c.meaning, label=c.label, unit=c.unit) for c in schema.columns)
    return TableSchema(schema.name, schema.grain, schema.key, (columns[0], *extra, *columns[1:]), meaning)


CLEAN_CUSTOMERS = _levels_known(
    CUSTOMERS,
    Column("has_demographics", "boolean", "whether anyone described the customer", label="Described"),
    meaning="Every customer who ordered or was described; 'unknown' where nothing was delivered.",
)

CLEAN_PRODUCTS = _levels_known(
    PRODUCTS,
    meaning="Every product, those sold but not described included; fuel and gift cards in departments of their own.",
)

CLEAN_ORDER_LINES = TableSchema(
    name="order_lines",
    grain="product in an order",
    key=("order_id", "product_id"),
    meaning="What was bought, after the cleaning rules.",
    columns=(
        Column("order_id", "text", "the order's key"),
        Column("customer_id", "text", "who bought"),
        Column("product_id", "text", "what was bought"),
        Column("store_id", "text", "where it was bought; 'unknown' where not delivered"),
        Column("ordered_at", "timestamp", "when the order was paid", unit="UTC"),
        Column("ordered_on", "date", "the day of the order in the study's time zone", unit="local day"),
        Column(
            "quantity", "integer", "units; missing where they cannot be counted (fuel)", unit="units", nullable=True
        ),
        Column("revenue", "money", "what the retailer receives for the line", unit="currency", minimum=0),
        Column("retail_discount", "money", "discount by the retailer's loyalty card", unit="currency", minimum=0),
        Column("coupon_discount", "money", "discount by a manufacturer's coupon", unit="currency", minimum=0),
        Column("coupon_match_discount", "money", "the retailer's match of a coupon", unit="currency", minimum=0),
        Column("line_kind", "text", "goods, fuel or gift_card", label="Kind", levels=LINE_KINDS),
    ),
)

CLEAN_COUPONS = TableSchema(
    COUPONS.name, COUPONS.grain, ("coupon_id", "campaign_id", "product_id"), COUPONS.columns, COUPONS.meaning
)

#: The tables of what customers say, as against what they do.
VOICES = (SURVEY_ITEMS.name, SURVEY_INVITATIONS.name, SURVEY_RESPONSES.name, CONTACTS.name, FEEDBACK.name)


def _filled(schema: TableSchema, *names: str) -> TableSchema:
    """The same table, some of its columns without gaps."""
    columns = tuple(replace(column, nullable=column.nullable and column.name not in names) for column in schema.columns)
    return replace(schema, columns=columns)


CLEAN_CONTACTS = _filled(CONTACTS, "channel", "topic")
CLEAN_FEEDBACK = _filled(FEEDBACK, "channel", "language", "text")

#: The tables of what customers do, and of whom and what they do it with.
DEEDS = tuple(name for name in CANONICAL if name not in VOICES and name != "promotions")

RULES = TableSchema(
    name="rules",
    reads=DEEDS,
    grain="cleaning rule, in order of application",
    key=("position",),
    meaning="What each cleaning rule found and did in the records of what customers do; records and money balance.",
    columns=(
        Column("position", "integer", "the order of application", label="No.", minimum=1),
        Column("rule", "text", "the rule's name", label="Rule", levels=tuple(dict.fromkeys(r.name for r in steps()))),
        Column("table", "text", "the table it works on", label="Table", levels=tuple(CANONICAL)),
        Column("action", "text", "what it does with what it finds", label="Action", levels=ACTIONS),
        Column("records_in", "integer", "records before", label="Records in", unit="records", minimum=0),
        Column("records_found", "integer", "records the rule applies to", label="Found", unit="records", minimum=0),
        Column("records_out", "integer", "records after", label="Records out", unit="records", minimum=0),
        Column("revenue_in", "money", "revenue before", label="Revenue in", unit="currency", nullable=True),
        Column("revenue_out", "money", "revenue after", label="Revenue out", unit="currency", nullable=True),
    ),
)

QUALITY = TableSchema(
    name="quality",
    reads=DEEDS,
    grain="column of a delivered table",
    key=("table", "column"),
    meaning="How complete and valid each column of the records of what customers do was on delivery.",
    columns=(
        Column("table", "text", "the table", label="Table", levels=tuple(CANONICAL)),
        Column("column", "text", "the column", label="Column"),
        Column("records", "integer", "records of the table", label="Records", unit="records", minimum=0),
        Column("filled", "share", "share of records with a value", label="Filled", unit="share", minimum=0, maximum=1),
        Column("different", "integer", "different values", label="Different values", unit="values", minimum=0),
        Column("checked_for", "text", "what a valid value must be", label="Valid if", nullable=True, levels=VALID),
        Column("valid", "share", "share of the filled that are valid", label="Valid", unit="share", nullable=True),
    ),
)

# What customers say is accounted for apart: where it is simulated and what they do is not, each table says what it is.
ANSWER_RULES = replace(
    RULES,
    name="answer_rules",
    meaning="What each cleaning rule found and did in surveys, contacts and feedback.",
    reads=VOICES,
)

ANSWER_QUALITY = replace(
    QUALITY,
    name="answer_quality",
    meaning="How complete and valid each column of surveys, contacts and feedback was on delivery.",
    reads=VOICES,
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        CLEAN_CUSTOMERS,
        CLEAN_PRODUCTS,
        CLEAN_ORDER_LINES,
        CAMPAIGNS,
        CAMPAIGN_RECIPIENTS,
        CLEAN_COUPONS,
        COUPON_REDEMPTIONS,
        SURVEY_ITEMS,
        SURVEY_INVITATIONS,
        SURVEY_RESPONSES,
        CLEAN_CONTACTS,
        CLEAN_FEEDBACK,
        RULES,
        QUALITY,
        ANSWER_RULES,
        ANSWER_QUALITY,
    )
}
