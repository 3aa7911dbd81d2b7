"""The cleaning rules for how a survey was answered: too fast, or all alike. Such sheets are counted and stay."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.rules import Rule, Tables

#: A sheet filled in within this part of the median time of its wave.
FAST = 1 / 3
#: From so many answers on, answers that are all alike say something.
ENOUGH_ANSWERS = 5


def speeders() -> Rule:
    """Count answer sheets filled in within a third of their wave's median time; one without a time is none.

    Greszki, Meyer and Schoen (2015), Exploring the effects of removing "too fast" responses, Public Opinion Quarterly.
    """

    def found(tables: Tables) -> ir.Table:
        rows = tables["survey_sheets"]
        usual = rows.group_by("wave").aggregate(_usual=rows.duration_seconds.median())
        rows = rows.join(usual, "wave")
        return rows.filter((rows.duration_seconds < FAST * rows._usual).fill_null(False))

    return Rule(
        "sheet filled in within a third of the usual time: kept",
        "survey_sheets",
        "flagged",
        found,
        lambda tables: tables,
        applies=lambda tables: "duration_seconds" in tables["survey_sheets"].columns,
    )


def straight_lining() -> Rule:
    """Count answers of sheets that give one answer to all items, reversed ones among them; they stay.

    Where no item is reversed, the same answer to all may be meant: it is not counted.
    """

    def found(tables: Tables) -> ir.Table:
        items = tables["survey_items"].select("item_id", "direction", "scale_low", "scale_high")
        rows = tables["survey_responses"]
        known = rows.filter(rows.answer.notnull()).join(items, "item_id")
        sheets = known.group_by("wave", "customer_id", "scale_low", "scale_high").aggregate(
            _answers=ibis._.count(),
            _least=ibis._.answer.min(),
            _most=ibis._.answer.max(),
            _ways=ibis._.direction.nunique(),
        )
        alike = (sheets._least == sheets._most) & (sheets._answers >= ENOUGH_ANSWERS) & (sheets._ways > 1)
        middle = sheets._least * 2 == sheets.scale_low + sheets.scale_high  # the same on both sides of a reversal
        flat = sheets.filter(alike & ~middle)
        return known.semi_join(flat, ["wave", "customer_id", "scale_low", "scale_high"])

    return Rule(
        "one answer to all items, reversed ones too: kept",
        "survey_responses",
        "flagged",
        found,
        lambda tables: tables,
    )


def sheets_without_answers() -> Rule:
    """Count sheets of which no answer was delivered; they stay."""
    return Rule(
        "sheet without a single answer: kept",
        "survey_sheets",
        "flagged",
        lambda tables: tables["survey_sheets"].anti_join(
            tables["survey_responses"].filter(ibis._.answer.notnull()), ["wave", "customer_id"]
        ),
        lambda tables: tables,
    )
