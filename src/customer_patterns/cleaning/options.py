"""What cleaning is told about a study beside its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from customer_patterns.study import Source, Study
from customer_patterns.study.contract import QualityLimit

if TYPE_CHECKING:
    from customer_patterns.cleaning.consent_rules import Refused

#: What a line's status says when the sale did not stand, as a pattern; in the words of shops in English and Chinese.
CANCELLED = "cancel|void|refund|returned|取消|退款|退货|作废"


@dataclass(frozen=True)
class Options:
    """What cleaning is told about a study.

    Attributes
    ----------
    currency
        The study's; lines in another one are set apart. Empty: whatever was delivered is one currency.
    tests, staff, guests
        Patterns of the numbers of accounts that are no customers.
    merged
        A table of two columns, ``old`` and ``new``: which customer numbers have become which.
    cancelled, cancellation_prefix
        What a line's status says, and how an order's number begins, when a sale did not stand.
    phone_region
        The country, as in ISO 3166-1, of telephone numbers written without one. Empty: only those with one are read.
    most_units
        More units on one line than this are flagged.
    most_views_a_minute
        A visitor who sees more pages than this within a minute is suspected to be a program.
    as_of
        The study's last day; missing: nothing is said about how recent a delivery is.
    mapped
        By table, the columns that the study maps; missing: those with a value.
    sources
        By table, what its sources are called.
    limits
        By table or column, what a delivery must reach.
    simulated
        The simulated tables of a study whose customers are real: they make nobody a customer.
    study
        The study itself, whose key opens what identifies persons; missing: identifiers lie open.
    keep_days
        By table, for how many days its records may be kept; the shortest of its sources.
    refused
        Who refuses analysis or tracking; found by :func:`~customer_patterns.cleaning.clean.clean_study`.
    registered
        In which browsers customers registered (``browser``, ``customer_id``); found likewise.
    """

    currency: str = ""
    tests: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    merged: ir.Table | None = None
    cancelled: str = CANCELLED
    cancellation_prefix: str = ""
    phone_region: str = ""
    most_units: int = 1000
    most_views_a_minute: int = 30
    as_of: date | None = None
    mapped: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, QualityLimit] = field(default_factory=dict)
    simulated: frozenset[str] = frozenset()
    study: Study | None = None
    keep_days: Mapping[str, int] = field(default_factory=dict)
    refused: Refused | None = None
    registered: ir.Table | None = None


def options_of(
    study: Study, *, as_of: date, merged: ir.Table | None = None, phone_region: str = "", **settings: str | int
) -> Options:
    """Return what a study file says that cleaning needs.

    Parameters
    ----------
    study
        The study.
    as_of
        Its last day.
    merged
        The mapping of customers' numbers, from :func:`~customer_patterns.cleaning.merged.read_merged`.
    phone_region
        Instead of what the study file says, where it is given.
    settings
        Other method settings by the names of :class:`Options`.
    """
    tables = dict.fromkeys(source.table for source in study.sources)
    real = {"order_lines", "customers"}.intersection(tables) - study.simulated_tables
    return Options(
        currency=study.currency,
        tests=study.accounts.tests,
        staff=study.accounts.staff,
        guests=study.accounts.guests,
        merged=merged,
        phone_region=phone_region or study.phone_region or "",
        as_of=as_of,
        mapped={t: frozenset(name for s in study.sources_of(t) for name in _delivered(s)) for t in tables},
        sources={t: ", ".join(s.source for s in study.sources_of(t)) for t in tables},
        limits=study.quality,
        simulated=study.simulated_tables if real else frozenset(),
        study=study,
        keep_days={t: min(days) for t in tables if (days := [s.keep_days for s in study.sources_of(t) if s.keep_days])},
        **settings,
    )


def _delivered(source: Source) -> tuple[str, ...]:
    """The canonical columns that a source delivers; of an answer sheet also which question was answered, and how."""
    return (*source.columns, *(("item_id", "answer") if source.wide is not None else ()))
