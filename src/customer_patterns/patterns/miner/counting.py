"""The loop that counts pairs: one walk over the baskets, one cell per pair."""

from __future__ import annotations

import numpy as np

from customer_patterns.patterns.miner.compiling import compiled


@compiled
def count_pairs(basket, item, weight, rank, cells, items):
    """Count the pairs of all baskets.

    Parameters
    ----------
    basket, item
        One entry per item in a basket, those of a basket together.
    weight
        Per basket: how many it stands for; empty if all stand for one.
    rank
        Per item: its place among the frequent items, −1 if it is not frequent.
    cells
        Zeros, one for each two of the frequent items; the count of ``a`` and ``b`` is added to that of the smaller,
        then the larger.
    items
        How many items are frequent.
    """
    held = np.empty(items, np.int64)
    many, here, heavy = 0, -1, 1
    for entry in range(len(basket)):
        if basket[entry] != here:
            here, many = basket[entry], 0
            heavy = weight[here] if len(weight) else 1
        place = rank[item[entry]]
        if place < 0:
            continue
        for one in range(many):
            other = held[one]
            cells[other * items + place if other < place else place * items + other] += heavy
        held[many] = place
        many += 1
