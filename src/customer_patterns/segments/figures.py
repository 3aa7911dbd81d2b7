"""The figures that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import Count
from customer_patterns.features.cells import shown
from customer_patterns.segments.bases import figures as bases
from customer_patterns.segments.clusters import figures as clusters
from customer_patterns.segments.lifecycle import figures as lifecycle
from customer_patterns.segments.market import figures as market
from customer_patterns.segments.movement import figures as movement
from customer_patterns.segments.tables import CLUSTERS, CONSTRUCTIVE
from customer_patterns.segments.tags import figures as tags
from customer_patterns.segments.trends import READERS as TREND_READERS
from customer_patterns.wording import Chosen, Name

WILSON = "Wilson"

#: A segment with a longer name is not named in a title.
LONGEST_IN_TITLE = 40

#: The chapter's findings: sentence, grade of its evidence, table and figure that show it. Of the two about clusters
#: one can be said at most.
FINDINGS = (
    ("segments.top_tier", "description", "tiers", "tiers"),
    ("segments.high_value", "description", "value_levels", "tiers"),
    ("segments.quiet_champions", "description", "tiers", "tiers"),
    ("segments.clusters", "description", "segment_verdict", "stability"),
    ("segments.constructive", "description", "segment_verdict", "stability"),
    *clusters.FINDINGS,
    *movement.FINDINGS,
    ("segments.richest", "description", "segments", "segments"),
    ("segments.rules", "association", "segment_rule_account", "segment-rules"),
    ("segments.agreement", "description", "agreement", "overlap"),
    *lifecycle.FINDINGS,
    *market.FINDINGS,
    *bases.FINDINGS,
)


class Figures(wording.Figures):
    """The figures of the segments chapter. Where several rows could be meant (the largest), the first is."""

    @property
    def crowded(self) -> tuple[int, str] | None:
        """The score that most customers share, and of what: a cell of the chart of scores."""
        return (int(self["crowded_score"].value), "recency") if "crowded_share" in self else None


def _score_levels(figures: Figures, levels: pd.DataFrame) -> None:
    figures["everyone"] = _customers(levels["customers"].iloc[0])
    recency = shown(levels[levels["measure"] == "recency"], "share_of_customers")
    if len(recency):
        row = recency.loc[recency["share_of_customers"].idxmax()]
        figures.estimate("crowded_share", row, "share_of_customers", "share", n="customers", method=WILSON)
        figures["crowded_score"] = Chosen(int(row["level"]))


def _tiers(figures: Figures, tiers: pd.DataFrame) -> None:
    top = tiers.iloc[0]
    figures["top_tier"] = Name(top["tier"], "word")
    _shares(figures, "top_tier", top)
    quiet = tiers[tiers["tier"] == "Champions seen less lately"].iloc[0]
    figures["quiet_tier"] = Name(quiet["tier"], "word")
    _shares(figures, "quiet", quiet)
    figures.estimate("quiet_days", quiet, "typical_recency_days", "days")


def _value_levels(figures: Figures, levels: pd.DataFrame) -> None:
    _shares(figures, "high", levels[levels["value_level"] == "high"].iloc[0])


def _segment_verdict(figures: Figures, table: pd.DataFrame) -> None:
    row = table.iloc[0]
    figures["clustered"] = _customers(row["n"])
    figures["left_out"] = _customers(row["customers"] - row["n"])
    if row["verdict"] == CLUSTERS:
        figures.count("found", row["segments"], "segments")
    if row["verdict"] == CONSTRUCTIVE:
        figures.count("cut", row["segments"], "segments")


def _segments(figures: Figures, segments: pd.DataFrame) -> None:
    known = shown(segments, "share_of_customers", "share_of_revenue")
    if known.empty or (segments["suppressed"] != "no").any():
        return
    richest = known.loc[known["share_of_revenue"].idxmax()]
    figures["richest"] = Name(richest["segment"], "word")
    if len(richest["segment"]) <= LONGEST_IN_TITLE:
        figures["richest_in_title"] = figures["richest"]
    _shares(figures, "richest", richest)


def _feature_effects(figures: Figures, effects: pd.DataFrame) -> None:
    if len(effects):
        figures["main_habit"] = Name(effects["habit"].iloc[0], "word")
        figures.estimate("main_between", effects.iloc[0], "between", "share")


def _agreement(figures: Figures, table: pd.DataFrame) -> None:
    for _, row in table.iterrows():
        figures.estimate(f"rand_{row['compared'].replace(' ', '_')}", row, "adjusted_rand", "ratio")


def _rule_account(figures: Figures, account: pd.DataFrame) -> None:
    if account["stand"].sum():
        apart = account["stronger"] + account["weaker"]
        counts = {"tried_pairs": account["tested"].sum(), "standing": account["stand"].sum(), "apart": apart.sum()}
        for name, number in counts.items():
            figures[name] = Count(int(number), "pairs", n=int(number), of="pairs")


Figures.readers = {
    "score_levels": _score_levels,
    "tiers": _tiers,
    "value_levels": _value_levels,
    "segment_verdict": _segment_verdict,
    "segments": _segments,
    "feature_effects": _feature_effects,
    "agreement": _agreement,
    "segment_rule_account": _rule_account,
    **movement.READERS,
    **lifecycle.READERS,
    **bases.READERS,
    **tags.READERS,
    **clusters.READERS,
    **market.READERS,
    **TREND_READERS,
}


def _shares(figures: Figures, name: str, row: pd.Series) -> None:
    """Both shares of a group; of one that nobody is in nothing is said."""
    if row["share_of_customers"] == 0:
        return
    figures.estimate(f"{name}_share", row, "share_of_customers", "share", n="customers", method=WILSON)
    figures.estimate(f"{name}_revenue_share", row, "share_of_revenue", "share", n="customers")


def _customers(number: Any) -> Count:
    return Count(int(number), "customers", n=int(number), of="customers")
