"""The tables that account for cleaning: what each rule did, how good each column was, whether the sources agree."""

from __future__ import annotations

from dataclasses import replace

from customer_patterns.cleaning.clean_tables import REVERSALS
from customer_patterns.cleaning.groups import ASKED_OF_OTHERS, ASKED_OF_VOICES, OTHERS, PURCHASES, VOICES
from customer_patterns.cleaning.steps import steps
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import CANONICAL

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
    reads=(*VOICES, *ASKED_OF_VOICES),
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
    reads=(*OTHERS, *ASKED_OF_OTHERS),
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
