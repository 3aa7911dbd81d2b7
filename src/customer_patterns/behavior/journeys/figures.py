"""The figures of journeys that the chapter's sentences speak of, taken from their tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.behavior.journeys.tables import NOTHING, SENT, TOUCHES
from customer_patterns.features.cells import shown
from customer_patterns.wording import Name, Sentence, say

#: Two kinds of touch make a step; with one kind there is no journey.
KINDS_NEEDED = 2


def transitions_shown(table: pd.DataFrame) -> pd.DataFrame:
    """The steps that a chart can draw; none where there is but one kind of touch."""
    known = table[(table["suppressed"] == "no") & table["share_of_touches"].notna()].reset_index(drop=True)
    # A column whose first cell is blank keeps its place.
    for name, levels in (("touch", TOUCHES), ("next_touch", (*TOUCHES, NOTHING))):
        occurring = [level for level in levels if (known[name] == level).any()]
        known[name] = pd.Categorical(known[name], categories=occurring, ordered=True)
    return known if table["touch"].nunique() >= KINDS_NEEDED else known[:0]


def _touch_transitions(figures: wording.Figures, table: pd.DataFrame) -> None:
    if not len(transitions_shown(table)):
        return
    touches = table.drop_duplicates("touch")["touches"].sum()
    figures.count("touches_seen", touches, "touches")
    if (row := standing_out(table)) is not None:
        figures["step_from"], figures["step_to"] = Name(row["touch"], "word"), Name(row["next_touch"], "word")
        figures.estimate("step_share", row, "share_of_touches", "share", of="visitors")


def standing_out(table: pd.DataFrame) -> pd.Series | None:
    """The step that comes most often beyond what comes after any touch.

    What is most frequent after everything says nothing of what it comes after. Repeats of one touch, and what follows
    the seller's own mail, are left aside. None where no step comes more often than after any touch.
    """
    totals = table.groupby("next_touch")["transitions"].sum() / table.drop_duplicates("touch")["touches"].sum()
    known = shown(table, "share_of_touches")
    known = known[(known["touch"] != SENT) & (known["next_touch"] != NOTHING)]
    known = known[known["touch"] != known["next_touch"]]
    excess = known["share_of_touches"] - known["next_touch"].map(totals).astype(float)
    return known.loc[excess.idxmax()] if len(excess) and excess.max() > 0 else None


_OF_JOURNEYS = {
    "journeys that end in an order": "ordered_share",
    "journeys to an order with another touch before it": "prepared_share",
    "touches per journey": "touches_each",
}


def _journey_figures(figures: wording.Figures, table: pd.DataFrame) -> None:
    rows = table.set_index("figure")
    figures.count("journeys", rows["journeys"].iloc[0], "journeys")
    figures.count("journeys_left_out", rows["left_out"].iloc[0], "journeys")
    for name, key in _OF_JOURNEYS.items():
        if key == "prepared_share" and not rows.at[name, "value"] > 0:
            continue  # with orders alone, or never anything before one, that is no figure
        figures.estimate(key, rows.loc[name], "value", rows.at[name, "unit"], of="visitors")


def journey_facts(figures: wording.Figures) -> dict[Sentence, Any]:
    """The figures of journeys by name, for a list of facts; empty where there are none."""
    named = ("journeys", "journeys_left_out", "journeys_since", *_OF_JOURNEYS.values())
    return {say(f"behavior.fact_{name}"): figures[name] for name in named if name in figures}


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "touch_transitions": _touch_transitions,
    "journey_figures": _journey_figures,
}
