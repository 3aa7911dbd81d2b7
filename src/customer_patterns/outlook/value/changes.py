"""How the worth of customers changed from day to day, and which part of it: still there, rate, value of an order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, NotEnoughData, bootstrap_ratio, with_interval
from customer_patterns.outlook.value.spans import Span
from customer_patterns.outlook.value.standing import Standing
from customer_patterns.outlook.value.tables import COMPONENTS, WORTH_CHANGES, WORTH_DATES
from customer_patterns.outlook.value.worth import around

Floats = NDArray[np.float64]


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
        ``WORTH_CHANGES``: ``change`` in money, with an interval that resamples customers and takes the fitted models
        as given, and ``share``, the change by the worth before.

    Notes
    -----
    A customer's worth is a product, so that a change of it is, exactly, the sum of the changes of the logarithms of its
    factors times the logarithmic mean of worth before and after (Ang 2005, Energy Policy 33, 867–871: LMDI-I).
    """
    parts = [_step(before, after, horizon, margin) for before, after in pairwise(standings)]
    columns = list(WORTH_CHANGES.names)
    return pd.concat(parts, ignore_index=True).reindex(columns=columns) if parts else pd.DataFrame(columns=columns)


def _step(before: Standing, after: Standing, horizon: Span, margin: float) -> pd.DataFrame:
    factors = [_factors(standing, horizon, margin) for standing in (before, after)]
    both = factors[1].join(factors[0], how="outer", lsuffix="_1", rsuffix="_0")
    old, new = both["value_0"].to_numpy(), both["value_1"].to_numpy()
    stayed = ~np.isnan(old) & ~np.isnan(new)
    mean = np.where(stayed, logarithmic_mean(np.where(stayed, old, 1.0), np.where(stayed, new, 1.0)), 0.0)
    change = {}
    for component, factor in zip(COMPONENTS[:3], ("alive", "rate", "spend"), strict=True):
        ratio = np.where(stayed, both[f"{factor}_1"] / both[f"{factor}_0"], 1.0)
        change[component] = mean * np.log(ratio.astype(float))
    change[COMPONENTS[3]] = np.where(np.isnan(old), np.nan_to_num(new), 0.0)
    change[COMPONENTS[4]] = np.nan_to_num(new) - np.nan_to_num(old)
    table = np.column_stack([change[component] for component in COMPONENTS])
    n = len(both)
    try:
        each = bootstrap_ratio(table, np.ones((n, 1)))
    except NotEnoughData:
        each = Interval.missing(len(COMPONENTS))
    step = pd.DataFrame({"from_day": [before.as_of] * len(COMPONENTS), "to_day": [after.as_of] * len(COMPONENTS)})
    step = step.assign(component=pd.Series(COMPONENTS, dtype="str"), n=n)
    low, high = (np.where(np.isnan(bound), each.value, bound) for bound in (each.low, each.high))
    step = with_interval(step, "change", Interval(each.value * n, low * n, high * n))
    worth = np.nansum(old)
    return with_interval(step, "share", Interval(*(np.asarray(x) * n / worth for x in (each.value, low, high))))


def _factors(standing: Standing, horizon: Span, margin: float) -> pd.DataFrame:
    expected = standing.expect(horizon)
    frame = pd.DataFrame(
        {"alive": expected.alive, "rate": expected.orders_if_alive, "spend": standing.spend * margin},
        index=pd.Index(standing.watched["customer_id"], name="customer_id"),
    ).clip(lower=1e-12)
    return frame.assign(value=frame["alive"] * frame["rate"] * frame["spend"])


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
