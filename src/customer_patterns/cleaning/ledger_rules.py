"""The cleaning rules for accounts that run on: loyalty points, contracts, referrals, consents, possible sales."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.row_rules import RowRule
from customer_patterns.cleaning.rules import Rule, Tables

LEDGER = "loyalty_ledger"


def balance_below_zero() -> RowRule:
    """Empty a balance below zero: an account of points cannot be overdrawn."""
    return RowRule(
        "balance of points below zero: emptied",
        LEDGER,
        "changed",
        lambda rows, tables: rows.balance < 0,
        repair=lambda rows: {"balance": ibis.null("int64")},
        needs=("balance",),
        shows=("points", "balance"),
    )


def balance_does_not_follow() -> Rule:
    """Count entries whose balance is not the one before plus their points; they stay."""

    def found(tables: Tables) -> ir.Table:
        rows = tables[LEDGER]
        order = {"group_by": "customer_id", "order_by": [rows.booked_at, rows.entry_id]}
        rows = rows.mutate(_before=rows.balance.lag().over(**order))
        return rows.filter((rows._before + rows.points.fill_null(0) != rows.balance).fill_null(False))

    return Rule(
        "balance of points does not follow from the one before: kept",
        LEDGER,
        "flagged",
        found,
        lambda tables: tables,
        applies=lambda tables: {"balance", "points"} <= set(tables[LEDGER].columns),
    )


def wrong_sign() -> RowRule:
    """Count points earned below zero, or burned and expired above it; they stay."""
    return RowRule(
        "points earned with a minus, or spent with a plus: kept",
        LEDGER,
        "flagged",
        lambda rows, tables: (
            ((rows.kind == "earn") & (rows.points < 0)) | (rows.kind.isin(["burn", "expire"]) & (rows.points > 0))
        ),
        needs=("points",),
        shows=("kind", "points"),
    )


def contract_ends_first() -> RowRule:
    """Empty an end that lies before the beginning."""
    return RowRule(
        "planned to end before it starts: the end emptied",
        "contracts",
        "changed",
        lambda rows, tables: rows.ends_on < rows.starts_on,
        repair=lambda rows: {"ends_on": ibis.null("date")},
        needs=("ends_on",),
        shows=("starts_on", "ends_on"),
    )


def contract_never_started() -> RowRule:
    """Count contracts cancelled before their first day; they stay."""
    return RowRule(
        "cancelled before its first day: kept",
        "contracts",
        "flagged",
        lambda rows, tables: rows.cancelled_on < rows.starts_on,
        needs=("cancelled_on",),
        shows=("starts_on", "cancelled_on"),
    )


def referred_oneself() -> RowRule:
    """Drop referrals of oneself."""
    return RowRule(
        "a customer who referred himself",
        "referrals",
        "dropped",
        lambda rows, tables: rows.referrer_id == rows.referred_id,
        shows=("referrer_id",),
    )


def referred_in_a_circle() -> Rule:
    """Count referrals that lead back to where they began; they stay, since nobody can say which of them is wrong."""

    def found(tables: Tables) -> ir.Table:
        rows = tables["referrals"]
        pairs = rows.select("referrer_id", "referred_id").to_pyarrow()
        circle = circular(zip(pairs["referred_id"].to_pylist(), pairs["referrer_id"].to_pylist(), strict=True))
        return rows.filter(rows.referred_id.isin(sorted(circle))) if circle else rows.filter(ibis.literal(False))

    return Rule("referrals that lead in a circle: kept", "referrals", "flagged", found, lambda tables: tables)


def circular(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Return the customers who were brought, in the end, by themselves.

    Parameters
    ----------
    pairs
        Who was brought, by whom; each was brought once.

    Examples
    --------
    >>> sorted(circular([("b", "a"), ("c", "b"), ("a", "c"), ("d", "a")]))
    ['a', 'b', 'c']
    """
    by = dict(pairs)
    done: set[str] = set()
    circle: set[str] = set()
    for start in sorted(by):
        path: dict[str, int] = {}
        one = start
        while one in by and one not in done and one not in path:
            path[one] = len(path)
            one = by[one]
        if one in path:
            circle.update(who for who, place in path.items() if place >= path[one])
        done.update(path)
    return circle
