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
import math
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import pyarrow as pa
import pyarrow.parquet as pq

from customer_patterns.sources.fetched import Download, anew, download_for, is_outdated
from customer_patterns.sources.raw import FILE, LINE, DeliveredFile, DeliveryError, Raw, repair_frame, set_aside_frame
from customer_patterns.sources.readers.gathered import LONGEST_VALUE, whole_letters
from customer_patterns.study import Source, nearest, output_root

if TYPE_CHECKING:
    import sqlalchemy as sa
    from ibis.backends.duckdb import Backend

#: Rows asked for at a time.
BATCH = 20_000
#: Seconds to wait for a connection.
PATIENCE = 10

#: The driver of each kind of database.
DRIVERS: dict[str, str] = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "sqlite": "sqlite",
}

_FAULT = "_fault"
_PARQUET = "records.parquet"
_TEXT, _EXACT, _TYPES = "text", "exact", b"customer_patterns.types"


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
        with _database(source) as database:
            about = {} if source.watch is None else {"watched": _watched(database)}
            _store(database, download)
        download.take(_PARQUET)
        download.finish(**about)
    return download.files(source)


def watched(source: Source) -> dict[str, Any]:
    """Ask a database how many rows the table has, and for the newest value of each column that the contract watches.

    Raises
    ------
    DeliveryError
        As of :func:`fetch`.
    """
    with _database(source) as database:
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
        types = json.loads(pq.read_metadata(file.path).metadata[_TYPES])
        path = str(file.path).replace("'", "''")
        stored = f"read_parquet('{path}')"
        typed = {name: _expression(backend, stored, name, kind) for name, kind in types.items()}
        fine = [f'("{_q(name)}" IS NULL OR {value} IS NOT NULL)' for name, value in typed.items() if value]
        fine = " AND ".join([f"{_FAULT} IS NULL", *fine])
        set_aside += _faulty(backend, stored, typed, index)
        listed = ", ".join(f'{value or _column(name)} AS "{_q(name)}"' for name, value in typed.items())
        parts.append(f"SELECT {listed}, {index}::INTEGER AS {FILE}, {LINE} FROM {stored} WHERE {fine}")
    name = f"database_{files[0].sha256[:16]}_{source.table}"
    backend.con.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {" UNION ALL BY NAME ".join(parts)}')
    return Raw(files, source.required_columns, backend.table(name), set_aside_frame(set_aside), repair_frame())


# The text that the server wrote, in its own type ---------------------------------------------------------------------


def _column(name: str) -> str:
    return f'"{_q(name)}"'


def _q(name: str) -> str:
    return name.replace('"', '""')


def _expression(backend: Backend, stored: str, name: str, kind: str) -> str | None:
    """The SQL for a typed column, missing where the text is no such value; ``None`` where it stays text."""
    text = _column(name)
    if kind == _EXACT:
        digits, places = backend.con.execute(
            f"SELECT max(length(ltrim(split_part({text}, '.', 1), '-'))), max(length(split_part({text}, '.', 2))) "
            f"FROM {stored} WHERE regexp_full_match({text}, '-?[0-9]+([.][0-9]+)?')"
        ).fetchall()[0]
        if digits is None or digits + places > 38:
            return None
        kind = f"DECIMAL(38, {places})"
    if kind == _TEXT:
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
    bad = " OR ".join([f"{_FAULT} IS NOT NULL", *tests.values()])
    rows = backend.con.execute(
        f"SELECT {LINE}, {_FAULT}, {column}, {listed} FROM {stored} WHERE {bad} ORDER BY {LINE}"
    ).fetchall()
    for line, fault, name, *values in rows:
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(["" if value is None else value for value in values])
        code, name = fault.split(" ", 1) if fault else ("E_DATABASE_VALUE", name)
        yield index, line, code, name, None, text.getvalue()


# The database -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    """A column that is asked for: how the server writes it, by what it is sorted, and which type it gets here."""

    name: str
    text: sa.ColumnElement[Any]
    order: sa.ColumnElement[Any]
    kind: str


class _database:
    """A connection for reading only, open while it is needed; whatever it says is said without the address."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._url, self._engine = _engine(source)
        self._secrets = _secrets(self._url)

    def __enter__(self) -> _database:
        from sqlalchemy.exc import DBAPIError, SQLAlchemyError

        self._errors = SQLAlchemyError
        try:
            self.connection = self._engine.connect()
            self._only_read()
        except (DBAPIError, SQLAlchemyError) as error:
            self._engine.dispose()
            raise self.refusal("it cannot be reached", "E_CONNECTION", error) from None
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.connection.close()
        self._engine.dispose()
        if isinstance(error, UnicodeError):  # its message would hold the letters
            error = LookupError("letters that are not in the encoding that the database declares")
        elif not isinstance(error, self._errors):
            return
        raise self.refusal("the table cannot be read", "E_DATABASE_TABLE", error) from None

    @property
    def dialect(self) -> str:
        """``postgresql``, ``mysql`` or ``sqlite``."""
        return self._engine.dialect.name

    def refusal(self, what: str, code: str, error: Exception) -> DeliveryError:
        """Say what the database objected to, without its address, its user and their password."""
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        for secret in self._secrets:
            said = said.replace(secret, "***")
        return DeliveryError(
            f"{what}: {said[:200]}", table=self.source.name,
            file=f"{self.source.connection}/{self.source.location}", code=code,
        )  # fmt: skip

    def _only_read(self) -> None:
        """Begin a transaction that sees one state of the data and cannot write."""
        if self.dialect == "postgresql":
            self.connection = self.connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            for setting in ("TIME ZONE 'UTC'", "DateStyle = 'ISO, YMD'", "extra_float_digits = 1"):
                self.connection.exec_driver_sql(f"SET {setting}")
        elif self.dialect == "mysql":
            self.connection.exec_driver_sql("SET SESSION time_zone = '+00:00'")
            self.connection.exec_driver_sql("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            self.connection.rollback()
        else:
            self.connection.exec_driver_sql("PRAGMA query_only = ON")


def _engine(source: Source) -> tuple[sa.URL, sa.Engine]:
    """The engine for the address in the environment variable that the contract names."""

    def refusal(what: str, remedy: str) -> DeliveryError:
        return DeliveryError(what, table=source.name, code="E_CONNECTION", remedy=remedy)

    variable = source.connection
    if not variable:
        raise refusal("the contract names no 'connection'", "name the environment variable that holds the address")
    if not os.environ.get(variable):
        raise refusal(f"the environment variable {variable} is not set", "set it to the database's address")
    example = "write it like postgresql://name:password@host/database, mysql://… or sqlite:///path"
    try:
        import sqlalchemy as sa
    except ImportError:
        raise refusal("SQLAlchemy is not installed", "install customer-patterns[sql]") from None
    try:
        url = sa.make_url(os.environ[variable])
    except (sa.exc.ArgumentError, ValueError):
        raise refusal(f"the environment variable {variable} holds no address of a database", example) from None
    backend = url.get_backend_name()
    if backend not in DRIVERS:
        raise refusal(f"the environment variable {variable} names a kind of database that cannot be read", example)
    url = url.set(drivername=DRIVERS[backend])
    try:
        if backend == "sqlite":
            return url, sa.create_engine("sqlite://", creator=lambda: _open_sqlite(url))
        options = {"connect_timeout": PATIENCE}
        if url.get_backend_name() == "mysql":
            options["charset"] = "utf8mb4"
        return url, sa.create_engine(url, connect_args=options, hide_parameters=True)
    except ImportError:
        raise refusal(f"the driver for {backend} is not installed", "install customer-patterns[sql]") from None


def _open_sqlite(url: sa.URL) -> sqlite3.Connection:
    """Open a file for reading; letters that are no UTF-8 arrive as halves, which are set aside later."""
    path = output_root() / (url.database or "")
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    return connection


def _secrets(url: sa.URL) -> list[str]:
    """What no message may hold, the longest first."""
    parts = {url.render_as_string(hide_password=False), str(url.password or ""), url.username, url.host, url.database}
    for value in url.query.values():
        parts |= {value} if isinstance(value, str) else set(value)
    parts |= {quote_plus(part) for part in parts if part}
    parts |= {str(output_root() / (url.database or ""))} if url.get_backend_name() == "sqlite" else set()
    return sorted((part for part in parts if part), key=lambda part: (-len(part), part))


def _watched(database: _database) -> dict[str, Any]:
    """The number of rows, and the greatest value of each watched column as text, in this transaction's state."""
    import sqlalchemy as sa

    names = database.source.watch or ()
    _, _, table = _asked(database)
    newest = [sa.cast(sa.func.max(table.c[name]), sa.Text()).label(f"c{number}") for number, name in enumerate(names)]
    row = database.connection.execute(sa.select(sa.func.count(), *newest).select_from(table)).one()
    return {
        "rows": int(row[0]),
        **{name: None if v is None else str(v) for name, v in zip(names, row[1:], strict=True)},
    }


def _store(database: _database, download: Download) -> None:
    """Stream the table into a parquet file."""
    import sqlalchemy as sa

    asked, order, table = _asked(database)
    query = sa.select(*[column.text.label(f"c{number}") for number, column in enumerate(asked)])
    query = query.select_from(table).order_by(*order)
    kinds = {column.name: column.kind for column in asked}
    fields = [pa.field(column.name, pa.string()) for column in asked]
    schema = pa.schema([*fields, pa.field(LINE, pa.int64()), pa.field(_FAULT, pa.string())])
    numbers = {column.name: _Numbers() for column in asked if column.kind == "dynamic"}
    result = database.connection.execution_options(stream_results=True, yield_per=BATCH).execute(query)
    written = 0
    with pq.ParquetWriter(download.part(_PARQUET), schema, compression="zstd") as writer:
        for rows in result.partitions(BATCH):
            texts, faults = _texts(rows, [column.name for column in asked], numbers)
            lines = range(written + 1, written + len(rows) + 1)
            arrays = [pa.array(values, pa.string()) for values in texts]
            arrays += [pa.array(lines, pa.int64()), pa.array(faults, pa.string())]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            written += len(rows)
        kinds |= {name: found.kind for name, found in numbers.items()}
        writer.add_key_value_metadata({_TYPES: json.dumps(kinds).encode()})


@dataclass
class _Numbers:
    """What a column of SQLite held, whose columns have no type: whole numbers, numbers, or also other values."""

    whole: bool = True
    number: bool = True
    given: bool = False

    @property
    def kind(self) -> str:
        if not (self.given and self.number):
            return _TEXT
        return "BIGINT" if self.whole else _EXACT


def _texts(
    rows: list[Any], names: list[str], numbers: dict[str, _Numbers]
) -> tuple[list[list[str | None]], list[str | None]]:
    """The rows' values as text, column by column, and what is wrong with a row: a code and a column."""
    faults: list[str | None] = [None] * len(rows)
    columns: list[list[str | None]] = []
    for position, name in enumerate(names):
        values: list[str | None] = []
        for number, row in enumerate(rows):
            value = row[position]
            if value is not None and value.__class__ is not str:
                value = _text_of(value, numbers.get(name))
                if value is None:
                    faults[number] = f"E_DATABASE_VALUE {name}"
            elif value is not None:
                if name in numbers:
                    numbers[name].given, numbers[name].number = True, False
                if "\0" in value:
                    faults[number], value = f"E_NUL {name}", value.replace("\0", "\ufffd")
                elif len(value) > LONGEST_VALUE:
                    faults[number], value = f"E_LONG_VALUE {name}", value[:1000]
                elif not value.isascii() and (whole := whole_letters(value)) != value:
                    faults[number], value = f"E_ENCODING {name}", whole
            values.append(value)
        columns.append(values)
    return columns, faults


def _text_of(value: Any, seen: _Numbers | None) -> str | None:
    """The text of a number from SQLite; ``None`` for what is neither number nor text."""
    if isinstance(value, int | float) and seen is not None and math.isfinite(value):
        seen.given = True
        seen.whole = seen.whole and isinstance(value, int)
        return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")
    return None


def _asked(database: _database) -> tuple[list[_Asked], list[sa.ColumnElement[Any]], sa.TableClause]:
    """The columns to ask for, the total order to ask for them in, and the table."""
    import sqlalchemy as sa

    source = database.source
    schema, name = _place(source)
    inspector = sa.inspect(database.connection)
    try:
        found = {column["name"]: column["type"] for column in inspector.get_columns(name, schema=schema)}
        primary = inspector.get_pk_constraint(name, schema=schema).get("constrained_columns") or []
    except sa.exc.NoSuchTableError:
        known = [*inspector.get_table_names(schema=schema), *inspector.get_view_names(schema=schema)]
        raise DeliveryError(
            f"there is no such table{nearest(name, known)}", table=source.name,
            file=f"{source.connection}/{source.location}", code="E_DATABASE_TABLE",
        ) from None  # fmt: skip
    for column in (*source.required_columns, *(source.watch or ())):
        if column not in found:
            raise DeliveryError(
                f"the table has no such column{nearest(column, found)} (it has: {', '.join(found)})",
                table=source.name, file=f"{source.connection}/{source.location}", column=column, code="E_SCHEMA",
            )  # fmt: skip
    table = sa.table(
        sa.quoted_name(name, quote=True),
        *[sa.column(sa.quoted_name(column, quote=True), kind) for column, kind in found.items()],
        schema=sa.quoted_name(schema, quote=True) if schema else None,
    )
    asked = {column: _ask(database, table.c[column], found[column]) for column in source.required_columns}
    first = [source.delivered_columns[key] for key in source.key if key in source.delivered_columns]
    by = dict.fromkeys([*first, *primary, *([] if primary else asked)])
    order = [asked[column].order if column in asked else table.c[column] for column in by]
    return list(asked.values()), order, table


def _ask(database: _database, column: sa.ColumnClause[Any], kind: sa.types.TypeEngine[Any]) -> _Asked:
    """How to ask for one column."""
    import sqlalchemy as sa
    from sqlalchemy.dialects import mysql

    types, name = sa.types, str(column.name)
    if database.dialect == "sqlite":  # its columns have no type, only a hint; values arrive as they are stored
        raw = sa.type_coerce(column, types.NullType())
        return _Asked(name, raw, raw.collate("BINARY"), "dynamic")
    if isinstance(kind, types.LargeBinary | types.ARRAY):
        raise DeliveryError(
            "it holds bytes or lists, not values", table=database.source.name, column=name, code="E_SCHEMA",
            file=f"{database.source.connection}/{database.source.location}", remedy="map another column",
        )  # fmt: skip
    order: sa.ColumnElement[Any] = column
    text: sa.ColumnElement[Any] = sa.cast(column, sa.Text())
    if isinstance(kind, types.String | types.Uuid):  # by bytes: the order of letters differs between servers
        order = text.collate("C") if database.dialect == "postgresql" else sa.cast(column, mysql.BINARY())
    if isinstance(kind, mysql.BIT):
        return _Asked(name, sa.cast(sa.cast(column, mysql.INTEGER(unsigned=True)), sa.Text()), order, "UBIGINT")
    return _Asked(name, text, order, _kind(kind, database.dialect))


def _kind(kind: sa.types.TypeEngine[Any], dialect: str) -> str:
    """The type here for a type there."""
    import sqlalchemy as sa

    types = sa.types
    match kind:
        case types.Boolean():
            return "BOOLEAN"
        case types.Integer():
            return "UBIGINT" if getattr(kind, "unsigned", False) else "BIGINT"
        case types.Float():
            return "DOUBLE"
        case types.Numeric() if kind.precision is None or kind.precision > 38:
            return _EXACT
        case types.Numeric():
            return f"DECIMAL({kind.precision}, {kind.scale or 0})"
        case types.DateTime() if dialect == "mysql" and isinstance(kind, types.TIMESTAMP):
            return "UTC"  # a moment, which the server writes in the session's zone
        case types.DateTime():
            return "TIMESTAMPTZ" if kind.timezone else "TIMESTAMP"
        case types.Date():
            return "DATE"
    return _TEXT


def _place(source: Source) -> tuple[str | None, str]:
    """Schema and table of a location: ``orders``, ``shop.orders``, or with quotes where a name has a dot."""
    try:
        parts = next(csv.reader([source.location], delimiter=".", strict=True))
    except (csv.Error, StopIteration):
        parts = []
    if not 1 <= len(parts) <= 2 or not all(parts):
        raise DeliveryError(
            f"'{source.location}' is no table", table=source.name, code="E_DATABASE_TABLE",
            remedy="write 'location' like orders or shop.orders, with quotes around a name that has a dot",
        )  # fmt: skip
    return (None, parts[0]) if len(parts) == 1 else (parts[0], parts[1])
