"""Apply the cleaning rules in order and count what each of them did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.cleaning.account_tables import RULES
from customer_patterns.cleaning.consent_rules import refusals
from customer_patterns.cleaning.consistency import source_consistency
from customer_patterns.cleaning.groups import OTHERS, PURCHASES, UNTOUCHED, VOICES, group_of
from customer_patterns.cleaning.identifiers import opened, sealed
from customer_patterns.cleaning.identity.registered import registered_browsers
from customer_patterns.cleaning.keeping import completed, empty_table, kept_name
from customer_patterns.cleaning.limits import check_limits
from customer_patterns.cleaning.numbered import ROW, NumberedLines, numbered_lines
from customer_patterns.cleaning.options import Options
from customer_patterns.cleaning.quality import all_different, column_quality
from customer_patterns.cleaning.rules import LINE_KEY
from customer_patterns.cleaning.steps import steps
from customer_patterns.cleaning.tables import TABLES
from customer_patterns.cleaning.used import without_unread
from customer_patterns.cleaning.work import Work, batches
from customer_patterns.schemas.canonical import CANONICAL, UNKNOWN
from customer_patterns.schemas.local_time import local_time
from customer_patterns.warehouse import keep, write_ahead

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

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
    if "identities" in delivered and options.study is not None:
        delivered["identities"] = opened(delivered["identities"], study=options.study, backend=backend)
    registered = registered_browsers(delivered, merged=options.merged, as_of=options.as_of, backend=backend)
    refused = refusals(delivered, merged=options.merged, registered=registered, backend=backend)
    options = replace(options, refused=refused, registered=registered)
    numbered = numbered_lines(backend, delivered["order_lines"]) if "order_lines" in delivered else None
    different = {} if numbered is None else {"order_lines": numbered.different}
    quality = column_quality(delivered, time_zone=time_zone, first_day=first_day, options=options, different=different)
    check_limits(quality, options.limits)
    if numbered is not None:
        delivered["order_lines"] = numbered.table
    current = _with_empty_tables(backend, _without_undelivered_columns(delivered, quality))
    current["order_lines"] = current["order_lines"].mutate(line_kind=ibis.literal("goods"))
    if "events" in delivered:
        current["events"] = current["events"].mutate(suspected_bot=ibis.literal(False))
    work = Work(backend, current, frozenset(delivered), options)
    work.different = all_different(quality)
    if numbered is not None:
        work.numbered = numbered
        work.different.setdefault("order_lines", []).append(frozenset(LINE_KEY))
        numbered.starts_as(current["order_lines"])
    asked = steps(
        backend=backend,
        options=options,
        time_zone=time_zone,
        fuel_types=fuel_types,
        gift_card_types=gift_card_types,
        numbered=numbered,
    )
    for batch in batches(asked):
        work.carry_out(batch)
    current, rows = work.finished(), work.rows
    if "identities" in delivered and options.study is not None:
        current["identities"] = sealed(current["identities"], study=options.study, backend=backend)
    if options.study is not None and not options.study.keep_unread:
        current = without_unread(current, delivered=delivered)
    period = (first_day, options.as_of) if options.as_of else None
    current["order_lines"] = _written_lines(backend, current["order_lines"], numbered, time_zone, period)
    for step in range(work.step):  # a copy of millions of lines is not held for longer than it is asked for
        backend.con.execute(f'DROP TABLE IF EXISTS "{kept_name(step, "order_lines")}"')
    agreed = source_consistency(_with_all_orders(backend, {name: current[name] for name in delivered}, current))
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


def _with_all_orders(
    backend: Backend, delivered: dict[str, ir.Table], tables: dict[str, ir.Table]
) -> dict[str, ir.Table]:
    """The delivered tables; among the orders also those that guests made and those that did not stand.

    Each order stands there once, since several questions are asked of it, and only where one is.
    """
    named = [table for name, table in delivered.items() if name != "order_lines" and "order_id" in table.columns]
    if "order_lines" not in delivered or not named:
        return delivered
    orders = [tables[name].select("order_id", "customer_id") for name in ("order_lines", "guest_lines", "reversals")]
    return {**delivered, "order_lines": keep(backend, ibis.union(*orders).distinct(), "orders_named")}


def _numbered(rows: list[dict[str, object]]) -> pd.DataFrame:
    """What was done in one group of tables, numbered from one."""
    done = pd.DataFrame(rows, columns=[name for name in RULES.names if name != "position"])
    return done.assign(position=range(1, len(done) + 1))[RULES.names]


def _of(group: tuple[str, ...], table: pd.DataFrame, belongs: Iterable[tuple[str, ...]]) -> pd.DataFrame:
    """The rows of a table that belong to a group of tables."""
    return table.loc[[place for place, each in enumerate(belongs) if each == group]].reset_index(drop=True)


def _with_empty_tables(backend: Backend, tables: dict[str, ir.Table]) -> dict[str, ir.Table]:
    """Add each table that a study does not have, without rows, so that every later stage finds it."""
    return {
        name: tables[name] if name in tables else empty_table(backend, schema, without=_spare(name))
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


def _written_lines(
    backend: Backend,
    lines: ir.Table,
    numbered: NumberedLines | None,
    time_zone: str,
    period: tuple[date, date] | None,
) -> ir.Table:
    """The lines as the stage leaves them, in a file."""
    finished, schema = _finish_lines(lines, time_zone=time_zone, period=period), TABLES["order_lines"]
    if numbered is None or not numbered.knows(lines):
        return write_ahead(backend, completed(finished, schema), schema)
    same = {name: UNKNOWN for name in schema.names if name not in finished.columns and schema[name].kind == "text"}
    return numbered.write_ahead(lines, completed(finished, schema, also=(ROW,)), schema, same)


def _finish_lines(lines: ir.Table, *, time_zone: str, period: tuple[date, date] | None) -> ir.Table:
    """Add the local day and say "unknown" where a store, a channel or a way of paying is missing."""
    filled = {name: lines[name].fill_null(UNKNOWN) for name in _FILLED if name in lines.columns}
    day = local_time(lines.ordered_at, time_zone=time_zone, mostly=period).date()
    return lines.mutate(ordered_on=day, **filled)
