"""Millions of order lines as numbers: what rules ask of their keys, and how they are put in order, without texts."""

from customer_patterns.cleaning.numbered.lines import ROW, NumberedLines, numbered_lines

__all__ = ["ROW", "NumberedLines", "numbered_lines"]
