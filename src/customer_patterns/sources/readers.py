"""Read a delivery as its canonical table: the columns the study file maps, each in its declared type."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from customer_patterns.schemas import Column, Refusal
from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS
from customer_patterns.schemas.table import IBIS_TYPES
from customer_patterns.study import Source, Study, nearest, output_root
from customer_patterns.study.file import WeekNumber
from customer_patterns.warehouse import sha256

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


class DeliveryError(Refusal):
    """A delivery cannot be read; the message names the file, the column and the remedy."""


@dataclass(frozen=True)
class Delivery:
    """A delivered table in canonical form, and the SHA-256 of the file it came from."""

    source: Source
    table: ir.Table
    sha256: str


def locate(source: Source) -> Path:
    """Return the file of a source: inside an installed package, or below the project.

    Raises
    ------
    DeliveryError
        Where the package is not installed or the file is not there.
    """
    if source.reader == "package":
        package, _, rest = source.location.partition("/")
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise DeliveryError(
                f"{source.table}: the Python package '{package}' is not installed; "
                "run 'make reports', which installs it"
            )
        path = Path(next(iter(spec.submodule_search_locations))) / rest
    else:
        path = output_root() / source.location
    if not path.is_file():
        remedy = "put it there"
        if source.provenance == "simulated":  # an older delivery may lie there that did not have this file
            remedy = "make it with 'python -m customer_patterns simulate', the study's name and --replace,"
        raise DeliveryError(f"{source.table}: {source.location} is not there; {remedy} or correct 'location'")
    return path


def delivered_files(study: Study) -> dict[str, str]:
    """Return the SHA-256 of each delivery of a study as it lies now, by table; one that is not there is left out."""
    found = {}
    for source in study.sources:
        with contextlib.suppress(DeliveryError):
            found[source.table] = sha256(locate(source))
    return found


def read_source(backend: Backend, source: Source) -> Delivery:
    """Read one source and map it to its canonical table. Nothing is guessed: columns and types are as declared.

    Returns
    -------
    Delivery
        One row per delivered record, all columns of the canonical schema.

    Raises
    ------
    DeliveryError
        For a missing file or column, or values that are not what their column must be (with the first such value's
        row and how many there are).
    """
    path = locate(source)
    name = f"delivered__{source.table}"
    try:
        if source.reader == "csv":
            raw = backend.read_csv(path, table_name=name, all_varchar=True, header=True, strict_mode=True)
        else:
            raw = backend.read_parquet(path, table_name=name)
    except Exception as error:
        reason = str(error).strip().splitlines()[0]
        raise DeliveryError(f"{source.table}: {path.name} cannot be read ({reason})") from None
    _require_columns(source, path, raw)
    typed = raw.select(**{c.name: _column(raw, source, c) for c in CANONICAL[source.table].columns})
    _refuse_unreadable(source, path, raw)
    return Delivery(source, typed, sha256(path))


def _require_columns(source: Source, path: Path, raw: ir.Table) -> None:
    for column, origin in source.columns.items():
        wanted = origin.week if isinstance(origin, WeekNumber) else origin
        if wanted not in raw.columns:
            raise DeliveryError(
                f"{source.table}: {path.name} has no column '{wanted}' for {column}{nearest(wanted, raw.columns)} "
                f"(it has: {', '.join(raw.columns)})"
            )


def _column(raw: ir.Table, source: Source, column: Column) -> ir.Value:
    """One canonical column out of the delivery."""
    origin = source.columns.get(column.name)
    kind = IBIS_TYPES[column.kind]
    if origin is None:
        return ibis.literal(DEFAULTS[source.table][column.name], type=kind)
    if isinstance(origin, WeekNumber):
        return _days_later(ibis.literal(origin.week_one_starts), ((raw[origin.week] - 1) * 7).cast("int32"))
    return _typed(raw[origin], column, source)


@ibis.udf.scalar.builtin(name="add")
def _days_later(day: dt.date, days: dt.int32) -> dt.date:
    """Add days to a date. (Ibis adds an interval, of which DuckDB makes a timestamp, slowly.)"""


def _typed(value: ir.Value, column: Column, source: Source) -> ir.Value:
    """A delivered value in the column's type; missing where it cannot be that. Ids stay as they are: zeros count."""
    kind = IBIS_TYPES[column.kind]
    if column.kind == "text":
        text = value.cast("string")
        return text.nullif("") if source.reader == "csv" else text  # a CSV file cannot tell empty from missing
    if value.type().is_timestamp() and value.type().timezone is not None and column.kind == "timestamp":
        return value.cast(ibis.dtype("timestamp('UTC')")).cast("timestamp")
    return value.try_cast(kind)


def _refuse_unreadable(source: Source, path: Path, raw: ir.Table) -> None:
    """Object to values that are missing or got lost in conversion, naming column, count and, in a text, the line."""
    numbered = raw.mutate(line=ibis.row_number() + 2) if source.reader == "csv" else raw
    lost: dict[str, ir.BooleanValue] = {}
    for column in CANONICAL[source.table].columns:
        origin = source.columns.get(column.name)
        if origin is None:
            continue
        if isinstance(origin, WeekNumber):
            lost[column.name] = numbered[origin.week].isnull()
            continue
        given = numbered[origin]
        unreadable = _typed(given, column, source).isnull()
        if not column.nullable:
            lost[column.name] = unreadable
        elif column.kind != "text":  # any text is readable, and may be missing
            lost[column.name] = unreadable & given.notnull() & (given.cast("string") != "")
    counts = numbered.aggregate(
        **{f"n_{name}": bad.sum() for name, bad in lost.items()},
        **{f"line_{name}": numbered.line.min(where=bad) for name, bad in lost.items() if source.reader == "csv"},
    )
    found = counts.to_pyarrow().to_pylist()[0]
    for name in lost:
        if found[f"n_{name}"]:
            line = found.get(f"line_{name}")
            kind = CANONICAL[source.table][name].kind
            raise DeliveryError(
                f"{source.table}: {path.name}, column '{_origin(source, name)}': {found[f'n_{name}']:,} values are "
                f"missing or are no {kind}{f', the first in line {line}' if line else ''}; correct the delivery or map "
                f"another column to {name}"
            )


def _origin(source: Source, name: str) -> str:
    origin = source.columns[name]
    return origin.week if isinstance(origin, WeekNumber) else origin
