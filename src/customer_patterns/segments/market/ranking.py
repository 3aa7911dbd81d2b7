"""Which group of customers to turn to first, by declared weights; and how much of that is the weights' doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, wilson, with_interval
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.features.habits import DAYS_A_MONTH
from customer_patterns.privacy.differencing import contributions_of
from customer_patterns.segments.market.tables import CRITERIA, TARGET_MARKETS, TARGET_RANKS, TARGET_WEIGHTS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Targets:
    """The ranking of groups.

    Attributes
    ----------
    markets, ranks, weights
        The tables :data:`~customer_patterns.segments.market.tables.TARGET_MARKETS`, ``TARGET_RANKS`` and
        ``TARGET_WEIGHTS``.
    """

    markets: pd.DataFrame
    ranks: pd.DataFrame
    weights: pd.DataFrame


def rank_targets(
    people: pd.DataFrame,
    groups: Sequence[str],
    *,
    weights: Mapping[str, float],
    first_day: date,
    last_day: date,
    reached_by: str,
    draws: int = 2000,
    seed: int = 0,
) -> Targets:
    """Rank groups of customers by size, value, growth and reach.

    Parameters
    ----------
    people
        One row per customer: ``group`` (missing: in none), ``revenue``, ``recent`` and ``before`` (revenue of the last
        window and of the one before; missing where the study is too short), ``reached`` (1 or 0; missing where nobody
        knows).
    groups
        All groups, in order.
    weights
        What each criterion counts for, by name; they need not add up to one.
    first_day, last_day
        The period in which the revenue was made, both days included.
    reached_by
        What ``reached`` means, of :data:`~customer_patterns.segments.market.tables.REACHES`.
    draws
        How many weightings are drawn.
    seed
        Of all chance.

    Returns
    -------
    Targets
        Without rows where fewer than two groups have ten customers or more; a group whose revenue is nearly all of one
        customer has none. Criteria that nobody knows count for
        nothing.

    Raises
    ------
    ValueError
        A weight is missing, unknown or below zero, or all are zero.

    Notes
    -----
    Each criterion is stretched from the worst group to the best (Edwards 1977, IEEE Transactions on Systems, Man and
    Cybernetics 7, 326–340). How often a group ranks first when nobody knows the weights, and other customers might
    have been met, is its rank acceptability (SMAA-2: Lahdelma and Salminen 2001, Operations Research 49, 444–454):
    weights are drawn evenly from all there are (Dirichlet), customers resampled, once for each draw.
    """
    if set(weights) != set(CRITERIA) or min(weights.values()) < 0 or sum(weights.values()) <= 0:
        raise ValueError(f"give each of {', '.join(CRITERIA)} a weight of 0 or more, and one of them more than 0")
    of = people[people["group"].notna()].sort_values(["group", "revenue", "recent", "before", "reached"])
    size = of["group"].value_counts()
    groups = [group for group in groups if size.get(group, 0) >= SMALLEST_CELL]
    told = contributions_of(of["revenue"], of["group"], groups).dominated()
    groups = [group for group, by_one in zip(groups, told, strict=True) if not by_one]
    of = of[of["group"].isin(groups)]
    if len(groups) < 2:
        return Targets(empty(TARGET_MARKETS), empty(TARGET_RANKS), empty(TARGET_WEIGHTS))
    months = ((last_day - first_day).days + 1) / DAYS_A_MONTH
    known = np.array([True, True, *(of[name].notna().all() for name in ("recent", "reached"))])
    declared = np.array([weights[name] for name in CRITERIA], dtype=float) * known
    declared = declared / declared.sum() if declared.sum() else known / known.sum()
    sums = _sums(of, groups)
    value = _criteria(sums.sum(axis=0)[None], months, len(groups))[0]
    drawn = np.concatenate(
        [
            _criteria((w @ sums.reshape(len(of), -1)).reshape(-1, *sums.shape[1:]), months, len(groups))
            for _, w in draw_weights(len(of), resamples=draws, seed=seed)
        ]
    )
    random = np.random.default_rng([seed, 1]).dirichlet(np.ones(known.sum()), size=draws)
    other = np.zeros((draws, len(CRITERIA)))
    other[:, known] = random
    score = _scores(value[None], declared[None])[0]
    both, by_weights, by_customers = (
        _ranks(s) for s in (_scores(drawn, other), _scores(value[None], other), _scores(drawn, declared[None]))
    )
    markets = _markets(of, groups, value, drawn, score, both, by_weights, by_customers, reached_by)
    shares = np.array([(both == rank).mean(axis=0) for rank in range(1, len(groups) + 1)]).T
    order = [groups.index(group) for group in markets["group"]]
    ranks = pd.DataFrame(
        {
            "group": pd.Series(np.repeat(markets["group"], len(groups)).to_numpy(), dtype="str"),
            "rank": list(range(1, len(groups) + 1)) * len(groups),
            "draws": draws,
            "share": shares[order].ravel(),
        }
    )
    counts_for = pd.DataFrame({"criterion": pd.Series(CRITERIA, dtype="str"), "weight": np.round(declared, 9)})
    return Targets(markets, ranks[TARGET_RANKS.names], counts_for)


def _sums(of: pd.DataFrame, groups: Sequence[str]) -> Floats:
    """Customers × groups × (customers, revenue, recent, before, reached)."""
    member = (of["group"].to_numpy(dtype=object)[:, None] == np.array(groups, dtype=object)).astype(float)
    names = ("revenue", "recent", "before", "reached")
    columns = np.column_stack([np.ones(len(of)), *(of[name].astype(float) for name in names)])
    return member[:, :, None] * columns[:, None, :]


def _criteria(sums: Floats, months: float, groups: int) -> Floats:
    """Draws × groups × criteria; missing where there is nothing to divide by."""
    n, revenue, recent, before, reached = np.moveaxis(sums, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = (n / n.sum(axis=1, keepdims=True), revenue / n / months, recent / before, reached / n)
    return np.stack([np.where(np.isfinite(part), part, np.nan) for part in parts], axis=-1)


def _scores(criteria: Floats, weights: Floats) -> Floats:
    """The weighted mean of criteria that are stretched from the worst group to the best; an unknown one is worst."""
    low, high = np.nanmin(_filled(criteria), axis=1, keepdims=True), np.nanmax(_filled(criteria), axis=1, keepdims=True)
    spread = np.where(high > low, high - low, 1.0)
    stretched = np.nan_to_num((criteria - low) / spread, nan=0.0)
    return np.round((stretched * weights[:, None, :]).sum(axis=-1), 12)


def _filled(criteria: Floats) -> Floats:
    """Criteria that are missing in all groups of a draw are all the same."""
    return np.where(np.isnan(criteria).all(axis=1, keepdims=True), 0.0, criteria)


def _ranks(scores: Floats) -> NDArray[np.int64]:
    """The rank of each group in each draw, 1 the best; of two alike the earlier is the better."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, scores.shape[1] + 1)[None], axis=1)
    return ranks


def _markets(
    of: pd.DataFrame,
    groups: Sequence[str],
    value: Floats,
    drawn: Floats,
    score: Floats,
    both: NDArray[np.int64],
    by_weights: NDArray[np.int64],
    by_customers: NDArray[np.int64],
    reached_by: str,
) -> pd.DataFrame:
    n = np.array([(of["group"] == group).sum() for group in groups])
    table = pd.DataFrame({"group": pd.Series(groups, dtype="str"), "n": whole_numbers(n), "reached_by": reached_by})
    for j, name in enumerate(CRITERIA):
        if name in ("size", "reach"):
            total = np.full(len(n), n.sum()) if name == "size" else n
            found = wilson(np.round(np.nan_to_num(value[:, j]) * total), total)
        else:
            found = Interval(value[:, j], *np.nanquantile(_filled(drawn)[:, :, j], [0.025, 0.975], axis=0))
        found = Interval(found.value, np.fmin(found.low, found.value), np.fmax(found.high, found.value))
        blank = np.isnan(value[:, j])
        table = with_interval(table, name, Interval(*(np.where(blank, np.nan, np.round(part, 9)) for part in found)))
    draws = len(both)
    table = with_interval(table, "first", wilson((both == 1).sum(axis=0), np.full(len(n), draws)))
    table = table.assign(
        score=np.round(score, 9),
        draws=draws,
        first_by_weights=(by_weights == 1).mean(axis=0),
        first_by_customers=(by_customers == 1).mean(axis=0),
    )
    order = np.argsort(_ranks(score[None])[0], kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    return table.assign(place=range(1, len(table) + 1))[TARGET_MARKETS.names]
