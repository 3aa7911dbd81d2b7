"""How much work the service has: contacts per thousand orders and customers, by week and by topic."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.engagement.tables import ALL_TOPICS, SERVICE_TOPICS, SERVICE_WEEKS
from customer_patterns.estimates import (
    Interval,
    NotEnoughData,
    bootstrap_ratio,
    bootstrap_share,
    bounded,
    kaplan_meier,
    survival_quantile,
    with_interval,
)
from customer_patterns.features.cells import SMALLEST_CELL, customer_sums, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.schemas.local_time import local_time
from customer_patterns.sources.cut import first_moment_after

#: Contacts are counted per so many orders, and per so many customers.
PER_ORDERS = 1_000
#: Contacts of no topic.
NO_TOPIC = UNKNOWN


@empty_unless_enough(SERVICE_WEEKS)
def service_weeks(
    contacts: ir.Table, orders: ir.Table, *, first_day: date, last_day: date, time_zone: str
) -> pd.DataFrame:
    """Estimate how many contacts come per thousand orders and per thousand customers, week by week.

    Parameters
    ----------
    contacts
        One row per contact: ``customer_id``, ``opened_at`` (UTC). Those of nobody known are left out.
    orders
        One row per order: ``customer_id``, ``ordered_on``.
    first_day, last_day
        The period, both days included. Other contacts and orders change nothing.
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row per week, from Monday on, that begins or lies in the period; columns as in ``SERVICE_WEEKS``. Customers
        are all with an order or a contact in the period. Intervals resample customers; weeks in which too few had a
        contact are blank.
    """
    asked = contacts.filter(contacts.customer_id.notnull())
    asked = asked.select("customer_id", day=local_time(asked.opened_at, time_zone=time_zone).date())
    asked = asked.mutate(contacts=ibis.literal(1), orders=ibis.literal(0))
    bought = orders.select("customer_id", day="ordered_on").mutate(contacts=ibis.literal(0), orders=ibis.literal(1))
    both = asked.union(bought)
    both = both.filter(both.day.between(ibis.literal(first_day), ibis.literal(last_day)))
    start = first_day - timedelta(days=first_day.weekday())
    week = both.day.delta(ibis.literal(start), unit="day") // 7
    mondays = [start + timedelta(days=days) for days in range(0, (last_day - start).days + 1, 7)]
    sums = customer_sums(
        both.mutate(week=week),
        {"contacts": ibis._.contacts.sum(), "orders": ibis._.orders.sum()},
        by="week",
        levels=range(len(mondays)),
    )
    asked_for, ordered = sums["contacts"], sums["orders"]
    if not asked_for.any():
        return empty(SERVICE_WEEKS)
    table = pd.DataFrame(
        {
            "week_starts_on": pd.to_datetime(mondays),
            "complete": [day >= first_day and day + timedelta(days=6) <= last_day for day in mondays],
            "contacts": whole_numbers(asked_for.sum(axis=0).astype("int64")),
            "orders": whole_numbers(ordered.sum(axis=0).astype("int64")),
            "n": whole_numbers((asked_for > 0).sum(axis=0)),
            "customers": len(asked_for),
        }
    )
    both_ratios = bootstrap_ratio(np.hstack([asked_for, asked_for]), np.hstack([ordered, np.ones_like(ordered)]))
    figures = ("per_thousand_orders", "per_thousand_customers")
    for place, name in enumerate(figures):
        part = slice(place * len(table), (place + 1) * len(table))
        table = with_interval(table, name, Interval(*(PER_ORDERS * figure[part] for figure in both_ratios)))
    blanks = ["contacts", *bounded(*figures)]
    return suppress(table, blanks)[SERVICE_WEEKS.names]


@empty_unless_enough(SERVICE_TOPICS)
def service_topics(contacts: ir.Table, orders: ir.Table, *, last_day: date, time_zone: str) -> pd.DataFrame:
    """Estimate how much each topic brings, and how long its contacts stay open.

    Parameters
    ----------
    contacts
        One row per contact: ``contact_id``, ``customer_id``, ``topic``, ``opened_at``, ``closed_at`` (UTC). A contact
        of nobody known counts as a customer of its own.
    orders
        One row per order: ``customer_id``.
    last_day
        Last day of the study. What is open then takes longer (right-censored).
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row for all topics, then one per topic, from the most frequent; columns as in ``SERVICE_TOPICS``. Shares and
        rates resample customers; hours until closed are Kaplan-Meier with Greenwood's interval, of contacts counted one
        by one. Topics of too few customers are blank.
    """
    end = ibis.literal(first_moment_after(last_day, time_zone=time_zone)).cast("timestamp(6)")
    rows = contacts.filter(contacts.opened_at < end).select(
        customer_id=contacts.customer_id.fill_null(ibis.literal("contact ") + contacts.contact_id),
        topic=contacts.topic.fill_null(NO_TOPIC),
        closed=(contacts.closed_at < end).fill_null(False),
        hours=ibis.ifelse(contacts.closed_at < end, contacts.closed_at, end)
        .fill_null(end)
        .delta(contacts.opened_at, unit="second")
        / 3_600,
    )
    table = rows.order_by("customer_id", "topic", "hours").to_pandas()
    if table.empty:
        return empty(SERVICE_TOPICS)
    bought = customer_sums(orders, {"orders": ibis._.count()})
    people = sorted({*table["customer_id"], *bought["customer_id"]})
    number = pd.Index(people)
    ordered = np.zeros(len(people))
    ordered[number.get_indexer(bought["customer_id"])] = bought["orders"]
    sizes = table["topic"].value_counts()
    topics = sorted(sizes.index, key=lambda topic: (-sizes[topic], topic))
    counts = np.zeros((len(people), len(topics)))
    np.add.at(counts, (number.get_indexer(table["customer_id"]), pd.Index(topics).get_indexer(table["topic"])), 1.0)
    whole = np.column_stack([counts.sum(axis=1), counts])
    found = pd.DataFrame(
        {
            "topic": pd.Series([ALL_TOPICS, *topics], dtype="str"),
            "contacts": whole_numbers(whole.sum(axis=0).astype("int64")),
            "n": whole_numbers((whole > 0).sum(axis=0)),
        }
    )
    found = with_interval(found, "share_of_contacts", bootstrap_share(whole, counts.sum(axis=1)))
    rate = Interval.missing(len(found))
    if ordered.any():
        rate = Interval(*(PER_ORDERS * figure for figure in bootstrap_ratio(whole, ordered)))
    found = with_interval(found, "per_thousand_orders", rate)
    parts = [table, *(table[table["topic"] == topic] for topic in topics)]
    found = with_interval(found, "hours_to_close", Interval(*np.array([_half_closed(part) for part in parts]).T))
    found["open"] = whole_numbers([int((~part["closed"]).sum()) for part in parts])
    blanks = [name for name in found.columns if name not in ("topic", "n")]
    total = suppress(found.head(1), blanks)
    return pd.concat([total, suppress(found.iloc[1:].reset_index(drop=True), blanks)], ignore_index=True)[
        SERVICE_TOPICS.names
    ]


def _half_closed(contacts: pd.DataFrame) -> list[float]:
    """Hours until half are closed, with the bounds; missing where that is not known."""
    if contacts["customer_id"].nunique() < SMALLEST_CELL:
        return [np.nan] * 3
    try:
        hours = contacts["hours"].to_numpy(float).clip(min=0)
        # Rounded up, as finely as anyone reads them: the curve has fewer steps.
        step = np.where(hours <= 2, 1 / 12, 0.5)
        half = survival_quantile(
            kaplan_meier(np.round(np.ceil(np.round(hours / step, 9)) * step, 9), contacts["closed"])
        )
    except NotEnoughData:
        return [np.nan] * 3
    whole = [float(part) for part in half]
    return whole if np.isfinite(whole).all() else [np.nan] * 3
