"""The stream of posts, comments and reviews, day by day."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Z95, wilson
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.listening.tables import MOOD_DAYS, TONE_DAYS
from customer_patterns.schemas import TableSchema

#: Each day shows the days up to it, so that weekdays do not matter.
WINDOW_DAYS = 28


def mood_days(written: ir.Table, *, first_day: date, last_day: date, window_days: int = WINDOW_DAYS) -> pd.DataFrame:
    """Follow how much is written and with how many stars, over the four weeks up to each day.

    Parameters
    ----------
    written
        One row per text: ``customer_id`` (its writer), ``written_on`` (local day), ``rating`` (1 to 5, or missing).
    first_day, last_day
        The period; texts outside change nothing. The first days, whose window is not whole, have no row.
    window_days
        Length of the window.

    Returns
    -------
    DataFrame
        One row per day; columns as in ``MOOD_DAYS``. Blank where fewer than ten writers gave stars. Intervals: normal,
        with the standard error of a ratio over writers, several texts of whom resemble each other (Liang and Zeger
        1986, Biometrika 73, 13–22).
    """
    rows = written.filter(written.written_on.between(first_day, last_day)).to_pandas()
    if rows.empty:
        return empty(MOOD_DAYS)
    day = _days_since(rows["written_on"], first_day)
    writer = pd.factorize(rows["customer_id"], sort=True)[0]
    stars = rows["rating"].to_numpy(dtype=float, na_value=np.nan)
    days = (last_day - first_day).days + 1
    found = []
    for end in range(window_days - 1, days):
        here = (day <= end) & (day > end - window_days)
        rated = here & np.isfinite(stars)
        mean = _mean_of_writers(writer[rated], stars[rated])
        if mean is None:
            some = len(np.unique(writer[here])) >= SMALLEST_CELL or not here.any()
            found.append((int(here.sum()) if some else None, np.nan, np.nan, np.nan, None))
            continue
        value, error, people = mean
        low, high = max(value - Z95 * error, 1.0), min(value + Z95 * error, 5.0)
        found.append((int(here.sum()), value, low, high, people))
    if not found:
        return empty(MOOD_DAYS)
    return _by_day(found, MOOD_DAYS, first_day=first_day, last_day=last_day, window_days=window_days)


def tone_days(
    read: pd.DataFrame, written: ir.Table, *, first_day: date, last_day: date, window_days: int = WINDOW_DAYS
) -> pd.DataFrame:
    """Follow which share of texts blames and which praises, over the four weeks up to each day.

    Parameters
    ----------
    read
        One row per text that was read: ``feedback_id``, ``writer``, ``polarity`` (1 praises, -1 blames, 0 neither;
        missing where the tone is not told). Copies of a text by one writer are no part of it.
    written
        One row per text: ``feedback_id``, ``written_on`` (local day).
    first_day, last_day
        The period; texts outside change nothing. The first days, whose window is not whole, have no row.
    window_days
        Length of the window.

    Returns
    -------
    DataFrame
        One row per day; columns as in ``TONE_DAYS``. Blank where fewer than ten writers' texts are told. Intervals are
        Wilson's with the effective number of texts: as many independent ones as have the standard error of these,
        several of one writer among them (Franco, Little, Louis and Slud 2019, Journal of Survey Statistics and
        Methodology 7, 334–364). Without rows where no text is told.
    """
    told = read.dropna(subset=["polarity"])
    days = written.filter(written.written_on.between(first_day, last_day)).select("feedback_id", "written_on")
    rows = told.merge(days.to_pandas(), "inner", "feedback_id").sort_values("feedback_id", ignore_index=True)
    if rows.empty:
        return empty(TONE_DAYS)
    day = _days_since(rows["written_on"], first_day)
    writer, polarity = pd.factorize(rows["writer"], sort=True)[0], rows["polarity"].to_numpy(dtype=float)
    found: list[tuple[float | None, ...]] = []
    for end in range(window_days - 1, (last_day - first_day).days + 1):
        here = (day <= end) & (day > end - window_days)
        row: list[float | None] = []
        for side in (-1, 1):
            mean = _mean_of_writers(writer[here], (polarity[here] == side).astype(float))
            row += [np.nan] * 3 if mean is None else _share(*mean)
        people = len(np.unique(writer[here]))
        texts = int(here.sum()) if people >= SMALLEST_CELL or not here.any() else None
        found.append((texts, *row, people if people >= SMALLEST_CELL else None))
    if not found:
        return empty(TONE_DAYS)
    return _by_day(found, TONE_DAYS, first_day=first_day, last_day=last_day, window_days=window_days)


def _days_since(days: pd.Series, first_day: date) -> NDArray[np.int64]:
    return (pd.to_datetime(days) - pd.Timestamp(first_day)).dt.days.to_numpy()


def _mean_of_writers(writer: NDArray[np.int64], value: NDArray[np.float64]) -> tuple[float, float, int] | None:
    """Mean of texts, its standard error over writers, and how many these are; ``None`` of fewer than ten."""
    people, who = np.unique(writer, return_inverse=True)
    if len(people) < SMALLEST_CELL:
        return None
    given, number = np.bincount(who, value), np.bincount(who)
    mean = given.sum() / number.sum()
    error = np.sqrt(((given - mean * number) ** 2).sum() * len(people) / (len(people) - 1)) / number.sum()
    return float(mean), float(error), len(people)


def _share(mean: float, error: float, people: int) -> list[float]:
    """A share with Wilson's bounds by its effective number; where all say the same, that of the writers."""
    effective = mean * (1 - mean) / error**2 if error > 0 else people
    return [float(part) for part in wilson(mean * effective, effective)]


def _by_day(
    found: list[tuple[float | None, ...]], schema: TableSchema, *, first_day: date, last_day: date, window_days: int
) -> pd.DataFrame:
    """One row per day from the first whose window is whole."""
    table = pd.DataFrame(found, columns=[name for name in schema.names if name != "day"])
    table.insert(0, "day", pd.date_range(first_day, last_day, freq="D")[window_days - 1 :])
    return table.astype({"texts": "Int64", "n": "Int64"})
