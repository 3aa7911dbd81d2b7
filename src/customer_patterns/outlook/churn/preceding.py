"""Which sequences of purchases came before leaving: who is asked, and how the patterns room's answer reads here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import renamed
from customer_patterns.features.enough import empty
from customer_patterns.outlook.churn import tables
from customer_patterns.outlook.churn.backtest import BackTest

#: How the two groups are called in a table about sequences that tell any two groups apart.
_VERDICTS = {"more in the first": tables.BEFORE_LEAVING, "more in the second": tables.BEFORE_STAYING}


def leavers_and_stayers(test: BackTest, customers: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each of ``customers`` whether they left in the test's horizon, and whether they stayed; neither of others.

    Parameters
    ----------
    customers
        Keys in the order that is wanted; who had no base at the test's cut is in neither group.
    """
    if not test.history.enough:
        nobody = np.zeros(len(customers), dtype=bool)
        return nobody, nobody.copy()
    rows = test.tested["customer_id"]
    each = pd.Index(customers)
    return tuple(each.isin(rows[who]) for who in (test.left, ~test.left))


def name_sequences(distinguishing: pd.DataFrame) -> pd.DataFrame:
    """Read sequences that tell a first group from a second as those before leaving and before staying.

    Parameters
    ----------
    distinguishing
        One row per tested sequence, from ``patterns.sequences_that_distinguish`` with those who left as the first
        group and those who stayed as the second.

    Returns
    -------
    DataFrame
        One row per sequence, by it; columns as in ``DEFECTION_SEQUENCES``.
    """
    if distinguishing.empty:
        return empty(tables.DEFECTION_SEQUENCES)
    names = renamed("first_lift", "left_lift") | renamed("second_lift", "stayed_lift")
    table = distinguishing.rename(columns={**names, "first_n": "n", "second_n": "stayed_n"})
    verdict = table["verdict"].map(_VERDICTS).fillna(tables.CHANCE).astype("str")
    return table.assign(verdict=verdict).sort_values("sequence", ignore_index=True)[tables.DEFECTION_SEQUENCES.names]
