"""Baskets as visits: what a customer bought on one day, customer after customer, day after day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customer_patterns.patterns.baskets import Baskets

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Visits:
    """Visits in the order in which customers made them.

    Attributes
    ----------
    customer, day
        Per visit: the number of its customer, and its local day in days since 1970; by both.
    edges
        Where the items of each visit begin in ``item``, and where the last one's end.
    item
        The items of the visits, ascending within each.
    """

    customer: Ints
    day: Ints
    edges: Ints
    item: Ints

    def __len__(self) -> int:
        """How many visits."""
        return len(self.customer)

    @property
    def customers(self) -> int:
        """How many customers came at least once with an item."""
        return 1 + int((np.diff(self.customer) > 0).sum()) if len(self) else 0

    @classmethod
    def of(cls, baskets: Baskets) -> Visits:
        """Put the baskets of one customer and day together: which of them came first is not known."""
        day = baskets.day.astype("datetime64[D]").astype(np.int64)
        begin = int(day.min(initial=0))
        days = int(day.max(initial=0)) - begin + 1
        # whole keys are sorted, not their order: several times as quick
        moment, visit = np.unique(baskets.customer * days + day - begin, return_inverse=True)
        items = max(len(baskets.items), 1)
        visit, item = np.divmod(_distinct(visit[baskets.basket] * items + baskets.item), items)
        sizes = np.bincount(visit, minlength=len(moment))
        customer, day = np.divmod(moment[sizes > 0], days)
        return cls(customer, day + begin, np.concatenate([[0], np.cumsum(sizes[sizes > 0])]), item)

    def customers_by_item(self, items: int) -> Ints:
        """How many customers had each item, of so many items."""
        if not items:
            return np.empty(0, np.int64)
        customer = np.repeat(self.customer, np.diff(self.edges))
        return np.bincount(_distinct(customer * items + self.item) % items, minlength=items)

    def only(self, items: Ints) -> Visits:
        """Keep some items (ascending), numbered anew in their order, and the visits that hold one of them."""
        number = np.full(int(self.item.max(initial=-1)) + 1, -1, np.int64)
        number[items] = np.arange(len(items))
        kept = number[self.item] >= 0
        visit = np.repeat(np.arange(len(self)), np.diff(self.edges))[kept]
        sizes = np.bincount(visit, minlength=len(self))
        there = sizes > 0
        edges = np.concatenate([[0], np.cumsum(sizes[there])])
        return Visits(self.customer[there], self.day[there], edges, number[self.item[kept]])

    def by_item(self, items: int) -> tuple[Ints, Ints]:
        """Return the visits that hold each item: where each item's begin, and the visits, ascending."""
        visit = np.repeat(np.arange(len(self)), np.diff(self.edges))
        counts = np.bincount(self.item, minlength=items)
        return np.concatenate([[0], np.cumsum(counts)]), visit[np.argsort(self.item, kind="stable")]

    def last_days(self) -> tuple[Ints, Ints, Ints]:
        """Return of each customer (by number) each item once: where theirs begin, the item, the last day with it."""
        sizes = np.diff(self.edges)
        begin, items = int(self.day.min(initial=0)), int(self.item.max(initial=0)) + 1
        days = int(self.day.max(initial=0)) - begin + 1
        key = (np.repeat(self.customer, sizes) * items + self.item) * days + np.repeat(self.day, sizes) - begin
        key.sort()
        last = np.ones(len(key), dtype=bool)
        last[:-1] = key[1:] // days != key[:-1] // days
        pair, day = np.divmod(key[last], days)
        customer, item = np.divmod(pair, items)
        many = np.bincount(customer, minlength=int(self.customer.max(initial=-1)) + 1)
        return np.concatenate([[0], np.cumsum(many)]), item, day + begin


def _distinct(keys: Ints) -> Ints:
    """Return each key once, ascending."""
    keys = np.sort(keys)
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    return keys[first]
