"""The stream of posts, comments and reviews, day by day."""

from __future__ import annotations

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.estimates import Z95
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.listening.tables import MOOD_DAYS

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
    day = (pd.to_datetime(rows["written_on"]) - pd.Timestamp(first_day)).dt.days.to_numpy()
    writer = pd.factorize(rows["customer_id"], sort=True)[0]
    stars = rows["rating"].to_numpy(dtype=float, na_value=np.nan)
    days = (last_day - first_day).days + 1
    found = [_window(day, writer, stars, end, window_days) for end in range(window_days - 1, days)]
    if not found:
        return empty(MOOD_DAYS)
    table = pd.DataFrame(found, columns=[name for name in MOOD_DAYS.names if name != "day"])
    table.insert(0, "day", pd.date_range(first_day, last_day, freq="D")[window_days - 1 :])
    return table.astype({"texts": "Int64", "n": "Int64"})


def _window(
    day: np.ndarray, writer: np.ndarray, stars: np.ndarray, end: int, length: int
) -> tuple[float | None, float, float, float, int | None]:
    """Texts, mean stars with bounds, and writers who gave stars, of the days up to one."""
    here = (day <= end) & (day > end - length)
    rated = here & np.isfinite(stars)
    people, who = np.unique(writer[rated], return_inverse=True)
    if len(people) < SMALLEST_CELL:
        texts = int(here.sum()) if len(np.unique(writer[here])) >= SMALLEST_CELL or not here.any() else None
        return texts, np.nan, np.nan, np.nan, None
    given = np.bincount(who, stars[rated])
    number = np.bincount(who)
    mean = given.sum() / number.sum()
    error = np.sqrt(((given - mean * number) ** 2).sum() * len(people) / (len(people) - 1)) / number.sum()
    low, high = max(mean - Z95 * error, 1.0), min(mean + Z95 * error, 5.0)
    return int(here.sum()), mean, low, high, len(people)
