"""How each column of a source's table is read, as its contract says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from customer_patterns.schemas import Column, TableSchema
from customer_patterns.sources.persons import Naming, key_of, takes_pseudonym
from customer_patterns.sources.raw import DeliveryError
from customer_patterns.sources.values.moments import MomentFormat, reader
from customer_patterns.sources.values.numbers import NumberFormat
from customer_patterns.sources.values.outcome import Fault, Repaired
from customer_patterns.sources.values.reading import Reading, sort_of
from customer_patterns.sources.values.zones import Clock
from customer_patterns.study import Source, Study
from customer_patterns.study.origins import ColumnFrom, Constant, WeekNumber


def readings(source: Source, schema: TableSchema, study: Study) -> dict[str, Reading]:
    """Put together how each column that a source maps to a delivered one is read.

    Raises
    ------
    DeliveryError
        For a date format that cannot be used.
    """
    found: dict[str, Reading] = {}
    for column in schema.columns:
        origin = source.columns.get(column.name)
        if origin is None or isinstance(origin, Constant):
            continue
        naming = Naming(key_of(study)) if takes_pseudonym(column.name, origin) else None
        try:
            found[column.name] = replace(_reading(source, schema, column, origin, study), naming=naming)
        except ValueError as error:
            raise DeliveryError(
                str(error),
                table=source.table,
                column=column.name,
                code="E_DATE_PATTERN",
                remedy="correct 'dates' in the study file",
            ) from None
    return found


def _reading(
    source: Source, schema: TableSchema, column: Column, origin: str | WeekNumber | ColumnFrom, study: Study
) -> Reading:
    said = source.format
    if isinstance(origin, WeekNumber):
        return Reading(column, origin.week, "week", said.missing, week_one=origin.week_one_starts)
    own = origin if isinstance(origin, ColumnFrom) else ColumnFrom(column=origin)

    def chosen(name: str) -> Any:
        given = getattr(own, name)
        return getattr(said, name) if given is None else given

    dates = chosen("dates")
    for pattern in dates:
        reader(pattern)
    symbols = chosen("symbols")
    return Reading(
        column,
        own.column,
        sort_of(column, schema),
        chosen("missing"),
        NumberFormat(
            decimal=chosen("decimal"),
            thousands=chosen("thousands"),
            symbols=tuple(dict.fromkeys((*symbols, study.currency))) if column.unit == "currency" else (),
            scale=Decimal(1) if own.scale is None else Decimal(repr(own.scale)),
        ),
        MomentFormat(dates, Clock(chosen("time_zone"), said.nonexistent, said.ambiguous), said.pivot_year),
        own.words,
        own.other,
    )


def constant(source: Source, schema: TableSchema, column: Column) -> Any:
    """Return what stands in a column for all records: the contract's constant, in the column's kind.

    Raises
    ------
    DeliveryError
        Where it is not of that kind.
    """
    given = source.columns[column.name].constant
    found = Reading(column, "", sort_of(column, schema)).read(given)
    if isinstance(found, Fault | Repaired):
        raise DeliveryError(
            f"the constant {given!r} is no {column.kind}",
            table=source.table,
            column=column.name,
            code="E_TYPE",
            remedy=f"correct the constant of '{column.name}' in the study file",
        )
    return found
