"""Who is in another segment, tier or value level in the later of two periods: one comparison, real or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.segments.clusters.halves import cross
from customer_patterns.segments.habits import Scaled, scale_habits
from customer_patterns.segments.kmeans import nearest, run_from
from customer_patterns.segments.movement.blocks import Blocks
from customer_patterns.segments.movement.matching import match_clusters, overlaps
from customer_patterns.segments.movement.periods import Period, two_periods, two_values
from customer_patterns.segments.movement.tables import HIGHER, LOWER, SEGMENT, TIER
from customer_patterns.segments.rfm import MEASURES, midrank_score
from customer_patterns.segments.tables import VALUE_LEVELS
from customer_patterns.segments.tiers import RULES, tier_places

Whole = NDArray[np.int64]

#: Runs of k-means in the earlier period; the later one begins where that ended, and so many times anew.
_RUNS, _NEW_RUNS = 4, 2
_LEVEL_OF_TIER = np.array([VALUE_LEVELS.index(rule.value_level) for rule in RULES])


@dataclass(frozen=True)
class Setting:
    """How customers are grouped in either period.

    Attributes
    ----------
    rows
        Which customers of the blocks are compared, ascending.
    order
        The order in which they are handed to the clustering; it must not depend on who they are.
    use
        The habits they are grouped by.
    clusters
        How many; 0: none are looked for.
    prior_orders
        As for :func:`~customer_patterns.segments.habits.scale_habits`.
    """

    rows: Whole
    order: Whole
    use: tuple[str, ...]
    clusters: int
    prior_orders: float


@dataclass(frozen=True)
class Compared:
    """One comparison, one entry per customer who is compared.

    Attributes
    ----------
    known
        Who has an order of goods in both periods.
    moved
        By kind of move: who did.
    level
        Periods × customers: places of value levels, 0 the highest.
    both
        Customers in each earlier and each later cluster; empty where none were looked for.
    regions
        The later customers, by the earlier cluster they would be in as they shop later (row), and by the later one
        they are in. It compares the clusters and not who is in them: were it not so, many who move would look like
        clusters that come and go.
    match, alike
        Which later cluster is which earlier one, and how alike they are, by regions.
    scaled, cluster
        Of either period: customers on one scale, and their clusters, in the order of ``rows``.
    """

    known: NDArray[np.bool_]
    moved: dict[str, NDArray[np.bool_]]
    level: Whole
    both: NDArray[np.float64]
    regions: NDArray[np.float64]
    match: Whole
    alike: NDArray[np.float64]
    scaled: tuple[Scaled, ...]
    cluster: tuple[Whole, ...]


def compare_periods(blocks: Blocks, sequence: Whole, setting: Setting, *, seed: int) -> Compared:
    """Group customers anew in two periods put together from blocks, and see who is elsewhere in the later one.

    Parameters
    ----------
    blocks, sequence
        As for :func:`~customer_patterns.segments.movement.periods.two_periods`.
    setting, seed
        How customers are grouped; of the first centers.

    Returns
    -------
    Compared
        The real comparison and all drawn ones are made by the very same steps.
    """
    periods = two_periods(blocks, sequence)
    known, moved, levels = _value_moves([period.rfm for period in periods], setting)
    scaled, cluster = (), ()
    both, regions, match, alike = np.empty((0, 0)), np.empty((0, 0)), np.empty(0, dtype=np.int64), np.empty(0)
    if setting.clusters:
        scaled = tuple(on_one_scale(period, setting) for period in periods)
        *cluster, as_before = _clusters(scaled, setting, seed)
        both = cross(*cluster, setting.clusters)
        regions = cross(as_before, cluster[1], setting.clusters)
        match = match_clusters(regions)
        alike = overlaps(regions, match)
        moved = {SEGMENT: match[cluster[0]] != cluster[1], **moved}
    return Compared(known, moved, levels, both, regions, match, alike, scaled, tuple(cluster))


def compare_values(blocks: Blocks, sequence: Whole, setting: Setting) -> Compared:
    """Do the same for tiers and value levels alone, which takes a small part of the time; no clusters are looked for.

    Parameters
    ----------
    blocks, sequence, setting
        As for :func:`compare_periods`.
    """
    known, moved, levels = _value_moves(two_values(blocks, sequence), setting)
    none, nobody = np.empty((0, 0)), np.empty(0)
    return Compared(known, moved, levels, none, none, nobody.astype(np.int64), nobody, (), ())


def on_one_scale(period: Period, setting: Setting) -> Scaled:
    """Put the customers who are compared on one scale, by the medians and ranges of this period alone.

    A season that moves everybody moves nobody.
    """
    people = period.habits.iloc[setting.rows]
    return scale_habits(people, min_orders=0, prior_orders=setting.prior_orders, use=setting.use)


def id_free_order(scaled: Sequence[Scaled]) -> Whole:
    """Return an order of customers that depends on their habits in both periods alone."""
    return np.lexsort(np.column_stack([one.points for one in scaled]).T[::-1])


def _clusters(scaled: Sequence[Scaled], setting: Setting, seed: int) -> tuple[Whole, Whole, Whole]:
    """Cluster either period, the later one also from where the earlier one ended; and the later one as the earlier.

    Where the two periods do not know the same habits, centers cannot be carried over; who was in a cluster stands for
    it then.
    """
    earlier, later = (one.points[setting.order] for one in scaled)
    rng = np.random.default_rng(seed)
    first = run_from(np.ascontiguousarray(earlier.T), setting.clusters, rng=rng, runs=_RUNS)
    same = scaled[0].used == scaled[1].used
    known = first.centers if same else None
    then = run_from(np.ascontiguousarray(later.T), setting.clusters, rng=rng, runs=_NEW_RUNS, known=known)
    earlier, later = (
        nearest(one.points, np.round(run.centers, 9)) for one, run in zip(scaled, (first, then), strict=True)
    )
    return earlier, later, nearest(scaled[1].points, np.round(first.centers, 9)) if same else earlier


def _value_moves(
    periods: Sequence[pd.DataFrame], setting: Setting
) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.bool_]], Whole]:
    """Of two periods' recency, orders and revenue: who is known in both, who moved by kind, and their levels."""
    (tier, level), (tier_then, level_then) = (_value(rfm) for rfm in periods)
    known = (tier >= 0) & (tier_then >= 0)
    moved = {TIER: tier != tier_then, HIGHER: level_then < level, LOWER: level_then > level}
    moved = {name: who[setting.rows] for name, who in moved.items()}
    return known[setting.rows], moved, np.array([level, level_then])[:, setting.rows]


def _value(rfm: pd.DataFrame) -> tuple[Whole, Whole]:
    """Places of tier and value level of each customer among all of the period; -1 who ordered no goods in it."""
    there = (rfm["orders"] > 0).to_numpy()
    scores = []
    for measure, more in MEASURES.values():
        # Whole hundredths, as scores are made everywhere: what is equal in money is equal here.
        hundredths = np.round(rfm[measure].to_numpy(dtype=float)[there] * 100).astype(np.int64)
        scores.append(midrank_score(hundredths, more_is_better=more) - 1)
    tier = np.full(len(there), -1, dtype=np.int64)
    tier[there] = tier_places()[tuple(scores)]
    return tier, np.where(tier < 0, -1, _LEVEL_OF_TIER[tier])
