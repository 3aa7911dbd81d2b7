"""The tables of the measurement model."""

from __future__ import annotations

from customer_patterns.satisfaction.measurement.one_factor import STEPS
from customer_patterns.schemas import Column, TableSchema, estimate_columns, n_column

_ANSWERS = ("survey_items", "survey_responses")

WAVES, VALUE_LEVELS, TIERS, LANGUAGES = GROUPINGS = ("waves", "value levels", "tiers", "languages")
COMPARABLE, PARTLY, NOT_COMPARABLE, NOT_TESTABLE = VERDICTS = (
    "comparable",
    "comparable without some items",
    "not comparable",
    "not testable",
)
FEW_ITEMS, FEW_STEPS, FEW_ANSWERS, ONE_GROUP = REASONS = (
    "fewer than three items",
    "an item with fewer than three answers",
    "fewer than two groups with answers enough",
    "one group only",
)
DECLARED, SINGLE, WITH_STYLE = MODELS = (
    "the dimensions as declared",
    "one dimension behind all items",
    "the dimensions, and agreeing with everything",
)
FITS, NEARLY, MISFIT = FIT_VERDICTS = ("fits", "fits in part", "does not fit")
APART, NEAR, SAME = PAIR_VERDICTS = ("told apart", "near the limit", "not told apart")
AGREEING, ONE_THING = STYLES = ("agreeing with everything", "one thing behind all")
LEARNED, EVEN = PREDICTIONS = ("weights from earlier waves", "all dimensions alike")


def _n(meaning: str = "answer sheets with all of the items", label: str = "Answers") -> Column:
    return n_column(meaning, label, "answers")


INVARIANCE = TableSchema(
    name="invariance",
    grain="dimension and grouping",
    key=("dimension", "grouping"),
    meaning="Whether the items of a dimension are read alike in all groups, so that its scores may be compared.",
    columns=(
        Column("dimension", "text", "what the items are about", label="Dimension"),
        Column("grouping", "text", "by what the answers are grouped", label="Between", levels=GROUPINGS),
        Column("groups", "integer", "groups with answers enough", label="Groups", unit="groups", minimum=0),
        _n("answer sheets in these groups"),
        Column("smallest", "integer", "of the smallest group", "Smallest group", "answers", True, 0),
        Column("lost_fit", "number", "comparative fit lost with everything held the same", "Fit lost", nullable=True),
        Column("p_value", "number", "of the step that costs most, or failed first", "p", "", True, 0, 1),
        Column("step", "text", "what is not the same in all groups", "Differs", "", True, levels=STEPS[1:]),
        Column("items", "text", "items that had to be released, by name", label="Items that differ"),
        Column("verdict", "text", "whether scores may be compared", label="Verdict", levels=VERDICTS),
        Column("reason", "text", "why it cannot be tested", "Why not", "", True, levels=REASONS),
    ),
    reads=(*_ANSWERS, "survey_sheets", "customer_segments"),
)

MEASUREMENT_FIT = TableSchema(
    name="measurement_fit",
    grain="model",
    key=("model",),
    meaning="How well each model of what is behind the items fits their correlations.",
    columns=(
        Column("model", "text", "what is behind the items", label="Behind the items", levels=MODELS),
        _n(),
        Column("customers", "integer", "customers who gave them", "Customers", "customers", True, 0),
        Column("scaled", "number", "distance scaled to its degrees of freedom", "Distance", nullable=True, minimum=0),
        Column("df", "integer", "degrees of freedom", "Freedom", nullable=True, minimum=0),
        Column("p_value", "number", "of a distance as large if the model holds", "p", "", True, 0, 1),
        Column("cfi", "number", "comparative fit index", "CFI", "", True, 0, 1),
        Column("tli", "number", "Tucker-Lewis index", "TLI", nullable=True),
        Column("rmsea", "number", "root mean square error of approximation", "RMSEA", "", True, 0),
        Column("srmr", "number", "standardized root mean square residual", "SRMR", "", True, 0),
        Column("verdict", "text", "by the usual limits", "Verdict", "", True, levels=FIT_VERDICTS),
    ),
    reads=_ANSWERS,
)

MEASUREMENT_LOADINGS = TableSchema(
    name="measurement_loadings",
    grain="item",
    key=("item",),
    meaning="How closely each item goes with what is behind its dimension.",
    columns=(
        Column("dimension", "text", "what the item is about", label="Dimension"),
        Column("item", "text", "the item's name", label="Item"),
        _n(),
        *estimate_columns("loading", "number", "standardized loading", "Loading", signed=True),
    ),
    reads=_ANSWERS,
)

CONVERGENT = TableSchema(
    name="convergent_validity",
    grain="dimension",
    key=("dimension",),
    meaning="How much of the items' variance is what their dimension has in common.",
    columns=(
        Column("dimension", "text", "what the items are about", label="Dimension"),
        Column("items", "integer", "its items", label="Items", unit="items", minimum=1),
        _n(),
        *estimate_columns("ave", "share", "average variance extracted", "Variance in common"),
        *estimate_columns("composite", "number", "reliability of the sum of the items' continua", "Reliability"),
        Column("verdict", "text", "by the limit of one half", "Verdict", levels=("holds", "near the limit", "fails")),
    ),
    reads=_ANSWERS,
)

DISCRIMINANT = TableSchema(
    name="discriminant_validity",
    grain="pair of dimensions",
    key=("dimension", "other"),
    meaning="Whether two dimensions are two, or one under two names.",
    columns=(
        Column("dimension", "text", "the one", label="Dimension"),
        Column("other", "text", "the other", label="Beside"),
        _n(),
        *estimate_columns("htmt", "number", "heterotrait-monotrait ratio of correlations", "HTMT"),
        Column("limit", "number", "from which on two are taken for one", label="Limit"),
        Column("verdict", "text", "whether they are two", "Verdict", "", True, levels=PAIR_VERDICTS),
    ),
    reads=_ANSWERS,
)

ANSWER_STYLE = TableSchema(
    name="answer_style",
    grain="figure",
    key=("figure",),
    meaning="How much of the answers is how people answer, whatever is asked.",
    columns=(
        Column(
            "figure",
            "text",
            "what is estimated",
            label="Figure",
            levels=STYLES,
        ),
        _n(),
        *estimate_columns("share", "share", "share of the items' variance", "Share of variance"),
    ),
    reads=_ANSWERS,
)

HELD_OUT = TableSchema(
    name="held_out_wave",
    grain="way to predict",
    key=("prediction",),
    meaning="How well contentment overall in the last wave follows from the dimensions, with weights learned before.",
    columns=(
        Column("prediction", "text", "how dimensions are added up", label="Dimensions count", levels=PREDICTIONS),
        Column("wave", "text", "the wave that is predicted", label="Wave"),
        _n("answer sheets of that wave"),
        *estimate_columns(
            "explained",
            "number",
            "share of the variance explained; below 0: worse than the mean",
            "Explained",
            signed=True,
        ),
    ),
    reads=_ANSWERS,
)

#: Ways to foretell who buys again, and what answers are worth for it.
PURCHASES, ANSWERS_TOO = WAYS = ("purchases before", "purchases before, and answers")
ADDS, ADDS_NOTHING, MISLEADS = "answers add to it", "answers add nothing that shows", "answers mislead"

REPURCHASE = TableSchema(
    name="held_out_repurchase",
    grain="way to foretell",
    key=("prediction",),
    meaning="How well it is foretold who buys again after the last wave, as learned from earlier waves.",
    columns=(
        Column("prediction", "text", "what it is foretold from", label="Foretold from", levels=WAYS),
        Column("wave", "text", "the wave after which it is foretold", label="Wave"),
        _n("answer sheets of that wave"),
        Column("stayed_away", "integer", "of them followed by no purchase", label="Stayed away", minimum=0),
        *estimate_columns("auc", "number", "area under the ROC curve; 0.5: by chance", "Ranked rightly"),
        *estimate_columns("added", "number", "what the answers add to it", "Added", signed=True),
        Column(
            "verdict",
            "text",
            "whether the answers add to it",
            label="Verdict",
            nullable=True,
            levels=(ADDS, ADDS_NOTHING, MISLEADS),
        ),
    ),
    reads=(*_ANSWERS, "order_lines"),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        INVARIANCE,
        MEASUREMENT_FIT,
        MEASUREMENT_LOADINGS,
        CONVERGENT,
        DISCRIMINANT,
        ANSWER_STYLE,
        HELD_OUT,
        REPURCHASE,
    )
}
