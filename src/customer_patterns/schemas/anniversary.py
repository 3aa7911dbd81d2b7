"""The same day of another year."""

from __future__ import annotations

from datetime import date


def years_before(day: date, years: int) -> date:
    """Return the same day so many years before; that of 29 February is 28 February in a year without one.

    So nobody waits four years for an anniversary, and February's stays in February.

    Parameters
    ----------
    day
        A day.
    years
        How many; below zero, so many years after.

    Examples
    --------
    >>> years_before(date(2028, 2, 29), 1), years_before(date(2028, 2, 29), 4), years_before(date(2027, 3, 1), -1)
    (datetime.date(2027, 2, 28), datetime.date(2024, 2, 29), datetime.date(2028, 3, 1))
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # (there is no such day in that year)
        return day.replace(year=day.year - years, day=28)
