"""Apply the cleaning rules in order and count what each of them did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis.expr.operations import PhysicalTable

from customer_patterns.cleaning.quality import column_quality
from customer_patterns.cleaning.steps import steps
from customer_patterns.cleaning.tables import RULES, VOICES
from customer_patterns.schemas import TableSchema
from customer_patterns.schemas.canonical import CANONICAL, UNKNOWN
from customer_patterns.schemas.local_time import local_time
from customer_patterns.schemas.table import IBIS_TYPES
from customer_patterns.warehouse import keep

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

#: Tables that cleaning does not touch and later stages read from ``collect``.
UNTOUCHED = ("promotions",)
#: Tables that get rows from others: they are cleaned even where nobody delivered them.
_COMPLETED = ("products", "customers")


@dataclass(frozen=True)
class Cleaned:
    """Clean tables, what each rule did, and the quality of each delivered column.

    Attributes
    ----------
    tables
        By name.
    rules, quality
        For the records of what customers do: see ``RULES``, ``QUALITY``.
    answer_rules, answer_quality
        The same for the records of what customers say.
    """

    tables: dict[str, ir.Table]
    rules: pd.DataFrame
    quality: pd.DataFrame
    answer_rules: pd.DataFrame
    answer_quality: pd.DataFrame

    @property
    def all(self) -> dict[str, ir.Table | pd.DataFrame]:
        """All tables that the stage writes, by name."""
        return {
            **self.tables,
            "rules": self.rules,
            "quality": self.quality,
            "answer_rules": self.answer_rules,
            "answer_quality": self.answer_quality,
        }


def clean_study(
    tables: dict[str, ir.Table],
    *,
    time_zone: str,
    first_day: date,
    fuel_types: str,
    gift_card_types: str,
    backend: Backend,
) -> Cleaned:
    """Clean a study's canonical tables.

    Parameters
    ----------
    tables
        Canonical tables as collected; ``products``, ``customers`` and all but ``order_lines`` may be missing.
    time_zone
        The study's; it decides which day an order belongs to.
    fuel_types, gift_card_types
        SQL ``LIKE`` patterns of the product types that are fuel and gift cards; empty where there are none.
    backend
        The DuckDB of the tables; intermediate results are kept there.

    Returns
    -------
    Cleaned
        ``order_lines`` with one row per product in an order, ``customers`` with one row for everyone who ordered or
        was described, ``products`` likewise, the tables of campaigns, answers, contacts and feedback, and what was
        done. A table that was not delivered is there without rows.
    """
    delivered = {name: tables[name] for name in CANONICAL if name in tables and name not in UNTOUCHED}
    quality = column_quality(delivered, time_zone=time_zone, first_day=first_day)
    current = _with_empty_tables(delivered)
    current["order_lines"] = current["order_lines"].mutate(line_kind=ibis.literal("goods"))
    rows = []
    for rule in steps(fuel_types=fuel_types, gift_card_types=gift_card_types):
        if rule.table not in delivered and rule.table not in _COMPLETED:
            continue
        before = _size(current[rule.table])
        found = int(rule.found(current).count().to_pyarrow().as_py())
        if found or rule.action != "dropped":
            current = _keep(
                backend, rule.clean(current), len(rows), lines=rule.regroups and rule.table == "order_lines"
            )
        after = _size(current[rule.table])
        rows.append(
            {
                "rule": rule.name,
                "table": rule.table,
                "action": rule.action,
                "records_in": before["records"],
                "records_found": found,
                "records_out": after["records"],
                "revenue_in": before["revenue"],
                "revenue_out": after["revenue"],
            }
        )
    finished = _finish_lines(current["order_lines"], time_zone=time_zone)
    current["order_lines"] = keep(backend, finished, "clean__order_lines")
    for step in range(len(rows)):  # a copy of millions of lines is not held for longer than it is asked for
        backend.con.execute(f'DROP TABLE IF EXISTS "{_kept_name(step, "order_lines")}"')
    done = pd.DataFrame(rows, columns=[name for name in RULES.names if name != "position"])
    said = done["table"].isin(VOICES)
    voiced = quality["table"].isin(VOICES)
    return Cleaned(
        current,
        rules=_numbered(done[~said]),
        quality=quality[~voiced].reset_index(drop=True),
        answer_rules=_numbered(done[said]),
        answer_quality=quality[voiced].reset_index(drop=True),
    )


def _numbered(done: pd.DataFrame) -> pd.DataFrame:
    """Number what was done, from one."""
    return done.assign(position=range(1, len(done) + 1))[RULES.names]


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


def _size(table: ir.Table) -> dict[str, object]:
    wanted = {"records": table.count()}
    if "revenue" in table.columns:
        wanted["revenue"] = table.revenue.sum().cast("decimal(18, 2)")
    return {"revenue": None, **table.aggregate(**wanted).to_pyarrow().to_pylist()[0]}


def _with_empty_tables(tables: dict[str, ir.Table]) -> dict[str, ir.Table]:
    """Add each table that a study does not have, without rows, so that every later stage finds it."""
    lines = tables["order_lines"]
    return {
        name: tables[name] if name in tables else _empty(schema, like=lines)
        for name, schema in CANONICAL.items()
        if name not in UNTOUCHED
    }


def _empty(schema: TableSchema, *, like: ir.Table) -> ir.Table:
    columns = {column.name: ibis.null(IBIS_TYPES[column.kind]) for column in schema.columns}
    return like.select(**columns).filter(ibis.literal(False))


def _finish_lines(lines: ir.Table, *, time_zone: str) -> ir.Table:
    """Add the local day and say "unknown" where a store is missing."""
    return lines.mutate(
        ordered_on=local_time(lines.ordered_at, time_zone=time_zone).date(),
        store_id=lines.store_id.fill_null(UNKNOWN),
    ).drop("delivered_week")
