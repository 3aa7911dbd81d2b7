"""Floor 0: what a table is (grain, key, columns, types, units, ranges) and the canonical tables of a study."""

from customer_patterns.schemas.refusal import Refusal
from customer_patterns.schemas.table import Column, SchemaError, TableSchema, check

__all__ = ["Column", "Refusal", "SchemaError", "TableSchema", "check"]
