"""Floor 0: what a table is (grain, key, columns, types, units, ranges) and the canonical tables of a study."""

from customer_patterns.schemas.estimated import SUPPRESSED, estimate_columns, n_column
from customer_patterns.schemas.lineage import resting_on
from customer_patterns.schemas.refusal import Refusal
from customer_patterns.schemas.table import Column, SchemaError, TableSchema, check

__all__ = [
    "SUPPRESSED",
    "Column",
    "Refusal",
    "SchemaError",
    "TableSchema",
    "check",
    "estimate_columns",
    "n_column",
    "resting_on",
]
