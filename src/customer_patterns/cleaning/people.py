"""Whom records are about: the columns of customers' numbers, and the number that a customer has now."""

from __future__ import annotations

import ibis.expr.types as ir

from customer_patterns.schemas.canonical import CANONICAL

#: The columns that hold a customer's number.
PEOPLE_COLUMNS = ("customer_id", "referrer_id", "referred_id")


def tables_of_people() -> list[str]:
    """Return the tables whose records belong to customers, those that say who they are last."""
    named = [name for name, schema in CANONICAL.items() if set(PEOPLE_COLUMNS) & set(schema.names)]
    return [*(name for name in named if name != "customers"), "customers"]


def with_present_number(rows: ir.Table, merged: ir.Table, *, of: str = "customer_id") -> ir.Table:
    """Add the number that the customer of each row has now.

    Parameters
    ----------
    rows
        Rows of any grain.
    merged
        Which customers' numbers became which: ``old``, each once, and ``new``, to its end.
    of
        The column that holds the number.

    Returns
    -------
    Table
        The same rows with ``_new``; missing where the number is still the customer's own.
    """
    known = merged.select(_old_number=merged.old, _new=merged.new)
    return rows.left_join(known, rows[of] == known._old_number).drop("_old_number")
