"""The tables of who is how content, and what they did afterwards."""

from __future__ import annotations

from customer_patterns.satisfaction.tables.columns import ANSWERS, MEAN_OF_DIMENSIONS, OVERALL, answers, customers
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns

SEGMENT_SCORES = TableSchema(
    name="segment_scores",
    grain="grouping, segment and score",
    key=("grouping", "segment", "score_name"),
    meaning="How content each segment is, and whether it differs from all other customers beyond chance.",
    columns=(
        Column("grouping", "text", "how segments were made", "By", levels=("value_level", "tier")),
        Column("segment", "text", "the segment", label="Segment"),
        Column("score_name", "text", "which score", label="Score"),
        answers(),
        customers("customers of the segment who answered"),
        *estimate_columns("score", "number", "mean score", "Points", "points", signed=True),
        Column("difference", "number", "less the mean of all others", "Less others", "points", nullable=True),
        Column(
            "p_value", "number", "how rare such a difference is by chance", "p", "probability", nullable=True, minimum=0
        ),
        Column(
            "adjusted_p",
            "number",
            "the same for so many comparisons",
            "Adjusted p",
            "probability",
            nullable=True,
            minimum=0,
        ),
        Column(
            "verdict",
            "text",
            "whether it stands out from the others",
            label="Verdict",
            levels=("stands out", "not told apart", "not compared", "not comparable"),
        ),
        SUPPRESSED,
    ),
    reads=(*ANSWERS, "customer_segments"),
)

SAID_AND_DONE = TableSchema(
    name="said_and_done",
    grain="measure of satisfaction",
    key=("measure",),
    meaning="How satisfaction goes with later spend, beyond what earlier orders tell of it.",
    columns=(
        Column("measure", "text", "what was said", "Said", levels=(OVERALL, MEAN_OF_DIMENSIONS)),
        Column("waves", "integer", "waves whose following days have been seen", "Waves", "waves", minimum=1),
        answers(),
        customers(),
        *estimate_columns("plain", "number", "correlation with later spend", "Plain correlation", signed=True),
        *estimate_columns("partial", "number", "the same with the past held fixed", "Beyond the past", signed=True),
        Column(
            "verdict",
            "text",
            "on which side of zero the interval lies",
            label="Verdict",
            levels=("goes with more", "goes with less", "not told apart from none"),
        ),
    ),
    reads=(*ANSWERS, "order_lines"),
)

DONE_AND_SAID = TableSchema(
    name="done_and_said",
    grain="measure of satisfaction",
    key=("measure",),
    meaning="The reverse order: how later satisfaction goes with what was spent before it, beyond the answer before.",
    columns=SAID_AND_DONE.columns,
    reads=SAID_AND_DONE.reads,
)

STATED_AND_REVEALED = TableSchema(
    name="stated_and_revealed",
    grain="what was said and what was done",
    key=("said", "done"),
    meaning="Customers by what they said last and what they did afterwards.",
    columns=(
        Column("said", "text", "what they said", label="They said", levels=("content", "not content")),
        Column("done", "text", "what they did", label="Then they", levels=("stayed", "gone quiet")),
        Column("n", "integer", "customers", "Customers", unit="customers", nullable=True, minimum=0),
        Column(
            "customers",
            "integer",
            "all who said the same",
            label="Who said so",
            unit="customers",
            nullable=True,
            minimum=0,
        ),
        *estimate_columns("share", "share", "share of those who said the same", "Share"),
        *estimate_columns(
            "spend_each", "money", "spent a month before the answer, by each on average", "Spent a month", "currency"
        ),
        Column("at_stake", "money", "the same of all of them", "All of them", "currency", True, 0),
        SUPPRESSED,
    ),
    reads=(*ANSWERS, "order_lines"),
)

#: The tables by name.
TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        SEGMENT_SCORES,
        SAID_AND_DONE,
        DONE_AND_SAID,
        STATED_AND_REVEALED,
    )
}
