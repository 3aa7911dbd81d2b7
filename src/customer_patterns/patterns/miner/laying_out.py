"""The loops that lay baskets out for mining: rare items dropped, small baskets left out, equal ones merged."""

from __future__ import annotations

import numpy as np

from customer_patterns.patterns.miner.compiling import compiled


@compiled
def lay_out(basket, item, weight, rank, frequent):
    """Lay baskets out with their frequent items by rank, drop those of fewer than two, and merge those that are equal.

    Parameters
    ----------
    basket, item
        One entry per item in a basket, in any order, none twice.
    weight
        Per basket: how many it stands for; empty if all stand for one.
    rank
        Per item: its place among the frequent items, −1 if it is not frequent.
    frequent
        How many items are frequent.

    Returns
    -------
    tuple
        ``edges`` and ``ranks`` (the items of each basket, ascending), ``weights``; heavy baskets first, by the
        number of bits that their weights need. ``edges`` is empty if an item stands twice in a basket.
    """
    baskets = 0
    for entry in range(len(basket)):
        baskets = max(baskets, basket[entry] + 1)
    sizes = np.zeros(baskets + 1, np.int64)
    column = np.zeros(frequent + 1, np.int64)
    for entry in range(len(basket)):
        place = rank[item[entry]]
        if place >= 0:
            sizes[basket[entry] + 1] += 1
            column[place + 1] += 1
    for place in range(frequent):
        column[place + 1] += column[place]
    # by item, then by basket: both by counting, so that each basket's items come out ascending
    holding = np.empty(column[frequent], np.int32)
    for entry in range(len(basket)):
        place = rank[item[entry]]
        if place >= 0:
            holding[column[place]] = basket[entry]
            column[place] += 1  # now where the next item's begin
    for one in range(baskets):
        sizes[one + 1] += sizes[one]
    ranks = np.empty(column[frequent], np.int32)
    entry = 0
    for place in range(frequent):
        while entry < column[place]:
            ranks[sizes[holding[entry]]] = place
            sizes[holding[entry]] += 1
            entry += 1
    for one in range(baskets, 0, -1):
        sizes[one] = sizes[one - 1]
    sizes[0] = 0
    # merge: a table of addresses, twice as large as there are baskets
    slots = 16
    while slots < 2 * baskets:
        slots *= 2
    table = np.empty(slots, np.int32)
    for slot in range(slots):
        table[slot] = -1
    first = np.empty(baskets, np.int64)
    together = np.empty(baskets, np.int64)
    kept = 0
    for one in range(baskets):
        start, size = sizes[one], sizes[one + 1] - sizes[one]
        heavy = weight[one] if len(weight) else 1
        if size < 2 or heavy <= 0:
            continue
        key = np.uint64(size)
        for entry in range(start, start + size):
            if entry > start and ranks[entry] == ranks[entry - 1]:
                return sizes[:0], ranks, together
            key = (key ^ np.uint64(ranks[entry] + 1)) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        slot = np.int64(key & np.uint64(slots - 1))
        while True:
            known = table[slot]
            if known < 0:
                table[slot] = kept
                first[kept] = one
                together[kept] = heavy
                kept += 1
                break
            other = sizes[first[known]]
            same = sizes[first[known] + 1] - other == size
            for shift in range(size):
                if not same:
                    break
                same = ranks[other + shift] == ranks[start + shift]
            if same:
                together[known] += heavy
                break
            slot = (slot + 1) & (slots - 1)
    return _heavy_first(sizes, ranks, first, together, np.int64(kept))


@compiled
def _heavy_first(sizes, ranks, first, together, kept):
    """Put the kept baskets in the order of how many bits their weights need, most first."""
    bits = np.zeros(65, np.int64)
    needs = np.empty(kept, np.int64)
    total = 0
    for one in range(kept):
        need, rest = 0, together[one]
        while rest:
            need += 1
            rest >>= 1
        needs[one] = need
        bits[63 - need + 1] += 1
        total += sizes[first[one] + 1] - sizes[first[one]]
    for need in range(64):
        bits[need + 1] += bits[need]
    order = np.empty(kept, np.int64)
    for one in range(kept):
        order[bits[63 - needs[one]]] = one
        bits[63 - needs[one]] += 1
    edges = np.zeros(kept + 1, np.int64)
    laid = np.empty(total, np.int32)
    weights = np.empty(kept, np.int64)
    for place in range(kept):
        one = order[place]
        weights[place] = together[one]
        start, end = sizes[first[one]], sizes[first[one] + 1]
        edges[place + 1] = edges[place] + end - start
        for shift in range(end - start):
            laid[edges[place] + shift] = ranks[start + shift]
    return edges, laid, weights
