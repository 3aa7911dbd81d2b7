"""A connection to a database, for reading only; whatever it says is said without its address."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from customer_patterns.sources.raw import DeliveryError
from customer_patterns.study import Source, output_root

if TYPE_CHECKING:
    import sqlalchemy as sa

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


class Database:
    """A connection for reading only, open while it is needed; whatever it says is said without the address."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._url, self._engine = _engine(source)
        self._secrets = _secrets(self._url)

    def __enter__(self) -> Database:
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
