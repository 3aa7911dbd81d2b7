"""The letters of delivered text, line by line: in the declared encoding, or not read at all. Nothing is detected.

A file of which some lines were appended by another program is common: a till writes GB18030, a script adds UTF-8. Read
as a whole in the declared encoding such a file decodes without complaint into other letters. So each line is tried in
UTF-8 first where that can be told from the declared encoding, and the lines read so are counted.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

#: Byte-order marks, which are honored whatever the contract says.
BOMS: dict[bytes, str] = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}

#: Encodings with more than one byte for every letter: they are turned into UTF-8 before lines are looked for.
WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7")

_UTF8 = ("utf-8", "utf-8-sig", "ascii")

#: Three bytes of one letter in UTF-8: in text of two-byte encodings such a sequence hardly ever is valid by chance.
_THREE_BYTES = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")


@dataclass
class Decoded:
    """Lines in UTF-8.

    Attributes
    ----------
    data
        The bytes; what could not be decoded stands in them as U+FFFD.
    undecoded
        Lines (from 0) that are not in the declared encoding.
    in_utf8
        Lines that were in UTF-8 although the declared encoding is another.
    """

    data: bytes
    undecoded: list[int] = field(default_factory=list)
    in_utf8: list[int] = field(default_factory=list)


def starting_encoding(head: bytes, declared: str) -> tuple[str, int]:
    """Return a file's encoding and the length of its byte-order mark: what the mark says, or what was declared.

    >>> starting_encoding(b"\\xef\\xbb\\xbfid", "gb18030")
    ('utf-8', 3)
    >>> starting_encoding(b"id", "gb18030")
    ('gb18030', 0)
    """
    for mark, encoding in BOMS.items():
        if head.startswith(mark):
            return encoding, len(mark)
    return ("utf-16-le" if declared == "utf-16" else declared), 0


def widened(encoding: str) -> codecs.IncrementalDecoder | None:
    """Return a decoder for an encoding whose lines cannot be told apart by bytes, or ``None`` for all others.

    Half letters are read as U+FFFD, which is counted with the record that has it.
    """
    return codecs.getincrementaldecoder(encoding)(errors="replace") if encoding in WIDE else None


def decode_lines(data: bytes, encoding: str) -> Decoded:
    """Turn whole lines into UTF-8.

    Parameters
    ----------
    data
        Lines with their ends.
    encoding
        The declared one; none of ``WIDE``.

    Returns
    -------
    Decoded
        Plain text in one step; else line by line. A line that both encodings allow is read in the declared one, except
        where the two cannot be confused: single bytes (Latin) hardly ever form valid UTF-8 by chance, nor do two-byte
        encodings form its three-byte letters.
    """
    if data.isascii():
        return Decoded(data)
    if encoding in _UTF8:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return _line_by_line(data, "utf-8", other=False)
        return Decoded(data)
    return _line_by_line(data, encoding, other=True)


def _line_by_line(data: bytes, encoding: str, *, other: bool) -> Decoded:
    lines, result = [], Decoded(b"")
    one_byte = _is_one_byte(encoding)
    for number, line in enumerate(re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data)):
        if line.isascii():
            lines.append(line)
            continue
        if other and (one_byte or _THREE_BYTES.search(line)) and _decodes(line, "utf-8"):
            result.in_utf8.append(number)
            lines.append(line)
            continue
        try:
            lines.append(line if encoding == "utf-8" and _decodes(line, "utf-8") else _as_utf8(line, encoding))
        except UnicodeDecodeError:
            result.undecoded.append(number)
            lines.append(line.decode(encoding, "replace").encode("utf-8"))
    result.data = b"".join(lines)
    return result


def _as_utf8(line: bytes, encoding: str) -> bytes:
    return line.decode(encoding).encode("utf-8")


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_one_byte(encoding: str) -> bool:
    """Whether every byte of an encoding is a letter by itself (Latin, Cyrillic …)."""
    try:
        return len(bytes(range(0x20, 0x7F)).decode(encoding)) == 0x5F and len(b"\xe4\xb8".decode(encoding)) == 2
    except UnicodeDecodeError:
        return True  # some bytes of Windows' code pages mean nothing
