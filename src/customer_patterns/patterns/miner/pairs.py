"""How many baskets hold both of two items, for all pairs that are often together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.patterns.miner.itemsets import check, mine_itemsets, weighed

Ints = NDArray[np.int64]

#: Up to so many frequent items each pair has a cell of its own, 128 MB in all; beyond, pairs are found item by item.
_MOST_CELLS = 4096**2


def mine_pairs(
    basket: Ints,
    item: Ints,
    *,
    baskets: int,
    fewest: int,
    weights: Ints | None = None,
    max_memory_mb: float = 400,
) -> pd.DataFrame:
    """Find all pairs of items that lie together in at least so many baskets.

    Parameters
    ----------
    basket, item, baskets, fewest, weights, max_memory_mb
        As in :func:`~customer_patterns.patterns.miner.itemsets.mine_itemsets`.

    Returns
    -------
    DataFrame
        One row per pair: ``first``, ``second`` (numbers of the items, the smaller one first), ``baskets`` (that hold
        both, exactly); by the items.

    Raises
    ------
    TooMuchMemory, ValueError
        As :func:`~customer_patterns.patterns.miner.itemsets.mine_itemsets`.
    """
    basket, item = np.asarray(basket, dtype=np.int64), np.asarray(item, dtype=np.int64)
    check(basket, item, baskets, fewest, 2, weights)
    counts = np.bincount(item) if weights is None else weighed(item, np.asarray(weights, np.int64)[basket])
    frequent = np.flatnonzero(counts >= fewest)
    cells = len(frequent) ** 2
    # by basket, then by item, none twice: so they come from :class:`~customer_patterns.patterns.baskets.Baskets`
    step, up = np.diff(basket), np.diff(item)
    sorted_ = bool(((step > 0) | ((step == 0) & (up > 0))).all())
    if not sorted_ or cells > _MOST_CELLS or cells * 8 / 2**20 > max_memory_mb:
        sets = mine_itemsets(
            basket, item, baskets=baskets, fewest=fewest, max_length=2, weights=weights, max_memory_mb=max_memory_mb
        )
        start, pairs = sets.of_length(2)
        return _table(pairs[:, 0], pairs[:, 1], sets.counts[start:])
    from customer_patterns.patterns.miner.counting import count_pairs

    rank = np.full(len(counts), -1, np.int64)
    rank[frequent] = np.arange(len(frequent))
    found = np.zeros(cells, np.int64)
    heavy = np.empty(0, np.int64) if weights is None else np.asarray(weights, np.int64)
    count_pairs(basket, item, heavy, rank, found, len(frequent))
    often = np.flatnonzero(found >= fewest)
    first, second = np.divmod(often, max(len(frequent), 1))
    return _table(frequent[first], frequent[second], found[often])


def _table(first: Ints, second: Ints, baskets: Ints) -> pd.DataFrame:
    return pd.DataFrame({"first": first, "second": second, "baskets": baskets})
