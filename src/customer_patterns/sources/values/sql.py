"""Words of SQL that the rules are written with."""

from __future__ import annotations


def quoted(name: str) -> str:
    """Write a column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write a text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def when(condition: str, value: str) -> str:
    """Write a value that is there only where a condition holds."""
    return f"CASE WHEN {condition} THEN {value} END"


def matches(raw: str, pattern: str) -> str:
    """Write that all of a text is as a pattern says."""
    return f"regexp_full_match({raw}, {literal(pattern)})"
