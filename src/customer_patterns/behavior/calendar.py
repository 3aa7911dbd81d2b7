"""What public holidays show in the year's orders: the day itself, and the days before it."""

from __future__ import annotations

from datetime import date

import holidays
import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.behavior.orders import in_period
from customer_patterns.behavior.tables import HOLIDAYS
from customer_patterns.estimates import Interval, bootstrap_ratio, bounded, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, cents, customer_sums, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.privacy.differencing import contributions

#: A holiday is compared with the same weekdays so many days before and after it.
COMPARED_WITH = (-21, -14, 14, 21)
#: So many of them must lie in the study.
FEWEST = 2
#: Days up to the evening before a holiday.
DAYS_BEFORE = 6


def public_holidays(country: str | None, *, first_day: date, last_day: date) -> dict[date, str]:
    """Name the public holidays of a country, by day.

    Parameters
    ----------
    country
        In two letters (ISO 3166-1). ``None``, or a country of which nothing is known: no holidays.
    first_day, last_day
        The period, both days included.

    Returns
    -------
    dict
        Days and names, in English where there is one. Days observed in a holiday's place are left out: people
        celebrate on the day. Of two holidays on one day the names are joined.
    """
    if country is None or country not in holidays.list_supported_countries():
        return {}
    languages = holidays.list_localized_countries().get(country, [])
    language = next((one for one in ("en_US", "en_GB", "en") if one in languages), None)
    years = range(first_day.year, last_day.year + 1)
    named = holidays.country_holidays(country, years=years, observed=False, language=language)
    return {day: named[day] for day in sorted(named) if first_day <= day <= last_day}


@empty_unless_enough(HOLIDAYS)
def holiday_orders(orders: ir.Table, days: dict[date, str], *, first_day: date, last_day: date) -> pd.DataFrame:
    """Compare revenue on holidays, and in the days before them, with that of usual weeks.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``revenue``.
    days
        The holidays, from :func:`public_holidays`.
    first_day, last_day
        The period, both days included. Other orders change nothing.

    Returns
    -------
    DataFrame
        One row per holiday, by day: ``holiday`` (its name), ``ordered_on``, ``day_index`` (revenue of the day by the
        mean of the same weekday two and three weeks before and after), ``before_index`` (the same of the six days up to
        the evening before), with intervals (resampling customers), ``compared_days`` (how many of the four the study
        holds; with fewer than two the figures are missing, and where they would tell what few customers, or one, spent
        that day), ``n`` (customers with an order in the period). One year shows how it was, not how it usually is.
    """
    if not days:
        return empty(HOLIDAYS)
    length = (last_day - first_day).days + 1
    orders = in_period(orders, first_day, last_day)
    day = orders.ordered_on.delta(ibis.literal(first_day), unit="day")
    sums = customer_sums(
        orders.mutate(day=day), {"revenue": cents(ibis._.revenue).sum()}, by="day", levels=range(length)
    )["revenue"]
    upto = np.column_stack([np.zeros(len(sums)), sums.cumsum(axis=1)])
    listed = [(on, name) for on, name in sorted(days.items()) if first_day <= on <= last_day]
    if len(sums) < SMALLEST_CELL or not listed:
        return empty(HOLIDAYS)
    at = np.array([(on - first_day).days for on, _ in listed])
    table = pd.DataFrame(
        {
            "holiday": pd.Series([name for _, name in listed], dtype="str"),
            "ordered_on": [on for on, _ in listed],
            "n": whole_numbers([len(sums)] * len(listed)),
        }
    )
    for measure, first, last in (("day_index", 0, 0), ("before_index", -DAYS_BEFORE, -1)):
        seen, usual, there = _windows(upto, at, first, last, length)
        known = (there >= FEWEST) & ~_told_of_one(seen) & ~_told_of_one(usual)
        index = bootstrap_ratio(np.where(known, seen, 0), np.where(known, usual, 0))
        table = with_interval(table, measure, Interval(*(np.where(known, part, np.nan) for part in index)))
        if measure == "day_index":
            table = table.assign(compared_days=there)
    return table[HOLIDAYS.names]


def _told_of_one(amounts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say of each sum over customers whether so few stand behind it, or one so large, that it tells what they spent."""
    buyers = (amounts != 0).sum(axis=0)
    return ((buyers > 0) & (buyers < SMALLEST_CELL)) | contributions(amounts).dominated()


def _windows(
    upto: NDArray[np.float64], at: NDArray[np.int64], first: int, last: int, length: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Per customer and holiday: revenue of a window around it, its mean in other weeks, how many weeks these are."""

    def between(days: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        inside = (days + first >= 0) & (days + last < length)
        low, high = np.clip(days + first, 0, length), np.clip(days + last + 1, 0, length)
        return (upto[:, high] - upto[:, low]) * inside, inside

    seen, whole = between(at)
    others = [between(at + shift) for shift in COMPARED_WITH]
    there = np.sum([inside for _, inside in others], axis=0) * whole
    return seen, sum(part for part, _ in others) / np.maximum(there, 1), there


def notable(table: pd.DataFrame) -> pd.Series | None:
    """The holiday whose day is farthest from a usual one, as far as its interval says so; ``None`` if none is."""
    known = table.dropna(subset=bounded("day_index"))
    apart = known[(known["day_index_low"] > 1) | (known["day_index_high"] < 1)]
    if apart.empty:
        return None
    nearest = np.where(apart["day_index_low"] > 1, apart["day_index_low"], 1 / apart["day_index_high"].clip(lower=1e-9))
    return apart.iloc[int(np.argmax(nearest))]
