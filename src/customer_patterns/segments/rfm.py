"""Recency, frequency and monetary value of each customer, and the scores made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from customer_patterns.estimates import Interval, NotEnoughData, bootstrap_quantile, bounded, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.segments.tables import SCORES

#: Scores run from 1 to this.
LEVELS = 5

#: What is scored, and whether more of it is better.
MEASURES: dict[str, tuple[str, bool]] = {
    "recency_score": ("recency_days", False),
    "frequency_score": ("orders", True),
    "monetary_score": ("revenue", True),
}


def rfm_table(orders: ir.Table, *, as_of: date) -> ir.Table:
    """Summarize each customer's orders as recency, frequency and monetary value.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on`` (local day), ``kind`` (``goods``, ``fuel``, ``gift_card``),
        ``revenue`` (goods and fuel).
    as_of
        Last day of the study. Later orders change nothing.

    Returns
    -------
    Table
        One row per customer with an order of goods by ``as_of``, by ``customer_id``: ``recency_days`` (from the last
        order of goods to ``as_of``, 0 or more), ``orders`` (of goods, 1 or more), ``revenue`` (goods and fuel, study
        currency). Who came for fuel or gift cards alone is not in it.
    """
    orders = orders.filter(orders.ordered_on <= ibis.literal(as_of))
    # Orders of goods by themselves, the few others beside them: a condition within a sum is asked of each row anew.
    goods, others = orders.filter(orders.kind == "goods"), orders.filter(orders.kind != "goods")
    people = goods.group_by("customer_id").aggregate(
        last_on=goods.ordered_on.max(), orders=goods.count(), revenue=goods.revenue.sum()
    )
    beside = others.group_by("customer_id").aggregate(beside=others.revenue.sum())
    people = people.left_join(beside, "customer_id")
    return people.select(
        "customer_id",
        "orders",
        revenue=people.revenue + people.beside.fill_null(0),
        recency_days=ibis.literal(as_of).delta(people.last_on, unit="day"),
    ).order_by("customer_id")


def midrank_score(values: ArrayLike, *, more_is_better: bool = True) -> NDArray[np.int64]:
    """Score values from 1 (worst) to 5 by their place among all values; equal values get equal scores.

    Parameters
    ----------
    values
        One per customer.
    more_is_better
        Whether the largest value gets 5, or the smallest.

    Returns
    -------
    ndarray
        ⌈5 F⌉, where F is the share of customers with a worse value plus half the share of those with the same one
        (midrank). Where many share a value, neighboring scores may have nobody; where all do, everyone gets 3.

    Raises
    ------
    ValueError
        A value is missing.

    Notes
    -----
    Tied customers share the mean of their ranks, as in rank statistics (Kruskal and Wallis 1952, J. Am. Stat. Assoc.
    47, 583–621). Cutting the ordered list of customers into five equal parts would give customers with one and the
    same value different scores, by the order in which they happen to be listed.

    Examples
    --------
    Three of five customers bought today, so none of them can be told from the others:

    >>> midrank_score([0, 0, 0, 7, 30], more_is_better=False).tolist()
    [4, 4, 4, 2, 1]
    """
    x = _known(values)
    different, place, equal = np.unique(x, return_inverse=True, return_counts=True)
    if not len(different):
        return np.empty(0, dtype=np.int64)
    below = np.concatenate([[0], np.cumsum(equal)[:-1]])
    worse = below if more_is_better else len(x) - below - equal
    # ⌈5 (2 worse + equal) / 2n⌉ in whole numbers: no rounding at the edges.
    return -((-LEVELS * (2 * worse + equal)) // (2 * len(x)))[place]


def cut_score(values: ArrayLike, cuts: Sequence[float], *, more_is_better: bool = True) -> NDArray[np.int64]:
    """Score values from 1 to 5 by four declared cut points, each belonging to the better side.

    Parameters
    ----------
    values
        One per customer.
    cuts
        Four numbers, ascending.
    more_is_better
        Whether large values get 5.

    Raises
    ------
    ValueError
        There are not four different cut points in ascending order, or a value is missing.

    Examples
    --------
    >>> cut_score([0, 7, 8, 90], [7, 14, 28, 56], more_is_better=False).tolist()
    [5, 5, 4, 1]
    """
    if len(cuts) != LEVELS - 1 or any(a >= b for a, b in pairwise(cuts)):
        raise ValueError(f"scores need {LEVELS - 1} ascending cut points, got {list(cuts)}")
    x = _known(values).astype(float)
    if more_is_better:
        return np.searchsorted(cuts, x, side="right") + 1
    return LEVELS - np.searchsorted(cuts, x, side="left")


def _known(values: ArrayLike) -> NDArray:
    """The values, none of them missing: a customer without a value has no place among the others."""
    x = np.asarray(values)
    if x.dtype.kind == "f" and np.isnan(x).any():
        raise ValueError(f"{np.isnan(x).sum()} of {len(x)} values are missing; leave these customers out, and say so")
    return x


def score_rfm(rfm: pd.DataFrame, *, cuts: Mapping[str, Sequence[float]] | None = None) -> pd.DataFrame:
    """Add the three scores to each customer's recency, frequency and monetary value.

    Parameters
    ----------
    rfm
        One row per customer: ``recency_days``, ``orders``, ``revenue``.
    cuts
        Declared cut points by score (``{"recency_score": [7, 14, 28, 56]}``); a score without any is made of midranks.

    Returns
    -------
    DataFrame
        The same rows with ``recency_score``, ``frequency_score``, ``monetary_score`` (1 to 5, 5 best).
    """
    scores = {}
    for score, (measure, more) in MEASURES.items():
        values = np.array([round(float(v) * 100) for v in rfm[measure]], dtype=np.int64)
        declared = (cuts or {}).get(score) or ()
        if declared:
            scores[score] = cut_score(values / 100, declared, more_is_better=more)
        else:
            scores[score] = midrank_score(values, more_is_better=more)
    return rfm.assign(**scores)


def score_levels(scored: pd.DataFrame) -> pd.DataFrame:
    """Count who has which score, levels without anybody included.

    Parameters
    ----------
    scored
        One row per customer, from :func:`score_rfm`.

    Returns
    -------
    DataFrame
        One row per score and level, from 5 to 1: ``measure``, ``level``, ``n`` (customers), ``customers`` (all),
        ``share_of_customers`` (Wilson interval), ``typical_recency_days``, ``typical_orders``, ``typical_revenue``
        (the median of what this score is made of, with interval by resampling customers; the other two missing),
        ``empty``, ``suppressed``. Extremes are not given: they are the figures of one customer.
    """
    names = {"recency_score": "recency", "frequency_score": "frequency", "monetary_score": "monetary"}
    tables = []
    for score, (measure, _) in MEASURES.items():
        levels = np.arange(LEVELS, 0, -1)
        part = pd.DataFrame({"measure": pd.Series([names[score]] * LEVELS, dtype="str"), "level": levels})
        size = (scored[score].to_numpy()[:, None] == levels).sum(axis=0)
        part = part.assign(n=whole_numbers(size), customers=len(scored), empty=size == 0)
        part = with_interval(part, "share_of_customers", wilson(size, np.full(LEVELS, len(scored))))
        values = scored[measure].to_numpy(dtype=float)
        for other, _ in MEASURES.values():
            found = Interval.missing(LEVELS)
            if other == measure:
                found = medians([values[scored[score].to_numpy() == level] for level in levels])
            part = with_interval(part, f"typical_{other}", found)
        shares = bounded("share_of_customers")
        typical = bounded(*(f"typical_{other}" for other, _ in MEASURES.values()))
        part = suppress(part, [*shares, *typical], partition=True)
        if len(scored) < SMALLEST_CELL:  # of so few the empty levels, too, would tell where each of them is
            part[shares] = np.nan
        tables.append(part)
    return pd.concat(tables, ignore_index=True)[SCORES.names]


def medians(groups: Sequence[NDArray[np.float64]]) -> Interval:
    """Medians of groups of customers with intervals; missing for groups too small to be shown."""
    rows = []
    for values in groups:
        try:
            if len(values) < SMALLEST_CELL:
                raise NotEnoughData
            rows.append([float(part) for part in bootstrap_quantile(values, np.arange(len(values)))])
        except NotEnoughData:
            rows.append([np.nan] * 3)
    return Interval(*np.array(rows, dtype=float).reshape(-1, 3).T)
