"""Value tiers: a declared table of rules over the three scores.

The rules are monotone: a better score never puts a customer into a lower tier, and each of the 125 combinations of
scores belongs to exactly one tier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.segments.rfm import LEVELS
from customer_patterns.segments.tables import TIER_NAMES


@dataclass(frozen=True)
class TierRule:
    """One tier: between which scores its customers lie, both ends included.

    Attributes
    ----------
    recency
        Lowest and highest recency score.
    worth
        Lowest and highest sum of frequency and monetary score (2 to 10): the two go together so closely that their
        difference would mostly be noise.
    value_level
        The coarse view: ``high``, ``potential`` or ``ordinary``.
    """

    tier: str
    recency: tuple[int, int]
    worth: tuple[int, int]
    value_level: str

    def admits(self, recency: NDArray[np.int64], frequency: NDArray[np.int64], monetary: NDArray[np.int64]) -> NDArray:
        """Whether customers with these scores belong to the tier."""
        worth = frequency + monetary
        return (
            (self.recency[0] <= recency)
            & (recency <= self.recency[1])
            & (self.worth[0] <= worth)
            & (worth <= self.worth[1])
        )


#: From the highest tier to the lowest. "Not seen lately" is relative to the other customers: it may be a few days.
RULES: tuple[TierRule, ...] = tuple(
    TierRule(tier, recency, worth, level)
    for tier, recency, worth, level in zip(
        TIER_NAMES,
        ((4, 5), (4, 5), (1, 3), (3, 3), (4, 5), (1, 2), (3, 3), (3, 5), (1, 2), (1, 2)),
        ((9, 10), (7, 8), (9, 10), (7, 8), (5, 6), (7, 8), (5, 6), (2, 4), (5, 6), (2, 4)),
        ("high",) * 4 + ("potential",) * 3 + ("ordinary",) * 3,
        strict=True,
    )
)


def tier_rules() -> pd.DataFrame:
    """Write the rules down: one row per tier, from the highest on.

    Returns
    -------
    DataFrame
        ``place`` (1: highest), ``tier``, ``value_level``, ``recency_from`` and ``recency_to`` (scores), ``worth_from``
        and ``worth_to`` (frequency and monetary score added up), ``combinations`` (how many of the combinations of
        scores it holds).
    """
    every = np.array(np.meshgrid(*[np.arange(1, LEVELS + 1)] * 3)).reshape(3, -1)
    rows = [
        (place, r.tier, r.value_level, *r.recency, *r.worth, int(r.admits(*every).sum()))
        for place, r in enumerate(RULES, start=1)
    ]
    names = ("place", "tier", "value_level", "recency_from", "recency_to", "worth_from", "worth_to", "combinations")
    return pd.DataFrame(rows, columns=list(names))


def assign_tiers(scored: pd.DataFrame) -> pd.DataFrame:
    """Add ``tier`` and ``value_level`` to customers with scores.

    Parameters
    ----------
    scored
        One row per customer: ``recency_score``, ``frequency_score``, ``monetary_score``.

    Raises
    ------
    ValueError
        A combination of scores belongs to no tier, or to several: the scores are not whole numbers from 1 to 5.
    """
    scores = [scored[f"{name}_score"].to_numpy() for name in ("recency", "frequency", "monetary")]
    admitted = np.array([rule.admits(*scores) for rule in RULES]).reshape(len(RULES), len(scored))
    if (wrong := admitted.sum(axis=0) != 1).any():
        raise ValueError(f"{wrong.sum()} of {len(scored)} customers have scores that are in no tier, or in several")
    place = admitted.argmax(axis=0)
    return scored.assign(
        tier=pd.Series(np.array([r.tier for r in RULES], dtype=object)[place], index=scored.index, dtype="str"),
        value_level=pd.Series(
            np.array([r.value_level for r in RULES], dtype=object)[place], index=scored.index, dtype="str"
        ),
    )
