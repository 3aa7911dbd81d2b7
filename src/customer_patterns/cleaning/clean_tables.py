"""The clean tables that differ from what was collected: columns that were added, gaps that were filled."""

from __future__ import annotations

from dataclasses import replace

from customer_patterns.cleaning import sales_rules
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import (
    CONSENTS,
    CONTACTS,
    COUPONS,
    CUSTOMERS,
    EVENTS,
    FEEDBACK,
    IDENTITIES,
    ORDER_LINES,
    PRODUCTS,
    REFERRALS,
)

LINE_KINDS = ("goods", "fuel", "gift_card")


def _levels_known(schema: TableSchema, *extra: Column, meaning: str) -> TableSchema:
    """The same table with every gap in a text filled by the level "unknown"."""
    columns = tuple(replace(c, nullable=c.kind != "text", levels=()) for c in schema.columns)
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
        Column("channel", "text", "through which channel; 'unknown' where not delivered"),
        Column("payment_method", "text", "how it was paid; 'unknown' where not delivered"),
        Column("line_kind", "text", "goods, fuel or gift_card", label="Kind", levels=LINE_KINDS),
    ),
)

REVERSAL_KINDS = (sales_rules.RETURNED, sales_rules.CANCELLED, sales_rules.ADJUSTED)
LINKS = (sales_rules.LINK_FOUND, sales_rules.LINK_LARGER, sales_rules.LINK_BEFORE, sales_rules.LINK_NONE)


def _undone(schema: TableSchema) -> tuple[Column, ...]:
    """The columns of an order line as it was delivered, in a table of its own."""
    return tuple(replace(column, minimum=None, maximum=None) for column in schema.columns)


REVERSALS = TableSchema(
    name="reversals",
    grain="order line that takes a purchase back or corrects an account",
    key=(),
    meaning="Returns, cancellations and corrections of money, with the sign as delivered; never counted as purchases.",
    reads=("order_lines",),
    columns=(
        *_undone(ORDER_LINES),
        Column("kind", "text", "what the line is", label="Kind", levels=REVERSAL_KINDS),
        Column(
            "link",
            "text",
            "whether the purchase it takes back was found; empty for corrections of money",
            label="Purchase",
            nullable=True,
            levels=LINKS,
        ),
    ),
)

GUEST_LINES = TableSchema(
    name="guest_lines",
    grain="order line of nobody in particular",
    key=(),
    meaning="What was bought without a customer's own number: in the totals, in no figure per customer.",
    reads=("order_lines",),
    columns=_undone(ORDER_LINES),
)

FOREIGN_LINES = TableSchema(
    name="foreign_lines",
    grain="order line in another currency than the study's",
    key=(),
    meaning="What was paid in another currency: in no sum.",
    reads=("order_lines",),
    columns=_undone(ORDER_LINES),
)

CLEAN_EVENTS = replace(
    EVENTS,
    columns=(
        *EVENTS.columns,
        Column("linked_customer_id", "text", "the customer, or the one who alone used the same browser", nullable=True),
        Column("suspected_bot", "boolean", "whether a program is suspected behind it", label="Suspected program"),
    ),
)

CLEAN_REFERRALS = replace(REFERRALS, key=("referred_id",))
CLEAN_CONSENTS = replace(CONSENTS, key=("customer_id", "purpose"))

CLEAN_IDENTITIES = replace(
    IDENTITIES,
    columns=(
        *IDENTITIES.columns,
        Column("phone_e164", "text", "the telephone number as E.164 writes it", nullable=True, personal=True),
        Column("email_plain", "text", "the e-mail address in small letters", nullable=True, personal=True),
        Column("name_plain", "text", "the name in one form, for comparing", nullable=True, personal=True),
    ),
)

CLEAN_COUPONS = TableSchema(
    COUPONS.name, COUPONS.grain, ("coupon_id", "campaign_id", "product_id"), COUPONS.columns, COUPONS.meaning
)


def _filled(schema: TableSchema, *names: str) -> TableSchema:
    """The same table, some of its columns without gaps."""
    columns = tuple(replace(column, nullable=column.nullable and column.name not in names) for column in schema.columns)
    return replace(schema, columns=columns)


CLEAN_CONTACTS = _filled(CONTACTS, "channel", "topic")
CLEAN_FEEDBACK = _filled(FEEDBACK, "channel", "language", "text")
