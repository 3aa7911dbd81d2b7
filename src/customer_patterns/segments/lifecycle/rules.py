"""What the stages mean: declared thresholds, in units of the customer's own habit."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from customer_patterns.segments.lifecycle.tables import LIFECYCLE_RULES, LIFECYCLE_STAGES


@dataclass(frozen=True)
class LifecycleRules:
    """The thresholds of the stages.

    Attributes
    ----------
    window_days
        Length of each window that is compared; also how far the two cuts lie apart. 7 or more.
    already_days
        Whoever is first seen in so many days from the study's first is already a customer, never new: the study
        begins in the middle of most customers' lives (left truncation).
    lost_gaps, lost_days
        Lost from sight is who has been silent for more than so many times the own typical gap, and for more than
        so many days. How the own gap is found: :func:`~customer_patterns.segments.lifecycle.stages.own_cadence`.
    least_back
        Regained is who came back from such a silence, and has shopped since at no less than this share of the own pace.
    change, chance
        Growing and declining are rates of shopping days that moved by at least ``change`` against everybody's, which a
        customer of unchanged rate would reach in at most ``chance`` of cases.
    min_gaps
        With fewer gaps the own typical gap is not known well enough to be called silent by it.
    """

    window_days: int = 84
    already_days: int = 91
    lost_gaps: float = 6.0
    lost_days: int = 28
    least_back: float = 0.5
    change: float = 0.25
    chance: float = 0.1
    min_gaps: int = 4

    def __post_init__(self) -> None:
        """Refuse thresholds that mean nothing."""
        if self.window_days < 7 or self.already_days < 0 or self.min_gaps < 1:
            raise ValueError("a window has seven days at least, a habit one gap at least, and no span is below zero")
        if self.lost_gaps <= 1 or self.lost_days < 1:
            raise ValueError("a silence beyond habit is longer than one own gap and one day")
        if not 0 < self.change < 1 or not 0 <= self.least_back <= 1 or not 0 < self.chance < 0.5:
            raise ValueError("a change lies between none and all, and chance below one half")

    def table(self) -> pd.DataFrame:
        """Return the rules, one row per stage in the order in which they are asked, to be read by people."""
        conditions = LIFECYCLE_RULES["condition"].levels
        new, growing, mature, declining, lost, regained = LIFECYCLE_STAGES
        rows = [
            (lost, conditions[0], self.lost_gaps, self.lost_days, None, None),
            (regained, conditions[1], self.lost_gaps, self.lost_days, None, None),
            (new, conditions[2], None, self.already_days, None, None),
            (growing, conditions[3], None, self.window_days, self.change, self.chance),
            (declining, conditions[4], None, self.window_days, self.change, self.chance),
            (mature, conditions[5], None, None, None, None),
        ]
        table = pd.DataFrame(rows, columns=LIFECYCLE_RULES.names[1:])
        table = table.astype({"own_gaps": float, "days": "Int64", "change": float, "chance": float})
        table.insert(0, "place", range(1, len(table) + 1))
        return table
