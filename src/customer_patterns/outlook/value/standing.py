"""Where the customers stand on a day: both models fitted to what was known then, and what they expect."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.value.expected import EXACT, Expected, expect_orders
from customer_patterns.outlook.value.fit import Fit, fit_orders, most_regular
from customer_patterns.outlook.value.futures import Crowd, Fitted, Futures, draw_futures, refits, resample
from customer_patterns.outlook.value.histories import Histories
from customer_patterns.outlook.value.likelihood import BG_NBD
from customer_patterns.outlook.value.spans import Span
from customer_patterns.outlook.value.spend import expect_spend
from customer_patterns.outlook.value.watched import histories_of, mean_values, watch_customers

Floats = NDArray[np.float64]

#: Nobody who was watched for a shorter time can be told from others.
FEWEST_DAYS = 28
#: Nothing more regular than this is looked for.
MOST_REGULAR = 6


@dataclass(frozen=True)
class Standing:
    """The customers of a day and what can be expected of them.

    Attributes
    ----------
    as_of
        The day; nothing after it is known.
    watched
        One row per customer, from :func:`~customer_patterns.outlook.value.watched.watch_customers`.
    crowd
        The same for the models.
    fits
        All fitted models of orders: BG/NBD first, then MBG/CNBD-k for k = 1, 2 …
    fitted
        The chosen one, and the model of values.
    resamples
        How often each customer is in each resample: one row per resample, one column per customer.
    draws
        Both models fitted to each resample.
    each, seed
        Futures per resample, and the seed of chance.
    """

    as_of: date
    watched: pd.DataFrame
    crowd: Crowd
    fits: list[Fit]
    fitted: Fitted
    resamples: Floats
    draws: list[Fitted]
    each: int
    seed: int
    _drawn: dict[float, Futures] = field(default_factory=dict, repr=False, compare=False)

    @property
    def one_time(self) -> NDArray[np.bool_]:
        """Who came on one day only."""
        return self.watched["shopping_days"].to_numpy() == 1

    @cached_property
    def spend(self) -> Floats:
        """Expected money per order of each customer."""
        return expect_spend(self.fitted.spend, self.crowd.counted, self.crowd.mean_value)

    @cached_property
    def _merged(self) -> tuple[Histories, NDArray[np.int64]]:
        return self.crowd.rows.merged()

    def expect(self, horizon: Span, fit: Fit | None = None, *, points: int = EXACT) -> Expected:
        """Orders that are expected of each customer within a horizon, under the chosen model or another one."""
        merged, of = self._merged
        expected = expect_orders(fit or self.fitted.orders, merged, horizon, points=points)
        return Expected(expected.alive[of], expected.orders_if_alive[of])

    def futures(self, horizon: Span) -> Futures:
        """Futures of each customer within a horizon; drawn once."""
        if horizon.days not in self._drawn:
            drawn = draw_futures(self.crowd, self.draws, horizon, each=self.each, seed=self.seed)
            self._drawn[horizon.days] = drawn
        return self._drawn[horizon.days]


def stand_at(
    orders: ir.Table,
    *,
    first_day: date,
    as_of: date,
    burn_in_months: int = 3,
    most_regularity: int = 4,
    draws: int = 30,
    each: int = 14,
    seed: int = 0,
    among: Standing | None = None,
) -> Standing:
    """Fit the lifetime models to what was known on a day.

    BG/NBD is fitted for comparison and never chosen: it holds everybody who came once for certain to come again. Of
    MBG/CNBD-k the one with the smallest BIC is chosen.

    Parameters
    ----------
    orders, first_day, as_of, burn_in_months
        As in :func:`~customer_patterns.outlook.value.watched.watch_customers`.
    most_regularity
        Regularities from 1 to this, at most 6, are compared.
    draws, each, seed
        Resamples of the customers to which models are fitted anew, futures drawn under each, and the seed of chance.
    among
        The customers as of a later day, whose resamples are taken: a customer who is drawn twice there is drawn twice
        here, too, so that both days can be compared.

    Raises
    ------
    NotEnoughData
        Too few customers, or watched for less than four weeks.
    ValueError
        Somebody is not among the customers of the later day.
    """
    days = (as_of - first_day).days + 1
    if days < FEWEST_DAYS:
        raise NotEnoughData(f"needs {FEWEST_DAYS} days of orders, has {max(days, 0)}")
    watched = watch_customers(orders, first_day=first_day, as_of=as_of, burn_in_months=burn_in_months)
    rows = histories_of(watched)
    crowd = Crowd(rows, watched["shopping_days"].to_numpy(dtype=float), mean_values(watched))
    merged, _ = rows.merged()
    fits = [fit_orders(merged, BG_NBD), *most_regular(merged, most=min(most_regularity, MOST_REGULAR))]
    fitted = Fitted(min(fits[1:], key=lambda fit: fit.bic), crowd.fit_spend())
    if fitted.spend.q <= 1:
        raise NotEnoughData("needs order values that have a mean; those of these customers spread too far")
    drawn = resample(len(watched), draws=draws, seed=seed) if among is None else _of_theirs(watched, among)
    return Standing(as_of, watched, crowd, fits, fitted, drawn, refits(crowd, fitted, drawn), each, seed)


def _of_theirs(watched: pd.DataFrame, among: Standing) -> Floats:
    """The resamples of a later day, of those who were customers before."""
    place = pd.Index(among.watched["customer_id"]).get_indexer(watched["customer_id"])
    if (place < 0).any():
        raise ValueError(f"customers of an earlier day than {among.as_of} are looked for among those of that day")
    return among.resamples[:, place]
