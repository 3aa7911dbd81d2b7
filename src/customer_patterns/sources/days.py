"""Which days the deliveries cover: a missing day or half a day must be seen before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
from scipy.special import pdtr

from customer_patterns.schemas import Column, TableSchema
from customer_patterns.schemas.canonical import CANONICAL, KNOWN_SINCE
from customer_patterns.schemas.local_time import local_time
from customer_patterns.study.contract import BEHAVIOR_TABLES

#: A day is thin only if so few orders are rarer by chance than this: of few a day, some days have none.
_BY_CHANCE = 0.001

#: A day is held against other days of its weekday; in fewer days than these there is none, or one other.
FEWEST_DAYS = 14

_DAY = Column("day", "date", "the local day", label="Day", unit="local day")

DAYS = TableSchema(
    name="days",
    grain="local day of the study up to its last moment",
    key=("day",),
    meaning="What was bought on each day; a day without purchases has zeros. Empty in a study without purchases.",
    reads=("order_lines",),
    columns=(
        _DAY,
        Column("order_lines", "integer", "order lines of the day", label="Order lines", unit="lines", minimum=0),
        Column("orders", "integer", "orders of the day", label="Orders", unit="orders", minimum=0),
        Column("customers", "integer", "customers who ordered", label="Customers", unit="customers", minimum=0),
        Column("revenue", "money", "revenue of the day", label="Revenue", unit="currency"),
        Column("usual_orders", "number", "median orders of the same weekday", label="Usual orders", unit="orders"),
        Column("thin", "boolean", "far fewer orders than is usual for the weekday", label="Thin"),
    ),
)

RECORD_DAYS = TableSchema(
    name="record_days",
    grain="local day of a study without purchases up to its last moment",
    key=("day",),
    meaning="What was delivered for each day, where there are no purchases; empty where there are.",
    reads=tuple(name for name in BEHAVIOR_TABLES if name in CANONICAL and name != "order_lines"),
    columns=(
        _DAY,
        Column("records", "integer", "records of what customers did or said", "Records", "records", minimum=0),
        Column("usual_records", "number", "median records of the same weekday", label="Usual", unit="records"),
        Column("thin", "boolean", "far fewer records than is usual for the weekday", label="Thin"),
    ),
)


def behavior_tables(tables: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """Return the tables that say what customers did or said, in the order in which a study is told."""
    return {name: tables[name] for name in BEHAVIOR_TABLES if name in tables and name in KNOWN_SINCE}


def days_covered(
    behavior: Mapping[str, ir.Table], *, first_day: date, as_of: date, time_zone: str, thin_day_share: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count what was delivered for each local day, and mark days that look incomplete.

    Purchases are counted where there are any, and nothing else beside them: other records may be simulated where
    purchases are not, and may come at all hours.

    Parameters
    ----------
    behavior
        Tables of what customers did or said, as of the last day; see :func:`behavior_tables`.
    thin_day_share
        A day is thin with fewer than this share of the median orders of its weekday, unless so few may well be chance:
        customers who come independently of each other leave such a day more often than once in a thousand (Poisson). In
        a study without purchases, of the median records. Whether the shop was closed or the delivery incomplete, the
        data alone cannot say.

    Returns
    -------
    tuple
        Two tables as in ``DAYS`` and ``RECORD_DAYS``; the one that the study is about has one row per day from
        ``first_day`` to ``as_of``, the other none.
    """
    whole, period = pd.DataFrame({"day": pd.date_range(first_day, as_of, freq="D")}), (first_day, as_of)
    if "order_lines" in behavior:
        counted = _by_calendar(_orders(behavior["order_lines"], time_zone, period), whole)
        counted["revenue"] = counted["revenue"].where(counted["revenue"].notna(), 0)
        days = _thin_marked(whole.join(counted), "orders", thin_day_share)
        return days[DAYS.names], pd.DataFrame(columns=RECORD_DAYS.names)
    records = pd.Series(0, index=whole.index)
    for name, table in behavior.items():
        by_day = _by_day(table, KNOWN_SINCE[name], time_zone, period).aggregate(records=ibis._.count()).to_pandas()
        records = records + _by_calendar(by_day, whole)["records"]
    days = _thin_marked(whole.assign(records=records), "records", thin_day_share)
    return pd.DataFrame(columns=DAYS.names), days[RECORD_DAYS.names]


def _thin_marked(days: pd.DataFrame, counted: str, thin_day_share: float) -> pd.DataFrame:
    """The days, each with what is usual for its weekday and whether it is thin."""
    usual = days.groupby(days["day"].dt.day_of_week)[counted].transform("median")
    few = days[counted] < thin_day_share * usual
    return days.assign(**{f"usual_{counted}": usual, "thin": few & (pdtr(days[counted], usual) < _BY_CHANCE)})


def _by_day(table: ir.Table, moment: str, time_zone: str, period: tuple[date, date]) -> ir.GroupedTable:
    """Rows by local day; what has a day and no time is of that day."""
    day = table[moment]
    if day.type().is_timestamp():
        day = local_time(day, time_zone=time_zone, mostly=period).date()
    return table.mutate(day=day).group_by("day")


def _orders(order_lines: ir.Table, time_zone: str, period: tuple[date, date]) -> pd.DataFrame:
    return (
        _by_day(order_lines, "ordered_at", time_zone, period)
        .aggregate(
            order_lines=ibis._.count(),
            orders=ibis._.order_id.nunique(),
            customers=ibis._.customer_id.nunique(),
            revenue=ibis._.revenue.sum().cast("decimal(18, 2)"),
        )
        .to_pandas()
    )


def _by_calendar(counted: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
    """Counts by day, with zeros where nothing was counted."""
    counted = counted.assign(day=pd.to_datetime(counted["day"]))
    found = calendar[["day"]].merge(counted, on="day", how="left", validate="1:1").drop(columns="day")
    whole = [name for name in found.columns if name != "revenue"]
    return found.assign(**{name: found[name].fillna(0).astype("int64") for name in whole})


def thinnest_day(days: pd.DataFrame) -> pd.Timestamp | None:
    """Return the thin day that is furthest from what is usual, or None where no day is thin."""
    thin = days[days["thin"]]
    if thin.empty:
        return None
    what = "orders" if "orders" in days else "records"
    by_day = thin.set_index("day")
    return (by_day[what] / by_day[f"usual_{what}"]).idxmin()
