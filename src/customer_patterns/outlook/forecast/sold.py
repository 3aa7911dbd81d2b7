"""What will be sold in the next weeks: the parts put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, bootstrap_mean
from customer_patterns.features.cells import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.outlook.forecast import judge, tables
from customer_patterns.outlook.forecast.holidays import FEWEST, offsets, usual_sales
from customer_patterns.outlook.forecast.reconcile import sums_to_hold
from customer_patterns.outlook.forecast.rolling import FEWEST_ORIGINS, Backtest, back_test, origins_of, used_forecasts
from customer_patterns.outlook.forecast.series import WEEK, DailySales, daily_sales, known_until
from customer_patterns.outlook.forecast.stock import stock_needed
from customer_patterns.outlook.forecast.tables import ALL_SALES, REVENUE
from customer_patterns.outlook.forecast.telling import SHOWN_WEEKS, amounts_of, telling

Floats = NDArray[np.float64]

#: Weeks of history that the first origin has.
START_WEEKS = 12
#: The figure that adds up all weeks ahead.
WHOLE_HORIZON = "sales of all weeks ahead"


@dataclass(frozen=True)
class SalesForecast:
    """The tables of what will be sold, by name, and what they rest on.

    ``weeks_there`` and ``weeks_needed`` say why they are empty where they are; ``horizon_weeks`` are forecast, 0 then.
    """

    tables: dict[str, pd.DataFrame]
    weeks_there: int
    weeks_needed: int
    last_whole_day: date | None = None
    horizon_weeks: int = 0
    sales: DailySales | None = field(default=None, repr=False)
    test: Backtest | None = field(default=None, repr=False)

    @property
    def told(self) -> dict[str, pd.DataFrame]:
        """The tables that sentences speak of."""
        return {name: table for name, table in self.tables.items() if name != "daily_forecast"}

    @property
    def why_not(self) -> str:
        """The sentence that says why there is no forecast."""
        return "outlook.forecast_short" if self.weeks_there < self.weeks_needed else "outlook.forecast_few"


def forecast_sales(
    orders: ir.Table,
    order_lines: ir.Table,
    products: ir.Table | None,
    holidays: Iterable[date] = (),
    *,
    first_day: date,
    last_day: date,
    horizon_weeks: int = 4,
    categories: int = 6,
    lead_days: int = 7,
    service_level: float = 0.95,
) -> SalesForecast:
    """Forecast sales, orders and units per day, judge the forecasts, and say what stock suffices.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on`` and ``hour`` (local), ``revenue``, ``goods_revenue``,
        ``fuel_revenue``.
    order_lines, products
        One row per product in an order, and per product; ``products`` may be ``None``.
    holidays
        Public holidays of the period and of the weeks after it.
    first_day, last_day
        The period, both days included. Later rows change nothing.
    horizon_weeks
        How many weeks are forecast; more where the lead time asks for it.
    categories
        How many categories are followed by themselves.
    lead_days, service_level
        As in :func:`~customer_patterns.outlook.forecast.stock.stock_needed`.

    Returns
    -------
    SalesForecast
        Tables ``sales_weeks``, ``daily_forecast``, ``forecast_quality``, ``forecast_figures`` and ``stock``; without
        rows where there are too few weeks or customers.
    """
    horizon_weeks = max(horizon_weeks, -(-lead_days // WEEK))  # stock is asked of the same forecast
    needed = START_WEEKS + horizon_weeks + FEWEST_ORIGINS - 1
    nothing = {name: empty(schema) for name, schema in tables.TABLES.items()}
    until = known_until(orders, first_day=first_day, last_day=last_day)
    if until is None:
        return SalesForecast(nothing, 0, needed)
    begins = max(first_day, _first_order(orders, first_day, until))
    weeks = ((until - begins).days + 1) // WEEK
    too_short = SalesForecast(nothing, weeks, needed, until)
    if weeks < needed:
        return too_short
    horizon, start = horizon_weeks * WEEK, START_WEEKS * WEEK
    # The first origin: what is followed is chosen by the days before it.
    known = int(origins_of((until - begins).days + 1, start=start, horizon=horizon)[0])
    chosen_by = begins + timedelta(days=known)
    sales = daily_sales(
        orders, order_lines, products, first_day=begins, last_day=until, chosen_by=chosen_by, categories=categories
    )
    if sales.series["n"].iloc[0] < SMALLEST_CELL or not sales.sums[0].any():
        return too_short
    days = sales.days[0] + np.arange(len(sales.days) + horizon)
    near = offsets(days, holidays)
    test = back_test(sales.sums, near, start=start, horizon=horizon)
    ratios = judge.error_ratios(test)
    constraints = sums_to_hold(sales)
    used, following = used_forecasts(test, judge.smoothing_pays(sales, ratios), constraints)
    intervals = judge.week_intervals(test, used, following)
    stock, service = stock_needed(sales, test, used, following, lead_days=lead_days, service_level=service_level)
    told = telling(amounts_of(orders, series=ibis.literal(ALL_SALES)), last_day=until)["week_ends_on"].to_numpy()
    made = {
        "sales_weeks": _weeks(sales, intervals, told),
        "daily_forecast": _daily(sales, following),
        "forecast_quality": judge.forecast_quality(sales, test, used, ratios, intervals),
        "forecast_figures": _figures(sales, test, used, constraints, near, service, following),
        "stock": stock,
    }
    return SalesForecast(made, weeks, needed, until, horizon_weeks, sales, test)


def _first_order(orders: ir.Table, first_day: date, until: date) -> date:
    """The day of the first order: a study may begin before its sales do."""
    rows = orders.filter(orders.ordered_on.between(first_day, until))
    return pd.Timestamp(rows.ordered_on.min().to_pyarrow().as_py()).date()


def _repeated(series: pd.DataFrame, times: int) -> pd.DataFrame:
    return series.loc[series.index.repeat(times)].reset_index(drop=True)


def _weeks(sales: DailySales, ahead: Interval, told: NDArray[np.datetime64]) -> pd.DataFrame:
    """The last weeks and the next ones, of series with enough customers, without weeks that tell what one spent."""
    past = min(SHOWN_WEEKS, sales.sums.shape[1] // WEEK)
    sold = judge.weekly(sales.sums[:, -past * WEEK :])
    last = sales.days[-1]
    ends = last + WEEK * np.arange(-past + 1, ahead.value.shape[1] + 1)
    count = len(ends)
    table = _repeated(sales.series, count).assign(
        week_ends_on=np.tile(ends.astype("datetime64[us]"), len(sales.series)),
        state=np.tile(np.where(ends <= last, tables.SOLD, tables.FORECAST), len(sales.series)),
        amount=np.hstack([sold, ahead.value]).ravel(),
        amount_low=np.hstack([sold, ahead.low]).ravel(),
        amount_high=np.hstack([sold, ahead.high]).ravel(),
    )
    hidden = (table["measure"] == REVENUE) & (table["kind"] == ALL_SALES) & table["week_ends_on"].isin(told)
    table = table[(table["n"] >= SMALLEST_CELL) & ~hidden]
    return _tidy(table, tables.SALES_WEEKS)


def _daily(sales: DailySales, following: Floats) -> pd.DataFrame:
    horizon = following.shape[1]
    days = (sales.days[-1] + 1 + np.arange(horizon)).astype("datetime64[us]")
    table = _repeated(sales.series, horizon).assign(day=np.tile(days, len(following)), amount=following.ravel())
    return _tidy(table[table["n"] >= SMALLEST_CELL], tables.DAILY_FORECAST)


def _tidy(table: pd.DataFrame, schema: tables.TableSchema) -> pd.DataFrame:
    table = table.sort_values(list(schema.key), ignore_index=True)
    return table.assign(n=whole_numbers(table["n"]))[schema.names]


def _figures(
    sales: DailySales,
    test: Backtest,
    used: Floats,
    constraints: Floats,
    near: NDArray[np.int64],
    service: Interval,
    following: Floats,
) -> pd.DataFrame:
    held, origins = judge.coverage(test, used)
    found = [("weeks within their interval", held, "share", origins)]
    if len(constraints):
        whole = sales.of(REVENUE, ALL_SALES)[0]
        totals = test.smoothed.sum(axis=2)
        gaps = np.abs(constraints[0] @ totals) / np.abs(totals[whole])
        value = bootstrap_mean(judge.block_means(test, gaps))
        found.append(("parts forecast by themselves, off the whole", value, "share", len(gaps)))
    found.append(("lead times in which the stock sufficed", service, "share", origins))
    history = sales.sums[:1]
    at = near[: history.shape[1]] == 0
    at[:WEEK] = False
    if at.sum() >= FEWEST:
        usual = usual_sales(history, near)[0, at]
        if (usual > 0).all():
            ratio = bootstrap_mean(history[0, at] / usual)
            found.append(("sales of a holiday by a usual day", ratio, "ratio", int(at.sum())))
    ahead = judge.whole_horizon(sales, test, used, following)
    if np.isfinite(np.ravel(ahead.low)).all():
        found.append((WHOLE_HORIZON, ahead, "currency", len(test.origins)))
    rows = [
        {
            "figure": name,
            "value": _one(value.value),
            "value_low": _one(value.low),
            "value_high": _one(value.high),
            "unit": unit,
            "n": n,
        }
        for name, value, unit, n in found
    ]
    table = pd.DataFrame(rows)
    return table.assign(n=whole_numbers(table["n"]))[tables.FORECAST_FIGURES.names]


def _one(part: Floats) -> float:
    return float(np.asarray(part, dtype=float).reshape(-1)[0])
