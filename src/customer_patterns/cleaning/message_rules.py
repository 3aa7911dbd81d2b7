"""The cleaning rules for messages: what became of one cannot come before it was sent."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.row_rules import RowRule
from customer_patterns.cleaning.rules import Tables
from customer_patterns.schemas.canonical import AFTER_SENDING

MESSAGES = "messages"
#: Two servers' clocks may disagree by so much.
SKEW_MINUTES = 5


def _there(rows: ir.Table) -> list[str]:
    return [name for name in AFTER_SENDING if name in rows.columns]


def _early(rows: ir.Table, name: str) -> ir.BooleanValue:
    return (rows[name] < rows.sent_at).fill_null(False)


def _by_little(rows: ir.Table, name: str) -> ir.BooleanValue:
    return _early(rows, name) & (rows[name] >= rows.sent_at - ibis.interval(minutes=SKEW_MINUTES)).fill_null(False)


def clocks_apart() -> RowRule:
    """Take a moment a few minutes before the sending for the sending: two clocks disagreed."""

    def holds(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
        return _any(_by_little(rows, name) for name in _there(rows))

    return RowRule(
        "a few minutes before it was sent, by another clock: set to the sending",
        MESSAGES,
        "changed",
        holds,
        repair=lambda rows: {
            name: ibis.ifelse(_by_little(rows, name), rows.sent_at, rows[name]) for name in _there(rows)
        },
    )


def before_sent() -> RowRule:
    """Empty a moment that lies before the sending."""

    def holds(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
        return _any(_early(rows, name) for name in _there(rows))

    return RowRule(
        "delivered, opened, clicked or answered before it was sent: that moment emptied",
        MESSAGES,
        "changed",
        holds,
        repair=lambda rows: {
            name: ibis.ifelse(_early(rows, name), ibis.null("timestamp(6)"), rows[name]) for name in _there(rows)
        },
    )


def opened_though_bounced() -> RowRule:
    """Count messages that came back and were opened all the same; they stay."""

    def holds(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
        later = [rows[name].notnull() for name in ("opened_at", "clicked_at", "replied_at") if name in rows.columns]
        return rows.bounced_at.notnull() & _any(later)

    return RowRule("opened or answered though it came back: kept", MESSAGES, "flagged", holds, needs=("bounced_at",))


def clicked_unopened() -> RowRule:
    """Count messages in which something was clicked that nobody is said to have opened; they stay."""
    return RowRule(
        "clicked though never opened, as readers without pictures do: kept",
        MESSAGES,
        "flagged",
        lambda rows, tables: rows.clicked_at.notnull() & rows.opened_at.isnull(),
        needs=("opened_at", "clicked_at"),
    )


def _any(conditions: object) -> ir.BooleanValue:
    found = ibis.literal(False)
    for condition in conditions:
        found = found | condition
    return found
