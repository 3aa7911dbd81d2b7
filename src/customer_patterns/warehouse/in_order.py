"""Files of parquet whose bytes their rows alone decide."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import ibis

from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.table import SQL_TYPES

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends.duckdb import Backend


def order_of(schema: TableSchema) -> list[str]:
    """What puts the rows of a table in one order only: its key, or all that there is to tell them apart by."""
    return list(schema.key) or schema.names


def copy_in_order(backend: Backend, table: ir.Table, schema: TableSchema, path: Path, *, order: list[str]) -> None:
    """Write a table as parquet, in its schema's types and in total order, so that the same rows give the same bytes.

    Types and order are said in SQL: to have Ibis write them down costs more than to write a small table.
    """
    wanted = ", ".join(
        f'CAST("{column.name}" AS {SQL_TYPES[column.kind]}) AS "{column.name}"' for column in schema.columns
    )
    query = f"SELECT {wanted} FROM {source_of(backend, table)}"
    if order:
        names = ", ".join(f'"{name}"' for name in order)
        query = f"SELECT * FROM ({query}) ORDER BY {names}"
    _write_rows(backend, query, path, threads=None if order else 1)


def source_of(backend: Backend, table: ir.Table) -> str:
    """Return what stands behind FROM for a table: its name, or else what it is made of."""
    op = table.op()
    if isinstance(op, ibis.expr.operations.DatabaseTable) and not (op.namespace.catalog or op.namespace.database):
        return '"' + op.name.replace('"', '""') + '"'
    return f"({backend.compile(table)})"


#: Rows of a row group, where the writer is not DuckDB.
ROW_GROUP = 262_144


def write_in_order(backend: Backend, table: ir.Table, path: Path, *, threads: int | None = 1) -> None:
    """Write a table as parquet in the order in which its rows come: the same rows give the same bytes.

    DuckDB's own writer cuts a file into row groups where threads, files and filters happen to hand over, so that rows
    which are not there would leave a trace. Here the rows alone say where.

    Parameters
    ----------
    backend
        The DuckDB of the table.
    table
        An expression whose rows come in a repeatable order.
    path
        The file to write.
    threads
        How many may compute the rows, where their order does not depend on it; one is cheaper than two.
    """
    _write_rows(backend, backend.compile(table), path, threads=threads)


def _write_rows(backend: Backend, query: str, path: Path, *, threads: int | None) -> None:
    if threads is not None:
        backend.con.execute(f"SET threads = {threads}")
    try:
        reader = backend.con.sql(query).to_arrow_reader(ROW_GROUP)
        with InOrder(path, reader.schema) as writer:
            for batch in reader:
                writer.write(batch)
    finally:
        backend.con.execute("RESET threads")


class InOrder:
    """A file of parquet whose bytes its rows alone decide, however they come.

    Row groups are packed in a thread of their own while the next rows are made ready.

    Parameters
    ----------
    path
        The file to write.
    schema
        Its columns.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        options = {"compression": "zstd", "compression_level": 1, "store_decimal_as_integer": True}
        self._writer = pq.ParquetWriter(path, schema, store_schema=False, **options)
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        self._packer = ThreadPoolExecutor(max_workers=1)
        self._packing: Future[None] | None = None

    def __enter__(self) -> InOrder:
        """Return itself."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Write what waits, and close the file."""
        try:
            if problem[0] is None and self._rows:
                self._group(self._rows)
            if self._packing is not None:
                self._packing.result()
        finally:
            self._packer.shutdown()
            self._writer.close()

    def write(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Take rows; all row groups but the last have the same length."""
        self._waiting += rows.to_batches() if hasattr(rows, "to_batches") else [rows]
        self._rows += rows.num_rows
        while self._rows >= ROW_GROUP:
            self._group(ROW_GROUP)

    def _group(self, rows: int) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._waiting)
        if self._packing is not None:
            self._packing.result()
        self._packing = self._packer.submit(self._pack, table.slice(0, rows))
        self._waiting = table.slice(rows).to_batches()
        self._rows -= rows

    def _pack(self, rows: pa.Table) -> None:
        self._writer.write_table(rows.combine_chunks(), row_group_size=ROW_GROUP)
