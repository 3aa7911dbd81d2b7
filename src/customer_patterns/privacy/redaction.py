"""Files without the records of some customers: every other record stays, in CSV to the byte.

A record is a customer's where one of its columns of customers' numbers holds theirs. Files are rewritten beside
themselves and swapped in.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from customer_patterns.schemas import Refusal

#: Endings of files that can be rewritten, without those of ``.gz`` and ``.zip``.
TEXTS = (".csv", ".tsv", ".txt", ".psv", ".tab")
LINES = (".jsonl", ".ndjson")
KNOWN = (*TEXTS, *LINES, ".json", ".parquet", ".pq", ".xlsx", ".xlsm")


#: What stands in the place of their names in others' words.
GONE = "[forgotten]"


class CannotRedact(Refusal):
    """A file cannot be rewritten; the message names it."""


@dataclass(frozen=True)
class Written:
    """How a delimited file is written, as far as it takes to tell its records apart."""

    encoding: str = "utf-8"
    delimiter: str = ""
    quote: str = '"'


@dataclass(frozen=True)
class Redaction:
    """Which records go.

    Attributes
    ----------
    columns
        The names of columns that hold customers' numbers, as delivered or canonical; of JSON the last part of the path.
    forgotten
        Whether a number is one of theirs.
    words
        Their names, numbers and addresses, wherever else they stand: in what others wrote, each is replaced.
    """

    columns: Collection[str]
    forgotten: Callable[[str], bool]
    words: frozenset[str] = frozenset()

    @cached_property
    def _mentioned(self) -> re.Pattern[str] | None:
        words = "|".join(map(re.escape, sorted(self.words, key=len, reverse=True)))
        # (not within another word or number: the name of one author may begin that of another)
        return re.compile(rf"(?<![0-9A-Za-z_])(?:{words})(?![0-9A-Za-z_])") if words else None

    def _without_words(self, text: str) -> str:
        return self._mentioned.sub(GONE, text) if self._mentioned else text

    def of_file(self, path: Path, written: Written | None = None) -> int:
        """Rewrite a file without their records; return how many went. One without any is left as it is.

        Raises
        ------
        CannotRedact
            For a file of a kind that cannot be rewritten.
        """
        before = path.read_bytes()
        after, gone = self.of_content(before, path.name, written)
        if gone:
            mode = path.stat().st_mode & 0o777
            fresh = path.with_name(f".{path.name}.fresh")
            fresh.write_bytes(after)
            fresh.chmod(mode)
            os.replace(fresh, path)
        return gone

    def of_content(self, content: bytes, name: str, written: Written | None = None) -> tuple[bytes, int]:
        """Return a file's content without their records, and how many there were."""
        ending = Path(name).suffix.lower()
        if ending == ".gz":
            inner, gone = self.of_content(gzip.decompress(content), name[:-3], written)
            return (gzip.compress(inner, mtime=0) if gone else content), gone
        if ending == ".zip":
            return self._of_archive(content, written)
        if ending in TEXTS:
            return self._of_delimited(content, written or Written())
        if ending in LINES:
            return self._of_lines(content)
        if ending == ".json":
            return self._of_json(content)
        if ending in (".parquet", ".pq"):
            return self._of_parquet(content)
        if ending in (".xlsx", ".xlsm"):
            return self._of_workbook(content)
        raise CannotRedact(f"{name} is of a kind that cannot be rewritten; take the record out by hand")

    def _is(self, value: Any) -> bool:
        if value is None or isinstance(value, bool | dict | list):
            return False
        return self.forgotten(str(value))

    def _of_archive(self, content: bytes, written: Written | None) -> tuple[bytes, int]:
        gone, sink = 0, io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(sink, "w") as new:
            for member in old.infolist():
                inner, some = old.read(member), 0
                if not member.is_dir() and Path(member.filename).suffix.lower() in (*KNOWN, ".gz"):
                    inner, some = self.of_content(inner, member.filename, written)
                gone += some
                new.writestr(member, inner, compress_type=member.compress_type)
        return (sink.getvalue() if gone else content), gone

    def _of_delimited(self, content: bytes, written: Written) -> tuple[bytes, int]:
        encoding = _encoding(content, written.encoding)
        text = content.decode(encoding, "surrogateescape")
        delimiter = written.delimiter or _delimiter(text)
        places: list[int] = []
        kept, gone = [], 0
        for record in _records(text, written.quote):
            fields = next(csv.reader([record.removeprefix("\ufeff")], delimiter=delimiter, quotechar=written.quote), [])
            named = [at for at, field in enumerate(fields) if field.strip() in self.columns]
            if named:  # the header, and where files were put together another one
                places = named
            elif any(at < len(fields) and self.forgotten(fields[at]) for at in places):
                gone += 1
                continue
            kept.append(self._without_words(record))
            gone += kept[-1] != record
        return ("".join(kept).encode(encoding, "surrogateescape") if gone else content), gone

    def _of_lines(self, content: bytes) -> tuple[bytes, int]:
        kept, gone = [], 0
        for line in content.splitlines(keepends=True):
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            found, more = self._without(record)
            more += not more and self._mentioned is not None and found != record
            if isinstance(record, dict) and self._theirs(record):
                gone += 1
            elif more:
                gone += more
                kept.append(json.dumps(found, ensure_ascii=False).encode() + b"\n")
            else:
                kept.append(line)
        return b"".join(kept), gone

    def _of_json(self, content: bytes) -> tuple[bytes, int]:
        try:
            document = json.loads(content)
        except ValueError:
            return content, 0
        found, gone = self._without(document)
        gone += not gone and self._mentioned is not None and found != document
        return (json.dumps(found, ensure_ascii=False, indent=1).encode() if gone else content), gone

    def _theirs(self, record: dict[str, Any]) -> bool:
        return any(name in self.columns and self._is(value) for name, value in record.items())

    def _without(self, node: Any) -> tuple[Any, int]:
        """A document without the records of a list that are theirs, wherever the list stands."""
        if isinstance(node, dict):
            parts = {name: self._without(value) for name, value in node.items()}
            return {name: part for name, (part, _) in parts.items()}, sum(gone for _, gone in parts.values())
        if isinstance(node, list):
            kept = [one for one in node if not (isinstance(one, dict) and self._theirs(one))]
            parts = [self._without(one) for one in kept]
            return [part for part, _ in parts], len(node) - len(kept) + sum(gone for _, gone in parts)
        return self._without_words(node) if isinstance(node, str) else node, 0

    def _of_parquet(self, content: bytes) -> tuple[bytes, int]:
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        file = pq.ParquetFile(io.BytesIO(content))
        if not file.metadata.num_rows:
            return content, 0
        table = file.read()
        theirs = pa.chunked_array([pa.repeat(pa.scalar(False), table.num_rows)])
        for name in table.column_names:
            column = table[name]
            if name in self.columns and not pa.types.is_nested(column.type):
                different = pc.unique(column)
                marked = pa.array([value for value in different.to_pylist() if self._is(value)], different.type)
                theirs = pc.or_(theirs, pc.is_in(column, value_set=marked))
        gone = pc.sum(theirs).as_py() or 0
        table = table.filter(pc.invert(theirs))
        for at, name in enumerate(table.column_names):
            kind = table[name].type
            if self._mentioned and (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
                said = table[name].to_pylist()
                changed = [value if value is None else self._without_words(value) for value in said]
                if changed != said:
                    gone += sum(one != other for one, other in zip(changed, said, strict=True))
                    table = table.set_column(at, table.schema.field(at), pa.chunked_array([pa.array(changed, kind)]))
        if not gone:
            return content, 0
        compression = file.metadata.row_group(0).column(0).compression.lower()
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="none" if compression == "uncompressed" else compression)
        return sink.getvalue().to_pybytes(), gone

    def _of_workbook(self, content: bytes) -> tuple[bytes, int]:
        from openpyxl import load_workbook

        book, gone = load_workbook(io.BytesIO(content)), 0
        for sheet in book.worksheets:
            places: list[int] = []
            theirs: list[int] = []
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                named = [at for at, cell in enumerate(row) if isinstance(cell, str) and cell.strip() in self.columns]
                if named:
                    places = named
                elif any(self._is(row[at]) for at in places):
                    theirs.append(number)
            for number in reversed(theirs):
                sheet.delete_rows(number)
            gone += len(theirs)
            for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
                if (text := self._without_words(cell.value)) != cell.value:
                    cell.value, gone = text, gone + 1
        if not gone:
            return content, 0
        sink = io.BytesIO()
        book.save(sink)
        return sink.getvalue(), gone


def _encoding(content: bytes, declared: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8" if declared in ("utf-8-sig", "utf8") else declared


def _delimiter(text: str) -> str:
    """What stands most often in the first line that has any."""
    for line in text.splitlines():
        counts = {sign: line.count(sign) for sign in ",;\t|"}
        if any(counts.values()):
            return max(counts, key=counts.__getitem__)
    return ","


def _records(text: str, quote: str) -> Iterator[str]:
    """The records of a delimited file with their line ends; in quotes a line end belongs to the value."""
    waiting = ""
    for line in io.StringIO(text, newline=""):
        waiting += line
        if waiting.count(quote) % 2 == 0:
            yield waiting
            waiting = ""
    if waiting:
        yield waiting
