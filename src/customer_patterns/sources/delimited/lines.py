"""The bytes of a delimited file as blocks of whole lines in UTF-8, a few megabytes at a time, each line numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO

import numpy as np

from customer_patterns.sources.files.encoding import decode_lines, starting_encoding, widened

#: Bytes read at a time.
BLOCK = 8 * 1024 * 1024

_LF, _CR = 10, 13

#: Offsets at which lines begin, and at which they end.
LineTable = tuple[np.ndarray, np.ndarray]


@dataclass
class Block:
    """Whole lines.

    Attributes
    ----------
    data
        Their bytes, in UTF-8; only the last line of a file may lack its end.
    first_line
        The number of the first, from 1.
    starts, ends
        Offset of each line's first byte, and after its last byte without the line end.
    undecoded, in_utf8
        Lines (from 0) that are not in the declared encoding, and those read in UTF-8 though it is another.
    final
        Whether the file ends here.
    """

    data: bytes
    first_line: int
    starts: np.ndarray
    ends: np.ndarray
    undecoded: list[int] = field(default_factory=list)
    in_utf8: list[int] = field(default_factory=list)
    final: bool = False

    @cached_property
    def undecoded_lines(self) -> frozenset[int]:
        """``undecoded``, to be asked."""
        return frozenset(self.undecoded)

    @cached_property
    def lines_in_utf8(self) -> frozenset[int]:
        """``in_utf8``, to be asked."""
        return frozenset(self.in_utf8)


@dataclass
class _Given:
    """Lines given back."""

    data: bytes = b""
    undecoded: list[int] = field(default_factory=list)
    in_utf8: list[int] = field(default_factory=list)
    lines: int = 0


class Blocks:
    """Iterate over the blocks of a stream; a reader may give back lines whose record is not complete.

    Parameters
    ----------
    stream
        The file's bytes.
    encoding
        The declared one; a byte-order mark wins.
    size
        Bytes read at a time.
    table
        What finds the lines; ``None``: :func:`line_table`.
    """

    def __init__(
        self, stream: BinaryIO, *, encoding: str, size: int = BLOCK, table: Callable[[bytes], LineTable] | None = None
    ) -> None:
        self._stream, self._size, self._table = stream, size, table or line_table
        head = _read(stream, max(size, 4))
        self.head = head[:512]
        self._encoding, mark = starting_encoding(head, encoding)
        self._decoder = widened(self._encoding)
        self._rest = head[mark:]
        if self._decoder is not None:
            self._rest = self._decoder.decode(self._rest).encode("utf-8", "replace")
            self._encoding = "utf-8"
        self._back = _Given()
        self._line = 1

    def __iter__(self) -> Iterator[Block]:
        """Yield blocks until the file ends."""
        pending, more = self._rest, True
        while more:
            chunk = _read(self._stream, self._size)
            more = bool(chunk)
            if self._decoder is not None:
                chunk = self._decoder.decode(chunk, final=not more).encode("utf-8", "replace")
            pending += chunk
            cut = len(pending) if not more else _last_line_end(pending)
            if cut == 0 and more:
                continue
            whole, pending = pending[:cut], pending[cut:]
            yield self._block(whole, final=not more)

    def give_back(self, block: Block, line: int) -> None:
        """Let the lines of a block from ``line`` (from 0) on begin the next one, because their record goes on there."""
        at = int(block.starts[line])
        self._back = _Given(
            block.data[at:],
            [number - line for number in block.undecoded if number >= line],
            [number - line for number in block.in_utf8 if number >= line],
            len(block.starts) - line,
        )
        self._line = block.first_line + line

    def _block(self, raw: bytes, *, final: bool) -> Block:
        decoded, back = decode_lines(raw, self._encoding), self._back
        self._back = _Given()
        data = back.data + decoded.data
        starts, ends = self._table(data)
        block = Block(
            data,
            self._line,
            starts,
            ends,
            back.undecoded + [back.lines + number for number in decoded.undecoded],
            back.in_utf8 + [back.lines + number for number in decoded.in_utf8],
            final,
        )
        self._line += len(starts)
        return block


def line_table(data: bytes) -> LineTable:
    """Return the offsets at which lines begin and end (without LF, CR LF or CR)."""
    if not data:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    signs = np.frombuffer(data, np.uint8)
    stops = signs == _LF
    if b"\r" in data:
        returns = signs == _CR
        returns[:-1] &= signs[1:] != _LF
        stops |= returns
    ends = np.flatnonzero(stops)
    starts = np.concatenate([[0], ends + 1])
    if starts[-1] == len(data):
        starts = starts[:-1]
    else:
        ends = np.concatenate([ends, [len(data)]])
    if b"\r" not in data:
        return starts, ends
    before = signs[np.maximum(ends - 1, 0)] == _CR
    here = np.zeros(len(ends), bool)
    inside = ends < len(data)
    here[inside] = signs[ends[inside]] == _LF
    return starts, ends - (before & here & (ends > starts))


def _last_line_end(data: bytes) -> int:
    """The offset after the last line end that is certain to be one: a CR at the very end may be half of one."""
    at = data.rfind(b"\n") + 1
    return at or data.rfind(b"\r", 0, -1) + 1


def _read(stream: BinaryIO, size: int) -> bytes:
    """Read until there are ``size`` bytes or the stream ends."""
    parts, wanted = [], size
    while wanted > 0:
        part = stream.read(wanted)
        if not part:
            break
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)
