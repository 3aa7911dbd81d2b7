"""The tables of engagement: stages of a customer's life, visits without an order, e-mails, points, service, usage."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

#: The stages that a cohort passes; counts never rise from the first to the fourth, nor from the second to the fifth.
LIFE_STAGES = ("acquisition", "activation", "retention", "referral", "revenue")

#: What a row is called that stands for all campaigns.
ALL_CAMPAIGNS = "all campaigns"
#: Messages of no campaign.
NO_CAMPAIGN = "no campaign"

#: Who is compared where there is a loyalty program, beside the tiers.
NON_MEMBERS, ALL_MEMBERS, NO_TIER = "not a member", "all members", "no tier"

#: What a row is called that stands for all plans, and for contracts of none.
ALL_PLANS, NO_PLAN = "all plans", "no plan"

#: What a row is called that stands for all topics.
ALL_TOPICS = "all topics"


def _counted(name: str, meaning: str, label: str, unit: str) -> Column:
    return Column(name, "integer", meaning, label=label, unit=unit, nullable=True, minimum=0)


_CUSTOMER = Column("customer_id", "text", "the customer's key")
_DAY = {"unit": "local day"}

LIFE_COHORTS = TableSchema(
    name="life_cohorts",
    grain="cohort and stage",
    key=("cohort", "stage"),
    meaning=(
        "How many of those first seen in a month order in time, order again, recommend, and what they bring. Blank "
        "where the time has not passed for the whole cohort."
    ),
    reads=("orders", "events", "messages", "contacts", "feedback", "survey_responses", "referrals"),
    columns=(
        Column("cohort", "date", "first day of the month in which they were first seen", "First seen", "month"),
        Column(
            "status",
            "text",
            "whether the cohort was there before the study began to look",
            label="Status",
            levels=("already customers", "new or returning"),
        ),
        Column("stage", "text", "how far they came", label="Stage", levels=LIFE_STAGES),
        Column("within_days", "integer", "days that they have for it, from the day first seen on", "Within", "days"),
        n_column("customers and other visitors first seen in that month", "First seen", "visitors"),
        _counted("reached", "of them, those who came so far in time", "Came so far", "visitors"),
        *estimate_columns("share_of_cohort", "share", "share of the cohort", "Share"),
        *estimate_columns(
            "revenue_each", "number", "revenue in that time by everyone first seen", "Revenue each", "currency"
        ),
        SUPPRESSED,
    ),
)

VISITING_WITHOUT_ORDER = TableSchema(
    name="visiting_without_order",
    grain="customer",
    key=("customer_id",),
    meaning="Customers who visited often of late and ordered nothing. Never printed: a row is about one customer.",
    reads=("visits", "orders"),
    columns=(
        _CUSTOMER,
        Column("visits", "integer", "visits in the last days", unit="visits", minimum=1),
        Column("days", "integer", "days with a visit among them", unit="days", minimum=1),
        Column("last_visit_on", "date", "day of the last visit", **_DAY),
        Column("orders_before", "integer", "orders before these days", unit="orders", minimum=0),
    ),
)

FREQUENT_VISITORS = TableSchema(
    name="frequent_visitors",
    grain="study",
    key=(),
    meaning="How many of the customers who visited often of late ordered nothing.",
    reads=("visits", "orders"),
    columns=(
        n_column("customers who visited often in the last days"),
        _counted("without_order", "of them, those without an order", "Without an order", "customers"),
        *estimate_columns("share_without_order", "share", "share of them without an order", "Without an order"),
        SUPPRESSED,
    ),
)

VISITS_WITHOUT_ORDER = TableSchema(
    name="visits_without_order",
    grain="hour of the day",
    key=("hour",),
    meaning="How many visits hold no order, by the local hour in which they begin.",
    reads=("visits",),
    columns=(
        Column("hour", "integer", "hour of the day, local", "Hour", "hour of day", minimum=0, maximum=23),
        _counted("visits", "visits that begin then", "Visits", "visits"),
        *estimate_columns("share_without_order", "share", "share of them that hold no order", "Without an order"),
        n_column("visitors who ever came then", "Visitors", "visitors"),
        SUPPRESSED,
    ),
)

MAIL_ENGAGEMENT = TableSchema(
    name="mail_engagement",
    grain="customer",
    key=("customer_id",),
    meaning=(
        "What each customer was sent by e-mail and did with it in time. Rates are missing, not 0, where nothing "
        "arrived. Never printed: a row is about one customer."
    ),
    reads=("messages", "customers", "orders"),
    columns=(
        _CUSTOMER,
        Column("sent", "integer", "messages sent, but for the last days", unit="messages", minimum=0),
        Column("arrived", "integer", "of them, those that did not come back", unit="messages", minimum=0),
        *(
            Column(name, "integer", f"of those that arrived, those {name} in time", unit="messages", minimum=0)
            for name in ("opened", "clicked", "replied")
        ),
        *(
            Column(
                f"{name}_rate",
                "share",
                f"{name} by arrived; missing where nothing arrived",
                unit="share",
                nullable=True,
                minimum=0,
                maximum=1,
            )
            for name in ("opened", "clicked", "replied")
        ),
    ),
)

MAIL_CAMPAIGNS = TableSchema(
    name="mail_campaigns",
    grain="campaign",
    key=("campaign",),
    meaning="What became of the e-mails of each campaign; those that came back are in no share but their own.",
    reads=("messages",),
    columns=(
        Column("campaign", "text", "the campaign; the first row is all of them", label="Campaign"),
        _counted("sent", "messages sent, but for the last days", "Sent", "messages"),
        _counted("arrived", "of them, those that did not come back", "Arrived", "messages"),
        *estimate_columns("bounced", "share", "share of those sent that came back", "Came back"),
        *estimate_columns("opened", "share", "share of those that arrived that were opened in time", "Opened"),
        *estimate_columns("clicked", "share", "share of those that arrived that were clicked in time", "Clicked"),
        *estimate_columns("replied", "share", "share of those that arrived that were answered in time", "Replied"),
        n_column("customers to whom one arrived"),
        SUPPRESSED,
    ),
)

LOYALTY_MEMBERS = TableSchema(
    name="loyalty_members",
    grain="member",
    key=("customer_id",),
    meaning="Each member's account of points. Never printed: a row is about one customer.",
    reads=("loyalty_ledger", "customer_rhythm"),
    columns=(
        _CUSTOMER,
        Column("since", "date", "day of the first entry", **_DAY),
        Column("earned", "integer", "points earned", unit="points"),
        Column("burned", "integer", "points spent", unit="points"),
        Column("expired", "integer", "points that expired", unit="points"),
        Column("balance", "integer", "sum of all points booked", unit="points"),
        Column("lowest_balance", "integer", "the lowest that this sum ever was", unit="points"),
        Column("tier", "text", "tier after the last entry that names one"),
        Column("tier_moves", "integer", "how often the tier changed", unit="moves", minimum=0),
        Column("high_value", "boolean", "whether among the tenth of all customers who spend most"),
    ),
)

LOYALTY_FIGURES = TableSchema(
    name="loyalty_figures",
    grain="figure",
    key=("figure",),
    meaning="How members earn and spend points.",
    reads=("loyalty_members",),
    columns=(
        Column(
            "figure",
            "text",
            "what is estimated",
            label="Figure",
            levels=(
                "points earned per member and month",
                "points spent by points earned",
                "members who ever spent points",
                "members whose tier changed",
            ),
        ),
        Column("unit", "text", "its unit", label="Unit"),
        *estimate_columns("value", "number", "the figure", "Value"),
        n_column("members"),
        _counted("overdrawn", "members whose points ever summed to less than none", "Overdrawn", "customers"),
    ),
)

LOYALTY_GROUPS = TableSchema(
    name="loyalty_groups",
    grain="group of customers",
    key=("group",),
    meaning="What members of each tier and others spend: as observed, since members chose to be members.",
    reads=("loyalty_members", "customer_rhythm"),
    columns=(
        Column("group", "text", "tier of members, all of them, and who is none", label="Group"),
        n_column("customers in the group"),
        *estimate_columns("monthly_spend", "number", "revenue per customer and month", "Spend a month", "currency"),
        *estimate_columns("monthly_orders", "number", "orders per customer and month", "Orders a month", "orders"),
        *estimate_columns(
            "high_value", "share", "share among the tenth of all customers who spend most", "Of highest value"
        ),
        SUPPRESSED,
    ),
)

SERVICE_WEEKS = TableSchema(
    name="service_weeks",
    grain="week",
    key=("week_starts_on",),
    meaning="How many contacts the service has per thousand orders and customers, week by week.",
    reads=("contacts", "orders"),
    columns=(
        Column("week_starts_on", "date", "the week's Monday, local", "Week of", "local day"),
        Column("complete", "boolean", "whether all its days are in the period", "Complete"),
        _counted("contacts", "contacts of known customers", "Contacts", "contacts"),
        _counted("orders", "orders", "Orders", "orders"),
        *estimate_columns("per_thousand_orders", "number", "contacts per 1,000 orders", "Per orders", "contacts"),
        *estimate_columns(
            "per_thousand_customers", "number", "contacts per 1,000 customers", "Per customers", "contacts"
        ),
        n_column("customers with a contact"),
        Column("customers", "integer", "all customers", "All {customers}", "customers", minimum=0),
        SUPPRESSED,
    ),
)

SERVICE_TOPICS = TableSchema(
    name="service_topics",
    grain="topic of contacts",
    key=("topic",),
    meaning="What customers turn to the service about, and how long it takes to be settled (Kaplan-Meier).",
    reads=("contacts", "orders"),
    columns=(
        Column("topic", "text", "about what, as the agent filed it; the first row is all", label="Topic"),
        _counted("contacts", "contacts", "Contacts", "contacts"),
        *estimate_columns("share_of_contacts", "share", "share of all contacts", "Of contacts"),
        *estimate_columns("per_thousand_orders", "number", "contacts per 1,000 orders", "Per 1,000 orders", "contacts"),
        *estimate_columns("hours_to_close", "number", "hours until half are closed", "Half closed within", "hours"),
        _counted("open", "contacts not closed so far", "Still open", "contacts"),
        n_column("customers with a contact"),
        SUPPRESSED,
    ),
)

STAGE_LOSSES = TableSchema(
    name="stage_losses",
    grain="stage of possible sales",
    key=("stage",),
    meaning="How long possible sales stay in each stage (Kaplan-Meier), and what is lost there.",
    reads=("opportunities",),
    columns=(
        Column("stage", "text", "the stage", label="Stage", levels=("lead", "analysis", "quote", "contract")),
        *estimate_columns(
            "days_in_stage", "number", "days until half have left the stage", "Half leave within", "days"
        ),
        _counted("lost", "opportunities lost in the stage", "Lost", "opportunities"),
        Column("value_each", "number", "mean amount at which they are valued", "Value each", "currency", True, 0),
        *estimate_columns("lost_value", "number", "what those lost were worth", "Lost value", "currency"),
        *estimate_columns("share_of_loss", "share", "share of all that was lost", "Of all losses"),
        Column(
            "largest", "share", "share of resamples in which the stage loses most", "Loses most", "share", True, 0, 1
        ),
        n_column("customers who were lost there with an opportunity"),
        SUPPRESSED,
    ),
)

USAGE_FIGURES = TableSchema(
    name="usage_figures",
    grain="figure",
    key=("figure",),
    meaning="How intensely a product or service is used.",
    reads=("usage",),
    columns=(
        Column(
            "figure",
            "text",
            "what is estimated",
            label="Figure",
            levels=("days in use per user and month", "uses per day in use", "users who use it in a usual month"),
        ),
        Column("unit", "text", "its unit", label="Unit"),
        *estimate_columns("value", "number", "the figure", "Value"),
        n_column("users", "Users", "customers"),
    ),
)

USAGE_RETENTION = TableSchema(
    name="usage_retention",
    grain="month of use",
    key=("months",),
    meaning="How many users still use it so many months (of thirty days) after the first use.",
    reads=("usage",),
    columns=(
        Column("months", "integer", "months of thirty days since the first use", "Months later", "months", minimum=1),
        n_column("users seen for so long", "Users", "customers"),
        _counted("active", "of them, those who use it in that month", "Active", "customers"),
        *estimate_columns("retention", "share", "share of them who use it in that month", "Active"),
        SUPPRESSED,
    ),
)

CONTRACT_SURVIVAL = TableSchema(
    name="contract_survival",
    grain="plan",
    key=("plan",),
    meaning="How many contracts are not cancelled for so long (Kaplan-Meier); those that end as planned do not count.",
    reads=("contracts",),
    columns=(
        Column("plan", "text", "the plan; the first row is all of them", label="Plan"),
        _counted("contracts", "contracts begun", "Contracts", "contracts"),
        _counted("cancelled", "of them, those cancelled so far", "Cancelled", "contracts"),
        *estimate_columns("kept", "share", "share not cancelled for so long", "Kept"),
        n_column("customers"),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        LIFE_COHORTS,
        VISITING_WITHOUT_ORDER,
        FREQUENT_VISITORS,
        VISITS_WITHOUT_ORDER,
        MAIL_ENGAGEMENT,
        MAIL_CAMPAIGNS,
        LOYALTY_MEMBERS,
        LOYALTY_FIGURES,
        LOYALTY_GROUPS,
        SERVICE_WEEKS,
        SERVICE_TOPICS,
        STAGE_LOSSES,
        USAGE_FIGURES,
        USAGE_RETENTION,
        CONTRACT_SURVIVAL,
    )
}
