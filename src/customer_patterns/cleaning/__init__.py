"""Floor 4: what was wrong with the deliveries, what was done about it, and what they look like afterwards."""

from customer_patterns.cleaning.clean import Cleaned, clean_study
from customer_patterns.cleaning.figures import KINDS, all_rules, cleaning_figures, gaps, line_kinds
from customer_patterns.cleaning.tables import ANSWER_QUALITY, ANSWER_RULES, QUALITY, RULES, TABLES

__all__ = [
    "ANSWER_QUALITY",
    "ANSWER_RULES",
    "KINDS",
    "QUALITY",
    "RULES",
    "TABLES",
    "Cleaned",
    "all_rules",
    "clean_study",
    "cleaning_figures",
    "gaps",
    "line_kinds",
]
