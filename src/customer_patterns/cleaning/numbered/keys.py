"""A column of texts as numbers in the order of the texts: to compare, count and sort it then costs next to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


@dataclass(frozen=True)
class Key:
    """A column of texts.

    Attributes
    ----------
    texts
        Its different texts, in the order of their bytes.
    numbers
        Which of them each row has, from 0; -1 where it has none. In as few bytes as that many texts need.
    """

    texts: pa.Array
    numbers: np.ndarray

    @cached_property
    def has_gaps(self) -> bool:
        """Whether a row has no text."""
        return bool(len(self.numbers)) and int(self.numbers.min()) < 0

    @property
    def different(self) -> int:
        """How many different texts there are."""
        return len(self.texts)

    def times(self, without: np.ndarray) -> np.ndarray:
        """Count the rows that have each text, but for some."""
        numbers = self.numbers if not self.has_gaps else self.numbers[self.numbers >= 0]
        counted = np.bincount(numbers, minlength=len(self.texts))
        gone = self.numbers[without]
        return counted - np.bincount(gone[gone >= 0], minlength=len(self.texts))

    def of(self, rows: np.ndarray) -> pa.DictionaryArray:
        """Return the texts of some rows, numbered."""
        numbers = self.numbers[rows].astype(np.int32, copy=False)
        return pa.DictionaryArray.from_arrays(
            pa.array(numbers, mask=numbers < 0 if self.has_gaps else None), self.texts
        )


def read_key(path: Path, name: str) -> Key:
    """Read a column of texts out of a file of parquet.

    The file's own dictionaries are taken as they are, so that each text is looked at once per row group and not once
    per row.
    """
    column = pq.read_table(path, columns=[name], read_dictionary=[name])[name].unify_dictionaries()
    if not column.num_chunks:
        return Key(pa.array([], pa.string()), np.zeros(0, np.int8))
    texts = column.chunk(0).dictionary
    order = pc.sort_indices(texts)
    kind = np.min_scalar_type(-max(len(texts), 1))
    place = np.full(len(texts) + 1, -1, kind)  # the last one is that of a gap
    place[order.to_numpy()] = np.arange(len(order), dtype=kind)
    numbers, begin = np.empty(len(column), kind), 0
    for chunk in column.chunks:
        found = chunk.indices.fill_null(-1) if chunk.indices.null_count else chunk.indices
        np.take(place, found.to_numpy(), out=numbers[begin : begin + len(chunk)], mode="wrap")
        begin += len(chunk)
    return Key(texts.take(order), numbers)
