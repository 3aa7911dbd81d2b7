"""The tables that the stage ``behavior`` writes."""

from __future__ import annotations

from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns
from customer_patterns.schemas.canonical import FUNNEL

#: How often customers shop, from frequent to rare; the last two need no parameter.
RHYTHMS = ("weekly", "every two weeks", "monthly", "less often", "one day at most")

#: How a possible sale ends, and the stages that lead there, in their order.
WON, LOST = "won", "lost"
STAGES = tuple(stage for stage in FUNNEL if stage not in (WON, LOST))

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


def in_words(name: str) -> str:
    """Write a column's name as a reader sees it."""
    return name.replace("_", " ")


_CUSTOMER = Column("customer_id", "text", "the customer's key")


def _n(meaning: str, label: str = "Customers") -> Column:
    return Column("n", "integer", meaning, label=label, unit="customers", nullable=True, minimum=0)


_ALL = Column(
    "customers", "integer", "all customers, on whom the shares rest", "All {customers}", "customers", minimum=0
)


def _orders(meaning: str = "orders") -> Column:
    return Column("orders", "integer", meaning, label="Orders", unit="orders", nullable=True, minimum=0)


_HOUR = Column("hour", "integer", "hour of the day, local", label="Hour", unit="hour of day", minimum=0, maximum=23)
_WEEKDAY = Column(
    "weekday", "integer", "day of the week, 1 Monday to 7 Sunday", label="Weekday", unit="weekday", minimum=1, maximum=7
)
_COHORT = Column(
    "cohort", "date", "first day of the month in which the customers were first seen", label="First seen", unit="month"
)
_STATUS = Column(
    "status",
    "text",
    "whether the cohort was there before the study began to look",
    label="Status",
    levels=("already customers", "new or returning"),
)

ORDERS = TableSchema(
    name="orders",
    grain="order",
    key=("order_id",),
    meaning="Orders by local time, with goods, fuel and gift cards apart.",
    reads=("order_lines",),
    columns=(
        Column("order_id", "text", "the order's key"),
        _CUSTOMER,
        Column("ordered_at", "timestamp", "when the order was paid", unit="UTC"),
        Column("ordered_on", "date", "on which day, local", unit="local day"),
        Column("week_starts_on", "date", "the Monday of that day's week, local", unit="local day"),
        _WEEKDAY,
        _HOUR,
        Column(
            "kind",
            "text",
            "goods where the order has any, else fuel, else gift card",
            levels=("goods", "fuel", "gift_card"),
        ),
        Column("products", "integer", "different goods in the order", unit="products", minimum=0),
        Column("revenue", "money", "what the retailer receives for goods and fuel", unit="currency"),
        Column("goods_revenue", "money", "what the retailer receives for goods", unit="currency"),
        Column("fuel_revenue", "money", "what the retailer receives for fuel", unit="currency"),
        Column("gift_card_revenue", "money", "what was loaded on gift cards", unit="currency"),
    ),
)

SHOPPING_GAPS = TableSchema(
    name="shopping_gaps",
    grain="customer and shopping day",
    key=("customer_id", "ordered_on"),
    meaning="Days with an order of goods, and how long until the next.",
    reads=("orders",),
    columns=(
        _CUSTOMER,
        Column("ordered_on", "date", "a local day with an order of goods", unit="local day"),
        Column("days", "integer", "days until the next one, or until the last day that counts", unit="days", minimum=0),
        Column("observed", "boolean", "whether there was a next one; if not, it comes later than `days`, if at all"),
    ),
)

CUSTOMER_RHYTHM = TableSchema(
    name="customer_rhythm",
    grain="customer",
    key=("customer_id",),
    meaning="How often each customer shops. Never printed: a row is about one customer.",
    reads=("orders",),
    columns=(
        _CUSTOMER,
        Column("first_on", "date", "day of the first order", unit="local day"),
        Column("last_on", "date", "day of the last order", unit="local day"),
        Column("orders", "integer", "orders of any kind", unit="orders", minimum=1),
        Column("trips", "integer", "orders of goods", unit="orders", minimum=0),
        Column("shopping_days", "integer", "days with an order of goods", unit="days", minimum=0),
        Column("active_weeks", "integer", "weeks with an order of goods", unit="weeks", minimum=0),
        Column("revenue", "money", "goods and fuel", unit="currency"),
        Column(
            "median_gap_days",
            "integer",
            "Kaplan-Meier median of the days between shopping days, the time since the last one included",
            unit="days",
            nullable=True,
            minimum=1,
        ),
        Column(
            "silent_days", "integer", "days from the last order to the last day that counts", unit="days", minimum=0
        ),
    ),
)

RHYTHM_GROUPS = TableSchema(
    name="rhythm_groups",
    grain="rhythm",
    key=("rhythm",),
    meaning="Customers by how often they shop, and what they bring.",
    reads=("customer_rhythm",),
    columns=(
        Column("rhythm", "text", "how often they shop", label="They shop", levels=RHYTHMS),
        Column(
            "longest_gap_days",
            "integer",
            "longest median gap between shopping days in this group",
            label="Median gap at most",
            unit="days",
            nullable=True,
            minimum=1,
        ),
        _n("customers in the group"),
        _ALL,
        *estimate_columns("share_of_customers", "share", "share of all customers", "Customers"),
        *estimate_columns("share_of_orders", "share", "share of all orders", "Orders"),
        *estimate_columns("share_of_revenue", "share", "share of all revenue", "Revenue"),
        SUPPRESSED,
    ),
)

RHYTHM_FIGURES = TableSchema(
    name="rhythm_figures",
    grain="figure",
    key=("figure",),
    meaning="How often customers shop, in a few figures.",
    reads=("customer_rhythm",),
    columns=(
        Column("figure", "text", "which figure", label="Figure"),
        *estimate_columns("value", "number", "the figure", "Value"),
        Column("unit", "text", "its unit", label="Unit"),
        _n("customers it rests on"),
    ),
)

NEXT_SHOPPING_DAY = TableSchema(
    name="next_shopping_day",
    grain="day after a shopping day",
    key=("days",),
    meaning="How many shopping days are followed by another within so many days (Kaplan-Meier).",
    reads=("shopping_gaps",),
    columns=(
        Column("days", "integer", "days since the shopping day", label="Days", unit="days", minimum=1),
        *estimate_columns("returned", "share", "share of shopping days followed by another by then", "Shopped again"),
        Column("at_risk", "integer", "gaps still open on that day", label="Gaps still open", unit="gaps", minimum=0),
        _n("customers"),
    ),
)

REVENUE_DECILES = TableSchema(
    name="revenue_deciles",
    grain="tenth of the customers",
    key=("decile",),
    meaning="What each tenth of the customers brings, from those who spend most on.",
    reads=("customer_rhythm",),
    columns=(
        Column("decile", "integer", "tenth of the customers, 1: those who spend most", "Tenth", minimum=1, maximum=10),
        _n("all customers"),
        *estimate_columns("share_of_revenue", "share", "share of all revenue", "Revenue"),
    ),
)

_STATISTIC = Column(
    "statistic",
    "text",
    "which statistic",
    "Statistic",
    levels=("mean", "lowest tenth", "lower quarter", "median", "upper quarter", "highest tenth"),
)

BASKET_FIGURES = TableSchema(
    name="basket_figures",
    grain="statistic",
    key=("statistic",),
    meaning="Value and size of baskets of goods.",
    reads=("orders",),
    columns=(
        _STATISTIC,
        *estimate_columns("basket_value", "number", "value of the goods in a basket", "Value", "currency"),
        *estimate_columns("basket_products", "number", "different products in a basket", "Products"),
        _orders("baskets"),
        _n("customers with a basket"),
    ),
)

FUEL_FIGURES = TableSchema(
    name="fuel_figures",
    grain="statistic",
    key=("statistic",),
    meaning="Value of stops for fuel alone.",
    reads=("orders",),
    columns=(
        _STATISTIC,
        *estimate_columns("fuel_value", "number", "value of the fuel", "Fuel", "currency"),
        _orders("stops for fuel alone"),
        _n("customers with such a stop"),
    ),
)

BASKET_VALUES = TableSchema(
    name="basket_values",
    grain="class of basket value",
    key=("value_from",),
    meaning="Baskets of goods by their value.",
    reads=("orders",),
    columns=(
        Column("value_from", "number", "smallest value in the class", "From", "currency", minimum=0),
        Column("value_to", "number", "where the next class begins; none for the last", "To", "currency", nullable=True),
        _orders("baskets in the class"),
        _n("customers with such a basket"),
        _ALL,
        *estimate_columns("share_of_orders", "share", "share of all baskets", "Baskets"),
        SUPPRESSED,
    ),
)

_SHARES = (
    _orders(),
    _n("customers who ever ordered then"),
    _ALL,
    *estimate_columns("share_of_orders", "share", "share of all orders", "Orders"),
)

HOURS = TableSchema(
    name="hours",
    grain="hour of the day",
    key=("hour",),
    meaning="Orders and revenue by the hour of the day, local time.",
    reads=("orders",),
    columns=(
        _HOUR,
        *_SHARES,
        *estimate_columns("share_of_revenue", "share", "share of all revenue", "Revenue"),
        SUPPRESSED,
    ),
)

WEEKDAYS = TableSchema(
    name="weekdays",
    grain="day of the week",
    key=("weekday",),
    meaning="Orders and revenue by the day of the week, local time.",
    reads=("orders",),
    columns=(
        _WEEKDAY,
        Column("days", "integer", "how many such days the period has", "Days", "days", minimum=0),
        *_SHARES,
        *estimate_columns("share_of_revenue", "share", "share of all revenue", "Revenue"),
        *estimate_columns(
            "orders_index", "number", "orders per such day by orders per day", "Orders, average day = 1", "ratio"
        ),
        *estimate_columns(
            "revenue_index", "number", "revenue per such day by revenue per day", "Revenue, average day = 1", "ratio"
        ),
        SUPPRESSED,
    ),
)

WEEKS = TableSchema(
    name="weeks",
    grain="week",
    key=("week_starts_on",),
    meaning="Revenue per customer and week.",
    reads=("orders",),
    columns=(
        Column("week_starts_on", "date", "the week's Monday, local", "Week of", "local day"),
        Column("days", "integer", "days of the week that are in the period", "Days", "days", minimum=1, maximum=7),
        Column("complete", "boolean", "whether all its days are in the period", "Complete"),
        _orders(),
        _n("customers with an order"),
        Column("revenue", "money", "goods and fuel", "Revenue", "currency", nullable=True),
        *estimate_columns(
            "revenue_per_customer",
            "number",
            "revenue by all customers, those who did not shop included",
            "Revenue per {customer}",
            "currency",
        ),
        _ALL,
        Column("seen", "integer", "customers with an order by the week's end", "Seen so far", "customers"),
        SUPPRESSED,
    ),
)

ANNUAL_INDEX = TableSchema(
    name="annual_index",
    grain="month of the year",
    key=("month",),
    meaning="Revenue by the month of the year, as far as there are years enough to say so.",
    reads=("orders",),
    columns=(
        Column("month", "integer", "month of the year", "Month", "month", minimum=1, maximum=12),
        *estimate_columns("index", "number", "revenue per day by that of all days", "Average day = 1", "ratio"),
        Column("years", "integer", "whole years in the period", "Years", "years", minimum=0),
        Column("years_needed", "integer", "whole years needed", "Years needed", "years"),
        _n("customers"),
        Column("verdict", "text", "whether there are years enough", "Verdict", levels=("shown", "needs more years")),
    ),
)

HOLIDAYS = TableSchema(
    name="holidays",
    grain="public holiday",
    key=("ordered_on",),
    meaning="Revenue on public holidays and in the days before them, beside that of usual weeks.",
    reads=("orders",),
    columns=(
        Column("holiday", "text", "its name", "Holiday"),
        Column("ordered_on", "date", "its day", "Day", "local day"),
        *estimate_columns("day_index", "number", "revenue of the day by that of such weekdays", "The day", "ratio"),
        *estimate_columns(
            "before_index",
            "number",
            "revenue of the six days before by that of such days",
            "Days before",
            "ratio",
        ),
        Column("compared_days", "integer", "weeks it is compared with", "Compared with", "weeks", minimum=0),
        _n("customers"),
    ),
)

CHANNELS = TableSchema(
    name="channels",
    grain="channel",
    key=("channel",),
    meaning="Through which channels customers buy.",
    reads=("orders", "order_channels"),
    columns=(
        Column("channel", "text", "the channel", "Channel"),
        _orders("orders through it"),
        _n("customers who ever used it"),
        _ALL,
        *estimate_columns("share_of_customers", "share", "share of customers who ever used it", "Used by"),
        *estimate_columns("share_of_orders", "share", "share of all orders", "Orders"),
        *estimate_columns("share_of_revenue", "share", "share of all revenue", "Revenue"),
        *estimate_columns("order_value", "number", "revenue by orders", "Value of an order", "currency"),
        SUPPRESSED,
    ),
)

PROFILE = TableSchema(
    name="profile",
    grain="attribute or measure of customers",
    key=("what",),
    meaning="What is known about customers: how many, how much is missing, center and spread.",
    reads=("customers", "customer_rhythm"),
    columns=(
        Column("what", "text", "what is known", "What", levels=tuple(map(in_words, (*PROFILED, *MEASURES)))),
        Column("kind", "text", "an attribute with levels, or a measure", "Kind", levels=("attribute", "measure")),
        _n("customers of whom it is known", "Known of"),
        _ALL,
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
        _COHORT,
        _STATUS,
        _n("customers first seen in that month"),
        _ALL,
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
        _COHORT,
        _STATUS,
        Column("age_months", "integer", "months since the first", "Months later", "months", minimum=1),
        _n("customers in the cohort"),
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
            _n("customers of this level"),
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
        _n("customers"),
        *estimate_columns("median_orders", "number", "median of their orders in the period", "Median orders", "orders"),
        *estimate_columns("monthly_spend", "number", "revenue per customer and month", "Spend a month", "currency"),
        *estimate_columns("silent", "share", "share without an order in the last days", "Silent"),
        SUPPRESSED,
    ),
)


def popular_by(by: str) -> TableSchema:
    """The promise of a table of what sells, by ``department``, ``category`` or ``product_type``."""
    return TableSchema(
        name={"department": "departments", "category": "categories", "product_type": "product_types"}[by],
        grain=by,
        key=(by,),
        meaning="What sells: goods by revenue and by how many customers buy them.",
        reads=("order_lines", "products"),
        columns=(
            Column("rank", "integer", "place by revenue, then by name", "Rank", minimum=1),
            Column(by, "text", f"the {by}", by.replace("_", " ").capitalize()),
            Column("revenue", "money", "revenue of goods", "Revenue", "currency", nullable=True),
            *estimate_columns("share_of_revenue", "share", "share of the revenue of all goods", "Of revenue"),
            *estimate_columns("penetration", "share", "share of customers who bought it at all", "Customers who buy"),
            _n("customers who bought it"),
            _ALL,
            SUPPRESSED,
        ),
    )


DEPARTMENTS = popular_by("department")
CATEGORIES = popular_by("category")

POPULAR_PRODUCTS = TableSchema(
    name="popular_products",
    grain="product",
    key=("product_id",),
    meaning="The products that most customers buy.",
    reads=("order_lines", "products"),
    columns=(
        Column("rank", "integer", "place by customers who bought it, then revenue, then key", "Rank", minimum=1),
        Column("product_id", "text", "the product's key", "Product"),
        Column("category", "text", "its category", "Category"),
        Column("product_type", "text", "its type", "Product type"),
        Column("brand", "text", "its brand", "Brand"),
        Column("package_size", "text", "size of its package, as delivered", "Package"),
        _orders("orders with it"),
        Column("revenue", "money", "revenue with it", "Revenue", "currency"),
        *estimate_columns("penetration", "share", "share of customers who bought it at all", "Customers who buy"),
        _n("customers who bought it"),
        _ALL,
    ),
)

#: What a row is called that stands for the whole way from the first stage to the end.
ALL_STAGES = "all stages"


def _visitors(meaning: str) -> Column:
    return Column("n", "integer", meaning, label="Visitors", unit="visitors", nullable=True, minimum=0)


_VISITS = Column("visits", "integer", "visits", label="Visits", unit="visits", nullable=True, minimum=0)
_ALL_VISITORS = Column(
    "visitors", "integer", "all visitors, on whom the shares rest", "All visitors", "visitors", minimum=0
)

VISITS = TableSchema(
    name="visits",
    grain="visit to the web site or the app",
    key=("visit_id",),
    meaning="Events put together to visits, by local time. Never printed: a row is about one visitor.",
    reads=("events",),
    columns=(
        Column("visit_id", "text", "the visit's key"),
        Column("visitor", "text", "who visited: a customer's key, else a browser's, else a session's"),
        Column("started_at", "timestamp", "when the first event happened", unit="UTC"),
        Column("started_on", "date", "on which day, local", unit="local day"),
        _WEEKDAY,
        _HOUR,
        Column("events", "integer", "events of the visit", unit="events", minimum=1),
        Column("device", "text", "on which kind of device"),
        Column("channel", "text", "web, app …, as the sender calls it"),
        Column("known", "boolean", "whether the visitor is a known customer"),
        Column("pages", "integer", "page views of the visit", unit="page views", minimum=0),
        Column(
            "seconds",
            "number",
            "from the first event to the end of the last, as far as the sender says how long pages were looked at; "
            "missing for a single event of which it does not",
            unit="seconds",
            nullable=True,
            minimum=0,
        ),
        Column("ordered", "boolean", "whether there was an order in the visit"),
    ),
)

VISIT_FIGURES = TableSchema(
    name="visit_figures",
    grain="figure",
    key=("figure",),
    meaning="How much visitors visit.",
    reads=("visits",),
    columns=(
        Column(
            "figure",
            "text",
            "what is estimated",
            label="Figure",
            levels=(
                "visits per visitor",
                "days with a visit per visitor",
                "events per visit",
                "page views per visit",
                "time on site per visit",
                "visits of a single event",
                "visits without an order",
                "visits by unknown visitors",
                "visitors seen on a second day",
                "visitors who are unknown",
            ),
        ),
        Column("unit", "text", "its unit", label="Unit"),
        *estimate_columns("value", "number", "the figure", "Value"),
        _visitors("visitors it rests on"),
        _VISITS,
    ),
)

EVENT_KINDS = TableSchema(
    name="event_kinds",
    grain="kind of event",
    key=("event_type",),
    meaning="What visitors do, and how many of them do it.",
    reads=("events",),
    columns=(
        Column("event_type", "text", "what happened", label="What they do"),
        Column("events", "integer", "events", label="Events", unit="events", nullable=True, minimum=0),
        *estimate_columns("reach", "share", "share of visitors who ever did it", "Visitors who do"),
        _visitors("visitors who ever did it"),
        _ALL_VISITORS,
        SUPPRESSED,
    ),
)

VISIT_HOURS = TableSchema(
    name="visit_hours",
    grain="hour of the day",
    key=("hour",),
    meaning="Visits by the local hour in which they begin.",
    reads=("visits",),
    columns=(
        _HOUR,
        _VISITS,
        *estimate_columns("share_of_visits", "share", "share of all visits", "Visits"),
        _visitors("visitors who ever came then"),
        _ALL_VISITORS,
        SUPPRESSED,
    ),
)

VISIT_WEEKDAYS = TableSchema(
    name="visit_weekdays",
    grain="day of the week",
    key=("weekday",),
    meaning="Visits by the local day of the week on which they begin.",
    reads=("visits",),
    columns=(
        _WEEKDAY,
        Column("days", "integer", "such days in the period", label="Days", unit="days", minimum=0),
        _VISITS,
        *estimate_columns(
            "visits_index", "number", "visits per such day by visits per day, 1: an even week", "Visits", "ratio"
        ),
        _visitors("visitors who ever came then"),
        _ALL_VISITORS,
        SUPPRESSED,
    ),
)

VISIT_DEVICES = TableSchema(
    name="visit_devices",
    grain="kind of device",
    key=("device",),
    meaning="Visits by the device on which they are made, and how they go there.",
    reads=("visits",),
    columns=(
        Column("device", "text", "on which kind of device", label="Device"),
        _VISITS,
        *estimate_columns("share_of_visits", "share", "share of all visits", "Visits"),
        *estimate_columns("bounce_rate", "share", "share of these visits that hold a single event", "Bounce rate"),
        *estimate_columns("pages_per_visit", "number", "page views per visit", "Page views", "page views"),
        *estimate_columns(
            "seconds_per_visit", "number", "mean time on site, of the visits of which it is known", "Time", "seconds"
        ),
        _visitors("visitors who ever used it"),
        _ALL_VISITORS,
        SUPPRESSED,
    ),
)

STAGE_CONVERSION = TableSchema(
    name="stage_conversion",
    grain="stage of possible sales",
    key=("stage",),
    meaning="How many possible sales move on from each stage, of those that have left it.",
    reads=("opportunities",),
    columns=(
        Column(
            "stage", "text", "the stage; the last row is the whole way", label="Stage", levels=(*STAGES, ALL_STAGES)
        ),
        Column(
            "reached",
            "integer",
            "opportunities that came so far",
            label="Came so far",
            unit="opportunities",
            nullable=True,
            minimum=0,
        ),
        Column(
            "waiting",
            "integer",
            "of them, those that are still there",
            label="Still there",
            unit="opportunities",
            nullable=True,
            minimum=0,
        ),
        Column("n", "integer", "those that left", label="Left", unit="opportunities", nullable=True, minimum=0),
        Column(
            "moved_on",
            "integer",
            "of these, those that moved on",
            label="Moved on",
            unit="opportunities",
            nullable=True,
            minimum=0,
        ),
        *estimate_columns("conversion", "share", "share of those that left that moved on", "Moved on"),
        Column("customers", "integer", "customers of those that left", nullable=True, minimum=0),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        ORDERS,
        SHOPPING_GAPS,
        CUSTOMER_RHYTHM,
        RHYTHM_GROUPS,
        RHYTHM_FIGURES,
        NEXT_SHOPPING_DAY,
        REVENUE_DECILES,
        BASKET_FIGURES,
        FUEL_FIGURES,
        BASKET_VALUES,
        HOURS,
        WEEKDAYS,
        WEEKS,
        ANNUAL_INDEX,
        HOLIDAYS,
        CHANNELS,
        PROFILE,
        COHORTS,
        RETENTION,
        SPEND_BY_GROUP,
        SPEND_BY_AREA,
        DESCRIBED,
        DEPARTMENTS,
        CATEGORIES,
        POPULAR_PRODUCTS,
        VISITS,
        VISIT_FIGURES,
        EVENT_KINDS,
        VISIT_HOURS,
        VISIT_WEEKDAYS,
        VISIT_DEVICES,
        STAGE_CONVERSION,
    )
}
