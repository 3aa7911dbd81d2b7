"""A JSON document, read piece by piece: the list of its records, wherever the contract says that it is."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from customer_patterns.sources.files.unpacking import open_bytes
from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.sources.readers import json_records
from customer_patterns.sources.readers.json_records import Found, Syntax, behind_mark, empty, too_big
from customer_patterns.study import Source

_SPACE = re.compile(r"[ \t\r\n]*")


def elements(source: Source, file: DeliveredFile, syntax: Syntax) -> Iterator[Found]:
    """Find the records of a JSON document: the elements of the list at ``format.records``."""
    with open_bytes(file, table=source.name) as packed:
        stream, encoding = behind_mark(packed, source)
        document = _Document(io.TextIOWrapper(stream, encoding, newline=""), source, file, syntax)
        try:
            if not document.peek():
                raise empty(source, file)
            path = tuple(source.format.records.split(".")) if source.format.records else ()
            yield from _list_at(document, path, ())
            if document.peek():
                raise document.error("something stands behind the document's end")
        except UnicodeDecodeError:
            raise DeliveryError(
                f"it is not {encoding}", table=source.name, file=file.name, line=document.line, code="E_ENCODING"
            ) from None


def _list_at(document: _Document, path: tuple[str, ...], above: tuple[str, ...]) -> Iterator[Found]:
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
            if len(self._text) - self._at > json_records.RECORD_LIMIT:
                raise too_big(self._source, self._file, self._count(self._at))
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

    def elements(self) -> Iterator[Found]:
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
        piece = self._stream.read(json_records.CHUNK)
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
