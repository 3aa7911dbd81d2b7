"""Contacts with the service: who asks, when, how soon someone answers, and how that is rated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.contentment import DIGITS
from customer_patterns.sources.companion.plan import Plan


@dataclass(frozen=True)
class Channel:
    """How a channel works.

    Attributes
    ----------
    share
        Of all contacts.
    opens, closes
        First and last local hour in which it can be used.
    median_minutes
        Until the first response, in working hours.
    off_hours_factor
        On the response time from eight in the evening to eight in the morning and on weekends.
    waits_for_morning
        Whether nobody answers before eight in the morning of the next working day, Sundays off.
    unanswered
        Share of contacts that nobody ever answers.
    """

    share: float
    opens: int
    closes: int
    median_minutes: float
    off_hours_factor: float
    waits_for_morning: bool
    unanswered: float


CHANNELS: dict[str, Channel] = {
    "phone": Channel(0.35, 8, 21, 3.0, 2.0, False, 0.04),
    "e-mail": Channel(0.30, 6, 23, 240.0, 1.0, True, 0.08),
    "chat": Channel(0.20, 8, 23, 6.0, 2.0, False, 0.06),
    "store": Channel(0.15, 8, 21, 4.0, 1.5, False, 0.0),
}
TOPICS: dict[str, float] = {
    "product quality": 0.26,
    "price and receipt": 0.22,
    "coupons and card": 0.18,
    "availability": 0.14,
    "staff": 0.10,
    "store": 0.06,
    "other": 0.04,
}
AGENTS = tuple(f"A{number:02d}" for number in range(1, 13))
#: One agent takes so many times as long as the others.
SLOW_AGENT, SLOW_FACTOR = "A07", 2.5
#: Spread of log response time.
_SPREAD = 0.8
#: Rating: lost per unit of the logarithm of half hours waited, gained per standard deviation of contentment.
CSAT_BY_WAIT, CSAT_BY_CONTENTMENT = -0.35, 0.40
_CSAT_CUTS = (-1.45, -0.85, -0.15, 0.80)
#: Share of contacts that are rated, answered and unanswered ones.
_RATED, _RATED_UNANSWERED = 0.45, 0.20
#: Relative number of contacts from Monday to Sunday.
_WEEKDAYS = np.array([1.25, 1.15, 1.05, 1.0, 1.05, 0.85, 0.65])


def draw_contacts(plan: Plan, customers: pd.DataFrame, content: np.ndarray) -> pd.DataFrame:
    """Draw the contacts of all customers.

    Parameters
    ----------
    plan
        The parameters.
    customers
        One row per customer: ``customer_id``, ``spend_cents``, ``first_day``.
    content
        How content each of them is in general.

    Returns
    -------
    DataFrame
        The canonical table ``contacts`` without any flaw, by ``contact_id``; who spends more asks more.
    """
    rng = plan.rng(7)
    span = (plan.until - plan.first_day).days + 1
    # A contact in the last minutes is answered after the end; the cut at a study's last moment has to see that.
    spend = customers["spend_cents"].to_numpy(dtype="float64")
    relative = np.clip(spend / max(float(np.median(spend)), 1.0), 0.05, 8.0) ** 0.6
    active = np.maximum(span - customers["first_day"].to_numpy(), 1)
    number = rng.poisson(np.round(plan.contacts * relative / relative.mean() * active / 365, 6))
    row = np.repeat(np.arange(len(customers)), number)
    size = len(row)
    names = np.array(list(CHANNELS), dtype=object)
    kind = rng.choice(len(names), size=size, p=[channel.share for channel in CHANNELS.values()])
    day = _days(rng, plan, customers["first_day"].to_numpy()[row], span)
    opens, closes = (np.array([getattr(c, name) for c in CHANNELS.values()])[kind] for name in ("opens", "closes"))
    # Two humps: late morning and early evening.
    hump = np.where(rng.random(size) < 0.55, 10.8, 18.2)
    hour = np.clip(np.round(rng.normal(hump, 2.4), DIGITS), opens, closes - 0.01)
    second = (hour * 3600).astype("int64")
    opened = plan.moments(day, second)

    agent = rng.integers(0, len(AGENTS), size)
    weekday = (day + plan.first_day.weekday()) % 7
    wait = _minutes(rng, kind, agent, hour=hour, weekday=weekday)
    answered = rng.random(size) >= np.array([channel.unanswered for channel in CHANNELS.values()])[kind]
    first = opened + (wait * 60).astype("int64") * np.timedelta64(1, "s")
    work = np.exp(np.round(rng.normal(np.where(kind == 1, 5.5, 2.3), 1.0, size), DIGITS))
    closed = first + (work * 60).astype("int64") * np.timedelta64(1, "s")
    rated = rng.random(size) < np.where(answered, _RATED, _RATED_UNANSWERED)
    later = np.exp(np.round(rng.normal(1.0, 1.2, size), DIGITS)) * 3600
    # Nobody answered: the customer rates after two days.
    rated_at = np.where(answered, closed, opened + np.timedelta64(2, "D")) + later.astype("int64") * np.timedelta64(
        1, "s"
    )
    waited = np.log1p(np.where(answered, wait, 48 * 60) / 30)
    mood = 0.55 + CSAT_BY_WAIT * waited + CSAT_BY_CONTENTMENT * content[row] + rng.normal(0, 0.75, size)
    stars = 1 + np.searchsorted(np.array(_CSAT_CUTS), np.round(mood, DIGITS))

    table = pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy(dtype=object)[row],
            "channel": names[kind],
            "topic": rng.choice(np.array(list(TOPICS), dtype=object), size=size, p=list(TOPICS.values())),
            "opened_at": opened,
            "first_response_at": pd.Series(first).where(answered),
            "closed_at": pd.Series(closed).where(answered),
            "agent_id": pd.Series(np.array(AGENTS, dtype=object)[agent]).where(answered),
            "rated_at": pd.Series(rated_at.astype("datetime64[us]")).where(rated),
            "csat": pd.Series(stars).astype("Int64").where(rated),
        }
    )
    table = table.sort_values(["opened_at", "customer_id", "channel"], ignore_index=True)
    table.insert(0, "contact_id", [f"K{number:06d}" for number in range(1, size + 1)])
    return table


def _days(rng: np.random.Generator, plan: Plan, first: np.ndarray, span: int) -> np.ndarray:
    """Draw local days from each customer's first on, weekdays as likely as planned."""
    day = first + (rng.random(len(first)) * (span - first)).astype("int64")
    # Who falls on an unlikely weekday moves to another day of that week as its chance says.
    kept = rng.random(len(day)) < _WEEKDAYS[(day + plan.first_day.weekday()) % 7] / _WEEKDAYS.max()
    moved = np.clip(day - (day + plan.first_day.weekday()) % 7 + rng.integers(0, 4, len(day)), first, span - 1)
    return np.where(kept, day, moved)


def _minutes(
    rng: np.random.Generator, kind: np.ndarray, agent: np.ndarray, *, hour: np.ndarray, weekday: np.ndarray
) -> np.ndarray:
    """Draw the minutes until the first response."""
    channels = list(CHANNELS.values())
    median, factor = (
        np.array([getattr(c, name) for c in channels])[kind] for name in ("median_minutes", "off_hours_factor")
    )
    waits = np.array([channel.waits_for_morning for channel in channels])[kind]
    off = (hour >= 20) | (hour < 8) | (weekday >= 5)
    minutes = median * np.exp(np.round(rng.normal(0, _SPREAD, len(kind)), DIGITS))
    minutes = minutes * np.where(off, factor, 1.0) * np.where(agent == AGENTS.index(SLOW_AGENT), SLOW_FACTOR, 1.0)
    # Nobody reads e-mails at night nor on Sundays: they wait until eight in the morning of the next working day.
    shut = (hour < 8) | (hour >= 20) | (weekday == 6)
    morning = (weekday + (hour >= 8)) % 7
    pause = np.where(shut, (8 - hour) % 24 + np.where(morning == 6, 24, 0), 0.0)
    return np.round(minutes + np.where(waits, pause * 60, 0.0), 2) + 0.5
