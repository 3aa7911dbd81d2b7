"""The same pairs under the plainest null model: how much of a lift is the model's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.estimates import bounded
from customer_patterns.features.enough import empty
from customer_patterns.patterns.association import beyond_size
from customer_patterns.patterns.baskets import AND, Baskets
from customer_patterns.patterns.chance import Strata
from customer_patterns.patterns.tables import PLAIN_LIFTS


def plain_lifts(baskets: Baskets, shown_rules: pd.DataFrame) -> pd.DataFrame:
    """Estimate the Mantel-Haenszel lift of the shown pairs of a level, over all customers and the whole period.

    A lift depends on what it is held against. The chapter's own null lets items compete for the places of a basket, and
    asks only the customers who test; this one stratifies everybody's baskets by size and leaves it at that.

    Parameters
    ----------
    baskets
        All baskets of a level.
    shown_rules
        Rows as in ``SHOWN_RULES``; sets of three are passed over.

    Returns
    -------
    DataFrame
        One row per pair, in the order of ``shown_rules``; columns as in ``PLAIN_LIFTS``. Intervals cluster by customer.

    Notes
    -----
    Mantel and Haenszel (1959), J. Natl. Cancer Inst. 22, 719–748: observed over expected meetings, both summed over
    strata of basket size.
    """
    pairs = shown_rules[
        (shown_rules["level"] == baskets.level_in_words) & ~shown_rules["antecedents"].str.contains(AND, regex=False)
    ]
    if pairs.empty:
        return empty(PLAIN_LIFTS)
    number = {name: place for place, name in enumerate(baskets.items)}
    items = np.array([[number[row["antecedents"]], number[row["consequents"]]] for _, row in pairs.iterrows()])
    found = beyond_size(Strata.of(baskets), items, places_limited=False)
    table = pairs[["level", "antecedents", "consequents", "rule"]].reset_index(drop=True)
    lifts = {f"plain_{name}": found[name] for name in bounded("lift")}
    counts = {name: found[name].astype("int64") for name in ("baskets", "n")}
    return table.assign(**lifts, **counts)[PLAIN_LIFTS.names]
