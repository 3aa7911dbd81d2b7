"""What a search comes down to: how many sets pass each sieve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc

from customer_patterns.estimates.false_discovery import benjamini_hochberg
from customer_patterns.patterns import tables
from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.mining import Mined
from customer_patterns.patterns.strength import detectable_lift


def funnel(account: pd.DataFrame) -> pd.DataFrame:
    """Lay the account out sieve by sieve.

    Parameters
    ----------
    account
        Rows as in ``SEARCH_ACCOUNT``.

    Returns
    -------
    DataFrame
        One row per level, length and sieve, in the account's order, as in ``FUNNEL``.
    """
    columns = ("searched", "frequent", "naive", "tested", "yekutieli", "same_basket", "confirmed")
    rows = [
        (row["level"], int(row["length"]), place, step, int(row[column]))
        for _, row in account.iterrows()
        for place, (step, column) in enumerate(zip(tables.STEPS, columns, strict=True), start=1)
    ]
    return pd.DataFrame(rows, columns=tables.FUNNEL.names).astype({"level": "str", "step": "str"})


def naive_test(best: pd.DataFrame, baskets: int, false_discovery: float) -> NDArray[np.bool_]:
    """The test that is usually made: chi-square over baskets, as if these were independent and of one size."""
    a, c, leverage = (
        best[name].to_numpy(dtype=float) for name in ("antecedent_support", "consequent_support", "leverage")
    )
    varies = a * (1 - a) * c * (1 - c)
    chi_square = np.divide(baskets * leverage**2, varies, out=np.zeros_like(varies), where=varies > 0)
    return (benjamini_hochberg(chdtrc(1, chi_square)) <= false_discovery) & (leverage > 0)


def count_length(
    baskets: Baskets,
    mined: Mined,
    frequent: pd.DataFrame,
    naive: NDArray[np.bool_],
    rules: pd.DataFrame,
    length: int,
    false_discovery: float,
) -> dict[str, Any]:
    """Count the sets of one length after each test: a row of ``SEARCH_ACCOUNT``."""
    of_length = rules[rules["length"] == length]
    counts = {
        "frequent": int((frequent["length"] == length).sum()),
        "naive": int((naive & (frequent["length"] == length)).sum()),
        "tested": len(of_length),
        "hochberg": int((of_length["p_hochberg"] <= false_discovery).sum()),
        "yekutieli": int((of_length["p_yekutieli"] <= false_discovery).sum()),
        "same_basket": int((of_length["verdict"] == tables.SAME_BASKET).sum()),
        "confirmed": int(
            ((of_length["verdict"] == tables.SAME_BASKET) & (of_length["later"] == tables.CONFIRMED)).sum()
        ),
    }
    detectable = detectable_lift(of_length["log_lift_error"].to_numpy(), false_discovery=false_discovery)
    return account_row(baskets, length, tables.SEARCHED, mined) | counts | {"detectable_lift": detectable}


def account_row(baskets: Baskets, length: int, outcome: str, mined: Mined | None = None) -> dict[str, Any]:
    """Begin the row of a length: what was searched, and nothing that stands."""
    return {
        "level": baskets.level_in_words,
        "length": length,
        "outcome": outcome,
        "baskets": len(baskets),
        "customers": baskets.customers_seen,
        "giants": baskets.giants,
        "items": len(baskets.items),
        "frequent_items": len(mined.frequent_items) if mined else 0,
        "searched": mined.searched[length] if mined else 0,
        **dict.fromkeys(("frequent", "naive", "tested", "hochberg", "yekutieli", "same_basket", "confirmed"), 0),
        "detectable_lift": np.nan,
    }
