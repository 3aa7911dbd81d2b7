"""Tables of opportunities: the stages of a possible sale."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column
from customer_patterns.schemas.canonical import FUNNEL

#: How a possible sale ends, and the stages that lead there, in their order.
WON, LOST = "won", "lost"

STAGES = tuple(stage for stage in FUNNEL if stage not in (WON, LOST))

#: What a row is called that stands for the whole way from the first stage to the end.
ALL_STAGES = "all stages"

STAGE_CONVERSION = TableSchema(
    name="stage_conversion",
    grain="stage of possible sales",
    key=("stage",),
    meaning="How many possible sales move on from each stage, of those that have left it.",
    reads=("opportunities",),
    columns=(
        Column(
            "stage", "text", "the stage; the last row is the whole way", label="Stage", levels=(*STAGES, ALL_STAGES)
        ),
        Column(
            "reached",
            "integer",
            "opportunities that came so far",
            label="Came so far",
            unit="opportunities",
            nullable=True,
            minimum=0,
        ),
        Column(
            "waiting",
            "integer",
            "of them, those that are still there",
            label="Still there",
            unit="opportunities",
            nullable=True,
            minimum=0,
        ),
        n_column("those that left", "Left", "opportunities"),
        Column(
            "moved_on",
            "integer",
            "of these, those that moved on",
            label="Moved on",
            unit="opportunities",
            nullable=True,
            minimum=0,
        ),
        *estimate_columns("conversion", "share", "share of those that left that moved on", "Moved on"),
        Column("customers", "integer", "customers of those that left", nullable=True, minimum=0),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (STAGE_CONVERSION,)}
