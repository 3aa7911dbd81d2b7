"""Delimited text: CSV, TSV and their relatives, plain, ``.gz`` or in a zip archive.

The contract names encoding, signs and header; nothing is detected. A file is read in one pass and in blocks, so that
its size does not matter: see :mod:`~customer_patterns.sources.delimited`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa

from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.delimited.grammar import BadQuote, Dialect, take_apart
from customer_patterns.sources.delimited.layout import TEXTS, Layout, Taken, Unusable
from customer_patterns.sources.delimited.lines import BLOCK, Block, Blocks
from customer_patterns.sources.delimited.no_header import OTHER_FORMATS, why_no_header
from customer_patterns.sources.delimited.numbered_texts import CAN_BE_NUMBERED, NumberedTexts, line_table
from customer_patterns.sources.delimited.taking import take_records, trailing_everywhere
from customer_patterns.sources.files.header import match_columns
from customer_patterns.sources.files.unpacking import open_bytes
from customer_patterns.sources.raw import (
    FILE,
    LINE,
    WHOLE_FILE,
    DeliveredFile,
    DeliveryError,
    Raw,
    repair_frame,
    set_aside_frame,
)

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

    from customer_patterns.study import Source

#: Records are handed on in lots of about so many bytes of text.
LOT = 128 * 1024 * 1024

#: So many records tell whether a separator stands at the end of every record.
_FIRST = 1_000


@dataclass
class Lot:
    """Some of the records of one file, in order.

    Attributes
    ----------
    table
        The wanted columns as text, each block's different texts once, and ``_file``, ``_line``.
    columns
        The header as delivered.
    set_aside, repairs
        As in :class:`~customer_patterns.sources.raw.Raw`.
    """

    table: pa.Table
    columns: tuple[str, ...]
    set_aside: list[tuple[object, ...]] = field(default_factory=list)
    repairs: list[tuple[object, ...]] = field(default_factory=list)


def read(backend: Backend, source: Source, files: tuple[DeliveredFile, ...]) -> Raw:
    """Read delimited files.

    Returns
    -------
    Raw
        All columns that the contract names, as text; empty text stays empty.

    Raises
    ------
    DeliveryError
        See :func:`lots`.
    """
    read_lots = [lot for index, file in enumerate(files) for lot in lots(source, file, index=index)]
    return as_raw(backend, files, read_lots)


def as_raw(backend: Backend, files: tuple[DeliveredFile, ...], taken: list[Lot]) -> Raw:
    """Put lots together as one table of ``backend``."""
    name = ibis.util.gen_name("delivered")
    backend.con.register(name, pa.concat_tables([lot.table for lot in taken]))
    return Raw(
        files=files,
        columns=tuple(dict.fromkeys(column for lot in taken for column in lot.columns)),
        records=backend.table(name),
        set_aside=set_aside_frame(row for lot in taken for row in lot.set_aside),
        repairs=repair_frame(row for lot in taken for row in lot.repairs),
    )


def lots(
    source: Source,
    file: DeliveredFile,
    *,
    index: int = 0,
    lot: int = LOT,
    block: int = BLOCK,
    careful: bool = False,
    numbered: bool | None = None,
) -> Iterator[Lot]:
    """Read one file lot by lot.

    Parameters
    ----------
    source
        The contract.
    file
        The file; ``index`` is its number among the files of the delivery.
    lot, block
        About how many bytes are handed on, and read, at a time. What is read depends on neither.
    careful
        Take every record apart sign by sign, also the plain ones.
    numbered
        Whether texts are numbered by compiled loops; ``None``: those of a file of more than one lot, since to have the
        loops at hand costs half a second.

    Yields
    ------
    Lot
        At least one; a file with a header only has one without rows.

    Raises
    ------
    DeliveryError
        ``E_EMPTY``, ``E_NOT_CSV``, ``E_ENCODING`` (of the header), ``E_DELIMITER``, ``E_SCHEMA``, ``E_DUP_HEADER``,
        ``E_TOO_MANY_COLUMNS``, ``E_STRICT``, ``E_QUOTE``, ``E_FIELD_TOO_BIG``, and those of unpacking.
    """
    try:
        with open_bytes(file, table=source.table) as stream:
            in_numbers = CAN_BE_NUMBERED and (file.size > lot if numbered is None else numbered)
            blocks = Blocks(
                stream, encoding=source.format.encoding, size=block, table=line_table if in_numbers else None
            )
            read = _File(source, file, index, careful=careful, in_numbers=in_numbers).lots(blocks, lot)
            yield from ahead(read) if file.size > lot else read
    except Unusable as error:
        raise DeliveryError(error.what, table=source.table, file=file.name, line=error.line, code=error.code) from None


def ahead(things: Iterator[Lot]) -> Iterator[Lot]:
    """Make the next thing ready in a thread of its own while one is worked with."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, things, None)
        while (thing := coming.result()) is not None:
            coming = reader.submit(next, things, None)
            yield thing


class _File:
    """One file while it is read."""

    def __init__(self, source: Source, file: DeliveredFile, index: int, *, careful: bool, in_numbers: bool) -> None:
        self.source, self.file, self.index, self.careful, self.in_numbers = source, file, index, careful, in_numbers
        form = source.format
        self.dialect = Dialect(
            form.delimiter.encode(),
            form.quote.encode() if form.quote else None,
            form.escape.encode() if form.escape else None,
        )
        self.layout: Layout | None = None
        self.numbered: NumberedTexts | None = None
        self.names: tuple[str, ...] = ()
        self.set_aside: list[tuple[object, ...]] = []
        self.repairs: list[tuple[object, ...]] = []
        self.tables: list[pa.Table] = []
        self.size = 0

    def lots(self, blocks: Blocks, lot: int) -> Iterator[Lot]:
        given = False
        for block in blocks:
            skip = 0
            if self.layout is None:
                skip = self._begin(block, blocks)
                if self.layout is None:
                    continue
            taken = take_records(block, self.layout, skip=skip, numbered=self.numbered)
            if taken.open_from is not None:
                blocks.give_back(block, taken.open_from)
            self._add(taken)
            self.size += len(block.data)
            if self.size >= lot:
                yield self._lot()
                given = True
        if self.layout is None:
            raise Unusable("E_EMPTY", 1, "it has no header and no record")
        if self.tables or self.set_aside or self.repairs or not given:
            yield self._lot()

    def _add(self, taken: Taken) -> None:
        self.set_aside += [(self.index, *row) for row in taken.set_aside]
        self.repairs += [(self.index, *row) for row in taken.repairs]
        rows = len(taken.lines)
        if rows:
            columns = [*taken.columns, pa.array(np.full(rows, self.index, np.int32)), pa.array(taken.lines, pa.int64())]
            self.tables.append(pa.Table.from_arrays(columns, schema=self._schema))

    @property
    def _schema(self) -> pa.Schema:
        kind = TEXTS if self.numbered is None else pa.int32()
        texts = [pa.field(name, kind) for name, _ in self.layout.wanted]
        return pa.schema([*texts, pa.field(FILE, pa.int32()), pa.field(LINE, pa.int64())])

    def _lot(self) -> Lot:
        table = pa.concat_tables(self.tables) if self.tables else self._schema.empty_table()
        if self.numbered is not None:
            for place, texts in enumerate(self.numbered.texts()):
                column = pa.DictionaryArray.from_arrays(table[place].combine_chunks(), texts)
                table = table.set_column(place, table.column_names[place], column)
            self.numbered = NumberedTexts(len(self.layout.wanted))
        found = Lot(table, self.names, self.set_aside, self.repairs)
        self.set_aside, self.repairs, self.tables, self.size = [], [], [], 0
        return found

    # The header

    def _begin(self, block: Block, blocks: Blocks) -> int:
        """Find the header; return how many lines of the block are used up."""
        for begin, what in OTHER_FORMATS.items():
            if blocks.head.startswith(begin):
                raise Unusable("E_NOT_CSV", 1, f"it is {what}")
        line = self._first_line(block)
        if line is None:
            return len(block.starts)
        try:
            taken = take_apart(block.data, int(block.starts[line]), self.dialect)
        except BadQuote as error:
            raise Unusable("E_QUOTE", block.first_line + line, str(error)) from None
        if taken is None:
            raise Unusable("E_QUOTE", block.first_line + line, "a quote in the header is opened and never closed")
        fields, offset = taken
        raw = block.data[int(block.starts[line]) : offset].rstrip(b"\r\n")
        after = int(np.searchsorted(block.starts, offset)) if offset < len(block.data) else len(block.starts)
        self._use_header(fields, raw, block, line, after)
        return after

    def _first_line(self, block: Block) -> int | None:
        """The line of the block on which the header begins, if it does in this block."""
        for line in range(max(0, self.source.format.skip_rows - block.first_line + 1), len(block.starts)):
            if block.data[int(block.starts[line]) : int(block.ends[line])].strip(b" \x1a"):
                return line
            self.repairs.append((self.index, block.first_line + line, "S_BLANK", None))
        return None

    def _use_header(self, fields: list[bytes], raw: bytes, block: Block, line: int, after: int) -> None:
        number = block.first_line + line
        if b"\0" in raw:
            raise Unusable("E_ENCODING", number, "zero bytes stand in the header; is the file in UTF-16?")
        if not set(range(line, after)).isdisjoint(block.undecoded):
            raise Unusable("E_ENCODING", number, f"the header is not in {self.source.format.encoding}")
        self.names = tuple(field.decode("utf-8") for field in fields)
        try:
            places = match_columns(self.source, self.names, file=self.file.name, line=number)
        except DeliveryError as error:
            raise why_no_header(self.source, self.dialect, error, raw, number) from None
        form = self.source.format
        self.layout = Layout(
            dialect=self.dialect,
            header=tuple(fields),
            header_raw=raw,
            wanted=tuple(places.items()),
            footer=re.compile(form.footer) if form.footer else None,
            key_place=self._key_place(places),
            careful=self.careful,
        )
        self.numbered = NumberedTexts(len(places)) if self.in_numbers else None
        if trailing_everywhere(self._first_records(block, after), width=len(fields)):
            self.layout = replace(self.layout, trailing=True)
            self.repairs.append((self.index, WHOLE_FILE, "R_TRAILING_DELIMITER", None))

    def _key_place(self, places: dict[str, int]) -> int | None:
        key = self.source.key or CANONICAL[self.source.table].key or tuple(self.source.columns)
        origins = self.source.delivered_columns
        return next((places[origins[name]] for name in (*key, *origins) if origins.get(name) in places), None)

    def _first_records(self, block: Block, line: int) -> Iterator[list[bytes]]:
        for _ in range(_FIRST):
            if line >= len(block.starts):
                return
            try:
                taken = take_apart(block.data, int(block.starts[line]), self.dialect)
            except BadQuote:
                return
            if taken is None:
                return
            fields, offset = taken
            if fields not in ([b""], [b"\x1a"]):
                yield fields
            line = int(np.searchsorted(block.starts, offset)) if offset < len(block.data) else len(block.starts)
