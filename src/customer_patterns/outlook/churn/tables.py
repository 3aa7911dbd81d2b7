"""The tables of who is leaving."""

from __future__ import annotations

from customer_patterns.outlook.churn.calibration import ISOTONIC, PLATT
from customer_patterns.outlook.churn.forecaster import BASELINES
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns

_READS = ("order_lines", "products")

#: What each cut was used for.
TRAINING, CALIBRATION, TEST = "training", "calibration", "test"

#: What calls a customer a leaver.
PARTIAL, NOTHING, GAP, CADENCE, ALIVE = (
    "partial defection",
    "no purchase in the horizon",
    "fixed gap at its end",
    "own gaps exceeded at its end",
    "likely gone by BG/NBD",
)
LABELS = (PARTIAL, NOTHING, GAP, CADENCE, ALIVE)

#: The forecasts that are compared: the model, what anybody can tell, and the mean risk for all.
MODEL, BASE_RATE = "model", "mean risk for all"
METHODS = (MODEL, *BASELINES, BASE_RATE)

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

#: What may be said of one forecast beside another.
BETTER, WORSE, AS_GOOD = "better", "worse", "no better that can be told"

#: Why an alert was given: features that say the same thing count together.
REASONS: dict[str, tuple[str, ...]] = {
    "time since the last visit": ("recency_days", "recency_by_gap"),
    "rhythm of visits": ("own_gap_days", "days_per_week", "gap_spread"),
    "trend of visits": ("visit_trend",),
    "trend of spend": ("spend_trend",),
    "usual spend": ("spend_per_week", "basket_value"),
    "range of departments": ("departments", "department_trend"),
    "discounts": ("discount_share", "discount_trend"),
    "own brand": ("own_brand_share",),
    "changes of brand": ("brand_switching", "brand_switching_trend"),
    "changes of channel": ("channel_switching", "channel_switching_trend"),
    "contacts with the service": ("contacts",),
}

#: All features that may enter the model.
FEATURES = tuple(name for names in REASONS.values() for name in names)

#: In which order customers may be called.
BY_RISK, BY_STAKE, BY_RULE, BY_CHANCE = "by risk", "by risk and spend", "by rule of thumb", "in any order"

#: Where a sequence follows more often beyond chance.
BEFORE_LEAVING, BEFORE_STAYING, CHANCE = "before leaving", "before staying", "may be chance"

#: What tells those who left from those who stayed.
OFTENER, RARER = "more often before leaving", "more often before staying"

#: What was seen in the time before a customer left.
ANY = "any of these"

_N = Column("n", "integer", "customers", "Customers", "customers", True, 0)
_CUSTOMER = Column("customer_id", "text", "the customer's key")
_RISK = Column("risk", "share", "probability to leave in part within the horizon", "Risk", "share", False, 0, 1)

CHURN_CUTS = TableSchema(
    name="churn_cuts",
    grain="cut in time",
    key=("cut",),
    meaning="Which days the forecast was trained, calibrated and tested at, and how many left after each.",
    reads=_READS,
    columns=(
        Column("cut", "date", "last day that was known", "Cut"),
        Column("used_for", "text", "what it was used for", "Used for", levels=(TRAINING, CALIBRATION, TEST)),
        _N,
        Column("left", "integer", "of them, those who left in part", "Left", "customers", True, 0),
        *estimate_columns("share_left", "share", "their share", "Left"),
    ),
)

CHURN_METHODS = TableSchema(
    name="churn_methods",
    grain="forecast",
    key=("method",),
    meaning="How well each forecast foretold, out of time, who would leave.",
    reads=_READS,
    columns=(
        Column("method", "text", "the forecast", "Forecast", levels=METHODS),
        Column("position", "integer", "place in this table", minimum=1),
        _N,
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
    reads=_READS,
    columns=(
        Column(
            "comparison",
            "text",
            "what is added to what",
            "Added",
            levels=("the model", "changes of brand", "changes of channel", "contacts with the service"),
        ),
        Column("against", "text", "what it is held against", "To", levels=(*BASELINES, "the model without them")),
        _N,
        *estimate_columns("auc_added", "number", "AUC added", "AUC added", signed=True),
        *estimate_columns("brier_saved", "number", "Brier score saved", "Brier score saved", signed=True),
        Column("verdict", "text", "whether it is better", "Verdict", levels=(BETTER, WORSE, AS_GOOD)),
    ),
)

#: How the score of a model becomes a probability.
CURVES = {PLATT: "a logistic curve", ISOTONIC: "steps that never fall"}

CALIBRATION_COLUMNS = (
    Column("part", "integer", "part of the customers, from the lowest risk on", minimum=1),
    _N,
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
    reads=_READS,
    columns=CALIBRATION_COLUMNS,
)

CHURN_LABELS = TableSchema(
    name="churn_labels",
    grain="definition of leaving",
    key=("label",),
    meaning="How many customers each definition calls leaving, and how many of those came back.",
    reads=_READS,
    columns=(
        Column("label", "text", "the definition", "Has left who", levels=LABELS),
        Column("customers", "integer", "customers looked at", "Of", "customers", minimum=0),
        Column("n", "integer", "of them, those called leaving", "Called leaving", "customers", True, 0),
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
    reads=_READS,
    columns=(
        Column("label", "text", "a definition", "Has left who", levels=LABELS),
        Column("other", "text", "another one", "Or", levels=LABELS),
        Column("n", "integer", "customers whom one of them calls leaving", "Either", "customers", True, 0),
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
    reads=_READS,
    columns=(
        Column("question", "text", "what distinguishes the customers", "Customers who", levels=QUESTIONS),
        Column("label", "text", "the definition", "Has left who", levels=LABELS),
        Column("n", "integer", "customers of whom it is known", "Customers", "customers", True, 0),
        *estimate_columns("difference", "number", "share who leave less that of others", "More leave", signed=True),
        Column("conclusion", "text", "what follows", "Conclusion", levels=(MORE, FEWER, NO_TELLING)),
        Column("flips", "boolean", "whether definitions contradict each other here", "Flips"),
    ),
)

ALERT_CAPACITY = TableSchema(
    name="alert_capacity",
    grain="forecast",
    key=("method",),
    meaning="Whom an alert list of the same length would have reached.",
    reads=_READS,
    columns=(
        Column("method", "text", "the forecast", "Alerts by", levels=METHODS),
        Column("position", "integer", "place in this table", minimum=1),
        Column("n", "integer", "customers on the list", "Alerts", "customers", True, 0),
        *estimate_columns("precision", "share", "share of them who left", "Left"),
        *estimate_columns("reached", "share", "share of all who left that are on the list", "Reached"),
    ),
)

ALERT_WEEKS = TableSchema(
    name="alert_weeks",
    grain="week before the horizon, and what came",
    key=("weeks_before", "came"),
    meaning="How early those who left had been on the weekly alert list, and how many who stayed.",
    reads=_READS,
    columns=(
        Column("weeks_before", "integer", "weeks before the horizon began", "Weeks before", "weeks", minimum=0),
        Column("came", "text", "what came", "Came", levels=("left", "stayed")),
        _N,
        *estimate_columns("alerted", "share", "share with an alert by then", "Alerted by then"),
        SUPPRESSED,
    ),
)

ALERT_LEAD = TableSchema(
    name="alert_lead",
    grain="figure",
    key=("figure",),
    meaning="How early alerts came.",
    reads=_READS,
    columns=(
        Column("figure", "text", "what is estimated", "Figure", levels=("days ahead", "longest possible")),
        _N,
        *estimate_columns("value", "number", "the figure", "Days", "days"),
    ),
)

ALERT_REASONS = TableSchema(
    name="alert_reasons",
    grain="reason",
    key=("reason",),
    meaning="What the alerts rest on.",
    reads=_READS,
    columns=(
        Column("reason", "text", "what raises the risk", "Reason", levels=tuple(REASONS)),
        Column("alerts", "integer", "alerts in all", "Alerts", "customers", minimum=0),
        Column("n", "integer", "alerts that name it among their reasons", "Named", "customers", True, 0),
        *estimate_columns("named", "share", "share of alerts that name it", "Named"),
        *estimate_columns("first", "share", "share of alerts that name it first", "Named first"),
        SUPPRESSED,
    ),
)

CALL_PROFIT = TableSchema(
    name="call_profit",
    grain="order of calling and share called",
    key=("called_by", "share_called"),
    meaning="What calling would have brought under declared terms, by how many are called and in which order.",
    reads=_READS,
    columns=(
        Column("called_by", "text", "in which order", "Called by", levels=(BY_RISK, BY_STAKE, BY_RULE, BY_CHANCE)),
        Column("share_called", "share", "share of the customers who are called", "Called", "share", False, 0, 1),
        Column("n", "integer", "customers called", "Customers", "customers", False, 0),
        *estimate_columns(
            "profit",
            "number",
            "what is won back less what calls cost, per hundred customers",
            "Gain",
            "currency",
            signed=True,
        ),
        Column("chosen", "boolean", "whether those worth a call by what was foretold are about so many", "Chosen"),
    ),
)

_LOST = (
    Column("n", "integer", "customers who left and of whom it is true", "Left, and so", "customers", True, 0),
    Column("customers_left", "integer", "customers who left", "Left", "customers", minimum=0),
    *estimate_columns("share_left", "share", "share of those who left", "Of those who left"),
    *estimate_columns("share_stayed", "share", "share of those who stayed", "Of those who stayed"),
    *estimate_columns("times", "number", "the first by the second", "Times", "ratio"),
    Column("p_yekutieli", "number", "that both shares are the same, for all rows together", "", "", True, 0, 1),
    Column("verdict", "text", "whether it tells them apart", "Verdict", levels=(OFTENER, RARER, CHANCE)),
    SUPPRESSED,
)

LOST_REASONS = TableSchema(
    name="lost_reasons",
    grain="what was seen before",
    key=("reason",),
    meaning="What purchases show of those who then left, beside those who stayed.",
    reads=_READS,
    columns=(
        Column(
            "reason",
            "text",
            "what was seen",
            "Seen before",
            levels=(
                "prices of what they buy rose",
                "fewer discounts",
                "more changes of brand",
                "more changes of channel",
                ANY,
            ),
        ),
        *_LOST,
    ),
)

LOST_COMPLAINTS = TableSchema(
    name="lost_complaints",
    grain="what they asked the service about",
    key=("reason",),
    meaning="With what those who then left had turned to the service, beside those who stayed.",
    reads=(*_READS, "contacts"),
    columns=(Column("reason", "text", "the topic, or how the service answered", "Contact"), *_LOST),
)

DEFECTION_SEQUENCES = TableSchema(
    name="defection_sequences",
    grain="tested sequence of two items",
    key=("sequence",),
    meaning="What follows what among customers who then left, beside those who stayed, each against its own order.",
    reads=_READS,
    columns=(
        Column("sequence", "text", "its visits in order", "Sequence"),
        *estimate_columns("left_lift", "number", "times as often as by chance before leaving", "Who left", "ratio"),
        *estimate_columns("stayed_lift", "number", "the same of those who stayed", "Who stayed", "ratio"),
        *estimate_columns("ratio", "number", "the first by the second", "Ratio", "ratio"),
        Column("n", "integer", "customers who left and show it", "Left", "customers", True, 0),
        Column("stayed_n", "integer", "customers who stayed and show it", "Stayed", "customers", True, 0),
        Column("p", "number", "p-value of the difference, two-sided", minimum=0, maximum=1),
        Column("p_yekutieli", "number", "adjusted by Benjamini and Yekutieli", minimum=0, maximum=1),
        Column("verdict", "text", "what stands", "Verdict", levels=(BEFORE_LEAVING, BEFORE_STAYING, CHANCE)),
        SUPPRESSED,
    ),
)

CHURN_RISKS = TableSchema(
    name="churn_risks",
    grain="customer",
    key=("customer_id",),
    meaning="Each customer's risk to leave in part within the horizon. Never printed: a row is about one customer.",
    reads=_READS,
    columns=(
        _CUSTOMER,
        _RISK,
        Column("at_stake", "number", "own base of spend over the horizon", "At stake", "currency", minimum=0),
        Column("alert", "boolean", "whether the customer is on the alert list; who refuses marketing is not"),
    ),
)

ALERTS = TableSchema(
    name="alerts",
    grain="customer on the alert list",
    key=("customer_id",),
    meaning="Whom to call first, none of whom refuses marketing, and what the risk rests on. Never printed: a row is "
    "about one customer.",
    reads=_READS,
    columns=(
        _CUSTOMER,
        Column("position", "integer", "place on the list", minimum=1),
        _RISK,
        *(
            column
            for place in ("first", "second", "third")
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
        CHURN_CUTS,
        CHURN_METHODS,
        CHURN_ADDED,
        CHURN_CALIBRATION,
        CHURN_LABELS,
        LABEL_AGREEMENT,
        CHURN_CONCLUSIONS,
        ALERT_CAPACITY,
        ALERT_WEEKS,
        ALERT_LEAD,
        ALERT_REASONS,
        CALL_PROFIT,
        LOST_REASONS,
        LOST_COMPLAINTS,
        DEFECTION_SEQUENCES,
        CHURN_RISKS,
        ALERTS,
    )
}
