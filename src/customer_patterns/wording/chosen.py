"""Numbers that somebody chose, beside those found in data."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Chosen:
    """A number that somebody chose (a window of 28 days), not one found in data. It has neither n nor interval.

    ``unit`` is named like that of an Estimate: ``"days"``, ``"share"``, ``"orders"`` … or empty.
    """

    value: float
    unit: str = ""

    def __post_init__(self) -> None:
        """Refuse what is not finite."""
        if not math.isfinite(self.value):
            raise ValueError(f"a chosen number must be finite, got {self.value}")
