"""Floor 6: (what this room finds out, in one line)."""

from customer_patterns.segments.sizes import size_figures, table_sizes
from customer_patterns.segments.tables import SIZES, TABLES

__all__ = ["SIZES", "TABLES", "size_figures", "table_sizes"]
