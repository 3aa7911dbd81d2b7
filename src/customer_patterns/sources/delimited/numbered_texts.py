"""The texts of many blocks as numbers: each different text of a column once, in the order in which they come.

Texts of each block on its own would have to be found out to be the same again; and to number them while they are taken
apart costs less than to write them down for a parser's dictionaries.
"""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pyarrow as pa

from customer_patterns.sources.delimited import lines
from customer_patterns.sources.delimited.layout import Layout

#: Where the first of several bytes is the lowest of a number, as on all machines that we know.
CAN_BE_NUMBERED = sys.byteorder == "little"

#: Texts and words that there is room for at first.
_ROOM = 1 << 12

#: Where lines have fewer bytes than this, they are found in the other way.
_SHORT = 8


def _loops() -> ModuleType:
    """The compiled loops, which few files need: numba takes half a second to import."""
    from customer_patterns.sources.delimited import numbering

    return numbering


class NumberedTexts:
    """The texts of a lot's wanted columns.

    Parameters
    ----------
    columns
        How many there are.
    """

    def __init__(self, columns: int) -> None:
        self._columns = [Numbering() for _ in range(columns)]

    @staticmethod
    def fits(layout: Layout) -> bool:
        """Whether lines without quotes can be taken apart here: nothing but their fields is to be looked at."""
        places = [place for _, place in layout.wanted]
        return not layout.trailing and layout.footer is None and len(set(places)) == len(places)

    def of_lines(
        self, signs: np.ndarray, starts: np.ndarray, ends: np.ndarray, layout: Layout
    ) -> tuple[list[np.ndarray] | None, np.ndarray]:
        """Take lines apart, and number the texts of their wanted columns.

        Returns
        -------
        tuple
            The numbers of each column, and which lines have another number of fields; ``None`` where one has.
        """
        numbering = _loops()
        slots = np.full(layout.width, -1)
        slots[[place for _, place in layout.wanted]] = range(len(layout.wanted))
        begins, lengths = (np.empty((len(layout.wanted), len(starts)), np.int32) for _ in range(2))
        wrong = np.zeros(len(starts), bool)
        numbering.split_lines(signs, starts, ends, layout.dialect.delimiter[0], slots, begins, lengths, wrong)
        if wrong.any():
            return None, wrong
        words = eight_at_a_time(signs)
        each = zip(self._columns, begins, lengths, strict=True)
        return [column.of(signs, words, begin, length) for column, begin, length in each], wrong

    def of_array(self, place: int, column: pa.DictionaryArray) -> np.ndarray:
        """Number the texts of a column that was parsed elsewhere."""
        return self._columns[place].of_array(column.dictionary)[column.indices.to_numpy()]

    def of_texts(self, place: int, texts: list[str]) -> np.ndarray:
        """Number some texts of a column."""
        return self._columns[place].of_array(pa.array(texts, pa.string()))

    def texts(self) -> list[pa.Array]:
        """Return the different texts of each column, in the order of their numbers."""
        return [column.texts() for column in self._columns]


class Numbering:
    """The different texts of one column, numbered as they come.

    Examples
    --------
    >>> column = Numbering()
    >>> column.of_array(pa.array(["b", "", "b"])).tolist(), column.of_array(pa.array(["c", "b"])).tolist()
    ([0, 1, 0], [2, 0])
    >>> column.texts().to_pylist()
    ['b', '', 'c']
    """

    def __init__(self) -> None:
        self._table = _empty(4 * _ROOM)
        self._words = np.empty(2 * _ROOM, np.uint64)
        self._at, self._length = np.empty(_ROOM, np.int64), np.empty(_ROOM, np.int32)
        self._count = np.zeros(2, np.int64)

    def of(self, signs: np.ndarray, words: np.ndarray, begins: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Number texts.

        Parameters
        ----------
        signs, words
            Bytes, and the same bytes eight at a time, as far as there are eight.
        begins, lengths
            Where each text stands, and how many bytes it has; none has a zero byte.
        """
        numbering = _loops()
        numbers, done = np.empty(len(begins), np.int32), 0
        own = np.empty((int(lengths.max()) if len(lengths) else 0) // 8 + 1, np.uint64)
        while True:
            done = numbering.number_texts(
                signs, words, begins, lengths, done, own, self._table, self._words, self._at, self._length,
                self._count, numbers,
            )  # fmt: skip
            if done == len(begins):
                return numbers
            self._make_room(int(lengths[done]))

    def of_array(self, texts: pa.Array) -> np.ndarray:
        """Number the texts of an array without gaps."""
        if not len(texts):
            return np.zeros(0, np.int32)
        offsets, signs = texts.buffers()[1:]
        at = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        signs = np.frombuffer(signs if signs is not None and signs.size else bytes(8), np.uint8)
        return self.of(signs, eight_at_a_time(signs), at[:-1].copy(), np.diff(at))

    def texts(self) -> pa.Array:
        """Return the different texts, in the order of their numbers."""
        numbering = _loops()
        count = int(self._count[0])
        offsets = np.zeros(count + 1, np.int32)
        np.cumsum(self._length[:count], out=offsets[1:])
        written = np.empty(int(offsets[-1]), np.uint8)
        numbering.write_texts(self._words, self._at, self._length[:count], offsets, written)
        return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(written)])

    def _make_room(self, size: int) -> None:
        numbering = _loops()
        count, words = map(int, self._count)
        if 2 * count >= len(self._table):
            self._table = _empty(2 * len(self._table))
            numbering.fill_table(self._table, self._words, self._at, self._length, count)
        if count >= len(self._at):
            self._at, self._length = _longer(self._at, 0), _longer(self._length, 0)
        if words + size // 8 + 1 > len(self._words):
            self._words = _longer(self._words, size // 8 + 1)


def line_table(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return the offsets at which lines begin and end, as :func:`~.lines.line_table` does, in one look at the bytes."""
    if not data or b"\r" in data:
        return lines.line_table(data)
    numbering, signs = _loops(), np.frombuffer(data, np.uint8)
    ends = np.empty(max(len(data) // _SHORT, 1), np.int64)
    found = numbering.line_ends(eight_at_a_time(signs), signs, ends)
    if found > len(ends):
        return lines.line_table(data)
    ends = ends[:found]
    if not found or ends[-1] != len(data) - 1:
        ends = np.append(ends, len(data))
    return np.append(0, ends[:-1] + 1), ends


def _empty(slots: int) -> np.ndarray:
    return np.full((slots, 2), 2**64 - 1, np.uint64)


def _longer(values: np.ndarray, more: int) -> np.ndarray:
    return np.concatenate([values, np.empty(len(values) + more, values.dtype)])


def eight_at_a_time(signs: np.ndarray) -> np.ndarray:
    """Return bytes as whole numbers of eight each, without those left over."""
    return signs[: len(signs) // 8 * 8].view(np.uint64)
