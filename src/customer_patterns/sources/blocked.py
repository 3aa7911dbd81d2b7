"""Customers who asked to be forgotten: their records are as if they had never been delivered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.privacy.blocklist import BlockList
from customer_patterns.sources.persons import HANDLES, Naming, holds_persons, key_of, takes_pseudonym
from customer_patterns.sources.private import unlocked_record
from customer_patterns.study import Source, Study, blocked_path

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: The columns that hold a customer's number, or an author's name.
PEOPLE = ("customer_id", "referrer_id", "referred_id", *sorted(HANDLES))


def block_list(study: Study) -> BlockList:
    """Return the list of who is never taken in again."""
    return BlockList(blocked_path(study.name), key_of(study) if holds_persons(study) else None)


def without_blocked(backend: Backend, table: ir.Table, study: Study) -> ir.Table:
    """Return the records taken in of a table without those of forgotten customers; the same table where there are none.

    Parameters
    ----------
    backend
        Their DuckDB.
    table
        Canonical columns.
    study
        Its study.
    """
    listed = block_list(study)
    if not listed:
        return table
    found = table
    for name in PEOPLE:
        if name in table.columns:
            ids = table.select(name).distinct().to_pyarrow()[name].to_pylist()
            if theirs := listed.among(ids):
                found = found.filter(found[name].isnull() | found[name].notin(sorted(theirs)))
    return found


def without_blocked_records(aside: pd.DataFrame, source: Source, study: Study) -> pd.DataFrame:
    """Return the records set aside without those of forgotten customers, as far as their number can be read."""
    listed = block_list(study)
    if not listed or aside.empty:
        return aside
    names = {name: source.delivered_columns[name] for name in PEOPLE if name in source.delivered_columns}
    hashed = {delivered for name, delivered in names.items() if takes_pseudonym(name, source.columns[name])}
    naming = Naming(key_of(study)) if hashed else None

    def numbers(raw: str | None) -> list[str]:
        try:
            record = json.loads(unlocked_record(raw, study) or "")
        except ValueError:
            return []
        if not isinstance(record, dict):
            return []
        said = {name: str(record[name]).strip() for name in names.values() if record.get(name)}
        return [naming.of(number) if naming and name in hashed else number for name, number in said.items()]

    each = [numbers(raw if isinstance(raw, str) else None) for raw in aside["raw"]]
    theirs = listed.among({number for record in each for number in record})
    stays = [theirs.isdisjoint(record) for record in each]
    return aside[stays].reset_index(drop=True)
