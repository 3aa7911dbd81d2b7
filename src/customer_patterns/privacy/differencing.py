"""What can be worked out of a table: blanks from totals, and one customer's amount from a sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: A sum tells too much of its largest contributor if the second could estimate it to within this share of itself (the
#: p% rule: Hundepool et al. 2012, Statistical Disclosure Control, section 4.2.2).
CLOSEST = 0.1


class Contributions(NamedTuple):
    """What it takes to see whether sums give away who contributes most to them: one entry per cell.

    Attributes
    ----------
    first, second
        The largest and the second largest amount of one customer.
    total
        All of them together. What a customer takes back counts as much as what they bring.
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    total: NDArray[np.float64]

    def dominated(self, *, closest: float = CLOSEST) -> NDArray[np.bool_]:
        """Say of each cell whether its sum gives away its largest contributor; see :func:`dominated`."""
        return _gives_away(self.first, self.second, self.total, closest)

    def together(self, cells: NDArray[np.bool_], *, closest: float = CLOSEST) -> bool:
        """Say whether the sum of several cells gives somebody away: a total less the cells shown is their sum.

        A customer in several of these cells counts as several; of customers in one cell each the answer is exact.
        """
        if not cells.any():
            return False
        largest = np.sort(np.concatenate([self.first[cells], self.second[cells]]))
        return bool(_gives_away(largest[-1], largest[-2], self.total[cells].sum(), closest))

    def part(self, cells: slice | NDArray) -> Contributions:
        """Return some of the cells."""
        return Contributions(self.first[cells], self.second[cells], self.total[cells])


def contributions(amounts: NDArray[np.float64]) -> Contributions:
    """Return who contributes most to the sums of a table of customers and cells.

    Parameters
    ----------
    amounts
        One row per customer and one column per cell.
    """
    sizes = np.abs(np.asarray(amounts, dtype=float))
    few = max(2 - len(sizes), 0)
    if few:
        sizes = np.vstack([sizes, np.zeros((few, sizes.shape[1]))])
    last = np.partition(sizes, len(sizes) - 2, axis=0)[-2:]
    return Contributions(last[1], last[0], sizes.sum(axis=0))


def contributions_of(amounts: ArrayLike, groups: ArrayLike, levels: Sequence[Any]) -> Contributions:
    """Return who contributes most to the sum of each group, every customer being in one of them, or in none.

    Parameters
    ----------
    amounts
        One per customer.
    groups
        The group of each customer.
    levels
        The groups, in order; other customers are in none.
    """
    sizes, where = np.abs(np.asarray(amounts, dtype=float)), np.asarray(groups, dtype=object)
    parts = [contributions(sizes[where == level][:, None]) for level in levels]
    if not parts:
        return Contributions(*(np.empty(0) for _ in range(3)))
    return Contributions(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def dominated(amounts: NDArray[np.float64], *, closest: float = CLOSEST) -> NDArray[np.bool_]:
    """Say of each sum whether it gives away its largest contributor: the p% rule.

    The second largest contributor knows the sum and their own amount; what remains beside the largest is all that hides
    it.

    Parameters
    ----------
    amounts
        One row per customer and one column per cell; what a customer takes back counts as much as what they bring.
    closest
        The share of the largest amount to within which it must not be known.

    Returns
    -------
    ndarray
        One truth value per column; a cell without any amount is not dominated.

    Examples
    --------
    >>> dominated(np.array([[100.0, 40.0], [3.0, 35.0], [2.0, 30.0]])).tolist()
    [True, False]
    """
    return contributions(amounts).dominated(closest=closest)


def _gives_away(first: Any, second: Any, total: Any, closest: float) -> Any:
    # (what is left of equal sums after rounding hides nobody)
    return (first > 0) & (total - first - second < closest * first * (1 - 1e-12))


def recoverable(counts: NDArray[np.int64], hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which hidden cells of a cross-table follow from the shown ones and the totals of rows and columns.

    Each hidden cell lies between bounds that its row and its column allow; they are tightened until nothing changes.

    Parameters
    ----------
    counts
        Customers in each cell, hidden ones included; the totals are made from them.
    hidden
        Which cells are blank.

    Examples
    --------
    A blank alone in its row is the row's total less the others; four blanks in a square hide each other.

    >>> counts = np.array([[3, 20, 30], [40, 50, 60]])
    >>> recoverable(counts, np.array([[True, False, False], [False, False, False]]))[0].tolist()
    [True, False, False]
    >>> bool(recoverable(counts, np.array([[True, True, False], [True, True, False]])).any())
    False
    """
    of_rows = np.where(hidden, counts, 0).sum(axis=1, keepdims=True)
    of_columns = np.where(hidden, counts, 0).sum(axis=0, keepdims=True)
    low = np.zeros_like(counts)
    high = np.where(hidden, np.minimum(of_rows, of_columns), 0)
    while True:
        before = (low.copy(), high.copy())
        for total, axis in ((of_rows, 1), (of_columns, 0)):
            others_high = high.sum(axis=axis, keepdims=True) - high
            others_low = low.sum(axis=axis, keepdims=True) - low
            low = np.where(hidden, np.maximum(low, total - others_high), 0)
            high = np.where(hidden, np.minimum(high, total - others_low), 0)
        if (low == before[0]).all() and (high == before[1]).all():
            return hidden & (low == high)
