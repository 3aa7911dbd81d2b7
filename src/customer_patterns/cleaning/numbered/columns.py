"""Columns of a table while its rows are put in another order: in as few bytes as their values need."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pyarrow as pa

from customer_patterns.schemas.arrow import ARROW_TYPES

#: The kinds that are whole numbers underneath: money in cents, a day or a moment since 1970.
WHOLE = ("integer", "money", "date", "timestamp")


#: Microseconds, in which moments are counted.
_SECOND = 1_000_000


class Held(Protocol):
    """A column that gives its values in another order than they came."""

    def of(self, rows: np.ndarray) -> pa.Array:
        """Return the values of some rows, numbered as they came."""


class WholeNumbers:
    """Whole numbers, and what is one underneath; each in as few bytes as the largest so far needs.

    Counts and money are small, and moments mostly fall on whole seconds, which are then what is kept.

    Parameters
    ----------
    size
        How many rows there will be.
    kind
        One of ``WHOLE``.
    """

    def __init__(self, size: int, kind: str) -> None:
        self._kind, self._rows = ARROW_TYPES[kind], 0
        self._numbers = np.zeros(size, np.int8)
        self._unit = _SECOND if kind == "timestamp" else 1
        self._gaps: np.ndarray | None = None

    def take(self, values: pa.Array) -> None:
        """Take the next values."""
        numbers, here = _numbers_of(values), slice(self._rows, self._rows + len(values))
        if values.null_count:
            if self._gaps is None:
                self._gaps = np.zeros(len(self._numbers), bool)
            self._gaps[here] = gaps = values.is_null().to_numpy(zero_copy_only=False)
            numbers = np.where(gaps, 0, numbers)
        kept = numbers if self._unit == 1 else numbers // self._unit
        if self._unit > 1 and not np.array_equal(kept * self._unit, numbers):
            self._numbers, self._unit, kept = self._numbers.astype(np.int64) * self._unit, 1, numbers
        if len(kept):
            self._numbers = wide_enough(self._numbers, int(kept.min()), int(kept.max()))
        self._numbers[here] = kept
        self._rows = here.stop

    def of(self, rows: np.ndarray) -> pa.Array:
        """Return the values of some rows, numbered as they came."""
        numbers = self._numbers[rows]
        mask = None if self._gaps is None else self._gaps[rows]
        if pa.types.is_date32(self._kind):
            return pa.array(numbers.astype(np.int32, copy=False), pa.int32(), mask=mask).view(self._kind)
        whole = numbers.astype(np.int64, copy=False)
        whole = pa.array(whole if self._unit == 1 else whole * self._unit, pa.int64(), mask=mask)
        return _money(whole) if pa.types.is_decimal(self._kind) else whole.view(self._kind)


class FewTexts:
    """Texts of which there are few different ones: their numbers, in one byte each until there are too many."""

    def __init__(self, size: int) -> None:
        self._numbers, self._rows = np.full(size, -1, np.int8), 0
        self._known: dict[str, int] = {}

    def take(self, values: pa.Array) -> None:
        """Take the next values."""
        encoded = values.dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        place = np.array([*(self._known.setdefault(text, len(self._known)) for text in texts), -1], np.int32)
        self._numbers = wide_enough(self._numbers, -1, len(self._known) - 1)
        found = encoded.indices.fill_null(-1) if encoded.indices.null_count else encoded.indices
        self._numbers[self._rows : self._rows + len(values)] = place[found.to_numpy()]
        self._rows += len(values)

    def of(self, rows: np.ndarray) -> pa.DictionaryArray:
        """Return the values of some rows, numbered as they came; texts with numbers of their own."""
        numbers, texts = self._numbers[rows].astype(np.int32), pa.array(list(self._known), pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(numbers, mask=numbers < 0), texts)


def wide_enough(numbers: np.ndarray, least: int, most: int) -> np.ndarray:
    """Signed numbers in a type that has room for some more between two bounds: themselves, or a copy in more bytes."""
    needed = np.min_scalar_type(min(least, -most - 1))
    return numbers if needed.itemsize <= numbers.itemsize else numbers.astype(needed)


class OneText:
    """A text that stands in all rows."""

    def __init__(self, text: str) -> None:
        self._text = pa.array([text], pa.string())

    def of(self, rows: np.ndarray) -> pa.DictionaryArray:
        """Return the text as often as there are rows."""
        return pa.DictionaryArray.from_arrays(np.zeros(len(rows), np.int32), self._text)


def _numbers_of(values: pa.Array) -> np.ndarray:
    """What stands underneath values, cents of money; anything in a gap."""
    kind = values.type
    if pa.types.is_decimal128(kind):  # two words a value, of which eighteen digits need the lower one only
        words = np.frombuffer(values.buffers()[1], np.int64)
        return words[2 * values.offset : 2 * (values.offset + len(values)) : 2]
    bare = values.view(pa.int32() if pa.types.is_date32(kind) else pa.int64())
    return bare.fill_null(0).to_numpy() if bare.null_count else bare.to_numpy()


def _money(cents: pa.Array) -> pa.Array:
    """Money of cents."""
    words = np.empty((len(cents), 2), np.int64)
    words[:, 0] = cents.fill_null(0).to_numpy()
    words[:, 1] = words[:, 0] >> 63
    given = cents.is_valid().cast(pa.uint8()) if cents.null_count else None
    gaps = None if given is None else pa.py_buffer(np.packbits(given.to_numpy(), bitorder="little"))
    return pa.Array.from_buffers(ARROW_TYPES["money"], len(cents), [gaps, pa.py_buffer(words)])
