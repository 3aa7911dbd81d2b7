"""The cleaning rules for how a survey was answered: too fast, or all alike. Such sheets are counted and stay."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.rules import Rule, Tables

#: A sheet filled in within this part of the median time of its wave.
FAST = 1 / 3
#: From so many answers on, answers that are all alike say something.
ENOUGH_ANSWERS = 5
#: So many different sheets at one moment: nobody knows when they were filled in, or only on which day.
CROWD = 10


def fast_sheets(survey_sheets: ir.Table) -> ir.Table:
    """Return the answer sheets filled in within a third of their wave's median time; one without a time is none.

    Greszki, Meyer and Schoen (2015), Exploring the effects of removing "too fast" responses, Public Opinion Quarterly.
    """
    usual = survey_sheets.group_by("wave").aggregate(_usual=survey_sheets.duration_seconds.median())
    rows = survey_sheets.join(usual, "wave")
    return rows.filter((rows.duration_seconds < FAST * rows._usual).fill_null(False))


def speeders() -> Rule:
    """Count answer sheets filled in within a third of their wave's median time; they stay."""
    return Rule(
        "sheet filled in within a third of the usual time: kept",
        "survey_sheets",
        "flagged",
        lambda tables: fast_sheets(tables["survey_sheets"]),
        lambda tables: tables,
        applies=lambda tables: "duration_seconds" in tables["survey_sheets"].columns,
    )


def _with_scales(survey_responses: ir.Table, survey_items: ir.Table) -> ir.Table:
    """The answers given, each with its item's scale and direction."""
    items = survey_items.select("item_id", "direction", "scale_low", "scale_high")
    return survey_responses.filter(survey_responses.answer.notnull()).join(items, "item_id")


def flat_sheets(survey_responses: ir.Table, survey_items: ir.Table) -> ir.Table:
    """Return the sheets that give one answer to all items of a scale, reversed ones among them.

    Where no item is reversed, the same answer to all may be meant: such a sheet is none of them.

    Returns
    -------
    Table
        One row per ``wave``, ``customer_id`` and scale (``scale_low``, ``scale_high``).
    """
    known = _with_scales(survey_responses, survey_items)
    sheets = known.group_by("wave", "customer_id", "scale_low", "scale_high").aggregate(
        _answers=ibis._.count(),
        _least=ibis._.answer.min(),
        _most=ibis._.answer.max(),
        _ways=ibis._.direction.nunique(),
    )
    alike = (sheets._least == sheets._most) & (sheets._answers >= ENOUGH_ANSWERS) & (sheets._ways > 1)
    middle = sheets._least * 2 == sheets.scale_low + sheets.scale_high  # the same on both sides of a reversal
    return sheets.filter(alike & ~middle)


def straight_lining() -> Rule:
    """Count answers of sheets that give one answer to all items, reversed ones among them; they stay."""

    def found(tables: Tables) -> ir.Table:
        asked = tables["survey_responses"], tables["survey_items"]
        known, flat = _with_scales(*asked), flat_sheets(*asked)
        return known.semi_join(flat, ["wave", "customer_id", "scale_low", "scale_high"])

    return Rule(
        "one answer to all items, reversed ones too: kept",
        "survey_responses",
        "flagged",
        found,
        lambda tables: tables,
    )


def copied_sheets() -> Rule:
    """Count answers of sheets that several customers handed in at one moment with the same answers; they stay.

    The same answers alone are no copy: people who are content answer alike. Sheets of one answer throughout are left to
    :func:`straight_lining`. A moment at which many sheets say different things is none, but a day, or what stands for
    all sheets of a survey of which nobody knows when they were filled in: copies cannot be told there.
    """

    def found(tables: Tables) -> ir.Table:
        rows = tables["survey_responses"]
        given = rows.filter(rows.answer.notnull())
        text = given.item_id + "=" + given.answer.cast("string")
        sheets = given.group_by("wave", "customer_id").aggregate(
            _sheet=text.group_concat(sep=";", order_by=[given.item_id, given.answer]),
            _at=given.answered_at.max(),
            _answers=given.count(),
            _kinds=given.answer.nunique(),
        )
        sheets = sheets.filter((sheets._answers >= ENOUGH_ANSWERS) & (sheets._kinds > 1))
        crowds = sheets.group_by("wave", "_at").aggregate(_said=sheets._sheet.nunique())
        told_apart = sheets.anti_join(crowds.filter(crowds._said >= CROWD), ["wave", "_at"])
        alike = told_apart.group_by("wave", "_at", "_sheet").aggregate(_times=ibis._.count())
        copies = told_apart.semi_join(alike.filter(alike._times > 1), ["wave", "_at", "_sheet"])
        return given.semi_join(copies, ["wave", "customer_id"])

    return Rule(
        "all answers at one moment like those of another customer: kept",
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
