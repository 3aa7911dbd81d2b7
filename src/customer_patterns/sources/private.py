"""What a delivery says about persons, and where it goes: identifiers into the vault, pseudonyms into the tables.

Nothing that is written from here on holds a direct identifier: pieces of files hold sealed values, quarantined records
are sealed, tables hold pseudonyms, and in people's own words numbers, addresses and the names of customers are
replaced by what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from customer_patterns.privacy import Key, Pseudonyms, Sealer, domain_of, is_pseudonym, mask_link, mask_text, name_mask
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.persons import holds_persons, is_personal, key_of, personal_columns, vault_of
from customer_patterns.sources.values.reading import FREE_TEXTS
from customer_patterns.study import Source, Study
from customer_patterns.warehouse import keep

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Texts of the sender's own, about nobody.
_OURS = frozenset({"wording_en", "wording_zh"})


#: Addresses of pages, in which forms and mails leave who somebody is.
_LINKS = ("page", "referrer")


def text_columns(table: str) -> list[str]:
    """Return the columns in people's own words."""
    return [name for name in CANONICAL[table].names if name in FREE_TEXTS and name not in _OURS]


# What is cached


def locked(rows: pa.Table, source: Source, study: Study) -> pa.Table:
    """Return converted records as a cache may hold them: identifiers and people's own words sealed, links masked.

    In a study without direct identifiers there is no key: then the words are masked, which :func:`masked` would do too.
    """
    names = [*personal_columns(rows.column_names, source.table), *text_columns(source.table)]
    names = [name for name in names if name in rows.column_names]
    sealer = Sealer(key_of(study)) if names and holds_persons(study) else None
    for name in names:
        said = rows[name].cast(pa.string())
        rows = _with(rows, name, sealer.seal_column(said) if sealer else _each(said, mask_text))
    for name in (name for name in _LINKS if name in rows.column_names):
        rows = _with(rows, name, _each(rows[name], mask_link))
    return rows


def locked_records(aside: pd.DataFrame, source: Source, study: Study) -> pd.DataFrame:
    """Return records set aside, ``raw`` sealed where it may say who somebody is; without a key, masked."""
    if aside.empty or not (is_personal(source) or text_columns(source.table)):
        return aside
    sealer = Sealer(key_of(study)) if holds_persons(study) else None

    def lock(raw: str | None) -> str | None:
        if raw is None or raw.startswith("sealed:"):
            return raw
        return sealer.seal(raw) if sealer else mask_text(raw)

    return aside.assign(raw=[lock(raw if isinstance(raw, str) else None) for raw in aside["raw"]])


def unlocked_record(raw: str | None, study: Study) -> str | None:
    """Return a record set aside as it was delivered; opened only where it is sealed."""
    if raw is None or not raw.startswith("sealed:"):
        return raw
    return _sealer(study.name, key_of(study)).open(raw)


@lru_cache(maxsize=4)
def _sealer(study: str, key: Key) -> Sealer:
    return Sealer(key)


# What the tables hold


def kept_apart(tables: dict[str, ir.Table], study: Study, backend: Backend) -> dict[str, ir.Table]:
    """Put identifiers into the vault and pseudonyms into their place; mask people's own words.

    Parameters
    ----------
    tables
        Canonical tables as taken in, by name.
    study, backend
        Their study, and the DuckDB they lie in.

    Returns
    -------
    dict
        The same tables; those that held identifiers or free texts are computed anew, in memory.
    """
    found = dict(tables)
    names: set[str] = set()
    for name, table in tables.items():
        personal = personal_columns(table.columns, name)
        if not personal:
            continue
        opened = with_identifiers(table, study=study, backend=backend)
        if "name" in opened.columns:
            names |= {value for value in opened.select("name").distinct().to_pyarrow()["name"].to_pylist() if value}
        found[name] = with_pseudonyms(opened, study=study, backend=backend)
    without_names = name_mask(names)
    sealer = Sealer(key_of(study)) if holds_persons(study) else None

    def plain(text: str) -> str:
        return mask_text(sealer.open(text) if sealer else text, names=without_names)

    for name, table in tables.items():
        if texts := [column for column in text_columns(name) if column in table.columns]:
            found[name] = _masked(table, texts, plain, backend)
    return found


def _masked(table: ir.Table, texts: list[str], change: Callable[[str], str], backend: Backend) -> ir.Table:
    """Replace the values of these columns that change; most tables have none, and are left as they are."""
    columns, as_it_was = table.columns, table
    for name in texts:
        values = table.select(name).distinct().to_pyarrow()[name].to_pylist()
        changed = {value: new for value in values if value is not None and (new := change(value)) != value}
        if changed:
            before, after = (pa.array(each, pa.string()) for each in (changed, changed.values()))
            of_it = _in_memory(pa.table({"_before": before, "_after": after}), backend)
            table = table.left_join(of_it, table[name] == of_it._before)
            table = table.mutate(**{name: ibis.coalesce(table._after, table[name])}).select(columns)
    return table if table is as_it_was else keep(backend, table, ibis.util.gen_name("masked"))


def with_pseudonyms(table: ir.Table, *, study: Study, backend: Backend) -> ir.Table:
    """Return a table with pseudonyms in the place of identifiers, which go into the vault."""
    rows, vault = table.to_pyarrow(), vault_of(study)
    naming = Pseudonyms(vault.key)
    entries: dict[str, dict[str, str]] = {}
    for name in personal_columns(rows.column_names):
        domain = domain_of(name)
        values = [v for v in rows[name].unique().to_pylist() if v is not None and not is_pseudonym(v)]
        named = dict(zip(values, naming.of(values, domain=domain), strict=True))
        entries.setdefault(domain, {}).update({pseudonym: value for value, pseudonym in named.items()})
        rows = _with(rows, name, _each(rows[name], lambda value, of=named: of.get(value, value)))
    vault.add(entries)
    return _in_memory(rows, backend).cast(table.schema())


def with_identifiers(table: ir.Table, *, study: Study, backend: Backend) -> ir.Table:
    """Return a table with identifiers as they were delivered, in memory: seals opened, pseudonyms looked up."""
    names = personal_columns(table.columns)
    if not names:
        return table
    rows, vault = table.to_pyarrow(), vault_of(study)
    sealer = Sealer(vault.key)
    held: dict[str, dict[str, str]] = {}
    renamed: dict[str, dict[str, str]] = {}
    if any(is_pseudonym(value) for name in names for value in rows[name].unique().to_pylist()):
        held, renamed = vault.open(why="identities put together"), vault.renamed()

    def plain(value: str, domain: str) -> str:
        if not is_pseudonym(value):
            return sealer.open(value)
        now = renamed.get(domain, {}).get(value, value)
        return held.get(domain, {}).get(now, value)

    for name in names:
        rows = _with(rows, name, _each(rows[name], partial(plain, domain=domain_of(name))))
    return _in_memory(rows, backend).cast(table.schema())


def _with(rows: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)


def _each(column: pa.ChunkedArray, change: Callable[[str], str]) -> pa.ChunkedArray:
    """Change each different text of a column once."""
    values = column.cast(pa.string())
    different = values.unique()
    changed = pa.array([None if text is None else change(text) for text in different.to_pylist()], pa.string())
    return pa.chunked_array([changed.take(pc.index_in(values, different).combine_chunks())], pa.string())


def _in_memory(rows: pa.Table, backend: Backend) -> ir.Table:
    name, view = ibis.util.gen_name("apart"), ibis.util.gen_name("rows")
    backend.con.register(view, rows)
    backend.con.execute(f'CREATE TEMP TABLE "{name}" AS SELECT * FROM "{view}"')
    backend.con.unregister(view)
    return backend.table(name)
