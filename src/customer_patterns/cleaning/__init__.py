"""Floor 4: what was wrong with the deliveries, what was done about it, and what they look like afterwards."""

from customer_patterns.cleaning.account_tables import (
    ANSWER_QUALITY,
    ANSWER_RULES,
    CONSISTENCY,
    OTHER_CONSISTENCY,
    OTHER_QUALITY,
    OTHER_RULES,
    QUALITY,
    RULES,
)
from customer_patterns.cleaning.clean import Cleaned, clean_study
from customer_patterns.cleaning.consistency import unlike_columns
from customer_patterns.cleaning.doubtful_sheets import SHEETS, doubtful_sheets
from customer_patterns.cleaning.figures import (
    SUSPECTED,
    all_rules,
    cleaning_figures,
    found_nothing,
    gaps,
    subject_quality,
    suspected_programs,
    that_found,
    unread_columns,
)
from customer_patterns.cleaning.findings import cleaning_findings
from customer_patterns.cleaning.groups import VOICES
from customer_patterns.cleaning.limits import QualityError
from customer_patterns.cleaning.line_parts import KINDS, TOTALS, line_kinds, totals_with_and_without
from customer_patterns.cleaning.merged import MergedError, merged_path, read_merged
from customer_patterns.cleaning.options import Options, options_of
from customer_patterns.cleaning.scale_rules import SCALES, scales_in_doubt
from customer_patterns.cleaning.tables import TABLES
from customer_patterns.cleaning.work import CleaningError
from customer_patterns.sources.arrivals import ARRIVALS, SOURCE_QUALITY

__all__ = [
    "ANSWER_QUALITY",
    "ANSWER_RULES",
    "ARRIVALS",
    "CONSISTENCY",
    "KINDS",
    "OTHER_CONSISTENCY",
    "OTHER_QUALITY",
    "OTHER_RULES",
    "QUALITY",
    "RULES",
    "SCALES",
    "SHEETS",
    "SOURCE_QUALITY",
    "SUSPECTED",
    "TABLES",
    "TOTALS",
    "Cleaned",
    "CleaningError",
    "MergedError",
    "VOICES",
    "Options",
    "QualityError",
    "all_rules",
    "clean_study",
    "cleaning_figures",
    "cleaning_findings",
    "doubtful_sheets",
    "found_nothing",
    "gaps",
    "line_kinds",
    "merged_path",
    "options_of",
    "read_merged",
    "scales_in_doubt",
    "subject_quality",
    "suspected_programs",
    "that_found",
    "totals_with_and_without",
    "unlike_columns",
    "unread_columns",
]
