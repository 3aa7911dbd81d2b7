"""The figures about sequences, offers and permuted baskets that the chapter's sentences speak of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from customer_patterns.estimates import Count
from customer_patterns.patterns.offers import BY_RULES, BY_SALES
from customer_patterns.patterns.tables import SEARCHED

#: How the shares of customers are made.
WILSON = "Wilson"

#: Sentence, grade of its evidence, table and figure that show it.
SEQUENCE_FINDINGS = (
    ("patterns.sequences", "description", "sequence_account", "sequences"),
    ("patterns.sequences_none", "description", "sequence_account", "sequences"),
)
OFFER_FINDINGS = (("patterns.offers", "description", "offers_tried", "offers"),)


def _count(number: float, of: str) -> Count:
    return Count(int(number), of, n=int(number), of=of)


def _sequence_account(figures: Any, account: pd.DataFrame) -> None:
    rows = account[(account["outcome"] == SEARCHED) & (account["length"] == 2) & (account["tested"] > 0)]
    for _, row in rows.head(1).iterrows():
        figures["frequent_orders"] = _count(row["frequent"], "sequences")
        figures["tried_orders"] = _count(row["tested"], "sequences")
        figures["ordered"] = _count(row["in_order"], "sequences")
        if row["in_order"]:
            figures["ordered_again"] = _count(row["confirmed"], "sequences")
        else:
            figures["missed_orders"] = figures["tried_orders"]


def _offers_tried(figures: Any, tried: pd.DataFrame) -> None:
    rows = tried.set_index("made")
    figures["with_list"] = _count(rows["n"].iloc[0], "customers")
    for made, name in ((BY_RULES, "took_rules"), (BY_SALES, "took_sales")):
        figures.estimate(name, rows.loc[made], "share", "share", method=WILSON)


def _offers(figures: Any, offers: pd.DataFrame) -> None:
    figures["offered"] = _count(offers["customers"].iloc[0], "customers")


def _permuted(figures: Any, permuted: pd.DataFrame) -> None:
    for name, column in (("copy_tested", "tested"), ("copy_size", "yekutieli"), ("copy_found", "same_basket")):
        figures[name] = _count(permuted[column].sum(), "pairs")
    figures["copies"] = _count(len(permuted), "copies")


READERS: dict[str, Callable[[Any, pd.DataFrame], None]] = {
    "sequence_account": _sequence_account,
    "offers_tried": _offers_tried,
    "offers": _offers,
    "permuted_account": _permuted,
}
