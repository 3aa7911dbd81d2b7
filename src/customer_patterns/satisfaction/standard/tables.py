"""The tables of the standard: what is measured and why, the usual indices, and what joins an old scale to a new one."""

from __future__ import annotations

from customer_patterns.schemas import Column, TableSchema, estimate_columns, n_column

_ANSWERS = ("survey_items", "survey_responses")

AS_TEMPLATE, OWN, UNASKED, NO_REASON = MEASURED_AS = (
    "as in the template",
    "the study's own",
    "never asked",
    "no reason declared",
)
NPS_INDEX, CSAT_INDEX, CES_INDEX, ACSI_INDEX = INDEX_NAMES = (
    "Net Promoter Score",
    "share of the content",
    "ease (customer effort)",
    "satisfaction index (ACSI style)",
)
AS_PUBLISHED, ONE_QUESTION, EQUAL_WEIGHTS, OTHER_SCALE, NOT_ASKED, TOO_FEW = INDEX_VERDICTS = (
    "as published",
    "of one question, not three",
    "all questions weigh the same",
    "asked on another scale than published",
    "never asked",
    "too few answers",
)
BRIDGED, DECLARED, NO_BRIDGE, FEW_BOTH, APART = BRIDGE_VERDICTS = (
    "comparable over the bridge",
    "comparable as declared",
    "not comparable: no bridge is declared",
    "not comparable: too few answered both",
    "not comparable: the two hardly go together",
)
EQUIPERCENTILE, LINEAR, AS_DECLARED, NOTHING = LINKS = ("equal ranks", "equal means and spreads", "declared", "none")

MEASURED = TableSchema(
    name="measured_dimensions",
    grain="dimension",
    key=("dimension",),
    meaning="Which dimensions the survey measures, with which items and why, beside those of the templates it names.",
    columns=(
        Column("dimension", "text", "what the items are about", label="Dimension"),
        Column("template", "text", "the template's dimension", label="Template", nullable=True),
        Column("items", "integer", "items that ask for it", label="Items", unit="items", minimum=0),
        Column("asked", "text", "what they ask, in English, else as delivered", label="Questions", nullable=True),
        Column("asked_zh", "text", "the same in Chinese", label="Questions", nullable=True),
        Column("why", "text", "why one asks for it", label="Why", nullable=True),
        Column("why_zh", "text", "the same in Chinese", label="Why", nullable=True),
        Column("described_in", "text", "where it is described", label="Described in", nullable=True),
        Column("measured_as", "text", "where the dimension comes from", label="It is", levels=MEASURED_AS),
    ),
    reads=("survey_items",),
)

INDICES = TableSchema(
    name="standard_indices",
    grain="index",
    key=("index_name",),
    meaning="The usual indices of satisfaction, all waves together, each as it was published.",
    columns=(
        Column("index_name", "text", "which index", label="Index", levels=INDEX_NAMES),
        Column("items", "integer", "items it is made of", label="Items", unit="items", minimum=0),
        n_column("answer sheets", "Answers", "answers"),
        Column("customers", "integer", "customers who gave them", "Customers", "customers", True, 0),
        *estimate_columns("value", "number", "in points; NPS from -100, the others from 0 to 100", "Points", "points",
                          signed=True),
        Column("as_asked", "number", "mean answer on the scale of the question", label="Mean answer", nullable=True),
        Column("verdict", "text", "whether it is the published index", label="Made", levels=INDEX_VERDICTS),
    ),
    reads=_ANSWERS,
)  # fmt: skip

BRIDGES = TableSchema(
    name="scale_bridges",
    grain="item that was replaced on another scale",
    key=("old_item",),
    meaning="Items that were replaced on another scale, and what joins the old answers to the new ones.",
    columns=(
        Column("old_item", "text", "the item that is no longer asked", label="Old item"),
        Column("new_item", "text", "the item that came instead", label="New item"),
        Column("dimension", "text", "what both are about", label="About"),
        Column("waves", "text", "waves in which the old one alone was answered", label="Waves"),
        Column("link", "text", "what joins them", label="Joined by", levels=LINKS),
        Column("both", "integer", "sheets in which both were answered", "Answered both", "answers", False, 0),
        Column("together", "number", "correlation of the two", "Correlation", "", True, -1, 1),
        n_column("old answers", "Answers", "answers"),
        Column("customers", "integer", "customers who gave them", "Customers", "customers", True, 0),
        *estimate_columns("before", "number", "their mean on the old scale, 0 to 100", "On the old scale", "points"),
        *estimate_columns("after", "number", "carried over, link's error included", "On the new scale", "points"),
        Column("link_error", "number", "standard error of the link", "Error of the link", "points", True, 0),
        Column("verdict", "text", "whether waves before and after may be compared", "Waves", levels=BRIDGE_VERDICTS),
    ),
    reads=_ANSWERS,
)

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (MEASURED, INDICES, BRIDGES)}
