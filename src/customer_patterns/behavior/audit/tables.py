"""The tables of the customer-base audit."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: What becomes of customers from one period to the next, and what the change is made of.
CAME, LEFT, MORE, LESS = "new or returning", "lost or pausing", "stayed, spend more", "stayed, spend less"
EVERYONE = "all together"

#: What revenue is the product of.
ACTIVE, ORDERS_EACH, VALUE_EACH, REVENUE = "customers who order", "orders of each", "value of an order", "revenue"

TENTHS, COHORTS = "tenth by revenue", "first seen"

_PERIODS = (
    Column("earlier_from", "date", "first day of the earlier period", "From", "local day"),
    Column("later_from", "date", "first day of the later period", "From", "local day"),
)

AUDIT_FACTORS = TableSchema(
    name="audit_factors",
    grain="part of the customers and factor of revenue",
    key=("who", "factor"),
    meaning="Revenue of two periods of one length as customers times orders of each times value of an order.",
    reads=("orders",),
    columns=(
        Column("who", "text", "whose revenue", "Whose", levels=("all customers", "those who stayed")),
        Column("factor", "text", "what is compared", "Factor", levels=(ACTIVE, ORDERS_EACH, VALUE_EACH, REVENUE)),
        Column("unit", "text", "its unit", "Unit", levels=("customers", "orders", "currency")),
        *_PERIODS,
        Column("earlier", "number", "in the earlier period", "Earlier", nullable=True, minimum=0),
        Column("later", "number", "in the later period", "Later", nullable=True, minimum=0),
        *estimate_columns("ratio", "number", "later by earlier", "Later by earlier", "ratio"),
        n_column("customers"),
    ),
)

AUDIT_CHANGE = TableSchema(
    name="audit_change",
    grain="what became of customers",
    key=("became",),
    meaning="How revenue changed from one period to the next, by what became of customers.",
    reads=("orders",),
    columns=(
        Column("became", "text", "what became of them", "They are", levels=(CAME, LEFT, MORE, LESS, EVERYONE)),
        *_PERIODS,
        n_column("customers"),
        Column("customers", "integer", "all with an order in either period", "All {customers}", "customers"),
        Column("change", "money", "revenue of the later period less that of the earlier", "Change", "currency", True),
        *estimate_columns(
            "change_share", "number", "change by the earlier revenue of all", "Of revenue", "share", signed=True
        ),
        SUPPRESSED,
    ),
)

AUDIT_GROUPS = TableSchema(
    name="audit_groups",
    grain="tenth or cohort of the customers",
    key=("kind", "level"),
    meaning="What each tenth and each cohort brings, as customers times orders of each times value of an order.",
    reads=("orders",),
    columns=(
        Column("kind", "text", "how customers are grouped", "Grouped by", levels=(TENTHS, COHORTS)),
        Column("level", "text", "which group", "Group"),
        Column("position", "integer", "place of the group among its kind", "Place", minimum=1),
        n_column("customers in it"),
        *estimate_columns("share_of_revenue", "share", "share of all revenue", "Of revenue"),
        *estimate_columns("orders_each", "number", "orders of one customer", "Orders of each", "orders"),
        *estimate_columns("order_value", "number", "revenue by orders", "Value of an order", "currency"),
        *estimate_columns("later_ratio", "number", "revenue of the later period by the earlier", "Later by earlier"),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (AUDIT_FACTORS, AUDIT_CHANGE, AUDIT_GROUPS)}
