"""The tables while they are cleaned: which rule is carried out when, and what is put down about it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
from ibis.expr.operations import PhysicalTable

from customer_patterns.cleaning import sales_rules
from customer_patterns.cleaning.clean_tables import FOREIGN_LINES, GUEST_LINES, REVERSALS
from customer_patterns.cleaning.groups import OTHERS, PURCHASES, VOICES, group_of
from customer_patterns.cleaning.keeping import completed, empty_table, keep_changed
from customer_patterns.cleaning.numbered import ROW, NumberedLines
from customer_patterns.cleaning.options import Options
from customer_patterns.cleaning.range_rules import REFUSED
from customer_patterns.cleaning.row_rules import (
    LEAVING,
    Found,
    RowRule,
    acting_rules,
    applicable,
    apply_batch,
    changed_columns,
    example_of,
    leaving_records,
    run_batch,
)
from customer_patterns.cleaning.rules import Rule
from customer_patterns.cleaning.steps import Step
from customer_patterns.cleaning.tables import TABLES
from customer_patterns.schemas import Refusal
from customer_patterns.schemas.canonical import CANONICAL
from customer_patterns.sources.masking import mask
from customer_patterns.warehouse import keep

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Tables that get rows from others: they are cleaned even where nobody delivered them.
COMPLETED = ("products", "customers")


class CleaningError(Refusal):
    """A delivery contradicts itself; the message names the table, the key and the remedy."""


class Work:
    """The tables while they are cleaned, and what was done so far."""

    def __init__(
        self, backend: Backend, tables: dict[str, ir.Table], delivered: frozenset[str], options: Options
    ) -> None:
        self.backend, self.tables, self.delivered, self.options = backend, tables, delivered, options
        #: By group of tables, what each rule did.
        self.rows: dict[tuple[str, ...], list[dict[str, object]]] = {PURCHASES: [], VOICES: [], OTHERS: []}
        self.step = 0
        #: The order lines by number, as long as no rule has compared or joined them.
        self.numbered: NumberedLines | None = None
        #: By table, columns in which no two of its records are alike.
        self.different: dict[str, list[frozenset[str]]] = {}
        self._sizes: dict[str, tuple[ir.Table, dict[str, object]]] = {}
        self._moved: dict[str, list[ir.Table]] = {}

    def carry_out(self, batch: list[Step]) -> None:
        """Apply one rule, or several about single records of one table in one pass, and put down what they did."""
        table = batch[0].table
        if table == REVERSALS.name:
            if not self._link():
                return
        elif not self._concerned(batch[0]):
            return
        if isinstance(batch[0], RowRule):
            if rules := applicable(batch, self.tables):
                self._several(rules)
        elif batch[0].applies(self.tables):
            self._one(batch[0])

    def _concerned(self, rule: Step) -> bool:
        """Whether anything was delivered that a rule counts, or adds to a table from elsewhere."""
        if rule.table in COMPLETED and rule.action == "added":
            return not rule.beside or not self.delivered.isdisjoint(rule.beside)
        return rule.table in self.delivered

    def finished(self) -> dict[str, ir.Table]:
        """All tables, each with every column of its schema; the lines as they are."""
        for schema in (REVERSALS, GUEST_LINES, FOREIGN_LINES):
            if schema.name not in self.tables:
                self.tables[schema.name] = self._gathered(schema.name)
        events = self.tables["events"]
        if (
            "events" in self.delivered
            and "linked_customer_id" not in events.columns
            and "customer_id" in events.columns
        ):
            self.tables["events"] = events.mutate(linked_customer_id=events.customer_id)
        there = {*self.delivered, *COMPLETED, *self._moved}
        done = {
            name: completed(table, TABLES[name]) if name in there else empty_table(self.backend, TABLES[name])
            for name, table in self.tables.items()
            if name != "order_lines"
        }
        return {**done, "order_lines": self.tables["order_lines"]}

    def _one(self, rule: Rule) -> None:
        before = self._size(rule.table)
        found = self._count(rule)
        example = _masked(example_of(rule.found(self.tables), rule.shows)) if found and rule.shows else None
        if rule.action == REFUSED:
            if found:
                raise CleaningError(_contradiction(rule, rule.found(self.tables), found))
            return
        if found or rule.completes:
            lines = rule.table == "order_lines"
            delivered = self.tables["order_lines"]
            self.tables = keep_changed(self.backend, rule.clean(self.tables), self.step, lines=lines and rule.regroups)
            self.step += 1
            if lines and not rule.regroups:  # they were marked one by one: none has come or gone
                self._sizes[rule.table] = (self.tables[rule.table], before)
                if self.numbered is not None:
                    self.numbered.same(delivered, self.tables["order_lines"])
            elif found and rule.action not in LEAVING:
                self.different.pop(rule.table, None)
        self._put_down(rule, before, found, self._size(rule.table), example=example)

    def _knows(self, lines: ir.Table) -> bool:
        """Whether a table is of numbered lines, which need not be copied to be asked again."""
        return self.numbered is not None and self.numbered.knows(lines)

    def _count(self, rule: Rule) -> int:
        """Count the records that a rule applies to, unless it is known."""
        if any(columns <= set(rule.alike) for columns in self.different.get(rule.table, ())):
            return 0
        known = rule.count(self.tables)
        return int(rule.found(self.tables).count().to_pyarrow().as_py()) if known is None else known

    def _several(self, rules: list[RowRule]) -> None:
        table = rules[0].table
        now = self._size(table)
        found = run_batch(rules, self.tables, own=self._own)
        sizes = []
        for each in found:
            before, now = now, _left(now, each)
            sizes.append((before, now))
        for each, (before, after) in zip(found, sizes, strict=True):
            self._put_down(each.rule, before, each.records, after, revenue=each.revenue, example=_masked(each.example))
        changed = changed_columns(found, self.tables)
        kept_apart = [columns for columns in self.different.get(table, ()) if not columns & changed]
        self.different[table] = kept_apart
        tables, moved = self._applied(table, found, changed)
        for name, parts in moved.items():
            for part in parts:
                kept = keep(self.backend, part, f"moved_{self.step}__{name}__{len(self._moved.get(name, ()))}")
                self._moved.setdefault(name, []).append(kept)
        if tables is not self.tables:
            left = tables[table]
            self.tables = keep_changed(self.backend, tables, self.step, lines=bool(moved) and not self._knows(left))
            self.step += 1
            self._sizes[table] = (self.tables[table], now)

    def _applied(
        self, table: str, found: list[Found], changed: set[str]
    ) -> tuple[dict[str, ir.Table], dict[str, list[ir.Table]]]:
        """The tables after a batch; numbered lines that leave are named by their numbers, and no line is copied."""
        tables, moved = apply_batch(found, self.tables)
        numbered, before = self.numbered, self.tables[table]
        if table != "order_lines" or tables is self.tables or numbered is None or not numbered.knows(before):
            return tables, moved
        numbered.change(changed)
        if not any(rule.action in LEAVING for rule in acting_rules(found)):
            numbered.same(before, tables[table])
            return tables, moved
        gone = keep(self.backend, leaving_records(found, self.tables, ROW), f"gone_{self.step}__{table}")
        if not changed:
            tables = {**tables, table: before.anti_join(gone, ROW)}
        numbered.without(before, tables[table], gone[ROW].to_pyarrow().to_numpy())
        moved = {name: [part.drop(ROW) for part in parts] for name, parts in moved.items()}
        return tables, moved

    def _link(self) -> bool:
        """Find the purchases that reversals take back; say whether there are reversals."""
        name = REVERSALS.name
        if name not in self._moved:
            return False
        self.tables[GUEST_LINES.name] = self._gathered(GUEST_LINES.name)
        together = {**self.tables, name: self._gathered(name)}
        linked = sales_rules.linked_reversals(together, self.options)
        self.tables[name] = keep(self.backend, linked, f"linked__{name}")
        return True

    def _gathered(self, name: str) -> ir.Table:
        """What rules have moved to a table."""
        if name not in self._moved:
            return empty_table(self.backend, TABLES[name])
        return ibis.union(*self._moved[name]) if len(self._moved[name]) > 1 else self._moved[name][0]

    def _own(self, rows: ir.Table) -> ir.BooleanValue:
        return sales_rules.in_own_currency(rows, self.options.currency)

    def _size(self, name: str) -> dict[str, object]:
        """Records of a table and their money in the study's currency; counted once for as long as it is the same."""
        table = self.tables[name]
        if name not in self._sizes or self._sizes[name][0] is not table:
            if isinstance(table.op(), PhysicalTable) and "revenue" not in table.columns:
                rows = self.backend.con.execute(f'SELECT count(*) FROM "{table.op().name}"').fetchall()
                self._sizes[name] = (table, {"records": rows[0][0], "revenue": None})
                return self._sizes[name][1]
            wanted = {"records": table.count()}
            if "revenue" in table.columns:
                wanted["revenue"] = table.revenue.sum(where=self._own(table)).cast("decimal(18, 2)")
            counted = table.aggregate(**wanted).to_pyarrow().to_pylist()[0]
            self._sizes[name] = (table, {"revenue": None, **counted})
        return self._sizes[name][1]

    def _put_down(
        self,
        rule: Step,
        before: dict[str, object],
        found: int,
        after: dict[str, object],
        *,
        revenue: Decimal | None = None,
        example: str | None = None,
    ) -> None:
        if rule.table == "order_lines" and revenue is None and rule.action == "dropped":
            revenue = (before["revenue"] or Decimal(0)) - (after["revenue"] or Decimal(0))
        self.rows[group_of(rule.table, *rule.beside)].append(
            {
                "rule": rule.name,
                "table": rule.table,
                "action": rule.action,
                "records_in": before["records"],
                "records_found": found,
                "records_out": after["records"],
                "revenue_in": before["revenue"],
                "revenue_out": after["revenue"],
                "revenue_found": revenue,
                "example": example,
            }
        )


def batches(asked: list[Step]) -> Iterator[list[Step]]:
    """Neighboring rules about single records of one table together, all others alone."""
    for (single, _), group in groupby(enumerate(asked), key=_neighbor):
        together = [rule for _, rule in group]
        if single:
            yield together
        else:
            yield from ([rule] for rule in together)


def _neighbor(numbered: tuple[int, Step]) -> tuple[bool, str]:
    _, rule = numbered
    return isinstance(rule, RowRule), rule.table


def _left(before: dict[str, object], each: Found) -> dict[str, object]:
    """Records and money after a rule of a batch."""
    if each.rule.action not in LEAVING:
        return before
    money = before["revenue"]
    if money is not None and each.revenue is not None:
        money -= each.revenue
    return {"records": before["records"] - each.records, "revenue": money}


def _masked(example: dict[str, object]) -> str | None:
    """What the values look like that a rule found, masked."""
    shown = {name: value for name, value in example.items() if value is not None}
    return "; ".join(f"{name.replace('_', ' ')} {mask(value)}" for name, value in shown.items()) if example else None


def _contradiction(rule: Rule, rows: ir.Table, found: int) -> str:
    """One sentence about two descriptions of one thing."""
    key = CANONICAL[rule.table].key
    first = rows.select(key).order_by(key).limit(1).to_pyarrow().to_pylist()[0]
    named = ", ".join(f"{column} {mask(value)}" for column, value in first.items())
    return (
        f"{rule.table}: {found:,} records describe one {CANONICAL[rule.table].grain} in two ways, such as {named}; "
        "ask the sender which description holds, or name a key in the contract so that the later delivery counts"
    )
