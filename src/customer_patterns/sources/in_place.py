"""Tables that lie on disk in types of their own: read as they are where that is proven to be right.

To look at each of millions of values would cost more than all that is computed from them. But a column has few
different values, and what holds for each of these holds for all: where the full rules make of every different value
what a plain cast makes of it, the cast is used. Where one differs, the rules are applied to every record.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from customer_patterns.schemas.canonical import CANONICAL, DEFAULTS
from customer_patterns.sources.raw import FILE, LINE, Raw, repair_frame
from customer_patterns.sources.values.contracted import constant, readings
from customer_patterns.sources.values.convert import Converted, convert
from customer_patterns.sources.values.per_unit import times_of
from customer_patterns.sources.values.personal import SAMPLED, looked_at, refuse_personal
from customer_patterns.sources.values.plain import SQL_TYPES, not_given, plain_value
from customer_patterns.sources.values.reading import Reading
from customer_patterns.sources.values.sql import literal, quoted
from customer_patterns.sources.values.steps import Steps
from customer_patterns.study import Source, Study
from customer_patterns.study.origins import Constant

if TYPE_CHECKING:
    import ibis.expr.datatypes as dt
    from ibis.backends.duckdb import Backend

#: So many records are looked at for personal data.
_LOOKED_AT = 10_000

#: Up to so many different values that are not plain for certain are read one by one.
_ONE_BY_ONE = 20_000
_FEW = 500

_NUMBERS = itertools.count()


def convert_in_place(backend: Backend, raw: Raw, source: Source, *, study: Study) -> Converted:
    """Bring delivered records into their canonical form, like :func:`~.values.convert.convert`, and with its result.

    Nothing is copied and, where all values are plain, nothing is computed before somebody asks.
    """
    schema = CANONICAL[source.table]
    found = readings(source, schema, study)
    delivered = f"({backend.compile(raw.records)})"
    columns = [_Column(reading, raw.records[reading.delivered].type()) for reading in found.values()]
    if times_of(source) or not _all_right(backend, delivered, columns):
        return convert(backend, raw, source, study=study)
    casts = dict(zip(found, (column.cast for column in columns), strict=True))
    selected = [f"{casts.get(name) or _same_for_all(source, name)} AS {quoted(name)}" for name in schema.names]
    view = f"in_place__{source.table}__{next(_NUMBERS)}"
    backend.con.execute(f'CREATE TEMP VIEW "{view}" AS SELECT {", ".join([*selected, FILE, LINE])} FROM {delivered}')
    refuse_personal(_sample(backend, view, looked_at(found)), found, files=raw.files, source=source, study=study)
    none = raw.set_aside.iloc[:0].assign(revenue=None, at=None)
    return Converted(backend.table(view), none, repair_frame())


def _sample(backend: Backend, view: str, names: list[str]) -> dict[str, list[str | None]]:
    """Some values of these columns: from the first records, because to spread over all would be to compute all."""
    if not names:
        return {}
    first = f'(SELECT * FROM "{view}" LIMIT {_LOOKED_AT})'
    where = f"WHERE {LINE} % {max(1, _LOOKED_AT // SAMPLED)} = 0 ORDER BY {FILE}, {LINE}"
    found = backend.con.sql(f"SELECT {', '.join(map(quoted, names))} FROM {first} {where}").to_arrow_table()
    return {name: found[name].to_pylist() for name in names}


class _Column:
    """A delivered column: the cast that would do, and what must hold of its values so that it is what the rules do."""

    def __init__(self, reading: Reading, kind: dt.DataType) -> None:
        self.reading, self.kind, self.name = reading, kind, quoted(reading.delivered)
        self.cast = _cast(reading, self.name, kind)

    @property
    def is_cheap(self) -> bool:
        """Whether to look at every value costs less than to look for the different ones."""
        return not self.kind.is_string()

    def holds(self, steps: Steps) -> str:
        """SQL that says of a value that the cast is right; where it says no, it may still be."""
        value = plain_value(self.reading, self.name, self.kind, steps)
        empty = not_given(self.reading, self.name, self.kind)
        if value == f"CAST({self.cast.removeprefix('TRY_')} AS {SQL_TYPES[self.reading.column.kind]})":
            return f"({self.name} IS NOT NULL OR {empty})"  # its type makes it right
        value, cast = steps.named(value), steps.named(self.cast)
        return f"coalesce(({value} IS NOT NULL AND {value} = {cast}) OR ({cast} IS NULL AND {empty}), FALSE)"


def _all_right(backend: Backend, delivered: str, columns: list[_Column]) -> bool:
    """Whether the rules make of every value what a cast makes of it: numbers in one pass, texts by different values."""
    cheap, steps = [column for column in columns if column.is_cheap], Steps()
    holds = ", ".join(f"bool_and({column.holds(steps)})" for column in cheap)
    query = f"SELECT {holds or 'TRUE'} FROM {steps.over(delivered)}"
    right = backend.con.execute(query).fetchall()[0] if cheap else ()
    unsure = [column for column, is_right in zip(cheap, right, strict=True) if is_right is False]  # NULL: no record
    unsure += [column for column in columns if not column.is_cheap]
    return all(_is_right(backend, delivered, column) for column in unsure)


def _is_right(backend: Backend, delivered: str, column: _Column) -> bool:
    """Whether the rules make of every different value of a column what a cast makes of it."""
    steps, different = Steps(), f"different__{next(_NUMBERS)}"
    # a table, or the optimizer would apply the rules to all records before it looks for different values
    backend.con.execute(f'CREATE TEMP TABLE "{different}" AS SELECT DISTINCT {column.name} FROM {delivered}')
    few = backend.con.execute(f'SELECT count(*) FROM "{different}"').fetchall()[0][0] <= _FEW
    where = "" if few else f"WHERE NOT {column.holds(steps)}"  # for a few, to prepare the rules' SQL costs more
    query = f"SELECT {column.name}, {column.cast} FROM {steps.over(different)} {where} LIMIT {_ONE_BY_ONE + 1}"
    values = backend.con.sql(query).to_arrow_table().columns  # times with a zone would need a package to be fetched
    backend.con.execute(f'DROP TABLE "{different}"')
    try:
        left = list(zip(*(part.to_pylist() for part in values), strict=True))
    except (OverflowError, ValueError):  # a cast made a moment of it that no calendar has
        return False
    return len(left) <= _ONE_BY_ONE and all(_same(column.reading.read(said), found) for said, found in left)


def _same(right: object, found: object) -> bool:
    """Whether a value is plain, and what the cast made of it; neither a fault nor a repaired value equals one."""
    return right is None if found is None else type(right) is type(found) and right == found


def _cast(reading: Reading, column: str, kind: dt.DataType) -> str:
    """The cast that does what the rules do, if all values are plain."""
    wanted = SQL_TYPES[reading.column.kind]
    if reading.sort == "week":
        return f"(DATE '{reading.week_one}' + TRY_CAST(({column} - 1) * 7 AS INTEGER))"
    if kind.is_timestamp() and kind.timezone is not None and reading.sort == "timestamp":
        return f"CAST({column} AT TIME ZONE 'UTC' AS {wanted})"
    if kind.is_floating() and wanted == "DOUBLE":
        return f"(CAST({column} AS DOUBLE) + 0.0)"  # no negative zero
    if kind.is_string() and wanted == "VARCHAR":
        for text in reading.missing:
            column = f"nullif({column}, {literal(text)})"
        return column
    return f"TRY_CAST({column} AS {wanted})"


def _same_for_all(source: Source, name: str) -> str:
    """A column that no delivered one stands behind."""
    column = CANONICAL[source.table][name]
    if isinstance(source.columns.get(name), Constant):
        value = constant(source, CANONICAL[source.table], column)
    else:
        value = DEFAULTS[source.table].get(name)
    return f"CAST({'NULL' if value is None else literal(str(value))} AS {SQL_TYPES[column.kind]})"
