"""The tables that the stage ``behavior`` writes, apart from those of its parts, which have their own."""

from customer_patterns.behavior.tables import customers, orders, products, sales, visits, when
from customer_patterns.behavior.tables.columns import in_words
from customer_patterns.behavior.tables.customers import (
    ATTRIBUTES,
    COHORTS,
    DESCRIBED,
    MEASURES,
    PROFILE,
    PROFILED,
    RETENTION,
    SPEND_BY_AREA,
    SPEND_BY_GROUP,
)
from customer_patterns.behavior.tables.orders import (
    BASKET_FIGURES,
    BASKET_VALUES,
    CUSTOMER_RHYTHM,
    FUEL_FIGURES,
    NEXT_SHOPPING_DAY,
    ORDERS,
    REVENUE_DECILES,
    RHYTHM_FIGURES,
    RHYTHM_GROUPS,
    RHYTHMS,
    SHOPPING_GAPS,
)
from customer_patterns.behavior.tables.products import CATEGORIES, DEPARTMENTS, POPULAR_PRODUCTS, popular_by
from customer_patterns.behavior.tables.sales import ALL_STAGES, LOST, STAGE_CONVERSION, STAGES, WON
from customer_patterns.behavior.tables.visits import (
    EVENT_KINDS,
    VISIT_DEVICES,
    VISIT_FIGURES,
    VISIT_HOURS,
    VISIT_WEEKDAYS,
    VISITS,
)
from customer_patterns.behavior.tables.when import ANNUAL_INDEX, CHANNELS, HOLIDAYS, HOURS, WEEKDAYS, WEEKS
from customer_patterns.schemas import TableSchema

TABLES: dict[str, TableSchema] = {
    name: schema for part in (orders, when, customers, products, visits, sales) for name, schema in part.TABLES.items()
}

__all__ = [
    "ALL_STAGES",
    "ANNUAL_INDEX",
    "ATTRIBUTES",
    "BASKET_FIGURES",
    "BASKET_VALUES",
    "CATEGORIES",
    "CHANNELS",
    "COHORTS",
    "CUSTOMER_RHYTHM",
    "DEPARTMENTS",
    "DESCRIBED",
    "EVENT_KINDS",
    "FUEL_FIGURES",
    "HOLIDAYS",
    "HOURS",
    "LOST",
    "MEASURES",
    "NEXT_SHOPPING_DAY",
    "ORDERS",
    "POPULAR_PRODUCTS",
    "PROFILE",
    "PROFILED",
    "RETENTION",
    "REVENUE_DECILES",
    "RHYTHMS",
    "RHYTHM_FIGURES",
    "RHYTHM_GROUPS",
    "SHOPPING_GAPS",
    "SPEND_BY_AREA",
    "SPEND_BY_GROUP",
    "STAGES",
    "STAGE_CONVERSION",
    "TABLES",
    "VISITS",
    "VISIT_DEVICES",
    "VISIT_FIGURES",
    "VISIT_HOURS",
    "VISIT_WEEKDAYS",
    "WEEKDAYS",
    "WEEKS",
    "WON",
    "in_words",
    "popular_by",
]
