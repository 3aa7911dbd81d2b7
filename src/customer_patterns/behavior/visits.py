"""Visits to the web site and the app: put together from single events, and timed."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from customer_patterns.behavior.tables import VISITS
from customer_patterns.cleaning.event_rules import browser_owners
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.schemas.local_time import local_time

#: What stands where a device or a channel was not delivered.
NO_DEVICE = UNKNOWN


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
        The same rows with ``visitor``, text, and ``visitor_known`` (whether that is a customer).
    """
    if "linked_customer_id" in events.columns:  # cleaning knows more: who registered there, who logged in that visit
        joined = events.mutate(browser=events.visitor_id, owner=events.linked_customer_id)
    else:
        owners = browser_owners(events)
        joined = events.left_join(owners, events.visitor_id == owners.browser)
    who = ibis.coalesce(
        joined.customer_id,
        joined.owner,
        ibis.literal("browser ") + joined.visitor_id,
        ibis.literal("session ") + joined.session_id,
    )
    known = joined.customer_id.notnull() | joined.owner.notnull()
    rows = joined.mutate(visitor=who, visitor_known=known).filter(ibis._.visitor.notnull())
    return rows.drop("browser", "owner")


def of_persons(events: ir.Table) -> ir.Table:
    """Leave out the events behind which cleaning suspects a program.

    Parameters
    ----------
    events
        One row per event: ``suspected_bot``.
    """
    return events.filter(~events.suspected_bot)


def suspected_events(events: ir.Table) -> int:
    """Count the events behind which cleaning suspects a program; they are in no other figure.

    Parameters
    ----------
    events
        One row per event: ``suspected_bot``.
    """
    return int(events.suspected_bot.sum().fill_null(0).to_pyarrow().as_py())


def summarize_visits(
    events: ir.Table, *, time_zone: str, pause_minutes: int, page_views: str = "view", purchases: str = "purchase|order"
) -> ir.Table:
    """Put the events of persons together to visits and measure each.

    Parameters
    ----------
    events
        One row per event: ``customer_id``, ``visitor_id``, ``session_id``, ``occurred_at`` (UTC), ``event_type``,
        ``device``, ``channel``, ``dwell_seconds``, ``order_id``, ``suspected_bot``. Suspected programs are left out.
    time_zone
        The study's.
    pause_minutes
        Where the sender numbers no sessions, a new visit begins after a pause longer than this. A page counts as
        looked at for at most so long.
    page_views, purchases
        Events of kinds in which this pattern is found are page views, or orders; an event that names an order is one
        too.

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
    rows = with_visitor(of_persons(events))
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
    looked_at = ibis.least(ibis._.dwell_seconds.fill_null(0), 60.0 * pause_minutes)
    whole = (looked_at * 1_000_000).cast("int64").as_interval("us")
    visits = (
        numbered.mutate(visit_id=visit, until=ibis._.occurred_at + whole)
        .group_by("visit_id")
        .aggregate(
            visitor=ibis._.visitor.min(),
            known=ibis._.visitor_known.any(),
            started_at=ibis._.occurred_at.min(),
            until=ibis._.until.max(),
            events=ibis._.count(),
            pages=ibis._.event_type.re_search(f"(?i){page_views}").sum(),
            ordered=(ibis._.order_id.notnull() | ibis._.event_type.re_search(f"(?i){purchases}")).any(),
            timed=ibis._.dwell_seconds.notnull().any(),
            device=ibis._.device.min().fill_null(NO_DEVICE),
            channel=ibis._.channel.min().fill_null(NO_DEVICE),
        )
    )
    seconds = visits["until"].delta(visits.started_at, unit="microsecond") / 1e6
    # One event of which nobody says how long it was looked at tells nothing of how long the visit was; it was not 0.
    seconds = ibis.ifelse((visits.events > 1) | visits.timed, seconds, ibis.null("float64"))
    local = local_time(visits.started_at, time_zone=time_zone)
    return VISITS.cast(
        visits.mutate(
            started_on=local.date(), weekday=local.date().day_of_week.index() + 1, hour=local.hour(), seconds=seconds
        )
    ).order_by("visit_id")
