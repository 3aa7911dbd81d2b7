"""The figures of the market that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from customer_patterns import wording
from customer_patterns.behavior.market.tables import AS_EXPECTED, AS_SIZES, SHARE_MORE
from customer_patterns.estimates import Count
from customer_patterns.wording import Name


def unlike_brand(brands: pd.DataFrame) -> pd.Series | None:
    """The brand that stands out: of those beside the line the one with most purchases not expected."""
    apart = brands[brands["verdict"] != AS_EXPECTED].dropna(subset=["frequency_ratio_low"])
    if apart.empty:
        return None
    moved = np.abs(np.log(apart["frequency_ratio"].to_numpy())) * apart["share_of_purchases"].to_numpy()
    return apart.iloc[int(np.argmax(moved))]


def _market_brands(figures: wording.Figures, brands: pd.DataFrame) -> None:
    figures["market_category"] = Name(brands["category"].iloc[0])
    figures.count("brands_compared", len(brands), "brands")
    figures.count("unlike_brands", (brands["verdict"] != AS_EXPECTED).sum(), "brands")
    if (row := unlike_brand(brands)) is not None:
        figures["odd_brand"] = Name(row["brand"])
        figures.estimate("odd_ratio", row, "frequency_ratio", "ratio")


def _brand_duplication(figures: wording.Figures, pairs: pd.DataFrame) -> None:
    more = pairs[pairs["verdict"] == SHARE_MORE]
    figures.count("pairs_of_brands", len(pairs), "pairs")
    figures.count("pairs_alike", (pairs["verdict"] == AS_SIZES).sum(), "pairs")
    if len(more):
        # The pair with most buyers in common beyond what sizes let expect.
        row = more.iloc[int(np.argmax(more["n"].astype(float) * (more["duplication"] - more["by_size"])))]
        figures["buyers_of"], figures["also_buy"] = Name(row["buyers_of"]), Name(row["also_buy"])
        figures.estimate("also_share", row, "duplication", "share", method="Wilson")
        figures["also_by_size"] = Count(float(row["by_size"]), "share", n=int(row["n"]), of="customers")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "market_brands": _market_brands,
    "brand_duplication": _brand_duplication,
}
