"""Wall clocks: which moment a local time is, and the two times a year at which it is none or two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from customer_patterns.sources.values.outcome import Fault, Outcome, Repaired

#: Between these, wall clocks are looked up in pieces (fast path); beyond, value by value.
FIRST, LAST = datetime(1900, 1, 2), datetime(2100, 1, 1)


@dataclass(frozen=True)
class Clock:
    """A wall clock, and what the study file says about the times it skips or shows twice.

    Attributes
    ----------
    zone
        IANA name.
    nonexistent
        A time skipped when clocks go forward is moved on by what was skipped, or set aside.
    ambiguous
        A time that occurs twice when clocks go back is the first or second of them, or set aside.
    """

    zone: str = "UTC"
    nonexistent: Literal["forward", "set_aside"] = "set_aside"
    ambiguous: Literal["first", "second", "set_aside"] = "set_aside"

    def moment(self, wall: datetime) -> Outcome:
        """Return the UTC moment at which the clock shows ``wall``.

        >>> Clock("Europe/Berlin").moment(datetime(2026, 3, 29, 2, 30))
        Fault(code='E_DST_GAP')
        >>> Clock("Europe/Berlin", nonexistent="forward").moment(datetime(2026, 3, 29, 2, 30))
        Repaired(value=datetime.datetime(2026, 3, 29, 1, 30), codes=('R_DST_GAP',))
        """
        try:
            before, after = _offset(self.zone, wall, 0), _offset(self.zone, wall, 1)
            first, second = wall - before, wall - after
        except OverflowError:
            return Fault("E_IMPLAUSIBLE")
        if before == after:
            return first
        if after > before:
            return Repaired(first, ("R_DST_GAP",)) if self.nonexistent == "forward" else Fault("E_DST_GAP")
        if self.ambiguous == "set_aside":
            return Fault("E_DST_OVERLAP")
        return Repaired(first if self.ambiguous == "first" else second, ("R_DST_OVERLAP",))

    def wall(self, moment: datetime) -> datetime:
        """Return what the clock shows at a UTC moment."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)


def _offset(zone: str, wall: datetime, fold: int) -> timedelta:
    return wall.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() or timedelta(0)


@dataclass(frozen=True)
class Piece:
    """Wall-clock times from ``start`` to before ``end``, which all have one offset, or (``None``) need a look each."""

    start: datetime
    end: datetime
    offset: timedelta | None


@lru_cache(maxsize=32)
def pieces(zone: str) -> tuple[Piece, ...]:
    """Cut a zone's wall clock from ``FIRST`` to ``LAST`` where its offset changes.

    The skipped and the repeated times are pieces of their own, without an offset.
    """
    if zone == "UTC":
        return (Piece(FIRST, LAST, timedelta(0)),)
    place = ZoneInfo(zone)
    found: list[Piece] = []
    start, day = FIRST, FIRST - timedelta(days=2)
    offset = _utc_offset(place, day)
    while day < LAST + timedelta(days=2):
        following = day + timedelta(days=1)
        later = _utc_offset(place, following)
        if later != offset:
            change = _change(place, day, following)
            walls = sorted((change + offset, change + later))
            if start < walls[0]:
                found.append(Piece(start, walls[0], offset))
            start = max(start, walls[1])
            if walls[0] >= FIRST:
                found.append(Piece(walls[0], walls[1], None))
            offset = later
        day = following
    return tuple(piece for piece in (*found, Piece(start, LAST, offset)) if piece.start < piece.end)


def _utc_offset(place: ZoneInfo, moment: datetime) -> timedelta:
    return moment.replace(tzinfo=UTC).astimezone(place).utcoffset() or timedelta(0)


def _change(place: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second at which the offset of ``high`` holds."""
    wanted = _utc_offset(place, high)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if _utc_offset(place, middle) == wanted else (middle, high)
    return high
