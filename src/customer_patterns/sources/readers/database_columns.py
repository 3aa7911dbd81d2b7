"""How each column of a database table is asked for: as which text, in which order, and which type it gets here."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_patterns.sources.raw import DeliveryError
from customer_patterns.sources.readers.database import Database
from customer_patterns.study import Source, nearest

if TYPE_CHECKING:
    import sqlalchemy as sa


#: Types here that DuckDB has no one name for, and where a file says which type each column gets.
TEXT, EXACT, TYPES = "text", "exact", b"customer_patterns.types"


@dataclass(frozen=True)
class Asked:
    """A column that is asked for: how the server writes it, by what it is sorted, and which type it gets here."""

    name: str
    text: sa.ColumnElement[Any]
    order: sa.ColumnElement[Any]
    kind: str


def asked_for(database: Database) -> tuple[list[Asked], list[sa.ColumnElement[Any]], sa.TableClause]:
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


def _ask(database: Database, column: sa.ColumnClause[Any], kind: sa.types.TypeEngine[Any]) -> Asked:
    """How to ask for one column."""
    import sqlalchemy as sa
    from sqlalchemy.dialects import mysql

    types, name = sa.types, str(column.name)
    if database.dialect == "sqlite":  # its columns have no type, only a hint; values arrive as they are stored
        raw = sa.type_coerce(column, types.NullType())
        return Asked(name, raw, raw.collate("BINARY"), "dynamic")
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
        return Asked(name, sa.cast(sa.cast(column, mysql.INTEGER(unsigned=True)), sa.Text()), order, "UBIGINT")
    return Asked(name, text, order, _kind(kind, database.dialect))


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
            return EXACT
        case types.Numeric():
            return f"DECIMAL({kind.precision}, {kind.scale or 0})"
        case types.DateTime() if dialect == "mysql" and isinstance(kind, types.TIMESTAMP):
            return "UTC"  # a moment, which the server writes in the session's zone
        case types.DateTime():
            return "TIMESTAMPTZ" if kind.timezone else "TIMESTAMP"
        case types.Date():
            return "DATE"
    return TEXT


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
