"""Rules that every table has: a key belongs to one record, and a number lies where such numbers can lie."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.row_rules import RowRule
from customer_patterns.cleaning.rules import Rule, Tables
from customer_patterns.schemas.canonical import CANONICAL, UNKNOWN

#: Columns with a rule of their own.
_RULED = {("contacts", "csat"), ("feedback", "rating"), ("loyalty_ledger", "balance")}
#: What a rule is that no record may break.
REFUSED = "refused"


def out_of_range(table: str) -> RowRule:
    """Empty numbers outside what their column can hold, such as a share above one."""
    bounded = [
        column
        for column in CANONICAL[table].columns
        if column.nullable
        and (column.minimum is not None or column.maximum is not None)
        and (table, column.name) not in _RULED
    ]

    def off(rows: ir.Table, name: str) -> ir.BooleanValue:
        column = CANONICAL[table][name]
        wrong = ibis.literal(False)
        if column.minimum is not None:
            wrong = wrong | (rows[name] < column.minimum)
        if column.maximum is not None:
            wrong = wrong | (rows[name] > column.maximum)
        return wrong.fill_null(False)

    def there(rows: ir.Table) -> list[str]:
        return [column.name for column in bounded if column.name in rows.columns]

    def holds(rows: ir.Table, tables: Tables) -> ir.BooleanValue:
        wrong = ibis.literal(False)
        for name in there(rows):
            wrong = wrong | off(rows, name)
        return wrong

    return RowRule(
        "a number outside what it can be: emptied",
        table,
        "changed",
        holds,
        repair=lambda rows: {
            name: ibis.ifelse(off(rows, name), ibis.null(rows[name].type()), rows[name]) for name in there(rows)
        },
        shows=tuple(column.name for column in bounded),
        applies=lambda tables: bool(there(tables[table])),
    )


def contradicting_keys(table: str) -> Rule:
    """Refuse a table of descriptions in which two records describe one thing differently."""
    key = list(CANONICAL[table].key)

    def found(tables: Tables) -> ir.Table:
        rows = tables[table]
        times = rows.group_by(key).aggregate(_times=ibis._.count())
        return rows.semi_join(times.filter(times._times > 1), key)

    name = f"{table}: one key with two descriptions"
    return Rule(name, table, REFUSED, found, lambda tables: tables, alike=tuple(key))


def unknown_parents(table: str, column: str, parent: str, name: str) -> Rule:
    """Count records that name something nobody described; they stay."""

    def found(tables: Tables) -> ir.Table:
        rows, known = tables[table], tables[parent]
        named = rows[column].notnull() & (rows[column] != UNKNOWN)  # a gap may have been filled before
        return rows.filter(named).anti_join(known, rows[column] == known[CANONICAL[parent].key[0]])

    return Rule(
        name,
        table,
        "flagged",
        found,
        lambda tables: tables,
        applies=lambda tables: column in tables[table].columns and parent in tables,
        beside=(parent,),
    )
