"""Visits to the web site and the app: put together from single events, and counted like orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior import clock
from customer_patterns.behavior.tables import (
    EVENT_KINDS,
    VISIT_DEVICES,
    VISIT_FIGURES,
    VISIT_HOURS,
    VISIT_WEEKDAYS,
    VISITS,
)
from customer_patterns.cleaning.event_rules import browser_owners
from customer_patterns.estimates import Interval, bootstrap_mean, bootstrap_ratio, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, order_profile, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.schemas.local_time import local_time

#: What stands where a device was not delivered.
NO_DEVICE = "unknown"

#: What an order is called where visits are counted as if they were orders.
_AS_VISITS = {
    "orders": "visits",
    "customers": "visitors",
    **{f"share_of_orders{end}": f"share_of_visits{end}" for end in ("", "_low", "_high")},
    **{f"orders_index{end}": f"visits_index{end}" for end in ("", "_low", "_high")},
}


def with_visitor(events: ir.Table) -> ir.Table:
    """Say who is behind each event: a customer where that is known, else a browser, else a single session.

    A browser from which one customer, and no other, has ever logged in is that customer's, before and after. Events
    that carry none of the three are left out: nobody can tell whose they are.

    Parameters
    ----------
    events
        One row per event: ``customer_id``, ``visitor_id``, ``session_id``, each perhaps missing.

    Returns
    -------
    Table
        The same rows with ``visitor``, text.
    """
    owners = browser_owners(events)
    joined = events.left_join(owners, events.visitor_id == owners.browser)
    who = ibis.coalesce(
        joined.customer_id,
        joined.owner,
        ibis.literal("browser ") + joined.visitor_id,
        ibis.literal("session ") + joined.session_id,
    )
    return joined.mutate(visitor=who).filter(ibis._.visitor.notnull()).drop("browser", "owner")


def summarize_visits(events: ir.Table, *, time_zone: str, pause_minutes: int) -> ir.Table:
    """Put events together to visits and say when each began, by local time.

    Parameters
    ----------
    events
        One row per event: ``customer_id``, ``visitor_id``, ``session_id``, ``occurred_at`` (UTC), ``event_type``,
        ``device``.
    time_zone
        The study's.
    pause_minutes
        Where the sender numbers no sessions, a new visit begins after a pause longer than this.

    Returns
    -------
    Table
        One row per visit, by ``visit_id``; columns as in ``VISITS``.

    Raises
    ------
    ValueError
        ``pause_minutes`` is less than 1, or the time zone is unknown.
    """
    if pause_minutes < 1:
        raise ValueError(f"a visit ends after a pause of one minute at least, not {pause_minutes}")
    rows = with_visitor(events)
    unnumbered = rows.session_id.isnull()
    line = ibis.window(group_by=["visitor", unnumbered], order_by=["occurred_at", "event_type"])
    pause = rows.occurred_at.delta(rows.occurred_at.lag().over(line), unit="second")
    begun = rows.mutate(begins=(pause > 60 * pause_minutes).fill_null(True).cast("int64"))
    so_far = ibis.cumulative_window(
        group_by=["visitor", begun.session_id.isnull()], order_by=["occurred_at", "event_type"]
    )
    numbered = begun.mutate(number=begun.begins.sum().over(so_far))
    visit = ibis.ifelse(
        numbered.session_id.isnull(),
        numbered.visitor + ", visit " + numbered.number.cast("string"),
        numbered.visitor + ", session " + numbered.session_id,
    )
    visits = (
        numbered.mutate(visit_id=visit)
        .group_by("visit_id")
        .aggregate(
            visitor=ibis._.visitor.min(),
            started_at=ibis._.occurred_at.min(),
            events=ibis._.count(),
            device=ibis._.device.min().fill_null(NO_DEVICE),
        )
    )
    local = local_time(visits.started_at, time_zone=time_zone)
    return VISITS.cast(
        visits.mutate(started_on=local.date(), weekday=local.date().day_of_week.index() + 1, hour=local.hour())
    ).order_by("visit_id")


def visit_figures(visits: ir.Table) -> pd.DataFrame:
    """Estimate how much visitors visit, in a few figures.

    Parameters
    ----------
    visits
        One row per visit, from :func:`summarize_visits`.

    Returns
    -------
    DataFrame
        One row per figure; columns as in ``VISIT_FIGURES``. Means and ratios resample visitors; the share who came on a
        second day has a Wilson interval. Without rows where visitors are too few.
    """
    people = visits.group_by("visitor").aggregate(
        visits=ibis._.count(), days=ibis._.started_on.nunique(), events=ibis._.events.sum()
    )
    people = people.order_by("visitor").to_pandas()
    if len(people) < SMALLEST_CELL:
        return empty(VISIT_FIGURES)
    found = {
        "visits per visitor": ("visits", bootstrap_mean(people["visits"])),
        "days with a visit per visitor": ("days", bootstrap_mean(people["days"])),
        "events per visit": ("events", bootstrap_ratio(people["events"], people["visits"])),
        "visitors seen on a second day": ("share", wilson(int((people["days"] > 1).sum()), len(people))),
    }
    table = pd.DataFrame(
        {
            "figure": pd.Series(list(found), dtype="str"),
            "unit": pd.Series([unit for unit, _ in found.values()], dtype="str"),
            "n": whole_numbers([len(people)] * len(found)),
            "visits": whole_numbers([int(people["visits"].sum())] * len(found)),
        }
    )
    parts = np.array([[float(np.ravel(part)[0]) for part in figure] for _, figure in found.values()])
    return with_interval(table, "value", Interval(*parts.T))[VISIT_FIGURES.names]


def event_kinds(events: ir.Table) -> pd.DataFrame:
    """Estimate how many visitors do what.

    Parameters
    ----------
    events
        One row per event, as for :func:`with_visitor`, with ``event_type``.

    Returns
    -------
    DataFrame
        One row per kind of event, from the one that most visitors do; columns as in ``EVENT_KINDS``. Wilson intervals;
        kinds of too few visitors are blank and come last.
    """
    rows = with_visitor(events)
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
    table = suppress(table, ["events", "reach", "reach_low", "reach_high"])
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
    """Estimate on which devices visits are made.

    Parameters
    ----------
    visits
        One row per visit, from :func:`summarize_visits`.

    Returns
    -------
    DataFrame
        One row per device, from the most used; columns as in ``VISIT_DEVICES``. Intervals resample visitors; devices of
        too few visitors are blank and come last.
    """
    devices = visits.select("device").distinct().order_by("device").to_pyarrow()["device"].to_pylist()
    table = _profile(visits, by="device", levels=devices)
    table = table.assign(device=table["device"].astype("str"))
    order = ["share_of_visits", "device"]
    table = table.sort_values(order, ascending=[False, True], na_position="last", ignore_index=True)
    return table[VISIT_DEVICES.names]


def _profile(visits: ir.Table, *, by: str, levels: Sequence[Any]) -> pd.DataFrame:
    """How visits are spread over the levels of a column."""
    profile = order_profile(visits.mutate(customer_id=visits.visitor), by=by, levels=levels, of=("orders",))
    profile = profile.rename(columns=_AS_VISITS)
    profile.insert(0, by, np.array(list(levels), dtype=object) if by == "device" else np.array(levels))
    return profile
