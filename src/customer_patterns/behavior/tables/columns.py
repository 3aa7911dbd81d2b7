"""Columns that several tables of behavior share, and how a column is called in words."""

from __future__ import annotations

from customer_patterns.schemas import Column


def in_words(name: str) -> str:
    """Write a column's name as a reader sees it."""
    return name.replace("_", " ")


CUSTOMER = Column("customer_id", "text", "the customer's key")

ALL = Column(
    "customers", "integer", "all customers, on whom the shares rest", "All {customers}", "customers", minimum=0
)


def orders_column(meaning: str = "orders") -> Column:
    """How many orders; missing where too few customers gave them."""
    return Column("orders", "integer", meaning, label="Orders", unit="orders", nullable=True, minimum=0)


HOUR = Column("hour", "integer", "hour of the day, local", label="Hour", unit="hour of day", minimum=0, maximum=23)

WEEKDAY = Column(
    "weekday", "integer", "day of the week, 1 Monday to 7 Sunday", label="Weekday", unit="weekday", minimum=1, maximum=7
)

COHORT = Column(
    "cohort", "date", "first day of the month in which the customers were first seen", label="First seen", unit="month"
)

STATUS = Column(
    "status",
    "text",
    "whether the cohort was there before the study began to look",
    label="Status",
    levels=("already customers", "new or returning"),
)
