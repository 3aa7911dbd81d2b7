"""The tables about tags: which there are, who has them, and where they are met more often."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: What can be said of a tag.
IN_USE, NOBODY, EVERYBODY, TOO_FEW, UNKNOWN, NOT_DELIVERED = VERDICTS = (
    "in use",
    "nobody has it",
    "everybody has it",
    "too few have it, or too few do not",
    "not known of anybody",
    "data not delivered",
)

#: What can be said of a tag in a group.
MORE, AS_ELSEWHERE, LESS = ("more often", "as elsewhere", "less often")

#: How customers are grouped where tags are compared.
BY_SEGMENT, BY_TIER = GROUPINGS = ("segment", "value tier")

#: A tag that rests on these tables alone is about purchases, descriptions and coupons. All others are kept in tables of
#: their own, since they may rest on simulated deliveries where these do not.
OWN = (
    "campaign_recipients",
    "campaigns",
    "coupon_redemptions",
    "coupons",
    "customer_habits",
    "customer_lifecycle",
    "customer_segments",
    "customers",
    "order_lines",
    "orders",
    "products",
)
OTHERS = (
    "calls",
    "contacts",
    "contracts",
    "customer_traits",
    "events",
    "feedback",
    "feedback_codes",
    "loyalty_ledger",
    "messages",
    "opportunities",
    "order_channels",
    "referrals",
    "regions",
    "survey_invitations",
    "survey_items",
    "survey_responses",
    "survey_sheets",
    "usage",
)


_TAG = Column("tag", "text", "the tag's key in the registry", "Tag")
_GROUPING = Column("grouping", "text", "how customers are grouped", "Grouped by", levels=GROUPINGS)
_GROUP = Column("group", "text", "a segment or a value tier", "Group")


def _tags(name: str, what: str, reads: tuple[str, ...]) -> TableSchema:
    return TableSchema(
        name=name,
        grain="tag",
        key=("tag",),
        meaning=f"The registry of tags that rest on {what}: definition, period, coverage, owner, and what came of it.",
        reads=reads,
        columns=(
            _TAG,
            Column("name", "text", "what the tag is called", "Tag"),
            Column("name_zh", "text", "the same in Chinese", "Tag", nullable=True),
            Column("definition", "text", "who has it, in words", "Who has it"),
            Column("definition_zh", "text", "the same in Chinese", "Who has it", nullable=True),
            Column("tables", "text", "tables that it rests on", "Data"),
            Column("from_day", "date", "first day that counts", "From"),
            Column("to_day", "date", "last day that counts", "To"),
            Column("defined_on", "date", "since when it is defined so", "Defined"),
            Column("owner", "text", "who answers for the definition", "Owner"),
            Column("source", "text", "whose data it rests on, by the study file", "Source", nullable=True),
            Column("simulated", "boolean", "whether it rests on simulated deliveries", "Simulated"),
            Column("composed", "boolean", "whether it is made of other tags", "Composed"),
            n_column("customers of whom it can be known"),
            Column("customers", "integer", "all customers", "All {customers}", "customers", minimum=0),
            *estimate_columns("known_share", "share", "share of the customers of whom it can be known", "Known of"),
            *estimate_columns("tagged_share", "share", "share of these who have it", "Have it"),
            Column("verdict", "text", "what came of it", "Verdict", levels=VERDICTS),
        ),
    )


def _customer_tags(name: str, what: str, reads: tuple[str, ...]) -> TableSchema:
    return TableSchema(
        name=name,
        grain="customer and tag that the customer has",
        key=("customer_id", "tag"),
        meaning=f"Who has which tag that rests on {what}. Never printed: a row is about one customer.",
        reads=reads,
        columns=(Column("customer_id", "text", "the customer's key"), _TAG),
    )


def _contrasts(name: str, what: str, reads: tuple[str, ...]) -> TableSchema:
    return TableSchema(
        name=name,
        grain="group and tag",
        key=("grouping", "group", "tag"),
        meaning=f"How often a tag that rests on {what} is met in a segment or tier, beside all others.",
        reads=reads,
        columns=(
            _GROUPING,
            _GROUP,
            _TAG,
            n_column("customers of the group of whom the tag is known"),
            *estimate_columns("share", "share", "share of these who have it", "Have it"),
            Column("elsewhere", "share", "the same share among all others", "Elsewhere", "share", True, 0, 1),
            Column("ratio", "number", "the share by that of all others", "Ratio", nullable=True, minimum=0),
            Column("p", "number", "p-value: Fisher's exact test, two-sided", "p", "", True, 0, 1),
            Column("p_yekutieli", "number", "adjusted over all groups and tags", "p adjusted", "", True, 0, 1),
            Column("verdict", "text", "what stands", "Verdict", levels=(MORE, AS_ELSEWHERE, LESS)),
            SUPPRESSED,
        ),
    )


_PURCHASES, _ELSE = "purchases, descriptions and coupons", "what else was delivered"

TAGS = _tags("tags", _PURCHASES, OWN)
OTHER_TAGS = _tags("other_tags", _ELSE, (*OWN, *OTHERS))
CUSTOMER_TAGS = _customer_tags("customer_tags", _PURCHASES, OWN)
CUSTOMER_OTHER_TAGS = _customer_tags("customer_other_tags", _ELSE, (*OWN, *OTHERS))
CONTRASTS = _contrasts("tag_contrasts", _PURCHASES, OWN)
OTHER_CONTRASTS = _contrasts("other_tag_contrasts", _ELSE, (*OWN, *OTHERS))

TABLES: dict[str, TableSchema] = {
    schema.name: schema for schema in (TAGS, OTHER_TAGS, CUSTOMER_TAGS, CUSTOMER_OTHER_TAGS, CONTRASTS, OTHER_CONTRASTS)
}
