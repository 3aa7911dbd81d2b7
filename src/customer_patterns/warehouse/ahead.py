"""Large tables written before their stage is, so that they are written once."""

from __future__ import annotations

import itertools
import os
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from customer_patterns.schemas import TableSchema
from customer_patterns.warehouse.connection import OURS
from customer_patterns.warehouse.in_order import InOrder, copy_in_order, order_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends.duckdb import Backend


#: Tables that were written ahead, by the name they have in their DuckDB: the file, and the schema it follows.
AHEAD: dict[str, tuple[Path, TableSchema]] = {}


_NUMBERS = itertools.count()


def write_ahead(backend: Backend, table: ir.Table, schema: TableSchema) -> ir.Table:
    """Write a large table once, as its stage will need it, where several questions are asked of it before.

    A sort of millions of lines is what a stage's writing costs. What is kept in DuckDB's memory would be copied there,
    and sorted again into the stage's folder; this way the questions go to the file that ends up there.

    Parameters
    ----------
    backend
        The DuckDB of the table.
    table
        What :func:`write_stage` is to write.
    schema
        Its promise, which it is held to when the stage is written.

    Returns
    -------
    Table
        The same rows in the schema's types and order, read from a file in the system's folder for temporary files. It
        goes when ``backend`` does.
    """
    path, name = _place_ahead(backend, schema)
    copy_in_order(backend, table, schema, path, order=order_of(schema))
    return known_as(backend, name, path, schema)


def put_ahead(backend: Backend, schema: TableSchema, parts: Iterable[pa.Table]) -> ir.Table:
    """Write a large table ahead as :func:`write_ahead` does, from rows that come in its order and in its types.

    Parameters
    ----------
    backend
        The DuckDB that opens it.
    schema
        Its promise, which it is held to when the stage is written.
    parts
        Its rows, in the order of the schema's key.
    """
    import pyarrow as pa

    from customer_patterns.schemas.arrow import ARROW_TYPES

    path, name = _place_ahead(backend, schema)
    with InOrder(path, pa.schema([(column.name, ARROW_TYPES[column.kind]) for column in schema.columns])) as writer:
        for part in parts:
            writer.write(part)
    return known_as(backend, name, path, schema)


def _place_ahead(backend: Backend, schema: TableSchema) -> tuple[Path, str]:
    """Where a table is written ahead, and what it is called."""
    folder = tempfile.TemporaryDirectory(prefix=f"{OURS}{os.getpid()}-")
    weakref.finalize(backend, folder.cleanup)
    return Path(folder.name) / f"{schema.name}.parquet", f"ahead__{schema.name}__{next(_NUMBERS)}"


def written_already(backend: Backend, path: Path, schema: TableSchema) -> ir.Table:
    """Open a large table that lies on disk as its stage would write it, so that it is not written a second time.

    Parameters
    ----------
    backend
        The DuckDB that opens it.
    path
        A file written by :class:`InOrder` with the schema's columns, in the order in which the stage leaves its rows.
    schema
        Its promise, which it is held to when the stage is written.
    """
    return known_as(backend, f"ahead__{schema.name}__{next(_NUMBERS)}", path, schema)


def known_as(backend: Backend, name: str, path: Path, schema: TableSchema) -> ir.Table:
    """Open a file that was written ahead, under a name by which it is known again."""
    AHEAD[name] = (path, schema)
    weakref.finalize(backend, AHEAD.pop, name, None)
    return backend.read_parquet(path, table_name=name)


def file_written_ahead(table: ir.Table, schema: TableSchema) -> Path | None:
    """The file of a table that was written ahead for this schema."""
    path, followed = AHEAD.get(getattr(table.op(), "name", ""), (None, None))
    return path if followed == schema else None
