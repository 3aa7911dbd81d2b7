"""The customer base, its description and the year's holidays in plain pandas; see :mod:`tests.benchmarks.in_pandas`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from customer_patterns.behavior.audit.base import Base, audit_change, audit_factors, audit_groups, two_periods
from customer_patterns.behavior.calendar import DAYS_BEFORE, FEWEST, _windows, public_holidays
from customer_patterns.behavior.profile import _attribute, _measure
from customer_patterns.behavior.tables import MEASURES, PROFILED
from customer_patterns.estimates import Interval, bootstrap_ratio, wilson, with_interval
from customer_patterns.study import Study

Frames = dict[str, pd.DataFrame]
Sums = Callable[..., np.ndarray]

BURN_IN_MONTHS = 3


def audit(orders: pd.DataFrame, study: Study) -> Frames:
    """Make the tables of the customer-base audit."""
    periods = two_periods(study.first_day, study.last_day)
    later = orders["ordered_on"] >= pd.Timestamp(periods.later)
    earlier = ~later & (orders["ordered_on"] >= pd.Timestamp(periods.earlier))
    parts = pd.DataFrame(
        {
            "customer_id": orders["customer_id"],
            "earlier_orders": earlier,
            "later_orders": later,
            "earlier": orders["revenue"].where(earlier, 0),
            "later": orders["revenue"].where(later, 0),
            "first_on": orders["ordered_on"],
        },
        copy=False,
    )
    sums = parts.groupby("customer_id", observed=True).agg(
        **{name: (name, "sum") for name in ("earlier_orders", "later_orders", "earlier", "later")},
        first_on=("first_on", "min"),
    )
    sums = sums[sums["earlier_orders"] + sums["later_orders"] > 0]
    base = Base(
        periods,
        sums[["earlier_orders", "later_orders"]].to_numpy(dtype=float),
        sums[["earlier", "later"]].to_numpy(dtype=float),
        sums["first_on"].to_numpy().astype("datetime64[D]"),
    )
    return {
        "audit_groups": audit_groups(base, burn_in_months=BURN_IN_MONTHS, first_day=study.first_day),
        "audit_change": audit_change(base),
        "audit_factors": audit_factors(base),
    }


def holidays(orders: pd.DataFrame, study: Study, sums_of: Sums) -> pd.DataFrame:
    """Make the table of public holidays."""
    days = public_holidays(study.country, first_day=study.first_day, last_day=study.last_day)
    length = (study.last_day - study.first_day).days + 1
    number = (orders["ordered_on"] - pd.Timestamp(study.first_day)).dt.days
    sums = sums_of(orders, number, range(length), "revenue")
    upto = np.column_stack([np.zeros(len(sums)), sums.cumsum(axis=1)])
    at = np.array([(day - study.first_day).days for day in days])
    table = pd.DataFrame({"holiday": list(days.values()), "ordered_on": pd.to_datetime(list(days)), "n": len(sums)})
    for measure, first, last in (("day_index", 0, 0), ("before_index", -DAYS_BEFORE, -1)):
        seen, usual, there = _windows(upto, at, first, last, length)
        index = bootstrap_ratio(np.where(there >= FEWEST, seen, 0), np.where(there >= FEWEST, usual, 0))
        table = with_interval(table, measure, Interval(*(np.where(there >= FEWEST, part, np.nan) for part in index)))
        if measure == "day_index":
            table = table.assign(compared_days=there)
    return table


def annual_index(orders: pd.DataFrame) -> pd.DataFrame:
    """Make the table of the months of a year, which one year cannot fill."""
    blank = dict.fromkeys(("index", "index_low", "index_high"), np.nan)
    people = orders["customer_id"].nunique()
    return pd.DataFrame({"month": np.arange(1, 13), "years": 1, "years_needed": 2, "n": people, **blank})


def profile(customers: pd.DataFrame, rhythm: pd.DataFrame) -> pd.DataFrame:
    """Make the table that describes customers, attribute by attribute."""
    nobody = pd.Series([None] * len(customers), dtype=object)
    rows = [_attribute(customers.get(name, nobody), name) for name in PROFILED]
    measured = rhythm.assign(revenue=rhythm["revenue"] / 100)
    rows += [_measure(measured[name].astype(float).to_numpy(), name) for name in MEASURES]
    table = pd.DataFrame(rows)
    known, every = table["n"].to_numpy(dtype=float), table["customers"].to_numpy(dtype=float)
    return with_interval(table, "missing", wilson(every - known, every))
