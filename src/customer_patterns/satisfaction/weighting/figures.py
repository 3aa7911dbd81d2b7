"""The figures of weights that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.satisfaction.weighting.tables import ALREADY, RAKED, UNSURE
from customer_patterns.wording import Chosen, Figures


def _weighted_scores(figures: Figures, table: pd.DataFrame) -> None:
    rows = table[(table["score"] == "NPS") & (table["method"] == RAKED)]
    for _, row in rows.iterrows():
        figures.estimate("nps_raked", row, "value", "", of="answers", method="linearized")
        figures.count("answers_worth", round(float(row["effective_n"])), "answers")


def _tipping_points(figures: Figures, table: pd.DataFrame) -> None:
    rows = table[(table["score"] == "NPS") & ~table["verdict"].isin([ALREADY, UNSURE])]
    for _, row in rows.iterrows():
        figures["tipping_mark"] = Chosen(float(row["mark"]))
        figures.estimate("tips_at", row, "tips_at", "points", of="answers", method="linearized")


READERS = {"weighted_scores": _weighted_scores, "tipping_points": _tipping_points}
