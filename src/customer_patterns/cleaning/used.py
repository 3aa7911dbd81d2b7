"""Which delivered columns no chapter reads: they are collected for nothing, named, and emptied for later stages."""

from __future__ import annotations

from collections.abc import Collection

import ibis
import ibis.expr.types as ir

#: By table, the columns that no later stage reads. A test holds this against the stages' code.
UNREAD: dict[str, tuple[str, ...]] = {
    "regions": ("median_income",),
    "products": ("unit_cost",),
    "events": ("referrer",),
    "experiments": ("outcome_at",),
    "feedback": ("reply_to",),
}


def without_unread(tables: dict[str, ir.Table], *, delivered: Collection[str]) -> dict[str, ir.Table]:
    """Return clean tables in which the columns are empty that no chapter reads.

    Parameters
    ----------
    tables
        Clean tables by name.
    delivered
        The tables that were delivered; the others have nothing to lose.
    """
    found = dict(tables)
    for name, columns in UNREAD.items():
        if name in delivered:
            there = [column for column in columns if column in tables[name].columns]
            found[name] = (
                tables[name].mutate(**{c: ibis.null(tables[name][c].type()) for c in there}) if there else tables[name]
            )
    return found
