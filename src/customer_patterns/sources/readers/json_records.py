"""A record as it stands in JSON, with its values as they were written: what the readers of JSON have in common."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from typing import IO, Any

from customer_patterns.sources.files.encoding import starting_encoding
from customer_patterns.sources.raw import DeliveredFile, DeliveryError
from customer_patterns.sources.readers.gathered import whole_letters
from customer_patterns.study import Source

#: Signs that one record may have.
RECORD_LIMIT = 16_000_000
#: Signs read at a time.
CHUNK = 1_000_000


class Fault(Exception):
    """A record cannot be used, and why."""

    def __init__(self, code: str, column: str | None = None, detail: str | None = None) -> None:
        super().__init__(code)
        self.code, self.column, self.detail = code, column, detail


@dataclass(slots=True)
class Found:
    """A record as it stands in a file: its line, its text, and its content or what is wrong with it."""

    line: int
    text: str
    content: Any = None
    fault: Fault | None = None
    in_utf8: bool = False


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

    def found(self, line: int, text: str, content: Any, *, in_utf8: bool = False) -> Found:
        """A record that was decoded last."""
        fault = Fault("E_DUP_KEY", whole_letters(self.doubled[0])) if self.doubled else None
        return Found(line, text, content, fault, in_utf8)


def digest_of(content: Any) -> bytes:
    """Return a digest of what was read, in which the order of keys does not count."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def behind_mark(packed: IO[bytes], source: Source) -> tuple[IO[bytes], str]:
    """Return the stream behind its byte-order mark, if it has one, and its encoding."""
    stream = packed if hasattr(packed, "peek") else io.BufferedReader(packed, CHUNK)
    encoding, length = starting_encoding(stream.peek(4)[:4], source.format.encoding)
    stream.read(length)
    return stream, "utf-8" if encoding == "utf-8-sig" else encoding


def too_big(source: Source, file: DeliveredFile, line: int) -> DeliveryError:
    """Return the objection to a record that is longer than any."""
    return DeliveryError(
        f"a record has more than {RECORD_LIMIT:,} signs", table=source.name, file=file.name, line=line,
        code="E_TOO_BIG", remedy="if it is a list of records, write 'reader: json' and name the list in 'records'",
    )  # fmt: skip


def empty(source: Source, file: DeliveredFile) -> DeliveryError:
    """Return the objection to a file in which nothing is."""
    return DeliveryError("nothing is in it", table=source.name, file=file.name, code="E_EMPTY")
