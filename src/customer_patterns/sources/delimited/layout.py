"""How the records of a delimited file lie, and what is taken out of a block of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from customer_patterns.sources.delimited.grammar import Dialect

#: A longer value is no value.
LONGEST_FIELD = 1_000_000

#: How a wanted column comes: each different text of a block once, and where it stands.
TEXTS = pa.dictionary(pa.int32(), pa.string())


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
        One array per wanted column, as ``TEXTS``; or the numbers of its texts, where a lot's texts are numbered.
    lines
        The line where each record begins.
    set_aside
        ``line, code, column, detail, raw`` of records that could not be taken apart.
    repairs
        ``line, code, column``.
    open_from
        The line of the block (from 0) whose record goes on in the next block, if there is one.
    """

    columns: list[pa.DictionaryArray] | list[np.ndarray]
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
