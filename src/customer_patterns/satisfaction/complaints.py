"""What people complain about: which few topics make up most of it, and whether they have become fewer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from customer_patterns.estimates import Interval, bootstrap_share, with_interval
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features.cells import suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.satisfaction.resampling import resampled, sums_of
from customer_patterns.satisfaction.tables.service import COMPLAINT_TOPICS, FEWER, MORE, SAME_AS_BEFORE
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.schemas.local_time import local_time

Floats = NDArray[np.float64]

#: Up to which rating a contact went badly, by what the customer said of it.
BAD_RATING = 2


def bad_contacts(contacts: ir.Table, *, last_day: date, time_zone: str) -> pd.DataFrame:
    """Take the contacts that their customers rated as bad.

    Parameters
    ----------
    contacts
        One row per contact: ``contact_id``, ``customer_id``, ``topic``, ``opened_at``, ``rated_at`` (UTC), ``csat``.
    last_day
        Last day of the study. Later contacts and ratings change nothing.
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row per contact rated :data:`BAD_RATING` or less, by ``contact_id``: ``contact_id``, ``customer_id`` (the
        contact's own key where nobody knows whose it is), ``topic``, ``day``.
    """
    day = local_time(contacts.opened_at, time_zone=time_zone).date()
    rated_on = local_time(contacts.rated_at, time_zone=time_zone).date()
    end = ibis.literal(last_day)
    in_time = (day <= end) & (rated_on <= end).fill_null(True)
    rows = contacts.filter(in_time & (contacts.csat <= BAD_RATING))
    table = rows.select(
        "contact_id",
        customer_id=rows.customer_id.fill_null(ibis.literal("contact ") + rows.contact_id),
        topic=rows.topic.fill_null(UNKNOWN),
        day=local_time(rows.opened_at, time_zone=time_zone).date(),
    )
    table = table.order_by("contact_id").to_pandas()
    return table.assign(day=pd.to_datetime(table["day"]))


@empty_unless_enough(COMPLAINT_TOPICS)
def complaint_topics(
    bad: pd.DataFrame, *, first_day: date, last_day: date, owners: Mapping[str, str] | None = None, level: float = 0.05
) -> pd.DataFrame:
    """Estimate the share of each topic in badly rated contacts, and hold the later half of the time against the first.

    Parameters
    ----------
    bad
        What :func:`bad_contacts` returns.
    first_day, last_day
        The study's. The later half begins in their middle.
    owners
        By topic, who answers for it; a topic without an entry has none.
    level
        Share of changes that may be named wrongly.

    Returns
    -------
    DataFrame
        One row per topic, the most frequent first, ties by name; columns as in ``COMPLAINT_TOPICS``. Intervals resample
        customers who complained; topics of few customers are blank. ``change`` is the later half by the earlier one,
        per day; its test is adjusted over all topics (Benjamini and Yekutieli 2001). Without rows where fewer than two
        customers complained.

    Notes
    -----
    Pareto analysis (Juran 1951, Quality Control Handbook): a vital few causes. Who rates a contact chose to; shares are
    those among ratings, not among contacts.
    """
    if bad.empty:
        return empty(COMPLAINT_TOPICS)
    middle = first_day + timedelta(days=((last_day - first_day).days + 1) // 2)
    counts = bad.groupby("topic").size()
    topics = sorted(counts.index, key=lambda name: (-counts[name], name))
    place = {name: number for number, name in enumerate(topics)}
    late = (bad["day"] >= pd.Timestamp(middle)).to_numpy()
    rows = np.zeros((len(bad), 2 * len(topics)))
    rows[np.arange(len(bad)), 2 * bad["topic"].map(place).to_numpy() + late] = 1.0
    sums = sums_of(rows, bad["customer_id"].to_numpy())
    by_topic = sums.reshape(len(sums), len(topics), 2)
    days = np.array([(middle - first_day).days, (last_day - middle).days + 1], dtype=float)
    change, drawn = resampled(sums, lambda drawn: _log_change(drawn, days))
    table = pd.DataFrame(
        {
            "topic": pd.Series(topics, dtype="str"),
            "owner": pd.Series([(owners or {}).get(name) for name in topics], dtype="object"),
            "n": whole_numbers(counts[topics].to_numpy()),
            "customers": whole_numbers((by_topic.sum(axis=2) > 0).sum(axis=0)),
            "before": whole_numbers(by_topic[:, :, 0].sum(axis=0).astype("int64")),
            "after": whole_numbers(by_topic[:, :, 1].sum(axis=0).astype("int64")),
        }
    )
    table["all_bad"] = whole_numbers(np.full(len(table), len(bad)))
    share = bootstrap_share(by_topic.sum(axis=2), sums.sum(axis=1))
    table = with_interval(table, "share_of_bad", share)
    table["cumulative_share"] = np.cumsum(share.value)
    table = with_interval(table, "change", Interval(*map(np.exp, change)))
    table["verdict"] = pd.Series(_verdicts(change.value, drawn, level), dtype="str")
    blanks = [name for name in table.columns if name not in ("topic", "owner", "customers")]
    return suppress(table, blanks, n="customers", partition=True)[COMPLAINT_TOPICS.names]


def _log_change(sums: Floats, days: Floats) -> Floats:
    """Logarithm of the later rate by the earlier one; half a contact is added to both, so that none is infinite."""
    both = sums.reshape(len(sums), -1, 2) + 0.5
    return np.log(both[:, :, 1] / days[1]) - np.log(both[:, :, 0] / days[0])


def _verdicts(value: Floats, drawn: Floats, level: float) -> list[str]:
    known = np.isfinite(value)
    p = np.ones(len(value))
    error = drawn.std(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        p[known] = np.nan_to_num(2 * ndtr(-np.abs(value[known]) / error[known]), nan=1.0)
    apart = benjamini_yekutieli(p) <= level
    return [
        SAME_AS_BEFORE if not moved else MORE if change > 0 else FEWER
        for moved, change in zip(apart, np.nan_to_num(value), strict=True)
    ]
