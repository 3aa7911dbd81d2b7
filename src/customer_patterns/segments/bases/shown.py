"""Which cross-table a reader is shown: the one where who customers are comes closest to what they do."""

from __future__ import annotations

import pandas as pd

from customer_patterns.segments.bases.tables import RELATED


def closest_levels(agreement: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Return the cross-table of the attribute and grouping that agree most, beyond chance; without rows if none do.

    Parameters
    ----------
    agreement, levels
        From :func:`~customer_patterns.segments.bases.comparing.basis_agreement` and ``basis_levels``.
    """
    related = agreement[agreement["verdict"] == RELATED]
    if related.empty:
        return levels[:0]
    closest = related.iloc[0]
    chosen = (levels["attribute"] == closest["attribute"]) & (levels["behavior"] == closest["behavior"])
    return levels[chosen].reset_index(drop=True)
