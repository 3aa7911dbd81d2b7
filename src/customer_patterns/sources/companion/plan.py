"""What is planted in a companion: how content customers are, who keeps silent, how the service answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

#: The survey's dimensions, and how much each counts for contentment overall, given the others. The last has no effect.
WEIGHTS: dict[str, float] = {
    "quality": 0.35,
    "price": 0.25,
    "service_attitude": 0.25,
    "response_speed": 0.15,
    "store_experience": 0.0,
}
DIMENSIONS = tuple(WEIGHTS)
WITHOUT_EFFECT = "store_experience"
#: The dimension in which customers who had spent more and less than the median before a wave are equally content.
ZERO_DIFFERENCE = "price"


#: The days after a study's first on which the waves go out; 90 days of purchases follow the last.
_WAVE_DAYS = (45, 136, 192, 269)


def waves_from(first_day: date) -> tuple[tuple[str, date], ...]:
    """Return the waves of a study that begins on a day: name and local day of invitation.

    >>> waves_from(date(2017, 1, 1))[0]
    ('2017-1', datetime.date(2017, 2, 15))
    """
    days = [first_day + timedelta(days=day) for day in _WAVE_DAYS]
    return tuple((f"{first_day.year}-{number}", day) for number, day in enumerate(days, start=1))


@dataclass(frozen=True)
class Break:
    """A planted break of measurement invariance: in one wave one item is answered on shifted thresholds."""

    item: str = "service_attitude_2"
    wave: str = "2017-3"
    shift: float = -0.7


@dataclass(frozen=True)
class Translation:
    """A planted break between languages: who answers in the other one reads one item otherwise, and is as content.

    Attributes
    ----------
    languages
        The first, and the other.
    share
        Of customers who answer in the other.
    item
        Of the dimension that is without effect on contentment overall, so that nothing else moves.
    shift
        Of the item's thresholds in the other language.
    """

    languages: tuple[str, str] = ("en", "zh")
    share: float = 0.4
    item: str = "store_experience_2"
    shift: float = -1.0


@dataclass(frozen=True)
class Plan:
    """The parameters of a companion. All latent quantities have variance 1 over the invited.

    Attributes
    ----------
    seed
        Where all chance comes from.
    time_zone
        Of the customers' clocks.
    first_day, until
        First and last local day on which something happens.
    waves
        Each wave's name and local day of invitation; 90 days of purchases must follow it.
    rho
        Partial correlation of contentment with log spend of the next 90 days, given past spend and orders.
    past
        Correlation of contentment with log spend before the wave: what behavior explains.
    stable
        Share of contentment's own part that stays from wave to wave.
    halo
        Loading of each dimension on contentment.
    loading
        Loading of each item on its dimension.
    acquiescence
        Standard deviation of a customer's habit to agree.
    overall_fit
        Share of contentment overall that the dimensions explain.
    response_rate
        Expected share of the invited who answer.
    silence_by_behavior, silence_by_contentment, silence_by_habit
        Log odds of answering per standard deviation of past spend, of contentment apart from it, of habit.
    item_silence
        Share of items passed over by those who answer.
    straight_liners
        Share of respondents who give one answer to everything.
    contacts, texts
        Expected contacts and feedback texts per customer and year.
    most_customers
        Of a larger clientele so many are asked and listened to.
    flaws_per_thousand
        Records of each kind of flaw per thousand, three at least.
    invariance
        An item that is read otherwise in one wave.
    translation
        An item that is read otherwise in one of two languages; ``None``: all answer in one language.
    """

    seed: int
    time_zone: str = "America/New_York"
    first_day: date = date(2017, 1, 1)
    until: date = date(2018, 1, 1)
    waves: tuple[tuple[str, date], ...] = waves_from(date(2017, 1, 1))
    horizon_days: int = 90
    rho: float = 0.15
    past: float = 0.35
    stable: float = 0.6
    halo: float = 0.65
    loading: float = 0.81
    acquiescence: float = 0.25
    overall_fit: float = 0.65
    recommendation_fit: float = 0.64
    response_rate: float = 0.40
    silence_by_behavior: float = 0.8
    silence_by_contentment: float = 0.25
    silence_by_habit: float = 0.5
    item_silence: float = 0.03
    straight_liners: float = 0.015
    contacts: float = 0.9
    texts: float = 1.1
    chinese: float = 0.30
    most_customers: int = 20_000
    flaws_per_thousand: float = 0.2
    invariance: Break = field(default_factory=Break)
    translation: Translation | None = None

    def rng(self, part: int) -> np.random.Generator:
        """Return the chance of one part, which no other part disturbs."""
        return np.random.default_rng([self.seed, 11, part])

    def midnight(self, day: date) -> datetime:
        """Return the UTC moment at which a local day begins."""
        local = datetime.combine(day, time(), tzinfo=ZoneInfo(self.time_zone))
        return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def moments(self, day: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Turn days counted from the first, and seconds of the local day, into UTC moments."""
        days = (self.until - self.first_day).days + 400
        noons = (
            datetime.combine(self.first_day, time(12), tzinfo=ZoneInfo(self.time_zone)) + timedelta(days=n)
            for n in range(days)
        )
        offsets = np.array([np.timedelta64(noon.utcoffset()) for noon in noons], dtype="timedelta64[us]")
        local = np.datetime64(self.first_day, "us") + day * np.timedelta64(1, "D") + second * np.timedelta64(1, "s")
        return (local - offsets[day]).astype("datetime64[us]")


def flaws_of(plan: Plan, records: int) -> int:
    """How many records of a table get a flaw of one kind."""
    return max(3, round(records * plan.flaws_per_thousand / 1000))
