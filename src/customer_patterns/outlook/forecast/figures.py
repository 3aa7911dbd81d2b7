"""The figures of coming sales that the chapter's sentences speak of, taken from its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from customer_patterns import wording
from customer_patterns.estimates import bounded
from customer_patterns.outlook.forecast.tables import ALL_SALES, FORECAST, NAIVE, ORDERS, REVENUE, SMOOTHING
from customer_patterns.wording import Chosen

DATES = "dates"

#: Findings of these sections: sentence, grade of its evidence, table and figure that show it.
FINDINGS: tuple[tuple[str, str, str, str | None], ...] = (
    ("outlook.forecast", "time-ordered", "forecast_quality", "forecast"),
    ("outlook.forecast_naive", "time-ordered", "forecast_quality", "forecast"),
    ("outlook.stock", "time-ordered", "stock", "stock"),
)


def weeks_of(weeks: pd.DataFrame, *, measure: str = REVENUE) -> pd.DataFrame:
    """The weeks of all sales, as sold and as forecast, that a chart can draw."""
    whole = weeks[(weeks["measure"] == measure) & (weeks["kind"] == ALL_SALES)]
    known = whole.dropna(subset=bounded("amount"))
    known = known[known["amount_high"] < float("inf")]
    known = known.assign(week_ends_on=pd.to_datetime(known["week_ends_on"]).dt.date)
    return known.reset_index(drop=True) if (known["state"] == FORECAST).any() else known[:0]


def stock_shown(stock: pd.DataFrame) -> pd.DataFrame:
    """The categories with a stock, from the largest on."""
    known = stock.dropna(subset=["enough_units"])
    return known.sort_values(["enough_units", "category"], ascending=[False, True], ignore_index=True)


def series_of(quality: pd.DataFrame, *, measure: str = REVENUE) -> pd.DataFrame:
    """The series of one measure that are forecast, all sales first, then from the largest on."""
    known = quality[quality["measure"] == measure].dropna(subset=["next_week_revenue", "next_week_revenue_high"])
    first = (known["kind"] != ALL_SALES).astype(int)
    kinds = known["kind"].map({kind: place for place, kind in enumerate(("category", "fuel", "customer group"))})
    order = known.assign(first=first, place=kinds.fillna(0), size=-known["next_week_revenue"])
    return known.loc[order.sort_values(["first", "place", "size", "series"]).index].reset_index(drop=True)


def _sales_weeks(figures: wording.Figures, table: pd.DataFrame) -> None:
    ahead = weeks_of(table)
    ahead = ahead[ahead["state"] == FORECAST]
    if len(ahead):
        row = ahead.iloc[0]
        figures["next_week_end"] = row["week_ends_on"]
        figures.estimate("next_sales", row, "amount", "currency", method="split conformal prediction")
        figures.count("sales_customers", row["n"], "customers")
    orders = weeks_of(table, measure=ORDERS)
    orders = orders[orders["state"] == FORECAST]
    if len(orders):
        figures.estimate("next_orders", orders.iloc[0], "amount", "orders", method="split conformal prediction")


def _forecast_quality(figures: wording.Figures, table: pd.DataFrame) -> None:
    whole = table[(table["measure"] == REVENUE) & (table["kind"] == ALL_SALES)]
    if whole.empty:
        return
    row = whole.iloc[0]
    name = {SMOOTHING: "error_ratio", NAIVE: "error_beside_naive"}[row["used"]]
    figures.estimate(name, row, "error_ratio", "ratio", n="origins", of=DATES, method="bootstrap over blocks of dates")
    figures.count("forecast_dates", row["origins"], DATES)
    figures.count("series_judged", len(table), "series")
    figures.count("series_better", (table["used"] == SMOOTHING).sum(), "series")


_NAMED = {
    "weeks within their interval": "held_share",
    "parts forecast by themselves, off the whole": "parts_gap",
    "sales of a holiday by a usual day": "holiday_ratio",
    "lead times in which the stock sufficed": "sufficed_share",
    "sales of all weeks ahead": "sales_ahead",
}


def _forecast_figures(figures: wording.Figures, table: pd.DataFrame) -> None:
    for _, row in table.iterrows():
        figures.estimate(_NAMED[row["figure"]], row, "value", row["unit"], of=DATES)


def _stock(figures: wording.Figures, table: pd.DataFrame) -> None:
    known = table.dropna(subset=["enough_units"])
    figures["lead_time"] = Chosen(int(table["lead_days"].iloc[0]), "days")
    figures["service_level"] = Chosen(float(table["service_level"].iloc[0]), "share")
    if len(known):
        figures.count("stock_categories", len(known), "categories")
        figures.count("lead_times_tested", known["tested"].sum(), "lead times")


READERS: Mapping[str, Callable[[Any, pd.DataFrame], None]] = {
    "sales_weeks": _sales_weeks,
    "forecast_quality": _forecast_quality,
    "forecast_figures": _forecast_figures,
    "stock": _stock,
}
