"""The tables of what will be sold."""

from __future__ import annotations

from customer_patterns.schemas import Column, TableSchema, estimate_columns

#: What is forecast.
REVENUE, ORDERS, UNITS = "revenue", "orders", "units"
#: Kinds of series, and the names of those that no data name.
ALL_SALES, CATEGORY, FUEL, CUSTOMER_GROUP = "all sales", "category", "fuel", "customer group"
OTHER_GOODS, OTHER_SALES = "all other goods", "all other sales"
MOST_VALUABLE, KNOWN_OTHERS = "the fifth who spent most before", "other customers known before"
SEEN_LATER = "customers first seen later"
#: Which forecast is used.
SMOOTHING, NAIVE = "smoothing", "as a week before"
#: What the back-test says of it.
BETTER, NOT_BETTER, WORSE = "better than the naive forecast", "not clearly better", "worse than the naive forecast"
SOLD, FORECAST = "sold", "forecast"

_READS = ("orders", "order_lines", "products")
_SERIES = (
    Column("measure", "text", "what is added up", "Measure", levels=(REVENUE, ORDERS, UNITS)),
    Column("kind", "text", "what kind of series it is", "Kind", levels=(ALL_SALES, CATEGORY, FUEL, CUSTOMER_GROUP)),
    Column("series", "text", "the series", "Sales"),
)
_N = Column("n", "integer", "customers with an order of it in the last four weeks", "Customers", "customers", minimum=0)

SALES_WEEKS = TableSchema(
    name="sales_weeks",
    grain="measure, series and week of seven days, counted back from the last whole day",
    key=("measure", "kind", "series", "week_ends_on"),
    meaning="What was sold in the last weeks, and the forecast of the next ones.",
    reads=_READS,
    columns=(
        *_SERIES,
        Column("week_ends_on", "date", "last of the seven days", "Week ends on"),
        Column("state", "text", "whether it was sold or is forecast", "State", levels=(SOLD, FORECAST)),
        *estimate_columns(
            "amount", "number", "study currency, orders or pieces; of a forecast the interval", "Sum", signed=True
        ),
        _N,
    ),
)

DAILY_FORECAST = TableSchema(
    name="daily_forecast",
    grain="measure, series and day after the last whole day",
    key=("measure", "kind", "series", "day"),
    meaning="The forecast of each day; categories, fuel and groups of customers add up to all sales.",
    reads=_READS,
    columns=(
        *_SERIES,
        Column("day", "date", "the day", "Day"),
        Column("amount", "number", "forecast: study currency, orders or pieces", "Forecast"),
    ),
)

FORECAST_QUALITY = TableSchema(
    name="forecast_quality",
    grain="measure and series",
    key=("measure", "kind", "series"),
    meaning="How good forecasts of each series have been, made week by week from what was known then.",
    reads=_READS,
    columns=(
        *_SERIES,
        Column("used", "text", "the forecast that is used", "Forecast used", levels=(SMOOTHING, NAIVE)),
        Column(
            "verdict",
            "text",
            "smoothing beside the naive forecast",
            "Smoothing is",
            levels=(BETTER, NOT_BETTER, WORSE),
        ),
        *estimate_columns(
            "error_ratio",
            "number",
            "absolute daily error of smoothing by that of the naive one",
            "Error by that of the week before",
        ),
        *estimate_columns(
            "next_week_revenue",
            "number",
            "revenue forecast for the seven days after the last whole one",
            "Next week",
            "currency",
            signed=True,
        ),
        Column("mase", "number", "mean absolute scaled error of the forecast used", "MASE", "", True, 0),
        Column("rmsse", "number", "root mean squared scaled error of it", "RMSSE", "", True, 0),
        Column("smape", "share", "symmetric mean absolute percentage error of it", "sMAPE", "share", True, 0, 2),
        Column("naive_mase", "number", "the naive forecast's", "MASE of naive", "", True, 0),
        Column(
            "week_error", "share", "mean absolute error of a week's sum, by its mean", "Error of a week", "share", True
        ),
        Column("origins", "integer", "dates from which was forecast", "Dates", "dates", minimum=0),
        _N,
    ),
)

FORECAST_FIGURES = TableSchema(
    name="forecast_figures",
    grain="figure",
    key=("figure",),
    meaning="How often the intervals held what was sold, and how far parts and whole were apart.",
    reads=_READS,
    columns=(
        Column(
            "figure",
            "text",
            "what is estimated",
            "Figure",
            levels=(
                "weeks within their interval",
                "parts forecast by themselves, off the whole",
                "sales of a holiday by a usual day",
                "lead times in which the stock sufficed",
                "sales of all weeks ahead",
            ),
        ),
        *estimate_columns("value", "number", "the figure", "Value"),
        Column("unit", "text", "its unit", "Unit"),
        Column("n", "integer", "dates from which was forecast", "Dates", "dates", minimum=0),
    ),
)

STOCK = TableSchema(
    name="stock",
    grain="category",
    key=("category",),
    meaning="How many pieces suffice until the next delivery, at a service level; fuel is never counted.",
    reads=_READS,
    columns=(
        Column("category", "text", "the category", "Category"),
        Column("lead_days", "integer", "days until the next delivery", "Days", "days", minimum=1),
        Column("service_level", "share", "chance wanted that the stock suffices", "Wanted", "share", False, 0, 1),
        Column("expected_units", "number", "pieces forecast for that time", "Expected", "units", False, 0),
        Column("enough_units", "integer", "pieces that suffice at the service level", "Enough", "units", True, 0),
        Column("safety_units", "integer", "of them above the forecast", "Safety stock", "units", True, 0),
        *estimate_columns("service", "share", "share of past lead times in which it sufficed", "Sufficed before"),
        Column("tested", "integer", "past lead times it was tested on", "Tested", "lead times", minimum=0),
        _N,
    ),
)

TABLES: dict[str, TableSchema] = {
    schema.name: schema for schema in (SALES_WEEKS, DAILY_FORECAST, FORECAST_QUALITY, FORECAST_FIGURES, STOCK)
}
