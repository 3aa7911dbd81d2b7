"""Key figures of whole weeks: where they are heading, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import bounded, in_row
from customer_patterns.estimates.false_discovery import benjamini_hochberg
from customer_patterns.features.cells import SMALLEST_CELL, cents, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.outlook.forecast.holidays import offsets
from customer_patterns.outlook.forecast.series import known_until
from customer_patterns.outlook.trend.drift import coefficient
from customer_patterns.outlook.trend.levels import Levels, level_changes
from customer_patterns.outlook.trend.tables import (
    CHANGED,
    FALLING,
    KEY_FIGURES,
    RISING,
    STEADY,
    TREND_WEEKS,
    TRENDS,
    UNCLEAR,
)

Floats = NDArray[np.float64]

#: Below so many whole weeks nothing is said of a trend.
FEWEST_WEEKS = 26
#: A change is named at this probability: of series without one, slow waves among them, fewer than one in twenty-five
#: reaches it (the laboratory's trial).
NAMED = 0.8
#: Directions are named at this rate of false discoveries, over all key figures.
_FALSE = 0.05
_WEEK = 7
_DATES = ("changed_on", "changed_after", "changed_before", "changed_until")


def weekly_figures(orders: ir.Table, *, first_day: date, last_day: date) -> pd.DataFrame:
    """Add up the key figures of each whole week.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``hour``, ``revenue``, ``goods_revenue``, ``fuel_revenue``,
        ``kind``.
    first_day, last_day
        The period, both days included. A week that it cuts off is left out: it would look like a fall.

    Returns
    -------
    DataFrame
        One row per whole week, ascending: ``week_starts_on`` (a Monday), the key figures of ``KEY_FIGURES`` that the
        study has (``basket value``: goods by orders with goods), ``n`` (customers). Weeks before the first order are
        left out.
    """
    monday = first_day + timedelta(days=-first_day.weekday() % _WEEK)
    weeks = max(((last_day - monday).days + 1) // _WEEK, 0)
    end = monday + timedelta(days=weeks * _WEEK)
    rows = orders.filter(orders.ordered_on >= ibis.literal(monday), orders.ordered_on < ibis.literal(end))
    number = (rows.ordered_on.delta(ibis.literal(monday), unit="day") // _WEEK).cast("int64")
    sums = (
        rows.mutate(week=number)
        .group_by("week")
        .aggregate(
            revenue=cents(ibis._.revenue).sum(),
            goods=cents(ibis._.goods_revenue).sum(where=ibis._.kind == "goods"),
            baskets=(ibis._.kind == "goods").sum(),
            fuel=cents(ibis._.fuel_revenue).sum(),
            orders=ibis._.count(),
            n=ibis._.customer_id.nunique(),
        )
    )
    table = sums.order_by("week").to_pandas().set_index("week").reindex(range(weeks)).fillna(0).astype(float)
    if not table["n"].any():
        return pd.DataFrame({"week_starts_on": [], "n": []})
    table = table.iloc[int(np.argmax(table["n"].to_numpy() > 0)) :]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = pd.DataFrame(
            {
                "week_starts_on": [monday + timedelta(days=_WEEK * int(week)) for week in table.index],
                "revenue": table["revenue"] / 100,
                "orders": table["orders"],
                "customers": table["n"],
                "orders per customer": table["orders"] / table["n"],
                "basket value": table["goods"] / 100 / table["baskets"],
                "fuel": table["fuel"] / 100,
                "n": table["n"],
            }
        )
    found = found if found["fuel"].any() else found.drop(columns="fuel")
    return found.reset_index(drop=True)


def trends(
    orders: ir.Table, holidays: Iterable[date] = (), *, first_day: date, last_day: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Say of each key figure where it is heading and whether its level changed.

    Parameters
    ----------
    orders, first_day, last_day
        As in :func:`weekly_figures`.
    holidays
        Public holidays. Weeks that hold one, or the days before one, are set apart: what the calendar does is no
        change.

    Returns
    -------
    trends
        One row per key figure, in their order; columns as in ``TRENDS``. Changes are shares of the level: figures above
        0 throughout are looked at on the scale of logarithms, others by their mean. Without rows where there are fewer
        than :data:`FEWEST_WEEKS` weeks or too few customers.
    trend_weeks
        One row per key figure and week; columns as in ``TREND_WEEKS``. Weeks of too few customers are blank.
    """
    # What was not delivered at the end is no fall to nothing.
    until = known_until(orders, first_day=first_day, last_day=last_day) or first_day
    weeks = weekly_figures(orders, first_day=first_day, last_day=until)
    if len(weeks) < FEWEST_WEEKS or weeks["n"].max() < SMALLEST_CELL:
        return empty(TRENDS), empty(TREND_WEEKS)
    start, end = weeks["week_starts_on"].iloc[0], weeks["week_starts_on"].iloc[-1] + timedelta(days=_WEEK)
    seen = orders.filter(orders.ordered_on >= ibis.literal(start), orders.ordered_on < ibis.literal(end))
    people = int(seen.customer_id.nunique().to_pyarrow().as_py())
    calendar = calendar_columns(start, len(weeks), holidays)
    rows, parts = [], []
    for name in [name for name in KEY_FIGURES if name in weeks]:
        values = weeks[name].to_numpy(dtype=float)
        row, begins = _judged(values, calendar, weeks["week_starts_on"].tolist())
        rows.append({"figure": name, "unit": KEY_FIGURES[name], "weeks": len(weeks), "n": people, **row})
        hidden = (weeks["n"] > 0) & (weeks["n"] < SMALLEST_CELL)
        parts.append(
            pd.DataFrame(
                {
                    "figure": name,
                    "week_starts_on": weeks["week_starts_on"],
                    "value": np.where(hidden | ~np.isfinite(values), np.nan, values),
                    "index": np.where(hidden, np.nan, values / row["mean"] if row["mean"] else np.nan),
                    "begins_probability": begins,
                    "n": whole_numbers(weeks["n"].where(~hidden)),
                }
            )
        )
    table = pd.DataFrame(rows)
    either = 2 * np.minimum(table["rising_probability"], 1 - table["rising_probability"])
    known = either.notna().to_numpy()
    clear = np.zeros(len(table), dtype=bool)
    clear[known] = benjamini_hochberg(either[known].clip(0, 1)) <= _FALSE
    table["direction"] = np.where(clear, np.where(table["change_share"] > 0, RISING, FALLING), UNCLEAR)
    dates = {name: pd.to_datetime(table[name]).astype("datetime64[us]") for name in _DATES}
    table = table.assign(weeks=whole_numbers(table["weeks"]), n=whole_numbers(table["n"]), **dates)
    return table[TRENDS.names], pd.concat(parts, ignore_index=True)[TREND_WEEKS.names]


def calendar_columns(monday: date, weeks: int, holidays: Iterable[date]) -> Floats:
    """Two columns, one row per week: its holidays, and its days shortly before one; a column only where it varies."""
    days = np.datetime64(monday) + np.arange(weeks * _WEEK)
    near = offsets(days, holidays).reshape(weeks, _WEEK)
    both = np.column_stack([(near == 0).sum(axis=1), (near > 0).sum(axis=1)]).astype(float)
    varying = both[:, both.std(axis=0) > 0]
    alike = varying.shape[1] == 2 and abs(np.corrcoef(varying.T)[0, 1]) > 1 - 1e-9
    return varying[:, :1] if alike else varying


def is_named(levels: Levels) -> bool:
    """Whether a new level is probable enough to be named, and known to be higher, or lower.

    Two changes that undo each other may leave the question open which way the level went.
    """
    return min(levels.probability, levels.held) >= NAMED and (levels.low > 0 or levels.high < 0)


def _judged(values: Floats, calendar: Floats, mondays: list[date]) -> tuple[dict, Floats]:
    """The figures of one series, and the probability of a new level by week."""
    finite = np.isfinite(values)
    shares = bounded("change_share", "shift_share", "holiday_share")
    blank = dict.fromkeys((*shares, "rising_probability", "change_probability", "autocorrelation"), np.nan)
    dates = dict.fromkeys(_DATES)
    row = {"mean": float(values[finite].mean()) if finite.any() else np.nan, "verdict": STEADY, **blank, **dates}
    if not finite.all() or values.std() < 1e-9 * max(abs(values).max(), 1e-9):
        return row, np.full(len(values), np.nan)
    logs = bool((values > 0).all())
    y = np.log(values) if logs else values / abs(values.mean() or 1)
    ones = np.ones((len(y), 1))
    time = np.linspace(-0.5, 0.5, len(y))[:, None]
    drift = coefficient(y, np.hstack([ones, time, calendar]), 1)
    row |= _shares("change_share", (drift.value, drift.low, drift.high), logs)
    row |= {"rising_probability": drift.positive, "autocorrelation": drift.rho}
    if calendar.shape[1]:
        week = coefficient(y, np.hstack([ones, time, calendar]), 2)
        row |= _shares("holiday_share", (week.value, week.low, week.high), logs)
    levels = level_changes(y, np.hstack([ones, calendar]))
    row["change_probability"] = levels.probability
    if is_named(levels):
        row |= _shares("shift_share", (levels.shift, levels.low, levels.high), logs)
        row |= {
            "verdict": CHANGED,
            "changed_on": mondays[levels.week],
            "changed_after": mondays[levels.first],
            "changed_before": mondays[levels.last],
            "changed_until": mondays[levels.until] if levels.until >= 0 else None,
        }
    return row, levels.begins


def _shares(name: str, parts: tuple[float, float, float], logs: bool) -> dict[str, float]:
    return in_row(name, map(np.expm1, parts) if logs else parts)
