"""The tables of what was answered: waves, scores, their reliability, what is watched and planned."""

from __future__ import annotations

from customer_patterns.satisfaction.tables.columns import (
    ANSWERS,
    ASKED,
    DIMENSION,
    NPS_MEASURE,
    OVERALL,
    WAVE,
    answers,
    customers,
)
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns

CUSTOMER_SCORES = TableSchema(
    name="customer_scores",
    grain="customer, wave and score",
    key=("wave", "customer_id", "measure"),
    meaning="What each customer's answers of a wave come to. Never printed: a row is about one customer.",
    columns=(
        Column("wave", "text", "the wave's name"),
        Column("customer_id", "text", "who answered"),
        Column("answered_on", "date", "day of the last answer", unit="local day"),
        Column("measure", "text", "overall, recommendation, or a dimension"),
        Column("score", "number", "0 to 100, the recommendation 0 to 10", minimum=0, maximum=100),
    ),
    reads=ANSWERS,
)

SURVEY_WAVES = TableSchema(
    name="survey_waves",
    grain="wave of the survey",
    key=("wave",),
    meaning="Who was asked in each wave, and how many answered.",
    columns=(
        Column("wave", "text", "the wave's name", label="Wave"),
        Column("first_on", "date", "first day of an invitation or an answer", label="From", unit="local day"),
        Column("last_on", "date", "last day of an invitation or an answer", label="To", unit="local day"),
        Column("n", "integer", "customers who were asked", "Asked", "customers", nullable=True, minimum=0),
        Column(
            "answered",
            "integer",
            "of them, how many gave any answer",
            label="Answered",
            unit="customers",
            nullable=True,
            minimum=0,
        ),
        Column(
            "sheets",
            "integer",
            "customers who gave any answer, asked or not",
            label="Answer sheets",
            unit="customers",
            nullable=True,
            minimum=0,
        ),
        *estimate_columns("response_rate", "share", "share of those asked who answered", "Response rate"),
        Column(
            "status",
            "text",
            "whether the wave is over, or nobody knows who was asked",
            label="Wave is",
            levels=("closed", "still open", "not known"),
        ),
        SUPPRESSED,
    ),
    reads=ASKED,
)

NPS = TableSchema(
    name="nps",
    grain="wave",
    key=("wave",),
    meaning="Net Promoter Score: promoters (9 or 10) less detractors (0 to 6), in points.",
    columns=(
        WAVE,
        answers(),
        customers(),
        Column("promoters", "share", "share who answered 9 or 10", "Promoters", "share", True, 0, 1),
        Column("detractors", "share", "share who answered 0 to 6", "Detractors", "share", True, 0, 1),
        *estimate_columns("nps", "number", "Net Promoter Score", "NPS", "points", signed=True),
        SUPPRESSED,
    ),
    reads=ANSWERS,
)

CSAT = TableSchema(
    name="csat",
    grain="wave",
    key=("wave",),
    meaning="Share who gave one of the two best answers when asked how content they are overall.",
    columns=(
        WAVE,
        answers(),
        customers(),
        *estimate_columns("csat", "share", "share of the content", "Content"),
        SUPPRESSED,
    ),
    reads=ANSWERS,
)

DIMENSION_SCORES = TableSchema(
    name="dimension_scores",
    grain="dimension and wave",
    key=("dimension", "wave"),
    meaning="Mean score of each dimension, 0 (all gave the worst answer) to 100 (all gave the best).",
    columns=(
        DIMENSION,
        WAVE,
        answers(),
        customers(),
        *estimate_columns("score", "number", "mean score, 0 to 100", "Score", "points"),
        SUPPRESSED,
    ),
    reads=ANSWERS,
)

RELIABILITY = TableSchema(
    name="reliability",
    grain="dimension",
    key=("dimension",),
    meaning="Whether the items of a dimension measure one thing.",
    columns=(
        DIMENSION,
        Column("items", "integer", "items of the dimension", label="Items", unit="items", minimum=1),
        answers("answer sheets with all of them"),
        customers(),
        *estimate_columns("alpha", "number", "Cronbach's alpha", "Alpha", signed=True),
        *estimate_columns("omega", "number", "McDonald's omega", "Omega"),
        Column("floor", "number", "from which alpha on a score counts as reliable", label="Floor"),
        Column(
            "verdict",
            "text",
            "whether the interval of alpha lies above the floor",
            label="Verdict",
            levels=("reliable", "near the floor", "not reliable", "not enough data"),
        ),
    ),
    reads=ANSWERS,
)

ITEM_QUALITY = TableSchema(
    name="item_quality",
    grain="item of a dimension",
    key=("item",),
    meaning="Each item's mean, and how it goes with the rest of its dimension.",
    columns=(
        DIMENSION,
        Column("item", "text", "the item's key", label="Item"),
        Column("direction", "text", "how its answers were read", "Read as", levels=("positive", "reversed")),
        answers("answer sheets with all items of the dimension"),
        *estimate_columns("score", "number", "mean, 0 to 100", "Score", "points"),
        *estimate_columns(
            "item_rest", "number", "correlation with the sum of the others", "With the others", signed=True
        ),
    ),
    reads=ANSWERS,
)

#: What sets how soon another wave may follow.
BY_REST, BY_BUDGET = LIMITS = ("how often one may be asked", "the budget")

SURVEY_PLAN = TableSchema(
    name="survey_plan",
    grain="score and margin",
    key=("score_name", "margin"),
    meaning="How many must be asked for a wanted precision, how often that may be, and what change is noticed then.",
    columns=(
        Column("score_name", "text", "what is measured", label="Score", levels=(NPS_MEASURE, OVERALL)),
        Column("margin", "number", "half-width of the interval at 95 %", "Give or take", "points", minimum=0),
        Column("spread", "number", "standard deviation of the answers", "Spread", "points", minimum=0),
        Column("answers", "integer", "answers needed", "Answers needed", "answers", minimum=1),
        Column("asked", "integer", "customers to ask, at the response rate so far", "To ask", "customers", True, 1),
        Column("cost", "money", "of asking them", "Cost", nullable=True, minimum=0),
        Column("apart", "integer", "fewest days between two such waves", "A wave every", "days", True, 1),
        Column("limited_by", "text", "what allows no more waves", "Held back by", "", True, levels=LIMITS),
        Column("yearly_cost", "money", "of a year of such waves", "Cost a year", nullable=True, minimum=0),
        Column(
            "change", "number", "noticed between two waves in four of five cases", "Change seen", "points", minimum=0
        ),
        answers("answers that the spread is taken from"),
    ),
    reads=ASKED,
)

AS_BEFORE, HIGHER, LOWER, NO_BEFORE, NOT_ENOUGH = WAVE_VERDICTS = (
    "as before",
    "higher",
    "lower",
    "nothing before",
    "not enough data",
)

CONTROL_CHART = TableSchema(
    name="control_chart",
    grain="score and wave",
    key=("score_name", "wave"),
    meaning="Whether a wave's score has moved beyond the noise of who happened to answer.",
    columns=(
        Column("score_name", "text", "what is measured", label="Score"),
        Column("wave", "text", "the wave's name", label="Wave"),
        answers(),
        *estimate_columns("score", "number", "mean score in points", "Score", "points", signed=True),
        Column("center", "number", "of all waves before", "Before", "points", nullable=True),
        Column("limit_low", "number", "lower limit for a wave as those before", "From", "points", nullable=True),
        Column("limit_high", "number", "upper limit for a wave as those before", "To", "points", nullable=True),
        *estimate_columns("moved", "number", "score less that of before", "Moved by", "points", signed=True),
        Column("adjusted_p", "number", "of such a distance by chance, adjusted", "p, adjusted", "", True, 0, 1),
        Column("verdict", "text", "whether it has moved", label="The wave is", levels=WAVE_VERDICTS),
    ),
    reads=ANSWERS,
)

#: The tables by name.
TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        CUSTOMER_SCORES,
        SURVEY_WAVES,
        NPS,
        CSAT,
        DIMENSION_SCORES,
        RELIABILITY,
        ITEM_QUALITY,
        SURVEY_PLAN,
        CONTROL_CHART,
    )
}
