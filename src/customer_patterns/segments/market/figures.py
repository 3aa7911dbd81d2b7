"""What sentences say of the group to turn to first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from customer_patterns.segments.market.tables import NO_REACH

if TYPE_CHECKING:
    from customer_patterns.wording import Figures

FINDINGS = (("segments.target", "description", "target_markets", "targets"),)

#: A group with a longer name is not named in a title.
LONGEST_IN_TITLE = 40


def _target_markets(figures: Figures, table: pd.DataFrame) -> None:
    from customer_patterns.wording import Name

    best = table.loc[table["first"].idxmax()]  # the declared weights may prefer another
    figures["target"] = Name(best["group"], "word")
    if len(best["group"]) <= LONGEST_IN_TITLE:
        figures["target_in_title"] = figures["target"]
    figures.count("weightings", best["draws"], "weightings")
    figures.estimate("target_first", best, "first", "share", n="draws", of="weightings", method="Monte Carlo")
    figures.count("ranked", table["n"].sum(), "customers")
    if best["reached_by"] != NO_REACH:
        figures["reached_by"] = Name(best["reached_by"], "word")


def _target_weights(figures: Figures, table: pd.DataFrame) -> None:
    from customer_patterns.wording import Chosen

    for _, row in table.iterrows():
        figures[f"weight_{row['criterion']}"] = Chosen(round(float(row["weight"]), 3), "share")


READERS = {"target_markets": _target_markets, "target_weights": _target_weights}
