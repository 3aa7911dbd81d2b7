"""Stars that customers give with what they write: how many, on average, and how much from month to month."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Interval, NotEnoughData, bootstrap_ratio, bounded, renamed, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, customer_sums, order_profile, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.satisfaction.tables.texts import FEEDBACK_MONTHS, STAR_MEAN, STARS
from customer_patterns.schemas.local_time import local_time
from customer_patterns.sources.cut import first_moment_after

#: How many stars there are, from worst to best.
NUMBERS = range(1, 6)

#: So many different ratings are labels, which allow nothing between them.
_LABELS = 2


def written_texts(feedback: ir.Table, *, last_day: date, time_zone: str) -> ir.Table:
    """Say of each text who wrote it and on which local day.

    Parameters
    ----------
    feedback
        One row per text: ``feedback_id``, ``customer_id``, ``author_key``, ``written_at`` (UTC), ``rating``.
    last_day
        Last day of the study. Later texts change nothing.
    time_zone
        The study's; it decides when that day ends.

    Returns
    -------
    Table
        One row per text: ``feedback_id``, ``customer_id`` (the customer's key; else the author's; else the text stands
        for a writer of its own), ``written_on``, ``rating``.
    """
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    rows = feedback.filter(feedback.written_at < end)
    return rows.select(
        "feedback_id",
        "rating",
        customer_id=writer_of(rows),
        written_on=local_time(rows.written_at, time_zone=time_zone).date(),
    )


def writer_of(feedback: ir.Table) -> ir.StringValue:
    """The writer of each text: the customer, else the author, else nobody but the text itself."""
    author, text = ibis.literal("author ") + feedback.author_key, ibis.literal("text ") + feedback.feedback_id
    return ibis.coalesce(feedback.customer_id, author, text)


@empty_unless_enough(STARS)
def star_shares(texts: ir.Table) -> pd.DataFrame:
    """Estimate how the texts with stars are spread over their number.

    Parameters
    ----------
    texts
        What :func:`written_texts` returns.

    Returns
    -------
    DataFrame
        One row per number of stars, from the best; columns as in ``STARS``. Where no more than two numbers occur these
        are labels, good and bad, and the numbers between have no row. Intervals resample writers; without rows where
        fewer than two gave stars.
    """
    rated = texts.filter(texts.rating.notnull())
    given = set(rated.select("rating").distinct().to_pandas()["rating"].astype(int))
    numbers = [number for number in reversed(NUMBERS) if number in given or len(given) > _LABELS]
    table = order_profile(rated, by="rating", levels=numbers, of=("orders",))
    names = {"orders": "texts", "customers": "writers"}
    names |= renamed("share_of_orders", "share_of_texts")
    return table.rename(columns=names).assign(rating=numbers)[STARS.names]


def star_mean(texts: ir.Table) -> pd.DataFrame:
    """Estimate the mean number of stars of a text.

    Parameters
    ----------
    texts
        What :func:`written_texts` returns.

    Returns
    -------
    DataFrame
        One row; columns as in ``STAR_MEAN``. Intervals resample writers; without rows where writers with stars are too
        few, or all gave the same.
    """
    rated = texts.filter(texts.rating.notnull())
    sums = customer_sums(rated, {"stars": ibis._.rating.sum(), "texts": ibis._.count()})
    if len(sums["texts"]) < SMALLEST_CELL:
        return empty(STAR_MEAN)
    found = [float(np.ravel(part)[0]) for part in bootstrap_ratio(sums["stars"], sums["texts"])]
    if not np.isfinite(found).all() or found[1] == found[2]:
        return empty(STAR_MEAN)
    counts = {"n": [len(sums["texts"])], "texts": [int(sums["texts"].sum())]}
    table = pd.DataFrame({name: whole_numbers(count) for name, count in counts.items()})
    return table.assign(mean_stars=found[0], mean_stars_low=found[1], mean_stars_high=found[2])[STAR_MEAN.names]


def feedback_months(texts: ir.Table, *, first_day: date, last_day: date) -> pd.DataFrame:
    """Count texts, and estimate the mean of their stars, month by month.

    Parameters
    ----------
    texts
        What :func:`written_texts` returns.
    first_day, last_day
        The period, both days included. Other texts change nothing.

    Returns
    -------
    DataFrame
        One row per month from the first that has a text to the end of the period; columns as in ``FEEDBACK_MONTHS``.
        Months of too few writers are blank, one without any holds no text.
    """
    inside = texts.filter(texts.written_on.between(ibis.literal(first_day), ibis.literal(last_day)))
    first = inside.written_on.min().to_pyarrow().as_py()
    if first is None:
        return empty(FEEDBACK_MONTHS)
    months = pd.period_range(first, last_day, freq="M")
    measures = {
        "texts": ibis._.count(),
        "rated": ibis._.rating.count(),
        "stars": ibis._.rating.sum().fill_null(0),
    }
    number = ibis._.written_on.year() * 12 + ibis._.written_on.month()
    sums = customer_sums(
        inside.mutate(month=number), measures, by="month", levels=[m.year * 12 + m.month for m in months]
    )
    starts = months.to_timestamp()
    table = pd.DataFrame(
        {
            "month": [start.date() for start in starts],
            "complete": (starts >= pd.Timestamp(first_day)) & (months.end_time.normalize() <= pd.Timestamp(last_day)),
            "texts": whole_numbers(sums["texts"].sum(axis=0)),
            "n": whole_numbers((sums["texts"] > 0).sum(axis=0)),
        }
    )
    means = _means(sums["stars"], sums["rated"])
    blanks = ["texts", *bounded("mean_stars")]
    table = suppress(with_interval(table, "mean_stars", means), blanks)
    few = (sums["rated"] > 0).sum(axis=0) < SMALLEST_CELL
    return table.assign(**{name: table[name].mask(few) for name in blanks[1:]})[FEEDBACK_MONTHS.names]


def _means(stars: NDArray[np.float64], rated: NDArray[np.float64]) -> Interval:
    """Mean stars of each month; missing where nobody, or only one, gave any."""
    try:
        return bootstrap_ratio(stars, rated)
    except NotEnoughData:
        return Interval.missing(stars.shape[1])
