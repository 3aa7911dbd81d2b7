"""Spans of time that know their unit, so that no model is ever asked for 26 of the wrong thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Unit = Literal["days", "weeks", "months", "years"]

#: Days in a unit; months and years are those of the Gregorian calendar on average.
DAYS: dict[str, float] = {"days": 1.0, "weeks": 7.0, "months": 365.2425 / 12, "years": 365.2425}


@dataclass(frozen=True)
class Span:
    """A length of time.

    Attributes
    ----------
    count
        How many units; 0 or more.
    unit
        ``"days"``, ``"weeks"``, ``"months"`` or ``"years"``.

    Raises
    ------
    ValueError
        For a negative count, or a unit that is none of these.

    Examples
    --------
    >>> Span(26, "weeks").days
    182.0
    >>> round(Span(6, "months").to("weeks"), 2)
    26.09
    """

    count: float
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse what is no length of time."""
        if self.unit not in get_args(Unit):
            raise ValueError(f"a span is in {', '.join(get_args(Unit))}, not in {self.unit!r}")
        if not self.count >= 0:
            raise ValueError(f"a span is 0 or more {self.unit}, not {self.count}")

    @property
    def days(self) -> float:
        """Its length in days."""
        return self.count * DAYS[self.unit]

    def to(self, unit: Unit) -> float:
        """Its length in another unit."""
        return self.days / DAYS[unit]
