"""Touch points: whatever passed between a customer and the seller, in one line of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import reduce

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.behavior.journeys.tables import TOUCH_KINDS, TOUCHES
from customer_patterns.features.cells import suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.schemas.canonical import UNKNOWN
from customer_patterns.schemas.local_time import local_time
from customer_patterns.sources.cut import first_moment_after

#: Texts that customers wrote of their own accord; an interview or a note is the seller's.
_OWN_WORDS = ("review", "post", "comment")
#: What channels of orders are called that are a store; every other known one counts as online.
_STORES = ("store", "shop", "branch", "till")


def touch_points(visits: ir.Table, orders: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """Put all touches of customers and other visitors into one line of time.

    Parameters
    ----------
    visits
        One row per visit, from :func:`~customer_patterns.behavior.visits.summarize_visits`.
    orders
        One row per order, from :func:`~customer_patterns.behavior.orders.summarize_orders`.
    tables
        The clean ``order_lines``, ``order_channels``, ``messages``, ``contacts``, ``feedback``, ``survey_responses``;
        empty where not delivered. Rows without a customer are left out: nobody can tell whose they are.

    Returns
    -------
    Table
        One row per touch, in no order: ``who`` (customer, or unknown visitor), ``at`` (UTC), ``touch`` (one of
        ``TOUCHES``), ``place`` (its position there; orders touches of one moment).
    """
    own = ibis._.source_type.isin(_OWN_WORDS) | ibis._.source_type.isnull()
    answers = tables["survey_responses"]
    sheets = answers.group_by("wave", "customer_id").aggregate(answered_at=answers.answered_at.min())
    web = ibis.ifelse(ibis._.channel == "app", "app visit", "web visit")
    parts = [
        tables["messages"].select(who="customer_id", at="sent_at", touch=ibis.literal("mail sent")),
        tables["messages"].select(who="customer_id", at="opened_at", touch=ibis.literal("mail opened")),
        visits.select(who="visitor", at="started_at", touch=web),
        tables["contacts"].select(who="customer_id", at="opened_at", touch=ibis.literal("service contact")),
        tables["feedback"].filter(own).select(who="customer_id", at="written_at", touch=ibis.literal("feedback given")),
        sheets.select(who="customer_id", at="answered_at", touch=ibis.literal("survey")),
        _by_channel(orders, tables["order_lines"], tables["order_channels"]),
    ]
    rows = reduce(lambda one, other: one.union(other), parts)
    places = {touch: place for place, touch in enumerate(TOUCHES)}
    rows = rows.filter(rows.who.notnull() & rows["at"].notnull())
    return rows.mutate(place=rows.touch.cases(*places.items(), else_=len(TOUCHES)))


def touch_kinds(touches: ir.Table, *, time_zone: str) -> pd.DataFrame:
    """Say from when on each kind of touch was recorded, how often, and of how many.

    Parameters
    ----------
    touches
        What :func:`touch_points` returns.
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row per kind that occurs, in the order of ``TOUCHES``; columns as in ``TOUCH_KINDS``. Kinds that reach too
        few are blank.
    """
    day = local_time(touches["at"], time_zone=time_zone).date()
    found = touches.mutate(day=day).group_by("touch", "place")
    table = found.aggregate(
        first_on=ibis._.day.min(), last_on=ibis._.day.max(), touches=ibis._.count(), n=ibis._.who.nunique()
    )
    table = table.order_by("place").to_pandas()
    if table.empty:
        return empty(TOUCH_KINDS)
    for name in ("first_on", "last_on"):
        table[name] = pd.to_datetime(table[name])
    table = table.assign(
        touch=table["touch"].astype("str"), touches=whole_numbers(table["touches"]), n=whole_numbers(table["n"])
    )
    return suppress(table, ["first_on", "last_on", "touches"])[TOUCH_KINDS.names]


def all_recorded_from(kinds: pd.DataFrame, *, first_day: date) -> date:
    """First day by which every kind of touch had been seen; kinds that reach too few do not count.

    Before it, what looks like an order without a touch may be one whose visits were not recorded yet.
    """
    known = kinds.loc[kinds["suppressed"] == "no", "first_on"].dropna()
    return max([first_day, *(day.date() for day in known)])


def within(touches: ir.Table, *, first_day: date, last_day: date, time_zone: str) -> ir.Table:
    """Keep the touches of a period, both days included by local time."""
    start, end = (
        ibis.literal(first_moment_after(day, time_zone=time_zone)).cast("timestamp(6)")
        for day in (first_day - timedelta(days=1), last_day)
    )
    return touches.filter((touches["at"] >= start) & (touches["at"] < end))


def _by_channel(orders: ir.Table, order_lines: ir.Table, order_channels: ir.Table) -> ir.Table:
    """Orders as touches, by the channel that their lines name, or else a table beside them."""
    named = order_lines.filter((order_lines.channel != UNKNOWN).fill_null(False))
    of_lines = named.group_by("order_id").aggregate(line_channel=named.channel.min())
    beside = order_channels.group_by("order_id").aggregate(other_channel=order_channels.channel.min())
    joined = orders.select("order_id", "customer_id", "ordered_at").left_join(of_lines, "order_id")
    joined = joined.drop("order_id_right").left_join(beside, "order_id")
    channel = ibis.coalesce(joined.line_channel, joined.other_channel)
    touch = ibis.cases((channel.isnull(), "order"), (channel.isin(_STORES), "store order"), else_="online order")
    return joined.select(who="customer_id", at="ordered_at", touch=touch)
