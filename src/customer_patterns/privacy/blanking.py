"""Which cells of a table are blank so that nobody is recognized: those of few, and those that would give them away.

Hundepool et al. (2012), Statistical Disclosure Control, section 4.2: primary and complementary suppression, and the p%
rule for sums.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from customer_patterns.privacy.differencing import Contributions

#: A cell of fewer customers is not shown: its members could be recognized.
SMALLEST_CELL = 10
SHOWN, FEW, ANOTHER = "no", "too few", "to protect another"


def blanked(
    size: NDArray[np.float64],
    *,
    at_least: int = SMALLEST_CELL,
    partition: bool = False,
    sums: Contributions | None = None,
) -> NDArray[np.object_]:
    """Say of each cell whether it is blank, and why.

    Totals stand elsewhere, so a single blank cell could be had by subtraction: then the next smallest is blank as well.

    Parameters
    ----------
    size
        Customers in each cell; cells of nobody are shown, since nobody is in them.
    at_least
        The smallest number of customers that is shown.
    partition
        Whether each customer is in one cell only, so that the sum of all blank cells is that of a known number of
        customers; cells are then blanked until these are :data:`SMALLEST_CELL` many.
    sums
        Who contributes most to the sum of money in each cell, where there is one. A cell that one customer dominates is
        blank like one of too few, and cells are blanked until all blank ones together are not dominated either.

    Returns
    -------
    ndarray
        Per cell ``"no"``, ``"too few"`` or ``"to protect another"``.

    Examples
    --------
    >>> blanked(np.array([3.0, 40.0, 25.0, 0.0])).tolist()
    ['too few', 'no', 'to protect another', 'no']
    """
    few = (size > 0) & (size < at_least)
    why = np.where(few if sums is None else few | sums.dominated(), FEW, SHOWN).astype(object)
    for cell in np.argsort(size, kind="stable"):
        hidden = why != SHOWN
        enough = hidden.sum() >= 2 and (not partition or size[hidden].sum() >= SMALLEST_CELL)
        if not hidden.any() or (enough and not (sums is not None and sums.together(hidden))):
            break
        if not hidden[cell] and size[cell] > 0:
            why[cell] = ANOTHER
    return why
