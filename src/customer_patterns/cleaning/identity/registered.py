"""In which browsers customers have registered: a registration says who somebody is, as logging in does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.people import with_present_number
from customer_patterns.cleaning.rules import Tables
from customer_patterns.warehouse import keep

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def registered_browsers(
    tables: Tables, *, merged: ir.Table | None, as_of: date | None, backend: Backend
) -> ir.Table | None:
    """Find the browsers in which customers registered.

    A record that the system has only known since after the study's last day says nothing yet.

    Parameters
    ----------
    tables
        Canonical tables as collected; ``identities`` and ``events`` are looked at.
    merged
        Which customers' numbers became which: ``old``, ``new``.
    as_of
        The study's last day.
    backend
        Where the answer is kept.

    Returns
    -------
    Table
        One row per browser and customer, under the present number: ``browser``, ``customer_id``. ``None`` where no
        record names a browser, or no events were delivered.
    """
    records = tables.get("identities")
    if records is None or "events" not in tables or "visitor_id" not in records.columns:
        return None
    named = records.filter(records.visitor_id.notnull() & records.customer_id.notnull())
    if as_of is not None and "known_since" in records.columns:
        named = named.filter(named.known_since.isnull() | (named.known_since.cast("date") <= ibis.literal(as_of)))
    named = named.select(browser=named.visitor_id, customer_id=named.customer_id)
    if merged is not None:
        named = with_present_number(named, merged)
        named = named.select("browser", customer_id=ibis.coalesce(named._new, named.customer_id))
    kept = keep(backend, named.distinct(), "registered_browsers")
    return kept if kept.count().to_pyarrow().as_py() else None
