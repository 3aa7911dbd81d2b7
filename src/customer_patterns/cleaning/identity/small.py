"""Rows that rest on too few are not shown, and neither is what would give them away."""

from __future__ import annotations

import pandas as pd

from customer_patterns.privacy.blanking import SHOWN, blanked


def without_small(table: pd.DataFrame, *, by: str, columns: list[str]) -> pd.DataFrame:
    """Empty the figures of rows that rest on too few, and of the next smallest where the whole would tell them.

    Parameters
    ----------
    table
        Any rows.
    by
        The column that says on how many a row rests.
    columns
        The figures.

    Examples
    --------
    >>> without_small(pd.DataFrame({"n": [3, 40, 20]}), by="n", columns=["n"])["n"].tolist()
    [<NA>, 40, <NA>]
    """
    few = blanked(table[by].to_numpy(dtype=float)) != SHOWN
    shown = table.astype({name: "Int64" for name in columns if pd.api.types.is_integer_dtype(table[name])})
    shown.loc[few, columns] = None
    return shown
