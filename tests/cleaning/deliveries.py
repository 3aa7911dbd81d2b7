"""Deliveries of a few records, each given as far as it matters, and what cleaning makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from customer_patterns import warehouse
from customer_patterns.cleaning import TABLES, Cleaned, Options, all_rules, clean_study
from customer_patterns.schemas import check
from customer_patterns.schemas.canonical import CANONICAL, OTHERWISE

NOON = datetime(2017, 5, 17, 12)
LATER = datetime(2017, 5, 17, 13)
FIRST_DAY, LAST_DAY = date(2017, 1, 1), date(2017, 12, 31)

_ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "share": pa.float64(),
    "money": pa.decimal128(18, 2),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}

Record = Mapping[str, Any]


def arrow(name: str, records: Iterable[Record]) -> pa.Table:
    """A canonical table of these records; what a record does not say stands empty or at its default."""
    columns = {}
    given = list(records)
    for column in CANONICAL[name].columns:
        default = OTHERWISE.get(name, {}).get(column.name)
        values = [record.get(column.name, default) for record in given]
        if column.kind == "money":
            values = [None if v is None else pa.scalar(f"{v:.2f}").cast(_ARROW["money"]).as_py() for v in values]
        columns[column.name] = pa.array(values, _ARROW[column.kind])
    return pa.table(columns)


def clean(
    *,
    options: Options | None = None,
    merged: Mapping[str, str] | None = None,
    time_zone: str = "UTC",
    **given: Iterable[Record],
) -> Cleaned:
    """Clean some records of some tables, and hold every table that got any to its schema."""
    backend = warehouse.connect()
    tables = {}
    for name, records in given.items():
        backend.con.register(f"given__{name}", arrow(name, records))
        tables[name] = backend.table(f"given__{name}")
    if merged:
        backend.con.register("merged", pa.table({"old": list(merged), "new": list(merged.values())}))
        options = Options(**{**vars(options or Options()), "merged": backend.table("merged")})
    cleaned = clean_study(
        tables,
        time_zone=time_zone,
        first_day=FIRST_DAY,
        fuel_types="",
        gift_card_types="",
        backend=backend,
        options=options,
    )
    for name in {*given, "order_lines", "customers", "products", "reversals", "guest_lines"}:
        table = cleaned.tables[name]
        check(TABLES[name].cast(table), TABLES[name])
    return cleaned


def rows(cleaned: Cleaned, name: str) -> pd.DataFrame:
    """A clean table, sorted by all its columns."""
    frame = TABLES[name].cast(cleaned.tables[name]).to_pandas()
    order = frame.astype(str).sort_values(list(frame.columns)).index
    return frame.loc[order].reset_index(drop=True)


def found(cleaned: Cleaned, words: str, table: str | None = None) -> int:
    """How many records the rules found whose name holds these words."""
    every = all_rules(cleaned)
    asked = every[every["rule"].str.contains(words, regex=False)]
    if table:
        asked = asked[asked["table"] == table]
    assert len(asked), f"no rule is called {words!r}"
    return int(asked["records_found"].sum())


def as_delivered(cleaned: Cleaned, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Clean tables as if they were delivered again: canonical columns only, and only the customers that came."""
    again = {}
    for name in names:
        table = cleaned.tables[name]
        if name == "customers":
            table = table.filter(table.has_demographics)
        columns = [column for column in CANONICAL[name].names if column in table.columns]
        again[name] = table.select(columns).to_pyarrow().to_pylist()
    return again
