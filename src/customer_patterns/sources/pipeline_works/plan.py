"""What is planted in the pipeline works: how leads become contracts, how long that takes, who sells how well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

#: The stages that an opportunity goes through before it is won or lost.
STAGES = ("lead", "analysis", "quote", "contract")
WON, LOST = "won", "lost"
#: Chance that an opportunity leaves a stage for the next one (the contract: for won) and is not lost there.
CONVERSION: dict[str, float] = {"lead": 0.62, "analysis": 0.70, "quote": 0.46, "contract": 0.85}
#: Days spent in a stage before the next one: the median. The logarithm has the spread below; what is lost takes longer.
CYCLE_DAYS: dict[str, float] = {"lead": 9.0, "analysis": 16.0, "quote": 27.0, "contract": 12.0}
CYCLE_SPREAD, LOST_TAKES = 0.55, 1.4
#: Share of leads that know what they want and go from lead to quote.
SKIPS_ANALYSIS = 0.06
#: Share of quotes that are written a second time, and after which share of the time in that stage.
QUOTED_AGAIN, QUOTED_AGAIN_AFTER = 0.12, 0.5

OWNERS = ("S1", "S2", "S3", "S4", "S5", "S6")
#: One owner wins more of the quotes, and one takes longer over the analysis.
CLOSER, CLOSES_MORE = "S2", 0.16
SLOW_OWNER, SLOW_FACTOR = "S5", 1.9

#: Sales regions: name, kind of area, country, inhabitants. No such regions exist.
REGIONS: dict[str, tuple[str, str, str, int]] = {
    "T1": ("River Ports", "urban", "DE", 3_400_000),
    "T2": ("Upper Valley", "suburban", "DE", 1_900_000),
    "T3": ("Lowlands", "rural", "NL", 1_200_000),
    "T4": ("Salt Coast", "urban", "FR", 2_600_000),
    "T5": ("High Passes", "rural", "AT", 700_000),
}
REGION_SHARES: dict[str, float] = {"T1": 0.34, "T2": 0.24, "T3": 0.14, "T4": 0.20, "T5": 0.08}
#: How large accounts are, and what that multiplies: opportunities, pumps per order, spare parts.
SIZES: dict[str, float] = {"small": 0.55, "medium": 0.32, "large": 0.13}
SIZE_FACTOR: dict[str, float] = {"small": 0.6, "medium": 1.2, "large": 2.6}

#: New opportunities per account and year, before its size; share of accounts that own pumps from the start.
OPPORTUNITIES, OWNS_PUMPS = 2.3, 0.62
#: Orders of spare parts per pump and year.
SPARE_ORDERS = 1.6
#: With a seal kit goes a gasket set, in this share of orders; without, in the other.
PAIR, WITH_PAIR, WITHOUT_PAIR = ("SP-01", "SP-02"), 0.55, 0.12
#: Share of won opportunities with a service contract; chance per year that it is canceled before its end.
SERVICED, CANCELED_PER_YEAR = 0.55, 0.14
#: Questions to the service per pump and year.
QUESTIONS = 0.8


@dataclass(frozen=True)
class Plan:
    """The parameters of the works.

    Attributes
    ----------
    seed
        Where all chance comes from.
    accounts
        How many accounts there are.
    first_day, until
        First day of the books, and the first day after them, local.
    """

    seed: int
    accounts: int
    first_day: date = date(2023, 1, 1)
    until: date = date(2025, 1, 1)
    time_zone: str = "Europe/Berlin"
    #: Opportunities are known from so many days before the first day of the books.
    lead_in_days: int = 120

    @property
    def days(self) -> int:
        """Days in the books."""
        return (self.until - self.first_day).days

    def moments(self, day: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Turn local days (counted from the first, negative before it) and seconds of the day into UTC moments."""
        whole, low = np.floor(np.asarray(day)).astype("int64"), -self.lead_in_days - 2
        noons = (
            datetime.combine(self.first_day + timedelta(days=n), time(12), tzinfo=ZoneInfo(self.time_zone))
            for n in range(low, self.days + 2_000)
        )
        offsets = np.array([np.timedelta64(noon.utcoffset()) for noon in noons], dtype="timedelta64[us]")
        local = np.datetime64(self.first_day, "us") + whole * np.timedelta64(1, "D")
        local = local + np.asarray(second).astype("int64") * np.timedelta64(1, "s")
        return (local - offsets[whole - low]).astype("datetime64[us]")

    def dates(self, day: np.ndarray) -> np.ndarray:
        """Turn local days counted from the first into dates."""
        return np.datetime64(self.first_day, "D") + np.asarray(day).astype("int64") * np.timedelta64(1, "D")
