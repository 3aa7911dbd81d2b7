"""The figures that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from contextlib import suppress

import pandas as pd

from customer_patterns import wording
from customer_patterns.charts.drawing import TITLE_LENGTH, columns_of
from customer_patterns.estimates import Estimate, wilson
from customer_patterns.features.cells import shown
from customer_patterns.satisfaction import (
    handling,
    listening,
    measurement,
    products,
    proxy,
    standard,
    text,
    together,
    weighting,
)
from customer_patterns.satisfaction.monitoring import latest
from customer_patterns.satisfaction.tables import (
    ALL_WAVES,
    DELIGHT,
    FIRST,
    HIGHER,
    KEEP,
    LOWER,
    MEAN_OF_DIMENSIONS,
    MINOR,
    MUST_BE,
    NPS_MEASURE,
    OVERALL,
    SAME_AS_BEFORE,
)
from customer_patterns.study import LANGUAGES
from customer_patterns.wording import SENTENCES, Chosen, Name, Sentence, Untranslated, say, speaking

ADJUSTED_WALD, WILSON = "adjusted Wald", "Wilson"

#: Waits shorter than so many hours are told in minutes.
_HOURS_FROM = 2

#: The chapter's findings: sentence, grade of its evidence, table and figure that show it. Of two sentences about the
#: same, the first that can be said is.
FINDINGS = (
    (("satisfaction.nps", "satisfaction.nps_asked", "satisfaction.nps_alone"), "description", "nps", "nps"),
    (("satisfaction.weighted",), "description", "score_versions", "versions"),
    (("satisfaction.drivers",), "association", "drivers", "drivers"),
    (("satisfaction.segments",), "description", "segment_scores", "segments"),
    (("satisfaction.said_and_done",), "time-ordered", "said_and_done", "said-and-done"),
    (("satisfaction.moved", "satisfaction.unmoved"), "description", "control_chart", "control"),
    (("satisfaction.must_be",), "association", "penalties_and_rewards", "penalties"),
    *measurement.FINDINGS,
    (("satisfaction.waits",), "description", "response_times", "waits"),
    (("satisfaction.complaints",), "description", "complaint_topics", "complaints"),
    (("satisfaction.stars",), "description", "star_mean", "stars"),
    *text.FINDINGS,
    *listening.FINDINGS,
    *together.FINDINGS,
    *proxy.FINDINGS,
    *products.FINDINGS,
    *handling.FINDINGS,
)


#: In place of the first where nobody was asked whether they would recommend: how content they are, and with what.
INSTEAD_OF_A_SCORE = (
    (("satisfaction.content",), "description", "csat", None),
    (("satisfaction.overall",), "description", "dimension_scores", "dimensions"),
    (("satisfaction.dimensions",), "description", "dimension_scores", "dimensions"),
)

#: The most stars that can be given.
BEST_RATING = 5


class Figures(wording.Figures):
    """The figures of the satisfaction chapter."""

    def say(self, key: str) -> Sentence:
        """Say a sentence; a title that names long dimensions and has no room for them gives way to its twin."""
        said = super().say(key)
        if key.endswith("_title") and f"{key}_otherwise" in SENTENCES and not _fits(said):
            return say(f"{key}_otherwise", **self.fill(f"{key}_otherwise"))
        return said


def _fits(title: Sentence) -> bool:
    """Whether a title has room above a chart, in every language."""
    for language in LANGUAGES:
        with speaking(language=language), suppress(Untranslated):  # which is said where the chart is drawn
            if columns_of(str(title.again())) > TITLE_LENGTH:
                return False
    return True


def findings_that_suffice(figures: Figures) -> list[tuple[str, str, str, str | None]]:
    """The findings that can be said: key, grade, table, figure."""
    said = []
    scored = any(figures.suffice(key) for key in FINDINGS[0][0])
    for keys, *rest in FINDINGS if scored else (*INSTEAD_OF_A_SCORE, *FINDINGS[1:]):
        if key := next((key for key in keys if figures.suffice(key)), None):
            said.append((key, *rest))
    return said


def of_all_waves(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of all waves together."""
    return table[table["wave"] == ALL_WAVES].reset_index(drop=True)


def of_score(table: pd.DataFrame, score: str) -> pd.DataFrame:
    """The rows of one score."""
    return table[table["score"] == score].reset_index(drop=True)


def of_grouping(table: pd.DataFrame, grouping: str, score: str) -> pd.DataFrame:
    """The rows of one grouping and score that can be drawn."""
    rows = table[(table["grouping"] == grouping) & (table["score_name"] == score)]
    return shown(rows, "score")


def of_segments(table: pd.DataFrame, grouping: str) -> pd.DataFrame:
    """All scores of one grouping's segments."""
    rows = table[table["grouping"] == grouping].reset_index(drop=True)
    return rows if len(shown(rows, "score")) else rows[:0]


def scenarios_agree(versions: pd.DataFrame, scenarios: pd.DataFrame) -> bool:
    """Whether the weighted scores are those of a scenario in which the silent are like those who answered."""
    weighted = versions[versions["version"] == "weighted by past behavior"].set_index("score")["value"]
    alike = scenarios[scenarios["points_below"] == 0].set_index("score")["value"]
    return bool((weighted.reindex(alike.index) - alike).abs().fillna(0).lt(1e-6).all())


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
        method = ADJUSTED_WALD if row["n"] == row["customers"] else wording.BOOTSTRAP
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
        figures.count("reliable", (known["verdict"] == "reliable").sum(), "dimensions")
        figures["floor"] = Chosen(float(known["floor"].iloc[0]))


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


def _drivers(figures: Figures, drivers: pd.DataFrame) -> None:
    if len(drivers):
        first, last = drivers.iloc[0], drivers.iloc[-1]
        figures["top_driver"], figures["last_driver"] = Name(first["dimension"]), Name(last["dimension"])
        figures.estimate("top_importance", first, "importance", "share", of="answers")
        figures.estimate("last_importance", last, "importance", "share", of="answers")
        figures.estimate("top_performance", first, "performance", "", of="answers")
        figures.estimate("explained", first, "explained", "share", of="answers")


def _driver_pairs(figures: Figures, pairs: pd.DataFrame) -> None:
    if len(pairs):
        figures.count("pairs", len(pairs), "pairs")
        figures.count("told_apart", (pairs["verdict"] == "told apart").sum(), "pairs")


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


def _penalties(figures: Figures, table: pd.DataFrame) -> None:
    for name, kind in (("must_be", MUST_BE), ("delight", DELIGHT)):
        rows = table[table["kind"] == kind]
        if len(rows):
            figures[name] = Name(", ".join(rows["dimension"]))
    if len(table):
        row = table.loc[table["penalty"].astype(float).idxmax()]
        figures["worst_penalty_of"] = Name(row["dimension"])
        figures.estimate("worst_penalty", row, "penalty", "points", of="answers")


def _driver_views(figures: Figures, table: pd.DataFrame) -> None:
    figures.count("viewed", len(table), "dimensions")
    if agreed := int(table["verdict"].isin([FIRST, KEEP, MINOR]).sum()):
        figures.count("agreed_views", agreed, "dimensions")


def _group_drivers(figures: Figures, table: pd.DataFrame) -> None:
    if len(table):
        figures.count("weighed", len(table), "comparisons")
        figures.count("weighed_otherwise", (table["verdict"] == "differs").sum(), "comparisons")


def _survey_plan(figures: Figures, table: pd.DataFrame) -> None:
    asked = table[table["score_name"] == NPS_MEASURE].dropna(subset=["asked"])
    if len(asked):
        row = asked.sort_values("margin").iloc[len(asked) // 2]
        figures["plan_margin"] = Chosen(float(row["margin"]), "points")
        figures.count("plan_answers", row["answers"], "answers")
        figures.count("plan_asked", row["asked"], "customers")


def _complaint_topics(figures: Figures, table: pd.DataFrame) -> None:
    known = shown(table, "share_of_bad")
    if len(known):
        row = known.iloc[0]
        figures["complained_topic"] = Name(row["topic"], "label")
        figures.estimate("complained_share", row, "share_of_bad", "share", of="contacts")
        figures.count("complaints", table["n"].fillna(0).sum(), "contacts")
        figures.count("changed_topics", (known["verdict"] != SAME_AS_BEFORE).sum(), "topics")
        figures.count("known_topics", len(known), "topics")


def _segment_scores(figures: Figures, table: pd.DataFrame) -> None:
    compared = table[table["p_value"].notna()]
    if len(compared):
        figures.count("compared", len(compared), "comparisons")
        figures.count("standing_out", (compared["verdict"] == "stands out").sum(), "comparisons")
    if len(rows := of_grouping(table, table["grouping"].iloc[0], NPS_MEASURE) if len(table) else table) > 1:
        for name, place in (("first", 0), ("last", -1)):
            figures[f"{name}_segment"] = Name(rows.iloc[place]["segment"])
            figures.estimate(f"{name}_nps", rows.iloc[place], "score", "", of="answers")


def _said_and_done(figures: Figures, table: pd.DataFrame) -> None:
    for _, row in table[table["measure"] == MEAN_OF_DIMENSIONS].iterrows():
        figures.estimate("partial", row, "partial", "", of="answers")
        figures.estimate("plain", row, "plain", "", of="answers")
        figures.count("seen_waves", row["waves"], "waves")


def _stated_and_revealed(figures: Figures, table: pd.DataFrame) -> None:
    quiet = table[table["done"] == "gone quiet"].set_index("said")
    for name, said in (("content_quiet", "content"), ("unhappy_quiet", "not content")):
        if said in quiet.index:
            figures.estimate(name, quiet.loc[said], "share", "share", n="customers", method=WILSON)


def _response_times(figures: Figures, table: pd.DataFrame) -> None:
    rows = shown(table, "median_hours").sort_values(["median_hours", "channel"], ignore_index=True)
    if len(rows) < 2:
        return
    for name, place in (("fast", 0), ("slow", -1)):
        row = rows.iloc[place].copy()
        ends = ["median_hours", "median_hours_low", "median_hours_high"]
        unit = "hours" if row["median_hours"] >= _HOURS_FROM else "minutes"
        if unit == "minutes":
            row[ends] = [60 * float(row[end]) for end in ends]
        figures[f"{name}_channel"] = Name(row["channel"])
        figures.estimate(f"{name}_wait", row, "median_hours", unit, of="contacts")


def _contact_satisfaction(figures: Figures, table: pd.DataFrame) -> None:
    rows = shown(table, "content")
    if len(rows) > 1:
        for name, place in (("soonest", 0), ("latest", -1)):
            if not rows.iloc[place]["content"] > 0:  # nobody of few: no share to head a chart with
                continue
            figures[f"{name}_band"] = Name(rows.iloc[place]["band"])
            figures.estimate(f"{name}_content", rows.iloc[place], "content", "share", of="contacts")


def _feedback_counts(figures: Figures, table: pd.DataFrame) -> None:
    if len(table) and (table["suppressed"] == "no").all():
        figures.count("texts", table["n"].sum(), "texts")


def _star_mean(figures: Figures, table: pd.DataFrame) -> None:
    row = table.iloc[0]
    figures.estimate("mean_stars", row, "mean_stars", "stars", of="writers")
    figures.count("rated_texts", row["texts"], "texts")


def _stars(figures: Figures, table: pd.DataFrame) -> None:
    best = shown(table, "share_of_texts")
    best = best[best["rating"] == best["rating"].max()]
    if len(best) and best["rating"].iloc[0] == BEST_RATING:
        figures.estimate("best_share", best.iloc[0], "share_of_texts", "share", n="writers", of="writers")


Figures.readers = {
    "survey_waves": _survey_waves,
    "nps": _nps,
    "csat": _csat,
    "dimension_scores": _dimension_scores,
    "reliability": _reliability,
    "who_answered": _who_answered,
    "score_versions": _score_versions,
    "silent_scenarios": _silent_scenarios,
    "drivers": _drivers,
    "driver_pairs": _driver_pairs,
    "control_chart": _control_chart,
    "penalties_and_rewards": _penalties,
    "driver_views": _driver_views,
    "group_drivers": _group_drivers,
    "survey_plan": _survey_plan,
    "complaint_topics": _complaint_topics,
    "segment_scores": _segment_scores,
    "said_and_done": _said_and_done,
    "stated_and_revealed": _stated_and_revealed,
    "response_times": _response_times,
    "contact_satisfaction": _contact_satisfaction,
    "feedback_counts": _feedback_counts,
    "star_mean": _star_mean,
    "stars": _stars,
    **measurement.READERS,
    **text.READERS,
    **listening.READERS,
    **together.READERS,
    **proxy.READERS,
    **products.READERS,
    **handling.READERS,
    **standard.READERS,
    **weighting.READERS,
}
