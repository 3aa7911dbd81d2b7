"""Bring a study's deliveries together: take in, cut at the study's last moment, keep each record once, count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.schemas.canonical import CANONICAL, KNOWN_LATER
from customer_patterns.sources import cut
from customer_patterns.sources.account import Accounts, Fate, record_accounts, within_window
from customer_patterns.sources.account_tables import source_list
from customer_patterns.sources.arrivals import arrivals, source_quality
from customer_patterns.sources.days import behavior_tables, days_covered
from customer_patterns.sources.files import delivered_files
from customer_patterns.sources.intake import LOADED, NotYetHandedOver, Taken, take_in
from customer_patterns.sources.persons import refuse_children, refuse_protected
from customer_patterns.sources.pieces import IN_DELIVERED_ORDER
from customer_patterns.sources.private import kept_apart
from customer_patterns.sources.raw import DeliveryError
from customer_patterns.sources.redelivered import latest_only
from customer_patterns.sources.remote import fetched_digests
from customer_patterns.sources.tables import TABLES
from customer_patterns.sources.views import as_view
from customer_patterns.study import Source, Study
from customer_patterns.warehouse import written_already

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Which of a study's sources a record came from, where a table has several.
_SOURCE = "_source"


@dataclass(frozen=True)
class Collected:
    """A study's canonical tables as of its last moment, with their account.

    Attributes
    ----------
    tables
        Canonical tables by name.
    sources, days, record_days, arrivals, source_quality
        See ``SOURCES``, ``DAYS``, ``RECORD_DAYS``, ``ARRIVALS``, ``SOURCE_QUALITY``.
    accounts
        Where every record is now.
    inputs
        SHA-256 of each delivered file, by table (``table (source)`` where a table has several sources).
    """

    tables: dict[str, ir.Table]
    sources: pd.DataFrame
    accounts: Accounts
    days: pd.DataFrame
    record_days: pd.DataFrame
    arrivals: pd.DataFrame
    source_quality: pd.DataFrame
    inputs: dict[str, str]

    @property
    def account(self) -> pd.DataFrame:
        """The account by table and source: see ``ACCOUNT``."""
        return self.accounts.account

    @property
    def covered(self) -> pd.DataFrame:
        """The days of what the study is about: purchases, or in a study without them all records of behavior."""
        return self.days if "order_lines" in self.tables else self.record_days

    @property
    def all(self) -> dict[str, ir.Table | pd.DataFrame]:
        """All tables that the stage writes, by name."""
        return {
            **self.tables,
            "sources": self.sources,
            "account": self.accounts.account,
            "set_aside_reasons": self.accounts.set_aside_reasons,
            "repair_reasons": self.accounts.repair_reasons,
            "left_out": self.accounts.left_out,
            "quarantine": self.accounts.quarantine,
            "days": self.days,
            "record_days": self.record_days,
            "arrivals": self.arrivals,
            "source_quality": self.source_quality,
        }


def collect_study(study: Study, *, as_of: date, thin_day_share: float, backend: Backend) -> Collected:
    """Take in every source of a study, leave out what was not yet known on its last day, and count the rest.

    Parameters
    ----------
    study
        The study file.
    as_of
        The last day that counts, in the study's time zone.
    thin_day_share
        See :func:`~customer_patterns.sources.days.days_covered`.
    backend
        The DuckDB to read with; the large tables stay there.

    Raises
    ------
    DeliveryError
        For a delivery that cannot be used, deliveries without any record of behavior, or a last day before the first.
    """
    refuse_protected(study)
    taken_in = (_taken_in(backend, source, study=study, as_of=as_of) for source in study.sources)
    deliveries = [taken for taken in taken_in if taken is not None]
    known = _known(backend, deliveries, as_of=as_of, time_zone=study.time_zone)
    fates = [_fate(backend, study, taken, known[number]) for number, taken in enumerate(deliveries)]
    kept: dict[str, ir.Table] = {}
    for name in CANONICAL:
        of_table = [fate for fate in fates if fate.taken.source.table == name]
        if of_table:
            kept[name] = _written_already(backend, of_table)
            if kept[name] is None:
                parts = [fate.kept.select(*CANONICAL[name].names) for fate in of_table]
                kept[name] = reduce(lambda a, b: a.union(b), parts)
    if "customers" in kept:
        groups = kept["customers"].select("age_group").distinct().to_pyarrow()["age_group"].to_pylist()
        refuse_children(groups, study)
    kept = kept_apart(kept, study, backend)
    _refuse_nothing(study, deliveries, kept, as_of)
    days, record_days = days_covered(
        behavior_tables(kept),
        first_day=study.first_day,
        as_of=as_of,
        time_zone=study.time_zone,
        thin_day_share=thin_day_share,
    )
    return Collected(
        tables=kept,
        sources=source_list(study),
        accounts=record_accounts(backend, fates, as_of=as_of, time_zone=study.time_zone),
        days=days,
        record_days=record_days,
        arrivals=arrivals(fates, time_zone=study.time_zone),
        source_quality=source_quality(fates, as_of=as_of, time_zone=study.time_zone),
        inputs={**delivered_files(study), **fetched_digests(study, as_of=as_of)},
    )


def _written_already(backend: Backend, fates: list[Fate]) -> ir.Table | None:
    """The file of a table of one delivery whose order stays and of which all is kept: the stage's own, as it is."""
    fate, *others = fates
    name, written = fate.taken.source.table, fate.taken.written
    if others or written is None or name not in IN_DELIVERED_ORDER or KNOWN_LATER.get(name):
        return None
    path, records = written
    if fate.kept.count().to_pyarrow().as_py() != records:
        return None
    return written_already(backend, path, TABLES[name])


def _taken_in(backend: Backend, source: Source, *, study: Study, as_of: date) -> Taken | None:
    """Take a source in; nothing where it had not handed anything over yet and another one delivers the table."""
    try:
        return take_in(backend, source, study=study, as_of=as_of)
    except NotYetHandedOver:
        if len(study.sources_of(source.table)) == 1:
            raise
        return None


def _known(backend: Backend, deliveries: list[Taken], *, as_of: date, time_zone: str) -> list[ir.Table]:
    """What the study's last moment knows of each delivery, in their order: by when it happened and was handed over."""
    end = cut.first_moment_after(as_of, time_zone=time_zone)
    several = {t.source.table for t in deliveries if sum(o.source.table == t.source.table for o in deliveries) > 1}
    stacked: dict[str, ir.Table] = {}
    for number, taken in enumerate(deliveries):
        table = taken.table
        if taken.source.loaded_at is not None:
            table = table.filter(table[LOADED].isnull() | (table[LOADED] < ibis.literal(end)))
        name = taken.source.table
        if name in several:
            table = table.mutate(**{_SOURCE: ibis.literal(number, "int32")})
        stacked[name] = stacked[name].union(table) if name in stacked else table
    known = cut.cut_at(stacked, as_of=as_of, time_zone=time_zone)
    found = []
    for number, taken in enumerate(deliveries):
        table = known[taken.source.table]
        if taken.source.table in several:
            table = table.filter(table[_SOURCE] == number).drop(_SOURCE)
        is_whole = table is taken.table  # then there is nothing to name
        found.append(table if is_whole else as_view(backend, table, f"known__{taken.source.table}"))
    return found


def _fate(backend: Backend, study: Study, taken: Taken, known: ir.Table) -> Fate:
    """Where the known records of one source's table go."""
    kept, replaced = latest_only(backend, taken, known)
    if taken.source.table != "order_lines":
        return Fate(taken, known, kept, replaced)
    inside = within_window(kept, first_day=study.first_day, time_zone=study.time_zone)
    counted = kept.aggregate(
        records=(~inside).sum().fill_null(0), revenue=kept.revenue.sum(where=~inside).cast("decimal(18, 2)")
    )
    row = counted.to_pyarrow().to_pylist()[0]
    return Fate(taken, known, kept.filter(inside), replaced, (row["records"], row["revenue"] or Decimal("0.00")))


def _refuse_nothing(study: Study, deliveries: list[Taken], kept: dict[str, ir.Table], as_of: date) -> None:
    """Object to a study in which nothing happened."""
    behavior = behavior_tables(kept)
    if any(table.limit(1).count().to_pyarrow().as_py() for table in behavior.values()):
        return
    main = next(taken for taken in deliveries if taken.source.table in behavior)
    if main.table.limit(1).count().to_pyarrow().as_py() == 0:
        raise DeliveryError(f"{main.source.table}: {main.source.location} has no rows; ask for a new delivery")
    what = "purchase" if "order_lines" in behavior else "record"
    raise DeliveryError(f"there is no {what} between {study.first_day} and as_of {as_of}; choose a later as_of")
