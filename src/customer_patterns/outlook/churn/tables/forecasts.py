"""Tables of how well is foretold who leaves."""

from __future__ import annotations

from customer_patterns.outlook.churn.calibration import ISOTONIC, PLATT
from customer_patterns.outlook.churn.forecaster import BASELINES
from customer_patterns.outlook.churn.tables.columns import READS, N
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns

#: What each cut was used for.
TRAINING, CALIBRATION, TEST = "training", "calibration", "test"

#: The forecasts that are compared: the model, what anybody can tell, and the mean risk for all.
MODEL, BASE_RATE = "model", "mean risk for all"

METHODS = (MODEL, *BASELINES, BASE_RATE)

#: What may be said of one forecast beside another.
BETTER, WORSE, AS_GOOD = "better", "worse", "no better that can be told"

CHURN_CUTS = TableSchema(
    name="churn_cuts",
    grain="cut in time",
    key=("cut",),
    meaning="Which days the forecast was trained, calibrated and tested at, and how many left after each.",
    reads=READS,
    columns=(
        Column("cut", "date", "last day that was known", "Cut"),
        Column("used_for", "text", "what it was used for", "Used for", levels=(TRAINING, CALIBRATION, TEST)),
        N,
        Column("left", "integer", "of them, those who left in part", "Left", "customers", True, 0),
        *estimate_columns("share_left", "share", "their share", "Left"),
    ),
)

CHURN_METHODS = TableSchema(
    name="churn_methods",
    grain="forecast",
    key=("method",),
    meaning="How well each forecast foretold, out of time, who would leave.",
    reads=READS,
    columns=(
        Column("method", "text", "the forecast", "Forecast", levels=METHODS),
        Column("position", "integer", "place in this table", minimum=1),
        N,
        Column("happened", "integer", "customers to whom it happened", "Of them", "customers", True, 0),
        *estimate_columns("auc", "share", "pairs of customers put in the right order", "AUC"),
        *estimate_columns("pr_auc", "share", "average precision", "PR-AUC"),
        *estimate_columns("brier", "number", "mean squared error", "Brier score"),
        *estimate_columns("calibration_slope", "number", "slope on the log-odds", "Slope", signed=True),
        *estimate_columns(
            "calibration_intercept", "number", "how much log-odds are too low", "Shift of log-odds", signed=True
        ),
    ),
)

CHURN_ADDED = TableSchema(
    name="churn_added",
    grain="comparison of two forecasts",
    key=("comparison",),
    meaning="By how much one forecast of the same customers is better than another.",
    reads=READS,
    columns=(
        Column(
            "comparison",
            "text",
            "what is added to what",
            "Added",
            levels=("the model", "changes of brand", "changes of channel", "contacts with the service"),
        ),
        Column("against", "text", "what it is held against", "To", levels=(*BASELINES, "the model without them")),
        N,
        *estimate_columns("auc_added", "number", "AUC added", "AUC added", signed=True),
        *estimate_columns("brier_saved", "number", "Brier score saved", "Brier score saved", signed=True),
        Column("verdict", "text", "whether it is better", "Verdict", levels=(BETTER, WORSE, AS_GOOD)),
    ),
)

#: How the score of a model becomes a probability.
CURVES = {PLATT: "a logistic curve", ISOTONIC: "steps that never fall"}

CALIBRATION_COLUMNS = (
    Column("part", "integer", "part of the customers, from the lowest risk on", minimum=1),
    N,
    Column("foretold", "share", "mean probability foretold", "Foretold", "share", True, 0, 1),
    *estimate_columns("seen", "share", "share to whom it happened", "Seen"),
    Column("curve", "text", "what turns scores into probabilities; chosen out of time", levels=tuple(CURVES.values())),
    SUPPRESSED,
)

CHURN_CALIBRATION = TableSchema(
    name="churn_calibration",
    grain="part of the customers, by risk",
    key=("part",),
    meaning="Foretold risk beside the share who left.",
    reads=READS,
    columns=CALIBRATION_COLUMNS,
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        CHURN_CUTS,
        CHURN_METHODS,
        CHURN_ADDED,
        CHURN_CALIBRATION,
    )
}
