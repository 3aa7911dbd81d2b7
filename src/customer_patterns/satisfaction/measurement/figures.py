"""The figures that the chapter's sentences on measurement speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.measurement.tables import (
    AGREEING,
    APART,
    COMPARABLE,
    DECLARED,
    LEARNED,
    NOT_TESTABLE,
)
from customer_patterns.wording import Chosen, Figures, Name

#: The findings of this part: sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    (
        ("satisfaction.broken", "satisfaction.broken_throughout", "satisfaction.alike"),
        "description",
        "invariance",
        None,
    ),
    (("satisfaction.held_out",), "association", "held_out_wave", None),
)


def _invariance(figures: Figures, table: pd.DataFrame) -> None:
    tested = table[table["verdict"] != NOT_TESTABLE]
    if tested.empty:
        return
    figures.count("tested_alike", len(tested), "comparisons")
    if alike := int((tested["verdict"] == COMPARABLE).sum()):
        figures.count("alike", alike, "comparisons")
    else:
        figures.count("unlike", len(tested), "comparisons")
    figures.count("not_tested", len(table) - len(tested), "comparisons")
    broken = tested[tested["verdict"] != COMPARABLE]
    if len(broken):
        worst = broken.sort_values("lost_fit", ascending=False, kind="stable").iloc[0]
        figures["broken_dimension"] = Name(worst["dimension"])
        figures["broken_between"] = Name(worst["grouping"], "word")
        figures["broken_items"] = Name(worst["items"], "label")


def _discriminant(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["verdict"].notna()]
    if len(known):
        figures.count("dimension_pairs", len(known), "pairs")
        if apart := int((known["verdict"] == APART).sum()):
            figures.count("dimensions_apart", apart, "pairs")
        figures["htmt_limit"] = Chosen(float(known["limit"].iloc[0]))


def _fit(figures: Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("model")
    if DECLARED in rows.index:
        figures.count("fitted_sheets", rows.loc[DECLARED, "n"], "answers")


def _style(figures: Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("figure")
    if AGREEING in rows.index and rows.loc[AGREEING, "share_low"] > 0:
        figures.estimate("agreeing", rows.loc[AGREEING], "share", "share", of="answers")


def _held_out(figures: Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("prediction")
    if LEARNED in rows.index and pd.notna(rows.loc[LEARNED, "explained_low"]):
        figures.estimate("held_out", rows.loc[LEARNED], "explained", "share", of="answers")
        figures["held_out_wave"] = Name(rows.loc[LEARNED, "wave"], "label")


READERS = {
    "invariance": _invariance,
    "discriminant_validity": _discriminant,
    "measurement_fit": _fit,
    "answer_style": _style,
    "held_out_wave": _held_out,
}
