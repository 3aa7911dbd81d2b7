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


def tier_places() -> NDArray[np.int64]:
    """Place of the tier (0: the highest) of each combination of scores, by recency, frequency and monetary less 1.

    Returns
    -------
    ndarray
        5 × 5 × 5.

    Raises
    ------
    ValueError
        The rules leave a combination out, or two of them hold for it.
    """
    admitted = np.array([rule.admits(*np.indices((LEVELS,) * 3) + 1) for rule in RULES])
    if (wrong := admitted.sum(axis=0) != 1).any():
        raise ValueError(f"{wrong.sum()} combinations of scores are in no tier, or in several")
    return admitted.argmax(axis=0)


def tier_grid() -> pd.DataFrame:
    """Write the tier of every combination of scores down, from the rules: the documentation is made of this.

    Returns
    -------
    DataFrame
        One row per sum of frequency and monetary score (2 to 10), from the highest on: ``worth``, and for each
        recency score from 5 to 1 the tier, in ``recency_5`` … ``recency_1``.

    Raises
    ------
    ValueError
        A tier depends on more than the recency score and the sum of the other two, so that this table cannot show it.
    """
    places = tier_places()
    worth = np.add.outer(np.arange(LEVELS), np.arange(LEVELS)) + 2
    rows = []
    for total in range(2 * LEVELS, 1, -1):
        cells = places[:, worth == total]
        if (cells != cells[:, :1]).any():
            raise ValueError(f"tiers tell frequency and money apart where they add up to {total}")
        rows.append((total, *(TIER_NAMES[place] for place in cells[::-1, 0])))
    return pd.DataFrame(rows, columns=["worth", *(f"recency_{score}" for score in range(LEVELS, 0, -1))])


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
