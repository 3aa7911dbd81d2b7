"""How often two items would meet by chance if each customer kept their own tastes as well.

Whoever likes both items buys both more often, in one basket or in two. To tell "in one basket" from "by the same
customers", each customer's baskets are compared with one another: the chance p of item i in a basket of size s of
customer h is fitted so that three things come out as they were seen, and nothing else is added:

- how many different items the customer's baskets of each size hold (Σ_i p = s),
- in how many of the customer's baskets each item lies (Σ_s n_hs p = n_hi),
- in how many baskets of each size each item lies over all customers (Σ_h n_hs p = n_si).

That is the logistic model without an interaction of all three, fitted by scaling odds to one set of sums after the
other, as iterative proportional fitting does with counts (Deming and Stephan 1940, Annals of Mathematical Statistics
11, 427–444). Items compete for the places of a basket as in :mod:`~customer_patterns.patterns.chance`, here by Hájek's
formula.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customer_patterns.patterns.chance import Strata

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Habits:
    """The chance of each item in the baskets of each customer and size.

    A *cell* is a customer's baskets of one stratum, in which items can meet.

    Attributes
    ----------
    customer, totals, spread
        Per cell: whose it is, how many baskets, and Σ p (1 − p) over its items.
    cell, chance
        One entry per item and cell of a customer who ever bought it, by item: the cell, the chance.
    edges
        Where the entries of each item begin, and where those of the last end.
    customers
        How many customers there are.
    """

    customer: Ints
    totals: Floats
    spread: Floats
    cell: Ints
    chance: Floats
    edges: Ints
    customers: int

    @classmethod
    def fit(cls, strata: Strata, *, sweeps: int = 4) -> Habits:
        """Fit the chances to what was seen.

        Parameters
        ----------
        strata
            The baskets, by size.
        sweeps
            How often odds are scaled to all three sums; from four on little changes.
        """
        baskets, bands, items = strata.baskets, len(strata), len(strata.baskets.items)
        use = strata.of_basket > 0
        size = baskets.size
        cells, of_basket = np.unique(baskets.customer[use] * bands + strata.of_basket[use], return_inverse=True)
        customer, band = cells // bands, cells % bands
        totals = np.bincount(of_basket).astype(float)
        mean_size = np.bincount(of_basket, size[use]) / totals
        # Who bought what, by item; then every cell of those customers.
        entries = use[baskets.basket]
        bought, count = np.unique(
            baskets.item[entries] * len(baskets.customers) + baskets.customer[baskets.basket[entries]],
            return_counts=True,
        )
        who = bought % len(baskets.customers)
        first = np.searchsorted(customer, np.arange(len(baskets.customers) + 1))
        lengths = np.diff(first)[who]
        taste = np.repeat(np.arange(len(bought)), lengths)
        starts = np.cumsum(lengths) - lengths
        cell = first[who][taste] + np.arange(len(taste)) - starts[taste]
        item = (bought // len(baskets.customers))[taste]
        sized = item * bands + band[cell]
        weight = totals[cell]
        goal_sized = strata.counts.T.ravel()
        share = strata.shares.T.ravel()[sized]
        odds = np.where(share > 0, np.maximum(share, 1e-9) / np.maximum(1 - share, 1e-9), 0.0)
        count = count.astype(float)
        possible = np.bincount(taste, weight, len(count))
        sized_total = np.bincount(sized, weight, len(goal_sized))
        places = np.bincount(cell, minlength=len(cells)).astype(float)
        for _ in range(sweeps):
            odds *= _wanted(count, np.bincount(taste, weight * _share(odds), len(count)), possible)[taste]
            odds *= _wanted(goal_sized, np.bincount(sized, weight * _share(odds), len(goal_sized)), sized_total)[sized]
            odds *= _wanted(mean_size, np.bincount(cell, _share(odds), len(cells)), places)[cell]
        chance = _share(odds)
        spread = np.bincount(cell, chance * (1 - chance), len(cells))
        edges = np.searchsorted(item, np.arange(items + 1))
        return cls(customer, totals, spread, cell, chance, edges, len(baskets.customers))

    def together(self, first: int, second: int) -> Floats:
        """Return in how many baskets of each customer two items would meet by chance."""
        expected = np.zeros(self.customers)
        of_first = np.zeros(len(self.totals))
        at = slice(self.edges[first], self.edges[first + 1])
        of_first[self.cell[at]] = self.chance[at]
        at = slice(self.edges[second], self.edges[second + 1])
        cell, q = self.cell[at], self.chance[at]
        p = of_first[cell]
        both = (p > 0) & (self.spread[cell] > 0)
        cell, p, q = cell[both], p[both], q[both]
        joint = p * q * (1 - (1 - p) * (1 - q) / self.spread[cell])
        joint = np.clip(joint, np.maximum(p + q - 1, 0), np.minimum(p, q))
        np.add.at(expected, self.customer[cell], self.totals[cell] * joint)
        return expected


def _share(odds: Floats) -> Floats:
    return odds / (1 + odds)


def _wanted(goal: Floats, fitted: Floats, possible: Floats) -> Floats:
    """By what odds are scaled: the odds of what was seen over those of what is fitted."""
    seen, now = (np.clip(part, 1e-9, possible - 1e-9) for part in (goal, fitted))
    return np.divide(seen * (possible - now), now * (possible - seen), out=np.ones_like(now), where=possible > 0)
