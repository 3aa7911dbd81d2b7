"""Which lines of a block need a look, because something in them may not be plain."""

from __future__ import annotations

import re

import numpy as np

from customer_patterns.sources.delimited.layout import LONGEST_FIELD, Layout
from customer_patterns.sources.delimited.lines import Block
from customer_patterns.sources.files import mojibake

CTRL_Z = b"\x1a"
_LOST = "\ufffd".encode()


class Suspects:
    """What is seen of a block at once. Positions are offsets into its bytes, lines are counted from its first.

    Parameters
    ----------
    block
        Whole lines.
    layout
        How records lie.
    skip
        Lines that were used already (the header).

    Attributes
    ----------
    lines
        Of each line, whether it needs a look.
    continued
        Of each line, whether it begins inside quotes.
    quotes
        Where quotes stand, if all of them are regular; else nothing, and their lines need a look.
    """

    def __init__(self, block: Block, layout: Layout, skip: int) -> None:
        self.data, self.starts, self.ends = block.data, block.starts, block.ends
        self.layout, self.skip, self.n = layout, skip, len(block.starts)
        self.signs = np.frombuffer(block.data, np.uint8)
        self.continued, self.quotes = np.zeros(self.n, bool), np.zeros(0, np.int64)
        self.lines = self._found(sorted({*block.undecoded, *block.in_utf8}))
        if layout.careful:
            self.lines[skip:] = True
            self.continued[:] = False
            self.quotes = self.quotes[:0]

    def _found(self, otherwise_decoded: list[int]) -> np.ndarray:
        data = self.data
        lengths = self.ends - self.starts
        suspects = (lengths == 0) | (lengths > LONGEST_FIELD)
        suspects[otherwise_decoded] = True
        if b"\0" in data:
            self._mark(suspects, np.flatnonzero(self.signs == 0))
        if not data.isascii():
            if _LOST in data:
                self._mark(suspects, _offsets(re.escape(_LOST), data))
            if mojibake.suspicious(data):
                self._mark(suspects, _offsets(mojibake.LATIN, data))
                self._mark(suspects, _offsets(mojibake.CHINESE, data))
        if CTRL_Z in data:
            self._mark(suspects, np.flatnonzero(self.signs == CTRL_Z[0]))
        for again in self.layout.header_texts:
            self._mark(suspects, self._whole_lines(again))
        quote, escape = self.layout.dialect.quote, self.layout.dialect.escape
        if quote is not None and quote in data:
            self.quotes = np.flatnonzero(self.signs == quote[0])
            self.quotes = self.quotes[self.quotes >= self._begin]
            if (escape is not None and escape != quote and escape in data) or not self.quotes_are_regular():
                self._mark(suspects, self.quotes)
                self.quotes = np.zeros(0, np.int64)
            else:
                self.continued = np.searchsorted(self.quotes, self.starts) % 2 == 1
        if escape is not None and escape != quote and escape in data:
            self._mark(suspects, np.flatnonzero(self.signs == escape[0]))
        if self.continued.any():
            begins = np.flatnonzero(~self.continued)
            long = np.diff(np.concatenate([self.starts[begins], [len(data)]])) > LONGEST_FIELD
            suspects[begins[long]] = True
        suspects[: self.skip] = False
        return suspects

    @property
    def _begin(self) -> int:
        """Where the first line begins that was not used already."""
        return int(self.starts[self.skip]) if self.skip < self.n else len(self.data)

    def _whole_lines(self, text: bytes) -> np.ndarray:
        """Where a text stands as a line of its own."""
        found, at = [], self.data.find(text, self._begin)
        while at >= 0:
            end = at + len(text)
            if self.data[at - 1 : at] in (b"", b"\n", b"\r") and self.data[end : end + 1] in (b"", b"\n", b"\r"):
                found.append(at)
            at = self.data.find(text, end)
        return np.array(found, np.int64)

    def _mark(self, suspects: np.ndarray, offsets: np.ndarray) -> None:
        suspects[np.searchsorted(self.starts, offsets, side="right") - 1] = True

    def quotes_are_regular(self) -> bool:
        """Whether every quote opens a field, closes one, or is doubled in one, as RFC 4180 has it."""
        opening, closing = self.quotes[0::2], self.quotes[1::2]
        allowed = np.zeros(256, bool)
        allowed[[10, 13, self.layout.dialect.delimiter[0], self.layout.dialect.quote[0]]] = True
        before = opening[opening > self._begin] - 1
        after = closing[closing < len(self.data) - 1] + 1
        return bool(allowed[self.signs[before]].all() and allowed[self.signs[after]].all())


def _offsets(pattern: re.Pattern[bytes] | bytes, data: bytes) -> np.ndarray:
    return np.array([match.start() for match in re.finditer(pattern, data)], np.int64)
