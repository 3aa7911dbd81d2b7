"""The figures that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.behavior import audit, engagement, journeys, market
from customer_patterns.behavior.baskets import closed_classes
from customer_patterns.behavior.calendar import notable
from customer_patterns.behavior.cohorts import ALREADY, month_after
from customer_patterns.behavior.tables import ALL_STAGES
from customer_patterns.estimates import Count, Estimate, wilson
from customer_patterns.features.cells import shown
from customer_patterns.wording import Chosen, Name, Sentence, say

WILSON = "Wilson"

#: A period must be so many times as long as a gap before anything is said of how many customers have such gaps.
GAPS_NEEDED = 4

#: The chapter's findings: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    ("behavior.rhythm", "description", "rhythm_groups", "rhythm"),
    ("behavior.only_once", "description", "rhythm_groups", "rhythm"),
    ("behavior.concentration", "description", "revenue_deciles", "deciles"),
    ("behavior.audit_more", "description", "audit_factors", "audit"),
    ("behavior.audit_less", "description", "audit_factors", "audit"),
    ("behavior.audit_alike", "description", "audit_factors", "audit"),
    ("behavior.market", "description", "market_brands", "market"),
    ("behavior.truncated", "description", "cohorts", "retention"),
    ("behavior.selected", "description", "described", "groups"),
    ("behavior.basket", "description", "basket_figures", "baskets"),
    ("behavior.clock", "description", "hours", "hours"),
    ("behavior.holiday", "description", "holidays", "weeks"),
    ("behavior.visits", "description", "visit_figures", None),
    ("behavior.journeys", "description", "journey_figures", "journeys"),
    ("behavior.conversion", "description", "stage_conversion", "conversion"),
    ("behavior.losses", "description", "stage_losses", "losses"),
    ("behavior.mail", "description", "mail_campaigns", "mail"),
    ("behavior.loyalty", "description", "loyalty_figures", None),
    ("behavior.service_load", "description", "service_topics", "service"),
    ("behavior.usage", "description", "usage_figures", "usage"),
    ("behavior.visit_clock", "description", "visit_hours", "visit-hours"),
    ("behavior.event_kinds", "description", "event_kinds", "event-kinds"),
)


class Figures(wording.Figures):
    """The figures of the behavior chapter. Where several rows could be meant (the busiest hour), the first is."""


def _rhythm_groups(figures: Figures, groups: pd.DataFrame) -> None:
    frequent, rare = groups.iloc[0], groups.iloc[-1]
    figures["everyone"] = _customers(frequent["customers"])
    if (figures["last"] - figures["first"]).days + 1 < GAPS_NEEDED * figures["weekly_gap"].value:
        return
    if frequent["share_of_customers"] == 0:  # nobody: that is said of those who came once
        figures.estimate("only_once_share", rare, "share_of_customers", "share", n="customers", method=WILSON)
        return
    figures.estimate("weekly_share", frequent, "share_of_customers", "share", n="customers", method=WILSON)
    figures.estimate("weekly_revenue_share", frequent, "share_of_revenue", "share", n="customers")
    figures.estimate("one_day_share", rare, "share_of_customers", "share", n="customers", method=WILSON)


def _rhythm_figures(figures: Figures, table: pd.DataFrame) -> None:
    for _, row in table.iterrows():
        figures.estimate(row["figure"], row, "value", row["unit"])


def _next_shopping_day(figures: Figures, curve: pd.DataFrame) -> None:
    within = curve[curve["days"] == figures["weekly_gap"].value]
    if len(within):
        figures.estimate("returned_share", within.iloc[0], "returned", "share")


def _revenue_deciles(figures: Figures, deciles: pd.DataFrame) -> None:
    figures.estimate("top_tenth_share", deciles.iloc[0], "share_of_revenue", "share")


def _basket_figures(figures: Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("statistic")
    figures.estimate("basket_mean", rows.loc["mean"], "basket_value", "currency")
    figures.estimate("basket_median", rows.loc["median"], "basket_value", "currency")
    if not pd.isna(orders := rows.at["median", "orders"]):
        figures["baskets"] = Count(int(orders), "baskets", n=int(orders), of="baskets")


def _basket_values(figures: Figures, values: pd.DataFrame) -> None:
    if len(drawn := closed_classes(values)):
        figures["last_class"] = Chosen(float(drawn["value_to"].iloc[-1]), "currency")


def _hours(figures: Figures, hours: pd.DataFrame) -> None:
    row = _largest(hours, "share_of_orders")
    if row is not None and row["share_of_orders"] < 1:  # all in one hour: the days were delivered, without their hours
        figures["busiest_hour"] = Name.hour(row["hour"])
        figures.estimate("busiest_hour_share", row, "share_of_orders", "share", n="customers")


def _weekdays(figures: Figures, weekdays: pd.DataFrame) -> None:
    if (row := _largest(weekdays, "orders_index")) is not None:
        figures["busiest_day"] = Name.weekday(row["weekday"])
        figures.estimate("busiest_day_index", row, "orders_index", "ratio", n="customers")


def _holidays(figures: Figures, holidays: pd.DataFrame) -> None:
    if (row := notable(holidays)) is not None:
        figures["holiday"] = Name(row["holiday"])
        figures.estimate("holiday_index", row, "day_index", "ratio")


def _weeks(figures: Figures, weeks: pd.DataFrame) -> None:
    if (row := _largest(weeks[weeks["complete"]], "revenue_per_customer")) is not None:
        figures["best_week"] = row["week_starts_on"]
        figures.estimate("best_week_revenue", row, "revenue_per_customer", "currency", n="customers")


def _annual_index(figures: Figures, table: pd.DataFrame) -> None:
    years = int(table["years"].iloc[0])
    days = (figures["last"] - figures["first"]).days + 1
    held, unit = (years, "years") if years else (days, "days")  # "0 years" is no answer to how long a study is
    figures["years"] = Count(held, unit, n=held, of=unit)
    figures["years_needed"] = Chosen(int(table["years_needed"].iloc[0]), "years")


def _cohorts(figures: Figures, cohorts: pd.DataFrame) -> None:
    first, already = cohorts.iloc[0], cohorts.loc[cohorts["status"] == ALREADY, "n"]
    figures["first_month"] = first["cohort"]
    figures.estimate("first_month_share", first, "share_of_customers", "share", n="customers", method=WILSON)
    if already.notna().all():
        everyone = int(first["customers"])
        value, low, high = map(float, wilson(int(already.sum()), everyone))
        figures["already_share"] = Estimate(value, low, high, everyone, "customers", "share", method=WILSON)


def _retention(figures: Figures, retention: pd.DataFrame) -> None:
    rows = shown(retention)
    if len(rows):
        last = rows[rows["cohort"] == rows["cohort"].iloc[0]].iloc[-1]
        figures["stayed_from"] = last["cohort"]
        figures["stayed_months"] = Chosen(int(last["age_months"]), "months")
        figures["stayed_until"] = month_after(last["cohort"], int(last["age_months"]))
        figures.estimate("stayed_share", last, "retention", "share", method=WILSON)


def _described(figures: Figures, described: pd.DataFrame) -> None:
    for name, (_, row) in zip(("described", "others"), described.iterrows(), strict=False):
        if not pd.isna(row["n"]):
            figures[name] = _customers(row["n"])
        figures.estimate(f"{name}_orders", row, "median_orders", "orders")
        figures.estimate(f"{name}_spend", row, "monthly_spend", "currency")
        figures.estimate(f"{name}_silent", row, "silent", "share", method=WILSON)


def _departments(figures: Figures, departments: pd.DataFrame) -> None:
    if (row := _largest(departments, "share_of_revenue")) is not None:
        figures["top_department"] = Name(row["department"])
        figures.estimate("top_department_share", row, "share_of_revenue", "share", n="customers")


#: The figures of visits, by the row of their table.
_OF_VISITS = {
    "visits per visitor": "visits_each",
    "days with a visit per visitor": "visit_days_each",
    "events per visit": "events_each",
    "page views per visit": "pages_each",
    "time on site per visit": "seconds_each",
    "visits of a single event": "single_share",
    "visits without an order": "unordered_share",
    "visits by unknown visitors": "unknown_visits_share",
    "visitors seen on a second day": "came_again_share",
    "visitors who are unknown": "unknown_share",
}


def _visit_figures(figures: Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("figure")
    figures.count("visitors", rows["n"].iloc[0], "visitors")
    figures.count("visits", rows["visits"].iloc[0], "visits")
    for name, key in _OF_VISITS.items():
        method = WILSON if name.startswith("visitors") else wording.BOOTSTRAP
        figures.estimate(key, rows.loc[name], "value", rows.at[name, "unit"], of="visitors", method=method)


def visit_facts(figures: Figures) -> dict[Sentence, Any]:
    """The figures of visits by name, for a list of facts; empty where there are none."""
    of_visits = (key for key in _OF_VISITS.values() if key != "unordered_share")  # a chart's title says that one
    named = ("visitors", "visits", *of_visits, "suspected_events")
    return {say(f"behavior.fact_{name}"): figures[name] for name in named if name in figures}


def _event_kinds(figures: Figures, kinds: pd.DataFrame) -> None:
    if (row := _largest(kinds, "reach")) is not None:
        figures["top_event"] = Name(row["event_type"])
        figures.estimate("top_event_reach", row, "reach", "share", n="visitors", of="visitors", method=WILSON)


def _visit_hours(figures: Figures, hours: pd.DataFrame) -> None:
    if (row := _largest(hours, "share_of_visits")) is not None:
        figures["visit_hour"] = Name.hour(row["hour"])
        figures.estimate("visit_hour_share", row, "share_of_visits", "share", n="visitors", of="visitors")


def _visit_weekdays(figures: Figures, weekdays: pd.DataFrame) -> None:
    if (row := _largest(weekdays, "visits_index")) is not None:
        figures["visit_day"] = Name.weekday(row["weekday"])
        figures.estimate("visit_day_index", row, "visits_index", "ratio", n="visitors", of="visitors")


def _visit_devices(figures: Figures, devices: pd.DataFrame) -> None:
    if (row := _largest(devices, "share_of_visits")) is not None:
        figures["top_device"] = Name(row["device"])
        figures.estimate("top_device_share", row, "share_of_visits", "share", n="visitors", of="visitors")


def _stage_conversion(figures: Figures, table: pd.DataFrame) -> None:
    known = shown(table, "conversion")
    whole, single = known[known["stage"] == ALL_STAGES], known[known["stage"] != ALL_STAGES]
    if len(whole):
        figures.count("opportunities", whole["reached"].iloc[0], "opportunities")
        figures.estimate("won_share", whole.iloc[0], "conversion", "share", of="opportunities", method=WILSON)
    if len(single) > 1:
        row = single.loc[single["conversion"].idxmin()]
        figures["narrow_stage"] = Name(row["stage"], "word")
        figures.estimate("narrow_share", row, "conversion", "share", of="opportunities", method=WILSON)


Figures.readers = {
    "rhythm_groups": _rhythm_groups,
    "rhythm_figures": _rhythm_figures,
    "next_shopping_day": _next_shopping_day,
    "revenue_deciles": _revenue_deciles,
    "basket_figures": _basket_figures,
    "basket_values": _basket_values,
    "hours": _hours,
    "weekdays": _weekdays,
    "holidays": _holidays,
    "weeks": _weeks,
    "annual_index": _annual_index,
    "cohorts": _cohorts,
    "retention": _retention,
    "described": _described,
    "departments": _departments,
    "visit_figures": _visit_figures,
    "event_kinds": _event_kinds,
    "visit_hours": _visit_hours,
    "visit_weekdays": _visit_weekdays,
    "visit_devices": _visit_devices,
    "stage_conversion": _stage_conversion,
    **audit.figures.READERS,
    **market.figures.READERS,
    **journeys.figures.READERS,
    **engagement.figures.READERS,
}


def _largest(table: pd.DataFrame, measure: str) -> pd.Series | None:
    """The first row with the largest figure; none if a blank row might have a larger one."""
    known = shown(table, measure)
    if known.empty:
        return None
    row = known.loc[known[measure].idxmax()]
    blank = (table["suppressed"] != "no").any()
    at_most = 1 - known[measure].sum() if measure.startswith("share_of") else float("inf")
    return None if row[measure] <= 0 or (blank and row[measure] < at_most) else row


def _customers(number: Any) -> Count:
    return Count(int(number), "customers", n=int(number), of="customers")
