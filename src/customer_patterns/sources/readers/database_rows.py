"""The rows of a database table, streamed into a file: every value as the text that the server wrote."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from customer_patterns.sources.fetched import Download
from customer_patterns.sources.raw import LINE
from customer_patterns.sources.readers.database import Database
from customer_patterns.sources.readers.database_columns import EXACT, TEXT, TYPES, asked_for
from customer_patterns.sources.readers.gathered import LONGEST_VALUE, whole_letters

#: The file that the rows are streamed into.
RECORDS = "records.parquet"
#: Rows asked for at a time.
BATCH = 20_000
#: The column that says what is wrong with a row.
FAULT = "_fault"


def store(database: Database, download: Download) -> None:
    """Stream the table into a parquet file."""
    import sqlalchemy as sa

    asked, order, table = asked_for(database)
    query = sa.select(*[column.text.label(f"c{number}") for number, column in enumerate(asked)])
    query = query.select_from(table).order_by(*order)
    kinds = {column.name: column.kind for column in asked}
    fields = [pa.field(column.name, pa.string()) for column in asked]
    schema = pa.schema([*fields, pa.field(LINE, pa.int64()), pa.field(FAULT, pa.string())])
    numbers = {column.name: _Numbers() for column in asked if column.kind == "dynamic"}
    result = database.connection.execution_options(stream_results=True, yield_per=BATCH).execute(query)
    written = 0
    with pq.ParquetWriter(download.part(RECORDS), schema, compression="zstd") as writer:
        for rows in result.partitions(BATCH):
            texts, faults = _texts(rows, [column.name for column in asked], numbers)
            lines = range(written + 1, written + len(rows) + 1)
            arrays = [pa.array(values, pa.string()) for values in texts]
            arrays += [pa.array(lines, pa.int64()), pa.array(faults, pa.string())]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            written += len(rows)
        kinds |= {name: found.kind for name, found in numbers.items()}
        writer.add_key_value_metadata({TYPES: json.dumps(kinds).encode()})


@dataclass
class _Numbers:
    """What a column of SQLite held, whose columns have no type: whole numbers, numbers, or also other values."""

    whole: bool = True
    number: bool = True
    given: bool = False

    @property
    def kind(self) -> str:
        if not (self.given and self.number):
            return TEXT
        return "BIGINT" if self.whole else EXACT


def _texts(
    rows: list[Any], names: list[str], numbers: dict[str, _Numbers]
) -> tuple[list[list[str | None]], list[str | None]]:
    """The rows' values as text, column by column, and what is wrong with a row: a code and a column."""
    faults: list[str | None] = [None] * len(rows)
    columns: list[list[str | None]] = []
    for position, name in enumerate(names):
        values: list[str | None] = []
        for number, row in enumerate(rows):
            value = row[position]
            if value is not None and value.__class__ is not str:
                value = _text_of(value, numbers.get(name))
                if value is None:
                    faults[number] = f"E_DATABASE_VALUE {name}"
            elif value is not None:
                if name in numbers:
                    numbers[name].given, numbers[name].number = True, False
                if "\0" in value:
                    faults[number], value = f"E_NUL {name}", value.replace("\0", "\ufffd")
                elif len(value) > LONGEST_VALUE:
                    faults[number], value = f"E_LONG_VALUE {name}", value[:1000]
                elif not value.isascii() and (whole := whole_letters(value)) != value:
                    faults[number], value = f"E_ENCODING {name}", whole
            values.append(value)
        columns.append(values)
    return columns, faults


def _text_of(value: Any, seen: _Numbers | None) -> str | None:
    """The text of a number from SQLite; ``None`` for what is neither number nor text."""
    if isinstance(value, int | float) and seen is not None and math.isfinite(value):
        seen.given = True
        seen.whole = seen.whole and isinstance(value, int)
        return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")
    return None
