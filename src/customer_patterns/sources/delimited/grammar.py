"""One record of delimited text, taken apart sign by sign: the definition that the fast way must agree with.

RFC 4180 with the contract's signs. A field is quoted if its first sign is a quote; in it, two quotes mean one, and a
delimiter or line end means itself. In other fields a quote is a sign like any other (``5" screen``). Lines end with
LF, CR LF or CR. What is neither is refused, because after it nobody knows where the next record begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


class BadQuote(ValueError):
    """A quote that is never closed, or text after a closing quote; ``at`` is the offset of the record's fault."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(what)
        self.at = at


@dataclass(frozen=True)
class Dialect:
    """The signs of a delimited file, each one byte."""

    delimiter: bytes
    quote: bytes | None
    escape: bytes | None = None

    @cached_property
    def stops(self) -> re.Pattern[bytes]:
        """What ends a field without quotes."""
        return re.compile(b"[" + re.escape(self.delimiter) + rb"\r\n]")

    @cached_property
    def steps(self) -> re.Pattern[bytes]:
        """What needs a look inside such a field where there is an escape."""
        return re.compile(b"[" + re.escape(self.delimiter + (self.escape or b"")) + rb"\r\n]")

    @cached_property
    def marks(self) -> re.Pattern[bytes]:
        """What needs a look inside a quoted field."""
        return re.compile(b"[" + re.escape((self.quote or b"") + (self.escape or b"")) + b"]")


def take_apart(data: bytes, start: int, dialect: Dialect) -> tuple[list[bytes], int] | None:
    """Take apart the record that begins at ``start``.

    Parameters
    ----------
    data
        Text in UTF-8.
    start
        Offset of the record's first byte.
    dialect
        The signs.

    Returns
    -------
    tuple or None
        The fields, and the offset after the record's line end; ``None`` where ``data`` ends inside a quoted field.

    Raises
    ------
    BadQuote
        Text follows a closing quote.
    """
    fields: list[bytes] = []
    at = start
    while True:
        if dialect.quote is not None and data.startswith(dialect.quote, at):
            taken = _quoted(data, at, dialect)
            if taken is None:
                return None
            value, at = taken
        else:
            value, at = _plain(data, at, dialect)
        fields.append(value)
        if data.startswith(dialect.delimiter, at):
            at += 1
        else:
            return fields, _after_line_end(data, at)


def _plain(data: bytes, at: int, dialect: Dialect) -> tuple[bytes, int]:
    if dialect.escape is None or dialect.escape == dialect.quote:
        stop = dialect.stops.search(data, at)
        end = stop.start() if stop else len(data)
        return data[at:end], end
    parts: list[bytes] = []
    while True:
        stop = dialect.steps.search(data, at)
        if stop is None:
            return b"".join([*parts, data[at:]]), len(data)
        if stop.group() != dialect.escape:
            return b"".join([*parts, data[at : stop.start()]]), stop.start()
        parts.append(data[at : stop.start()])
        at = stop.start()
        sign = data[at + 1 : at + 2]
        escaped = sign in (dialect.delimiter, dialect.escape, dialect.quote)
        parts.append(sign if escaped else data[at : at + 1])
        at += 2 if escaped else 1


def _quoted(data: bytes, start: int, dialect: Dialect) -> tuple[bytes, int] | None:
    at, parts = start + 1, []
    while True:
        mark = dialect.marks.search(data, at)
        if mark is None:
            return None
        parts.append(data[at : mark.start()])
        after = data[mark.end() : mark.end() + 1]
        if mark.group() == dialect.escape and dialect.escape != dialect.quote:
            escaped = after in (dialect.quote, dialect.escape)
            parts.append(after if escaped else mark.group())
            at = mark.end() + (1 if escaped else 0)
        elif after == dialect.quote:
            parts.append(dialect.quote)
            at = mark.end() + 1
        elif after in (b"", b"\r", b"\n", dialect.delimiter):
            return b"".join(parts), mark.end()
        else:
            raise BadQuote("text follows a closing quote", mark.end())


def _after_line_end(data: bytes, at: int) -> int:
    if data.startswith(b"\r\n", at):
        return at + 2
    return at + 1 if at < len(data) else at
