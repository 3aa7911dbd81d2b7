"""Tables of what was seen before customers left."""

from __future__ import annotations

from customer_patterns.outlook.churn.tables.columns import READS
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: Where a sequence follows more often beyond chance.
BEFORE_LEAVING, BEFORE_STAYING, CHANCE = "before leaving", "before staying", "may be chance"

#: What tells those who left from those who stayed.
OFTENER, RARER = "more often before leaving", "more often before staying"

#: What was seen in the time before a customer left.
ANY = "any of these"

_LOST = (
    n_column("customers who left and of whom it is true", "Left, and so"),
    Column("customers_left", "integer", "customers who left", "Left", "customers", minimum=0),
    *estimate_columns("share_left", "share", "share of those who left", "Of those who left"),
    *estimate_columns("share_stayed", "share", "share of those who stayed", "Of those who stayed"),
    *estimate_columns("times", "number", "the first by the second", "Times as often", "ratio"),
    Column("p_yekutieli", "number", "that both shares are the same, for all rows together", "", "", True, 0, 1),
    Column("verdict", "text", "whether it tells them apart", "Verdict", levels=(OFTENER, RARER, CHANCE)),
    SUPPRESSED,
)

LOST_REASONS = TableSchema(
    name="lost_reasons",
    grain="what was seen before",
    key=("reason",),
    meaning="What purchases show of those who then left, beside those who stayed.",
    reads=READS,
    columns=(
        Column(
            "reason",
            "text",
            "what was seen",
            "Seen before",
            levels=(
                "prices of what they buy rose",
                "fewer discounts",
                "more changes of brand",
                "more changes of channel",
                ANY,
            ),
        ),
        *_LOST,
    ),
)

LOST_COMPLAINTS = TableSchema(
    name="lost_complaints",
    grain="what they asked the service about",
    key=("reason",),
    meaning="With what those who then left had turned to the service, beside those who stayed.",
    reads=(*READS, "contacts"),
    columns=(Column("reason", "text", "the topic, or how the service answered", "Contact"), *_LOST),
)

DEFECTION_SEQUENCES = TableSchema(
    name="defection_sequences",
    grain="tested sequence of two items",
    key=("sequence",),
    meaning="What follows what among customers who then left, beside those who stayed, each against its own order.",
    reads=READS,
    columns=(
        Column("sequence", "text", "its visits in order", "Sequence"),
        *estimate_columns("left_lift", "number", "times as often as by chance before leaving", "Who left", "ratio"),
        *estimate_columns("stayed_lift", "number", "the same of those who stayed", "Who stayed", "ratio"),
        *estimate_columns("ratio", "number", "the first by the second", "Ratio", "ratio"),
        n_column("customers who left and show it", "Left"),
        Column("stayed_n", "integer", "customers who stayed and show it", "Stayed", "customers", True, 0),
        Column("p", "number", "p-value of the difference, two-sided", minimum=0, maximum=1),
        Column("p_yekutieli", "number", "adjusted by Benjamini and Yekutieli", minimum=0, maximum=1),
        Column("verdict", "text", "what stands", "Verdict", levels=(BEFORE_LEAVING, BEFORE_STAYING, CHANCE)),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        LOST_REASONS,
        LOST_COMPLAINTS,
        DEFECTION_SEQUENCES,
    )
}
