"""The cleaning rules for survey scales that do not fit what the contract declares.

A question that was answered on another scale has figures, and all of them are wrong: on answers from 1 to 5 the formula
for 0 to 10 finds nobody who recommends. Its answers are emptied. Where the answers only make one doubt, they stay.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.cleaning.once import Once
from customer_patterns.cleaning.rules import Rule, Tables
from customer_patterns.schemas import Column, TableSchema
from customer_patterns.sources.scales import scale_warnings

RESPONSES, ITEMS = "survey_responses", "survey_items"
#: A question is refused when at least this share of its answers lies outside its scale; codes for "no answer" are rare.
OTHER_SCALE = 0.1
#: Of fewer answers none can be said to be on another scale: one may be a slip.
FEWEST = 20
#: From so many answers on it says something that none lies in the upper half of the scale.
ENOUGH = 50

REFUSED_SCALE = "answered on another scale"
LOWER_HALF = "no answer in the upper half of the scale"
AGAINST = "against the others of its dimension"
_DOUBTS = (REFUSED_SCALE, LOWER_HALF, AGAINST)

SCALES = TableSchema(
    name="scales_in_doubt",
    grain="question whose answers do not fit its scale",
    key=("item_id", "doubt"),
    meaning="Questions whose answers do not fit the scale that was declared, before anything was done about it.",
    reads=(RESPONSES, ITEMS),
    columns=(
        Column("item_id", "text", "the question", label="Question"),
        Column("doubt", "text", "what does not fit", label="Doubt", levels=_DOUBTS),
        Column("answers", "integer", "answers given", label="Answers", unit="answers", minimum=0),
        Column("outside_scale", "integer", "of these, outside its scale", label="Outside", unit="answers", minimum=0),
        Column("lowest", "integer", "lowest answer", label="Lowest answer"),
        Column("highest", "integer", "highest answer", label="Highest answer"),
        Column("scale_from", "integer", "lowest answer that the scale has", label="Scale from"),
        Column("scale_to", "integer", "highest answer that the scale has", label="Scale to"),
        Column(
            "rest_correlation",
            "number",
            "correlation with the mean of the others of its dimension, -1 to 1",
            label="With the others",
            nullable=True,
            minimum=-1,
            maximum=1,
        ),
    ),
)


def scales_in_doubt(survey_responses: ir.Table, survey_items: ir.Table) -> pd.DataFrame:
    """List the questions whose answers do not fit the scale that was declared.

    Parameters
    ----------
    survey_responses, survey_items
        As delivered: one row per answer, one row per question.

    Returns
    -------
    DataFrame
        One row per question and doubt, as in ``SCALES``, by both. A question answered on another scale (at least
        :data:`OTHER_SCALE` of its answers lie outside it) has no other doubt.
    """
    survey_items = survey_items.distinct()  # (a description may have been delivered twice)
    found = scale_warnings(survey_responses, survey_items)
    scales = survey_items.select("item_id", "scale_low", "scale_high").to_pandas()
    found = found.merge(scales, on="item_id", validate="1:1")
    other = (found["outside_scale"] >= OTHER_SCALE * found["answers"]) & (found["answers"] >= FEWEST)
    lower = (2 * found["highest"] <= found["scale_low"] + found["scale_high"]) & (found["answers"] >= ENOUGH)
    doubts = {REFUSED_SCALE: other, LOWER_HALF: ~other & lower}
    doubts[AGAINST] = ~other & found["against_the_others"]
    listed = [found[which].assign(doubt=doubt) for doubt, which in doubts.items()]
    named = {"scale_low": "scale_from", "scale_high": "scale_to"}  # on a page, low and high are an interval's ends
    return pd.concat(listed).rename(columns=named).sort_values(["item_id", "doubt"], ignore_index=True)[SCALES.names]


def scale_rules() -> list[Rule]:
    """Empty the answers to questions answered on another scale; count those to questions in doubt."""
    known = Once()

    def doubted(tables: Tables, doubt: str) -> list[str]:
        asked = (tables[RESPONSES], tables[ITEMS])
        listed = known.of(asked, lambda: scales_in_doubt(*asked))
        return sorted(listed.loc[listed["doubt"] == doubt, "item_id"])

    def found(doubt: str) -> Callable[[Tables], ir.Table]:
        def answers(tables: Tables) -> ir.Table:
            rows = tables[RESPONSES]
            return rows.filter(rows.answer.notnull() & rows.item_id.isin(doubted(tables, doubt)))

        return answers

    def emptied(tables: Tables) -> Tables:
        rows = tables[RESPONSES]
        refused = rows.item_id.isin(doubted(tables, REFUSED_SCALE))
        return {**tables, RESPONSES: rows.mutate(answer=ibis.ifelse(refused, ibis.null("int64"), rows.answer))}

    def rule(name: str, action: str, doubt: str, clean: Callable[[Tables], Tables]) -> Rule:
        def count(tables: Tables) -> int | None:
            return None if doubted(tables, doubt) else 0

        return Rule(name, RESPONSES, action, found(doubt), clean, count=count, beside=(ITEMS,))

    def as_it_is(tables: Tables) -> Tables:
        return tables

    return [
        rule("question answered on another scale: its answers emptied", "changed", REFUSED_SCALE, emptied),
        rule("no answer to a question in the upper half of its scale: kept", "flagged", LOWER_HALF, as_it_is),
        rule("answers to a question that go against the others of its dimension: kept", "flagged", AGAINST, as_it_is),
    ]
