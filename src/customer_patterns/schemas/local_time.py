"""Moments are kept in UTC; customers live by the clock on their wall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

_INSTANT = dt.Timestamp(timezone="UTC")


@ibis.udf.scalar.builtin(name="timezone", signature=((dt.string, dt.timestamp), _INSTANT))
def _instant(zone: str, wall: dt.timestamp) -> _INSTANT:
    """Read a wall clock of that zone as a moment."""


@ibis.udf.scalar.builtin(name="timezone", signature=((dt.string, _INSTANT), dt.timestamp))
def _wall(zone: str, moment: _INSTANT) -> dt.timestamp:
    """Show a moment on a wall clock of that zone."""


def local_time(
    moment: ir.TimestampValue, *, time_zone: str, mostly: tuple[date, date] | None = None
) -> ir.TimestampValue:
    """Turn UTC timestamps into the local time of a zone, daylight saving included.

    Both zones are named in the expression, so the session's own time zone changes nothing. DuckDB's wheels have the
    zones built in (extension ``icu``, linked statically): nothing is loaded or fetched.

    Parameters
    ----------
    moment
        A timestamp column in UTC, without a zone of its own.
    time_zone
        An IANA name, e.g. ``"America/New_York"``.
    mostly
        The first and last day between which most of the moments lie, where there are millions of them: to look up a
        zone's offset costs more than all else that is asked of a moment, and between these days it is known. The
        answer is the same with and without.

    Returns
    -------
    TimestampValue
        The local time, without a zone of its own: ``.hour()``, ``.date()``, ``.day_of_week`` are the customer's.

    Raises
    ------
    ValueError
        The zone is unknown. (DuckDB itself would say so only when the query runs.)
    """
    check_time_zone(time_zone)
    asked = _wall(time_zone, _instant("UTC", moment))
    if mostly is None:
        return asked
    begin, end = (_midnight(day) for day in (mostly[0] - _A_DAY, mostly[1] + 2 * _A_DAY))
    shifted = [(moment < until, moment + ibis.interval(seconds=off)) for off, until in _offsets(time_zone, begin, end)]
    return ibis.cases((moment < begin, asked), *shifted, else_=asked)


_A_DAY = timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


@lru_cache
def _offsets(time_zone: str, begin: datetime, end: datetime) -> list[tuple[int, datetime]]:
    """List what is added to UTC in a zone, in seconds, and until when, from one moment to another.

    The database is asked and not the system's own list of zones, since the two need not be of one edition. A clock is
    put forward or back at most once in an hour.
    """
    with duckdb.connect() as connection:

        def offset(moment: datetime) -> int:
            question = "SELECT epoch(timezone(?, timezone('UTC', ?::TIMESTAMP)) - ?::TIMESTAMP)"
            return int(connection.execute(question, [time_zone, moment, moment]).fetchall()[0][0])

        hours = connection.execute(
            "SELECT h, epoch(timezone($1, timezone('UTC', h)) - h) FROM range($2::TIMESTAMP, $3::TIMESTAMP, "
            "INTERVAL 1 HOUR) AS r(h) ORDER BY h",
            [time_zone, begin, end],
        ).fetchall()
        known = []
        for (before, old), (after, new) in pairwise(hours):
            if old != new:
                known.append((int(old), _first(before, after, lambda moment, new=new: offset(moment) == new)))
    return [*known, (int(hours[-1][1]), end)]


def _first(before: datetime, after: datetime, holds: Callable[[datetime], bool]) -> datetime:
    """The first second after a moment at which something holds that holds at a later one."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (before, middle) if holds(middle) else (middle, after)
    return after


@lru_cache
def check_time_zone(time_zone: str) -> None:
    """Raise ``ValueError`` unless the name is a time zone's in the IANA database."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f'time zone "{time_zone}" is unknown; write an IANA name such as "America/New_York"'
        ) from error
