"""Records out of lines: what is plain goes the fast way as it is, whatever is not is taken apart sign by sign.

A record is plain if its quotes stand where the grammar wants them, it has as many fields as the header, and nothing in
it needs a look (zero bytes, lost or wrongly decoded letters, an empty line, the header again, a total). All ways give
the same records; the tests hold one against the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from customer_patterns.sources.delimited.fast import parse_plain
from customer_patterns.sources.delimited.grammar import BadQuote, take_apart
from customer_patterns.sources.delimited.judging import judge_record
from customer_patterns.sources.delimited.layout import LONGEST_FIELD, Layout, Taken, Unusable
from customer_patterns.sources.delimited.lines import Block
from customer_patterns.sources.delimited.numbered_texts import NumberedTexts
from customer_patterns.sources.delimited.suspects import Suspects


def take_records(block: Block, layout: Layout, *, skip: int = 0, numbered: NumberedTexts | None = None) -> Taken:
    """Take the records of a block apart.

    Parameters
    ----------
    block
        Whole lines, the first of which (after ``skip``) begins a record.
    layout
        How records lie.
    skip
        Lines of the block that were used already (the header).
    numbered
        The texts of the lot that the block belongs to; ``None``: each block has texts of its own.

    Raises
    ------
    Unusable
        ``E_QUOTE``, ``E_FIELD_TOO_BIG``.
    """
    return _Work(block, layout, skip, numbered).take()


class _Work:
    """One block at work. Positions are offsets into its bytes, lines are counted from its first."""

    def __init__(self, block: Block, layout: Layout, skip: int, numbered: NumberedTexts | None) -> None:
        self.block, self.layout, self.skip, self.numbered = block, layout, skip, numbered
        self.data, self.starts, self.n = block.data, block.starts, len(block.starts)
        self.seen = Suspects(block, layout, skip)
        self.open_from: int | None = None

    def take(self) -> Taken:
        suspects, continued = self.seen.lines, self.seen.continued
        while True:
            careful, plain = self._walk(suspects)
            parsed = parse_plain(self.seen, plain, self.numbered)
            if isinstance(parsed, np.ndarray):  # lines that turned out not to be plain
                suspects |= parsed
                continue
            return self._together(careful, parsed, np.flatnonzero(plain & ~continued))

    def _walk(self, suspects: np.ndarray) -> tuple[list[tuple[int, list[bytes], int]], np.ndarray]:
        """Take suspect records apart; return line, fields and line after each, and which lines are plain."""
        plain = np.ones(self.n, bool)
        plain[: self.skip] = False
        records, quotes = np.flatnonzero(~self.seen.continued), self.seen.quotes
        lines = np.flatnonzero(suspects)
        begins = np.unique(records[np.searchsorted(records, lines, side="right") - 1]) if len(lines) else lines
        taken: list[tuple[int, list[bytes], int]] = []
        done, self.open_from = self.skip, None
        for begin in map(int, begins):
            if begin < done:
                continue
            try:
                found = take_apart(self.data, int(self.starts[begin]), self.layout.dialect)
            except BadQuote as bad:
                line = int(np.searchsorted(self.starts, bad.at, side="right")) - 1
                raise Unusable("E_QUOTE", self._number(line), str(bad)) from None
            if found is None:
                self._stays_open(begin)
                break
            fields, offset = found
            done = int(np.searchsorted(self.starts, offset)) if offset < len(self.data) else self.n
            plain[begin:done] = False
            taken.append((begin, fields, done))
        if self.open_from is None and len(quotes) % 2:
            self._stays_open(int(records[np.searchsorted(records, self._line_of(int(quotes[-1])), "right") - 1]))
        if self.open_from is not None:
            plain[self.open_from :] = False
        return taken, plain

    def _stays_open(self, line: int) -> None:
        if self.block.final:
            raise Unusable("E_QUOTE", self._number(line), "a quote is opened and never closed")
        if len(self.data) - int(self.starts[line]) > 2 * LONGEST_FIELD:
            raise Unusable("E_FIELD_TOO_BIG", self._number(line), "a value begins that does not end")
        self.open_from = line

    def _line_of(self, offset: int) -> int:
        return int(np.searchsorted(self.starts, offset, side="right")) - 1

    def _number(self, line: int) -> int:
        return self.block.first_line + line

    def _together(
        self,
        careful: list[tuple[int, list[bytes], int]],
        parsed: list[pa.DictionaryArray] | list[np.ndarray],
        at: np.ndarray,
    ) -> Taken:
        """Plain records and those that were taken apart sign by sign, in the order of their lines."""
        taken = Taken([], at + self.block.first_line, open_from=self.open_from)
        rows: list[list[str]] = []
        lines: list[int] = []
        for begin, fields, after in careful:
            if self.open_from is not None and begin >= self.open_from:
                break
            values = judge_record(taken, self.block, self.layout, begin, fields, after)
            if values is not None:
                rows.append([values[place] for _, place in self.layout.wanted])
                lines.append(self._number(begin))
        if not rows:
            taken.columns = parsed
            return taken
        own = [[row[i] for row in rows] for i in range(len(self.layout.wanted))]
        every = np.concatenate([taken.lines, np.array(lines, np.int64)])
        order = np.argsort(every, kind="stable")
        taken.lines = every[order]
        if self.numbered is None:
            taken.columns = [_texts(column, texts, order) for column, texts in zip(parsed, own, strict=True)]
        else:
            numbers = [self.numbered.of_texts(place, texts) for place, texts in enumerate(own)]
            taken.columns = [np.concatenate(pair)[order] for pair in zip(parsed, numbers, strict=True)]
        return taken


def _texts(column: pa.DictionaryArray, texts: list[str], order: np.ndarray) -> pa.DictionaryArray:
    """Texts behind a column's own, in some order."""
    values, at = pa.array(texts, pa.string()), np.arange(len(texts), dtype=np.int32)
    if len(column):
        at = np.concatenate([column.indices.to_numpy(), at + np.int32(len(column.dictionary))])
        values = pa.concat_arrays([column.dictionary, values])
    return pa.DictionaryArray.from_arrays(pa.array(at[order]), values)


def trailing_everywhere(records: Iterator[list[bytes]], *, width: int) -> bool:
    """Say whether every one of the first records has one empty field more than the header."""
    looked = False
    for fields in records:
        if len(fields) != width + 1 or fields[-1]:
            return False
        looked = True
    return looked
