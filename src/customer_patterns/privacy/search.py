"""A search over every byte of a folder, also inside packed files: where somebody still stands."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

#: Encodings in which a text may lie in a file.
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_DEEPEST = 4


def places(root: Path, wanted: Collection[str]) -> list[str]:
    """Return where any of some texts stands, as a value of its own: not within another word or number.

    Parameters
    ----------
    root
        A folder; all files in it are read, packed ones (gzip, zip, workbooks, parquet) also inside.
    wanted
        Texts: ids, names, addresses, numbers.

    Returns
    -------
    list
        Paths below ``root``, sorted; behind ``!`` the member of an archive. Never what was found.
    """
    sought = _Sought(wanted)
    found = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(root).as_posix()
            found += [name + inner for inner in _within(path.read_bytes(), path.name, sought, 0)]
    return found


class _Sought:
    """Texts as patterns of bytes: one alternation for what may stand anywhere."""

    def __init__(self, wanted: Collection[str]) -> None:
        words = sorted({word for word in wanted if word}, key=len, reverse=True)
        plain = _together({word.encode(encoding) for word in words for encoding in _ENCODINGS[:2]})
        self._plain = re.compile(rb"(?<![0-9A-Za-z_.-])" + plain + rb"(?![0-9A-Za-z_])") if words else None
        wide = _together({word.encode(encoding) for word in words for encoding in _ENCODINGS[2:]})
        self._wide = re.compile(wide) if words else None

    def within(self, content: bytes) -> bool:
        return bool(self._plain and (self._plain.search(content) or self._wide.search(content)))


def _together(words: Collection[bytes]) -> bytes:
    """A pattern for any of some words that looks at each sign of a file once, however many they are: a tree."""
    tree: dict = {}
    for word in words:
        node = tree
        for sign in word:
            node = node.setdefault(sign, {})
        node[None] = {}
    return _pattern(tree)


def _pattern(node: dict) -> bytes:
    parts = []
    for sign, below in sorted(item for item in node.items() if item[0] is not None):
        head = re.escape(bytes([sign]))
        while len(below) == 1 and None not in below:
            ((sign, below),) = below.items()
            head += re.escape(bytes([sign]))
        parts.append(head + (_pattern(below) if set(below) - {None} else b""))
    if not parts:
        return b""
    return b"(?:" + b"|".join(parts) + (b")?" if None in node else b")")


def _within(content: bytes, name: str, sought: _Sought, depth: int) -> Iterator[str]:
    if sought.within(content):
        yield ""
    if depth >= _DEEPEST:
        return
    if content.startswith(b"\x1f\x8b"):
        try:
            yield from _inner(gzip.decompress(content), "", name.removesuffix(".gz"), sought, depth)
        except (OSError, EOFError):
            return
    elif content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.infolist():
                    if not member.is_dir():
                        inner = archive.read(member)
                        yield from _inner(inner, f"!{member.filename}", member.filename, sought, depth)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            return
    elif content.startswith(b"PAR1"):
        yield from ("!" + column for column in _parquet_columns(content, sought))


def _inner(content: bytes, mark: str, name: str, sought: _Sought, depth: int) -> Iterator[str]:
    yield from (mark + inner for inner in _within(content, name, sought, depth + 1))


def _parquet_columns(content: bytes, sought: _Sought) -> Iterator[str]:
    """The columns of a table that hold one of them; each different value is looked at once."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
    except pa.ArrowInvalid:
        return
    for name in file.schema_arrow.names:
        column = file.read(columns=[name]).column(0)
        if pa.types.is_floating(column.type) or pa.types.is_boolean(column.type):
            continue
        values = column.to_pylist() if pa.types.is_nested(column.type) else column.unique().to_pylist()
        if sought.within("\n".join(str(value) for value in values).encode("utf-8", "surrogatepass")):
            yield name
