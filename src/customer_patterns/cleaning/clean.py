"""Apply the cleaning rules in order and count what each of them did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis.expr.operations import PhysicalTable

from customer_patterns.cleaning import sales_rules
from customer_patterns.cleaning.consistency import source_consistency
from customer_patterns.cleaning.limits import check_limits
from customer_patterns.cleaning.options import Options
from customer_patterns.cleaning.quality import column_quality
from customer_patterns.cleaning.range_rules import REFUSED
from customer_patterns.cleaning.row_rules import LEAVING, Found, RowRule, applicable, apply_batch, run_batch
from customer_patterns.cleaning.rules import Rule
from customer_patterns.cleaning.steps import Step, steps
from customer_patterns.cleaning.tables import (
    FOREIGN_LINES,
    GUEST_LINES,
    OTHERS,
    PURCHASES,
    REVERSALS,
    RULES,
    TABLES,
    UNTOUCHED,
    VOICES,
    group_of,
)
from customer_patterns.schemas import Refusal, TableSchema
from customer_patterns.schemas.canonical import CANONICAL, UNKNOWN
from customer_patterns.schemas.local_time import local_time
from customer_patterns.schemas.table import IBIS_TYPES
from customer_patterns.sources.masking import mask
from customer_patterns.warehouse import keep, write_ahead

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Tables that get rows from others: they are cleaned even where nobody delivered them.
_COMPLETED = ("products", "customers")
#: Columns that rules look at whether they were delivered or not; any other one is looked at only where it was.
_LOOKED_AT = {
    "order_lines": ("store_id", "delivered_week"),
    "products": ("department", "product_type"),
    "survey_items": ("dimension", "wording_en", "wording_zh"),
    "survey_invitations": ("channel",),
    "survey_responses": ("answer",),
    "contacts": ("channel", "topic", "first_response_at", "closed_at", "rated_at", "csat"),
    "feedback": ("channel", "language", "rating", "text"),
}
_SQL_TYPES = {"text": "VARCHAR", "integer": "BIGINT", "money": "DECIMAL(18, 2)", "boolean": "BOOLEAN"} | {
    "number": "DOUBLE", "share": "DOUBLE", "date": "DATE", "timestamp": "TIMESTAMP",
}  # fmt: skip
#: Texts of a line in which a gap is filled.
_FILLED = ("store_id", "channel", "payment_method")


@dataclass(frozen=True)
class Cleaned:
    """Clean tables, what each rule did, and the quality of each delivered column.

    Attributes
    ----------
    tables
        By name.
    rules, quality, consistency
        For purchases and what describes them: see ``RULES``, ``QUALITY``, ``CONSISTENCY``.
    answer_rules, answer_quality
        The same for the records of what customers say.
    other_rules, other_quality, other_consistency
        The same for all other records.
    """

    tables: dict[str, ir.Table]
    rules: pd.DataFrame
    quality: pd.DataFrame
    answer_rules: pd.DataFrame
    answer_quality: pd.DataFrame
    consistency: pd.DataFrame
    other_rules: pd.DataFrame
    other_quality: pd.DataFrame
    other_consistency: pd.DataFrame

    @property
    def all(self) -> dict[str, ir.Table | pd.DataFrame]:
        """All tables that the stage writes, by name."""
        return {
            **self.tables,
            "rules": self.rules,
            "quality": self.quality,
            "answer_rules": self.answer_rules,
            "answer_quality": self.answer_quality,
            "consistency": self.consistency,
            "other_rules": self.other_rules,
            "other_quality": self.other_quality,
            "other_consistency": self.other_consistency,
        }


def clean_study(
    tables: dict[str, ir.Table],
    *,
    time_zone: str,
    first_day: date,
    fuel_types: str,
    gift_card_types: str,
    backend: Backend,
    options: Options | None = None,
) -> Cleaned:
    """Clean a study's canonical tables.

    Parameters
    ----------
    tables
        Canonical tables as collected; any may be missing.
    time_zone
        The study's; it decides which day an order belongs to.
    fuel_types, gift_card_types
        SQL ``LIKE`` patterns of the product types that are fuel and gift cards; empty where there are none.
    backend
        The DuckDB of the tables; intermediate results are kept there.
    options
        What is known about the study beside its tables.

    Returns
    -------
    Cleaned
        ``order_lines`` with one row per product in an order, ``customers`` with one row for everyone who ordered or
        was described, ``products`` likewise, all other canonical tables, ``reversals``, ``guest_lines`` and
        ``foreign_lines`` (order lines that are no purchases of a customer), and what was done. A table that was not
        delivered is there without rows.

    Raises
    ------
    CleaningError
        A table of descriptions describes one thing in two ways.
    QualityError
        A delivery does not reach what the study file asks of it.
    """
    options = options or Options()
    delivered = {name: tables[name] for name in CANONICAL if name in tables and name not in UNTOUCHED}
    quality = column_quality(delivered, time_zone=time_zone, first_day=first_day, options=options)
    check_limits(quality, options.limits)
    current = _with_empty_tables(backend, _without_undelivered_columns(delivered, quality))
    current["order_lines"] = current["order_lines"].mutate(line_kind=ibis.literal("goods"))
    if "events" in delivered:
        current["events"] = current["events"].mutate(suspected_bot=ibis.literal(False))
    work = _Work(backend, current, frozenset(delivered), options)
    asked = steps(
        backend=backend,
        options=options,
        time_zone=time_zone,
        fuel_types=fuel_types,
        gift_card_types=gift_card_types,
    )
    for batch in _batches(asked):
        work.carry_out(batch)
    current, rows = work.finished(), work.rows
    finished = _finish_lines(current["order_lines"], time_zone=time_zone)
    current["order_lines"] = write_ahead(backend, finished, TABLES["order_lines"])
    for step in range(work.step):  # a copy of millions of lines is not held for longer than it is asked for
        backend.con.execute(f'DROP TABLE IF EXISTS "{_kept_name(step, "order_lines")}"')
    agreed = source_consistency(_with_all_orders({name: current[name] for name in delivered}, current))
    belongs = [group_of(one, other) for one, other in zip(agreed["table"], agreed["other"], strict=True)]
    return Cleaned(
        current,
        rules=_numbered(rows[PURCHASES]),
        quality=_of(PURCHASES, quality, quality["table"].map(group_of)),
        consistency=_of(PURCHASES, agreed, belongs),
        answer_rules=_numbered(rows[VOICES]),
        answer_quality=_of(VOICES, quality, quality["table"].map(group_of)),
        other_rules=_numbered(rows[OTHERS]),
        other_quality=_of(OTHERS, quality, quality["table"].map(group_of)),
        other_consistency=_of(OTHERS, agreed, belongs),
    )


def _with_all_orders(delivered: dict[str, ir.Table], tables: dict[str, ir.Table]) -> dict[str, ir.Table]:
    """The delivered tables; among the orders also those that guests made and those that did not stand."""
    if "order_lines" not in delivered:
        return delivered
    orders = [tables[name].select("order_id", "customer_id") for name in ("order_lines", "guest_lines", "reversals")]
    return {**delivered, "order_lines": ibis.union(*orders)}


class CleaningError(Refusal):
    """A delivery contradicts itself; the message names the table, the key and the remedy."""


class _Work:
    """The tables while they are cleaned, and what was done so far."""

    def __init__(
        self, backend: Backend, tables: dict[str, ir.Table], delivered: frozenset[str], options: Options
    ) -> None:
        self.backend, self.tables, self.delivered, self.options = backend, tables, delivered, options
        #: By group of tables, what each rule did.
        self.rows: dict[tuple[str, ...], list[dict[str, object]]] = {PURCHASES: [], VOICES: [], OTHERS: []}
        self.step = 0
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
        if rule.table in _COMPLETED and rule.action == "added":
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
        there = {*self.delivered, *_COMPLETED, *self._moved}
        done = {
            name: _completed(table, TABLES[name]) if name in there else _empty(self.backend, TABLES[name])
            for name, table in self.tables.items()
            if name != "order_lines"
        }
        return {**done, "order_lines": self.tables["order_lines"]}

    def _one(self, rule: Rule) -> None:
        before = self._size(rule.table)
        rows = rule.found(self.tables)
        found = int(rows.count().to_pyarrow().as_py())
        if rule.action == REFUSED:
            if found:
                raise CleaningError(_contradiction(rule, rows, found))
            return
        if found or rule.action != "dropped":
            lines = rule.regroups and rule.table == "order_lines"
            self.tables = _keep(self.backend, rule.clean(self.tables), self.step, lines=lines)
            self.step += 1
        self._put_down(rule, before, found, self._size(rule.table))

    def _several(self, rules: list[RowRule]) -> None:
        table = rules[0].table
        now = self._size(table)
        found = run_batch(rules, self.tables, own=self._own)
        sizes = []
        for each in found:
            before, now = now, _left(now, each)
            sizes.append((before, now))
        for each, (before, after) in zip(found, sizes, strict=True):
            self._put_down(each.rule, before, each.records, after, revenue=each.revenue, example=_example(each))
        tables, moved = apply_batch(found, self.tables)
        for name, parts in moved.items():
            for part in parts:
                kept = keep(self.backend, part, f"moved_{self.step}__{name}__{len(self._moved.get(name, ()))}")
                self._moved.setdefault(name, []).append(kept)
        if tables is not self.tables:
            self.tables = _keep(self.backend, tables, self.step, lines=bool(moved))
            self.step += 1
            self._sizes[table] = (self.tables[table], now)

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
            return _empty(self.backend, TABLES[name])
        return ibis.union(*self._moved[name]) if len(self._moved[name]) > 1 else self._moved[name][0]

    def _own(self, rows: ir.Table) -> ir.BooleanValue:
        return sales_rules.in_own_currency(rows, self.options.currency)

    def _size(self, name: str) -> dict[str, object]:
        """Records of a table and their money in the study's currency; counted once for as long as it is the same."""
        table = self.tables[name]
        if name not in self._sizes or self._sizes[name][0] is not table:
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


def _batches(asked: list[Step]) -> Iterator[list[Step]]:
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


def _example(each: Found) -> str | None:
    """What the values look like that a rule found, masked."""
    shown = [name for name in each.rule.shows if name in each.rows.columns]
    if not each.records or not shown:
        return None
    row = each.rows.select(shown).order_by(shown).limit(1).to_pyarrow().to_pylist()[0]
    return "; ".join(f"{name.replace('_', ' ')} {mask(value)}" for name, value in row.items() if value is not None)


def _contradiction(rule: Rule, rows: ir.Table, found: int) -> str:
    """One sentence about two descriptions of one thing."""
    key = CANONICAL[rule.table].key
    first = rows.select(key).order_by(key).limit(1).to_pyarrow().to_pylist()[0]
    named = ", ".join(f"{column} {mask(value)}" for column, value in first.items())
    return (
        f"{rule.table}: {found:,} records describe one {CANONICAL[rule.table].grain} in two ways, such as {named}; "
        "ask the sender which description holds, or name a key in the contract so that the later delivery counts"
    )


def _numbered(rows: list[dict[str, object]]) -> pd.DataFrame:
    """What was done in one group of tables, numbered from one."""
    done = pd.DataFrame(rows, columns=[name for name in RULES.names if name != "position"])
    return done.assign(position=range(1, len(done) + 1))[RULES.names]


def _of(group: tuple[str, ...], table: pd.DataFrame, belongs: Iterable[tuple[str, ...]]) -> pd.DataFrame:
    """The rows of a table that belong to a group of tables."""
    return table.loc[[place for place, each in enumerate(belongs) if each == group]].reset_index(drop=True)


def _keep(backend: Backend, tables: dict[str, ir.Table], step: int, *, lines: bool) -> dict[str, ir.Table]:
    """Compute what a rule changed once, so that rules do not pile up into one query that each count runs again.

    Not the lines, unless ``lines``: to mark or filter millions of them again takes less than to copy them.
    """
    return {
        name: table
        if isinstance(table.op(), PhysicalTable) or (name == "order_lines" and not lines)
        else keep(backend, table, _kept_name(step, name))
        for name, table in tables.items()
    }


def _kept_name(step: int, table: str) -> str:
    return f"after_rule_{step}__{table}"


def _with_empty_tables(backend: Backend, tables: dict[str, ir.Table]) -> dict[str, ir.Table]:
    """Add each table that a study does not have, without rows, so that every later stage finds it."""
    return {
        name: tables[name] if name in tables else _empty(backend, schema, without=_spare(name))
        for name, schema in CANONICAL.items()
        if name not in UNTOUCHED
    }


def _without_undelivered_columns(tables: dict[str, ir.Table], quality: pd.DataFrame) -> dict[str, ir.Table]:
    """Take out the columns without a single value that no rule needs: what is not there need not be carried along."""
    given = quality[quality["filled"] > 0].groupby("table")["column"].agg(set).to_dict()
    return {
        name: table.drop(*[c for c in table.columns if c not in given.get(name, ()) and c in _spare(name)])
        for name, table in tables.items()
    }


def _spare(name: str) -> list[str]:
    """The columns of a table that may be missing while it is cleaned; whose a record is, is always asked."""
    asked = ("customer_id", *_LOOKED_AT.get(name, ()))
    return [column.name for column in CANONICAL[name].columns if column.nullable and column.name not in asked]


def _completed(table: ir.Table, schema: TableSchema) -> ir.Table:
    """The table with every column of its schema: "unknown" in a text without gaps, nothing elsewhere."""
    missing = {
        c.name: ibis.null(IBIS_TYPES[c.kind]) if c.nullable or c.kind != "text" else ibis.literal(UNKNOWN)
        for c in schema.columns
        if c.name not in table.columns
    }
    return table.mutate(**missing).select(schema.names)


def _empty(backend: Backend, schema: TableSchema, *, without: Sequence[str] = ()) -> ir.Table:
    """A table without rows, in the types of its schema."""
    name = f"empty__{len(without)}__{schema.name}"
    there = [column for column in schema.columns if column.name not in without]
    columns = ", ".join(f'"{column.name}" {_SQL_TYPES[column.kind]}' for column in there)
    backend.con.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" ({columns})')
    return backend.table(name)


def _finish_lines(lines: ir.Table, *, time_zone: str) -> ir.Table:
    """Add the local day and say "unknown" where a store, a channel or a way of paying is missing."""
    filled = {name: lines[name].fill_null(UNKNOWN) for name in _FILLED if name in lines.columns}
    finished = lines.mutate(ordered_on=local_time(lines.ordered_at, time_zone=time_zone).date(), **filled)
    return _completed(finished, TABLES["order_lines"])
