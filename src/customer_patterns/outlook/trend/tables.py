"""The tables of what rises and falls."""

from __future__ import annotations

from customer_patterns.schemas import Column, TableSchema, estimate_columns, n_column

#: The key figures, in the order in which they are listed, and their units.
KEY_FIGURES = {
    "revenue": "currency",
    "orders": "orders",
    "customers": "customers",
    "orders per customer": "orders",
    "basket value": "currency",
    "fuel": "currency",
}
RISING, FALLING, UNCLEAR = "rising", "falling", "no clear direction"
CHANGED, STEADY = "a change of level", "no clear change"

_READS = ("orders",)
_FIGURE = Column("figure", "text", "the key figure", "Key figure", levels=tuple(KEY_FIGURES))

TRENDS = TableSchema(
    name="trends",
    grain="key figure",
    key=("figure",),
    meaning="Where each key figure is heading, and whether and when its level changed, weeks with holidays set apart.",
    reads=_READS,
    columns=(
        _FIGURE,
        Column("unit", "text", "its unit", "Unit"),
        Column("weeks", "integer", "whole weeks, Monday to Sunday", "Weeks", "weeks", minimum=0),
        Column("mean", "number", "mean of the weeks", "Mean of a week", nullable=True),
        *estimate_columns(
            "change_share",
            "number",
            "change from the first to the last week by a steady trend",
            "Change",
            "share",
            signed=True,
        ),
        Column(
            "rising_probability", "share", "probability that it rises", "Probability of a rise", "share", True, 0, 1
        ),
        Column(
            "direction",
            "text",
            "where it is heading, of all key figures at a rate of false discoveries of 5 %",
            "Direction",
            levels=(RISING, FALLING, UNCLEAR),
        ),
        Column(
            "change_probability",
            "share",
            "probability that its level changed",
            "Probability of a new level",
            "share",
            True,
            0,
            1,
        ),
        Column(
            "verdict",
            "text",
            "whether a change is named: at a probability of 80 % or more, and where it is clear which way",
            "Level",
            levels=(CHANGED, STEADY),
        ),
        Column("changed_on", "date", "most probable first week of the new level", "Since", "", True),
        Column("changed_after", "date", "first of the weeks that hold it with 90 %", "From", "", True),
        Column("changed_before", "date", "last of them", "To", "", True),
        Column("changed_until", "date", "first week after the new level, where it did not last", "Until", "", True),
        *estimate_columns(
            "shift_share", "number", "new level by the old one, less 1", "Shift of level", "share", signed=True
        ),
        *estimate_columns(
            "holiday_share", "number", "a week with a holiday by others, less 1", "Holiday week", "share", signed=True
        ),
        Column(
            "autocorrelation", "number", "of one week with the next, beside all this", "Week to week", "", True, -1, 1
        ),
        Column("n", "integer", "customers with an order in these weeks", "Customers", "customers", minimum=0),
    ),
)

TREND_WEEKS = TableSchema(
    name="trend_weeks",
    grain="key figure and whole week",
    key=("figure", "week_starts_on"),
    meaning="Each key figure by week, and the probability that a new level begins there.",
    reads=_READS,
    columns=(
        _FIGURE,
        Column("week_starts_on", "date", "its Monday", "Week"),
        Column("value", "number", "the key figure", "Value", nullable=True),
        Column("index", "number", "the key figure by its mean over the weeks", "By its mean", "ratio", True),
        Column("begins_probability", "share", "that a new level begins", "New level", "share", True, 0, 1),
        n_column("customers of the week"),
    ),
)

TABLES: dict[str, TableSchema] = {schema.name: schema for schema in (TRENDS, TREND_WEEKS)}
