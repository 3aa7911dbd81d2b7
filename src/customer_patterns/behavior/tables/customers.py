"""Tables of who the customers are: what is known of them, when they were first seen, what groups spend."""

from __future__ import annotations

from customer_patterns.behavior.tables.columns import ALL, COHORT, STATUS, in_words
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: What may be known about a customer, in the order in which it is reported.
ATTRIBUTES = (
    "age_group",
    "income_group",
    "household_size",
    "household_composition",
    "children",
    "marital_status",
    "home_ownership",
)

#: All attributes of customers that a profile lists.
PROFILED = (*ATTRIBUTES, "gender", "occupation", "education", "lifestyle", "city", "country", "account_type")

#: What customers do, and its unit.
MEASURES = {
    "orders": "orders",
    "active_weeks": "weeks",
    "median_gap_days": "days",
    "silent_days": "days",
    "revenue": "currency",
}

PROFILE = TableSchema(
    name="profile",
    grain="attribute or measure of customers",
    key=("what",),
    meaning="What is known about customers: how many, how much is missing, center and spread.",
    reads=("customers", "customer_rhythm"),
    columns=(
        Column("what", "text", "what is known", "What", levels=tuple(map(in_words, (*PROFILED, *MEASURES)))),
        Column("kind", "text", "an attribute with levels, or a measure", "Kind", levels=("attribute", "measure")),
        n_column("customers of whom it is known", "Known of"),
        ALL,
        *estimate_columns("missing", "share", "share of customers of whom it is not known", "Not known"),
        Column("levels", "integer", "different levels", "Levels", nullable=True, minimum=0),
        Column("most_common", "text", "the most common level", "Most common", nullable=True),
        Column(
            "unit", "text", "the measure's unit", "Unit", nullable=True, levels=tuple(sorted(set(MEASURES.values())))
        ),
        Column("lower_quarter", "number", "a quarter of customers have less", "Lower quarter", nullable=True),
        *estimate_columns("median", "number", "the middle of customers", "Median"),
        Column("upper_quarter", "number", "a quarter of customers have more", "Upper quarter", nullable=True),
    ),
)

COHORTS = TableSchema(
    name="cohorts",
    grain="cohort",
    key=("cohort",),
    meaning="Customers by the month in which they were first seen.",
    reads=("orders",),
    columns=(
        COHORT,
        STATUS,
        n_column("customers first seen in that month"),
        ALL,
        *estimate_columns("share_of_customers", "share", "share of all customers", "Customers"),
        SUPPRESSED,
    ),
)

RETENTION = TableSchema(
    name="retention",
    grain="cohort and age in months",
    key=("cohort", "age_months"),
    meaning="How many of each cohort ordered in each later month that was seen to its end.",
    reads=("orders",),
    columns=(
        COHORT,
        STATUS,
        Column("age_months", "integer", "months since the first", "Months later", "months", minimum=1),
        n_column("customers in the cohort"),
        Column("active", "integer", "those with an order in that month", "Active", "customers", True, minimum=0),
        *estimate_columns("retention", "share", "share of the cohort with an order in that month", "Active"),
        SUPPRESSED,
    ),
)


def _spend_by(name: str, meaning: str, reads: tuple[str, ...], attributes: tuple[str, ...]) -> TableSchema:
    """The promise of a table of spend by levels."""
    return TableSchema(
        name=name,
        grain="attribute and level",
        key=("attribute", "level"),
        meaning=meaning,
        reads=reads,
        columns=(
            Column("attribute", "text", "what is known", "Attribute", levels=tuple(map(in_words, attributes))),
            Column("level", "text", "its level", "Level"),
            Column("position", "integer", "place of the level within the attribute", "Position", minimum=1),
            n_column("customers of this level"),
            *estimate_columns("monthly_spend", "number", "revenue per customer and month", "Its own mean", "currency"),
            *estimate_columns(
                "pooled_spend", "number", "the same, drawn toward the other levels", "Spend a month", "currency"
            ),
            Column("own_weight", "share", "how much of it is the level's own mean", "Own weight", "share", True, 0, 1),
            SUPPRESSED,
        ),
    )


SPEND_BY_GROUP = _spend_by(
    "spend_by_group",
    "Mean monthly spend by what is known about customers, those of whom it is not known included.",
    ("orders", "customers"),
    ATTRIBUTES,
)

SPEND_BY_AREA = _spend_by(
    "spend_by_area",
    "Mean monthly spend by the type of area where customers live.",
    ("orders", "customers", "customer_traits", "regions"),
    ("area_type",),
)

DESCRIBED = TableSchema(
    name="described",
    grain="part of the customers",
    key=("customers_with",),
    meaning="Customers with demographics beside those without: who is selected where groups are compared.",
    reads=("orders", "customers"),
    columns=(
        Column(
            "customers_with", "text", "which customers", "They are", levels=("described", "not described", "everyone")
        ),
        n_column("customers"),
        *estimate_columns("median_orders", "number", "median of their orders in the period", "Median orders", "orders"),
        *estimate_columns("monthly_spend", "number", "revenue per customer and month", "Spend a month", "currency"),
        *estimate_columns("silent", "share", "share without an order in the last days", "Silent"),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        PROFILE,
        COHORTS,
        RETENTION,
        SPEND_BY_GROUP,
        SPEND_BY_AREA,
        DESCRIBED,
    )
}
