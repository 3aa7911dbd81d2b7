"""What distinguishes the segments, with effect sizes and intervals; the segments are taken as they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, bootstrap_ratio, bounded, percentiles, with_interval
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.features.cells import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.segments.habits import HABITS, Scaled
from customer_patterns.segments.tables import FEATURE_EFFECTS, SEGMENT_HABITS, SEGMENT_PROFILES

Floats = NDArray[np.float64]


def standard_effects(scaled: Scaled, cluster: NDArray[np.int64], k: int) -> Floats:
    """Clusters × habits: how many standard deviations a cluster's mean lies above the mean of all customers."""
    z = _standard(scaled.points)
    return np.array([z[cluster == c].mean(axis=0) for c in range(k)]).reshape(k, z.shape[1])


def segment_profiles(scaled: Scaled, cluster: NDArray[np.int64], names: list[str]) -> pd.DataFrame:
    """Estimate how far each segment lies from the average customer, habit by habit.

    Parameters
    ----------
    scaled
        The customers, from :func:`~customer_patterns.segments.habits.scale_habits`.
    cluster, names
        Each customer's cluster; what the clusters are called.

    Returns
    -------
    DataFrame
        One row per segment and habit, in their order: ``segment``, ``habit``, ``n`` (customers of the segment),
        ``effect`` (standardized mean difference from all customers looked at, on the scale of the clustering) with
        interval (resampling customers, each of whom keeps the segment), ``suppressed``.
    """
    z, rows = _standard(scaled.points), []
    labels = [HABITS[name].label for name in scaled.used]
    for c, name in enumerate(names):
        member = np.repeat((cluster == c)[:, None], z.shape[1], axis=1).astype(float)
        part = pd.DataFrame({"segment": name, "habit": labels, "n": int((cluster == c).sum())})
        rows.append(with_interval(part, "effect", bootstrap_ratio(member * z, member)))
    if not rows:
        return pd.DataFrame(columns=SEGMENT_PROFILES.names)
    return _suppressed(pd.concat(rows, ignore_index=True), bounded("effect"))[SEGMENT_PROFILES.names]


def segment_habits(scaled: Scaled, cluster: NDArray[np.int64], names: list[str]) -> pd.DataFrame:
    """Estimate the mean of each habit in each segment, in its own units.

    Parameters
    ----------
    scaled, cluster, names
        As in :func:`segment_profiles`.

    Returns
    -------
    DataFrame
        One row per segment: ``place``, ``segment``, ``n``, the mean of each habit over customers with interval
        (resampling customers); missing where the habit is not known of anybody.
    """
    member = (cluster[:, None] == np.arange(len(names))).astype(float)
    table = pd.DataFrame({"place": np.arange(1, len(names) + 1), "segment": pd.Series(names, dtype="str")})
    table = table.assign(n=whole_numbers(member.sum(axis=0).astype(int)))
    for habit in HABITS:
        values = scaled.people[habit].to_numpy(dtype=float, na_value=np.nan)
        known = ~np.isnan(values)
        means = Interval.missing(len(names))
        if len(names) and known.sum() >= SMALLEST_CELL:
            means = bootstrap_ratio(member[known] * values[known, None], member[known])
        table = with_interval(table, habit, means)
    blanks = bounded(*HABITS)
    return suppress(table, blanks, partition=True)[SEGMENT_HABITS.names]


def feature_effects(scaled: Scaled, cluster: NDArray[np.int64], k: int) -> pd.DataFrame:
    """Estimate how much of the differences between customers lies between segments, habit by habit (η²).

    Parameters
    ----------
    scaled, cluster
        As in :func:`segment_profiles`.
    k
        How many clusters there are.

    Returns
    -------
    DataFrame
        One row per habit, the most telling first: ``habit``, ``between`` (share of its variance that lies between the
        segments) with percentile interval (resampling customers, each of whom keeps the segment), ``n``. Segments were
        made to differ, so a large share confirms nothing; it says which habits they are about.
    """
    z = _standard(scaled.points)
    if not k or not z.size:
        return pd.DataFrame(columns=FEATURE_EFFECTS.names)
    order = np.lexsort((*z.T[::-1], cluster))  # nothing but the numbers decides which weights a customer gets
    z, member = z[order], (cluster[order][:, None] == np.arange(k)).astype(float)
    value = _between(np.ones((1, len(z))), z, member)[0]
    drawn = np.vstack([_between(weights, z, member) for _, weights in draw_weights(len(z))])
    table = pd.DataFrame({"habit": [HABITS[name].label for name in scaled.used], "n": len(z)})
    table = with_interval(table, "between", Interval(*np.round(percentiles(value, drawn), 9)))
    return table.sort_values(["between", "habit"], ascending=[False, True], ignore_index=True)[FEATURE_EFFECTS.names]


def _between(weights: Floats, z: Floats, member: Floats) -> Floats:
    """Resamples × habits: the weighted sum of squares between groups by the whole."""
    total = weights.sum(axis=1, keepdims=True)
    center = (weights @ z) / total
    whole = weights @ z**2 - total * center**2
    between = -total * center**2
    for group in member.T:
        size = weights @ group
        sums = weights @ (z * group[:, None])
        between = between + np.divide(sums**2, size[:, None], out=np.zeros_like(sums), where=size[:, None] > 0)
    return np.divide(between, whole, out=np.zeros_like(whole), where=whole > 0)


def _standard(points: Floats) -> Floats:
    """Each column with mean 0 and standard deviation 1."""
    if not points.size:
        return points
    spread = points.std(axis=0)
    return np.divide(points - points.mean(axis=0), spread, out=np.zeros_like(points), where=spread > 0)


def _suppressed(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Blank the segments of too few customers, the same in each habit."""
    first = table["habit"] == table["habit"].iloc[0]
    verdicts = suppress(table.loc[first, ["segment", "n"]], [], partition=True).set_index("segment")["suppressed"]
    why = table["segment"].map(verdicts)
    blank = {name: table[name].where(why == "no") for name in (*columns, "n")}
    return table.assign(**blank, suppressed=why.astype("str")).astype({"n": "Int64"})


def drawn_profiles(profiles: pd.DataFrame) -> pd.DataFrame:
    """Keep the segments and habits that a chart can draw."""
    return profiles[profiles["suppressed"] == "no"].dropna(subset=["effect_low"]).reset_index(drop=True)


def known_habits(table: pd.DataFrame) -> list[str]:
    """Return the habits of which a table of means knows something, in the order of columns."""
    return [habit for habit in HABITS if table[f"{habit}_low"].notna().any()]
