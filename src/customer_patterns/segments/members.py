"""Who is in which segment, and what the search for segments ended in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.segments.habits import Scaled
from customer_patterns.segments.names import name_segments
from customer_patterns.segments.profiles import standard_effects
from customer_patterns.segments.stability import Segmentation
from customer_patterns.segments.tables import CUSTOMER_SEGMENTS, NOT_ENOUGH, SEGMENT_VERDICT


def segment_names(scaled: Scaled, found: Segmentation) -> list[str]:
    """Name the segments, from the largest on, by what distinguishes them; none where there is not enough data."""
    if not found.k:
        return []
    return name_segments(standard_effects(scaled, found.cluster, found.k), scaled.used)


def customer_segments(tiered: pd.DataFrame, scaled: Scaled, found: Segmentation, names: list[str]) -> pd.DataFrame:
    """Put scores, tier and segment of each customer into one table.

    Parameters
    ----------
    tiered
        One row per customer who ordered goods, with scores, ``tier`` and ``value_level``.
    scaled, found, names
        The customers who were put into segments, their clusters, what these are called.

    Returns
    -------
    DataFrame
        One row per customer, by ``customer_id``: columns as in
        :data:`~customer_patterns.segments.tables.CUSTOMER_SEGMENTS`; ``segment`` is missing for those with too few
        orders, and for all where no segments were made.
    """
    called = pd.Series(dtype="str")
    if names:
        # Who cannot be compared has cluster -1, and no segment.
        words = np.array([*names, None], dtype=object)[found.cluster]
        called = pd.Series(words, index=scaled.people["customer_id"], dtype="str")
    table = tiered.assign(segment=tiered["customer_id"].map(called).astype("str"))
    return table.sort_values("customer_id", ignore_index=True)[CUSTOMER_SEGMENTS.names]


def segment_verdict(scaled: Scaled, found: Segmentation, *, customers: int, min_orders: int) -> pd.DataFrame:
    """Say in one row what the search ended in.

    Parameters
    ----------
    scaled, found
        The customers who were looked at, and what came of it.
    customers
        All customers.
    min_orders
        Orders that were enough.

    Returns
    -------
    DataFrame
        ``verdict``, ``segments`` (how many were made), ``n`` (customers looked at), ``customers``, ``min_orders``,
        ``p_value`` (the smallest of any number of clusters; missing where nothing was looked for).
    """
    p = found.stability["p_value"].min() if len(found.stability) else np.nan
    row = (found.verdict, found.k, len(scaled.people), customers, min_orders, float(p))
    return pd.DataFrame([row], columns=SEGMENT_VERDICT.names)


def why_none(verdict: pd.DataFrame) -> str:
    """Return the sentence that says why there are no segments."""
    return "segments.not_enough" if verdict["verdict"].iloc[0] == NOT_ENOUGH else "segments.none_found"


def is_whole(people: pd.DataFrame, tiers: pd.DataFrame, rules: pd.DataFrame) -> bool:
    """Whether each customer is in one tier, all tiers together hold everybody, and the rules all combinations.

    Tiers that are blank because they hold too few are looked up among the customers themselves.
    """
    sizes = people["tier"].value_counts().reindex(tiers["tier"], fill_value=0)
    known = tiers["n"].notna().to_numpy()
    counted = (sizes.to_numpy()[known] == tiers.loc[known, "n"].to_numpy(dtype=float)).all()
    return bool(counted and sizes.sum() == len(people) and rules["combinations"].sum() == 125)


def segment_of(customer_segments: pd.DataFrame) -> dict[str, str]:
    """Return the segment of each customer who is in one, by key."""
    known = customer_segments[customer_segments["segment"].notna()]
    return dict(zip(known["customer_id"], known["segment"], strict=True))
