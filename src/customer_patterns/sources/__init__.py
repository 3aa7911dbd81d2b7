"""Floor 3: the only rooms that know file formats and packages; deliveries in, canonical tables and an account out."""

from customer_patterns.sources.account_tables import (
    ACCOUNT,
    DECLARATIONS,
    LEFT_OUT,
    REPAIR_REASONS,
    SET_ASIDE_REASONS,
    SOURCES,
    declarations,
    source_list,
)
from customer_patterns.sources.collect import Collected, collect_study
from customer_patterns.sources.cut import cut_at
from customer_patterns.sources.days import DAYS, FEWEST_DAYS, days_covered, thinnest_day
from customer_patterns.sources.figures import (
    account_columns,
    collection_figures,
    counted_by_day,
    main_reason,
    simulated_names,
)
from customer_patterns.sources.files import delivered_files, locate
from customer_patterns.sources.findings import collection_findings
from customer_patterns.sources.raw import DeliveryError
from customer_patterns.sources.tables import TABLES

__all__ = [
    "ACCOUNT",
    "DAYS",
    "DECLARATIONS",
    "FEWEST_DAYS",
    "LEFT_OUT",
    "REPAIR_REASONS",
    "SET_ASIDE_REASONS",
    "SOURCES",
    "TABLES",
    "Collected",
    "DeliveryError",
    "account_columns",
    "collect_study",
    "collection_figures",
    "collection_findings",
    "counted_by_day",
    "cut_at",
    "days_covered",
    "declarations",
    "delivered_files",
    "locate",
    "main_reason",
    "simulated_names",
    "source_list",
    "thinnest_day",
]
