"""The loop that exchanges items among a customer's baskets. Needs numba."""

from __future__ import annotations

import numpy as np

from customer_patterns.patterns.miner.compiling import compiled


@compiled
def exchange(basket, item, edges, draws, exchanges, items, baskets):
    """Exchange items between entries, in place.

    Parameters
    ----------
    basket, item
        The entries, customer after customer.
    edges
        Where the entries of each customer begin, and where the last one's end.
    draws
        Two numbers from 0 to 1 for each exchange that is tried.
    exchanges
        How many are tried for each entry.
    items, baskets
        How many there are.
    """
    longest = 0
    for customer in range(len(edges) - 1):
        longest = max(longest, edges[customer + 1] - edges[customer])
    # Which cells (a basket's place among the customer's own, an item) are taken, one customer after the other.
    own = np.full(baskets, -1, np.int64)
    turn = 0
    for customer in range(len(edges) - 1):
        first, size = edges[customer], edges[customer + 1] - edges[customer]
        if size < 2:
            continue
        many = 0
        for entry in range(first, first + size):
            if own[basket[entry]] < 0:
                own[basket[entry]] = many
                many += 1
        taken = np.zeros(many * items, np.bool_)
        for entry in range(first, first + size):
            taken[own[basket[entry]] * items + item[entry]] = True
        for _ in range(exchanges * size):
            one = first + min(int(draws[0, turn] * size), size - 1)
            other = first + min(int(draws[1, turn] * size), size - 1)
            turn += 1
            left, right = own[basket[one]] * items, own[basket[other]] * items
            if taken[left + item[other]] or taken[right + item[one]]:
                continue
            taken[left + item[one]] = taken[right + item[other]] = False
            taken[left + item[other]] = taken[right + item[one]] = True
            item[one], item[other] = item[other], item[one]
