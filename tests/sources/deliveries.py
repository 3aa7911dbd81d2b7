"""Deliveries for tests: files below a temporary root, a contract, and what collection makes of them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa

from customer_patterns import warehouse
from customer_patterns.sources import collect_study
from customer_patterns.sources.files import find_files
from customer_patterns.sources.raw import DeliveredFile
from customer_patterns.sources.readers import csv
from customer_patterns.study import Source, Study

HEADER = "receipt;customer;product;sold;pieces;paid".replace(";", ",")
COLUMNS = {
    "order_id": "receipt",
    "customer_id": "customer",
    "product_id": "product",
    "ordered_at": "sold",
    "quantity": "pieces",
    "revenue": "paid",
}


def contract(location="lines.csv", *, table="order_lines", columns=None, source="till", **more) -> Source:
    """A contract of a till's order lines, or of another table."""
    return Source(
        source=source, table=table, reader=more.pop("reader", "csv"), location=location, provenance="simulated",
        owner="nobody", party="first", purpose="tests", legal_basis="invented", retention="none",
        columns=COLUMNS if columns is None else columns, **more,
    )  # fmt: skip


def line(number, *, customer="C1", product="P1", sold="2026-01-05 10:00:00", pieces="1", paid="2.50") -> str:
    """One order line as delivered."""
    return f"R{number},{customer},{product},{sold},{pieces},{paid}"


def lines(count, *, first=1, **same) -> str:
    """A whole file of order lines, with its header."""
    return "\n".join([HEADER, *(line(number, **same) for number in range(first, first + count))]) + "\n"


def study(*sources, name="shop", **more) -> Study:
    """A study of these contracts, over January 2026."""
    return Study(
        name=name, title="A shop", about="It does not exist.", customer={"one": "customer", "many": "customers"},
        currency="CNY", time_zone="UTC", first_day="2026-01-01", last_day="2026-01-31", sources=sources, **more,
    )  # fmt: skip


def collected(of: Study, *, as_of=None):
    """What collection makes of a study; the backend lives as long as the result."""
    backend = warehouse.connect()
    found = collect_study(of, as_of=as_of or of.last_day, thin_day_share=0.5, backend=backend)
    found.__dict__["backend"] = backend
    return found


def put(root: Path, name: str, content: str | bytes) -> Path:
    """Put a file below the root, packed if its name says so."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(
        gzip.compress(data, mtime=0) if name.endswith(".gz") and not data.startswith(b"\x1f\x8b") else data
    )
    return path


def read(path: Path, *, block=1 << 23, careful=False, numbered=False, source=None, **form):
    """Read one delimited file: records as tuples (without file and line), lines, set aside, repairs."""
    source = source or contract(path.name, format=form)
    file = DeliveredFile(path.name, path, "", path.stat().st_size)
    taken = list(csv.lots(source, file, block=block, careful=careful, numbered=numbered))
    table = pa.concat_tables([lot.table for lot in taken])
    rows = [tuple(row.values()) for row in table.to_pylist()]
    return Delivered(
        [row[:-2] for row in rows],
        [row[-1] for row in rows],
        [tuple(row[1:]) for lot in taken for row in lot.set_aside],
        [tuple(row[1:]) for lot in taken for row in lot.repairs],
    )


class Delivered(tuple):
    """Records, their lines, what was set aside (line, code, column, detail, raw), repairs (line, code, column)."""

    def __new__(cls, records, at, set_aside, repairs):
        return super().__new__(cls, (records, at, set_aside, repairs))

    records = property(lambda self: self[0])
    lines = property(lambda self: self[1])
    set_aside = property(lambda self: self[2])
    repairs = property(lambda self: self[3])

    @property
    def faults(self):
        """Line and code of each record set aside."""
        return [row[:2] for row in self[2]]

    @property
    def repaired(self):
        """Line and code of each repair."""
        return [row[:2] for row in self[3]]


def files_of(source: Source):
    """Names of the files a contract finds."""
    return [file.name for file in find_files(source)]
