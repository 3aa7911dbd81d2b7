"""Floor 3: the only rooms that know file formats and packages; deliveries in, canonical tables and an account out."""

from customer_patterns.sources.account import ACCOUNT, DECLARATIONS, SOURCES, declarations, record_account, source_list
from customer_patterns.sources.collect import Collected, collect_study
from customer_patterns.sources.cut import cut_at
from customer_patterns.sources.days import DAYS, days_covered, thinnest_day
from customer_patterns.sources.figures import collection_figures, simulated_names
from customer_patterns.sources.readers import DeliveryError, delivered_files, locate, read_source
from customer_patterns.sources.tables import TABLES

__all__ = [
    "ACCOUNT",
    "DAYS",
    "DECLARATIONS",
    "SOURCES",
    "TABLES",
    "Collected",
    "DeliveryError",
    "collect_study",
    "collection_figures",
    "cut_at",
    "days_covered",
    "declarations",
    "delivered_files",
    "locate",
    "read_source",
    "record_account",
    "simulated_names",
    "source_list",
    "thinnest_day",
]
