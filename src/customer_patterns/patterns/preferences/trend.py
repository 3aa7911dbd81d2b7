"""Whether customers buy more or less as time goes by: what stands in for loyalty where other shops are not observed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr, stdtrit

from customer_patterns.estimates import Interval, bounded, pool_means, wilson, with_interval
from customer_patterns.features.cells import suppress
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.slopes import PRIOR_BLOCKS, fit_each, fit_together, freedom

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weeks:
    """What each customer bought in each week, the last week first.

    Attributes
    ----------
    customers
        Their keys, ascending.
    bought
        Per measure one row per customer, one column per week; spend in hundredths, not below zero.
    weeks
        Per customer: the whole weeks after the one of the first order, the last ones of the study.
    """

    customers: NDArray[np.object_]
    bought: dict[str, Floats]
    weeks: NDArray[np.int64]


def loyalty_trends(weeks: Weeks, *, least_weeks: int = 13, level: float = 0.95, wrong: float = 0.025) -> pd.DataFrame:
    """Estimate each customer's trend in what stands in for loyalty, drawn toward that of all.

    Parameters
    ----------
    weeks
        From :func:`~customer_patterns.patterns.preferences.weekly.count_weeks`.
    least_weeks
        Customers of fewer weeks have no trend yet.
    level
        Of the intervals.
    wrong
        A trend is named where the chance that it goes the other way is at most this (the local false sign rate:
        Stephens 2017, Biostatistics 18, 275–294).

    Returns
    -------
    DataFrame
        One row per customer and measure, by both, of those with an order in their weeks; columns as in
        ``LOYALTY_TRENDS``. The first order itself does not count: it is there by definition.
    """
    parts = []
    orders = _in_weeks(weeks, tables.ORDERS).sum(axis=1)
    for measure in tables.MEASURES:
        counts = _in_weeks(weeks, measure)
        use = np.flatnonzero((weeks.weeks >= least_weeks) & (counts.sum(axis=1) > 0) & (orders > 0))
        if len(use) < 2:
            continue
        scale = counts[use].sum(axis=1) / orders[use]  # what an order is worth, so that all are counted alike
        fit = fit_each(counts[use] / scale[:, None], weeks.weeks[use])
        drawn = pool_means(fit.slope, fit.error, level=level).interval
        deviation = np.maximum((drawn.high - drawn.low) / (2 * ndtri(0.5 + level / 2)), 1e-12)
        # How much a customer scatters is known from so many blocks of weeks, hence Student's distribution.
        blocks = freedom(weeks.weeks[use]) + PRIOR_BLOCKS
        half = stdtrit(blocks, 0.5 + level / 2)
        wrong_way = stdtr(blocks, -np.abs(drawn.value) / deviation)
        sure = wrong_way <= wrong
        frame = pd.DataFrame(
            {
                "customer_id": pd.Series(weeks.customers[use], dtype="str"),
                "measure": pd.Series([measure] * len(use), dtype="str"),
                "weeks": weeks.weeks[use],
                "n": orders[use].astype(np.int64),
                "wrong_way": wrong_way,
                "verdict": np.select(
                    [sure & (drawn.value > 0), sure & (drawn.value < 0)],
                    [tables.RISING, tables.FALLING],
                    tables.UNCLEAR,
                ),
            }
        )
        reach = half * fit.error
        own = Interval(*(np.exp(part) for part in (fit.slope, fit.slope - reach, fit.slope + reach)))
        frame = with_interval(frame, "own_change", own)
        change = Interval(*(np.exp(drawn.value + sign * half * deviation) for sign in (0, -1, 1)))
        parts.append(with_interval(frame, "change", change))
    if not parts:
        return empty(tables.LOYALTY_TRENDS)
    table = pd.concat(parts, ignore_index=True)[tables.LOYALTY_TRENDS.names]
    return table.sort_values(["customer_id", "measure"], ignore_index=True)


@empty_unless_enough(tables.TREND_COUNTS)
def count_trends(trends: pd.DataFrame) -> pd.DataFrame:
    """Count whose trend is sure.

    Parameters
    ----------
    trends
        From :func:`loyalty_trends`.

    Returns
    -------
    DataFrame
        One row per measure and direction, in the order of ``MEASURES``, rising first; columns as in ``TREND_COUNTS``.
    """
    if trends.empty:
        return empty(tables.TREND_COUNTS)
    of = trends["measure"].value_counts()
    rows = [(measure, way) for measure in tables.MEASURES if measure in of for way in (tables.RISING, tables.FALLING)]
    table = pd.DataFrame(rows, columns=["measure", "verdict"], dtype="str")
    sure = trends[["measure", "verdict"]].value_counts().reindex(rows, fill_value=0).to_numpy()
    n = table["measure"].map(of).astype("Int64")
    return with_interval(table.assign(n=n), "share", wilson(sure, n.to_numpy(dtype=float)))[tables.TREND_COUNTS.names]


def group_trends(weeks: Weeks, groups: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Estimate the trend of each group's customers, each held against themselves.

    Parameters
    ----------
    weeks
        As in :func:`loyalty_trends`.
    groups
        One row per customer: ``customer_id``, ``segment``. Customers without a group are left out.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        One row per group and measure, by both; columns as in ``GROUP_TRENDS``: ``own_change`` from the group alone,
        ``change`` with groups drawn toward each other (as it is where there are fewer than three). Groups of few
        customers are blank.
    """
    of = groups.drop_duplicates("customer_id").set_index("customer_id")["segment"].reindex(weeks.customers)
    half = float(ndtri(0.5 + level / 2))
    parts = []
    for measure in tables.MEASURES:
        counts = _in_weeks(weeks, measure)
        use = (weeks.weeks >= 2) & (counts.sum(axis=1) > 0) & of.notna().to_numpy()
        found = []
        for name in sorted(of[use].unique()):
            members = np.flatnonzero(use & (of == name).to_numpy())
            if len(members) < 2:
                found.append((name, len(members), np.nan, np.nan))
                continue
            slope, error = fit_together(counts[members], weeks.weeks[members])
            found.append((name, len(members), slope, error))
        if not found:
            continue
        frame = pd.DataFrame(found, columns=["segment", "n", "_slope", "_error"])
        known = (frame["_error"] > 0).to_numpy()
        slope, error = (frame[name].to_numpy() for name in ("_slope", "_error"))
        own = Interval(*(np.exp(slope + sign * half * error) for sign in (0, -1, 1)))
        together = Interval.missing(len(frame))
        if known.any():
            pooled = pool_means(slope[known], error[known], level=level).interval
            for to, part in zip(together, pooled, strict=True):
                to[known] = np.exp(part)
        frame = with_interval(with_interval(frame.assign(measure=measure), "own_change", own), "change", together)
        blank = bounded("own_change", "change")
        parts.append(suppress(frame.astype({"n": "Int64", "segment": "str", "measure": "str"}), blank))
    if not parts:
        return empty(tables.GROUP_TRENDS)
    table = pd.concat(parts, ignore_index=True)[tables.GROUP_TRENDS.names]
    return table.sort_values(["segment", "measure"], ignore_index=True)


def _in_weeks(weeks: Weeks, measure: str) -> Floats:
    """A measure in the weeks of each customer, zero outside of them."""
    counts = weeks.bought[measure]
    return np.where(np.arange(counts.shape[1]) < weeks.weeks[:, None], counts, 0.0)
