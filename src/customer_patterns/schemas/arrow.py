"""A table's promise in Arrow: small tables are cast, sorted and checked there, which costs less than to ask a database.

Whatever cannot be done or told for certain here is left to the database, which has the last word.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from customer_patterns.schemas.table import Column, TableSchema

if TYPE_CHECKING:
    import pandas as pd

#: What each kind is on disk.
ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(18, 2),
    "share": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}

#: A table with more rows is cast and sorted by the database, and one with more than that looked through by it.
_SMALL, _READ = 100_000, 250_000


def arranged(frame: pd.DataFrame, schema: TableSchema, *, order: list[str]) -> pa.Table | None:
    """Return a frame in the schema's columns, types and order.

    Parameters
    ----------
    frame
        At one row per customer or smaller.
    schema
        Its promise.
    order
        The columns that put its rows in order; missing values come last.

    Returns
    -------
    Table or None
        ``None`` where a column is missing, or cannot be brought into its type without loss.
    """
    if len(frame) > _SMALL or not set(schema.names) <= set(frame.columns):
        return None
    try:
        given = pa.Table.from_pandas(frame[schema.names], preserve_index=False)
        columns = [_cast(given[column.name], ARROW_TYPES[column.kind]) for column in schema.columns]
    except (pa.ArrowException, KeyError, ValueError):
        return None
    if any(column is None for column in columns):
        return None
    kinds = pa.schema([(column.name, ARROW_TYPES[column.kind]) for column in schema.columns])
    table = pa.Table.from_arrays(columns, schema=kinds)
    if not order or not table.num_rows:
        return table
    return table.take(pc.sort_indices(table, [(name, "ascending") for name in order]))


def _cast(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray | None:
    """A column in another type, if that is the same said in another way."""
    if column.null_count == len(column):
        return pa.chunked_array([pa.nulls(len(column), wanted)])
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    alike = (
        kind == wanted
        or (_is_text(kind) and _is_text(wanted))
        or (pa.types.is_integer(kind) and (pa.types.is_int64(wanted) or pa.types.is_float64(wanted)))
        or (
            pa.types.is_floating(kind) and (pa.types.is_float64(wanted) or pa.types.is_int64(wanted))
        )  # whole, with gaps
        or (
            pa.types.is_timestamp(kind)
            and kind.tz is None
            and (pa.types.is_timestamp(wanted) or pa.types.is_date32(wanted))
        )
        or (pa.types.is_decimal(kind) and pa.types.is_decimal(wanted) and kind.scale == wanted.scale)
    )
    return column.cast(kind).cast(wanted) if alike else None


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def keeps(path: Path, schema: TableSchema) -> bool:
    """Say whether a file of parquet certainly keeps a promise, as :func:`~.table.check` would find.

    ``False`` says nothing: it may be broken, or too large to be told from what its writer noted down.
    """
    file = pq.ParquetFile(path)
    wanted = [(column.name, ARROW_TYPES[column.kind]) for column in schema.columns]
    if [(field.name, field.type) for field in file.schema_arrow] != wanted:
        return False
    if file.metadata.num_rows > _READ:
        return not schema.key and all(_kept(path, file.metadata, place, schema) for place in range(len(wanted)))
    table = file.read()
    return _key_is_unique(table, schema) and all(_column_keeps(table[name], schema[name]) for name in schema.names)


def _kept(path: Path, metadata: pq.FileMetaData, place: int, schema: TableSchema) -> bool:
    """Whether a column of many rows keeps its promise, by the writer's notes or, of texts, by a look at gaps."""
    column = schema.columns[place]
    if column.kind != "text" or column.levels:
        return _noted(metadata, place, column)
    return column.nullable or _has_all(path, column.name)


def _has_all(path: Path, name: str) -> bool:
    """Whether no row lacks a text; of texts the writer notes nothing down."""
    file = pq.ParquetFile(path, read_dictionary=[name])
    return not any(batch.column(0).null_count for batch in file.iter_batches(_READ, columns=[name]))


def _noted(metadata: pq.FileMetaData, place: int, column: Column) -> bool:
    """Whether the writer's own notes on a column say that it keeps its promise."""
    for group in range(metadata.num_row_groups):
        notes = metadata.row_group(group).column(place).statistics
        if notes is None or not notes.has_null_count:
            return False
        if notes.null_count == metadata.row_group(group).num_rows:
            if not column.nullable:
                return False
            continue
        if notes.null_count and not column.nullable:
            return False
        bounded = column.minimum is not None or column.maximum is not None
        if bounded and column.kind in ("number", "share"):  # what is no number is in no note
            return False
        if (bounded or column.levels) and not (notes.has_min_max and _within(notes, column)):
            return False
    return True


def _within(notes: pq.Statistics, column: Column) -> bool:
    """Whether the smallest and the largest value of a row group are allowed."""
    if column.levels:
        return notes.min == notes.max and notes.min in column.levels
    low = column.minimum is None or notes.min >= column.minimum
    return low and (column.maximum is None or notes.max <= column.maximum)


def _key_is_unique(table: pa.Table, schema: TableSchema) -> bool:
    if not schema.key or table.num_rows < 2:
        return True
    return table.group_by(list(schema.key)).aggregate([]).num_rows == table.num_rows


def _column_keeps(values: pa.ChunkedArray, column: Column) -> bool:
    if values.null_count and not column.nullable:
        return False
    if values.null_count == len(values):
        return True
    if column.minimum is not None and not pc.all(pc.greater_equal(values, column.minimum)).as_py():
        return False
    if column.maximum is not None and not pc.all(pc.less_equal(values, column.maximum)).as_py():
        return False
    if not column.levels:
        return True
    return pc.all(pc.is_in(values.drop_null(), value_set=pa.array(column.levels, pa.string()))).as_py()
