"""How often two items would meet by chance in baskets of a given size.

Big baskets hold everything, so nearly all items meet more often than their shares of all baskets would let one expect.
The chance model used here keeps what makes that so. Each basket keeps its number of different items, each item keeps
its share of the baskets of each size, and otherwise items fall into baskets independently of one another: given its
size, a basket is then a sample of fixed size in which item i lies with probability π_i (a conditional Bernoulli, or
rejective, sample: Hájek 1964, Annals of Mathematical Statistics 35, 1491–1523; Chen, Dempster and Liu 1994, Biometrika
81, 457–469). The same holds if baskets differ in how much is bought in them as in a Rasch model, since the number of
items is then all there is to know about that; and it is the model of swap randomization (Gionis, Mannila, Mielikäinen
and Tsaparas 2007, ACM TKDD 1, article 14) with items exchanged among baskets of one size only.

Items of a basket of fixed size compete for its places, so π_ij is less than π_i π_j: with two places by half or more.
The usual stratified test (Cochran, Mantel and Haenszel) takes π_i π_j and finds too little in small baskets.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from customer_patterns.patterns.baskets import Baskets

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Up to this size each size is a stratum of its own, and its chances are computed exactly.
EXACT_SIZES = 8
#: Beyond, a stratum's largest basket is at most so many times as large as its smallest: wider, and size confounds.
BAND_RATIO = 1.15
#: What an item beyond this share would do to the recursion below: it loses digits, so such items are done one by one.
_COMMON = 0.3
_ROUNDS = 200


def band_starts(largest: int) -> Ints:
    """Return the smallest size of each stratum, from baskets of one item on.

    Examples
    --------
    >>> band_starts(20).tolist()
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 18]
    """
    starts = list(range(1, min(largest, EXACT_SIZES) + 1))
    size = EXACT_SIZES + 1
    while size <= largest:
        starts.append(size)
        size = int(np.floor(size * BAND_RATIO + 1e-9)) + 1
    return np.array(starts, dtype=np.int64)


@dataclass(frozen=True)
class Strata:
    """Baskets in strata of one size, or nearly so, and each item's share of them.

    Attributes
    ----------
    baskets
        The baskets; those of a single item, in which nothing can meet, are not counted.
    starts
        Smallest size of each stratum, from 1.
    exact_up_to
        Up to which size chances are computed exactly; beyond by Hájek's formula, which is quicker, and good to about
        a hundredth from there on.
    """

    baskets: Baskets
    starts: Ints
    exact_up_to: int = EXACT_SIZES

    @classmethod
    def of(cls, baskets: Baskets, *, exact_up_to: int = EXACT_SIZES) -> Strata:
        """Lay baskets into strata by their size."""
        return cls(baskets, band_starts(int(baskets.size.max(initial=1))), exact_up_to)

    def __len__(self) -> int:
        """How many strata."""
        return len(self.starts)

    @cached_property
    def of_basket(self) -> Ints:
        """The stratum of each basket."""
        return np.maximum(np.searchsorted(self.starts, self.baskets.size, side="right") - 1, 0)

    @cached_property
    def totals(self) -> Floats:
        """How many baskets each stratum has; none of a single item."""
        counts = np.bincount(self.of_basket, minlength=len(self)).astype(float)
        counts[0] = 0
        return counts

    @cached_property
    def counts(self) -> Floats:
        """How many baskets of each stratum (rows) hold each item (columns); none of a single item."""
        cells = self.of_basket[self.baskets.basket] * len(self.baskets.items) + self.baskets.item
        table = np.bincount(cells, minlength=len(self) * len(self.baskets.items)).astype(float)
        table = table.reshape(len(self), -1)
        table[0] = 0
        return table

    @cached_property
    def shares(self) -> Floats:
        """Each item's share of the baskets of each stratum; 0 where there are none."""
        return _ratio(self.counts, self.totals[:, None])

    @cached_property
    def _designs(self) -> list[FixedSize | None]:
        designs: list[FixedSize | None] = []
        for stratum, start in enumerate(self.starts):
            exact = 2 <= start <= min(self.exact_up_to, EXACT_SIZES) and self.totals[stratum] > 0
            designs.append(FixedSize.fit(self.shares[stratum], int(start)) if exact else None)
        return designs

    @cached_property
    def _spread(self) -> Floats:
        """Σ π (1 − π) over all items, per stratum."""
        return (self.shares * (1 - self.shares)).sum(axis=1)

    def crowding(self, first: Ints, second: Ints) -> Floats:
        """Say how strongly items compete for places: strata in rows, pairs in columns.

        Returns
        -------
        ndarray
            ``k`` in π_ij = π_i π_j (1 − k (1 − π_i)(1 − π_j)). In large samples of small shares it is one by the
            basket's size; in small baskets it comes from the exact π_ij.
        """
        k = np.zeros((len(self), len(first)))
        for stratum, design in enumerate(self._designs):
            p, q = self.shares[stratum, first], self.shares[stratum, second]
            both, open_ = p * q, (1 - p) * (1 - q)
            if design is not None:
                joint = design.joint(first, second)
                k[stratum] = _ratio(1 - _ratio(joint, both), open_) * (both > 0)
            elif self._spread[stratum] > 0:
                k[stratum] = 1 / self._spread[stratum]
        return k

    def together(self, first: Ints, second: Ints) -> Floats:
        """Return in how many baskets two items would meet by chance: strata in rows, pairs in columns."""
        p, q = self.shares[:, first], self.shares[:, second]
        return self.totals[:, None] * p * q * (1 - self.crowding(first, second) * (1 - p) * (1 - q))


@dataclass(frozen=True)
class FixedSize:
    """A sample of fixed size that holds item i with probability π_i, and otherwise nothing but chance.

    P(sample) is proportional to the product of the odds w of its items. ``e`` are the elementary symmetric functions
    of all odds: sums of such products over all sets of 0, 1, … ``size`` items.
    """

    size: int
    shares: Floats
    odds: Floats
    e: Floats

    @classmethod
    def fit(cls, shares: Floats, size: int) -> FixedSize:
        """Find the odds that give each item its share: each round changes an item's odds by what its share lacks.

        Parameters
        ----------
        shares
            One per item, 0 to 1; they sum to ``size``.
        size
            Items in the sample, 2 or more.
        """
        inside = shares > 0
        p = shares[inside]
        # An item in every basket would have endless odds: it gets a hair less, and the others what is left.
        always = p > 1 - 1e-6
        p[always] = 1 - 1e-6
        p[~always] *= (size - p[always].sum()) / max(p[~always].sum(), 1e-300)
        p = np.minimum(p, 1 - 1e-6)
        w = p / (1 - p)
        for _ in range(_ROUNDS):
            w *= size / w.sum()
            e = symmetric(w, size)
            held = w * _without(e, w, p, size - 1)[:, size - 1] / e[size]
            if np.abs(held - p).max() < 1e-9:
                break
            held = np.clip(held, 1e-12, 1 - 1e-12)  # as many items as places: each is held for certain
            w *= p / (1 - p) * (1 - held) / held
        odds = np.zeros(len(shares))
        odds[inside] = w
        return cls(size, shares, odds, symmetric(odds, size))

    @cached_property
    def _rest(self) -> Floats:
        """Per item the symmetric functions of the others, up to size − 2."""
        return _without(self.e, self.odds, self.shares, self.size - 2)

    def joint(self, first: Ints, second: Ints) -> Floats:
        """Return the probability that the sample holds both of two items, for each pair."""
        swap = self.odds[first] < self.odds[second]
        large, small = np.where(swap, second, first), np.where(swap, first, second)
        w, v = self.odds[large], self.odds[small]
        rest = np.zeros(len(w))
        for order in range(self.size - 1):  # take the smaller one out as well; the sum alternates
            rest = self._rest[large, order] - v * rest
        for at in np.flatnonzero(self.shares[small] > _COMMON):
            rest[at] = symmetric(np.delete(self.odds, [large[at], small[at]]), self.size - 2)[-1]
        p, q = self.shares[first], self.shares[second]
        return np.clip(w * v * rest / self.e[self.size], np.maximum(p + q - 1, 0), np.minimum(p, q))


def symmetric(w: Floats, order: int) -> Floats:
    """Return the elementary symmetric functions of ``w`` of orders 0 to ``order``, without any subtraction.

    Examples
    --------
    >>> symmetric(np.array([1.0, 2.0, 3.0]), 3).tolist()  # 1; 1 + 2 + 3; 1·2 + 1·3 + 2·3; 1·2·3
    [1.0, 6.0, 11.0, 6.0]
    """
    factors = np.zeros((max(len(w), 1), order + 1))
    factors[:, 0] = 1
    if order:
        factors[: len(w), 1] = w
    while len(factors) > 1:
        if len(factors) % 2:
            factors = np.vstack([factors, np.eye(1, order + 1)])
        left, right = factors[0::2], factors[1::2]
        factors = np.zeros_like(left)
        for shift in range(order + 1):
            factors[:, shift:] += left[:, shift : shift + 1] * right[:, : order + 1 - shift]
    return factors[0]


def _without(e: Floats, w: Floats, shares: Floats, order: int) -> Floats:
    """Per item the symmetric functions of all others, orders 0 to ``order``."""
    rest = np.ones((len(w), order + 1))
    for k in range(1, order + 1):
        rest[:, k] = e[k] - w * rest[:, k - 1]
    for at in np.flatnonzero(shares > _COMMON):
        rest[at] = symmetric(np.delete(w, at), order)
    return rest


def _ratio(above: Floats, below: Floats) -> Floats:
    """Divide; 0 where there is nothing to divide by."""
    return np.divide(above, below, out=np.zeros(np.broadcast_shapes(above.shape, np.shape(below))), where=below > 0)
