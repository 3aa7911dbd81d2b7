"""All ordered pairs of items at once: who shows them, how often they came, and how often by chance. To choose from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customer_patterns.features import distinct
from customer_patterns.patterns.sequences.order import Floats, Ints, VisitOrder


@dataclass(frozen=True)
class PairCounts:
    """Counts of ordered pairs of items: the first in rows, the second in columns.

    Attributes
    ----------
    items
        Their numbers, ascending.
    customers
        Who shows the pair at least once: a visit with the first, and within reach after it one with the second.
    seen
        Pairs of visits of one customer of which that is so.
    expected
        How many there would be if each customer's visits had come in another order.
    """

    items: Ints
    customers: Ints
    seen: Floats
    expected: Floats

    @property
    def lift(self) -> Floats:
        """How many times as often as by chance; 0 where nothing is to be expected."""
        return np.divide(self.seen, self.expected, out=np.zeros_like(self.seen), where=self.expected > 0)


def count_pairs(order: VisitOrder, *, fewest_customers: int) -> PairCounts:
    """Count all ordered pairs of items that enough customers bought.

    Parameters
    ----------
    order
        The visits.
    fewest_customers
        An item of fewer customers is left out: no pair that holds it could have more.

    Returns
    -------
    PairCounts
        The diagonal (an item after itself) is counted like any other.
    """
    # Imported where it is used: numba takes half a second, and not every caller counts.
    from customer_patterns.patterns.sequences.walking import walk

    items = np.flatnonzero(_customers_of_items(order) >= max(fewest_customers, 1))
    size = len(items)
    place = np.full(order.items, -1, dtype=np.int64)
    place[items] = np.arange(size)
    begins, ends, _, _ = order.reach
    n = order.totals
    within = order.per_customer(np.arange(len(order)), np.maximum(ends - begins, 0).astype(float))
    share = np.divide(within, n * (n - 1), out=np.zeros(order.customers), where=n > 1)
    seen, customers = np.zeros(size**2, dtype=np.int64), np.zeros(size**2, dtype=np.int64)
    together = np.zeros(size**2)
    edges = order.visits.edges.astype(np.int64)
    last = np.full(size**2, -1, dtype=np.int64)
    walk(
        order.customer, begins, ends, edges, place[order.visits.item], share, size, seen, customers, last, together
    )  # fmt: skip
    bought = np.zeros((order.customers, size))
    for column, item in enumerate(items):
        bought[:, column] = order.per_customer(order.holding((int(item),)))
    # By the plain shuffle of visits: see :mod:`~customer_patterns.patterns.sequences.order`.
    expected = (bought * share[:, None]).T @ bought - together.reshape(size, size)
    return PairCounts(items, customers.reshape(size, size), seen.reshape(size, size).astype(float), expected.clip(0))


def _customers_of_items(order: VisitOrder) -> NDArray[np.int64]:
    visits = order.visits
    whose = np.repeat(order.customer, np.diff(visits.edges))
    pairs = distinct(visits.item.astype(np.int64) * order.customers + whose)
    return np.bincount(pairs // max(order.customers, 1), minlength=order.items)
