"""The cleaning rules for what customers refuse, and for how long records may be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.options import Options
from customer_patterns.cleaning.people import PEOPLE_COLUMNS, with_present_number
from customer_patterns.cleaning.row_rules import RowRule
from customer_patterns.cleaning.rules import Tables
from customer_patterns.privacy.consent import ANALYSIS, MARKETING, TRACKING, refusing
from customer_patterns.schemas.canonical import CANONICAL, KNOWN_SINCE
from customer_patterns.warehouse import keep

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Rules of privacy, as a reader sees them.
REFUSES_ANALYSIS = "the customer refuses analysis: left out"
REFUSES_TRACKING = "the customer refuses tracking: left out, purchases stay"
EXPIRED = "older than it may be kept: left out"


@dataclass(frozen=True)
class Refused:
    """Who refuses what: tables of one column.

    Attributes
    ----------
    analysis
        ``customer_id`` of those whose records are no longer analyzed; ``None`` where nobody refuses.
    tracking
        ``customer_id`` of those whose visits are not followed.
    visitors
        ``visitor_id`` under which these were seen.
    marketing
        ``customer_id``, former and present, of those known under several numbers who refuse marketing under one.
    """

    analysis: ir.Table | None = None
    tracking: ir.Table | None = None
    visitors: ir.Table | None = None
    marketing: ir.Table | None = None


def refusals(
    tables: Tables, *, merged: ir.Table | None, backend: Backend, registered: ir.Table | None = None
) -> Refused:
    """Find out who refuses analysis and who refuses tracking, under former numbers as under present ones.

    Only whoever refused can allow it again, under the number that it was refused under: that two numbers are one
    person's may be an error, and a refusal is not lifted by one.

    Parameters
    ----------
    tables
        Canonical tables as collected; ``consents`` and ``events`` are looked at.
    merged
        Which customers' numbers became which: ``old``, ``new``.
    backend
        Where the answers are kept.
    registered
        In which browsers customers registered: ``browser``, ``customer_id``.
    """
    if "consents" not in tables:
        return Refused()
    consents = tables["consents"]

    def who(purpose: str) -> ir.Table | None:
        ids = refusing(consents, purpose)
        if merged is not None:
            ids = with_present_number(ids, merged)
            ids = ids.select(customer_id=ibis.coalesce(ids._new, ids.customer_id)).distinct()
            # Records that still carry another number are theirs too.
            former = merged.semi_join(ids, merged.new == ids.customer_id).select(customer_id=merged.old)
            ids = ids.union(former)
        kept = keep(backend, ids, f"refusing__{purpose}")
        return kept if kept.count().to_pyarrow().as_py() else None

    tracking, visitors = who(TRACKING), None
    events = tables.get("events")
    if tracking is not None and events is not None and {"visitor_id", "customer_id"} <= set(events.columns):
        theirs = events.filter(events.visitor_id.notnull()).semi_join(tracking, "customer_id")
        seen = theirs.select("visitor_id")
        if registered is not None:
            own = registered.semi_join(tracking, "customer_id")
            seen = seen.union(own.select(visitor_id=own.browser))
        visitors = keep(backend, seen.distinct(), "refusing__visitors")
    marketing = who(MARKETING) if merged is not None else None
    if marketing is not None:
        several = merged.select(customer_id=merged.old).union(merged.select(customer_id=merged.new))
        marketing = keep(backend, marketing.semi_join(several, "customer_id"), "refusing__marketing_under_one")
    return Refused(who(ANALYSIS), tracking, visitors, marketing)


def consent_rules(table: str, options: Options) -> list[RowRule]:
    """Leave out the records of customers who refuse analysis, visits of those who refuse tracking, and expired records.

    Of a visit that belongs to somebody who refuses tracking, those made before logging in under the same visitor's
    number go too; purchases stay.
    """
    columns = [name for name in PEOPLE_COLUMNS if name in CANONICAL[table]]
    refused = options.refused

    def theirs(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
        return _any(rows[name].isin(refused.analysis.customer_id) for name in columns)

    rules = [
        RowRule(
            REFUSES_ANALYSIS,
            table,
            "dropped",
            theirs,
            applies=lambda tables: refused is not None and refused.analysis is not None,
        )
    ]
    if table == "events":

        def tracked(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
            known = rows.customer_id.isin(refused.tracking.customer_id)
            if "visitor_id" not in rows.columns or refused.visitors is None:  # (nobody delivered one)
                return known.fill_null(False)
            return known.fill_null(False) | rows.visitor_id.isin(refused.visitors.visitor_id).fill_null(False)

        rules.append(
            RowRule(
                REFUSES_TRACKING,
                table,
                "dropped",
                tracked,
                applies=lambda tables: refused is not None and refused.tracking is not None,
            )
        )
    if table == "consents":

        def lifted(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
            theirs = rows.customer_id.isin(refused.marketing.customer_id).fill_null(False)
            return theirs & (rows.purpose == MARKETING) & rows.granted

        rules.append(
            RowRule(
                "marketing is refused under another number of the same customer: this consent does not count",
                table,
                "dropped",
                lifted,
                applies=lambda tables: refused is not None and refused.marketing is not None,
            )
        )
    moment = KNOWN_SINCE.get(table, "")
    if moment in CANONICAL[table]:

        def expired(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
            oldest = options.as_of - timedelta(days=options.keep_days[table])
            return rows[moment].cast("date") < ibis.literal(oldest)

        rules.append(
            RowRule(
                EXPIRED,
                table,
                "dropped",
                expired,
                applies=lambda tables: options.as_of is not None and table in options.keep_days,
            )
        )
    return rules


def _any(marks: object) -> ir.BooleanValue:
    found = None
    for mark in marks:
        mark = mark.fill_null(False)
        found = mark if found is None else found | mark
    return found
