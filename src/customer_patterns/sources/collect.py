"""Bring a study's deliveries together: read, cut at the study's last moment, count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.sources import cut
from customer_patterns.sources.account import record_account, source_list, within_window
from customer_patterns.sources.days import days_covered
from customer_patterns.sources.readers import DeliveryError, read_source
from customer_patterns.study import Study

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


@dataclass(frozen=True)
class Collected:
    """A study's canonical tables as of its last moment, with their account.

    Attributes
    ----------
    tables
        Canonical tables by name.
    sources, account, days
        See ``SOURCES``, ``ACCOUNT``, ``DAYS``.
    inputs
        SHA-256 of each delivered file, by table.
    """

    tables: dict[str, ir.Table]
    sources: pd.DataFrame
    account: pd.DataFrame
    days: pd.DataFrame
    inputs: dict[str, str]

    @property
    def all(self) -> dict[str, ir.Table | pd.DataFrame]:
        """All tables that the stage writes, by name."""
        return {**self.tables, "sources": self.sources, "account": self.account, "days": self.days}


def collect_study(study: Study, *, as_of: date, thin_day_share: float, backend: Backend) -> Collected:
    """Read every source of a study, set aside what was not yet known on its last day, and count the rest.

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
        For a delivery that cannot be read, a table of purchases without rows, or a last day before the first purchase.
    """
    deliveries = [read_source(backend, source) for source in study.sources]
    delivered = {delivery.source.table: delivery.table for delivery in deliveries}
    if delivered["order_lines"].limit(1).count().to_pyarrow().as_py() == 0:
        raise DeliveryError(f"order_lines: {study.source('order_lines').location} has no rows; ask for a new delivery")
    known = cut.cut_at(delivered, as_of=as_of, time_zone=study.time_zone)
    lines = known["order_lines"]
    inside = lines.filter(within_window(lines, first_day=study.first_day, time_zone=study.time_zone))
    if inside.limit(1).count().to_pyarrow().as_py() == 0:
        raise DeliveryError(f"there is no purchase between {study.first_day} and as_of {as_of}; choose a later as_of")
    kept = {**known, "order_lines": inside}
    return Collected(
        tables=kept,
        sources=source_list(study),
        account=record_account(known, kept),
        days=days_covered(
            inside,
            first_day=study.first_day,
            as_of=as_of,
            time_zone=study.time_zone,
            thin_day_share=thin_day_share,
        ),
        inputs={delivery.source.table: delivery.sha256 for delivery in deliveries},
    )
