"""What a text about time says: a wall-clock time and its offset, put together of parts or of a count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from customer_patterns.sources.values.outcome import Fault

#: Days that senders write for "not known".
SENTINELS = (date(1900, 1, 1), date(1970, 1, 1), date(9999, 12, 31))
EPOCH, EXCEL_EPOCH = datetime(1970, 1, 1), datetime(1899, 12, 30)
#: Counted times outside these years were counted in another unit or from another day.
COUNTED_FROM = {"epoch_s": datetime(1990, 1, 1), "epoch_ms": datetime(1990, 1, 1), "excel_serial": datetime(1950, 1, 1)}
COUNTED_UNTIL = datetime(2100, 1, 1)
_SECONDS = {"epoch_s": Decimal(1), "epoch_ms": Decimal("0.001"), "excel_serial": Decimal(86_400)}


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says: a wall-clock time, and its offset where it gives one (the moment is ``wall - offset``)."""

    wall: datetime
    offset: timedelta | None = None
    codes: tuple[str, ...] = ()

    @property
    def is_sentinel(self) -> bool:
        """Whether it is a day that stands for "not known"."""
        return self.wall.date() in SENTINELS


def moment_of(
    year: int, month: int, day: int, clock: tuple[str | None, str | None, str | None, str | None], offset: str | None
) -> Said | Fault:
    """Make a moment of its parts; 24:00 is the next day's midnight."""
    hour, minute, second, fraction = (int(part) if part else 0 for part in (*clock[:3], None))
    codes: tuple[str, ...] = ()
    if clock[3]:
        fraction = int(clock[3][:6].ljust(6, "0"))
        if clock[3][6:].strip("0"):
            codes = ("R_ROUNDED",)
    try:
        on = date(year, month, day)
    except ValueError:
        return Fault("E_IMPOSSIBLE_DAY")
    midnight = hour == 24 and not (minute or second or fraction)
    if midnight:
        hour, codes = 0, (*codes, "R_MIDNIGHT")
    try:
        wall = datetime.combine(on, time(hour, minute, second, fraction))
        if midnight:
            wall += timedelta(days=1)
        shift = None if offset is None else _shift(offset)
        if shift is not None:
            wall - shift  # must be a moment too
    except ValueError:
        return Fault("E_IMPOSSIBLE_TIME")
    except OverflowError:
        return Fault("E_IMPLAUSIBLE")
    return Said(wall, shift, codes)


def _shift(offset: str) -> timedelta:
    """An offset from UTC as written, -12:00 to +14:00."""
    if offset in ("Z", "z"):
        return timedelta(0)
    hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
    shift = timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    if minutes > 59 or not timedelta(hours=-12) <= shift <= timedelta(hours=14):
        raise ValueError("no place on earth has this offset")
    return shift


def counted(count: Decimal, unit: str) -> Said | Fault:
    """What a count says; ``excel_serial`` counts days of the wall clock, to the millisecond, the others UTC."""
    if count == 0:
        return Said(datetime(1970, 1, 1), timedelta(0))
    seconds = count * _SECONDS[unit]
    if abs(seconds) > 10**11:
        return Fault("E_IMPLAUSIBLE")
    if unit == "excel_serial":
        thousandths = int((seconds * 1000).to_integral_value(ROUND_HALF_UP))
        wall, offset = EXCEL_EPOCH + timedelta(milliseconds=thousandths), None
    else:
        wall, offset = (
            EPOCH + timedelta(microseconds=int((seconds * 10**6).to_integral_value(ROUND_HALF_UP))),
            timedelta(),
        )
    if not COUNTED_FROM[unit] <= wall < COUNTED_UNTIL:
        return Fault("E_IMPLAUSIBLE")
    return Said(wall, offset)
