"""A table's promise, and the check that it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from customer_patterns.schemas.refusal import Refusal

Kind = Literal["text", "integer", "number", "money", "share", "boolean", "date", "timestamp"]

#: What each kind is in a table on disk. Money is exact; a timestamp is UTC, without a zone of its own.
IBIS_TYPES: dict[str, str] = {
    "text": "string",
    "integer": "int64",
    "number": "float64",
    "money": "decimal(18, 2)",
    "share": "float64",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp(6)",
}

#: The same in DuckDB's words.
SQL_TYPES: dict[str, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "money": "DECIMAL(18, 2)",
    "share": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


@dataclass(frozen=True)
class Column:
    """One column: its name, kind, unit, range and what it means.

    Parameters
    ----------
    label
        How a reader sees it, e.g. above a column of a printed table.
    unit
        ``"currency"`` (the study's), ``"days"``, ``"orders"`` …; empty where there is none.
    minimum, maximum
        Inclusive bounds for numbers; ``None`` where there is none.
    levels
        The values allowed, for texts from a closed list.
    personal
        A direct identifier of a person (name, phone …); no analysis table may hold one.
    """

    name: str
    kind: Kind
    meaning: str
    label: str = ""
    unit: str = ""
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    levels: tuple[str, ...] = ()
    personal: bool = False

    @property
    def heading(self) -> str:
        """The label, or the name in words."""
        return self.label or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class TableSchema:
    """A table: one row per what, which columns are its key, which columns it has.

    ``reads`` names the tables it is made from, canonical ones or others; what rests on simulated tables is labeled so.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    meaning: str = ""
    reads: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError(f"table {self.name}: a column is declared twice")
        missing = set(self.key) - set(names)
        if missing:
            raise ValueError(f"table {self.name}: the key names undeclared columns {sorted(missing)}")

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]

    def __getitem__(self, name: str) -> Column:
        """Return the column of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name}")

    def __contains__(self, name: str) -> bool:
        """Whether the table has a column of that name."""
        return name in self.names

    def cast(self, table: ir.Table) -> ir.Table:
        """Select this schema's columns in order, each in its declared type."""
        return table.select(**{c.name: table[c.name].cast(IBIS_TYPES[c.kind]) for c in self.columns})


class SchemaError(Refusal):
    """A table breaks its schema; the message lists every breach."""


def check(table: ir.Table, schema: TableSchema, *, in_order: bool = False) -> None:
    """Raise :class:`SchemaError` naming every breach of the schema: columns, types, keys, gaps, ranges, levels.

    Parameters
    ----------
    table
        The table as written.
    schema
        Its promise.
    in_order
        Whether its rows should stand in the order of their key. Only the time it takes rests on this: where each row's
        key is larger than that of the row before, no two are alike, which is seen in passing; where one is not, keys
        are counted.
    """
    breaches: list[str] = []
    have = list(table.columns)
    if missing := [name for name in schema.names if name not in have]:
        breaches.append(f"lacks {', '.join(missing)}")
    if extra := [name for name in have if name not in schema.names]:
        breaches.append(f"has undeclared {', '.join(extra)}")
    for column in schema.columns:
        if column.name in have:
            wanted, got = ibis.dtype(IBIS_TYPES[column.kind]), table[column.name].type()
            if got.copy(nullable=True) != wanted.copy(nullable=True):
                breaches.append(f"{column.name} is {got}, wanted {wanted}")
    if not breaches:
        breaches = _row_breaches(table, schema, in_order=in_order)
    if breaches:
        raise SchemaError(f"table {schema.name}: " + "; ".join(breaches))


def _row_breaches(table: ir.Table, schema: TableSchema, *, in_order: bool) -> list[str]:
    """Count the rows that break each rule, all in one pass over the table."""
    tests = _column_tests(table, schema)
    if schema.key and in_order:
        upward = table.mutate(_upward=_upward(table, schema.key))
        counts = _count(upward, {**tests, _STEPS: upward.count() - 1 - upward._upward.sum().fill_null(0)})
        if counts.pop(_STEPS) <= 0:  # each of so many steps leads to a larger key
            return _said(counts)
    if schema.key:
        keys = table.group_by(list(schema.key)).aggregate(rows=table.count())
        repeated = keys.filter(keys.rows > 1).count().as_scalar()
        tests[f"the key ({', '.join(schema.key)}) is not unique"] = repeated
    return _said(_count(table, tests))


#: The steps from one row to the next that lead to no larger key.
_STEPS = "steps"


def _column_tests(table: ir.Table, schema: TableSchema) -> dict[str, ir.IntegerScalar]:
    """What may be wrong with single values, each with the number of rows in which it is."""
    tests: dict[str, ir.IntegerScalar] = {}
    for column in schema.columns:
        value = table[column.name]
        if not column.nullable:
            tests[f"{column.name} is empty"] = value.isnull().sum()
        if column.minimum is not None:
            tests[f"{column.name} is below {column.minimum:g}"] = (value < column.minimum).sum()
        if column.maximum is not None:
            tests[f"{column.name} is above {column.maximum:g}"] = (value > column.maximum).sum()
        if column.levels:
            tests[f"{column.name} is not one of {', '.join(column.levels)}"] = value.notin(column.levels).sum()
    return tests


def _upward(table: ir.Table, key: tuple[str, ...]) -> ir.BooleanColumn:
    """Say of each row whether its key is larger than that of the row before; not where either has a gap."""
    as_they_come = ibis.window()
    first, *others = key
    before = table[first].lag().over(as_they_come)
    if not others:
        return (table[first] > before).fill_null(False)
    further = _upward(table, tuple(others))
    return ((table[first] > before) | ((table[first] == before) & further)).fill_null(False)


def _count(table: ir.Table, tests: dict[str, ir.IntegerScalar]) -> dict[str, int]:
    """Ask all at once."""
    if not tests:
        return {}
    names = list(tests)
    counts = table.aggregate(**{f"t{i}": tests[name].cast("int64") for i, name in enumerate(names)})
    row = counts.to_pyarrow().to_pylist()[0]
    return {name: row[f"t{i}"] or 0 for i, name in enumerate(names)}


def _said(counts: dict[str, int]) -> list[str]:
    return [f"{name} in {count:,} rows" for name, count in counts.items() if count]
