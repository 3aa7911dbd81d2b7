"""A delivered table in its canonical columns: each different value read once, put wherever it stands.

Records of which all values are plain or repaired are kept; the others are set aside with every reason.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS
from customer_patterns.sources.persons import remember
from customer_patterns.sources.raw import FILE, LINE, REPAIR_COLUMNS, DeliveredFile, Raw
from customer_patterns.sources.values.contracted import constant, readings
from customer_patterns.sources.values.distinct import distinct, encoded
from customer_patterns.sources.values.judged import ARROW, judge
from customer_patterns.sources.values.lot import PART, Lot, none_set_aside
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.per_unit import times_of
from customer_patterns.sources.values.personal import SAMPLED, looked_at, refuse_personal
from customer_patterns.sources.values.reading import Reading
from customer_patterns.sources.values.sql import quoted
from customer_patterns.sources.values.zones import Clock
from customer_patterns.study import Source, Study
from customer_patterns.study.origins import Constant

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

#: Records are converted in lots of about so many.
LOT = 2_000_000

#: Of later lots of a file so many times fewer records are looked at for data about persons than of the first.
_LESS = 8

_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Converted:
    """Records in canonical form, and those that could not be brought into it.

    Attributes
    ----------
    table
        One row per record kept or repaired: all columns of the canonical table in their types, and ``_file``,
        ``_line``. Its rows are in no particular order.
    set_aside
        One row per record set aside, by file and line: ``file``, ``line``, ``code`` and ``column`` (delivered name) of
        the first reason, ``detail`` (the value, masked), ``raw`` (the record as JSON, cut), ``revenue`` (its money,
        where that could be read), ``at`` (UTC, from when it was known, likewise), ``reasons`` (all of them, as
        ``code column``).
    repairs
        One row per repair of a kept record, by file and line: ``file``, ``line``, ``code``, ``column``.
    """

    table: ir.Table
    set_aside: pd.DataFrame
    repairs: pd.DataFrame


def convert(backend: Backend, raw: Raw, source: Source, *, study: Study) -> Converted:
    """Bring delivered records into their canonical form, by the contract.

    Parameters
    ----------
    backend
        The DuckDB that holds ``raw.records``, and the table that is made of them.
    raw
        What a reader handed on.
    source
        The contract.
    study
        Its study: currency and time zone.

    Returns
    -------
    Converted
        Each record of ``raw.records`` once: in ``table``, or in ``set_aside``.

    Raises
    ------
    DeliveryError
        ``E_PERSONAL``: a column that is not for personal data holds such. ``E_DATE_PATTERN``, ``E_TYPE``: the contract
        has a date format or a constant that cannot be used.
    """
    conversion = Conversion(backend.con, source, study, raw.files)
    name = f"converted__{source.table}__{next(_NUMBERS)}"
    _insert(backend, name, conversion.schema_of_lots.empty_table(), create=True)
    set_aside, repairs = [none_set_aside()], [pd.DataFrame(columns=list(REPAIR_COLUMNS))]
    for lot in conversion.lots_of(backend, raw):
        for part in lot.parts():
            _insert(backend, name, part)
        set_aside.append(lot.set_aside)
        repairs.append(lot.repairs)
    remember(conversion.namings, study)
    return Converted(backend.table(name), _stacked(set_aside), _stacked(repairs))


def _insert(backend: Backend, name: str, rows: pa.Table, *, create: bool = False) -> None:
    backend.con.register(f"{name}_rows", rows)
    what = f'CREATE TEMP TABLE "{name}" AS' if create else f'INSERT INTO "{name}"'
    backend.con.execute(f'{what} SELECT * FROM "{name}_rows"')
    backend.con.unregister(f"{name}_rows")


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Frames one below the other; the first says which columns there are."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


class Conversion:
    """How the records of one source's table are converted.

    Parameters
    ----------
    con
        The DuckDB that reads plain values where there are many.
    source, study
        The contract, and its study.
    files
        Where the records came from, for messages.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, source: Source, study: Study, files: tuple[DeliveredFile, ...]
    ) -> None:
        self.con, self.source, self.study, self.files = con, source, study, files
        self.schema, self._is_first = CANONICAL[source.table], True
        self.readings: dict[str, Reading] = readings(source, self.schema, study)
        self.namings = [reading.naming for reading in self.readings.values() if reading.naming is not None]
        self.times = times_of(source)
        self.origins = list(dict.fromkeys(reading.delivered for reading in self.readings.values()))
        self.same_for_all = {
            column.name: pa.scalar(self._same_for_all(column.name), ARROW[column.kind])
            for column in self.schema.columns
            if column.name not in self.readings
        }

    @cached_property
    def schema_of_lots(self) -> pa.Schema:
        """The canonical columns, ``_file`` and ``_line``."""
        kinds = [pa.field(column.name, ARROW[column.kind]) for column in self.schema.columns]
        return pa.schema([*kinds, pa.field(FILE, pa.int32()), pa.field(LINE, pa.int64())])

    def lots_of(self, backend: Backend, raw: Raw) -> Iterator[Lot]:
        """Convert what a reader handed on, file by file and so many records at a time."""
        files = [None]
        if len(raw.files) > 1:
            files = sorted(raw.records.select(FILE).distinct().to_pyarrow()[FILE].to_pylist())
        for file in files:
            yield from map(self.convert, encoded_records(backend, raw.records, self.origins, file=file))

    def convert(self, records: pa.Table) -> Lot:
        """Convert delivered records of one file.

        Parameters
        ----------
        records
            The columns that the contract names, as delivered, and ``_file``, ``_line``.

        Raises
        ------
        DeliveryError
            ``E_PERSONAL``.
        """
        found = {name: distinct(records[name]) for name in self.origins}
        judged = {name: judge(self.con, how, found[how.delivered]) for name, how in self.readings.items()}
        lot = Lot(self, records[FILE].to_numpy(), records[LINE].to_numpy(), found, judged)
        self._refuse_personal(lot)
        return lot

    def delivered(self, name: str) -> str:
        """What a canonical column is called in the delivery."""
        return self.readings[name].delivered

    def known_since(self, value: datetime | date | None) -> datetime | None:
        """From when a record was known: a day begins at its local midnight."""
        if value is None or isinstance(value, datetime):
            return value
        found = Clock(self.study.time_zone, "forward", "first").moment(datetime.combine(value, time()))
        return found.value if isinstance(found, Repaired) else None if isinstance(found, Fault) else found

    def _same_for_all(self, name: str) -> Any:
        """What stands in a column that no delivered one stands behind: a constant of the contract, or its default."""
        if isinstance(self.source.columns.get(name), Constant):
            return constant(self.source, self.schema, self.schema[name])
        return DEFAULTS[self.source.table].get(name)

    def _refuse_personal(self, lot: Lot) -> None:
        names = looked_at(self.readings)
        every = max(1, len(lot.lines) // (SAMPLED if self._is_first else SAMPLED // _LESS))
        self._is_first = False
        rows = lot.kept[lot.lines[lot.kept] % every == 0] if names else lot.kept[:0]
        rows = lot.in_order(rows)
        sample = {name: lot.values(name, rows).to_pylist() for name in names}
        refuse_personal(sample, self.readings, files=self.files, source=self.source, study=self.study)


def encoded_records(
    backend: Backend, records: ir.Table, names: list[str], *, file: int | None = None
) -> list[pa.Table]:
    """Return these columns of records, of one file or all, with ``_file`` and ``_line``, as tables of some millions.

    All of it at once, because a connection answers one question at a time, and to read plain values is another one.
    """
    columns = ", ".join([FILE, LINE, *map(quoted, names)])
    where = "" if file is None else f"WHERE {FILE} = {file}"
    query = f"SELECT {columns} FROM ({backend.compile(records)}) {where}"
    return list(_in_lots(backend.con.sql(query).to_arrow_reader(PART)))


def _in_lots(batches: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The records in tables of at least ``LOT`` rows and a smaller one, columns by their different values."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        if batch.num_rows:
            waiting.append(encoded(batch, but=(FILE, LINE)))
            rows += batch.num_rows
        if rows >= LOT:
            yield pa.Table.from_batches(waiting)
            waiting, rows = [], 0
    if rows:
        yield pa.Table.from_batches(waiting)
