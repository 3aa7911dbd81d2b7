"""The figures of what was answered that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.estimates import Estimate, wilson
from customer_patterns.features.cells import shown
from customer_patterns.satisfaction.monitoring import latest
from customer_patterns.satisfaction.rows import of_all_waves
from customer_patterns.satisfaction.tables.answers import HIGHER, LOWER
from customer_patterns.satisfaction.tables.columns import NPS_MEASURE, OVERALL
from customer_patterns.wording import BOOTSTRAP, Chosen, Figures, Name

ADJUSTED_WALD = "adjusted Wald"
WILSON = "Wilson"


def _survey_waves(figures: Figures, waves: pd.DataFrame) -> None:
    closed = waves[(waves["status"] == "closed") & (waves["suppressed"] == "no")]
    figures.count("waves", len(waves), "waves")
    if len(closed):
        figures.count("asked", closed["n"].sum(), "invitations")
    if len(closed) and len(closed) == len(waves):
        value, low, high = map(float, wilson(int(closed["answered"].sum()), int(closed["n"].sum())))
        figures["response"] = Estimate(value, low, high, int(closed["n"].sum()), "invitations", "share", method=WILSON)


def _nps(figures: Figures, nps: pd.DataFrame) -> None:
    for _, row in of_all_waves(nps).iterrows():
        method = ADJUSTED_WALD if row["n"] == row["customers"] else BOOTSTRAP
        figures.estimate("nps", row, "nps", "", of="answers", method=method)
        if "nps" in figures:
            figures.count("nps_customers", row["customers"], "customers")


def _csat(figures: Figures, csat: pd.DataFrame) -> None:
    for _, row in of_all_waves(csat).iterrows():
        figures.estimate("content", row, "csat", "share", of="answers")


def _dimension_scores(figures: Figures, scores: pd.DataFrame) -> None:
    rows = shown(of_all_waves(scores), "score")
    if not {"nps", "content"} & set(figures):  # which say more of the same
        for _, row in rows[rows["dimension"] == OVERALL].iterrows():
            figures.estimate("overall_score", row, "score", "", of="answers")
    rows = rows[rows["dimension"] != OVERALL].sort_values(["score", "dimension"], ignore_index=True)
    if len(rows) < 2:
        return
    worst, best = rows.iloc[0], rows.iloc[-1]
    figures.estimate("highest_score", best, "score", "", of="answers")
    if not best["score_low"] > worst["score_high"]:
        return  # which of them scores highest is not known
    for name, row in (("worst", worst), ("best", best)):
        figures[f"{name}_dimension"] = Name(row["dimension"])
        figures.estimate(f"{name}_score", row, "score", "", of="answers")


def _reliability(figures: Figures, table: pd.DataFrame) -> None:
    known = table[table["verdict"] != "not enough data"]
    if len(known):
        figures.count("dimensions", len(known), "dimensions")
        if reliable := int((known["verdict"] == "reliable").sum()):
            figures.count("reliable", reliable, "dimensions")
        figures["floor"] = Chosen(float(known["floor"].iloc[0]))


def _control_chart(figures: Figures, table: pd.DataFrame) -> None:
    now = latest(table)
    if now.empty:
        return
    figures["last_wave"] = Name(now["wave"].iloc[-1], "label")
    figures.count("watched", len(now), "scores")
    moved = now[now["verdict"].isin([HIGHER, LOWER])]
    if moved.empty:
        figures.count("unmoved", len(now), "scores")
        return
    row = moved.loc[moved["adjusted_p"].astype(float).idxmin()]
    figures.count("moved", len(moved), "scores")
    figures["moved_score"] = Name(row["score_name"])
    figures.estimate("moved_by", row, "moved", "points", of="answers")


def _survey_plan(figures: Figures, table: pd.DataFrame) -> None:
    asked = table[table["score_name"] == NPS_MEASURE].dropna(subset=["asked"])
    if len(asked):
        row = asked.sort_values("margin").iloc[len(asked) // 2]
        figures["plan_margin"] = Chosen(float(row["margin"]), "points")
        figures.count("plan_answers", row["answers"], "answers")
        figures.count("plan_asked", row["asked"], "customers")
        if pd.notna(row["apart"]):
            figures.count("plan_apart", row["apart"], "days")


READERS = {
    "survey_waves": _survey_waves,
    "nps": _nps,
    "csat": _csat,
    "dimension_scores": _dimension_scores,
    "reliability": _reliability,
    "control_chart": _control_chart,
    "survey_plan": _survey_plan,
}
