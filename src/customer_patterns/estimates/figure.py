"""What a number must carry before anyone may print it."""

from __future__ import annotations

import math
from dataclasses import dataclass


class NotEnoughData(ValueError):
    """The data do not suffice for a figure with an interval; the message says what is needed and what is there."""


@dataclass(frozen=True)
class Estimate:
    """A figure estimated from a sample, with its interval.

    Attributes
    ----------
    value, low, high
        The figure and the bounds of its interval, ``low <= value <= high``, in ``unit``. Shares are 0 to 1.
    n
        How many of ``of`` it rests on.
    of
        What ``n`` counts, in the plural: ``"households"``, ``"orders"`` …
    unit
        ``"share"``, ``"currency"``, ``"days"``, ``"ratio"``, ``"orders"``, ``"hours"`` …
    level
        The interval's confidence level.
    method
        How the interval was found, e.g. ``"bootstrap over customers"``.
    """

    value: float
    low: float
    high: float
    n: int
    of: str
    unit: str
    level: float = 0.95
    method: str = ""

    def __post_init__(self) -> None:
        if self.n < 1:
            raise NotEnoughData("an estimate needs at least one observation; say 'not enough data' instead")
        if not all(math.isfinite(x) for x in (self.value, self.low, self.high)):
            raise ValueError(f"an estimate must be finite, got {self.value} ({self.low} to {self.high})")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"the interval {self.low} to {self.high} does not hold the value {self.value}")


@dataclass(frozen=True)
class Count:
    """A figure counted in full, not sampled: a number of rows, a total, a date. It has no sampling interval.

    Attributes
    ----------
    value
        The count or total.
    unit
        ``"currency"`` or what is counted, in the plural (``"households"``).
    n
        For a total, how many ``of`` were added up; for a plain count, the count itself.
    """

    value: float
    unit: str
    n: int
    of: str
