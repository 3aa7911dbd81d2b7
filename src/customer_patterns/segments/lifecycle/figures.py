"""What sentences say of the stages of customers' lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from customer_patterns.estimates import Count, wilson, with_interval
from customer_patterns.segments.lifecycle.rules import LifecycleRules
from customer_patterns.segments.lifecycle.stages import STANDS_IN
from customer_patterns.segments.lifecycle.tables import EARLIER, LATER, LOST, MATURE
from customer_patterns.wording import Chosen

if TYPE_CHECKING:
    from customer_patterns.wording import Figures

FINDINGS = (("segments.came_back", "description", "lifecycle", "lifecycle"),)


def _lifecycle(figures: Figures, table: pd.DataFrame) -> None:
    at_end, earlier = table[table["cut"] == LATER], table[table["cut"] == EARLIER]
    figures.count("lived", at_end["customers"].iloc[0], "customers")
    for name, stage in (("mature", MATURE), ("lost", LOST)):
        row = at_end[at_end["stage"] == stage].iloc[0]
        figures.estimate(f"{name}_share", row, "share_of_customers", "share", n="customers", method="Wilson")
    before = earlier[(earlier["stage"] == LOST) & earlier["n"].notna()]
    if len(before) and before["n"].iloc[0] > 0:
        n = int(before["n"].iloc[0])
        figures["lost_before"] = Count(n, "customers", n=n, of="customers")
        figures.estimate("back_share", before.iloc[0], "ordered_later", "share", method="Wilson")


def chosen(rules: LifecycleRules) -> dict[str, Chosen]:
    """The thresholds that sentences name."""
    return {
        "life_window": Chosen(rules.window_days, "days"),
        "already_days": Chosen(rules.already_days, "days"),
        "least_gaps": Chosen(rules.min_gaps),
        "shorter_gap_share": Chosen(STANDS_IN, "share"),
    }


def _customer_lifecycle(figures: Figures, people: pd.DataFrame) -> None:
    """How many were first seen so early that they were customers before; needs the chosen ``already_days``."""
    days = (people["first_on"] - pd.Timestamp(figures["first"])).dt.days
    early, n = int((days < figures["already_days"].value).sum()), len(people)
    row = with_interval(pd.DataFrame({"n": [n]}), "early", wilson([early], [n])).iloc[0]
    figures.estimate("already_share", row, "early", "share", method="Wilson")


READERS = {"lifecycle": _lifecycle, "customer_lifecycle": _customer_lifecycle}
