"""Records out of lines: what is plain goes to a fast parser as it is, whatever is not is taken apart sign by sign.

A record is plain if its quotes stand where the grammar wants them, it has as many fields as the header, and nothing in
it needs a look (zero bytes, lost or wrongly decoded letters, an empty line, the header again, a total). Both ways give
the same records; the tests hold one against the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from customer_patterns.sources.delimited.grammar import BadQuote, Dialect, take_apart
from customer_patterns.sources.delimited.lines import Block
from customer_patterns.sources.files import mojibake
from customer_patterns.sources.raw import LONGEST_RAW, WHOLE_FILE

#: A longer value is no value.
LONGEST_FIELD = 1_000_000

#: How a wanted column comes: each different text of a block once, and where it stands.
TEXTS = pa.dictionary(pa.int32(), pa.string())

_LOST = "\ufffd".encode()
_CTRL_Z = b"\x1a"


class Unusable(ValueError):
    """A file that cannot be taken apart: code, line, what is wrong."""

    def __init__(self, code: str, line: int, what: str) -> None:
        super().__init__(what)
        self.code, self.line, self.what = code, line, what


@dataclass
class Taken:
    """Records of one block, in the order of their lines.

    Attributes
    ----------
    columns
        One array per wanted column, as ``TEXTS``.
    lines
        The line where each record begins.
    set_aside
        ``line, code, column, detail, raw`` of records that could not be taken apart.
    repairs
        ``line, code, column``.
    open_from
        The line of the block (from 0) whose record goes on in the next block, if there is one.
    """

    columns: list[pa.DictionaryArray]
    lines: np.ndarray
    set_aside: list[tuple[int, str, str | None, str | None, str | None]] = field(default_factory=list)
    repairs: list[tuple[int, str, str | None]] = field(default_factory=list)
    open_from: int | None = None


@dataclass(frozen=True)
class Layout:
    """How the records of one file lie.

    Attributes
    ----------
    dialect
        Its signs.
    header
        The fields of the header, and (``header_raw``) its line as it stands in the file.
    wanted
        Name and place of each column that is kept.
    trailing
        Whether a separator without a value stands at the end of every record.
    footer, key_place
        Pattern of totals, and the column in which it is looked for.
    careful
        Take every record apart sign by sign; for tests, and to find out whether the fast way is at fault.
    """

    dialect: Dialect
    header: tuple[bytes, ...]
    wanted: tuple[tuple[str, int], ...]
    header_raw: bytes = b""
    trailing: bool = False
    footer: re.Pattern[str] | None = None
    key_place: int | None = None
    careful: bool = False

    @property
    def width(self) -> int:
        """Fields of a record."""
        return len(self.header) + self.trailing

    @property
    def header_texts(self) -> tuple[bytes, ...]:
        """How the header would stand amid the records of files put together: as it stood, or without its quotes."""
        return tuple(dict.fromkeys(t for t in (self.header_raw, self.dialect.delimiter.join(self.header)) if t))


def take_records(block: Block, layout: Layout, *, skip: int = 0) -> Taken:
    """Take the records of a block apart.

    Parameters
    ----------
    block
        Whole lines, the first of which (after ``skip``) begins a record.
    layout
        How records lie.
    skip
        Lines of the block that were used already (the header).

    Raises
    ------
    Unusable
        ``E_QUOTE``, ``E_FIELD_TOO_BIG``.
    """
    return _Work(block, layout, skip).take()


class _Work:
    """One block at work. Positions are offsets into its bytes, lines are counted from its first."""

    def __init__(self, block: Block, layout: Layout, skip: int) -> None:
        self.block, self.layout, self.skip = block, layout, skip
        self.data, self.starts, self.ends = block.data, block.starts, block.ends
        self.n = len(block.starts)
        self.signs = np.frombuffer(block.data, np.uint8)
        self.undecoded, self.in_utf8 = set(block.undecoded), set(block.in_utf8)
        self.open_from: int | None = None
        self.continued = np.zeros(self.n, bool)
        self.quotes = np.zeros(0, np.int64)

    def take(self) -> Taken:
        suspects = self._suspects()
        if self.layout.careful:
            suspects[self.skip :] = True
            self.continued[:] = False
            self.quotes = self.quotes[:0]
        while True:
            careful, plain = self._walk(suspects)
            parsed = self._parse(plain)
            if isinstance(parsed, np.ndarray):  # lines that turned out not to be plain
                suspects |= parsed
                continue
            return self._together(careful, parsed, np.flatnonzero(plain & ~self.continued))

    # Which lines need a look

    def _suspects(self) -> np.ndarray:
        data = self.data
        lengths = self.ends - self.starts
        suspects = (lengths == 0) | (lengths > LONGEST_FIELD)
        suspects[sorted(self.undecoded | self.in_utf8)] = True
        if b"\0" in data:
            self._mark(suspects, np.flatnonzero(self.signs == 0))
        if not data.isascii():
            if _LOST in data:
                self._mark(suspects, _offsets(re.escape(_LOST), data))
            if mojibake.suspicious(data):
                self._mark(suspects, _offsets(mojibake.LATIN, data))
                self._mark(suspects, _offsets(mojibake.CHINESE, data))
        if _CTRL_Z in data:
            self._mark(suspects, np.flatnonzero(self.signs == _CTRL_Z[0]))
        for again in self.layout.header_texts:
            self._mark(suspects, self._whole_lines(again))
        quote, escape = self.layout.dialect.quote, self.layout.dialect.escape
        if quote is not None and quote in data:
            self.quotes = np.flatnonzero(self.signs == quote[0])
            if (escape is not None and escape != quote and escape in data) or not self._quotes_are_regular():
                self._mark(suspects, self.quotes)
                self.quotes = np.zeros(0, np.int64)
            else:
                inside = np.searchsorted(self.quotes, self.starts) % 2 == 1
                self.continued = inside
        if escape is not None and escape != quote and escape in data:
            self._mark(suspects, np.flatnonzero(self.signs == escape[0]))
        if self.continued.any():
            begins = np.flatnonzero(~self.continued)
            long = np.diff(np.concatenate([self.starts[begins], [len(data)]])) > LONGEST_FIELD
            suspects[begins[long]] = True
        suspects[: self.skip] = False
        return suspects

    def _whole_lines(self, text: bytes) -> np.ndarray:
        """Where a text stands as a line of its own."""
        found, at = [], self.data.find(text, int(self.starts[self.skip]) if self.skip < self.n else len(self.data))
        while at >= 0:
            end = at + len(text)
            if self.data[at - 1 : at] in (b"", b"\n", b"\r") and self.data[end : end + 1] in (b"", b"\n", b"\r"):
                found.append(at)
            at = self.data.find(text, end)
        return np.array(found, np.int64)

    def _mark(self, suspects: np.ndarray, offsets: np.ndarray) -> None:
        suspects[np.searchsorted(self.starts, offsets, side="right") - 1] = True

    def _quotes_are_regular(self) -> bool:
        """Whether every quote opens a field, closes one, or is doubled in one, as RFC 4180 has it."""
        begin = int(self.starts[self.skip]) if self.skip < self.n else len(self.data)
        self.quotes = self.quotes[self.quotes >= begin]
        opening, closing = self.quotes[0::2], self.quotes[1::2]
        allowed = np.zeros(256, bool)
        allowed[[10, 13, self.layout.dialect.delimiter[0], self.layout.dialect.quote[0]]] = True
        before = opening[opening > begin] - 1
        after = closing[closing < len(self.data) - 1] + 1
        return bool(allowed[self.signs[before]].all() and allowed[self.signs[after]].all())

    # The careful way

    def _walk(self, suspects: np.ndarray) -> tuple[list[tuple[int, list[bytes], int]], np.ndarray]:
        """Take suspect records apart; return line, fields and line after each, and which lines are plain."""
        plain = np.ones(self.n, bool)
        plain[: self.skip] = False
        records = np.flatnonzero(~self.continued)
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
        if self.open_from is None and len(self.quotes) % 2:
            self._stays_open(int(records[np.searchsorted(records, self._line_of(int(self.quotes[-1])), "right") - 1]))
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

    # The fast way

    def _parse(self, plain: np.ndarray) -> list[pa.DictionaryArray] | np.ndarray:
        """Parse the plain lines; return the wanted columns, or a mask of lines that are not plain after all."""
        layout = self.layout
        expected = int((plain & ~self.continued).sum())
        if not expected:
            return [_texts([]) for _ in layout.wanted]
        names = [f"c{place}" for place in range(layout.width)]
        looked_at = [place for _, place in layout.wanted]
        if layout.trailing:
            looked_at.append(layout.width - 1)
        if layout.footer is not None and layout.key_place is not None:
            looked_at.append(layout.key_place)
        chosen = list(dict.fromkeys(looked_at))
        quote, escape = layout.dialect.quote, layout.dialect.escape
        data = self._bytes_of(plain)
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(data),
                # all at once, so that each text is kept once
                read_options=arrow_csv.ReadOptions(column_names=names, block_size=max(len(data) + 1, 1 << 16)),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=layout.dialect.delimiter.decode(),
                    quote_char=quote.decode() if quote else False,
                    double_quote=True,
                    escape_char=False if escape is None or escape == quote else escape.decode(),
                    newlines_in_values=bool(self.continued.any()),
                ),
                convert_options=arrow_csv.ConvertOptions(
                    check_utf8=False,
                    column_types={names[place]: TEXTS for place in chosen},
                    include_columns=[names[place] for place in chosen],
                    strings_can_be_null=False,
                    quoted_strings_can_be_null=False,
                    null_values=[],
                ),
            )
        except pa.ArrowInvalid:
            return self._misfits(plain)
        if table.num_rows != expected:
            return self._misfits(plain, all_of_them=True)
        columns = {name: table[name].combine_chunks() for name in table.column_names}
        unplain = self._unplain(columns, names)
        if unplain is not None:
            mask = np.zeros(self.n, bool)
            mask[np.flatnonzero(plain & ~self.continued)[unplain]] = True
            return mask
        return [columns[names[place]] for _, place in layout.wanted]

    def _bytes_of(self, plain: np.ndarray) -> bytes | memoryview:
        """The bytes of the plain lines, without copying where all are."""
        if plain.all():
            return self.data
        edges = np.flatnonzero(np.diff(np.concatenate([[0], plain.view(np.int8), [0]])))
        view, offsets = memoryview(self.data), np.concatenate([self.starts, [len(self.data)]])
        runs = [view[offsets[a] : offsets[b]] for a, b in zip(edges[0::2], edges[1::2], strict=True)]
        return runs[0] if len(runs) == 1 else b"".join(runs)

    def _misfits(self, plain: np.ndarray, *, all_of_them: bool = False) -> np.ndarray:
        """Mark plain records with another number of fields than the header; all, where that finds none."""
        counted = np.concatenate([[0], np.cumsum(self._outside(self.signs == self.layout.dialect.delimiter[0]))])
        offsets = np.concatenate([self.starts, [len(self.data)]])
        begins = np.flatnonzero(~self.continued)
        upto = np.concatenate([begins[1:], [self.n]])
        fields = counted[offsets[upto]] - counted[offsets[begins]] + 1
        mask = np.zeros(self.n, bool)
        mask[begins[fields != self.layout.width]] = True
        mask &= plain
        return plain.copy() if all_of_them or not mask.any() else mask

    def _outside(self, marks: np.ndarray) -> np.ndarray:
        """Only the marks that stand outside quotes."""
        if not len(self.quotes):
            return marks
        flips = np.zeros(len(marks), np.int8)
        flips[self.quotes] = 1
        return marks & (np.cumsum(flips, dtype=np.int64) % 2 == 0)

    def _unplain(self, columns: dict[str, pa.DictionaryArray], names: list[str]) -> np.ndarray | None:
        """Places of parsed records that need a look after all: a value where none may be, a total."""
        found: list[tuple[pa.DictionaryArray, pa.Array]] = []
        if self.layout.trailing:
            last = columns[names[-1]]
            found.append((last, pc.greater(pc.binary_length(last.dictionary), 0)))
        if self.layout.footer is not None and self.layout.key_place is not None:
            key = columns[names[self.layout.key_place]]
            try:
                found.append((key, pc.match_substring_regex(key.dictionary, self.layout.footer.pattern)))
            except pa.ArrowInvalid:  # a pattern that the fast engine does not know
                totals = [self.layout.footer.search(value) is not None for value in key.dictionary.to_pylist()]
                found.append((key, pa.array(totals, pa.bool_())))
        places = [
            np.flatnonzero(mask.to_numpy(zero_copy_only=False)[column.indices.to_numpy()]) for column, mask in found
        ]
        together = np.unique(np.concatenate(places)) if places else np.zeros(0, np.int64)
        return together if len(together) else None

    # Both together

    def _together(
        self, careful: list[tuple[int, list[bytes], int]], parsed: list[pa.DictionaryArray], at: np.ndarray
    ) -> Taken:
        taken = Taken([], at + self.block.first_line, open_from=self.open_from)
        rows: list[list[str]] = []
        lines: list[int] = []
        for begin, fields, after in careful:
            if self.open_from is not None and begin >= self.open_from:
                break
            values = self._judge(taken, begin, fields, after)
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
        taken.columns = [_texts(texts, behind=column, order=order) for column, texts in zip(parsed, own, strict=True)]
        return taken

    def _judge(self, taken: Taken, begin: int, fields: list[bytes], after: int) -> list[str] | None:
        """Say what becomes of a record: its values, or ``None`` and an entry in ``set_aside`` or ``repairs``."""
        layout, line = self.layout, self._number(begin)
        raw = self.data[int(self.starts[begin]) : int(self.ends[after - 1])]
        spanned = range(begin, after)

        def aside(code: str, detail: str | None = None) -> None:
            taken.set_aside.append((line, code, None, detail, raw[: 4 * LONGEST_RAW].decode("utf-8", "replace")))

        if any(len(value) > LONGEST_FIELD for value in fields):
            raise Unusable("E_FIELD_TOO_BIG", line, f"a value has more than {LONGEST_FIELD:,} bytes")
        if raw.endswith(_CTRL_Z):  # files put together may have one in their midst
            taken.repairs.append((line, "S_CTRL_Z", None))
            fields[-1] = fields[-1].rstrip(_CTRL_Z)
            if not raw.strip(_CTRL_Z):
                return None
        if not raw or (layout.width > 1 and len(fields) == 1 and not raw.strip(b" ")):
            taken.repairs.append((line, "S_BLANK", None))
            return None
        if b"\0" in raw:
            return aside("E_NUL")
        if not self.undecoded.isdisjoint(spanned):
            return aside("E_ENCODING")
        if raw in layout.header_texts:
            taken.repairs.append((line, "S_HEADER_AGAIN", None))
            return None
        texts = [value.decode("utf-8") for value in fields]
        if (
            layout.footer is not None
            and layout.key_place is not None
            and layout.footer.search(texts[layout.key_place] if layout.key_place < len(texts) else "")
        ):
            return aside("E_FOOTER")
        if len(fields) < layout.width:
            return aside("E_TOO_FEW_FIELDS", f"{len(fields)} < {layout.width}")
        if len(fields) > layout.width or (layout.trailing and fields[-1]):
            return aside("E_TOO_MANY_FIELDS", f"{len(fields)} > {len(layout.header)}")
        if not self.in_utf8.isdisjoint(spanned):
            taken.repairs.append((line, "R_ENCODING", None))
        for name, place in layout.wanted:
            right = texts[place] if texts[place].isascii() else mojibake.put_right(texts[place])
            if right != texts[place]:
                taken.repairs.append((line, "R_MOJIBAKE", name))
                texts[place] = right
            elif "\ufffd" in right:
                taken.repairs.append((line, "R_LOST_LETTERS", name))
        return texts


def _texts(
    texts: list[str], *, behind: pa.DictionaryArray | None = None, order: np.ndarray | None = None
) -> pa.DictionaryArray:
    """Texts as ``TEXTS``, behind a column's own, in some order."""
    values, at = pa.array(texts, pa.string()), np.arange(len(texts), dtype=np.int32)
    if behind is not None and len(behind):
        at = np.concatenate([behind.indices.to_numpy(), at + np.int32(len(behind.dictionary))])
        values = pa.concat_arrays([behind.dictionary, values])
    return pa.DictionaryArray.from_arrays(pa.array(at if order is None else at[order]), values)


def trailing_everywhere(records: Iterator[list[bytes]], *, width: int) -> bool:
    """Say whether every one of the first records has one empty field more than the header."""
    looked = False
    for fields in records:
        if len(fields) != width + 1 or fields[-1]:
            return False
        looked = True
    return looked


__all__ = ["LONGEST_FIELD", "TEXTS", "WHOLE_FILE", "Layout", "Taken", "Unusable", "take_records", "trailing_everywhere"]


def _offsets(pattern: re.Pattern[bytes] | bytes, data: bytes) -> np.ndarray:
    return np.array([match.start() for match in re.finditer(pattern, data)], np.int64)
