"""Tables of whom to call: alerts and their reasons, and what calls would have brought."""

from __future__ import annotations

from customer_patterns.outlook.churn.tables.columns import READS, N
from customer_patterns.outlook.churn.tables.forecasts import METHODS
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

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

ALERT_CAPACITY = TableSchema(
    name="alert_capacity",
    grain="forecast",
    key=("method",),
    meaning="Whom an alert list of the same length would have reached.",
    reads=READS,
    columns=(
        Column("method", "text", "the forecast", "Alerts by", levels=METHODS),
        Column("position", "integer", "place in this table", minimum=1),
        n_column("customers on the list", "Alerts"),
        *estimate_columns("precision", "share", "share of them who left", "Left"),
        *estimate_columns("reached", "share", "share of all who left that are on the list", "Reached"),
    ),
)

ALERT_WEEKS = TableSchema(
    name="alert_weeks",
    grain="week before the horizon, and what came",
    key=("weeks_before", "came"),
    meaning="How early those who left had been on the weekly alert list, and how many who stayed.",
    reads=READS,
    columns=(
        Column("weeks_before", "integer", "weeks before the horizon began", "Weeks before", "weeks", minimum=0),
        Column("came", "text", "what came", "Came", levels=("left", "stayed")),
        N,
        *estimate_columns("alerted", "share", "share with an alert by then", "Alerted by then"),
        SUPPRESSED,
    ),
)

ALERT_LEAD = TableSchema(
    name="alert_lead",
    grain="figure",
    key=("figure",),
    meaning="How early alerts came.",
    reads=READS,
    columns=(
        Column("figure", "text", "what is estimated", "Figure", levels=("days ahead", "longest possible")),
        N,
        *estimate_columns("value", "number", "the figure", "Days", "days"),
    ),
)

ALERT_REASONS = TableSchema(
    name="alert_reasons",
    grain="reason",
    key=("reason",),
    meaning="What the alerts rest on.",
    reads=READS,
    columns=(
        Column("reason", "text", "what raises the risk", "Reason", levels=tuple(REASONS)),
        Column("alerts", "integer", "alerts in all", "Alerts", "customers", minimum=0),
        n_column("alerts that name it among their reasons", "Named"),
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
    reads=READS,
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

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        ALERT_CAPACITY,
        ALERT_WEEKS,
        ALERT_LEAD,
        ALERT_REASONS,
        CALL_PROFIT,
    )
}
