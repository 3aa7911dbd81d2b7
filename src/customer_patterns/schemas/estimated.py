"""Columns that tables of estimates share: a figure with its bounds, how many it rests on, and why a row is blank."""

from __future__ import annotations

from customer_patterns.schemas.table import Column

SUPPRESSED = Column(
    "suppressed",
    "text",
    "whether the row is blank, and why: it rests on too few customers, or keeps such a row from being worked out",
    levels=("no", "too few", "to protect another"),
)


def estimate_columns(
    name: str, kind: str, meaning: str, label: str, unit: str = "", *, signed: bool = False
) -> tuple[Column, ...]:
    """Three columns: a figure and the bounds of its interval at 95 %."""
    least, most = None if signed else 0, 1 if kind == "share" else None
    unit = unit or ("share" if kind == "share" else "")
    parts = (("", meaning), ("_low", f"lower bound of {name} at 95 %"), ("_high", f"upper bound of {name} at 95 %"))
    return tuple(
        Column(f"{name}{end}", kind, text, label if not end else "", unit, True, least, most) for end, text in parts
    )


def n_column(meaning: str, label: str = "Customers", unit: str = "customers") -> Column:
    """How many customers, or others, a row rests on; missing where they are too few to be shown."""
    return Column("n", "integer", meaning, label, unit, True, 0)
