"""The figures of how much is written, and with how many stars that the chapter's sentences speak of."""

from __future__ import annotations

import pandas as pd

from customer_patterns.features.cells import shown
from customer_patterns.wording import Figures

#: The most stars that can be given.
BEST_RATING = 5


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


READERS = {
    "feedback_counts": _feedback_counts,
    "star_mean": _star_mean,
    "stars": _stars,
}
