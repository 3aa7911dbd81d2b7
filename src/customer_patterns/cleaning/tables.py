"""The tables that the stage ``clean`` writes."""

from __future__ import annotations

from dataclasses import replace

from customer_patterns.cleaning import sales_rules
from customer_patterns.cleaning.identity.chapter import TABLES as WHO_IS_WHO
from customer_patterns.cleaning.steps import steps
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import (
    CANONICAL,
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

#: Tables that cleaning does not touch and later stages read from ``collect``.
UNTOUCHED = ("promotions",)

#: What sources are asked about each other: see :mod:`~customer_patterns.cleaning.consistency`.
QUESTIONS = (
    "orders named by visits are among the purchases",
    "who was logged in is who bought",
    "orders named by points are among the purchases",
    "whose points they are is who bought",
    "campaigns named by messages were described",
    "redeemed coupons were described",
    "recipients' campaigns were described",
    "customers' regions were described",
    "used products were described",
)

LINE_KINDS = ("goods", "fuel", "gift_card")
#: What a valid value of a column must be.
AT_LEAST_ZERO, ONE_TO_FIVE = "0 or more", "1 to 5"
WEEK_OF_DAY, NOT_BEFORE_START = "the week of its local day", "not before its first day"
NOT_BEFORE_OPENING, NOT_BEFORE_SENDING = "not before it was opened", "not before it was sent"
ZERO_TO_ONE, DECLARED_LEVEL = "0 to 1", "a declared level"
VALID = (
    AT_LEAST_ZERO,
    ONE_TO_FIVE,
    WEEK_OF_DAY,
    NOT_BEFORE_START,
    NOT_BEFORE_OPENING,
    NOT_BEFORE_SENDING,
    ZERO_TO_ONE,
    DECLARED_LEVEL,
)
ACTIONS = ("dropped", "moved", "changed", "added", "flagged")


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

#: The tables of what customers say, as against what they do.
VOICES = (
    "survey_items",
    "survey_invitations",
    "survey_sheets",
    "survey_responses",
    "contacts",
    "calls",
    "feedback",
    "feedback_codes",
)


def _filled(schema: TableSchema, *names: str) -> TableSchema:
    """The same table, some of its columns without gaps."""
    columns = tuple(replace(column, nullable=column.nullable and column.name not in names) for column in schema.columns)
    return replace(schema, columns=columns)


CLEAN_CONTACTS = _filled(CONTACTS, "channel", "topic")
CLEAN_FEEDBACK = _filled(FEEDBACK, "channel", "language", "text")

#: Purchases, and the tables that describe them.
PURCHASES = (
    "order_lines",
    "products",
    "customers",
    "identities",
    "campaigns",
    "campaign_recipients",
    "coupons",
    "coupon_redemptions",
)
#: All other tables: visits, messages, points, contracts, experiments, regions and so on.
OTHERS = tuple(name for name in CANONICAL if name not in (*PURCHASES, *VOICES, *UNTOUCHED))
#: Whose customers they are, records of each group ask the purchases and what describes them.
_ASKED_OF_VOICES, _ASKED_OF_OTHERS = ("customers",), ("order_lines", "products", "customers")


def group_of(*tables: str) -> tuple[str, ...]:
    """Return the group of tables with which something is accounted for that looks at all of these.

    Purchases are accounted for apart from what customers say, and both from all other records: where one group is
    simulated and another is not, each account says what it is. What looks at two groups belongs with the one that is
    less likely to be real: all others, then voices, then purchases.

    Examples
    --------
    >>> group_of("events", "order_lines") == OTHERS
    True
    """
    if set(tables) & set(OTHERS):
        return OTHERS
    return VOICES if set(tables) & set(VOICES) else PURCHASES


_NAMES = tuple(dict.fromkeys(rule.name for rule in steps() if rule.action in ACTIONS))

RULES = TableSchema(
    name="rules",
    reads=PURCHASES,
    grain="cleaning rule, in order of application",
    key=("position",),
    meaning="What each cleaning rule found and did in purchases and what describes them; records and money balance.",
    columns=(
        Column("position", "integer", "the order of application", label="No.", minimum=1),
        Column("rule", "text", "the rule's name", label="Rule", levels=_NAMES),
        Column("table", "text", "the table it works on", label="Table", levels=(*CANONICAL, REVERSALS.name)),
        Column("action", "text", "what it does with what it finds", label="Action", levels=ACTIONS),
        Column("records_in", "integer", "records before", label="Records in", unit="records", minimum=0),
        Column("records_found", "integer", "records the rule applies to", label="Found", unit="records", minimum=0),
        Column("records_out", "integer", "records after", label="Records out", unit="records", minimum=0),
        Column("revenue_in", "money", "revenue before", label="Revenue in", unit="currency", nullable=True),
        Column("revenue_out", "money", "revenue after", label="Revenue out", unit="currency", nullable=True),
        Column(
            "revenue_found", "money", "revenue of what was found", label="Revenue found", unit="currency", nullable=True
        ),
        Column("example", "text", "what such a value looks like: x a letter, a nine any digit", nullable=True),
    ),
)

QUALITY = TableSchema(
    name="quality",
    reads=PURCHASES,
    grain="column of a delivered table",
    key=("table", "column"),
    meaning="How complete and valid each column of purchases and what describes them was on delivery.",
    columns=(
        Column("table", "text", "the table", label="Table", levels=tuple(CANONICAL)),
        Column("column", "text", "the column", label="Column"),
        Column("source", "text", "the sources it comes from", label="Source", nullable=True),
        Column("records", "integer", "records of the table", label="Records", unit="records", minimum=0),
        Column("filled", "share", "share of records with a value", label="Filled", unit="share", minimum=0, maximum=1),
        Column("different", "integer", "different values", label="Different values", unit="values", minimum=0),
        Column("checked_for", "text", "what a valid value must be", label="Valid if", nullable=True, levels=VALID),
        Column("valid", "share", "share of the filled that are valid", label="Valid", unit="share", nullable=True),
        Column("unique", "share", "different keys by records", label="Different keys", unit="share", nullable=True),
        Column("days_old", "integer", "age of the newest record", label="Newest record", unit="days", nullable=True),
        Column("read", "boolean", "whether cleaning or a later chapter reads the column", label="Read"),
    ),
)

CONSISTENCY = TableSchema(
    name="consistency",
    reads=("campaigns", "campaign_recipients", "coupons", "coupon_redemptions"),
    grain="question that two tables can be asked together",
    key=("question",),
    meaning="Whether what one table of purchases names was delivered in another.",
    columns=(
        Column("question", "text", "what is asked", label="What should hold", levels=QUESTIONS),
        Column("table", "text", "the table that names", label="Table", levels=tuple(CANONICAL)),
        Column("other", "text", "the table in which it should be", label="Other table", levels=tuple(CANONICAL)),
        Column("records", "integer", "records that name something", label="Records", unit="records", minimum=0),
        Column("agreeing", "integer", "of these, found there", label="Found there", unit="records", minimum=0),
        Column("share", "share", "share found there", label="Agree", unit="share", minimum=0, maximum=1),
    ),
)

# What is no purchase is accounted for apart: where it is simulated and purchases are not, each table says what it is.
ANSWER_RULES = replace(
    RULES,
    name="answer_rules",
    meaning="What each cleaning rule found and did in surveys, contacts and feedback.",
    reads=(*VOICES, *_ASKED_OF_VOICES),
)

ANSWER_QUALITY = replace(
    QUALITY,
    name="answer_quality",
    meaning="How complete and valid each column of surveys, contacts and feedback was on delivery.",
    reads=VOICES,
)

OTHER_RULES = replace(
    RULES,
    name="other_rules",
    meaning="What each cleaning rule found and did in visits, messages, points, contracts and all other records.",
    reads=(*OTHERS, *_ASKED_OF_OTHERS),
)

OTHER_QUALITY = replace(
    QUALITY,
    name="other_quality",
    meaning="How complete and valid each column of visits, messages, points and all other records was on delivery.",
    reads=OTHERS,
)

OTHER_CONSISTENCY = replace(
    CONSISTENCY,
    name="other_consistency",
    meaning="Whether what purchases and other records name in each other was delivered.",
    reads=(
        "events",
        "loyalty_ledger",
        "messages",
        "usage",
        "regions",
        "order_lines",
        "campaigns",
        "customers",
        "products",
    ),
)

TABLES: dict[str, TableSchema] = {
    **{name: schema for name, schema in CANONICAL.items() if name not in UNTOUCHED},
    **{
        schema.name: schema
        for schema in (
            CLEAN_CUSTOMERS,
            CLEAN_PRODUCTS,
            CLEAN_ORDER_LINES,
            CLEAN_COUPONS,
            CLEAN_CONTACTS,
            CLEAN_FEEDBACK,
            CLEAN_IDENTITIES,
            CLEAN_EVENTS,
            CLEAN_REFERRALS,
            CLEAN_CONSENTS,
            REVERSALS,
            GUEST_LINES,
            FOREIGN_LINES,
            RULES,
            QUALITY,
            CONSISTENCY,
            ANSWER_RULES,
            ANSWER_QUALITY,
            OTHER_RULES,
            OTHER_QUALITY,
            OTHER_CONSISTENCY,
        )
    },
    **WHO_IS_WHO,
}
