"""Which days the deliveries cover: a missing day or half a day must be seen before anything is computed."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.local_time import local_time

DAYS = TableSchema(
    name="days",
    grain="local day of the study up to its last moment",
    key=("day",),
    meaning="What was delivered for each day; a day without purchases has zeros.",
    reads=("order_lines",),
    columns=(
        Column("day", "date", "the local day", label="Day", unit="local day"),
        Column("order_lines", "integer", "order lines of the day", label="Order lines", unit="lines", minimum=0),
        Column("orders", "integer", "orders of the day", label="Orders", unit="orders", minimum=0),
        Column("customers", "integer", "customers who ordered", label="Customers", unit="customers", minimum=0),
        Column("revenue", "money", "revenue of the day", label="Revenue", unit="currency"),
        Column("usual_orders", "number", "median orders of the same weekday", label="Usual orders", unit="orders"),
        Column("thin", "boolean", "far fewer orders than is usual for the weekday", label="Thin"),
    ),
)


def days_covered(
    order_lines: ir.Table, *, first_day: date, as_of: date, time_zone: str, thin_day_share: float
) -> pd.DataFrame:
    """Count what was delivered for each local day, and mark days that look incomplete.

    Parameters
    ----------
    order_lines
        One row per product in an order.
    thin_day_share
        A day is thin with fewer than this share of the median orders of its weekday. Whether the shop was closed or
        the delivery incomplete, the data alone cannot say.

    Returns
    -------
    DataFrame
        One row per day from ``first_day`` to ``as_of``, columns as in ``DAYS``.
    """
    daily = (
        order_lines.mutate(day=local_time(order_lines.ordered_at, time_zone=time_zone).date())
        .group_by("day")
        .aggregate(
            order_lines=ibis._.count(),
            orders=ibis._.order_id.nunique(),
            customers=ibis._.customer_id.nunique(),
            revenue=ibis._.revenue.sum().cast("decimal(18, 2)"),
        )
        .to_pandas()
    )
    daily["day"] = pd.to_datetime(daily["day"])
    calendar = pd.DataFrame({"day": pd.date_range(first_day, as_of, freq="D")})
    whole = calendar.merge(daily, on="day", how="left", validate="1:1")
    for name in ("order_lines", "orders", "customers"):
        whole[name] = whole[name].fillna(0).astype("int64")
    whole["revenue"] = whole["revenue"].where(whole["revenue"].notna(), 0)
    whole["usual_orders"] = whole.groupby(whole["day"].dt.day_of_week)["orders"].transform("median")
    whole["thin"] = whole["orders"] < thin_day_share * whole["usual_orders"]
    return whole[DAYS.names]


def thinnest_day(days: pd.DataFrame) -> pd.Timestamp | None:
    """Return the thin day that is furthest from what is usual, or None where no day is thin."""
    thin = days[days["thin"]]
    if thin.empty:
        return None
    return (thin.set_index("day")["orders"] / thin.set_index("day")["usual_orders"]).idxmin()
