"""How often two items would meet by chance in each customer's baskets, taste and basket size held.

The chance that a basket of size s of customer h holds item i is σ(logit w_is + t_hi): as everybody's baskets of that
size, moved by the customer's own taste t_hi, which is set so that the customer's baskets hold the item as often as they
did. Given both, two items of a basket are independent, but for the places of a basket, for which they compete as in
:mod:`~customer_patterns.patterns.chance`. It is the model of :mod:`~customer_patterns.patterns.habits` with one thing
less held fixed (how many items each customer's baskets of each size hold), which lets single items be fitted: a few
pairs of a category cost a fraction of a fit of the whole assortment. In simulated shops without a pair it expects about
four in a hundred meetings too few for that, which is far less than what is called a pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customer_patterns.patterns.chance import Strata

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEPS = 25
#: No taste goes further in one step; no customer's taste is stronger than e to this.
_REACH, _STRONGEST = 2.0, 30.0


@dataclass
class Tastes:
    """The customers' baskets by size, and what each item's chance is in them.

    Parameters
    ----------
    strata
        The baskets, by size; those of a single item, in which nothing can meet, are not counted.
    """

    strata: Strata

    def __post_init__(self) -> None:
        baskets = self.strata.baskets
        bands = len(self.strata)
        cells = baskets.customer * bands + self.strata.of_basket
        #: Baskets by customer (rows) and stratum (columns).
        self.totals = np.bincount(cells, minlength=len(baskets.customers) * bands).astype(float).reshape(-1, bands)
        self.totals[:, 0] = 0
        self._chances: dict[int, tuple[Ints, Floats]] = {}
        self._there = np.zeros(len(baskets), dtype=bool)

    def holding(self, item: int) -> Ints:
        """Return the baskets of two items or more that hold an item."""
        found = self.strata.baskets.holding(item)
        return found[self.strata.of_basket[found] > 0]

    def chances(self, item: int) -> tuple[Ints, Floats]:
        """Return who bought an item, ascending, and its chance in their baskets, by customer and stratum."""
        if item not in self._chances:
            baskets = self.strata.baskets
            bought = np.bincount(baskets.customer[self.holding(item)], minlength=len(baskets.customers))
            who = np.flatnonzero(bought)
            share = np.clip(self.strata.shares[:, item], 1e-9, 1 - 1e-9)
            self._chances[item] = who, _fit(self.totals[who], bought[who].astype(float), np.log(share / (1 - share)))
        return self._chances[item]

    def meetings(self, first: int, second: int) -> tuple[Ints, Floats, Floats]:
        """Return who bought both items, in how many baskets both lay, and in how many they would by chance."""
        (of_first, p), (of_second, q) = self.chances(first), self.chances(second)
        who, at, other = np.intersect1d(of_first, of_second, assume_unique=True, return_indices=True)
        k = self.strata.crowding(np.array([first]), np.array([second]))[:, 0]
        p, q = p[at], q[other]
        joint = p * q * (1 - k * (1 - p) * (1 - q))
        joint = np.clip(joint, np.maximum(p + q - 1, 0), np.minimum(p, q))
        expected = (self.totals[who] * joint).sum(axis=1)
        there = self._there
        of_one, of_other = self.holding(first), self.holding(second)
        there[of_one] = True
        both = of_other[there[of_other]]
        there[of_one] = False
        seen = np.bincount(self.strata.baskets.customer[both], minlength=len(self.totals))[who].astype(float)
        return who, seen, expected


def _fit(totals: Floats, bought: Floats, logit: Floats) -> Floats:
    """The chances by customer and stratum that add up to what each customer bought (Newton's method)."""
    taste = np.zeros(len(bought))
    everything = bought >= totals.sum(axis=1)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(logit + taste[:, None], -700, 700)))
        off = bought - (totals * chance).sum(axis=1)
        slope = (totals * chance * (1 - chance)).sum(axis=1)
        step = np.clip(off / np.maximum(slope, 1e-12), -_REACH, _REACH)
        step[everything] = 0
        taste = np.clip(taste + step, -_STRONGEST, _STRONGEST)
        if np.abs(step).max(initial=0) < 1e-4:
            break
    chance = 1 / (1 + np.exp(-np.clip(logit + taste[:, None], -700, 700)))
    return np.where(everything[:, None], 1.0, chance)
