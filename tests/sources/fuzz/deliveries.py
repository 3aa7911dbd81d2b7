"""Small whole deliveries of several kinds, each with its contract: what mutations start from. All made up."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import itertools
import json
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import openpyxl

RECORDS = 24
KEYS = tuple(f"K{number:05d}Q" for number in range(RECORDS))

#: Where deliveries are put, below the root.
FOLDER = "data/raw/delivery"

_BASE = {
    "title": "Fuzzed",
    "about": "Nothing",
    "customer": {"one": "customer", "many": "customers"},
    "currency": "CNY",
    "time_zone": "Asia/Shanghai",
    "first_day": "2026-01-01",
    "last_day": "2026-12-31",
}
_WHY = {
    "provenance": "simulated",
    "owner": "nobody",
    "party": "first",
    "purpose": "tests",
    "legal_basis": "no personal data",
    "retention": "until the test ends",
}
_MOMENTS = itertools.count(1_767_225_600_000_000_000, 1_000_000)
_DAWN = (1980, 1, 1, 0, 0, 0)  # the first moment that an archive can name: the same bytes on any day


@dataclass(frozen=True)
class Kind:
    """One kind of delivery.

    Attributes
    ----------
    name
        Of the kind.
    file
        The name of the delivered file that is mutated.
    table, key
        The canonical table, and which of its columns holds the key of each record.
    entry
        The table's entry in the study file, without its location.
    reader
        Of the source.
    content
        The file's bytes.
    text
        The encoding of a file that can be mutated line by line.
    delimiter
        Of delimited text.
    location
        Below ``FOLDER``, where it is not the file.
    beside
        Other files that are delivered with it, by name.
    inner, pack
        Of a packed file: what is in it, and how it is packed.
    sealed
        A checksum is delivered with it: any change must be refused.
    guarded
        Its format has checksums of its own: changed bytes are refused or change nothing.
    """

    name: str
    file: str
    table: str
    key: str
    entry: dict[str, Any]
    reader: str
    content: bytes
    text: str | None = None
    delimiter: str = ","
    location: str | None = None
    beside: dict[str, bytes] = field(default_factory=dict)
    inner: Kind | None = None
    pack: Callable[[bytes], bytes] | None = None
    sealed: bool = False
    guarded: bool = False

    def study(self) -> dict[str, Any]:
        """The study file's content."""
        place = f"{FOLDER}/{self.file if self.location is None else self.location}".rstrip("/")
        entry = {**self.entry, "location": place}
        return {**_BASE, "sources": {"fuzzed": {"reader": self.reader, **_WHY, "tables": {self.table: entry}}}}

    def columns(self, *delivered: str) -> frozenset[str]:
        """The canonical columns that are read from delivered ones."""
        origins = self.entry["columns"]
        told = {name: {"column": origin} if isinstance(origin, str) else origin for name, origin in origins.items()}
        plain = {name: origin.get("column") for name, origin in told.items()}
        times = {name: plain[origin["times"]] for name, origin in told.items() if "times" in origin}
        return frozenset(name for name, column in plain.items() if {column, times.get(name)} & set(delivered))


# Orders, as delimited text


HEADER = ["order", "member", "sku", "paid", "units", "money", "via"]
_COLUMNS = {
    "order_id": "order",
    "customer_id": "member",
    "product_id": "sku",
    "ordered_at": "paid",
    "quantity": "units",
    "revenue": "money",
    "channel": "via",
}
_FORM = {"dates": ["%Y-%m-%d %H:%M"], "time_zone": "Asia/Shanghai", "worst_share": 1.0}


def _rows() -> list[list[str]]:
    return [
        [
            key,
            f"{number % 7:04d}",
            f"P{number % 5}",
            f"2026-0{number % 9 + 1}-1{number % 10} 0{number % 10}:30",
            str(number % 4 + 1),
            f"{number * 3.5 + 1:.2f}",
            "线上" if number % 2 else "门店",
        ]
        for number, key in enumerate(KEYS)
    ]


def _csv(rows: list[list[str]], delimiter: str = ",", header: list[str] = HEADER) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def _orders(name: str, file: str, reader: str, content: bytes, **more: Any) -> Kind:
    entry = {"columns": _COLUMNS, "format": _FORM}
    return Kind(name, file, "order_lines", "order_id", entry, reader, content, **more)


def _orders_csv() -> Kind:
    return _orders("csv", "orders.csv", "csv", _csv(_rows()).encode(), text="utf-8")


def _orders_priced() -> Kind:
    """Prices of one unit, multiplied with the units."""
    columns = {**_COLUMNS, "revenue": {"column": "money", "times": "quantity"}}
    entry = {"columns": columns, "format": _FORM}
    content = _csv(_rows()).encode()
    return Kind("priced", "orders.csv", "order_lines", "order_id", entry, "csv", content, text="utf-8")


def _orders_gbk() -> Kind:
    rows = [[*row[:3], row[3].replace("-", "."), row[4], row[5].replace(".", ","), row[6]] for row in _rows()]
    form = {
        **_FORM,
        "encoding": "gb18030",
        "delimiter": ";",
        "decimal": ",",
        "dates": ["%Y.%m.%d %H:%M"],
    }
    values = {"column": "via", "values": {"线上": "online", "门店": "store"}, "other": "set_aside"}
    entry = {"columns": {**_COLUMNS, "channel": values}, "format": form}
    content = _csv(rows, ";").encode("gb18030")
    return Kind("gbk", "orders.csv", "order_lines", "order_id", entry, "csv", content, text="gb18030", delimiter=";")


def _packed_gz(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _orders_gz() -> Kind:
    plain = _orders_csv()
    return _orders("gz", "orders.csv.gz", "csv", _packed_gz(plain.content), inner=plain, pack=_packed_gz, guarded=True)


def archive(members: dict[str, bytes]) -> bytes:
    """Pack files into an archive; the same bytes on any day."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _DAWN)
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, data)
    return content.getvalue()


def _parts(count: int) -> list[bytes]:
    """The orders in several files of the same size."""
    rows, size = _rows(), RECORDS // count
    return [_csv(rows[start : start + size]).encode() for start in range(0, RECORDS, size)]


def _orders_zip() -> Kind:
    first, second = _parts(2)

    def pack(content: bytes) -> bytes:
        return archive({"january.csv": first, "july.csv": content})

    inner = _orders("csv", "july.csv", "csv", second, text="utf-8")
    return _orders("zip", "orders.zip", "csv", pack(second), inner=inner, pack=pack, guarded=True)


def _orders_folder() -> Kind:
    first, second, third = _parts(3)
    beside = {"orders_01.csv": first, "orders_03.csv": third}
    return _orders("folder", "orders_02.csv", "csv", second, text="utf-8", location="", beside=beside)


# An answer sheet per line


ITEMS = {f"q{number:02d}": f"第{number}题" for number in range(1, 15)}


def _survey() -> Kind:
    header = ["会员号", "时间", *ITEMS.values(), "总体评价"]
    said = ("非常满意", "满意", "一般", "不满意")
    rows = [
        [key, f"2026-03-{n % 28 + 1:02d}", *(str((n + q) % 5 + 1) for q in range(len(ITEMS))), said[n % 4]]
        for n, key in enumerate(KEYS)
    ]
    overall = {"column": "总体评价", "answers": dict(zip(said, (5, 4, 3, 2), strict=True))}
    entry = {
        "columns": {"wave": {"constant": "2026"}, "customer_id": "会员号", "answered_at": "时间"},
        "wide": {"items": {**ITEMS, "overall": overall}, "not_asked": ["-"], "dont_know": ["98"], "refused": ["99"]},
        "format": {"worst_share": 1.0},
    }
    content = _csv(rows, header=header).encode()
    return Kind("survey", "sheets.csv", "survey_responses", "customer_id", entry, "csv", content, text="utf-8")


# JSON


def _events() -> Kind:
    records = [
        {
            "id": key,
            "who": {"id": f"{n % 7:04d}"},
            "at": f"2026-0{n % 9 + 1}-11T0{n % 10}:00:00Z",
            "what": "page_view",
            "s": n * 1.5,
        }
        for n, key in enumerate(KEYS)
    ]
    entry = {
        "columns": {
            "event_id": "id",
            "customer_id": "who.id",
            "occurred_at": "at",
            "event_type": "what",
            "dwell_seconds": "s",
        },
        "format": {"worst_share": 1.0},
    }
    content = "".join(json.dumps(record) + "\n" for record in records).encode()
    return Kind("jsonl", "events.jsonl", "events", "event_id", entry, "jsonl", content, text="utf-8")


def _reviews() -> Kind:
    records = [
        {"id": key, "at": f"2026-03-{n % 28 + 1:02d}", "stars": n % 5 + 1, "note": f"好 {n}"}
        for n, key in enumerate(KEYS)
    ]
    entry = {
        "columns": {"feedback_id": "id", "written_at": "at", "rating": "stars", "text": "note"},
        "format": {"records": "data.items", "worst_share": 1.0},
    }
    content = json.dumps({"data": {"items": records}}, ensure_ascii=False, indent=1).encode()
    return Kind("json", "reviews.json", "feedback", "feedback_id", entry, "json", content, text="utf-8")


# Workbooks


def workbook() -> openpyxl.Workbook:
    """The orders as a workbook that can still be changed."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Orders"
    book.active.append(HEADER)
    for row in _rows():
        book.active.append([*row[:4], int(row[4]), float(row[5]), row[6]])
    return book


def stored(book: openpyxl.Workbook) -> bytes:
    """A workbook's bytes, the same on any day."""
    content, members = io.BytesIO(), {}
    book.save(content)
    with zipfile.ZipFile(content) as packed:
        for name in packed.namelist():
            members[name] = packed.read(name)
    core = "docProps/core.xml"
    members[core] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", members[core])
    return archive(members)


def _workbook() -> Kind:
    return _orders("excel", "orders.xlsx", "excel", stored(workbook()), guarded=True)


# Parquet


def _parquet_bytes() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = io.BytesIO()
    columns = list(zip(*_rows(), strict=True))
    pq.write_table(pa.table(dict(zip(HEADER, map(list, columns), strict=True))), content)
    return content.getvalue()


def _parquet() -> Kind:
    return _orders("parquet", "orders.parquet", "parquet", _parquet_bytes())


def _sealed_parquet() -> Kind:
    content = _parquet_bytes()
    sums = f"{hashlib.sha256(content).hexdigest()}  orders.parquet\n".encode()
    return _orders("sealed", "orders.parquet", "parquet", content, beside={"SHA256SUMS": sums}, sealed=True)


#: Every kind of delivery, made anew when asked for.
KINDS: dict[str, Callable[[], Kind]] = {
    "csv": _orders_csv,
    "gbk": _orders_gbk,
    "priced": _orders_priced,
    "gz": _orders_gz,
    "zip": _orders_zip,
    "folder": _orders_folder,
    "survey": _survey,
    "jsonl": _events,
    "json": _reviews,
    "excel": _workbook,
    "parquet": _parquet,
    "sealed": _sealed_parquet,
}


def write(kind: Kind, root: Path, content: bytes) -> None:
    """Put a delivery below a root, in place of the last one: files that did not change are not written again."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in {**kind.beside, kind.file: content}.items():
        path = folder / name
        if name == kind.file or not path.is_file():
            path.unlink(missing_ok=True)
            path.write_bytes(data)
            last = next(_MOMENTS)  # within one tick of the clock two files of one size would look alike
            os.utime(path, ns=(last, last))
