"""A delivered table in its canonical columns: millions of plain values at once, the others one by one.

Rows of which all values are plain are read by SQL and left alone. Of the others, each distinct value is read once in
Python; their rows are then kept, repaired, or set aside with every reason.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import ibis.expr.datatypes as dt
import pandas as pd
import pyarrow as pa

from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS, KNOWN_SINCE
from customer_patterns.sources.masking import mask
from customer_patterns.sources.raw import FILE, LINE, LONGEST_RAW, REPAIR_COLUMNS, SET_ASIDE_COLUMNS, Raw
from customer_patterns.sources.values.ids import without_point_zero
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.personal import refuse_personal
from customer_patterns.sources.values.plain import SQL_TYPES, literal, not_given, plain_value, quoted
from customer_patterns.sources.values.reading import Reading, constant, readings
from customer_patterns.sources.values.steps import Steps
from customer_patterns.sources.values.zones import Clock
from customer_patterns.study import Source, Study
from customer_patterns.study.contract import Constant

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

_ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(18, 2),
    "share": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
#: Distinct values are read in Python so many at a time.
_AT_A_TIME = 100_000
#: Readers whose records lie on disk in types of their own: reading them twice is cheaper than keeping them.
_IN_PLACE = ("package", "parquet")
#: Of records that lie on disk, the first so many are looked at for personal data.
_FIRST = 200_000
_BAD = '"~bad"'
#: In place of a file's number: of all files alike.
_ANY_FILE = "CAST(-1 AS INTEGER)"
#: In place of a moment before the year 1 or after 9999.
_BEYOND = "a moment beyond every calendar"
_numbers = itertools.count()


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
    _drop: list[str] = field(default_factory=list, repr=False)
    _con: duckdb.DuckDBPyConnection | None = field(default=None, repr=False)

    def release(self) -> None:
        """Give back the memory of ``table``, which cannot be read from then on."""
        for statement in reversed(self._drop):
            self._con.execute(statement)
        self._drop.clear()


def convert(backend: Backend, raw: Raw, source: Source, *, study: Study) -> Converted:
    """Bring delivered records into their canonical form, by the contract.

    Parameters
    ----------
    backend
        The DuckDB that holds ``raw.records``.
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
    schema = CANONICAL[source.table]
    return _Conversion(backend, raw, source, study, schema).run()


def _values_of(column: pa.Array) -> list[Any]:
    """The values of a column in Python's types; in place of moments that its calendar has not, ``_BEYOND``."""
    try:
        return column.to_pylist()
    except (OverflowError, ValueError):
        values: list[Any] = []
        for scalar in column:
            try:
                values.append(scalar.as_py())
            except (OverflowError, ValueError):
                values.append(_BEYOND)
        return values


class _Conversion:
    """One conversion: names of its tables, columns of the delivery, readings."""

    def __init__(self, backend: Backend, raw: Raw, source: Source, study: Study, schema: TableSchema) -> None:
        self.backend, self.con, self.raw, self.source, self.study = backend, backend.con, raw, source, study
        self.schema = schema
        self.readings = readings(source, schema, study)
        self.origins = list(dict.fromkeys(reading.delivered for reading in self.readings.values()))
        self.kinds: dict[str, dt.DataType] = {name: raw.records[name].type() for name in self.origins}
        self.prefix = f"converted_{next(_numbers)}"
        self.drop: list[str] = []
        self.by_file: set[int] = set()  # columns of which each file speaks for itself

    def run(self) -> Converted:
        self._stage()
        if self._any_bad():
            self._look_up()
            self._settle()
            set_aside, repairs = self._set_aside(), self._repairs()
        else:
            set_aside, repairs = self._empty_set_aside(), pd.DataFrame(columns=list(REPAIR_COLUMNS))
        self._create("VIEW", "kept", self._kept())
        self._refuse_personal()
        return Converted(self.backend.table(self._name("kept")), set_aside, repairs, self.drop, self.con)

    def _refuse_personal(self) -> None:
        records = self._rows(f"SELECT count(*) FROM ({self.backend.compile(self.raw.records)})")[0][0]
        known = {"source": self.source, "raw": self.raw, "study": self.study}
        kept = self._name("kept")
        if self.source.reader in _IN_PLACE and records > _FIRST:  # to spread over all would be to compute all once more
            kept, records = f"(SELECT * FROM {kept} LIMIT {_FIRST})", _FIRST
        refuse_personal(self.con, kept, self.readings, records=records, **known)

    # All rows, plain values only

    def _stage(self) -> None:
        """Every record with its plain values, whether something else is in it, and then what was delivered."""
        names = [f"{quoted(name)} AS {self._raw(name)}" for name in self.origins]
        delivered = f"(SELECT {', '.join([FILE, LINE, *names])} FROM ({self.backend.compile(self.raw.records)}))"
        steps = Steps()
        values, tests = [], []
        for name, reading in self.readings.items():
            raw, kind = self._raw(reading.delivered), self.kinds[reading.delivered]
            values.append(f"{plain_value(reading, raw, kind, steps)} AS {quoted(name)}")
            tests.append(f"({quoted(name)} IS NULL AND NOT {not_given(reading, raw, kind)})")
        raws = [self._raw(name) for name in self.origins]
        read = f"SELECT {', '.join([FILE, LINE, *values, *raws])} FROM {steps.over(delivered)}"
        flagged = f"SELECT *, {' OR '.join(tests) or 'FALSE'} AS {_BAD} FROM ({read})"
        kept = [FILE, LINE, _BAD, *map(quoted, self.readings)]
        given = [f"CASE WHEN {_BAD} THEN {raw} END AS {raw}" for raw in raws]
        query = f"SELECT {', '.join([*kept, *given])} FROM ({flagged})"
        self._create("VIEW" if self.source.reader in _IN_PLACE else "TEMP TABLE", "staged", query)

    def _any_bad(self) -> bool:
        self._create("TEMP TABLE", "bad", f"SELECT * EXCLUDE ({_BAD}) FROM {self._name('staged')} WHERE {_BAD}")
        return self._rows(f"SELECT count(*) FROM {self._name('bad')}")[0][0] > 0

    # Distinct values, one by one

    def _look_up(self) -> None:
        """Read each distinct value that is not plain, column by column."""
        for number, (name, reading) in enumerate(self.readings.items()):
            raw, kind = self._raw(reading.delivered), self.kinds[reading.delivered]
            left = f"{quoted(name)} IS NULL AND NOT {not_given(reading, raw, kind)}"
            zeros = self._point_zeros(name, reading) if reading.sort == "id" and kind.is_string() else {}
            if zeros:
                self.by_file.add(number)
            query = f"SELECT DISTINCT {FILE if zeros else f'{_ANY_FILE} AS {FILE}'}, {raw} "
            query += f"FROM {self._name('bad')} WHERE {left}"
            batches = (self._read_batch(batch, reading, zeros) for batch in self._batches(query))
            self._load(f"looked_up_{number}", batches, self._lookup_schema(name, reading))

    def _read_batch(self, batch: pa.RecordBatch, reading: Reading, zeros: dict[tuple[int, str], str]) -> pa.RecordBatch:
        values, faults, repairs = [], [], []
        for file, said in zip(batch.column(0).to_pylist(), _values_of(batch.column(1)), strict=True):
            found = Fault("E_IMPLAUSIBLE") if said is _BEYOND else reading.read(said)
            if zeros and (said := zeros.get((file, said))) is not None:
                found = Fault(said) if said.startswith("E_") else reading.read(said)
                if not isinstance(found, Fault):
                    codes = found.codes if isinstance(found, Repaired) else ()
                    found = Repaired(getattr(found, "value", found), ("R_POINT_ZERO", *codes))
            fault = isinstance(found, Fault)
            repaired = isinstance(found, Repaired)
            values.append(None if fault else found.value if repaired else found)
            faults.append(found.code if fault else None)
            repairs.append(list(found.codes) if repaired else None)
        kind = _ARROW[reading.column.kind]
        return pa.record_batch(
            [
                *batch.columns,
                pa.array(values, kind),
                pa.array(faults, pa.string()),
                pa.array(repairs, pa.list_(pa.string())),
            ],
            names=["f", "r", "v", "fault", "repairs"],
        )

    def _lookup_schema(self, name: str, reading: Reading) -> pa.Schema:
        none = self.con.sql(f"SELECT {self._raw(reading.delivered)} FROM {self._name('bad')} LIMIT 0")
        delivered = none.to_arrow_table().schema.field(0).type
        return pa.schema(
            [
                ("f", pa.int32()),
                ("r", delivered),
                ("v", _ARROW[self.schema[name].kind]),
                ("fault", pa.string()),
                ("repairs", pa.list_(pa.string())),
            ]
        )

    def _point_zeros(self, name: str, reading: Reading) -> dict[tuple[int, str], str]:
        """Keys that end in ``.0``: the key without it where all keys of the file show it, or a code.

        A program that made numbers of a file's keys made them of all. Where only some end so, they stay as they are,
        unless the same key is there without: then nobody knows whether it is one customer or two.
        """
        raw = self._raw(reading.delivered)
        ends = f"regexp_full_match({raw}, {literal('-?[0-9]+[.]0+')})"
        found = self._rows(f"SELECT DISTINCT {FILE}, {raw} FROM {self._name('bad')} WHERE {ends}")
        if not found:
            return {}
        missing = ", ".join(map(literal, reading.missing)) or "NULL"
        profile = self._rows(
            f"SELECT {FILE}, bool_and(coalesce({ends}, FALSE)) FROM {self._name('staged')} "
            f"WHERE {quoted(name)} IS NOT NULL OR coalesce({raw} NOT IN ({missing}), FALSE) GROUP BY ALL"
        )
        whole = {file for file, every in profile if every}
        twins = self._rows(
            f"SELECT DISTINCT b.{FILE}, b.{raw} FROM {self._name('bad')} AS b JOIN {self._name('staged')} AS s "
            f"ON s.{FILE} = b.{FILE} AND s.{quoted(name)} = split_part(b.{raw}, '.', 1) "
            f"WHERE {ends.replace(raw, f'b.{raw}')}"
        )
        zeros = {(file, key): without_point_zero(key) for file, key in found if file in whole}
        return zeros | {(file, key): "E_ID_POINT_ZERO" for file, key in twins if file not in whole}

    # What becomes of the rows

    def _settle(self) -> None:
        """Give each row that is not plain its values, its faults and its repairs."""
        select, joins, faults, repairs = [f"b.{FILE}", f"b.{LINE}"], [], [], []
        for number, (name, reading) in enumerate(self.readings.items()):
            raw, kind = f"b.{self._raw(reading.delivered)}", self.kinds[reading.delivered]
            left = f"b.{quoted(name)} IS NULL AND NOT {not_given(reading, raw, kind)}"
            m, file = f"m{number}", f"b.{FILE}" if number in self.by_file else _ANY_FILE
            # equalities only: anything else would compare each row with each value
            joins.append(
                f"LEFT JOIN {self._name(f'looked_up_{number}')} AS {m} "
                f"ON {m}.f = CASE WHEN {left} THEN {file} END AND {m}.r IS NOT DISTINCT FROM {raw}"
            )
            select.append(f"coalesce(b.{quoted(name)}, {m}.v) AS {quoted(name)}")
            faults.append(f"CASE WHEN {m}.fault IS NOT NULL THEN {{'code': {m}.fault, 'name': {literal(name)}}} END")
            repairs.append(f"list_transform({m}.repairs, lambda x: {{'code': x, 'name': {literal(name)}}})")
        select += [
            f'list_filter([{", ".join(faults)}], lambda x: x IS NOT NULL) AS "~faults"',
            f'flatten(list_filter([{", ".join(repairs)}], lambda x: x IS NOT NULL)) AS "~repairs"',
            *(f"b.{self._raw(name)}" for name in self.origins),
        ]
        query = f"SELECT {', '.join(select)} FROM {self._name('bad')} AS b {' '.join(joins)}"
        self._create("TEMP TABLE", "settled", query)
        for number in range(len(self.readings)):
            self._forget(f"looked_up_{number}")

    def _kept(self) -> str:
        columns = ", ".join([*(self._column(name) for name in self.schema.names), FILE, LINE])
        plain = f"SELECT {columns} FROM {self._name('staged')}"
        if not self._exists("settled"):  # nothing is bad: a view need not find that out with every question again
            return plain
        settled = f'SELECT {columns} FROM {self._name("settled")} WHERE len("~faults") = 0'
        return f"{plain} WHERE NOT {_BAD} UNION ALL {settled}"

    def _column(self, name: str) -> str:
        """A canonical column: as delivered, a constant of the contract, or what stands where nothing was delivered."""
        kind = SQL_TYPES[self.schema[name].kind]
        if name in self.readings:
            return quoted(name)
        if isinstance(self.source.columns.get(name), Constant):
            value: Any = constant(self.source, self.schema, self.schema[name])
        else:
            value = DEFAULTS[self.source.table].get(name)
        return f"CAST({'NULL' if value is None else literal(str(value))} AS {kind}) AS {quoted(name)}"

    def _repairs(self) -> pd.DataFrame:
        query = (
            f'SELECT {FILE} AS file, {LINE} AS line, unnest("~repairs") AS x FROM {self._name("settled")} '
            f'WHERE len("~faults") = 0'
        )
        found = self.con.sql(
            f"SELECT CAST(file AS BIGINT) AS file, line, x.code AS code, x.name AS name FROM ({query}) "
            "ORDER BY file, line, code, name"
        ).to_arrow_table()
        for name in ("code", "name"):  # few words, many rows: one object each
            found = found.set_column(found.schema.get_field_index(name), name, found[name].dictionary_encode())
        frame = found.to_pandas()
        frame["column"] = frame.pop("name").astype(object).map(self._delivered)
        return frame.assign(code=frame["code"].astype(object))[list(REPAIR_COLUMNS)]

    def _set_aside(self) -> pd.DataFrame:
        """List the records that have a fault, each once."""
        raws = [self._raw(name) for name in self.origins]
        revenue = quoted("revenue") if "revenue" in self.readings else "NULL"
        at = self._known_since()
        said = f'SELECT {FILE}, {LINE}, "~faults", {revenue} AS revenue, {at} AS at, {", ".join(raws)} '
        rows = self.con.sql(f'{said} FROM {self._name("settled")} WHERE len("~faults") > 0 ORDER BY {FILE}, {LINE}')
        found = []
        for batch in rows.to_arrow_reader(_AT_A_TIME):
            for file, line, faults, money, moment, *values in zip(*map(_values_of, batch.columns), strict=True):
                record = dict(zip(self.origins, values, strict=True))
                first = self._delivered(faults[0]["name"])
                found.append(
                    {
                        "file": file,
                        "line": line,
                        "code": faults[0]["code"],
                        "column": first,
                        "detail": mask(record[first]),
                        "raw": json.dumps(record, ensure_ascii=False, default=str)[:LONGEST_RAW],
                        "revenue": money,
                        "at": self._moment(moment),
                        "reasons": "; ".join(f"{fault['code']} {self._delivered(fault['name'])}" for fault in faults),
                    }
                )
        return pd.DataFrame(found, columns=list(self._empty_set_aside().columns))

    @staticmethod
    def _empty_set_aside() -> pd.DataFrame:
        return pd.DataFrame(columns=[*SET_ASIDE_COLUMNS, "revenue", "at", "reasons"])

    def _known_since(self) -> str:
        name = KNOWN_SINCE.get(self.source.table, "")
        return quoted(name) if name in self.readings else "NULL"

    def _moment(self, value: datetime | date | None) -> datetime | None:
        """From when a record was known: a day begins at its local midnight."""
        if value is None or isinstance(value, datetime):
            return value
        found = Clock(self.study.time_zone, "forward", "first").moment(datetime.combine(value, time()))
        return found.value if isinstance(found, Repaired) else None if isinstance(found, Fault) else found

    def _delivered(self, name: str) -> str:
        return self.readings[name].delivered

    # Tables of this conversion

    def _name(self, part: str) -> str:
        return f"{self.prefix}_{part}"

    def _raw(self, delivered: str) -> str:
        return f'"~r{self.origins.index(delivered)}"'

    def _create(self, what: str, part: str, query: str) -> None:
        self.con.execute(f"CREATE {what} {self._name(part)} AS {query}")
        self.drop.append(f"DROP {what.replace('TEMP ', '')} IF EXISTS {self._name(part)}")

    def _forget(self, part: str) -> None:
        self.con.execute(f"DROP TABLE IF EXISTS {self._name(part)}")

    def _exists(self, part: str) -> bool:
        return any(statement.endswith(f" {self._name(part)}") for statement in self.drop)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()

    def _batches(self, query: str) -> Iterator[pa.RecordBatch]:
        """The rows of a query, so many at a time; a connection reads one query at a time, so they are taken first."""
        yield from self.con.sql(query).to_arrow_table().to_batches(_AT_A_TIME)

    def _load(self, part: str, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> None:
        name = f"{self._name(part)}_arrow"
        found = pa.Table.from_batches([batch.cast(schema) for batch in batches], schema)
        self.con.register(name, found)
        self._create("TEMP TABLE", part, f"SELECT * FROM {name}")
        self.con.unregister(name)
