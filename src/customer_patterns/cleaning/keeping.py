"""Tables between two rules: computed once and kept, completed to their schema, or without a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
from ibis.expr.operations import DatabaseTable, PhysicalTable

from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.schemas.table import IBIS_TYPES, SQL_TYPES
from customer_patterns.warehouse import keep

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def keep_changed(backend: Backend, tables: dict[str, ir.Table], step: int, *, lines: bool) -> dict[str, ir.Table]:
    """Compute what a rule changed once, so that rules do not pile up into one query that each count runs again.

    Not the lines, unless ``lines``: to mark or filter millions of them again takes less than to copy them.
    """
    return {
        name: table
        if isinstance(table.op(), PhysicalTable) or (name == "order_lines" and not lines)
        else keep(backend, table, kept_name(step, name))
        for name, table in tables.items()
    }


def kept_name(step: int, table: str) -> str:
    """Return the name under which a table is kept after a rule."""
    return f"after_rule_{step}__{table}"


def completed(table: ir.Table, schema: TableSchema, *, also: tuple[str, ...] = ()) -> ir.Table:
    """The table with every column of its schema (and ``also`` some): "unknown" in a text without gaps, else nothing."""
    missing = {
        c.name: ibis.null(IBIS_TYPES[c.kind]) if c.nullable or c.kind != "text" else ibis.literal(UNKNOWN)
        for c in schema.columns
        if c.name not in table.columns
    }
    return table.mutate(**missing).select(*schema.names, *also)


def empty_table(backend: Backend, schema: TableSchema, *, without: Sequence[str] = ()) -> ir.Table:
    """A table without rows, in the types of its schema."""
    name = f"empty__{len(without)}__{schema.name}"
    there = [column for column in schema.columns if column.name not in without]
    columns = ", ".join(f'"{column.name}" {SQL_TYPES[column.kind]}' for column in there)
    backend.con.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" ({columns})')
    kinds = ibis.schema({column.name: IBIS_TYPES[column.kind] for column in there})
    return DatabaseTable(name, schema=kinds, source=backend).to_expr()  # (to ask for it would take longer)
