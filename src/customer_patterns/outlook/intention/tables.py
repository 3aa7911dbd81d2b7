"""The tables of who will buy soon."""

from __future__ import annotations

from customer_patterns.outlook.churn.forecaster import RECENCY
from customer_patterns.outlook.churn.tables import BASE_RATE, CALIBRATION_COLUMNS, CHURN_METHODS, MODEL
from customer_patterns.schemas import Column, TableSchema, estimate_columns

_READS = ("order_lines", "products")

INTENTION_METHODS = TableSchema(
    name="intention_methods",
    grain="forecast",
    key=("method",),
    meaning="How well each forecast foretold, out of time, who would buy within the horizon.",
    reads=_READS,
    columns=(
        Column("method", "text", "the forecast", "Forecast", levels=(MODEL, RECENCY, BASE_RATE)),
        *(CHURN_METHODS[name] for name in CHURN_METHODS.names[1:]),
        *estimate_columns("auc_added", "number", "AUC beyond that of recency alone", "AUC added", signed=True),
        *estimate_columns("brier_saved", "number", "Brier score saved", "Brier saved", signed=True),
    ),
)

INTENTION_CALIBRATION = TableSchema(
    name="intention_calibration",
    grain="part of the customers, by probability",
    key=("part",),
    meaning="Foretold probability to buy beside the share who bought.",
    reads=_READS,
    columns=CALIBRATION_COLUMNS,
)

PURCHASE_INTENTIONS = TableSchema(
    name="purchase_intentions",
    grain="customer",
    key=("customer_id",),
    meaning="How likely each customer buys within the horizon. Never printed: a row is about one customer.",
    reads=_READS,
    columns=(
        Column("customer_id", "text", "the customer's key"),
        Column("probability", "share", "to buy goods within the horizon", "To buy", "share", False, 0, 1),
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema for schema in (INTENTION_METHODS, INTENTION_CALIBRATION, PURCHASE_INTENTIONS)
}
