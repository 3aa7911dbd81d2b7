"""The tables in which survey, service, calls and reviews stand beside each other."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

SURVEY, CONTACTS, CALLS, REVIEWS, OF_PRODUCTS = SOURCES = (
    "survey",
    "contacts in writing",
    "contacts by telephone",
    "stars",
    "stars for products",
)
SAME_ORDER, NO_ORDER, OTHER_ORDER = ORDERS = ("same customers content", "not told apart from none", "opposite")
HIGHER, LOWER, LEVEL = LEVELS = ("higher", "lower", "not told apart")
LESS_CONTENT, MORE_CONTENT, AS_CONTENT = WITH_CONTACT = ("less content", "more content", "not told apart")

_READS = ("survey_items", "survey_responses", "contacts", "calls", "feedback")


def _n(meaning: str, unit: str = "customers", label: str = "Customers") -> Column:
    return n_column(meaning, label, unit)


SOURCE_LEVELS = TableSchema(
    name="source_levels",
    grain="source that tells how content customers are",
    key=("source",),
    meaning="What each source says on one scale from 0 (worst) to 100 (best), and how much of it is the customer.",
    columns=(
        Column("source", "text", "where customers said so", "Source", levels=SOURCES),
        _n("customers who said anything there"),
        Column(
            "records", "integer", "answer sheets, rated contacts or texts with stars", "Records", "records", True, 0
        ),
        *estimate_columns("score", "number", "mean over customers, 0 to 100", "Points", "points"),
        Column(
            "own_share",
            "share",
            "share of the variance of one record that lies between customers; empty where few gave two",
            "Of the customer",
            "share",
            True,
            0,
            1,
        ),
        SUPPRESSED,
    ),
    reads=_READS,
)

SOURCE_AGREEMENT = TableSchema(
    name="source_agreement",
    grain="pair of sources",
    key=("first", "second"),
    meaning="Whether two sources say the same of customers who have both: in which order, and how high.",
    columns=(
        Column("first", "text", "one source", "Source", levels=SOURCES),
        Column("second", "text", "the other", "Beside", levels=SOURCES),
        _n("customers with both", label="Customers with both"),
        *estimate_columns("rank_correlation", "number", "Spearman's, over customers", "Rank correlation", signed=True),
        Column("adjusted_p", "number", "of such a correlation by chance, adjusted", "Adjusted p", "", True, 0, 1),
        Column("order", "text", "whether both find the same customers content", "Order", "", True, levels=ORDERS),
        *estimate_columns("bias", "number", "first less second, mean", "First less second", "points", signed=True),
        Column("apart_from", "number", "so far apart, or further down, are few customers", "From", "points", True),
        Column("apart_to", "number", "so far apart, or further up, are few customers", "To", "points", True),
        Column("level", "text", "whether the first is higher or lower", "The first is", "", True, levels=LEVELS),
        SUPPRESSED,
    ),
    reads=_READS,
)

THEME_AGREEMENT = TableSchema(
    name="theme_agreement",
    grain="dimension of the survey",
    key=("dimension",),
    meaning="How content with a dimension customers are who turned to the service about it, beside all others.",
    columns=(
        Column("dimension", "text", "what the survey asks about", "Dimension"),
        Column("topics", "text", "topics of contacts that belong to it", "Contacts about"),
        _n("customers with such a contact who answered", label="With such a contact"),
        Column("others", "integer", "customers without one who answered", "Without one", "customers", True, 0),
        *estimate_columns("with_contact", "number", "mean score of the first", "Of those with one", "points"),
        *estimate_columns("difference", "number", "less the mean of the others", "Less others", "points", signed=True),
        Column("adjusted_p", "number", "of such a difference by chance, adjusted", "Adjusted p", "", True, 0, 1),
        Column(
            "verdict", "text", "whether the first are less content", "Those with one are", "", True, levels=WITH_CONTACT
        ),
        SUPPRESSED,
    ),
    reads=("survey_items", "survey_responses", "contacts"),
)

CUSTOMER_PICTURE = TableSchema(
    name="customer_picture",
    grain="customer of whom any source tells",
    key=("customer_id",),
    meaning="How content each customer is by all sources together. Never printed: a row is about one customer.",
    columns=(
        Column("customer_id", "text", "the customer's key"),
        Column("sources", "integer", "sources that tell of the customer", unit="sources", minimum=1),
        Column("records", "integer", "records in all of them", unit="records", minimum=1),
        *estimate_columns(
            "together",
            "number",
            "on the scale of the first source; empty where no two agree",
            "",
            "points",
            signed=True,
        ),
        Column("lowest", "text", "the source that is lowest for the customer", levels=SOURCES),
        Column("spread", "number", "points between the highest and the lowest source", unit="points", minimum=0),
        Column("bad_records", "integer", "records in the worst two fifths of the scale", unit="records", minimum=0),
    ),
    reads=_READS,
)

SEGMENT_PORTRAITS = TableSchema(
    name="segment_portraits",
    grain="grouping and segment",
    key=("grouping", "segment"),
    meaning="The line on satisfaction of each segment's portrait: what its customers say, and where it stands out.",
    columns=(
        Column("grouping", "text", "how segments were made", "By", levels=("value_level", "tier")),
        Column("segment", "text", "the segment", "Segment"),
        Column("customers", "integer", "customers of the segment", "Customers", "customers", True, 0),
        _n("of them, those of whom any source tells", label="Told of"),
        *estimate_columns("survey", "number", "mean over customers who answered", "Survey", "points"),
        *estimate_columns("service", "number", "mean over customers who rated a contact", "Service", "points"),
        *estimate_columns("stars", "number", "mean over customers who gave stars, in points", "Stars", "points"),
        *estimate_columns("complained", "share", "share of those told of with a bad record", "Complained"),
        Column("stronger_in", "text", "dimensions that stand out above all others", "Stronger in"),
        Column("weaker_in", "text", "dimensions that stand out below all others", "Weaker in"),
        SUPPRESSED,
    ),
    reads=(*_READS, "customer_segments"),
)

TABLES = {
    schema.name: schema
    for schema in (SOURCE_LEVELS, SOURCE_AGREEMENT, THEME_AGREEMENT, CUSTOMER_PICTURE, SEGMENT_PORTRAITS)
}
