"""The tables about the stages of customers' lives with the seller."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: The stages, in the order in which a customer may pass through them.
NEW, GROWING, MATURE, DECLINING, LOST, REGAINED = LIFECYCLE_STAGES = (
    "new",
    "growing",
    "mature",
    "declining",
    "lost from sight",
    "regained",
)
#: Where somebody was who had not ordered yet at the earlier cut.
NOT_YET = "not a customer yet"

#: Which of the two cuts.
EARLIER, LATER = CUTS = ("one window earlier", "at the end")

_ORDERS = ("orders",)
_STAGE = Column("stage", "text", "stage of life as a customer", "Stage", levels=LIFECYCLE_STAGES)
_ALL = Column("customers", "integer", "all who had ordered by the cut", "All {customers}", "customers", minimum=0)


CUSTOMER_LIFECYCLE = TableSchema(
    name="customer_lifecycle",
    grain="customer",
    key=("customer_id",),
    meaning="The stage of each customer who ordered goods. Never printed: a row is about one customer.",
    reads=_ORDERS,
    columns=(
        Column("customer_id", "text", "the customer's key"),
        Column("stage", "text", "stage at the end", "Stage", levels=LIFECYCLE_STAGES),
        Column(
            "stage_before",
            "text",
            "stage one window earlier; missing where the study is too short to say",
            "Stage before",
            nullable=True,
            levels=(*LIFECYCLE_STAGES, NOT_YET),
        ),
        Column("first_on", "date", "first shopping day in the study, which need not be the first of all"),
        Column("silent_days", "integer", "days since the last shopping day", "Silent", "days", minimum=0),
        Column("cadence_days", "number", "own typical gap between shopping days", "Own gap", "days", minimum=0),
        Column("recent_days", "integer", "shopping days in the last window", "Lately", "days", minimum=0),
        Column("before_days", "integer", "shopping days in the window before it", "Before", "days", minimum=0),
    ),
)

LIFECYCLE_RULES = TableSchema(
    name="lifecycle_rules",
    grain="stage",
    key=("stage",),
    meaning="What a stage means: declared, not found in the data. The first rule that holds decides.",
    columns=(
        Column("place", "integer", "order in which the rules are asked", "No.", minimum=1),
        _STAGE,
        Column(
            "condition",
            "text",
            "what must hold",
            "Who",
            levels=(
                "has been silent for longer than both",
                "came back to at least half of the own pace after a silence longer than both",
                "first ordered in the last window, and not in the first weeks of the study",
                "shops more often than in the window before, beyond chance",
                "shops less often than in the window before, beyond chance",
                "everybody else",
            ),
        ),
        Column("own_gaps", "number", "so many times the own typical gap", "Own gaps", nullable=True, minimum=0),
        Column("days", "integer", "and so many days", "Days", "days", nullable=True, minimum=1),
        Column("change", "share", "a change of the rate by this at least", "Change", "share", True, 0),
        Column("chance", "share", "which chance alone reaches so seldom", "By chance", "share", True, 0, 1),
    ),
)

LIFECYCLE = TableSchema(
    name="lifecycle",
    grain="cut and stage",
    key=("cut", "stage"),
    meaning="How many customers are in which stage at two cuts, and how many of them ordered in the window after.",
    reads=_ORDERS,
    columns=(
        Column("cut", "text", "which of the two cuts", "Cut", levels=CUTS),
        Column("cut_on", "date", "the last day that counts at this cut", "Day"),
        _STAGE,
        n_column("customers in the stage"),
        _ALL,
        *estimate_columns("share_of_customers", "share", "share of all who had ordered", "Customers"),
        *estimate_columns(
            "ordered_later", "share", "share of the stage that ordered in the window after the cut", "Ordered later"
        ),
        SUPPRESSED,
    ),
)

TRANSITIONS = TableSchema(
    name="lifecycle_transitions",
    grain="stage before and stage after",
    key=("stage_before", "stage"),
    meaning="From which stage to which customers moved between two cuts that are one window apart.",
    reads=_ORDERS,
    columns=(
        Column("stage_before", "text", "stage one window earlier", "From", levels=(*LIFECYCLE_STAGES, NOT_YET)),
        Column("stage", "text", "stage at the end", "To", levels=LIFECYCLE_STAGES),
        n_column("customers who moved so"),
        Column("customers", "integer", "customers in the stage before", "All from there", "customers", True, minimum=0),
        *estimate_columns("share_of_stage", "share", "share of those in the stage before", "Share"),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema for schema in (CUSTOMER_LIFECYCLE, LIFECYCLE_RULES, LIFECYCLE, TRANSITIONS)
}
