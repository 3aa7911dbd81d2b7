"""The tables of weights: the scores by the way they are weighted, and how far the silent may lie away."""

from __future__ import annotations

from customer_patterns.satisfaction.tables.columns import SCORES
from customer_patterns.schemas import Column, TableSchema, estimate_columns, n_column

_ASKED = ("survey_items", "survey_responses", "survey_invitations", "order_lines", "customers")

AS_ANSWERED, BY_CHANCE, RAKED = METHODS = (
    "as answered",
    "by the chance of an answer",
    "raked to what is known of all",
)
WEIGHTED, OFF_MARGINS, UNWEIGHTED = WEIGHT_VERDICTS = ("as wanted", "margins not reached", "not weighted")
HOLDS, WITHIN, BEYOND, ALREADY, UNSURE = TIPPING_VERDICTS = (
    "holds whatever the silent think",
    "could tip within what was tried",
    "tips only beyond what was tried",
    "is below already",
    "not surely above",
)

_SCORE = Column("score", "text", "which score; content: in a hundred", label="Score", levels=SCORES)
_N = n_column("answers by customers who were asked", "Answers", "answers")

WEIGHTED_SCORES = TableSchema(
    name="weighted_scores",
    grain="score and way of weighting",
    key=("score", "method"),
    meaning="The scores as answered and by two ways of weighting to all who were asked, in points.",
    columns=(
        _SCORE,
        Column("method", "text", "how answers are weighted", label="Weighted", levels=METHODS),
        _N,
        Column("customers", "integer", "customers who gave them", "Customers", "customers", True, 0),
        Column("effective_n", "number", "answers of equal weight as precise", "Worth as many", "answers", False, 0),
        Column("largest", "number", "largest weight by the mean one", "Largest weight by the mean", "", False, 0),
        Column("cut", "integer", "answers whose weight was cut down", "Cut down", "answers", False, 0),
        *estimate_columns("value", "number", "the score", "Points", "points", signed=True),
        *estimate_columns("shift", "number", "less the score as answered", "Moved by", "points", signed=True),
        Column("verdict", "text", "whether the weights do what they should", "Weights", levels=WEIGHT_VERDICTS),
    ),
    reads=_ASKED,
)

TIPPING_POINTS = TableSchema(
    name="tipping_points",
    grain="score",
    key=("score",),
    meaning="How far the silent would have to lie below those like them who answered for a score to fall to a mark.",
    columns=(
        _SCORE,
        Column("mark", "number", "the mark it may fall to", label="Falls to", unit="points"),
        _N,
        Column("silent", "share", "share of those asked who did not answer", "Without an answer", "share", False, 0, 1),
        *estimate_columns("value", "number", "the weighted score", "Points", "points", signed=True),
        *estimate_columns("tips_at", "number", "points below at which it falls to the mark", "Silent lower by",
                          "points", signed=True),
        Column("verdict", "text", "whether that may be", "Verdict", levels=TIPPING_VERDICTS),
    ),
    reads=_ASKED,
)  # fmt: skip

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (WEIGHTED_SCORES, TIPPING_POINTS)}
