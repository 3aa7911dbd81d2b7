"""Floor 6: what customers do: when, how often, how much, and who they are."""

from customer_patterns.behavior import audit, engagement, journeys, market, tables
from customer_patterns.behavior.audit import audit_change, audit_factors, audit_groups, customer_base
from customer_patterns.behavior.baskets import basket_figures, basket_histogram, closed_classes, fuel_figures
from customer_patterns.behavior.calendar import holiday_orders, public_holidays
from customer_patterns.behavior.channels import channel_of_orders, channel_profile
from customer_patterns.behavior.clock import hour_profile, weekday_profile
from customer_patterns.behavior.cohorts import ALREADY, NEW, cohort_retention, cohort_sizes
from customer_patterns.behavior.figures import FINDINGS, Figures, visit_facts
from customer_patterns.behavior.groups import (
    UNKNOWN,
    described_and_others,
    spend_by_area,
    spend_by_group,
    spend_of,
    told_apart,
)
from customer_patterns.behavior.market import choose_category, market_structure, purchases_in
from customer_patterns.behavior.opportunities import stage_conversion
from customer_patterns.behavior.orders import summarize_orders, totals
from customer_patterns.behavior.popular import (
    bought_by_kind,
    bought_by_product,
    brands_named,
    popular,
    popular_products,
)
from customer_patterns.behavior.profile import describe_customers
from customer_patterns.behavior.rhythm import (
    customer_rhythm,
    next_shopping_day,
    revenue_deciles,
    rhythm_figures,
    rhythm_groups,
    shopping_gaps,
)
from customer_patterns.behavior.visits import summarize_visits, suspected_events
from customer_patterns.behavior.web_metrics import (
    event_kinds,
    visit_devices,
    visit_figures,
    visit_hours,
    visit_weekdays,
)
from customer_patterns.behavior.weeks import annual_index, weekly_revenue, whole_weeks
from customer_patterns.features.cells import shown

#: All tables that the room writes.
TABLES = tables.TABLES | audit.TABLES | market.TABLES | journeys.TABLES | engagement.TABLES

__all__ = [
    "purchases_in",
    "public_holidays",
    "market_structure",
    "holiday_orders",
    "describe_customers",
    "customer_base",
    "choose_category",
    "channel_profile",
    "channel_of_orders",
    "audit_groups",
    "audit_factors",
    "audit_change",
    "ALREADY",
    "FINDINGS",
    "Figures",
    "NEW",
    "TABLES",
    "UNKNOWN",
    "annual_index",
    "basket_figures",
    "basket_histogram",
    "bought_by_kind",
    "bought_by_product",
    "brands_named",
    "closed_classes",
    "cohort_retention",
    "cohort_sizes",
    "customer_rhythm",
    "described_and_others",
    "engagement",
    "event_kinds",
    "fuel_figures",
    "hour_profile",
    "journeys",
    "next_shopping_day",
    "popular",
    "popular_products",
    "revenue_deciles",
    "rhythm_figures",
    "rhythm_groups",
    "shopping_gaps",
    "shown",
    "spend_by_area",
    "spend_by_group",
    "spend_of",
    "stage_conversion",
    "summarize_orders",
    "summarize_visits",
    "suspected_events",
    "tables",
    "told_apart",
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
