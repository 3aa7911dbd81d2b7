"""Reads a table or view of a database: PostgreSQL, MySQL or MariaDB, SQLite, through SQLAlchemy.

SQLAlchemy is the one layer that speaks to all three, is maintained, streams large results, quotes names and reflects
types; its drivers (psycopg, PyMySQL) bring wheels for every supported Python. ADBC has no MySQL, connectorx turns
decimals into floats. Both layer and drivers come with the extra ``customer-patterns[sql]``.

Every value is asked for as text, which the server writes without loss: decimals keep all digits, a day called
``infinity`` or 0000-00-00 stops nothing. Back here each column gets the type that the database declares; a record with
a value that is none of it is set aside. There is no free SQL: the contract names a table and its columns.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from customer_patterns.sources.fetched import anew, download_for, is_outdated
from customer_patterns.sources.raw import FILE, LINE, DeliveredFile, Raw, repair_frame, set_aside_frame
from customer_patterns.sources.readers.database import Database
from customer_patterns.sources.readers.database_columns import EXACT, TEXT, TYPES, asked_for
from customer_patterns.sources.readers.database_rows import FAULT, RECORDS, store
from customer_patterns.study import Source

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def fetch(source: Source, *, folder: Path, as_of: date) -> tuple[DeliveredFile, ...]:
    """Fetch the contract's columns of a table into a file, or find the file that was fetched for this day.

    Parameters
    ----------
    source
        ``connection`` names the environment variable that holds the address, such as
        ``postgresql://reader:…@host/shop``; ``location`` is ``table`` or ``schema.table``.
    folder
        Where downloads of the study lie.
    as_of
        The study's last moment; see :mod:`~customer_patterns.sources.fetched`.

    Returns
    -------
    tuple
        One parquet file: the columns as text in a total order, by the contract's key first.

    Raises
    ------
    DeliveryError
        ``E_CONNECTION``, ``E_DATABASE_TABLE``, ``E_SCHEMA``. No message holds the address or a part of it.
    """
    download = download_for(source, folder=folder, as_of=as_of)
    if is_outdated(download, source, as_of=as_of, ask=watched):
        download = anew(download, source)
    if download.about is None:
        download.forget()  # a database cannot go on amid a result: what it holds may have changed
        with Database(source) as database:
            about = {} if source.watch is None else {"watched": _watched(database)}
            store(database, download)
        download.take(RECORDS)
        download.finish(**about)
    return download.files(source)


def watched(source: Source) -> dict[str, Any]:
    """Ask a database how many rows the table has, and for the newest value of each column that the contract watches.

    Raises
    ------
    DeliveryError
        As of :func:`fetch`.
    """
    with Database(source) as database:
        return _watched(database)


def read(backend: Backend, source: Source, files: tuple[DeliveredFile, ...]) -> Raw:
    """Read what was fetched, each column in the type that the database declares.

    Returns
    -------
    Raw
        One row per record of the table. ``_line`` is its number in the order of the contract's key. Numbers of no
        declared length have all their digits; where more than 38 would be needed they stay text.
    """
    parts, set_aside = [], []
    for index, file in enumerate(files):
        types = json.loads(pq.read_metadata(file.path).metadata[TYPES])
        path = str(file.path).replace("'", "''")
        stored = f"read_parquet('{path}')"
        typed = {name: _expression(backend, stored, name, kind) for name, kind in types.items()}
        fine = [f'("{_q(name)}" IS NULL OR {value} IS NOT NULL)' for name, value in typed.items() if value]
        fine = " AND ".join([f"{FAULT} IS NULL", *fine])
        set_aside += _faulty(backend, stored, typed, index)
        listed = ", ".join(f'{value or _column(name)} AS "{_q(name)}"' for name, value in typed.items())
        parts.append(f"SELECT {listed}, {index}::INTEGER AS {FILE}, {LINE} FROM {stored} WHERE {fine}")
    name = f"database_{files[0].sha256[:16]}_{source.table}"
    backend.con.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {" UNION ALL BY NAME ".join(parts)}')
    return Raw(files, source.required_columns, backend.table(name), set_aside_frame(set_aside), repair_frame())


def _column(name: str) -> str:
    return f'"{_q(name)}"'


def _q(name: str) -> str:
    return name.replace('"', '""')


def _expression(backend: Backend, stored: str, name: str, kind: str) -> str | None:
    """The SQL for a typed column, missing where the text is no such value; ``None`` where it stays text."""
    text = _column(name)
    if kind == EXACT:
        digits, places = backend.con.execute(
            f"SELECT max(length(ltrim(split_part({text}, '.', 1), '-'))), max(length(split_part({text}, '.', 2))) "
            f"FROM {stored} WHERE regexp_full_match({text}, '-?[0-9]+([.][0-9]+)?')"
        ).fetchall()[0]
        if digits is None or digits + places > 38:
            return None
        kind = f"DECIMAL(38, {places})"
    if kind == TEXT:
        return None
    if kind == "UTC":  # a moment whose text has no offset because the session's is UTC
        return f"TRY_CAST({text} || '+00' AS TIMESTAMPTZ)"
    value = f"TRY_CAST({text} AS {kind})"
    if kind in ("DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMPTZ"):
        before_christ = f" AND {text} NOT LIKE '%BC'" if kind != "DOUBLE" else ""  # DuckDB takes BC for a time zone
        return f"CASE WHEN isfinite({value}){before_christ} THEN {value} END"
    return value


def _faulty(backend: Backend, stored: str, typed: dict[str, str | None], index: int) -> Iterator[tuple[Any, ...]]:
    """The records with a value that is none of its column's type, or that could not be stored."""
    tests = {name: f'("{_q(name)}" IS NOT NULL AND {value} IS NULL)' for name, value in typed.items() if value}
    which = "".join(f"WHEN {test} THEN '{name.replace(chr(39), chr(39) * 2)}' " for name, test in tests.items())
    column = f"CASE {which} END" if which else "NULL"
    listed = ", ".join(map(_column, typed))
    bad = " OR ".join([f"{FAULT} IS NOT NULL", *tests.values()])
    rows = backend.con.execute(
        f"SELECT {LINE}, {FAULT}, {column}, {listed} FROM {stored} WHERE {bad} ORDER BY {LINE}"
    ).fetchall()
    for line, fault, name, *values in rows:
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(["" if value is None else value for value in values])
        code, name = fault.split(" ", 1) if fault else ("E_DATABASE_VALUE", name)
        yield index, line, code, name, None, text.getvalue()


def _watched(database: Database) -> dict[str, Any]:
    """The number of rows, and the greatest value of each watched column as text, in this transaction's state."""
    import sqlalchemy as sa

    names = database.source.watch or ()
    _, _, table = asked_for(database)
    newest = [sa.cast(sa.func.max(table.c[name]), sa.Text()).label(f"c{number}") for number, name in enumerate(names)]
    row = database.connection.execute(sa.select(sa.func.count(), *newest).select_from(table)).one()
    return {
        "rows": int(row[0]),
        **{name: None if v is None else str(v) for name, v in zip(names, row[1:], strict=True)},
    }
