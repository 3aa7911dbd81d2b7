"""Moments are kept in UTC; customers live by the clock on their wall."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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


def local_time(moment: ir.TimestampValue, *, time_zone: str) -> ir.TimestampValue:
    """Turn UTC timestamps into the local time of a zone, daylight saving included.

    Both zones are named in the expression, so the session's own time zone changes nothing. DuckDB's wheels have the
    zones built in (extension ``icu``, linked statically): nothing is loaded or fetched.

    Parameters
    ----------
    moment
        A timestamp column in UTC, without a zone of its own.
    time_zone
        An IANA name, e.g. ``"America/New_York"``.

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
    return _wall(time_zone, _instant("UTC", moment))


@lru_cache
def check_time_zone(time_zone: str) -> None:
    """Raise ``ValueError`` unless the name is a time zone's in the IANA database."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f'time zone "{time_zone}" is unknown; write an IANA name such as "America/New_York"'
        ) from error
