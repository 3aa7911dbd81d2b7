"""Anonymous visitors: how much of what is done on the web has a customer, and by which rule.

A visitor who says who it is (by logging in, or by registering) is known from that moment on and, in the same browser,
back to its first event, where no other customer has ever done so. In a browser that several customers use, an event
without a customer is nobody's, unless exactly one customer logged in during the same visit. What one person's several
numbers did in one browser is one customer's, since numbers are put together first.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.cleaning.identity.small import without_small
from customer_patterns.cleaning.identity.tables import VISITORS
from customer_patterns.cleaning.once import Once
from customer_patterns.cleaning.rules import Rule, Tables
from customer_patterns.warehouse import keep

SAID, BROWSER, REGISTERED, VISIT, SEVERAL, NOBODY = VISITORS["way"].levels


EVENTS = "events"


def known_in_the_visit() -> Rule:
    """Link what is left anonymous of a visit in which one customer, and no other, logged in.

    For browsers that several customers use; it follows the rule for browsers that one customer alone uses.
    """
    known = Once()

    def linked(tables: Tables) -> ir.Table:
        rows = tables[EVENTS]
        alone = known.of(rows, lambda: _visits_of_one(rows))
        if "linked_customer_id" not in rows.columns:  # the rule before found nobody
            rows = rows.mutate(linked_customer_id=rows.customer_id)
        return rows.left_join(alone, rows.session_id == alone.visit).drop("visit")

    def clean(tables: Tables) -> Tables:
        rows = linked(tables)
        return {
            **tables,
            EVENTS: rows.mutate(linked_customer_id=ibis.coalesce(rows.linked_customer_id, rows.alone)).drop("alone"),
        }

    return Rule(
        "anonymous in a shared browser, but one customer alone logged in during the visit: linked",
        EVENTS,
        "changed",
        lambda tables: linked(tables).filter(ibis._.linked_customer_id.isnull() & ibis._.alone.notnull()),
        clean,
        regroups=True,
        applies=lambda tables: {"session_id", "customer_id"} <= set(tables[EVENTS].columns),
    )


def _visits_of_one(rows: ir.Table) -> ir.Table:
    logged_in = rows.filter(rows.customer_id.notnull() & rows.session_id.notnull())
    each = logged_in.group_by(visit="session_id").aggregate(
        alone=ibis._.customer_id.min(), customers=ibis._.customer_id.nunique()
    )
    return keep(rows.get_backend(), each.filter(each.customers == 1).drop("customers"), "visits_of_one")


def visitor_links(events: ir.Table) -> pd.DataFrame:
    """Count events by the rule that gives them a customer.

    Parameters
    ----------
    events
        Clean events: ``visitor_id``, ``session_id``, ``customer_id``, ``linked_customer_id``.

    Returns
    -------
    pandas.DataFrame
        One row per rule that applies to an event; see ``visitor_links``.
    """
    logins = events.filter(events.customer_id.notnull() & events.visitor_id.notnull())
    owners = logins.group_by(browser="visitor_id").aggregate(_owners=logins.customer_id.nunique())
    rows = events.left_join(owners, events.visitor_id == owners.browser)
    way = ibis.cases(
        (rows.customer_id.notnull(), SAID),
        (rows.linked_customer_id.notnull() & (rows._owners == 1), BROWSER),
        (rows.linked_customer_id.notnull() & rows._owners.isnull(), REGISTERED),
        (rows.linked_customer_id.notnull(), VISIT),
        (rows._owners > 0, SEVERAL),  # (of two, one may have registered there and never logged in)
        else_=NOBODY,
    )
    counted = rows.group_by(way=way).aggregate(events=rows.count(), browsers=rows.visitor_id.nunique()).to_pandas()
    counted = counted.set_index("way").reindex(VISITORS["way"].levels).dropna().astype("int64").reset_index()
    counted["share"] = counted["events"] / max(counted["events"].sum(), 1)
    return without_small(counted, by="browsers", columns=["events", "share", "browsers"])[VISITORS.names]
