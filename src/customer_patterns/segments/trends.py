"""What the chapter's sentences say of segments that buy more or less than they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from customer_patterns.estimates import Z95, Count
from customer_patterns.estimates.false_discovery import benjamini_hochberg
from customer_patterns.features.cells import shown
from customer_patterns.features.group_patterns import MEASURES, ORDERS
from customer_patterns.wording import Name

if TYPE_CHECKING:
    from customer_patterns.wording import Figures

#: Share of false ones allowed among the changes that are called clear; a name longer than this is not in a title.
FALSE_DISCOVERY, LONGEST_NAME = 0.05, 34


def clear_changes(trends: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which changes are clear when all are looked at together.

    Parameters
    ----------
    trends
        One row per group and measure, as in :data:`~customer_patterns.features.group_patterns.GROUP_TRENDS`, none of
        them blank.

    Returns
    -------
    ndarray
        Whether a change differs from none beyond chance, at a false discovery rate of a twentieth over all rows.

    Notes
    -----
    Of a dozen intervals of 95 % one is likely to miss no change by chance. The p-value of a row is that of its
    interval, which is even on the logarithmic scale.
    """
    low, middle, high = (np.log(trends[name].to_numpy(dtype=float)) for name in ("change_low", "change", "change_high"))
    error = (high - low) / (2 * Z95)
    far = np.divide(np.abs(middle), error, out=np.where(middle == 0, 0.0, np.inf), where=error > 0)
    return benjamini_hochberg(2 * norm.sf(far)) <= FALSE_DISCOVERY


def drawn_trends(trends: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Keep what a chart can draw, the segments in the order in which all of the chapter shows them.

    Parameters
    ----------
    trends
        One row per group and measure, as in :data:`~customer_patterns.features.group_patterns.GROUP_TRENDS`.
    names
        The segments in their order.

    Returns
    -------
    DataFrame
        The rows that are not blank, by segment, measures in their order.
    """
    known = shown(trends, "change")
    segment, measure = (
        known[name].map(list(order).index) for name, order in (("segment", names), ("measure", MEASURES))
    )
    return known.assign(_segment=segment, _measure=measure).sort_values(["_segment", "_measure"], ignore_index=True)[
        trends.columns
    ]


def _trends(figures: Figures, table: pd.DataFrame) -> None:
    known = shown(table, "change")
    if known.empty:
        return
    people = int(known.loc[known["measure"] == ORDERS, "n"].sum())
    figures["trend_people"] = Count(people, "customers", n=people, of="customers")
    figures.count("trends_compared", len(known), "comparisons")
    clear = known[clear_changes(known)]
    if clear.empty:
        return
    figures.count("trends_clear", len(clear), "comparisons")
    row = clear.loc[np.log(clear["change"].astype(float)).abs().idxmax()]
    if len(row["segment"]) <= LONGEST_NAME:
        figures["trend_segment"], figures["trend_measure"] = Name(row["segment"], "word"), Name(row["measure"], "word")
        figures.estimate("trend_change", row, "change", "ratio")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {"segment_trends": _trends}


def trends_title(figures: Figures) -> str:
    """Which title says most: the clearest change, else how many are clear, else that none is."""
    keys = ("segments.trends_named_title", "segments.trends_counted_title")
    return next((key for key in keys if figures.suffice(key)), "segments.trends_title")
