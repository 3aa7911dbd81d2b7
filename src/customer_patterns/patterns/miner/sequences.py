"""What follows what: sequences of visits with several items each, counted once per customer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.miner.found import TooMuchMemory
from customer_patterns.patterns.miner.sequenced import Sequences, Steps
from customer_patterns.patterns.miner.visits import Visits

Ints = NDArray[np.int64]

#: More days than there are between any two visits.
_ANY = 2**40
#: What a sequence takes while it is found and written out, in bytes, beside its items.
_EACH = 120


def mine_sequences(
    baskets: Baskets,
    *,
    min_support: float,
    max_items: int = 3,
    max_visits: int | None = None,
    min_gap_days: int = 1,
    max_gap_days: int | None = None,
    window_days: int | None = None,
    fewest_customers: int = 10,
    max_memory_mb: float = 400,
) -> Sequences:
    """Find what often follows what in the visits of one customer.

    A customer shows a sequence if the customer has visits on as many different days, in that order, of which each
    holds the items of its step, and the days between them fit the gaps and the window.

    Parameters
    ----------
    baskets
        The baskets; those of one customer and day make one visit.
    min_support
        A sequence is frequent if at least this share of the customers show it, 0 (not included) to 1.
    max_items
        Items in the longest sequence, all visits together, 1 or more.
    max_visits
        Visits in the longest sequence; None: as many as items.
    min_gap_days, max_gap_days
        Days from one visit of a sequence to its next: at least (1 or more), and at most (None: any).
    window_days
        Days from the first visit of a sequence to its last, at most (None: any).
    fewest_customers
        A sequence of fewer customers is not frequent, whatever its support.
    max_memory_mb
        The most that mining may take.

    Returns
    -------
    Sequences
        Those of one item included. Counts are exact.

    Raises
    ------
    TooMuchMemory
        The visits alone, or all sequences that are frequent in them, would take more than ``max_memory_mb``.
    ValueError
        A setting is out of its range.
    """
    if not 0 < min_support <= 1:
        raise ValueError(f"a support is a share above 0, up to 1, not {min_support}")
    if max_items < 1 or (max_visits is not None and max_visits < 1):
        raise ValueError("a sequence has one item in one visit at least")
    gaps = _gaps(min_gap_days, max_gap_days, window_days)
    visits = Visits.of(baskets)
    total = visits.customers
    fewest = max(fewest_customers, int(np.ceil(min_support * total - 1e-9)), 1)
    frequent = np.flatnonzero(visits.customers_by_item(len(baskets.items)) >= fewest)
    needed = sequences_mb(len(visits.item), len(visits), len(frequent), max_items)
    if needed > max_memory_mb:
        raise TooMuchMemory(
            f"sequences of {len(frequent):,} items in {len(visits):,} visits would take about {needed:,.0f} MB, "
            f"and {max_memory_mb:,.0f} are allowed; choose a smaller max_items or more memory"
        )
    most = int((max_memory_mb - needed) * 2**20 / (_EACH + 32 * max_items))
    found = _grown(visits.only(frequent), len(frequent), gaps, fewest, max_items, max_visits or max_items, most)
    if len(found) > most:
        raise TooMuchMemory(
            f"more than {most:,} sequences are frequent, more than the memory allowed has room for; choose a larger "
            "min_support, a smaller max_items or more memory"
        )
    return Sequences.grown(found, frequent, max_items, total)


def sequences_mb(entries: int, visits: int, items: int, max_items: int) -> float:
    """Forecast what mining sequences takes before the first is found, in MB.

    Parameters
    ----------
    entries
        Items in visits.
    visits
        Visits of customers.
    items
        Items that are frequent by themselves.
    max_items
        As in :func:`mine_sequences`: so many lists of visits are kept at a time.
    """
    return (80 * entries + (16 * max_items + 32) * visits + 16 * max_items * items) / 2**20


def followers(
    baskets: Baskets,
    sequences: Sequence[Steps],
    *,
    min_gap_days: int = 1,
    max_gap_days: int | None = None,
    window_days: int | None = None,
) -> pd.DataFrame:
    """Say who shows which sequence, and since when: to test sequences on customers who did not choose them.

    Parameters
    ----------
    baskets, min_gap_days, max_gap_days, window_days
        As in :func:`mine_sequences`.
    sequences
        For example :attr:`Sequences.steps`; the items of a step ascending.

    Returns
    -------
    DataFrame
        One row per sequence and customer who shows it: ``sequence`` (its place), ``customer`` (number),
        ``completed_on`` (the first day on which the customer had shown all of it); by both.
    """
    gaps = _gaps(min_gap_days, max_gap_days, window_days)
    visits = Visits.of(baskets)
    columns, holding = visits.by_item(len(baskets.items))
    places, ends = [], []
    for place, steps in enumerate(sequences):
        shown = _ends(visits, columns, holding, steps, gaps)
        first = np.ones(len(shown), dtype=bool)
        first[1:] = visits.customer[shown[1:]] != visits.customer[shown[:-1]]
        ends.append(shown[first])
        places.append(np.full(int(first.sum()), place, np.int64))
    end = np.concatenate([np.empty(0, np.int64), *ends])
    return pd.DataFrame(
        {
            "sequence": np.concatenate([np.empty(0, np.int64), *places]),
            "customer": visits.customer[end],
            "completed_on": visits.day[end].astype("datetime64[D]").astype("datetime64[s]"),
        }
    )


def _gaps(at_least: int, at_most: int | None, window: int | None) -> Ints:
    if at_least < 1:
        raise ValueError(f"a visit follows another after 1 day or more, not after {at_least}")
    if at_most is not None and at_most < at_least:
        raise ValueError(f"the largest gap, {at_most} days, is below the smallest, {at_least}")
    if window is not None and window < 0:
        raise ValueError(f"a window has 0 days or more, not {window}")
    return np.array([at_least, *(_ANY if most is None else most for most in (at_most, window))], np.int64)


def _grown(visits: Visits, items: int, gaps: Ints, fewest: int, max_items: int, max_visits: int, most: int) -> Ints:
    if not items:
        return np.empty((0, 4), np.int64)
    from customer_patterns.patterns.miner.following import grow_sequences

    columns, holding = visits.by_item(items)
    found, many = grow_sequences(
        (visits.customer, visits.day, visits.edges, visits.item),
        visits.last_days(),
        columns,
        holding,
        gaps,
        bool(gaps[1] == _ANY and gaps[2] == _ANY),
        fewest,
        max_items,
        max_visits,
        most,
    )
    return found[: 4 * many].reshape(-1, 4)


def _ends(visits: Visits, columns: Ints, holding: Ints, steps: Steps, gaps: Ints) -> Ints:
    """Return the visits in which customers complete a sequence, ascending."""
    from customer_patterns.patterns.miner.following import extend_later, extend_same

    ends = starts = np.empty(0, np.int64)
    for number, step in enumerate(steps):
        for place, item in enumerate(step):
            first, last = columns[item], columns[item + 1]
            if not number and not place:
                ends = holding[first:last]
                starts = visits.day[ends]
                continue
            into, starts_into = np.empty(last - first, np.int64), np.empty(last - first, np.int64)
            if place:
                many = extend_same(ends, starts, len(ends), holding, first, last, into, starts_into)
            else:
                many = extend_later(
                    ends, starts, len(ends), holding, first, last, visits.customer, visits.day, gaps, into, starts_into
                )
            ends, starts = into[:many], starts_into[:many]
    return ends
