"""Is what comes next as frequent as planted, where the study ends before all of it was seen?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from customer_patterns.laboratory.trial import Aim, Error, Trial

_VISITORS = 2_000
#: A study of thirty days, in which a visit is followed by an order within seven, with this chance.
_DAYS, _PAUSE, _ORDERS = 30, 7, 0.5
_FIRST = datetime(2017, 1, 1)
_LAST = date(2017, 1, _DAYS)
_SEEDS = range(940_100, 940_120)


def _touches(seed: int) -> pd.DataFrame:
    """One visit each, at any time, and the orders that follow before the study ends."""
    random = np.random.default_rng(seed)
    came = random.random(_VISITORS) * _DAYS
    ordered = np.where(random.random(_VISITORS) < _ORDERS, came + random.random(_VISITORS) * _PAUSE, np.inf)
    visits = pd.DataFrame({"who": range(_VISITORS), "day": came, "touch": "web visit", "place": 0})
    orders = visits.assign(day=ordered, touch="order", place=1)
    rows = pd.concat([visits, orders[orders["day"] < _DAYS]], ignore_index=True)
    return rows.assign(who=rows["who"].astype("str"))


def _after_a_visit(seed: int) -> Error:
    from customer_patterns import warehouse
    from customer_patterns.behavior.journeys import touch_transitions

    rows = _touches(seed)
    at = [_FIRST + timedelta(days=day) for day in rows["day"]]
    backend = warehouse.connect()
    backend.con.register("touches", pa.Table.from_pandas(rows.assign(at=at)[["who", "at", "touch", "place"]]))
    found = touch_transitions(backend.table("touches"), pause_days=_PAUSE, last_day=_LAST, time_zone="UTC")
    share = found.set_index(["touch", "next_touch"]).at[("web visit", "order"), "share_of_touches"]
    return Error(abs(float(share) - _ORDERS))


def _late_orders_too(seed: int) -> Error:
    """Leave out the late visits after which nothing came yet, but not those after which something did."""
    rows = _touches(seed)
    days = rows.pivot_table(index="who", columns="touch", values="day")
    followed = days["order"].notna()
    counted = followed | (days["web visit"] < _DAYS - _PAUSE)
    return Error(abs(float(followed[counted].mean()) - _ORDERS))


TRIALS = (
    Trial(
        name="what comes after a visit",
        room="behavior",
        measure="how far the share of visits followed by an order is from the planted one",
        setting="a month in which every other visit is followed by an order within a week, seen or not",
        twin="leaves out late visits without an order yet, but keeps those with one",
        aim=Aim(0.0, 0.02),
        seeds=_SEEDS,
        run=_after_a_visit,
        broken=_late_orders_too,
        rests_on=("behavior", "estimates", "features"),
        feeds=("behavior.journeys",),
    ),
)
