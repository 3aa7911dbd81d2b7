"""The figures of leaving that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import bounded
from customer_patterns.features.cells import shown
from customer_patterns.outlook.churn import tables
from customer_patterns.outlook.churn.forecaster import BASELINES
from customer_patterns.outlook.churn.history import Terms
from customer_patterns.wording import Chosen, Name

WILSON = "Wilson"

#: Findings of these sections: sentence, grade of its evidence, table and figure that show it. Of the two about the
#: model one can be said at most.
FINDINGS: tuple[tuple[str, str, str, str | None], ...] = (
    ("outlook.leaving", "description", "churn_labels", "came-back"),
    ("outlook.churn_better", "time-ordered", "churn_added", "churn-methods"),
    ("outlook.churn_as_good", "time-ordered", "churn_added", "churn-methods"),
    ("outlook.alerts", "time-ordered", "alert_capacity", "call-profit"),
    ("outlook.lost", "time-ordered", "lost_reasons", "lost-reasons"),
    ("outlook.defection_sequences", "time-ordered", "defection_sequences", None),
)


def chosen(
    terms: Terms, call_terms: Mapping[str, float], *, intention_days: int, intention_needed: int
) -> dict[str, Chosen]:
    """The settings that sentences name."""
    return {
        "churn_days": Chosen(terms.horizon_days, "days"),
        "churn_needed": Chosen(terms.needed_days, "days"),
        "per": Chosen(100, "customers"),
        "call_cost": Chosen(call_terms["cost"], "currency"),
        "won_back": Chosen(call_terms["won_back"], "share"),
        "margin": Chosen(call_terms["margin"], "share"),
        "intention_days": Chosen(intention_days, "days"),
        "intention_needed": Chosen(intention_needed, "days"),
    }


def came_back(labels: pd.DataFrame) -> pd.DataFrame:
    """Two rows per definition to draw: who bought again at all, and who spent as before; blank definitions left out."""
    parts = []
    for name, words in (("came_back", "bought again"), ("as_before", "spent enough again")):
        part = shown(labels, name)[["label", *bounded(name)]]
        part = part.set_axis(["label", "share_of_those_called", "low", "high"], axis=1)
        parts.append(part.assign(did=words))
    table = pd.concat(parts, ignore_index=True)
    place = {label: number for number, label in enumerate(tables.LABELS)}
    return table.sort_values("label", key=lambda column: column.map(place), kind="stable", ignore_index=True)


def _churn_labels(figures: wording.Figures, labels: pd.DataFrame) -> None:
    figures.count("with_base", labels["customers"].iloc[0], "customers")
    row = labels[labels["label"] == tables.PARTIAL].iloc[0]
    figures.estimate("left_share", row, "share", "share", n="customers", method=WILSON)
    figures.estimate("back_share", row, "came_back", "share", method=WILSON)
    figures.estimate("before_share", row, "as_before", "share", method=WILSON)
    nothing = labels[labels["label"] == tables.NOTHING].iloc[0]
    figures.estimate("nothing_share", nothing, "share", "share", n="customers", method=WILSON)


def _label_agreement(figures: wording.Figures, pairs: pd.DataFrame) -> None:
    known = pairs[pairs["label"] == tables.PARTIAL].dropna(subset=["overlap_low", "overlap_high"])
    if len(known):
        row = known.loc[known["overlap"].idxmax()]
        figures["nearest_label"] = Name(row["other"], "word")
        figures.estimate("nearest_overlap", row, "overlap", "share")


def _churn_conclusions(figures: wording.Figures, table: pd.DataFrame) -> None:
    asked = table.groupby("question", sort=False)["flips"].first()
    figures.count("questions_asked", len(asked), "questions")
    if asked.any():
        figures.count("questions_flipped", asked.sum(), "questions")
        return
    # Not contradicting is less than agreeing: a conclusion may be seen under some definitions only.
    seen = table[table["conclusion"] != tables.NO_TELLING].groupby("question", sort=False).size()
    partly = (seen < table["label"].nunique()).sum()
    figures.count("questions_partly", partly, "questions")


def _churn_methods(figures: wording.Figures, methods: pd.DataFrame) -> None:
    figures.count("tested", methods["n"].iloc[0], "customers")
    model = methods[methods["method"] == tables.MODEL].iloc[0]
    figures.estimate("model_auc", model, "auc", "share")
    figures.estimate("model_slope", model, "calibration_slope", "ratio")
    rules = methods[methods["method"].isin(BASELINES)]
    best = rules.loc[rules["auc"].idxmax()]
    figures["best_rule"] = Name(best["method"], "word")
    figures.estimate("rule_auc", best, "auc", "share")


_ADDED = {"changes of brand": "brand_added", "changes of channel": "channel_added"}


def _churn_added(figures: wording.Figures, added: pd.DataFrame) -> None:
    rows = added.set_index("comparison")
    model = rows.loc["the model"]
    better = model["verdict"] == tables.BETTER
    figures.estimate("auc_gained" if better else "auc_not_gained", model, "auc_added", "ratio")
    for comparison, name in _ADDED.items():
        if comparison in rows.index:
            row = rows.loc[comparison]
            gain = name if row["verdict"] == tables.BETTER else f"{name}_none"
            figures.estimate(gain, row, "auc_added", "ratio")


def _alert_capacity(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("method")
    figures.estimate("precision", rows.loc[tables.MODEL], "precision", "share", method=WILSON)
    figures.estimate("anybody", rows.loc[tables.BASE_RATE], "precision", "share", method=WILSON)
    figures.count("alerts_tested", rows.at[tables.MODEL, "n"], "customers")


def _alert_weeks(figures: wording.Figures, table: pd.DataFrame) -> None:
    for came in ("left", "stayed"):
        row = table[(table["came"] == came) & (table["weeks_before"] == 0)].iloc[0]
        if row["suppressed"] == "no":
            figures.estimate(f"{came}_alerted", row, "alerted", "share", method=WILSON)


def _alert_lead(figures: wording.Figures, table: pd.DataFrame) -> None:
    figures.estimate("lead_days", table[table["figure"] == "days ahead"].iloc[0], "value", "days")
    figures["lead_most"] = Chosen(float(table.loc[table["figure"] == "longest possible", "value"].iloc[0]), "days")


def _alert_reasons(figures: wording.Figures, table: pd.DataFrame) -> None:
    known = shown(table, "first")
    if len(known):
        row = known.loc[known["first"].idxmax()]
        figures["first_reason"] = Name(row["reason"], "word")
        figures.estimate("first_reason_share", row, "first", "share", n="alerts", method=WILSON)


def _call_profit(figures: wording.Figures, table: pd.DataFrame) -> None:
    row = table[table["chosen"]].iloc[0]
    if row["profit_low"] > 0 and row["n"] > 0:  # the share was chosen before the test, not by it
        figures["call_share"] = Chosen(float(row["share_called"]), "share")
        figures["call_order"] = Name(row["called_by"], "word")
        figures.estimate("call_gain", row, "profit", "currency")


def _lost_reasons(figures: wording.Figures, table: pd.DataFrame) -> None:
    figures.count("left_before", table["customers_left"].iloc[0], "customers")
    known = shown(table, "times")
    whole = known[known["reason"] == tables.ANY]
    if len(whole):
        figures.estimate("covered_share", whole.iloc[0], "share_left", "share", n="customers_left", method=WILSON)
        figures.estimate("covered_stayed", whole.iloc[0], "share_stayed", "share", n="customers_left", method=WILSON)
    sure = known[(known["reason"] != tables.ANY) & (known["verdict"] == tables.OFTENER)]
    if len(sure):
        row = sure.loc[sure["times"].idxmax()]
        figures["sure_reason"] = Name(row["reason"], "word")
        figures.estimate("sure_times", row, "times", "ratio")


def _defection_sequences(figures: wording.Figures, table: pd.DataFrame) -> None:
    figures.count("sequences_tested", len(table), "sequences")
    stand = table[table["verdict"] != tables.CHANCE]
    if len(stand):
        figures.count("sequences_stand", len(stand), "sequences")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "churn_labels": _churn_labels,
    "label_agreement": _label_agreement,
    "churn_conclusions": _churn_conclusions,
    "churn_methods": _churn_methods,
    "churn_added": _churn_added,
    "alert_capacity": _alert_capacity,
    "alert_weeks": _alert_weeks,
    "alert_lead": _alert_lead,
    "alert_reasons": _alert_reasons,
    "call_profit": _call_profit,
    "lost_reasons": _lost_reasons,
    "defection_sequences": _defection_sequences,
}
