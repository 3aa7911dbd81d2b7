"""What was known at each cut and what came after: the ground that everything about leaving is judged on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.features.at_cut import features_at, last_cuts
from customer_patterns.outlook.churn.outcomes import defected, is_customer, outcomes_at, with_outcomes

#: Training, training, calibration, test; without a second training cut the linear model is not doubted.
MOST_CUTS, FEWEST_CUTS = 4, 3


@dataclass(frozen=True)
class Terms:
    """What leaving means.

    Attributes
    ----------
    horizon_days
        In which time customers leave.
    kept_share
        Who spends less than this share of the own base has left in part.
    min_days
        Who has fewer shopping days in the window has no base.
    weeks
        How many weeks before a horizon alerts are looked at.
    """

    horizon_days: int = 56
    kept_share: float = 0.5
    min_days: int = 6
    weeks: int = 7

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.horizon_days < 14:
            raise ValueError(f"the horizon has 14 days or more, not {self.horizon_days}")
        if not 0 < self.kept_share <= 1:
            raise ValueError(f"the share kept lies between 0 and 1, not at {self.kept_share}")

    @property
    def window_days(self) -> int:
        """Features look back twice as far as the horizon reaches."""
        return 2 * self.horizon_days

    @property
    def recent_days(self) -> int:
        """The recent part of the window, a quarter."""
        return self.horizon_days // 2

    @property
    def needed_days(self) -> int:
        """So many days a study must have before anything can be foretold and tested."""
        return self.window_days + FEWEST_CUTS * self.horizon_days


@dataclass(frozen=True)
class History:
    """Customers at cuts.

    Attributes
    ----------
    terms
        What leaving means.
    cuts
        Ascending, one horizon apart: training …, calibration, test. Empty where the study is too short.
    past
        One row per cut and customer with a base: features and what came after; ``cut``, ``customer_id`` ascending.
    left
        Whether the customer left in part, one per row of ``past``.
    now
        Features on the last day.
    last_day
        The study's last day.
    look
        Gives the features at other cuts, of customers with a base then.
    """

    terms: Terms
    cuts: tuple[date, ...]
    past: pd.DataFrame
    left: NDArray[np.bool_]
    now: pd.DataFrame
    last_day: date
    look: Callable[[Sequence[date]], pd.DataFrame]

    @property
    def enough(self) -> bool:
        """Whether there are cuts for training, calibration and test."""
        return len(self.cuts) >= FEWEST_CUTS

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """Features at the weekly cuts before the test, the test's own included."""
        return self.look([self.cuts[-1] - timedelta(days=7 * back) for back in range(self.terms.weeks + 1)])

    @property
    def before_test(self) -> dict[str, date]:
        """First and last day of the window before the test; of the last window where there is no test."""
        end = self.cuts[-1] if self.enough else self.last_day
        return {"first_day": end - timedelta(days=self.terms.window_days - 1), "last_day": end}

    def at(self, cut: date) -> NDArray[np.bool_]:
        """Which rows of ``past`` are of a cut."""
        return (self.past["cut"] == cut).to_numpy()


def history(
    days: ir.Table,
    *,
    first_day: date,
    last_day: date,
    terms: Terms | None = None,
    contacts: ir.Table | None = None,
) -> History:
    """Describe customers at the cuts that a study allows, and what each did after.

    Parameters
    ----------
    days
        One row per customer and shopping day, from ``features.shopping_days``.
    first_day, last_day
        The study. The window before each cut and the horizon after it lie within.
    terms
        What leaving means; the default horizon is eight weeks.
    contacts
        Contacts with the service, where they may enter a forecast of purchases.
    """
    terms = terms or Terms()
    cuts = cuts_within(first_day, last_day, terms=terms)

    def at_one(cut: date) -> pd.DataFrame:
        span = {"window_days": terms.window_days, "recent_days": terms.recent_days, "least_days": terms.min_days}
        features = features_at(days, [cut], **span, contacts=contacts)
        return features[is_customer(features, min_days=terms.min_days, active_days=terms.horizon_days)]

    def look(at: Sequence[date]) -> pd.DataFrame:
        # One by one: who has no base is forgotten before the next cut is looked at.
        return pd.concat([at_one(cut) for cut in sorted(set(at))], ignore_index=True)

    features = look([*cuts, last_day])
    cut = features["cut"].to_numpy()
    outcomes = outcomes_at(days, cuts or [first_day], horizon_days=terms.horizon_days)
    past = with_outcomes(features[np.isin(cut, cuts)], outcomes, horizon_days=terms.horizon_days)
    left = defected(past, window_days=terms.window_days, horizon_days=terms.horizon_days, kept_share=terms.kept_share)
    return History(terms, cuts, past, left, features[cut == last_day].reset_index(drop=True), last_day, look)


def cuts_within(first_day: date, last_day: date, *, terms: Terms) -> tuple[date, ...]:
    """The cuts with a whole window before and a whole horizon after, at most four, ascending."""
    earliest = first_day + timedelta(days=terms.window_days - 1)
    cuts = last_cuts(last_day, horizon_days=terms.horizon_days, cuts=MOST_CUTS)
    return tuple(cut for cut in cuts if cut >= earliest)
