"""The loop that counts pairs of products of one category in two periods. Needs numba."""

from __future__ import annotations

import numpy as np

from customer_patterns.estimates.compiling import compiled


@compiled
def count_pairs(pair_customer, pair_starts, pair_block, pair_count, later, customers):
    """Count ordered pairs of products of one category, and products of known category, in either period.

    Parameters
    ----------
    pair_customer, pair_starts, pair_block, pair_count
        As in :class:`~customer_patterns.segments.movement.blocks.Blocks`.
    later
        Per block: 0.0 in the earlier period, 1.0 in the later.
    customers
        How many there are.

    Returns
    -------
    tuple
        Pairs and products (periods × customers).
    """
    pairs, products = np.zeros((2, customers)), np.zeros((2, customers))
    for pair in range(len(pair_customer)):
        who = pair_customer[pair]
        both, after = 0.0, 0.0
        for entry in range(pair_starts[pair], pair_starts[pair + 1]):
            both += pair_count[entry]
            after += pair_count[entry] * later[pair_block[entry]]
        before = both - after
        pairs[0, who] += before * (before - 1.0)
        pairs[1, who] += after * (after - 1.0)
        products[0, who] += before
        products[1, who] += after
    return pairs, products
