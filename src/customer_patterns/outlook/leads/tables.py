"""The tables of possible sales to businesses that are still open."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column
from customer_patterns.schemas.canonical import FUNNEL

WON, LOST = "won", "lost"
STAGES = tuple(stage for stage in FUNNEL if stage not in (WON, LOST))
ALL_STAGES = "all stages"
#: Which chance is given to an open opportunity.
BY_MODEL, BY_STAGE = "stage and what is known of it", "its stage"
#: What the test in time says of the model.
BETTER, NOT_BETTER = "better than the stage alone", "not clearly better than the stage alone"

_READS = ("opportunities",)

LEAD_SCORES = TableSchema(
    name="lead_scores",
    grain="opportunity that is open on the study's last day",
    key=("opportunity_id",),
    meaning="The chance that each open opportunity is won, and what it rests on.",
    reads=_READS,
    columns=(
        Column("opportunity_id", "text", "the possible sale's key"),
        Column("customer_id", "text", "to whom"),
        Column("stage", "text", "the stage it waits in", "Stage", levels=STAGES),
        Column("age_days", "number", "days since it began", "Age", "days", False, 0),
        Column("stage_days", "number", "days in its stage", "In the stage", "days", False, 0),
        Column("amount", "money", "latest amount noted", "Amount", "currency", True, 0),
        Column("win_probability", "share", "chance that it is won", "Chance", "share", False, 0, 1),
        Column("stage_rate", "share", "share won of earlier ones in its stage", "Stage's rate", "share", False, 0, 1),
        Column("rests_on", "text", "what the chance rests on", "Rests on", levels=(BY_MODEL, BY_STAGE)),
    ),
)

LEAD_STAGES = TableSchema(
    name="lead_stages",
    grain="stage",
    key=("stage",),
    meaning="How many opportunities wait in each stage, how many may be won.",
    reads=_READS,
    columns=(
        Column("stage", "text", "the stage; the last row is all of them", "Stage", levels=(*STAGES, ALL_STAGES)),
        Column("open", "integer", "open on the study's last day", "Open", "opportunities", True, 0),
        *estimate_columns("expected_wins", "number", "of them expected to be won", "Expected wins", "opportunities"),
        *estimate_columns("expected_value", "number", "amount expected from them", "Expected value", "currency"),
        n_column("customers with an open opportunity"),
        SUPPRESSED,
    ),
)

LEAD_QUALITY = TableSchema(
    name="lead_quality",
    grain="stage",
    key=("stage",),
    meaning="What was said of earlier opportunities while they were open, and how many of them were won.",
    reads=_READS,
    columns=(
        Column("stage", "text", "the stage; the last row is all of them", "Stage", levels=(*STAGES, ALL_STAGES)),
        Column(
            "predicted", "share", "mean chance given to earlier ones before they ended", "Said", "share", True, 0, 1
        ),
        *estimate_columns("won_share", "share", "share of these that were won", "Won"),
        Column("tested", "integer", "opportunities scored before they ended", "Scored", "opportunities", True, 0),
        n_column("customers whose opportunities these were"),
        SUPPRESSED,
    ),
)

LEAD_FIGURES = TableSchema(
    name="lead_figures",
    grain="figure",
    key=("figure",),
    meaning="How well chances given before told which opportunities were won, beside the rate of their stage.",
    reads=_READS,
    columns=(
        Column(
            "figure",
            "text",
            "what is estimated, on opportunities later than those learned from",
            "Figure",
            levels=(
                "area under the curve of the model",
                "area under the curve of the stage",
                "squared error of the model",
                "squared error of the stage",
                "squared error saved by the model",
                "slope of calibration",
            ),
        ),
        *estimate_columns("value", "number", "the figure", "Value", signed=True),
        Column("verdict", "text", "what the test says of the model", "Model", levels=(BETTER, NOT_BETTER)),
        Column("learned_from", "integer", "opportunities learned from", "Learned from", "opportunities", minimum=0),
        Column("n", "integer", "opportunities tested on", "Tested on", "opportunities", minimum=0),
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema for schema in (LEAD_SCORES, LEAD_STAGES, LEAD_QUALITY, LEAD_FIGURES)
}
