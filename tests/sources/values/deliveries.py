"""Small deliveries as readers hand them on, and studies to convert them by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa

from customer_patterns.sources.raw import DeliveredFile, Raw, repair_frame, set_aside_frame
from customer_patterns.sources.values.convert import Converted, convert
from customer_patterns.study import Study
from customer_patterns.study.contract import Source
from customer_patterns.study.format import Format
from customer_patterns.warehouse import connect

STUDY = Study(
    name="till",
    title="A till",
    about="A till",
    customer={"one": "customer", "many": "customers"},
    currency="CNY",
    time_zone="Asia/Shanghai",
    first_day=date(2026, 1, 1),
    last_day=date(2026, 12, 31),
    sources=(),
)


def contract(table: str, columns: dict, *, reader: str = "csv", **form) -> Source:
    """The contract of one delivered table."""
    return Source(
        source="till",
        table=table,
        reader=reader,
        location="till.csv",
        provenance="simulated",
        owner="a shop",
        party="first",
        purpose="tests",
        legal_basis="no personal data",
        retention="a minute",
        columns=columns,
        format=Format(**form),
    )


def delivered(backend, columns: dict, *, files: list[int] | None = None) -> Raw:
    """A reader's result: columns of texts, or of types of their own; the first record stands in line 2."""
    table = pa.table({name: v if isinstance(v, pa.Array) else pa.array(v, pa.string()) for name, v in columns.items()})
    rows = table.num_rows
    of = files or [0] * rows
    table = table.append_column("_file", pa.array(of, pa.int32()))
    table = table.append_column("_line", pa.array(range(2, rows + 2), pa.int64()))
    backend.con.register("delivered", table)
    named = tuple(DeliveredFile(f"till_{i}.csv", Path("till.csv"), "", 0) for i in range(max(of, default=0) + 1))
    return Raw(named, tuple(columns), backend.table("delivered"), set_aside_frame(), repair_frame())


def bring_in(source: Source, columns: dict, *, files: list[int] | None = None, study: Study = STUDY) -> Converted:
    """Convert a small delivery."""
    backend = connect()
    return convert(backend, delivered(backend, columns, files=files), source, study=study)


def rows(converted: Converted, *names: str) -> list[tuple]:
    """The kept records' values in the order of their lines."""
    table = converted.table.order_by(["_file", "_line"]).select(*names).to_pyarrow()
    return list(zip(*(table[name].to_pylist() for name in names), strict=True))
