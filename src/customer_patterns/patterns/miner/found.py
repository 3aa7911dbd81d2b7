"""Frequent sets as flat arrays: two hundred thousand of them are four arrays, not as many Python objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class TooMuchMemory(ValueError):
    """Mining would need more memory than allowed; the message says how much, and what to change."""


@dataclass(frozen=True)
class Itemsets:
    """Frequent sets, by length, then by their items.

    Attributes
    ----------
    edges
        Where the items of each set begin in ``items``, and where the last one's end.
    items
        The items' numbers, ascending within each set.
    counts
        How many baskets hold each set.
    total
        Of how many baskets.
    """

    edges: Ints
    items: Ints
    counts: Ints
    total: int

    def __len__(self) -> int:
        """How many sets."""
        return len(self.counts)

    @cached_property
    def lengths(self) -> Ints:
        """How many items each set has."""
        return np.diff(self.edges)

    @property
    def support(self) -> NDArray[np.float64]:
        """The share of the baskets that hold each set."""
        return self.counts / max(self.total, 1)

    @property
    def longest(self) -> int:
        """Items in the longest set."""
        return int(self.lengths.max(initial=0))

    def of_length(self, length: int) -> tuple[int, Ints]:
        """Return the place of the first set of a length, and the items of all of that length, a set a row."""
        first, last = np.searchsorted(self.lengths, [length, length + 1])
        return int(first), self.items[self.edges[first] : self.edges[last]].reshape(-1, length)

    def tuples(self) -> list[tuple[int, ...]]:
        """Return each set as a tuple of numbers, ascending."""
        return [tuple(row) for length in range(1, self.longest + 1) for row in self.of_length(length)[1].tolist()]

    def frame(self, names: Sequence[str] | NDArray[np.object_] | None = None) -> pd.DataFrame:
        """Return the sets as mlxtend does.

        Parameters
        ----------
        names
            Names of the items, by number; None: numbers.

        Returns
        -------
        DataFrame
            One row per set: ``support`` and ``itemsets`` (frozensets), in the order of the sets.
        """
        sets = self.tuples()
        if names is not None:
            sets = [tuple(names[item] for item in items) for items in sets]
        column = pd.Series([frozenset(items) for items in sets], dtype=object)
        return pd.DataFrame({"support": self.support, "itemsets": column})

    @classmethod
    def none(cls, total: int) -> Itemsets:
        """Nothing is frequent."""
        return cls(np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), total)

    @classmethod
    def grown(cls, parent: Ints, last: Ints, counts: Ints, total: int) -> Itemsets:
        """Lay out sets of which each is another one, found before it, and one more item.

        Parameters
        ----------
        parent
            The place of that other set; −1 for single items.
        last
            The item's number.
        counts, total
            As above.
        """
        if not len(parent):
            return cls.none(total)
        place = np.empty(len(parent), np.int64)  # of each set among those of its length
        here = np.flatnonzero(parent < 0)
        rows = last[here, None]
        sets, ordered = [], []
        child_of = np.argsort(parent, kind="stable")
        parents = parent[child_of]
        while len(here):
            place[here] = np.arange(len(here))
            numbers = np.sort(rows, axis=1)
            order = _lexicographic(numbers)
            sets.append(numbers[order])
            ordered.append(here[order])
            # the sets that continue these, in the order in which they were found
            low, high = np.searchsorted(parents, here), np.searchsorted(parents, here, side="right")
            many = high - low
            below = child_of[np.repeat(low - np.cumsum(many) + many, many) + np.arange(many.sum())]
            rows = np.column_stack([rows[place[parent[below]]], last[below]])
            here = below
        lengths = np.repeat([one.shape[1] for one in sets], [len(one) for one in sets])
        edges = np.concatenate([[0], np.cumsum(lengths)])
        return cls(edges, np.concatenate([one.ravel() for one in sets]), counts[np.concatenate(ordered)], total)


def _lexicographic(rows: Ints) -> Ints:
    """Return the order of rows of numbers from 0, by their first column, then by their second …"""
    bits = max(int(rows.max(initial=0)).bit_length(), 1)
    together = max(62 // bits, 1)
    keys = []
    for start in range(0, rows.shape[1], together):
        key = np.zeros(len(rows), np.int64)
        for column in rows[:, start : start + together].T:
            key = (key << bits) | column
        keys.append(key)
    return np.argsort(keys[0], kind="stable") if len(keys) == 1 else np.lexsort(keys[::-1])
