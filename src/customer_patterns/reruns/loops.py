"""The loops of mining and clustering, compiled or read back from disk while nobody waits for a kernel.

On a new machine to compile them takes a dozen seconds, and two chapters would wait for it; later half a second. Each
step here takes a few seconds at most, and asks the very functions that chapters ask, of the smallest data there can be.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def _sets() -> None:
    from customer_patterns.patterns.miner import mine_itemsets

    mine_itemsets(*_BASKETS, baskets=12, fewest=1)


def _pairs() -> None:
    from customer_patterns.patterns.miner import mine_pairs

    mine_pairs(*_BASKETS, baskets=12, fewest=1)


def _sequences() -> None:
    from customer_patterns.patterns.baskets import Baskets
    from customer_patterns.patterns.miner import by_customer, mine_itemsets, mine_sequences

    names, day = np.array(list("abc"), dtype=object), np.datetime64("2017-01-01") + np.arange(12)
    visits = Baskets("department", names, *_BASKETS, np.repeat(np.arange(4), 3), names.repeat(2)[:4], day)
    mine_sequences(visits, min_support=0.5, fewest_customers=1)
    by_customer(visits, mine_itemsets(*_BASKETS, baskets=12, fewest=1), [0], [1])


def _clusters() -> None:
    from customer_patterns.segments.kmeans import cluster_customers

    cluster_customers(np.arange(8.0).reshape(4, 2), 2, seed=1, runs=1)


#: Which item lies in which of a dozen baskets: all three in each.
_BASKETS = (np.repeat(np.arange(12), 3), np.tile(np.arange(3), 12))

#: What is done one after the other.
LOOPS: tuple[Callable[[], None], ...] = (_clusters, _sets, _pairs, _sequences)
