"""What the careful readers have in common: records are taken one by one and leave as one table of text.

DuckDB holds the records while they are gathered, so that a delivery may be larger than memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from customer_patterns.sources.raw import (
    FILE,
    LINE,
    DeliveredFile,
    DeliveryError,
    Raw,
    repair_frame,
    set_aside_frame,
)

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

_HALF = re.compile("[\ud800-\udfff]")

_PREFIX = "gathered"

#: Records that wait in Python before DuckDB takes them.
BATCH = 20_000
#: Signs that one value may have.
LONGEST_VALUE = 1_000_000


class Gathered:
    """Records, records set aside and repairs of one delivery, while it is read.

    Parameters
    ----------
    backend
        The DuckDB that takes the records.
    table
        What messages call the delivery.
    columns
        The delivered columns that are kept, each once.
    """

    def __init__(self, backend: Backend, table: str, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self.kept = 0
        self._backend = backend
        self._name = ibis.util.gen_name(_PREFIX)
        self._rows: list[tuple[str | int | None, ...]] = []
        self._set_aside: list[tuple[int, int, str, str | None, str | None, str | None]] = []
        self._repairs: list[tuple[int, int, str, str | None]] = []
        fields = [pa.field(name, pa.string()) for name in self.columns]
        self._schema = pa.schema([*fields, pa.field(FILE, pa.int32()), pa.field(LINE, pa.int64())])
        folded = [name.casefold() for name in self._schema.names]
        for name in self.columns:
            if folded.count(name.casefold()) > 1:
                raise DeliveryError(
                    "the contract names two columns that differ by capitals only, or one that a reader adds",
                    table=table, column=name, code="E_DUP_HEADER",
                )  # fmt: skip
        self._insert(self._schema.empty_table(), create=True)

    def keep(self, values: Sequence[str | None], *, file: int, line: int) -> None:
        """Take one record: its values in the order of ``columns``."""
        self._rows.append((*values, file, line))
        self.kept += 1
        if len(self._rows) >= BATCH:
            self._hand_over()

    def set_aside(
        self, *, file: int, line: int, code: str, column: str | None = None, detail: str | None = None, raw: str = ""
    ) -> None:
        """Take note of a record that could not be taken apart."""
        self._set_aside.append((file, line, code, column, detail, whole_letters(raw)))

    def repair(self, *, file: int, line: int, code: str, column: str | None = None) -> None:
        """Take note that a record, which is kept, was repaired, or that a line held none."""
        self._repairs.append((file, line, code, column))

    def finish(self, files: Iterable[DeliveredFile], *, seen: Iterable[str]) -> Raw:
        """Hand on what was gathered; ``seen`` are the columns that the delivery has, used or not."""
        self._hand_over()
        return Raw(
            files=tuple(files),
            columns=tuple(seen),
            records=self._backend.table(self._name),
            set_aside=set_aside_frame(self._set_aside),
            repairs=repair_frame(self._repairs),
        )

    def _hand_over(self) -> None:
        if self._rows:
            columns = zip(zip(*self._rows, strict=True), self._schema, strict=True)
            arrays = [pa.array(values, type=field.type) for values, field in columns]
            self._insert(pa.Table.from_arrays(arrays, schema=self._schema))
            self._rows.clear()

    def _insert(self, rows: pa.Table, *, create: bool = False) -> None:
        view = f"{self._name}_rows"
        what = f'CREATE TEMP TABLE "{self._name}" AS' if create else f'INSERT INTO "{self._name}"'
        self._backend.con.register(view, rows)
        self._backend.con.execute(f'{what} SELECT * FROM "{view}"')
        self._backend.con.unregister(view)


def release(backend: Backend, raw: Raw) -> None:
    """Let go of records that were gathered; any other table stays."""
    name = getattr(raw.records.op(), "name", "")
    if str(name).startswith(_PREFIX):
        backend.con.execute(f'DROP TABLE IF EXISTS "{name}"')


def whole_letters(text: str) -> str:
    """Return text that can be written anywhere: halves of letters become the sign for lost letters.

    >>> whole_letters("caf\\u00e9 \\ud83d!") == "caf\\u00e9 \\ufffd!"
    True
    """
    return text if text.isascii() else _HALF.sub("\ufffd", text)
