"""Rows that rest on few customers, in tables whose rows do not add up to a total."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

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
