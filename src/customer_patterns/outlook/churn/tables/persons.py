"""Tables of single customers: their risks, and who is on the list. Never printed."""

from __future__ import annotations

from customer_patterns.outlook.churn.tables.alerts import REASONS
from customer_patterns.outlook.churn.tables.columns import CUSTOMER, READS, RISK
from customer_patterns.schemas import Column, TableSchema

CHURN_RISKS = TableSchema(
    name="churn_risks",
    grain="customer",
    key=("customer_id",),
    meaning="Each customer's risk to leave in part within the horizon. Never printed: a row is about one customer.",
    reads=READS,
    columns=(
        CUSTOMER,
        RISK,
        Column("at_stake", "number", "own base of spend over the horizon", "At stake", "currency", minimum=0),
        Column("alert", "boolean", "whether the customer is on the alert list; who refuses marketing is not"),
    ),
)

#: So many reasons are given with an alert, the weightiest first.
PLACES = ("first", "second", "third")

ALERTS = TableSchema(
    name="alerts",
    grain="customer on the alert list",
    key=("customer_id",),
    meaning="Whom to call first, none of whom refuses marketing, and what the risk rests on. Never printed: a row is "
    "about one customer.",
    reads=READS,
    columns=(
        CUSTOMER,
        Column("position", "integer", "place on the list", minimum=1),
        RISK,
        *(
            column
            for place in PLACES
            for column in (
                Column(f"{place}_reason", "text", "what raises the risk", nullable=True, levels=tuple(REASONS)),
                Column(f"{place}_weight", "number", "log-odds that it adds", nullable=True),
            )
        ),
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        CHURN_RISKS,
        ALERTS,
    )
}
