"""Floor 6: what customers do: when, how often, how much, and who they are."""

from customer_patterns.behavior import tables
from customer_patterns.behavior.baskets import basket_figures, basket_histogram, closed_classes, fuel_figures
from customer_patterns.behavior.clock import hour_profile, hours_by_weekday, weekday_profile
from customer_patterns.behavior.cohorts import ALREADY, NEW, cohort_retention, cohort_sizes
from customer_patterns.behavior.figures import FINDINGS, Figures, visit_facts
from customer_patterns.behavior.groups import UNKNOWN, described_and_others, spend_by_group, spend_of
from customer_patterns.behavior.opportunities import stage_conversion
from customer_patterns.behavior.orders import summarize_orders, totals
from customer_patterns.behavior.popular import popular
from customer_patterns.behavior.rhythm import (
    customer_rhythm,
    next_shopping_day,
    revenue_deciles,
    rhythm_figures,
    rhythm_groups,
    shopping_gaps,
)
from customer_patterns.behavior.tables import TABLES
from customer_patterns.behavior.visits import (
    event_kinds,
    summarize_visits,
    visit_devices,
    visit_figures,
    visit_hours,
    visit_weekdays,
)
from customer_patterns.behavior.weeks import annual_index, weekly_revenue, whole_weeks
from customer_patterns.features.cells import shown

__all__ = [
    "ALREADY",
    "FINDINGS",
    "Figures",
    "NEW",
    "TABLES",
    "UNKNOWN",
    "annual_index",
    "basket_figures",
    "basket_histogram",
    "closed_classes",
    "cohort_retention",
    "cohort_sizes",
    "customer_rhythm",
    "described_and_others",
    "event_kinds",
    "fuel_figures",
    "hour_profile",
    "hours_by_weekday",
    "next_shopping_day",
    "popular",
    "revenue_deciles",
    "rhythm_figures",
    "rhythm_groups",
    "shopping_gaps",
    "shown",
    "spend_by_group",
    "spend_of",
    "stage_conversion",
    "summarize_orders",
    "summarize_visits",
    "tables",
    "totals",
    "visit_devices",
    "visit_facts",
    "visit_figures",
    "visit_hours",
    "visit_weekdays",
    "weekday_profile",
    "weekly_revenue",
    "whole_weeks",
]
