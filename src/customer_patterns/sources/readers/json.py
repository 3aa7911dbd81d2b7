"""Reads JSON (a list of records, at the top or at a dotted path) and JSON Lines (a record per line).

Values arrive as they were written: numbers are never turned into numbers here, so that an id of twenty digits keeps
all of them and ``12.50`` its zero. A record with a key that stands twice is set aside, because readers disagree about
which of the two counts (Python takes the last, DuckDB the first).
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, TextIO

from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS
from customer_patterns.sources.files.encoding import WIDE, decode_lines, starting_encoding
from customer_patterns.sources.files.unpacking import open_bytes
from customer_patterns.sources.raw import DeliveredFile, DeliveryError, Raw
from customer_patterns.sources.readers.gathered import LONGEST_VALUE, Gathered, whole_letters
from customer_patterns.study import Source, nearest

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Characters that one record may have.
RECORD_LIMIT = 16_000_000
#: Characters read at a time.
CHUNK = 1_000_000

_SPACES = " \t\r\n"
_SPACE = re.compile(r"[ \t\r\n]*")
#: How files begin that are no text: archives and workbooks, gzip (whose second byte is no letter), parquet, nothing.
_NO_TEXT = ("PK\x03\x04", "\x1f\ufffd", "PAR1", "\0\0")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


#: What a value may be without any care: text, a number as text, or nothing.
_PLAIN = frozenset((str, type(None)))


class Fault(Exception):
    """A record cannot be used, and why."""

    def __init__(self, code: str, column: str | None = None, detail: str | None = None) -> None:
        super().__init__(code)
        self.code, self.column, self.detail = code, column, detail


@dataclass(slots=True)
class _Found:
    """A record as it stands in a file: its line, its text, and its content or what is wrong with it."""

    line: int
    text: str
    content: Any = None
    fault: Fault | None = None
    in_utf8: bool = False


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
        ``null``, is not given.

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

    def take_plain(self, found: _Found, *, file: int) -> bool:
        """Keep a record if nothing about it needs care: the short way, to the same result as ``take``."""
        content, columns = found.content, self._gathered.columns
        if self._has_paths or found.fault is not None or found.in_utf8 or content.__class__ is not dict:
            return False
        if "\\" in found.text or len(found.text) > LONGEST_VALUE or dict in map(type, content.values()):
            return False  # an escape may be half a letter or a zero byte
        values = [content.get(column) for column in columns]
        if not _PLAIN.issuperset(map(type, values)):
            return False
        if (names := tuple(content)) not in self._flat:
            self._flat.add(names)
            _note_names(content, self._seen)
        self._gathered.keep(values, file=file, line=found.line)
        return True

    def take(self, found: _Found, *, file: int, line: int, place: str = "", fault: Fault | None = None) -> None:
        """Keep a record, or set it aside, or pass an empty line over."""
        try:
            if found.fault is not None:
                raise found.fault
            if not isinstance(found.content, dict):
                raise Fault("E_NOT_OBJECT", detail="a record is written between braces")
            _note_names(found.content, self._seen)
            if fault is not None:
                raise fault
            values, repaired = _values(found, self._gathered.columns)
        except Fault as fault:
            if fault.code == "S_BLANK":
                self._gathered.repair(file=file, line=line, code=fault.code)
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
        _require(self._source, files, self._seen, records=self._gathered.kept)
        return self._gathered.finish(files, seen=dict.fromkeys([*self._seen, *self._gathered.columns]))


def _records(source: Source, file: DeliveredFile) -> Iterator[_Found]:
    find = _lines if source.reader == "jsonl" else _elements
    return find(source, file, Syntax())


# Values of a record -------------------------------------------------------------------------------------------------


def _values(found: _Found, columns: Iterable[str]) -> tuple[list[str | None], list[str]]:
    """The values of the columns, and which of them had to be repaired."""
    suspicious = _SURROGATE_ESCAPE.search(found.text) is not None
    nul = "\\u0000" in found.text
    values: list[str | None] = []
    repaired: list[str] = []
    for column in columns:
        value = _value(found.content, column)
        if value.__class__ is str:
            if len(value) > LONGEST_VALUE:
                raise Fault("E_LONG_VALUE", column)
            if nul and "\0" in value:
                raise Fault("E_NUL", column)
            if suspicious and (whole := whole_letters(value)) != value:
                value = whole
                repaired.append(column)
        elif value is True:
            value = "true"
        elif value is False:
            value = "false"
        elif isinstance(value, list):
            raise Fault("E_LIST", column, "a list where one value belongs")
        elif isinstance(value, dict):
            raise Fault("E_OBJECT", column, f"name one of its keys, such as {column}.{next(iter(value), 'id')}")
        values.append(value)
    return values, repaired


def _value(record: dict[str, Any], column: str) -> Any:
    """What stands at a dotted name; ``None`` where nothing does."""
    plain = record.get(column)
    if "." not in column:
        return plain
    inner: Any = record
    for part in column.split("."):
        if inner is None:
            break
        if isinstance(inner, list):
            raise Fault("E_LIST", column, "a list where an object belongs")
        if not isinstance(inner, dict):
            raise Fault("E_NOT_OBJECT", column, "one value where an object belongs")
        inner = inner.get(part)
    if plain is not None and inner is not None:
        raise Fault("E_DUP_KEY", column, "it stands there as a key with a dot and as a key within an object")
    return inner if plain is None else plain


def _note_names(record: dict[str, Any], seen: dict[str, None], prefix: str = "") -> None:
    """Remember which columns there are; what is within an object by its dotted name."""
    for name, value in record.items():
        if value.__class__ is dict and value:
            _note_names(value, seen, f"{prefix}{name}.")
        elif (column := f"{prefix}{name}") not in seen:
            seen[whole_letters(column)] = None


def digest_of(content: Any) -> bytes:
    """Return a digest of what was read, in which the order of keys does not count."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def _require(source: Source, files: tuple[DeliveredFile, ...], seen: dict[str, None], *, records: int) -> None:
    """Object to a column that no record has, unless its canonical column may be missing: senders leave out nulls."""
    if not records or not files:
        return
    schema, optional = CANONICAL[source.table], DEFAULTS.get(source.table, {})
    for name in source.required_columns:
        uses = [column for column, origin in source.delivered_columns.items() if origin == name]
        needed = not uses or any(not (schema[column].nullable or column in optional) for column in uses)
        if needed and name not in seen:
            known = ", ".join(list(seen)[:30])
            raise DeliveryError(
                f"no record has it{nearest(name, seen)} (they have: {known})",
                table=source.name, file=files[0].name, column=name, code="E_SCHEMA",
            )  # fmt: skip


# Where records stand in a file --------------------------------------------------------------------------------------


class Syntax:
    """The grammar of JSON, with numbers left as text and doubled keys noticed."""

    def __init__(self) -> None:
        self.doubled: list[str] = []
        self._decode = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=str, parse_float=str, parse_constant=str
        ).raw_decode

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            self.doubled.append(next(name for name in names if names.count(name) > 1))
        return found

    def decode(self, text: str, start: int = 0) -> tuple[Any, int]:
        """Return the value that begins at ``start`` and where it ends; ``doubled`` then holds its doubled keys."""
        self.doubled.clear()
        try:
            return self._decode(text, start)
        except RecursionError:
            raise json.JSONDecodeError("Too many brackets within brackets", text, start) from None

    def found(self, line: int, text: str, content: Any, *, in_utf8: bool = False) -> _Found:
        """A record that was decoded last."""
        fault = Fault("E_DUP_KEY", whole_letters(self.doubled[0])) if self.doubled else None
        return _Found(line, text, content, fault, in_utf8)


def _lines(source: Source, file: DeliveredFile, syntax: Syntax) -> Iterator[_Found]:
    """The records of a file with a record per line; empty lines are none."""
    readable, any_record = 0, False
    with open_bytes(file, table=source.name) as packed:
        stream, encoding = _behind_mark(packed, source)
        for number, data in enumerate(_split(stream, encoding, source, file), start=1):
            text, in_utf8 = _text(data, encoding)
            if not text.strip():
                yield _Found(number, "", fault=Fault("S_BLANK"))
                continue
            if not any_record and text.startswith(_NO_TEXT):
                _refuse_document(source, file, number, text)
            any_record = True
            if in_utf8 is None:
                yield _Found(number, text, fault=Fault("E_ENCODING", detail=f"the line is not in {encoding}"))
                continue
            try:
                content, end = syntax.decode(text)
                if end != len(text):
                    raise json.JSONDecodeError("Something stands behind the record", text, end)
            except json.JSONDecodeError as error:
                if not readable:
                    _refuse_document(source, file, number, text)
                yield _Found(number, text, fault=Fault("E_JSON", detail=f"{error.msg}, at sign {error.pos + 1}"))
                continue
            if not readable and isinstance(content, list):
                _refuse_document(source, file, number, text)
            readable += 1
            yield syntax.found(number, text, content, in_utf8=in_utf8)
    if not any_record:
        raise _empty(source, file)


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


def _empty(source: Source, file: DeliveredFile) -> DeliveryError:
    return DeliveryError("nothing is in it", table=source.name, file=file.name, code="E_EMPTY")


def _behind_mark(packed: IO[bytes], source: Source) -> tuple[IO[bytes], str]:
    """The stream behind its byte-order mark, if it has one, and its encoding."""
    stream = packed if hasattr(packed, "peek") else io.BufferedReader(packed, CHUNK)
    encoding, length = starting_encoding(stream.peek(4)[:4], source.format.encoding)
    stream.read(length)
    return stream, "utf-8" if encoding == "utf-8-sig" else encoding


def _split(stream: IO[bytes], encoding: str, source: Source, file: DeliveredFile) -> Iterator[bytes]:
    """Lines, as bytes; those of an encoding with several bytes for every sign in UTF-8."""
    wide = io.TextIOWrapper(stream, encoding, newline="\n", errors="replace") if encoding in WIDE else None
    number = 0
    while line := wide.readline(RECORD_LIMIT + 1).encode() if wide else stream.readline(RECORD_LIMIT + 1):
        number += 1
        if len(line) > RECORD_LIMIT:
            raise _too_big(source, file, number)
        yield line


def _too_big(source: Source, file: DeliveredFile, line: int) -> DeliveryError:
    return DeliveryError(
        f"a record has more than {RECORD_LIMIT:,} signs", table=source.name, file=file.name, line=line,
        code="E_TOO_BIG", remedy="if it is a list of records, write 'reader: json' and name the list in 'records'",
    )  # fmt: skip


def _elements(source: Source, file: DeliveredFile, syntax: Syntax) -> Iterator[_Found]:
    """The records of a JSON document: the elements of the list at ``format.records``."""
    with open_bytes(file, table=source.name) as packed:
        stream, encoding = _behind_mark(packed, source)
        document = _Document(io.TextIOWrapper(stream, encoding, newline=""), source, file, syntax)
        try:
            if not document.peek():
                raise _empty(source, file)
            path = tuple(source.format.records.split(".")) if source.format.records else ()
            yield from _list_at(document, path, ())
            if document.peek():
                raise document.error("something stands behind the document's end")
        except UnicodeDecodeError:
            raise DeliveryError(
                f"it is not {encoding}", table=source.name, file=file.name, line=document.line, code="E_ENCODING"
            ) from None


def _list_at(document: _Document, path: tuple[str, ...], above: tuple[str, ...]) -> Iterator[_Found]:
    """The records of the list at ``path`` within the value that comes next."""
    start = document.peek()
    if not path:
        if start != "[":
            raise document.no_list(above, document.value()[0])
        yield from document.elements()
        return
    if start != "{":
        raise document.no_list(above, document.value()[0], wanted=path[0])
    names: dict[str, Any] = {}
    entered = False
    for name in document.names():
        if name in names:
            raise document.error(f"'{name}' stands twice")
        names[name] = None
        if name == path[0]:
            entered = True
            yield from _list_at(document, path[1:], (*above, name))
        else:
            names[name] = document.value()[0]
    if not entered:
        raise document.no_list(above, names, wanted=path[0])


class _Document:
    """A JSON document, read piece by piece, that knows the line it stands in."""

    def __init__(self, stream: TextIO, source: Source, file: DeliveredFile, syntax: Syntax) -> None:
        self.line = 1
        self._stream, self._source, self._file, self._syntax = stream, source, file, syntax
        self._text, self._at, self._counted, self._ended = "", 0, 0, False

    def peek(self) -> str:
        """The next sign that is no space; empty at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def value(self) -> tuple[Any, str]:
        """Take the next value: its content and its text."""
        self.peek()
        while True:
            try:
                content, end = self._syntax.decode(self._text, self._at)
                if end < len(self._text) or self._ended:
                    break
            except json.JSONDecodeError as error:
                cut_off = error.msg.startswith("Unterminated") or error.pos >= len(self._text) - 16
                if not cut_off or self._ended:
                    self._count(error.pos)
                    raise self.error(error.msg) from None
            if len(self._text) - self._at > RECORD_LIMIT:
                raise _too_big(self._source, self._file, self._count(self._at))
            self._more()
        text = self._text[self._at : end]
        self._at = end
        return content, text

    def names(self) -> Iterator[str]:
        """Take an object: its names one by one, whose values the caller takes."""
        self._expect("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            if self.peek() != '"':
                raise self.error("a name in quotes belongs here")
            name = self.value()[0]
            self._expect(":")
            yield name
            if not self._next("}"):
                return

    def elements(self) -> Iterator[_Found]:
        """Take a list: its elements as records."""
        self._expect("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            self.peek()
            line = self._count(self._at)
            content, text = self.value()
            yield self._syntax.found(line, text, content)
            if not self._next("]"):
                return

    def no_list(self, above: tuple[str, ...], found: Any, *, wanted: str | None = None) -> DeliveryError:
        """Where the contract says that a list is, there is none; the message names the lists that there are."""
        lists = [".".join((*above, *path)) for path in _lists(found)]
        place = ".".join((*above, wanted) if wanted else above)
        missing = f"there is no {'' if wanted else 'list at '}" + (f"'{place}'" if place else "the top")
        told = f"lists are at: {', '.join(lists)}" if lists else "no list is there at all"
        return self._refusal(missing, code="E_RECORDS", remedy=f"name the list of records in 'records'; {told}")

    def error(self, what: str) -> DeliveryError:
        """The document is no JSON where it stands now."""
        return self._refusal(f"this is no JSON: {what[:1].lower()}{what[1:]}", code="E_NOT_JSON")

    def _refusal(self, what: str, *, code: str, remedy: str = "") -> DeliveryError:
        return DeliveryError(
            what, table=self._source.name, file=self._file.name, line=self.line, code=code, remedy=remedy
        )

    def _next(self, closing: str) -> bool:
        sign = self.peek()
        if sign not in (",", closing) or not sign:
            self._count(self._at)
            raise self.error("the document breaks off" if not sign else f"',' or '{closing}' belongs here")
        self._at += 1
        return sign == ","

    def _expect(self, sign: str) -> None:
        if self.peek() != sign:
            self._count(self._at)
            raise self.error(f"'{sign}' belongs here")
        self._at += 1

    def _count(self, position: int) -> int:
        """The line of a position that lies not before the last one asked for."""
        self.line += self._text.count("\n", self._counted, position)
        self._counted = max(position, self._counted)
        return self.line

    def _more(self) -> bool:
        """Read on, and let go of what was taken."""
        piece = self._stream.read(CHUNK)
        if not piece:
            self._ended = True
            return False
        self._count(self._at)
        self._text = self._text[self._at :] + piece
        self._counted -= self._at
        self._at = 0
        return True


def _lists(value: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The dotted paths of the lists of objects within a value."""
    if isinstance(value, list) and above:
        yield above
    elif isinstance(value, dict) and len(above) < 4:
        for name, inner in value.items():
            yield from _lists(inner, (*above, name))
