"""Texts as a file of parquet keeps them: each different one of a row group once, numbered as they come.

A writer that is given texts looks each of them up to find that out. Rows that come with their texts numbered, as they
do from a reader or from a key, need no such search, and no text is written down once per row in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa


def numbered(column: list[pa.Array]) -> pa.DictionaryArray:
    """Return a column of texts as numbers of its different texts, in the order in which these first come.

    Parameters
    ----------
    column
        One after the other, arrays of texts, or of texts that are numbered in any way.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = numbered([pa.DictionaryArray.from_arrays([2, 0, None, 2], ["a", "b", "c"]), pa.array(["b", "a"])])
    >>> found.dictionary.to_pylist(), found.indices.to_pylist()
    (['c', 'a', 'b'], [0, 1, None, 0, 2, 1])
    """
    import pyarrow as pa

    # (to number texts that come as such, Arrow puts them in this order, too)
    parts = [_as_they_come(part) if pa.types.is_dictionary(part.type) else part.dictionary_encode() for part in column]
    if len(parts) == 1:
        return parts[0]
    return _as_they_come(pa.chunked_array(parts).unify_dictionaries().combine_chunks())


def _as_they_come(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same texts, only those that there are, in the order in which they first come."""
    import pyarrow as pa

    indices, size = column.indices, len(column.dictionary)
    if indices.null_count == len(indices):
        return pa.DictionaryArray.from_arrays(pa.nulls(len(indices), pa.int32()), column.dictionary[:0])
    mask = indices.is_null().to_numpy(zero_copy_only=False) if indices.null_count else None
    # (a gap gets the number behind the last one, which need not fit into the type that the numbers come in)
    numbers = indices.cast(pa.int64()).fill_null(size).to_numpy().astype(np.intp, copy=False)
    first = np.full(size + 1, -1, np.int32)
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1, dtype=np.int32)  # of several places the first one stays
    begins = np.zeros(len(numbers), bool)
    begins[first[:size][first[:size] >= 0]] = True
    order = numbers[begins]
    place = np.zeros(size + 1, np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    texts = column.dictionary.take(pa.array(order))
    return pa.DictionaryArray.from_arrays(pa.array(place.take(numbers), mask=mask), texts, safe=False)
