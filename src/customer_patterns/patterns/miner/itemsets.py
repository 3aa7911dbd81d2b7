"""Frequent sets of items, exactly, within a memory that is forecast before anything is mined."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from customer_patterns.patterns.miner.found import Itemsets, TooMuchMemory

Ints = NDArray[np.int64]

#: What a set takes while sets are found and laid out, in bytes (three numbers, twice while room is made, and a row).
_SET = 120
#: The bits of a class of sets are kept twice, and once more while room is made for more of them.
_COPIES = 3


def mine_itemsets(
    basket: Ints,
    item: Ints,
    *,
    baskets: int,
    fewest: int,
    max_length: int | None = None,
    weights: Ints | None = None,
    max_memory_mb: float = 400,
) -> Itemsets:
    """Find all sets of items that lie together in at least so many baskets.

    Parameters
    ----------
    basket, item
        One entry per item in a basket, in any order, none twice: numbers from 0.
    baskets
        How many baskets there are, those without an item included.
    fewest
        A set is frequent if at least so many baskets (or so much of their weight) hold it; 1 or more.
    max_length
        Items in the longest set; None: any.
    weights
        How many baskets each basket stands for, whole numbers from 0; None: one each.
    max_memory_mb
        The most that mining may take.

    Returns
    -------
    Itemsets
        By length and items, single items included. Counts are exact.

    Raises
    ------
    TooMuchMemory
        The baskets alone, or all that is frequent in them, would take more than ``max_memory_mb``.
    ValueError
        A setting or number is out of its range.

    Notes
    -----
    Only items that are frequent by themselves are laid out (Agrawal and Srikant 1994, VLDB); how sets are grown stands
    in :mod:`~customer_patterns.patterns.miner.growing`.
    """
    basket, item = np.asarray(basket, dtype=np.int64), np.asarray(item, dtype=np.int64)
    check(basket, item, baskets, fewest, max_length, weights)
    counts = np.bincount(item) if weights is None else weighed(item, np.asarray(weights, np.int64)[basket])
    total = baskets if weights is None else int(np.sum(weights))
    frequent = np.flatnonzero(counts >= fewest)
    frequent = frequent[np.argsort(counts[frequent], kind="stable")]
    if not len(frequent):
        return Itemsets.none(total)
    longest = max_length or len(frequent)
    # a weight takes no room, however large
    held = counts if weights is None else np.bincount(item)
    needed = forecast_mb(held[frequent], baskets=baskets, fewest=1, max_length=max_length)
    if needed > max_memory_mb:
        raise TooMuchMemory(
            f"mining {len(frequent):,} items in {baskets:,} baskets would take about {needed:,.0f} MB, "
            f"and {max_memory_mb:,.0f} are allowed; choose a larger min_support or more memory"
        )
    parent, last, count = _grown(
        basket, item, weights, frequent, counts, fewest, longest, (max_memory_mb - needed) * 2**20
    )
    return Itemsets.grown(parent, frequent[last], count, total)


def forecast_mb(counts: Ints, *, baskets: int, fewest: int, max_length: int | None = None) -> float:
    """Forecast what mining takes before the first set is found, in MB.

    Parameters
    ----------
    counts
        How many baskets hold each item.
    baskets, fewest, max_length
        As in :func:`mine_itemsets`.

    Returns
    -------
    float
        Room for the baskets, laid out by basket and by item, and for the bits of the item that takes most: those of
        all more frequent ones beside it. What sets take in addition is not known before; it is watched while they are
        found.
    """
    sizes = np.sort(counts[counts >= fewest])
    entries = int(sizes.sum())
    laid_out = 28 * entries + 80 * baskets
    bits = 0
    if (max_length is None or max_length > 2) and len(sizes):
        bits = int((np.arange(len(sizes))[::-1] * (sizes / 8 + 8)).max())
    return (laid_out + bits) / 2**20


def _grown(
    basket: Ints,
    item: Ints,
    weights: Ints | None,
    frequent: Ints,
    counts: Ints,
    fewest: int,
    longest: int,
    spare: float,
) -> tuple[Ints, Ints, Ints]:
    from customer_patterns.patterns.miner.growing import ALL, SETS, grow
    from customer_patterns.patterns.miner.laying_out import lay_out

    rank = np.full(len(counts), -1, np.int64)
    rank[frequent] = np.arange(len(frequent))
    heavy = np.empty(0, np.int64) if weights is None else np.asarray(weights, np.int64)
    edges, ranks, weight = lay_out(basket, item, heavy, rank, len(frequent))
    if not len(edges):
        raise ValueError("an item stands twice in one basket")
    most_sets, most_words = int(spare / 2 / _SET), int(spare / 2 / 8 / _COPIES)
    found, sets, ended = grow(
        edges, ranks, weight, counts[frequent], fewest, longest, max(most_sets, len(frequent)), max(most_words, 1)
    )
    if ended != ALL:
        what = (
            f"more than {sets:,} sets are frequent" if ended == SETS else "the baskets of one item hold too many others"
        )
        raise TooMuchMemory(
            f"{what}, more than the memory allowed has room for; choose a larger min_support, a smaller max_length or "
            "more memory"
        )
    parent, last, count = found[: 3 * sets].reshape(-1, 3).T
    return parent, last, count


def check(basket: Ints, item: Ints, baskets: int, fewest: int, max_length: int | None, weights: Ints | None) -> None:
    """Refuse numbers and settings that nothing can be mined with."""
    if len(basket) != len(item):
        raise ValueError(f"{len(basket)} numbers of baskets for {len(item)} items")
    if len(item) and (min(basket.min(), item.min()) < 0 or basket.max() >= baskets):
        raise ValueError("numbers of baskets and items begin at 0, and no basket is beyond the last one")
    if fewest < 1:
        raise ValueError(f"a frequent set is in 1 basket or more, not in {fewest}")
    if max_length is not None and max_length < 1:
        raise ValueError(f"the longest set has 1 item or more, not {max_length}")
    if weights is not None and (len(weights) != baskets or (len(weights) and np.min(weights) < 0)):
        raise ValueError("weights are one per basket, from 0")
    if weights is not None and float(np.sum(weights, dtype=float)) * (1 + 1e-9) >= 2**62:
        raise ValueError("weights add up to more than a whole number of 64 bits holds; take smaller ones")


def weighed(item: Ints, weight: Ints) -> Ints:
    """Add weights up by item, as whole numbers (floats would be exact up to 2**53 only)."""
    sums = np.zeros(int(item.max(initial=-1)) + 1, np.int64)
    np.add.at(sums, item, weight)
    return sums
