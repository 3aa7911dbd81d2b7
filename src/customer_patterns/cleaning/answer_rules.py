"""The cleaning rules for what customers say: survey answers, contacts with the service, feedback in words.

An answer is never corrected: one that cannot be is emptied, and counted.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir
from ibis.expr.operations import Field

from customer_patterns.cleaning.rules import Rule, Tables
from customer_patterns.schemas.canonical import UNKNOWN

#: The name of a rule that the chapter quotes.
OFF_THE_SCALE = "answers outside the item's scale: emptied"

#: Moments of a contact that cannot lie before it was opened.
_AFTER_OPENING = ("first_response_at", "closed_at", "rated_at")

_RESPONSE_KEY = ["wave", "customer_id", "item_id"]


def invited_twice() -> Rule:
    """Keep one invitation per customer and wave: the first."""
    return one_per_key(
        "invited more than once in a wave: the first invitation kept",
        "survey_invitations",
        ["wave", "customer_id"],
        lambda rows: [rows.invited_at.asc()],
    )


def unknown_items() -> Rule:
    """Drop answers to items that the survey does not have: nobody can say on which scale they were given."""

    def clean(tables: Tables) -> Tables:
        known = tables["survey_responses"].semi_join(tables["survey_items"], "item_id")
        return {**tables, "survey_responses": known}

    return Rule(
        "answers to an item that is not in the survey",
        "survey_responses",
        "dropped",
        lambda tables: tables["survey_responses"].anti_join(tables["survey_items"], "item_id"),
        clean,
    )


def answers_off_the_scale() -> Rule:
    """Empty answers that the item's scale does not have, such as 9 for "no answer"."""

    def marked(tables: Tables) -> ir.Table:
        scales = tables["survey_items"].select("item_id", low="scale_low", high="scale_high")
        rows = tables["survey_responses"].left_join(scales, "item_id").drop("item_id_right")
        return rows.mutate(_off=((rows.answer < rows.low) | (rows.answer > rows.high)).fill_null(False))

    def clean(tables: Tables) -> Tables:
        rows = marked(tables)
        emptied = rows.mutate(answer=ibis.ifelse(rows._off, ibis.null("int64"), rows.answer))
        return {**tables, "survey_responses": emptied.drop("low", "high", "_off")}

    return Rule(
        OFF_THE_SCALE,
        "survey_responses",
        "changed",
        lambda tables: marked(tables).filter(ibis._._off),
        clean,
    )


def answered_twice() -> Rule:
    """Keep one answer per customer, wave and item: the last one that is not empty."""
    return one_per_key(
        "two answers by one customer to an item: the later kept",
        "survey_responses",
        _RESPONSE_KEY,
        lambda rows: [rows.answer.isnull().asc(), rows.answered_at.desc(), rows.answer.desc()],
    )


def answered_uninvited() -> Rule:
    """Count answers by customers who were not invited to the wave, where invitations were delivered; they stay."""
    return Rule(
        "answered without an invitation: kept",
        "survey_responses",
        "flagged",
        lambda tables: tables["survey_responses"].anti_join(tables["survey_invitations"], ["wave", "customer_id"]),
        lambda tables: tables,
        applies=lambda tables: bool(len(tables["survey_invitations"].limit(1).to_pyarrow())),
    )


def latest_version(table: str, *, key: str, latest: str) -> Rule:
    """Keep one record per key where a sender delivered a record again after it had changed: the fullest."""

    def order(rows: ir.Table) -> list[ir.Value]:
        others = [name for name in rows.columns if name not in (key, latest)]
        return [rows[latest].desc(nulls_first=False), *(rows[name].desc(nulls_first=False) for name in others)]

    return one_per_key(f"{table}: one key delivered with different content: the latest kept", table, [key], order)


def answered_before_opened() -> Rule:
    """Empty a contact's response, closing or rating that lies before the contact itself."""

    def early(rows: ir.Table) -> ir.BooleanValue:
        wrong = ibis.literal(False)
        for name in _AFTER_OPENING:
            wrong = wrong | (rows[name] < rows.opened_at).fill_null(False)
        return wrong

    def clean(tables: Tables) -> Tables:
        rows = tables["contacts"]
        kept = {
            name: ibis.ifelse((rows[name] < rows.opened_at).fill_null(False), ibis.null("timestamp(6)"), rows[name])
            for name in _AFTER_OPENING
        }
        return {**tables, "contacts": rows.mutate(**kept)}

    return Rule(
        "answered, closed or rated before it was opened: that moment emptied",
        "contacts",
        "changed",
        lambda tables: tables["contacts"].filter(early(tables["contacts"])),
        clean,
    )


def stars_off_the_scale(table: str, column: str) -> Rule:
    """Empty ratings outside one to five."""

    def off(rows: ir.Table) -> ir.BooleanValue:
        return ((rows[column] < 1) | (rows[column] > 5)).fill_null(False)

    def clean(tables: Tables) -> Tables:
        rows = tables[table]
        emptied = rows.mutate(**{column: ibis.ifelse(off(rows), ibis.null("int64"), rows[column])})
        return {**tables, table: emptied}

    return Rule(
        f"{column} outside one to five: emptied",
        table,
        "changed",
        lambda tables: tables[table].filter(off(tables[table])),
        clean,
    )


def empty_texts() -> Rule:
    """Drop feedback without a word in it."""

    def said(rows: ir.Table) -> ir.BooleanValue:
        return (rows.text.strip() != "").fill_null(False)

    return Rule(
        "feedback without a text",
        "feedback",
        "dropped",
        lambda tables: tables["feedback"].filter(~said(tables["feedback"])),
        lambda tables: {**tables, "feedback": tables["feedback"].filter(said(tables["feedback"]))},
    )


def levels_filled(table: str, columns: tuple[str, ...]) -> Rule:
    """Say "unknown" where a level was not delivered."""

    def found(tables: Tables) -> ir.Table:
        gap = ibis.literal(False)
        for column in columns:
            gap = gap | tables[table][column].isnull()
        return tables[table].filter(gap)

    def clean(tables: Tables) -> Tables:
        rows = tables[table]
        return {**tables, table: rows.mutate(**{column: rows[column].fill_null(UNKNOWN) for column in columns})}

    named = " or ".join(columns)
    return Rule(f"{named} not delivered: filled with 'unknown'", table, "changed", found, clean)


def one_per_key(name: str, table: str, key: list[str], order: Callable[[ir.Table], list[ir.Value]]) -> Rule:
    """Drop all records of a key but the first in an order; where that leaves a doubt, the columns decide."""

    def numbered(tables: Tables) -> ir.Table:
        rows = tables[table]
        first = order(rows)
        named = {field.name for value in first for field in value.op().find(Field)}
        total = [*first, *(rows[column].asc() for column in rows.columns if column not in {*key, *named})]
        return rows.mutate(_nth=ibis.row_number().over(group_by=key, order_by=total))

    return Rule(
        name,
        table,
        "dropped",
        lambda tables: numbered(tables).filter(ibis._._nth > 0),
        lambda tables: {**tables, table: numbered(tables).filter(ibis._._nth == 0).drop("_nth")},
        alike=tuple(key),
    )
