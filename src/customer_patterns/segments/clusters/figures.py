"""What the chapter's sentences say of segments that are not found again well enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from customer_patterns.segments.clusters.tables import STABLE

if TYPE_CHECKING:
    import pandas as pd

    from customer_patterns.wording import Figures

#: Sentence, grade of its evidence, table and figure that show it.
FINDINGS = (("segments.doubtful", "description", "segment_stability", "stability"),)


def _again(figures: Figures, table: pd.DataFrame) -> None:
    """How many segments are doubtful, or fall apart, where customers are drawn anew; nothing where none is."""
    doubtful = int((table["reading"] != STABLE).sum())
    if doubtful:
        figures.count("again_all", len(table), "segments")
        figures.count("again_doubtful", doubtful, "segments")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {"segment_stability": _again}
