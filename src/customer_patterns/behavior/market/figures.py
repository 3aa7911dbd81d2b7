"""The figures of the market that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from customer_patterns import wording
from customer_patterns.behavior.market.tables import AS_EXPECTED
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


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {"market_brands": _market_brands}
