"""A delivered column as its different values and where each of them stands: what holds of one holds of all its places.

A column of millions of records has few different values; each is read once, and the result is put where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis.expr.datatypes as dt
import numpy as np
import pyarrow as pa

#: In place of a moment before the year 1 or after 9999.
BEYOND = "a moment beyond every calendar"


@dataclass(frozen=True)
class Distinct:
    """A column of records.

    Attributes
    ----------
    values
        Each different value at least once, in the order in which they were found; missing ones among them.
    at
        Where in ``values`` each record's value stands.
    """

    values: pa.Array
    at: np.ndarray

    @property
    def kind(self) -> dt.DataType:
        """The type of the values, as DuckDB knows it."""
        return dt.DataType.from_pyarrow(self.values.type)

    def rows(self, rows: np.ndarray) -> list[Any]:
        """Return the values of some records in Python's types."""
        return values_of(self.values.take(pa.array(self.at[rows])))


def distinct(column: pa.ChunkedArray) -> Distinct:
    """Find the different values of a column; one that was read as such (a dictionary per chunk) is not read again."""
    if pa.types.is_dictionary(column.type) and column.num_chunks > 1 and pa.types.is_string(column.type.value_type):
        return _of_one_dictionary(column.unify_dictionaries())
    parts, at, before = [], [], 0
    for chunk in column.chunks:
        encoded = _encoded(chunk)
        indices, values = encoded.indices, encoded.dictionary
        if indices.null_count:
            indices = indices.fill_null(len(values))
            values = pa.concat_arrays([values, pa.nulls(1, values.type)])
        at.append(indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False) + np.int32(before))
        parts.append(values)
        before += len(values)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    values = pa.concat_arrays(parts) if parts else pa.array([], kind)
    return Distinct(values, np.concatenate(at) if at else np.zeros(0, np.int32))


def _of_one_dictionary(column: pa.ChunkedArray) -> Distinct:
    """A column whose chunks have one dictionary."""
    values, size = column.chunk(0).dictionary, len(column.chunk(0).dictionary)
    at = [chunk.indices.fill_null(size).to_numpy() for chunk in column.chunks]
    if column.null_count:
        values = pa.concat_arrays([values, pa.nulls(1, values.type)])
    return Distinct(values, np.concatenate(at))


def encoded(batch: pa.RecordBatch, *, but: tuple[str, ...]) -> pa.RecordBatch:
    """Return a batch with its columns, ``but`` some, as dictionaries: less to hold where values come often."""
    names = batch.schema.names
    columns = [batch[name] if name in but else _encoded(batch[name]) for name in names]
    return pa.RecordBatch.from_arrays(columns, names=names)


def _encoded(chunk: pa.Array) -> pa.DictionaryArray:
    if pa.types.is_dictionary(chunk.type):
        return chunk
    try:
        return chunk.dictionary_encode()
    except pa.ArrowNotImplementedError:  # lists and the like: each is a value of its own
        return pa.DictionaryArray.from_arrays(pa.array(np.arange(len(chunk), dtype=np.int32)), chunk)


def values_of(column: pa.Array) -> list[Any]:
    """Return the values of a column in Python's types; in place of moments that its calendar has not, ``BEYOND``."""
    try:
        return column.to_pylist()
    except (OverflowError, ValueError):
        return [_value_of(scalar) for scalar in column]


def _value_of(scalar: pa.Scalar) -> Any:
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return BEYOND
