"""When and where the customers of a planted shop order, by their local clock, and how many products they pick up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.plan import CLOSED, WEEK_ONE, Truth
from customer_patterns.sources.planted_shop.shoppers import STORES_PER_AREA, first_store_of

_HOME_STORE_SHARE = 0.9
#: Orders differ in size: a gamma of this shape mixes the Poisson number of further picks.
_SIZE_SHAPE = 2.5


@dataclass(frozen=True)
class Visits:
    """Orders before they are filled, one entry per order in each array.

    Attributes
    ----------
    customer
        Row of the customer, counted within the block.
    day
        Local day, counted from the study's first.
    second
        Second of the local day.
    store
        The store's number.
    picks
        How many products are picked up, with repetition.
    """

    customer: np.ndarray
    day: np.ndarray
    second: np.ndarray
    store: np.ndarray
    picks: np.ndarray

    def __len__(self) -> int:
        """Count the orders."""
        return len(self.customer)

    def take(self, chosen: np.ndarray) -> Visits:
        """Return the chosen orders (row numbers or a mask)."""
        return Visits(**{part.name: getattr(self, part.name)[chosen] for part in fields(self)})

    def sold_at(self, truth: Truth) -> np.ndarray:
        """Return the orders' moments in UTC. The shop is closed when clocks change: one offset holds for each day."""
        return moments(truth, self.day, self.second)


def moments(truth: Truth, day: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the UTC moments of seconds of local days (counted from the first), by the offset of the day's noon."""
    midnight = np.datetime64(truth.first_day, "us") + day * np.timedelta64(1, "D")
    local = midnight + np.asarray(second).astype("int64") * np.timedelta64(1_000_000, "us")
    return local - _offsets(truth)[day]


def draw_visits(rng: np.random.Generator, truth: Truth, people: pd.DataFrame) -> Visits:
    """Draw the orders of some customers.

    Each customer's orders are a Poisson process whose rate follows the weekdays of their type, from the day they start
    to the day they leave for good. Who starts inside the window does so with an order on that day.

    Parameters
    ----------
    rng
        Where chance comes from.
    truth
        The plan.
    people
        The rows of ``truth.customers`` to draw for.
    """
    kinds = {shopper.name: number for number, shopper in enumerate(truth.types)}
    kind = people["shopper_type"].map(kinds).to_numpy()
    days = delivered_days(truth)
    start = np.clip([(day - truth.first_day).days for day in people["starts_on"]], 0, days)
    end = np.array([days if pd.isna(leaves) else (leaves - truth.first_day).days for leaves in people["leaves_on"]])
    # Purchases keep their own clock, which runs faster on the weekdays a type prefers and stands still on closed days.
    clock = np.stack([_clock(truth, shopper.days(), days) for shopper in truth.types])
    passed = clock[kind, end] - clock[kind, start]
    orders = rng.poisson(people["orders_per_week"].to_numpy() / 7 * passed)
    customer = np.repeat(np.arange(len(people)), orders)
    moment = clock[kind[customer], start[customer]] + rng.random(len(customer)) * passed[customer]
    day = np.empty(len(customer), dtype="int64")
    for number in range(len(truth.types)):
        chosen = kind[customer] == number
        day[chosen] = np.searchsorted(clock[number], moment[chosen], side="right") - 1
    day = np.minimum(day, end[customer] - 1)  # a moment rounded up to the end would be an order too late

    opened = clock[kind, start + 1] > clock[kind, start]
    newcomer = np.flatnonzero(people["starts_inside"].to_numpy() & opened)
    customer, day = np.concatenate([customer, newcomer]), np.concatenate([day, start[newcomer]])
    hour = np.empty(len(customer), dtype="int64")
    for number, shopper in enumerate(truth.types):
        chosen = kind[customer] == number
        hour[chosen] = rng.choice(24, size=int(chosen.sum()), p=shopper.hours())
    at_home = rng.random(len(customer)) < _HOME_STORE_SHARE
    home = people["home_store"].to_numpy()[customer]
    away = first_store_of(people.index.to_numpy())[customer]
    further = people["picks_per_order"].to_numpy()[customer] - 1
    drawn = Visits(
        customer=customer,
        day=day,
        second=hour * 3600 + rng.integers(0, 3600, len(customer)),
        store=np.where(at_home, home, away + rng.integers(0, STORES_PER_AREA, len(customer))),
        picks=1 + rng.poisson(further * rng.gamma(_SIZE_SHAPE, size=len(customer)) / _SIZE_SHAPE),
    )
    return drawn.take(~_forgone(truth, people, drawn))


def _forgone(truth: Truth, people: pd.DataFrame, drawn: Visits) -> np.ndarray:
    """Which visits partial defectors do not make any more."""
    if people["partial_on"].isna().all():
        return np.zeros(len(drawn), dtype=bool)
    rng = truth.plan.rng("partial defection", 1 + int(people.index[0]))
    never = delivered_days(truth)
    since = np.array([never if pd.isna(day) else (day - truth.first_day).days for day in people["partial_on"]])
    return (drawn.day >= since[drawn.customer]) & (rng.random(len(drawn)) >= truth.plan.partial_kept)


def delivered_days(truth: Truth) -> int:
    """Return how many days the delivery covers."""
    return (truth.delivered_until - truth.first_day).days + 1


def weeks_of(day: np.ndarray, first_day: date) -> np.ndarray:
    """Return the shop's number of the week that holds each day, counted from ``first_day``."""
    return (day + (first_day - WEEK_ONE).days) // 7 + 1


def _clock(truth: Truth, weekdays: np.ndarray, days: int) -> np.ndarray:
    """How far the clock of purchases has run at the beginning of each day: 1 per average open day."""
    dates = [truth.first_day + timedelta(days=day) for day in range(days)]
    return np.concatenate([[0.0], np.cumsum([0.0 if day == CLOSED else weekdays[day.weekday()] for day in dates])])


def _offsets(truth: Truth) -> np.ndarray:
    """Local time less UTC at noon of each delivered day."""
    return _offsets_of(truth.time_zone, truth.first_day, delivered_days(truth))


@lru_cache
def _offsets_of(time_zone: str, first_day: date, days: int) -> np.ndarray:
    noon = datetime.combine(first_day, time(12), tzinfo=ZoneInfo(time_zone))
    noons = (noon + timedelta(days=day) for day in range(days))
    return np.array([np.timedelta64(moment.utcoffset()) for moment in noons], dtype="timedelta64[us]")
