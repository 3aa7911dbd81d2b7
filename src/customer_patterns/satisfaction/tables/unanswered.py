"""The tables of who did not answer, and what the scores would be had they answered."""

from __future__ import annotations

from customer_patterns.satisfaction.tables.columns import ASKED, SCORES, answers, customers
from customer_patterns.schemas import Column, TableSchema, estimate_columns

WHO_ANSWERED = TableSchema(
    name="who_answered",
    grain="characteristic",
    key=("characteristic",),
    meaning="What those who answered, and those who did not, had bought before they were asked.",
    columns=(
        Column(
            "characteristic",
            "text",
            "what is compared",
            label="Before they were asked",
            levels=("orders before", "revenue before", "days since the last order"),
        ),
        Column("n", "integer", "invitations that are compared", label="Invitations", unit="invitations", minimum=0),
        Column("answered", "integer", "of them, answered", label="Answered", unit="invitations", minimum=0),
        *estimate_columns("answered_share", "share", "share of the invitations that were answered", "Share answered"),
        *estimate_columns("answerers", "number", "mean of those who answered", "Answered"),
        *estimate_columns("others", "number", "mean of those who did not", "Did not answer"),
        *estimate_columns("difference", "number", "their difference in standard deviations", "Difference", signed=True),
    ),
    reads=(*ASKED, "order_lines"),
)

VERSIONS = ("as answered", "weighted by past behavior", "without straight-liners")

SCORE_VERSIONS = TableSchema(
    name="score_versions",
    grain="score and version",
    key=("score", "version"),
    meaning="The scores as answered, weighted to all who were asked, and without straight-liners; in points.",
    columns=(
        Column("score", "text", "which score; content: in a hundred", label="Score", levels=SCORES),
        Column("version", "text", "how it was made", label="Version", levels=VERSIONS),
        answers("answers by customers who were asked"),
        customers(),
        Column(
            "effective_n",
            "number",
            "equally weighted answers that would be as precise",
            label="Worth as many answers",
            unit="answers",
            minimum=0,
        ),
        *estimate_columns("value", "number", "the score", "Points", signed=True),
        *estimate_columns("shift", "number", "what it differs by from the score as answered", "Shift", signed=True),
    ),
    reads=(*ASKED, "order_lines"),
)

SILENT_SCENARIOS = TableSchema(
    name="silent_scenarios",
    grain="score and scenario",
    key=("score", "points_below"),
    meaning="What the scores of all who were asked would be if the silent were less content by so many points.",
    columns=(
        Column("score", "text", "which score; content: in a hundred", label="Score", levels=SCORES),
        Column(
            "points_below", "number", "by how much the silent lie below", label="The silent lie lower by", unit="points"
        ),
        answers("answers by customers who were asked"),
        *estimate_columns("value", "number", "the score", "Points", signed=True),
    ),
    reads=(*ASKED, "order_lines"),
)

#: The tables by name.
TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        WHO_ANSWERED,
        SCORE_VERSIONS,
        SILENT_SCENARIOS,
    )
}
