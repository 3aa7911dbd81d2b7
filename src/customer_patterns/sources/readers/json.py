"""Reads JSON (a list of records, at the top or at a dotted path) and JSON Lines (a record per line).

Values arrive as they were written: numbers are never turned into numbers here, so that an id of twenty digits keeps
all of them and ``12.50`` its zero. A record with a key that stands twice is set aside, because readers disagree about
which of the two counts (Python takes the last, DuckDB the first).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING

from customer_patterns.sources.files.encoding import WIDE, decode_lines
from customer_patterns.sources.files.unpacking import open_bytes
from customer_patterns.sources.raw import DeliveredFile, DeliveryError, Raw
from customer_patterns.sources.readers import json_records
from customer_patterns.sources.readers.gathered import LONGEST_VALUE, Gathered
from customer_patterns.sources.readers.json_document import elements
from customer_patterns.sources.readers.json_lists import opened
from customer_patterns.sources.readers.json_records import (
    Fault,
    Found,
    Syntax,
    behind_mark,
    digest_of,
    empty,
    too_big,
)
from customer_patterns.sources.readers.json_values import note_names, require_columns, values_of
from customer_patterns.study import Source
from customer_patterns.study.origins import ColumnFrom

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


_SPACES = " \t\r\n"


_SPACE = re.compile(r"[ \t\r\n]*")


#: How files begin that are no text: archives and workbooks, gzip (whose second byte is no letter), parquet, nothing.
_NO_TEXT = ("PK\x03\x04", "\x1f\ufffd", "PAR1", "\0\0")


#: What a value may be without any care: text, a number as text, or nothing.
_PLAIN = frozenset((str, type(None)))


def read(backend: Backend, source: Source, files: tuple[DeliveredFile, ...], *, careful: bool = False) -> Raw:
    """Read JSON or JSON Lines, as ``source.reader`` says, record by record.

    Parameters
    ----------
    careful
        Whether records that need no care are read like those that do; the result is the same, and later.

    Returns
    -------
    Raw
        One row per record: the columns that the contract names, as text. ``_line`` is the line where it begins. A key
        within an object is called by its dotted name, ``customer.id``. A key that a record does not have, or that is
        ``null``, is not given. Where the contract opens a list (``each``), there is one row per value of the list, and
        ``_line`` is its number, counted over the file.

    Raises
    ------
    DeliveryError
        ``E_EMPTY``, ``E_NOT_JSON``, ``E_RECORDS`` (no list where the contract says), ``E_SCHEMA`` (a column that the
        table needs is in none of the records), ``E_TOO_BIG``, ``E_ENCODING``.
    """
    reading = _Reading(backend, source)
    for index, file in enumerate(files):
        for found in _records(source, file):
            if careful or not reading.take_plain(found, file=index):
                reading.take(found, file=index, line=found.line)
    return reading.finish(files)


def read_pages(backend: Backend, source: Source, file: DeliveredFile, pages: Iterable[DeliveredFile]) -> Raw:
    """Read pages of a service as one file, each record once.

    Returns
    -------
    Raw
        As of :func:`read`, of ``file``; ``_line`` is the number of the record, counted over all pages. A record that
        stood in an earlier page, the same in all it says, is set aside as delivered again (``D_REPEATED``): pages
        shift while a service is written to. Two equal records within one page are two records.
    """
    reading = _Reading(backend, source)
    earlier: set[bytes] = set()
    number = 0
    for page in pages:
        here: set[bytes] = set()
        for found in _records(source, page):
            number += 1
            place = f"{page.name.rpartition('/')[2]}, line {found.line}"
            digest = digest_of(found.content)
            here.add(digest)
            repeated = Fault("D_REPEATED") if digest in earlier else None
            reading.take(found, file=0, line=number, place=place, fault=repeated)
        earlier |= here
    return reading.finish((file,))


class _Reading:
    """Records of a delivery on their way from JSON to a table."""

    def __init__(self, backend: Backend, source: Source) -> None:
        self._source = source
        self._gathered = Gathered(backend, source.name, source.required_columns)
        self._seen: dict[str, None] = {}
        self._flat: set[tuple[str, ...]] = set()
        self._has_paths = any("." in column for column in self._gathered.columns)
        self._opened = tuple(source.each.column.split(".")) if source.each and not source.each.separator else ()
        self._joined = {
            origin.column: origin.join
            for origin in source.columns.values()
            if isinstance(origin, ColumnFrom) and origin.join is not None
        }
        self._numbers: dict[int, int] = {}

    def take_plain(self, found: Found, *, file: int) -> bool:
        """Keep a record if nothing about it needs care: the short way, to the same result as ``take``."""
        content, columns = found.content, self._gathered.columns
        if self._has_paths or self._opened or found.fault is not None or found.in_utf8 or content.__class__ is not dict:
            return False
        if "\\" in found.text or len(found.text) > LONGEST_VALUE or dict in map(type, content.values()):
            return False  # an escape may be half a letter or a zero byte
        values = [content.get(column) for column in columns]
        if not _PLAIN.issuperset(map(type, values)):
            return False
        if (names := tuple(content)) not in self._flat:
            self._flat.add(names)
            note_names(content, self._seen)
        self._gathered.keep(values, file=file, line=found.line)
        return True

    def take(self, found: Found, *, file: int, line: int, place: str = "", fault: Fault | None = None) -> None:
        """Keep a record, or those in its list, or set it aside, or pass an empty line over."""
        if not self._opened:
            self._take_one(found, file=file, line=line, place=place, fault=fault)
            return
        place = place or f"line {found.line}"
        for part in opened(found, self._opened):
            number = self._numbers[file] = self._numbers.get(file, 0) + 1
            self._take_one(part, file=file, line=number, place=place, fault=fault)

    def _take_one(self, found: Found, *, file: int, line: int, place: str, fault: Fault | None) -> None:
        try:
            if found.fault is not None:
                raise found.fault
            if not isinstance(found.content, dict):
                raise Fault("E_NOT_OBJECT", detail="a record is written between braces")
            note_names(found.content, self._seen)
            if fault is not None:
                raise fault
            values, repaired = values_of(found, self._gathered.columns, self._joined)
        except Fault as fault:
            if fault.code.startswith("S_"):
                self._gathered.repair(file=file, line=line, code=fault.code, column=fault.column)
                return
            detail = ": ".join(part for part in (place, fault.detail) if part) or None
            self._gathered.set_aside(
                file=file, line=line, code=fault.code, column=fault.column, detail=detail, raw=found.text
            )
            return
        if found.in_utf8:
            self._gathered.repair(file=file, line=line, code="R_ENCODING")
        for column in repaired:
            self._gathered.repair(file=file, line=line, code="R_SURROGATE", column=column)
        self._gathered.keep(values, file=file, line=line)

    def finish(self, files: tuple[DeliveredFile, ...]) -> Raw:
        """Hand on the table, if it has the columns that it needs."""
        require_columns(self._source, files, self._seen, records=self._gathered.kept)
        return self._gathered.finish(files, seen=dict.fromkeys([*self._seen, *self._gathered.columns]))


def _records(source: Source, file: DeliveredFile) -> Iterator[Found]:
    find = _lines if source.reader == "jsonl" else elements
    return find(source, file, Syntax())


def _lines(source: Source, file: DeliveredFile, syntax: Syntax) -> Iterator[Found]:
    """The records of a file with a record per line; empty lines are none."""
    readable, any_record = 0, False
    with open_bytes(file, table=source.name) as packed:
        stream, encoding = behind_mark(packed, source)
        for number, data in enumerate(_split(stream, encoding, source, file), start=1):
            text, in_utf8 = _text(data, encoding)
            if not text.strip():
                yield Found(number, "", fault=Fault("S_BLANK"))
                continue
            if not any_record and text.startswith(_NO_TEXT):
                _refuse_document(source, file, number, text)
            any_record = True
            if in_utf8 is None:
                yield Found(number, text, fault=Fault("E_ENCODING", detail=f"the line is not in {encoding}"))
                continue
            try:
                content, end = syntax.decode(text)
                if end != len(text):
                    raise json.JSONDecodeError("Something stands behind the record", text, end)
            except json.JSONDecodeError as error:
                if not readable:
                    _refuse_document(source, file, number, text)
                yield Found(number, text, fault=Fault("E_JSON", detail=f"{error.msg}, at sign {error.pos + 1}"))
                continue
            if not readable and isinstance(content, list):
                _refuse_document(source, file, number, text)
            readable += 1
            yield syntax.found(number, text, content, in_utf8=in_utf8)
    if not any_record:
        raise empty(source, file)


def _text(data: bytes, encoding: str) -> tuple[str, bool | None]:
    """The text of a line, and whether it was in UTF-8 although another encoding is declared; ``None``: in neither."""
    if encoding == "utf-8" or encoding in WIDE or data.isascii():
        try:
            return data.decode("utf-8").strip(_SPACES), False
        except UnicodeDecodeError:
            return data.decode("utf-8", "replace").strip(_SPACES), None
    decoded = decode_lines(data, encoding)
    text = decoded.data.decode("utf-8").strip(_SPACES)
    return text, None if decoded.undecoded else bool(decoded.in_utf8)


def _refuse_document(source: Source, file: DeliveredFile, line: int, text: str) -> None:
    """Object to a file that is no JSON Lines at all, by what it begins with."""
    start = text.lstrip()
    if start[:1] == "[" or start in ("{", "{}"):
        remedy = "it is one JSON document: write 'reader: json'"
    elif start[:1] == "<":
        remedy = "it is a page or XML, perhaps an error message that was saved: ask for the file again"
    elif text.startswith(_NO_TEXT):
        remedy = "it is no text, but packed or a workbook or empty space: ask for the file again, or correct 'reader'"
    else:
        return
    raise DeliveryError(
        "this is no file with a record per line", table=source.name, file=file.name, line=line, code="E_NOT_JSON",
        remedy=remedy,
    )  # fmt: skip


def _split(stream: IO[bytes], encoding: str, source: Source, file: DeliveredFile) -> Iterator[bytes]:
    """Lines, as bytes; those of an encoding with several bytes for every sign in UTF-8."""
    wide = io.TextIOWrapper(stream, encoding, newline="\n", errors="replace") if encoding in WIDE else None
    number, limit = 0, json_records.RECORD_LIMIT
    while line := wide.readline(limit + 1).encode() if wide else stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            raise too_big(source, file, number)
        yield line
