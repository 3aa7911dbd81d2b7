"""The cleaning rules for events on the web and in the app: who is a machine, and who is behind an anonymous visitor."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from customer_patterns.cleaning.once import Once
from customer_patterns.cleaning.options import Options
from customer_patterns.cleaning.row_rules import RowRule
from customer_patterns.cleaning.rules import Alike, Rule, Tables
from customer_patterns.schemas.local_time import local_time
from customer_patterns.warehouse import keep

EVENTS = "events"
#: What programs call themselves that read pages by themselves.
MACHINES = r"(?i)bot\b|bot/|crawl|spider|slurp|headless|phantom|python-|curl|wget|scrap|monitor"
#: What sees a page, in the names that senders give to events.
PAGE_VIEWS = r"(?i)view|浏览"
#: So many events of one visitor within one second are no person's.
EVENTS_A_SECOND = 5
#: A visitor with so many events, all of them between midnight and five, on so many days, is taken for a program.
NIGHT_EVENTS, NIGHT_DAYS, NIGHT_ENDS = 50, 3, 5


def visitor(rows: ir.Table) -> ir.StringValue:
    """Return who did it, as far as is known: the browser, else the customer, else the visit."""
    named = [rows[name] for name in ("visitor_id", "customer_id", "session_id") if name in rows.columns]
    return ibis.coalesce(*named) if named else ibis.null("string")


def machines_by_name() -> RowRule:
    """Mark events of browsers that say they are programs."""
    return RowRule(
        "the browser says that it is a program: marked as suspected",
        EVENTS,
        "changed",
        lambda rows, tables: rows.user_agent.re_search(MACHINES) & ~rows.suspected_bot,
        repair=lambda rows: {"suspected_bot": ibis.literal(True)},
        needs=("user_agent",),
        shows=("user_agent",),
    )


def machines_by_rate() -> Rule:
    """Mark the events of visitors who did more within a second than a person can."""

    def fast(rows: ir.Table) -> ir.Table:
        seconds = rows.mutate(_visitor=visitor(rows), _second=rows.occurred_at.truncate("s"))
        seconds = seconds.group_by("_visitor", "_second").aggregate(_events=ibis._.count())
        return seconds.filter((seconds._events >= EVENTS_A_SECOND) & seconds._visitor.notnull())

    return _suspects("more events within a second than a person's: marked as suspected", fast)


def machines_by_minute(most_views: int) -> Rule:
    """Mark the events of visitors who saw more pages within some minute than a person can read.

    A person who opens many pages at once makes a burst and then reads; nobody keeps up a page every other second for
    a minute. Any sixty seconds count, not only those between two full minutes.

    Parameters
    ----------
    most_views
        The most pages that a person sees within a minute.
    """

    def hasty(rows: ir.Table) -> ir.Table:
        views = rows.mutate(_visitor=visitor(rows)).filter(ibis._.event_type.re_search(PAGE_VIEWS))
        views = views.filter(views._visitor.notnull()).select("_visitor", "occurred_at")
        # Sixty seconds reach into two minutes of the clock at most, one of which then has half of their views:
        # few visitors are looked at view by view.
        clock = views.group_by("_visitor", _minute=views.occurred_at.truncate("m")).aggregate(_views=ibis._.count())
        few = views.semi_join(clock.filter(clock._views * 2 > most_views), "_visitor")
        in_order = ibis.window(group_by="_visitor", order_by="occurred_at")
        first = few.mutate(_first=few.occurred_at.lag(most_views).over(in_order))
        return first.filter(first.occurred_at < first._first + ibis.interval(minutes=1)).select("_visitor").distinct()

    return _suspects("more page views within a minute than a person's: marked as suspected", hasty)


def machines_by_night(time_zone: str) -> Rule:
    """Mark the events of visitors who come every night and never by day."""

    def nightly(rows: ir.Table) -> ir.Table:
        wall = local_time(rows.occurred_at, time_zone=time_zone)
        each = rows.mutate(_visitor=visitor(rows), _hour=wall.hour(), _day=wall.date())
        each = each.group_by("_visitor").aggregate(
            _events=ibis._.count(), _latest=ibis._._hour.max(), _days=ibis._._day.nunique()
        )
        by_night = (each._latest < NIGHT_ENDS) & (each._events >= NIGHT_EVENTS) & (each._days >= NIGHT_DAYS)
        return each.filter(by_night & each._visitor.notnull())

    return _suspects("many events, all of them in the small hours: marked as suspected", nightly)


def _suspects(name: str, who: Callable[[ir.Table], ir.Table]) -> Rule:
    """Mark all events of the visitors that ``who`` returns in ``_visitor``."""
    known = Once()

    def marked(tables: Tables) -> ir.Table:
        rows = tables[EVENTS]
        suspected = known.of(rows, lambda: keep(rows.get_backend(), who(rows), f"suspected_by_{who.__name__}"))
        return rows.mutate(_new=visitor(rows).isin(suspected._visitor).fill_null(False) & ~rows.suspected_bot)

    def clean(tables: Tables) -> Tables:
        rows = marked(tables)
        return {**tables, EVENTS: rows.mutate(suspected_bot=rows.suspected_bot | rows._new).drop("_new")}

    return Rule(
        name,
        EVENTS,
        "changed",
        lambda tables: marked(tables).filter(ibis._._new),
        clean,
        regroups=True,
        shows=("visitor_id", "user_agent"),
    )


def same_event_twice() -> Rule:
    """Keep one record per event key: the first."""

    def numbered(tables: Tables) -> ir.Table:
        rows = tables[EVENTS]
        order = [rows[name].asc() for name in ("occurred_at", *(c for c in rows.columns if c != "occurred_at"))]
        key = ibis.coalesce(rows.event_id, ibis.literal(""))
        nth = ibis.row_number().over(group_by=key, order_by=order)
        return rows.mutate(_nth=ibis.ifelse(rows.event_id.isnull(), 0, nth))

    return Rule(
        "events: one key delivered with different content: the first kept",
        EVENTS,
        "dropped",
        lambda tables: numbered(tables).filter(ibis._._nth > 0),
        lambda tables: {**tables, EVENTS: numbered(tables).filter(ibis._._nth == 0).drop("_nth")},
        regroups=True,
        applies=lambda tables: "event_id" in tables[EVENTS].columns,
        alike=("event_id",),
        count=Alike(EVENTS, "event_id").none,
    )


def nobodys_events() -> RowRule:
    """Count events of which nobody can say even which browser they came from; they stay."""
    return RowRule(
        "neither visitor nor customer nor visit is known: kept",
        EVENTS,
        "flagged",
        lambda rows, tables: visitor(rows).isnull(),
        shows=("event_type",),
    )


def browser_owners(events: ir.Table, registered: ir.Table | None = None) -> ir.Table:
    """Find the browsers in which one customer, and no other, has ever logged in or registered.

    Parameters
    ----------
    events
        One row per event: ``customer_id``, ``visitor_id``, each perhaps missing.
    registered
        One row per registration: ``browser``, ``customer_id``.

    Returns
    -------
    Table
        One row per such browser: ``browser`` and ``owner``, its customer.
    """
    logged_in = events.filter(events.customer_id.notnull() & events.visitor_id.notnull())
    said = logged_in.select(browser="visitor_id", customer_id="customer_id")
    if registered is not None:
        said = said.union(registered.select("browser", "customer_id"))
    each = said.group_by("browser").aggregate(owner=ibis._.customer_id.min(), owned_by=ibis._.customer_id.nunique())
    return each.filter(each.owned_by == 1).drop("owned_by")


def recognized_visitors(options: Options | None = None) -> Rule:
    """Link anonymous events to the one customer who logged in with the same browser; with several, to nobody.

    Who registered in a browser has logged in there, provided that the record is still a customer's: not one who refuses
    analysis, nor a trial's, a guest's or the staff's.
    """
    known = Once()

    def linked(tables: Tables) -> ir.Table:
        rows, registered = tables[EVENTS], options.registered if options else None
        if registered is not None:
            registered = registered.semi_join(tables["identities"], "customer_id")
        owners = known.of(rows, lambda: keep(rows.get_backend(), browser_owners(rows, registered), "browser_owners"))
        return rows.left_join(owners, rows.visitor_id == owners.browser).drop("browser")

    def clean(tables: Tables) -> Tables:
        rows = linked(tables)
        rows = rows.mutate(linked_customer_id=ibis.coalesce(rows.customer_id, rows.owner))
        return {**tables, EVENTS: rows.drop("owner")}

    return Rule(
        "anonymous, but one customer logged in with the same browser: linked",
        EVENTS,
        "changed",
        lambda tables: linked(tables).filter(ibis._.customer_id.isnull() & ibis._.owner.notnull()),
        clean,
        regroups=True,
        applies=lambda tables: {"visitor_id", "customer_id"} <= set(tables[EVENTS].columns),
    )
