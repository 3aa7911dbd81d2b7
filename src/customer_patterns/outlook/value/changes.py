"""How the worth of customers changed from day to day, and which part of it: still there, rate, value of an order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from customer_patterns.estimates import Interval, with_interval
from customer_patterns.outlook.value.expected import EXACT, ROUGH
from customer_patterns.outlook.value.futures import Fitted
from customer_patterns.outlook.value.spans import Span
from customer_patterns.outlook.value.spend import expect_spend
from customer_patterns.outlook.value.standing import Standing
from customer_patterns.outlook.value.tables import COMPONENTS, WORTH_CHANGES, WORTH_DATES
from customer_patterns.outlook.value.worth import around

Floats = NDArray[np.float64]

#: Fewer resamples than this say nothing of how unsure a change is.
_FEWEST_DRAWS = 10


def worth_dates(
    standings: Sequence[Standing], horizon: Span, *, came: Sequence[float | None], margin: float = 1.0
) -> pd.DataFrame:
    """Say what the customers were worth as of each day, each time knowing nothing later.

    Parameters
    ----------
    standings
        The customers as of each day, ascending.
    horizon
        How far ahead, each time.
    came
        Revenue that came within the horizon, where it has passed; else ``None``.
    margin
        The share of revenue that counts.

    Returns
    -------
    DataFrame
        One row per day; columns as in ``WORTH_DATES``. ``alive``, ``orders_if_alive`` and ``value_per_order`` are
        means over customers; ``value_each`` is not their product, since they go together in customers.
    """
    rows = []
    for standing, later in zip(standings, came, strict=True):
        expected = standing.expect(horizon)
        value = expected.orders * standing.spend * margin
        money = standing.futures(horizon).money.sum(axis=0, dtype=float)[None] * margin
        row = pd.DataFrame({"as_of": [standing.as_of], "n": [len(value)]})
        row = with_interval(row, "value", around(np.array([value.sum()]), money))
        row = with_interval(row, "value_each", around(np.array([value.mean()]), money / len(value)))
        row["alive"], row["orders_if_alive"] = expected.alive.mean(), expected.orders_if_alive.mean()
        row["value_per_order"] = standing.spend.mean() * margin
        row["came_value"] = np.nan if later is None else later * margin
        rows.append(row)
    return pd.concat(rows, ignore_index=True).reindex(columns=WORTH_DATES.names)


def worth_changes(standings: Sequence[Standing], horizon: Span, *, margin: float = 1.0) -> pd.DataFrame:
    """Part each change of worth into who is still there, how often they order, what an order brings, and who joined.

    Parameters
    ----------
    standings, horizon, margin
        As in :func:`worth_dates`.

    Returns
    -------
    DataFrame
        One row per step and component, the sum of the components last (``all together``); columns as in
        ``WORTH_CHANGES``: ``change`` in money, and ``share``, the change by the worth before, with intervals that
        resample customers and fit both models anew to each resample; missing where resamples cannot be fitted.

    Notes
    -----
    A customer's worth is a product, so that a change of it is, exactly, the sum of the changes of the logarithms of its
    factors times the logarithmic mean of worth before and after (Ang 2005, Energy Policy 33, 867–871: LMDI-I).
    A resample draws a customer with all that is known of him on both days (cluster bootstrap: Davison and Hinkley 1997,
    Bootstrap Methods and their Application, section 3.8), and each of its fits begins at that to all customers.
    Intervals are Student's around the change, with the standard deviation over the resamples.
    """
    factors = [
        [
            _factors(standing, standing.fitted, horizon, margin, EXACT),
            *(_factors(standing, fitted, horizon, margin, ROUGH) for fitted in standing.draws),
        ]
        for standing in standings
    ]
    parts = [_step(*days, *made) for days, made in zip(pairwise(standings), pairwise(factors), strict=True)]
    columns = list(WORTH_CHANGES.names)
    return pd.concat(parts, ignore_index=True).reindex(columns=columns) if parts else pd.DataFrame(columns=columns)


def _step(before: Standing, after: Standing, old: Sequence[Floats], new: Sequence[Floats]) -> pd.DataFrame:
    """One step; ``old`` and ``new``: factors of both days under the fit to all customers, then to each resample."""
    known = [pd.Index(standing.watched["customer_id"]) for standing in (before, after)]
    place = known[1].get_indexer(known[0])
    if (place < 0).any():
        raise ValueError("who was a customer on the day before is one on the day after")
    every = np.vstack([np.ones(len(known[1])), after.resamples])
    sums = np.empty((len(every), len(COMPONENTS) + 1))
    for row, times, then, now in zip(sums, every, old, new, strict=True):
        change, worth = _changed(then, now, place)
        row[:-1], row[-1] = times @ change, times[place] @ worth
    change, share = sums[:, :-1], sums[:, :-1] / sums[:, -1:]
    step = pd.DataFrame({"from_day": [before.as_of] * len(COMPONENTS), "to_day": [after.as_of] * len(COMPONENTS)})
    step = step.assign(component=pd.Series(COMPONENTS, dtype="str"), n=len(known[1]))
    step = with_interval(step, "change", _around(change[0], change[1:]))
    return with_interval(step, "share", _around(share[0], share[1:]))


def _around(value: Floats, drawn: Floats) -> Interval:
    """An interval of Student's around each value, from what resamples say of it."""
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    n = len(drawn)
    if n < _FEWEST_DRAWS:
        return Interval(value, *(np.full(len(value), np.nan) for _ in range(2)))
    reach = float(stdtrit(n - 1, 0.975)) * drawn.std(axis=0, ddof=1)
    return Interval(value, value - reach, value + reach)


def _changed(before: Floats, after: Floats, place: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The change of each later customer by component, and the worth of each earlier one.

    Factors have one row per customer: chance to be there, orders if so, money per order. ``place`` says which of the
    later customers each of the earlier ones is.
    """
    new, old = after.prod(axis=1), before.prod(axis=1)
    change = np.zeros((len(after), len(COMPONENTS)))
    change[place, :3] = logarithmic_mean(old, new[place])[:, None] * np.log(after[place] / before)
    joined = np.ones(len(after), dtype=bool)
    joined[place] = False
    change[joined, 3] = new[joined]
    change[:, 4] = new
    change[place, 4] -= old
    return change, old


def _factors(standing: Standing, fitted: Fitted, horizon: Span, margin: float, points: int) -> Floats:
    expected = standing.expect(horizon, fitted.orders, points=points)
    spend = expect_spend(fitted.spend, standing.crowd.counted, standing.crowd.mean_value) * margin
    return np.maximum(np.column_stack([expected.alive, expected.orders_if_alive, spend]), 1e-12)


def logarithmic_mean(a: Floats, b: Floats) -> Floats:
    """The logarithmic mean of two positive numbers: their difference by that of their logarithms.

    Examples
    --------
    >>> logarithmic_mean(np.array([1.0, 2.0]), np.array([np.e, 2.0])).round(4).tolist()
    [1.7183, 2.0]
    """
    apart = np.log(b) - np.log(a)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.abs(apart) > 1e-9, (b - a) / apart, (a + b) / 2)
