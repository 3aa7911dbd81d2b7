"""Improvements before and after: how much a planted one took away, and none where only the season changed."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd

from customer_patterns.laboratory.trial import Aim, Tally, Trial

_RESTS_ON = ("satisfaction/handling", "satisfaction/resampling", "estimates")
_BEGUN, _FIRST, _LAST = date(2017, 9, 18), date(2017, 1, 1), date(2017, 12, 31)
#: Topics of contacts, with how many come in a day.
_A_DAY = {"price": 2.5, "delivery": 2.5, "staff": 1.5, "coupon": 1.0, "product": 1.5}
_CUSTOMERS = 800
_LOOK = {"window_days": 90, "first_day": _FIRST, "last_day": _LAST}


def _contacts(seed: int, *, left: float, season: float) -> pd.DataFrame:
    """Contacts of a year: some customers call ten times as often as others; autumn has ``season`` of all contacts.

    From the day of the improvement on, ``left`` of those about prices are left.
    """
    chance = np.random.default_rng([seed, 23])
    weight = chance.gamma(0.5, size=_CUSTOMERS)
    weight /= weight.sum()
    days = np.arange((_LAST - _FIRST).days + 1)
    later = days > (_BEGUN - _FIRST).days
    parts = []
    for topic, rate in _A_DAY.items():
        mean = rate * np.where(later, season * (left if topic == "price" else 1.0), 1.0)
        day = np.repeat(days, chance.poisson(mean))
        who = chance.choice(_CUSTOMERS, size=len(day), p=weight)
        parts.append(pd.DataFrame({"customer_id": who, "topic": topic, "day": day}))
    rows = pd.concat(parts, ignore_index=True)
    table = rows.groupby(["customer_id", "topic", "day"]).size().rename("contacts").reset_index()
    return table.assign(day=pd.Timestamp(_FIRST) + pd.to_timedelta(table["day"], unit="D"))


def _declared(cause: str = "price", on: date = _BEGUN) -> SimpleNamespace:
    return SimpleNamespace(date=on, cause=cause, owner="till", action="new labels")


def _covers(seed: int, *, twin: bool = False) -> Tally:
    """Whether the interval holds what is left; the twin takes the season's part for the improvement's."""
    from customer_patterns.satisfaction.handling.improvements import before_and_after

    row = before_and_after(_contacts(seed, left=0.6, season=0.75), [_declared()], **_LOOK).iloc[0]
    name = "change" if twin else "beyond_others"
    return Tally(int(row[f"{name}_low"] <= 0.6 <= row[f"{name}_high"]), 1)


def _found(seed: int, *, twin: bool = False) -> Tally:
    """Whether the improvement is found; the twin looks at the turn of the half-year, whenever it began."""
    from customer_patterns.satisfaction.handling.improvements import before_and_after

    on = _FIRST + timedelta(days=181) if twin else _BEGUN
    row = before_and_after(_contacts(seed, left=0.6, season=0.75), [_declared(on=on)], **_LOOK).iloc[0]
    return Tally(int(row["verdict"] == "fewer"), 1)


def _made_up(seed: int, *, twin: bool = False) -> Tally:
    """Whether any of five improvements that changed nothing is praised or blamed; the twin looks at topics alone."""
    from customer_patterns.satisfaction.handling.improvements import before_and_after

    table = before_and_after(_contacts(seed, left=1.0, season=0.75), [_declared(cause) for cause in _A_DAY], **_LOOK)
    said = (table["change_high"] < 1) | (table["change_low"] > 1) if twin else table["verdict"].isin(["fewer", "more"])
    return Tally(int(said.any()), 1)


TRIALS = (
    Trial(
        name="what an improvement took away",
        room="satisfaction",
        measure="intervals that hold the planted share that is left",
        setting="contacts of eight hundred customers about five topics; autumn has fewer of all of them",
        twin="takes what the season took away for the improvement's",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(983_000, 983_200),
        run=_covers,
        broken=lambda seed: _covers(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.improved",),
    ),
    Trial(
        name="an improvement that took away two of five contacts",
        room="satisfaction",
        measure="studies in which it is found",
        setting="contacts of eight hundred customers about five topics; autumn has fewer of all of them",
        twin="looks at the turn of the half-year, whenever it began",
        aim=Aim(0.8, 1.0),
        seeds=range(983_200, 983_280),
        run=_found,
        broken=lambda seed: _found(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.improved",),
    ),
    Trial(
        name="improvements that changed nothing",
        room="satisfaction",
        measure="studies in which any of five is said to have changed something",
        setting="contacts of eight hundred customers about five topics; autumn has fewer of all of them",
        twin="looks at each topic alone, before and after",
        aim=Aim(0.0, 0.05),
        seeds=range(983_300, 983_420),
        run=_made_up,
        broken=lambda seed: _made_up(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.improved",),
    ),
)
