"""Files of parquet whose bytes their rows alone decide."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import ibis

from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.table import SQL_TYPES
from customer_patterns.warehouse.dictionaries import numbered

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    import pyarrow.parquet as pq
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
        Its columns. Texts may come as such, or numbered (``pa.dictionary``), which costs less to make and to write.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self._schema = path, schema
        self._writer: pq.ParquetWriter | None = None
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
            if self._writer is None:
                self._writer = self._opened()
        finally:
            self._packer.shutdown()
            if self._writer is not None:
                self._writer.close()

    def write(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Take rows; all row groups but the last have the same length."""
        self._waiting += rows.to_batches() if hasattr(rows, "to_batches") else [rows]
        self._rows += rows.num_rows
        while self._rows >= ROW_GROUP:
            self._group(ROW_GROUP)

    def _group(self, rows: int) -> None:
        """Have the first rows packed that wait; a batch may have numbered its texts in another way than the next."""
        taken, left = [], rows
        while left:
            batch = self._waiting.pop(0)
            if batch.num_rows > left:
                self._waiting.insert(0, batch.slice(left))
                batch = batch.slice(0, left)
            taken.append(batch)
            left -= batch.num_rows
        if self._packing is not None:
            self._packing.result()
        self._packing = self._packer.submit(self._pack, taken)
        self._rows -= rows

    def _pack(self, rows: list[pa.RecordBatch]) -> None:
        import pyarrow as pa

        if self._writer is None:
            self._writer = self._opened(rows[0])
        written = self._writer.schema
        columns = [_put_together([batch[field.name] for batch in rows], field) for field in written]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=written), row_group_size=ROW_GROUP)

    def _opened(self, first: pa.RecordBatch | None = None) -> pq.ParquetWriter:
        """Open the file; where the first texts come numbered, all are handed on so, which changes no byte.

        For that each column of a row group is one page, whose texts stand in a dictionary whatever its size. Moments
        are mostly different, and are not numbered. What is the smallest and the largest is noted of numbers, days and
        moments: nobody asks that of texts, and to find it out costs as much as to write them.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema = self._schema
        for place, field in enumerate(schema if first is not None else ()):
            if _is_text(field.type) and pa.types.is_dictionary(first[field.name].type):
                schema = schema.set(place, field.with_type(pa.dictionary(pa.int32(), pa.string())))
        return pq.ParquetWriter(
            self._path,
            schema,
            compression="zstd",
            compression_level=1,
            store_decimal_as_integer=True,
            store_schema=False,
            use_dictionary=[field.name for field in schema if not pa.types.is_timestamp(field.type)],
            dictionary_pagesize_limit=_NO_LIMIT,
            write_statistics=[field.name for field in self._schema if not _is_text(field.type)],
            write_batch_size=ROW_GROUP,
            max_rows_per_page=ROW_GROUP,
        )


#: Bytes that no row group has.
_NO_LIMIT = 2**30


def _put_together(parts: list[pa.Array], field: pa.Field) -> pa.Array:
    """A column of a row group in one array, texts as the file takes them."""
    import pyarrow as pa

    if pa.types.is_dictionary(field.type):
        return numbered(parts)
    if _is_text(field.type):
        parts = [part.dictionary_decode() if pa.types.is_dictionary(part.type) else part for part in parts]
    return parts[0] if len(parts) == 1 else pa.chunked_array(parts, field.type).combine_chunks()


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return pa.types.is_string(kind)
