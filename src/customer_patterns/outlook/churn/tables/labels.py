"""Tables of what is called leaving, and what changes with it."""

from __future__ import annotations

from customer_patterns.outlook.churn.tables.columns import READS
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: What calls a customer a leaver.
PARTIAL, NOTHING, GAP, CADENCE, ALIVE = (
    "partial defection",
    "no purchase in the horizon",
    "fixed gap at its end",
    "own gaps exceeded at its end",
    "likely gone by BG/NBD",
)

LABELS = (PARTIAL, NOTHING, GAP, CADENCE, ALIVE)

#: What is compared between two groups of customers under each label.
QUESTIONS = (
    "changed brands more than before",
    "changed channels more than before",
    "bought much on discount",
    "bought much own brand",
    "spends much as a rule",
    "comes often as a rule",
)

MORE, FEWER, NO_TELLING = "more leave", "fewer leave", "no difference that can be told"

CHURN_LABELS = TableSchema(
    name="churn_labels",
    grain="definition of leaving",
    key=("label",),
    meaning="How many customers each definition calls leaving, and how many of those came back.",
    reads=READS,
    columns=(
        Column("label", "text", "the definition", "Has left who", levels=LABELS),
        Column("customers", "integer", "customers looked at", "Of", "customers", minimum=0),
        n_column("of them, those called leaving", "Called leaving"),
        *estimate_columns("share", "share", "share called leaving", "Called leaving"),
        *estimate_columns("came_back", "share", "share of those who bought in the horizon after it", "Bought again"),
        *estimate_columns(
            "as_before", "share", "share of those who then spent enough not to count as leaving", "Spent enough again"
        ),
        SUPPRESSED,
    ),
)

LABEL_AGREEMENT = TableSchema(
    name="label_agreement",
    grain="pair of definitions",
    key=("label", "other"),
    meaning="How far two definitions call the same customers leaving.",
    reads=READS,
    columns=(
        Column("label", "text", "a definition", "Has left who", levels=LABELS),
        Column("other", "text", "another one", "Or", levels=LABELS),
        n_column("customers whom one of them calls leaving", "Either"),
        *estimate_columns("overlap", "share", "share of these whom both do", "Both"),
        *estimate_columns("kappa", "number", "agreement beyond chance", "Kappa", signed=True),
        SUPPRESSED,
    ),
)

CHURN_CONCLUSIONS = TableSchema(
    name="churn_conclusions",
    grain="question and definition of leaving",
    key=("question", "label"),
    meaning="Whether a conclusion holds under each definition of leaving.",
    reads=READS,
    columns=(
        Column("question", "text", "what distinguishes the customers", "Customers who", levels=QUESTIONS),
        Column("label", "text", "the definition", "Has left who", levels=LABELS),
        n_column("customers of whom it is known"),
        *estimate_columns("difference", "number", "share who leave less that of others", "More leave", signed=True),
        Column("conclusion", "text", "what follows", "Conclusion", levels=(MORE, FEWER, NO_TELLING)),
        Column("flips", "boolean", "whether definitions contradict each other here", "Flips"),
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        CHURN_LABELS,
        LABEL_AGREEMENT,
        CHURN_CONCLUSIONS,
    )
}
