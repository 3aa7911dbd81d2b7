"""Rows that rest on too few are not shown, and neither is what would give them away."""

from __future__ import annotations

import pandas as pd

#: A row that rests on fewer is not shown.
SMALLEST = 10


def without_small(table: pd.DataFrame, *, by: str, columns: list[str]) -> pd.DataFrame:
    """Empty the figures of rows that rest on fewer than :data:`SMALLEST`.

    Where there is one such row alone, the next smallest is emptied too, since the whole would tell it.

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
    few = table[by] < SMALLEST
    if few.sum() == 1 and not few.all():
        few |= table[by] == table.loc[~few, by].min()
    shown = table.astype({name: "Int64" for name in columns if pd.api.types.is_integer_dtype(table[name])})
    shown.loc[few, columns] = None
    return shown
