"""The figures about who has moved that the chapter's sentences speak of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns.estimates import Count
from customer_patterns.segments.movement.tables import KEPT, MORE, NO_MORE, TOO_SHORT
from customer_patterns.wording import Chosen, Figures, Name

#: Sentence, grade of its evidence, table and figure that show it.
FINDINGS = (
    ("segments.moved", "description", "movement", "movement"),
    ("segments.fates_some", "description", "movement_matches", "movement"),
    ("segments.fates_none", "description", "movement_matches", "movement"),
)


def _movement(figures: Figures, moves: pd.DataFrame) -> None:
    """Of what stands, the kind of move with the largest excess."""
    figures["compared"] = Count(int(moves["n"].iloc[0]), "customers", n=int(moves["n"].iloc[0]), of="customers")
    stands = moves[moves["stands"]]
    if stands.empty:
        return
    row = stands.loc[stands["excess"].idxmax()]
    figures["moved_how"] = Name(row["moved"], "word")
    figures.estimate("moved_share", row, "share_moved", "share", method="Wilson")
    figures.estimate("moved_excess", row, "excess", "share")
    band = row.rename({"by_resampling_from": "by_resampling_low", "by_resampling_to": "by_resampling_high"})
    figures.estimate("moved_by_chance", band, "by_resampling", "share", method="random splits of the same weeks")


def _verdict(figures: Figures, table: pd.DataFrame) -> None:
    if table["verdict"].iloc[0] in (MORE, NO_MORE):
        figures["period_days"] = Chosen(int(table["period_days"].iloc[0]), "days")


def _matches(figures: Figures, matches: pd.DataFrame) -> None:
    """How many segments of the earlier period are there in the later one as well: one of three sentences says it."""
    earlier = int(matches["earlier"].dropna().nunique())
    kept = int((matches["fate"] == KEPT).sum())
    come = bool((matches["fate"] != KEPT).any())
    figures.count("earlier_segments" if come and kept else "all_gone" if come else "all_kept", earlier, "segments")
    if come and kept:
        figures.count("kept_segments", kept, "segments")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "movement": _movement,
    "movement_matches": _matches,
    "movement_verdict": _verdict,
}


def what_became(figures: Figures) -> str:
    """Return the sentence that says what became of the segments of the earlier period."""
    keys = ("segments.fates_some", "segments.fates_none")
    return next((key for key in keys if figures.suffice(key)), "segments.fates_all")


def why_not_moved(verdict: pd.DataFrame) -> str:
    """Return the sentence that says why nobody was compared."""
    short = verdict["verdict"].iloc[0] == TOO_SHORT
    return "segments.movement_too_short" if short else "segments.movement_too_few"
