"""Frequent sequences as arrays, and as tables on request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.patterns.baskets import AND

Ints = NDArray[np.int64]
#: A sequence: for each visit the numbers of its items, ascending.
Steps = tuple[tuple[int, ...], ...]

#: Stands between the visits of a sequence in texts.
THEN = " → "


@dataclass(frozen=True)
class Sequences:
    """Frequent sequences, by visits, items and the items' numbers.

    Attributes
    ----------
    items
        The items of each sequence, one row each, −1 beyond its last.
    visits
        In which of the sequence's visits, from 0, each of them is.
    customers
        How many customers show each sequence, counted once.
    total
        Of how many customers: all who came with an item.
    """

    items: Ints
    visits: Ints
    customers: Ints
    total: int

    def __len__(self) -> int:
        """How many sequences."""
        return len(self.customers)

    @property
    def support(self) -> NDArray[np.float64]:
        """The share of the customers who show each sequence."""
        return self.customers / max(self.total, 1)

    @cached_property
    def steps(self) -> tuple[Steps, ...]:
        """Each sequence: its visits in order, each the numbers of its items, ascending."""
        found = []
        for items, visits in zip(self.items.tolist(), self.visits.tolist(), strict=True):
            steps: list[tuple[int, ...]] = []
            for item, visit in zip(items, visits, strict=True):
                if item < 0:
                    break
                if visit == len(steps):
                    steps.append((item,))
                else:
                    steps[-1] += (item,)
            found.append(tuple(steps))
        return tuple(found)

    def table(self, items: NDArray[np.object_]) -> pd.DataFrame:
        """Write the sequences out.

        Parameters
        ----------
        items
            Names of the items, by number.

        Returns
        -------
        DataFrame
            One row per sequence: ``sequence`` (items of a visit joined by " + ", visits by " → "), ``visits``,
            ``items``, ``customers``, ``support`` (share of all customers); by visits, items and sequence.
        """
        names = [THEN.join(AND.join(sorted(str(items[i]) for i in step)) for step in steps) for steps in self.steps]
        table = pd.DataFrame(
            {
                "sequence": pd.Series(names, dtype="str"),
                "visits": self.visits.max(axis=1, initial=-1) + 1,
                "items": (self.items >= 0).sum(axis=1),
                "customers": self.customers,
                "support": self.support,
            }
        )
        return table.sort_values(["visits", "items", "sequence"], ignore_index=True)

    @classmethod
    def grown(cls, found: Ints, frequent: Ints, max_items: int, total: int) -> Sequences:
        """Lay out what :func:`~customer_patterns.patterns.miner.following.grow_sequences` found, a row each."""
        parent, item, same, customers = found.T
        items = np.full((len(found), max_items), -1, np.int64)
        visits = np.full((len(found), max_items), -1, np.int64)
        length = np.zeros(len(found), np.int64)
        here = np.flatnonzero(parent < 0)
        size = 0
        while len(here):
            if size:
                items[here], visits[here] = items[parent[here]], visits[parent[here]]
            before = visits[here, size - 1] if size else np.full(len(here), -1)
            items[here, size], visits[here, size] = frequent[item[here]], before + 1 - same[here]
            size += 1
            length[here] = size
            here = np.flatnonzero((parent >= 0) & (length == 0) & (length[parent] == size))
        # a visit's end counts less than any item, so that of two visits the one whose items are used up comes first
        keys = [visits.max(axis=1, initial=-1), length]
        for place in range(max_items):
            new = visits[:, place] > visits[:, place - 1] if place else np.ones(len(found), dtype=bool)
            keys += [~new, items[:, place]]
        order = np.lexsort(keys[::-1])
        return cls(items[order], visits[order], customers[order], total)
