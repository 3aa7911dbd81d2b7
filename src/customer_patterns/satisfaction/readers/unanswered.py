"""The figures of who did not answer that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.rows import of_score
from customer_patterns.wording import Chosen, Figures


def _who_answered(figures: Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("characteristic")
    if "orders before" in rows.index:
        row = rows.loc["orders before"]
        figures.estimate("answerers_orders", row, "answerers", "orders", of="invitations")
        figures.estimate("others_orders", row, "others", "orders", of="invitations")
        figures.estimate("answerers_difference", row, "difference", "", of="invitations")
    if len(table):
        first = table.iloc[0]
        figures.estimate("answered_share", first, "answered_share", "share", of="invitations")


def _score_versions(figures: Figures, table: pd.DataFrame) -> None:
    rows = of_score(table, "NPS").set_index("version")
    for name, version in (
        ("nps_raw", "as answered"),
        ("nps_weighted", "weighted by past behavior"),
        ("nps_curved", "without straight-liners"),
    ):
        if version in rows.index:
            figures.estimate(name, rows.loc[version], "value", "", of="answers")


def _silent_scenarios(figures: Figures, table: pd.DataFrame) -> None:
    rows = of_score(table, "NPS")
    if len(rows) and (worst := rows.iloc[-1])["points_below"] > 0:
        figures["points_below"] = Chosen(float(worst["points_below"]), "points")
        figures.estimate("nps_if_worse", worst, "value", "", of="answers")


READERS = {
    "who_answered": _who_answered,
    "score_versions": _score_versions,
    "silent_scenarios": _silent_scenarios,
}
