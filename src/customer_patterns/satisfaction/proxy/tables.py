"""The tables of what behavior alone tells of satisfaction."""

from __future__ import annotations

from customer_patterns.satisfaction.tables.columns import MEAN_OF_DIMENSIONS, OVERALL
from customer_patterns.schemas import Column, TableSchema, estimate_columns, n_column

CARRIES, CARRIES_LITTLE, CARRIES_NOT = VERDICTS = ("carries", "carries little", "does not carry")
OTHER_CUSTOMERS, LAST_WAVE = TESTS = ("other customers", "the last wave")
WITH_MORE, WITH_LESS, WITH_NEITHER = SIDES = ("goes with more", "goes with less", "not told apart from none")

#: What is seen, as the table calls it. Rates are per day that the study has seen; all but changes are logarithms.
SIGNALS = (
    "days with an order",
    "spend",
    "days since the last order",
    "more days with an order than before",
    "more spend than before",
    "share of discounts",
    "coupons redeemed",
    "contacts",
    "contacts about the same again",
    "longest wait for an answer",
    "returns",
    "texts written",
)

_READS = (
    "survey_items",
    "survey_responses",
    "order_lines",
    "contacts",
    "feedback",
    "reversals",
    "coupon_redemptions",
)


def _n(meaning: str = "answers that it was tested on") -> Column:
    return n_column(meaning, "Answers", "answers")


BEHAVIOR_PROXY = TableSchema(
    name="behavior_proxy",
    grain="measure of satisfaction and test",
    key=("measure", "tested_on"),
    meaning="Whether behavior before an answer tells what will be answered, of answers that were not learned from.",
    columns=(
        Column("measure", "text", "what was said", "Said", levels=(OVERALL, MEAN_OF_DIMENSIONS)),
        Column("tested_on", "text", "answers that were not learned from", "Tested on", levels=TESTS),
        _n(),
        Column("customers", "integer", "customers who gave them", "Customers", "customers", True, 0),
        Column("signals", "integer", "kinds of behavior that vary", "Signals", "signals", True, 0),
        *estimate_columns(
            "explained",
            "number",
            "share of the squared error of the mean that it saves; below zero: it is worse than the mean",
            "Explained",
            "share",
            signed=True,
        ),
        Column("error", "number", "mean distance of its guess from the answer", "Off by", "points", True, 0),
        Column(
            "error_of_mean", "number", "the same of the mean of those learned from", "Mean off by", "points", True, 0
        ),
        Column(
            "verdict",
            "text",
            "whether the interval lies above the floor, above zero, or neither",
            "Verdict",
            levels=VERDICTS,
        ),
    ),
    reads=_READS,
)

PROXY_SIGNALS = TableSchema(
    name="proxy_signals",
    grain="kind of behavior",
    key=("signal",),
    meaning="What each kind of behavior before an answer goes with, the others held fixed.",
    columns=(
        Column("signal", "text", "what was seen before the answer", "Behavior", levels=SIGNALS),
        _n("answers"),
        *estimate_columns(
            "slope", "number", "contentment per standard deviation of it", "Slope", "points", signed=True
        ),
        Column("adjusted_p", "number", "of such a slope by chance, adjusted", "Adjusted p", "", True, 0, 1),
        Column("verdict", "text", "on which side, beyond chance", "Verdict", levels=SIDES),
    ),
    reads=_READS,
)

TABLES = {schema.name: schema for schema in (BEHAVIOR_PROXY, PROXY_SIGNALS)}
