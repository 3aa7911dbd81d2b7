"""What rests on few customers: rows of tables that do not add up to a total, and shares without an interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, wilson
from customer_patterns.features.cells import SMALLEST_CELL


def blank_few(
    frame: pd.DataFrame, columns: Sequence[str], *, n: str = "n", at_least: int = SMALLEST_CELL
) -> pd.DataFrame:
    """Blank the rows that rest on too few customers, and no others.

    For rows of which none can be worked out from the others: pairs of sources, products, improvements. Where rows make
    up a total, :func:`~customer_patterns.features.cells.suppress` blanks others with them.

    Parameters
    ----------
    frame
        One row per cell.
    columns
        What is blanked in such rows, beside ``n``.
    n
        The column that counts the customers of a cell.
    at_least
        The smallest number of customers that is shown.

    Returns
    -------
    DataFrame
        The same rows with a column ``suppressed`` (``"no"``, ``"too few"``).
    """
    size = frame[n].to_numpy(dtype=float, na_value=np.nan)
    few = (size > 0) & (size < at_least)
    blanked = {name: frame[name].mask(few) for name in dict.fromkeys((*columns, n))}
    return frame.assign(**blanked, suppressed=pd.Series(np.where(few, "too few", "no"), frame.index, dtype="str"))


def never_without_interval(share: Interval, people: NDArray[np.int64]) -> Interval:
    """Give shares of few people an interval where resamples have none, since most of them are alike.

    Parameters
    ----------
    share
        Shares with the ends that resampling gave, missing where it gave none.
    people
        Of how many each is.

    Returns
    -------
    Interval
        The same; where ends were missing Wilson's, for as many observations as there are people, which is too wide
        rather than too narrow. A missing share stays so.
    """
    lacking = np.isfinite(share.value) & ~np.isfinite(share.low)
    among = wilson(np.where(lacking, share.value, 0.0) * people, np.maximum(people, 1))
    ends = (np.where(lacking, new, old) for new, old in ((among.low, share.low), (among.high, share.high)))
    return Interval(share.value, *ends)
