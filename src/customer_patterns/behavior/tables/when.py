"""Tables of when and where customers order: hours, weekdays, weeks, months, holidays and channels."""

from __future__ import annotations

from customer_patterns.behavior.tables.columns import ALL, HOUR, WEEKDAY, orders_column
from customer_patterns.schemas import SUPPRESSED, Column, TableSchema, estimate_columns, n_column

_SHARES = (
    orders_column(),
    n_column("customers who ever ordered then"),
    ALL,
    *estimate_columns("share_of_orders", "share", "share of all orders", "Orders"),
)

HOURS = TableSchema(
    name="hours",
    grain="hour of the day",
    key=("hour",),
    meaning="Orders and revenue by the hour of the day, local time.",
    reads=("orders",),
    columns=(
        HOUR,
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
        WEEKDAY,
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
        orders_column(),
        n_column("customers with an order"),
        Column("revenue", "money", "goods and fuel", "Revenue", "currency", nullable=True),
        *estimate_columns(
            "revenue_per_customer",
            "number",
            "revenue by all customers, those who did not shop included",
            "Revenue per {customer}",
            "currency",
        ),
        ALL,
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
        n_column("customers"),
        Column("verdict", "text", "whether there are years enough", "Verdict", levels=("shown", "needs more years")),
        SUPPRESSED,
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
        n_column("customers"),
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
        orders_column("orders through it"),
        n_column("customers who ever used it"),
        ALL,
        *estimate_columns("share_of_customers", "share", "share of customers who ever used it", "Used by"),
        *estimate_columns("share_of_orders", "share", "share of all orders", "Orders"),
        *estimate_columns("share_of_revenue", "share", "share of all revenue", "Revenue"),
        *estimate_columns("order_value", "number", "revenue by orders", "Value of an order", "currency"),
        SUPPRESSED,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        HOURS,
        WEEKDAYS,
        WEEKS,
        ANNUAL_INDEX,
        HOLIDAYS,
        CHANNELS,
    )
}
