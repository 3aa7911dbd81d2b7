"""mlxtend's own call, answered by our miner: a line to change in a notebook that has outgrown it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.patterns.miner.itemsets import mine_itemsets


def frequent_itemsets(
    cells: pd.DataFrame,
    min_support: float = 0.5,
    use_colnames: bool = False,
    max_len: int | None = None,
    *,
    max_memory_mb: float = 400,
) -> pd.DataFrame:
    """Find frequent sets as ``mlxtend.frequent_patterns.fpgrowth`` does.

    Parameters
    ----------
    cells
        One row per basket, one column per item: truth values, or 0 and 1.
    min_support
        A set is frequent if at least this share of the baskets hold it, above 0, up to 1.
    use_colnames
        Whether sets hold the columns' names instead of their places.
    max_len
        Items in the longest set; None: any.
    max_memory_mb
        The most that mining may take.

    Returns
    -------
    DataFrame
        One row per set: ``support``, ``itemsets`` (frozensets), by length and places: mlxtend's rows in another order.
        mlxtend's ``association_rules`` takes it; the sets of ``mine_itemsets`` and ``make_rules`` are quicker.

    Raises
    ------
    ValueError
        The support is no share, or a cell is neither true nor false; missing cells are refused, too.
    TooMuchMemory
        As :func:`~customer_patterns.patterns.miner.itemsets.mine_itemsets`.
    """
    if not 0 < min_support <= 1:
        raise ValueError(f"a support is a share above 0, up to 1, not {min_support}")
    values = cells.to_numpy()
    if values.dtype != bool:
        if cells.isna().any(axis=None) or not np.isin(values, (0, 1)).all():
            raise ValueError("cells are true or false, 1 or 0, and none is missing")
        values = values.astype(bool)
    basket, item = np.nonzero(values)
    found = mine_itemsets(
        basket,
        item,
        baskets=len(cells),
        fewest=max(int(np.ceil(min_support * len(cells) - 1e-9)), 1),
        max_length=max_len,
        max_memory_mb=max_memory_mb,
    )
    return found.frame(cells.columns.to_numpy(dtype=object) if use_colnames else None)
