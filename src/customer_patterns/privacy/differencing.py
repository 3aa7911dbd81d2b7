"""What can be worked out of a table: blanks from totals, and one customer's amount from a sum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: A sum tells too much of its largest contributor if the second could estimate it to within this share of itself (the
#: p% rule: Hundepool et al. 2012, Statistical Disclosure Control, section 4.2.2).
CLOSEST = 0.1


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
    sizes = np.sort(np.abs(amounts), axis=0)[::-1]
    if not len(sizes):
        return np.zeros(amounts.shape[1], dtype=bool)
    rest = sizes[2:].sum(axis=0)
    return (sizes[0] > 0) & (rest < closest * sizes[0])


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
