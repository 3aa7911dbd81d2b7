"""Web metrics: how much visitors visit, do and look at, when, and on which devices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior import clock
from customer_patterns.behavior.engagement.shares import clustered_shares
from customer_patterns.behavior.tables import (
    EVENT_KINDS,
    VISIT_DEVICES,
    VISIT_FIGURES,
    VISIT_HOURS,
    VISIT_WEEKDAYS,
)
from customer_patterns.behavior.visits import of_persons, with_visitor
from customer_patterns.estimates import Interval, bootstrap_ratio, bounded, renamed, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, customer_sums, order_profile, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough

#: What an order is called where visits are counted as if they were orders.
_AS_VISITS = {
    "orders": "visits",
    "customers": "visitors",
    **renamed("share_of_orders", "share_of_visits"),
    **renamed("orders_index", "visits_index"),
}


def visit_figures(visits: ir.Table) -> pd.DataFrame:
    """Estimate how much visitors visit, in a few figures.

    Parameters
    ----------
    visits
        One row per visit, from :func:`summarize_visits`.

    Returns
    -------
    DataFrame
        One row per figure; columns as in ``VISIT_FIGURES``. Means and ratios resample visitors; shares of visitors have
        a Wilson interval. Time on site is a mean over the visits of which it is known. Without rows where visitors are
        too few.
    """
    people = visits.group_by("visitor").aggregate(
        known=ibis._.known.any(),
        days=ibis._.started_on.nunique(),
        unknown=(~ibis._.known).sum(),
        unordered=(~ibis._.ordered).sum(),
        **_metrics(),
    )
    people = people.order_by("visitor").to_pandas()
    if len(people) < SMALLEST_CELL:
        return empty(VISIT_FIGURES)
    ones = np.ones(len(people))
    ratios = {
        "visits per visitor": ("visits", "visits", ones),
        "days with a visit per visitor": ("days", "days", ones),
        "events per visit": ("events", "events", people["visits"]),
        "page views per visit": ("page views", "pages", people["visits"]),
        "time on site per visit": ("seconds", "seconds", people["timed"]),
    }
    tops, bottoms = [people[top] for _, top, _ in ratios.values()], [bottom for _, _, bottom in ratios.values()]
    measured = bootstrap_ratio(np.column_stack(tops), np.column_stack(bottoms))
    parts = people[["bounces", "unordered", "unknown"]].to_numpy(dtype=float)
    shares = clustered_shares(parts, people[["visits"]].to_numpy(dtype=float))
    persons = wilson([(people["days"] > 1).sum(), (~people["known"]).sum()], [len(people)] * 2)
    table = pd.DataFrame(
        {
            "figure": pd.Series(VISIT_FIGURES["figure"].levels, dtype="str"),
            "unit": pd.Series([unit for unit, _, _ in ratios.values()] + ["share"] * 5, dtype="str"),
            "n": whole_numbers([len(people)] * (len(ratios) + 5)),
            "visits": whole_numbers([int(people["visits"].sum())] * (len(ratios) + 5)),
        }
    )
    figures = (np.concatenate(three) for three in zip(measured, shares, persons, strict=True))
    return with_interval(table, "value", Interval(*figures))[VISIT_FIGURES.names]


def event_kinds(events: ir.Table) -> pd.DataFrame:
    """Estimate how many visitors do what.

    Parameters
    ----------
    events
        One row per event, as for :func:`with_visitor`, with ``event_type`` and ``suspected_bot``; suspected programs
        are left out.

    Returns
    -------
    DataFrame
        One row per kind of event, from the one that most visitors do; columns as in ``EVENT_KINDS``. Wilson intervals;
        kinds of too few visitors are blank and come last.
    """
    rows = with_visitor(of_persons(events))
    everyone = int(rows.visitor.nunique().to_pyarrow().as_py())
    kinds = rows.group_by("event_type").aggregate(events=ibis._.count(), n=ibis._.visitor.nunique())
    table = kinds.order_by("event_type").to_pandas()
    if everyone < SMALLEST_CELL:
        return empty(EVENT_KINDS)
    table = table.assign(
        event_type=table["event_type"].astype("str"), events=whole_numbers(table["events"]), n=whole_numbers(table["n"])
    )
    reach = wilson(table["n"].to_numpy(dtype=float), np.full(len(table), everyone))
    table = with_interval(table.assign(visitors=everyone), "reach", reach)
    table = suppress(table, ["events", *bounded("reach")])
    order = ["n", "event_type"]
    return table.sort_values(order, ascending=[False, True], na_position="last", ignore_index=True)[EVENT_KINDS.names]


@empty_unless_enough(VISIT_HOURS)
def visit_hours(visits: ir.Table) -> pd.DataFrame:
    """Estimate how visits are spread over the hours of the day in which they begin.

    Parameters
    ----------
    visits
        One row per visit, from :func:`summarize_visits`.

    Returns
    -------
    DataFrame
        One row per hour, 0 to 23; columns as in ``VISIT_HOURS``. Intervals resample visitors.
    """
    return _profile(visits, by="hour", levels=clock.HOURS)[VISIT_HOURS.names]


def visit_weekdays(visits: ir.Table, *, first_day: date, last_day: date) -> pd.DataFrame:
    """Compare the days of the week by visits per such day.

    Parameters
    ----------
    visits
        One row per visit, from :func:`summarize_visits`.
    first_day, last_day
        The period, both days included. Other visits change nothing.

    Returns
    -------
    DataFrame
        One row per weekday, 1 Monday to 7 Sunday; columns as in ``VISIT_WEEKDAYS``. Intervals resample visitors.
    """
    nothing = ibis.literal(0).cast("decimal(18, 2)")
    as_orders = visits.mutate(customer_id=visits.visitor, ordered_on=visits.started_on, revenue=nothing)
    table = clock.weekday_profile(as_orders, first_day=first_day, last_day=last_day).rename(columns=_AS_VISITS)
    return table[VISIT_WEEKDAYS.names] if len(table) else empty(VISIT_WEEKDAYS)


@empty_unless_enough(VISIT_DEVICES)
def visit_devices(visits: ir.Table) -> pd.DataFrame:
    """Estimate on which devices visits are made, and how they go there.

    Parameters
    ----------
    visits
        One row per visit, from :func:`summarize_visits`.

    Returns
    -------
    DataFrame
        One row per device, from the most used; columns as in ``VISIT_DEVICES``; visits of the devices add up to all.
        Intervals resample visitors; devices of too few visitors are blank and come last.
    """
    sums = customer_sums(visits.rename(customer_id="visitor"), _metrics(), by="device")
    counts = sums["visits"]
    table = pd.DataFrame(
        {
            "device": pd.Series(sums["levels"], dtype="str"),
            "visits": whole_numbers(counts.sum(axis=0).astype("int64")),
            "n": whole_numbers((counts > 0).sum(axis=0)),
            "visitors": len(counts),
        }
    )
    every = np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape)
    shares = clustered_shares(np.hstack([counts, sums["bounces"]]), np.hstack([every, counts]))
    means = bootstrap_ratio(np.hstack([sums["pages"], sums["seconds"]]), np.hstack([counts, sums["timed"]]))
    levels = len(table)
    figures = {"share_of_visits": shares, "bounce_rate": shares, "pages_per_visit": means, "seconds_per_visit": means}
    for place, (name, both) in enumerate(figures.items()):
        half = slice(0, levels) if place % 2 == 0 else slice(levels, None)
        table = with_interval(table, name, both.part(half))
    table = suppress(table, ["visits", *bounded(*figures)])
    order = ["share_of_visits", "device"]
    table = table.sort_values(order, ascending=[False, True], na_position="last", ignore_index=True)
    return table[VISIT_DEVICES.names]


def _metrics() -> dict[str, Any]:
    """What is summed up over visits; time over those of which it is known."""
    return {
        "visits": ibis._.count(),
        "events": ibis._.events.sum(),
        "pages": ibis._.pages.sum(),
        "bounces": (ibis._.events == 1).sum(),
        "seconds": ibis._.seconds.sum().fill_null(0),
        "timed": ibis._.seconds.count(),
    }


def _profile(visits: ir.Table, *, by: str, levels: Sequence[Any]) -> pd.DataFrame:
    """How visits are spread over the levels of a column."""
    profile = order_profile(visits.mutate(customer_id=visits.visitor), by=by, levels=levels, of=("orders",))
    profile = profile.rename(columns=_AS_VISITS)
    profile.insert(0, by, np.array(levels))
    return profile
