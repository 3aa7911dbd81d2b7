"""In which browser a customer opened the account of the web shop: what makes known a visitor who never logs in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Made

#: Share of the web accounts whose record names the browser in which they were opened, where their owner has one.
NAMED = 0.7
#: Share of the visitors who never log in of whom the shop knows nonetheless who they are: they have such an account.
KNOWN_STRANGERS = 0.6
_SYSTEM = "web"


def with_browsers(block: Block, likenesses: Made, visits: Made, tracked: np.ndarray) -> tuple[Made, Made]:
    """Let records of web accounts name a browser, and say so in what is true of that browser.

    Who has visits of their own opened the account in their first browser, and logs in there under another number, that
    of the card. Of those who have none some turn out to be a visitor who never logs in.

    Parameters
    ----------
    block
        The customers.
    likenesses
        What five systems keep of them: ``identities``, and whose each record is.
    visits
        Their events; the truth says whose each browser is (``visitors``) and what each visit was for (``visits``).
    tracked
        By row of the block: who allows it.

    Returns
    -------
    tuple
        The same two: ``identities`` with ``visitor_id``, missing in most records; the truth ``visitors`` with
        ``registered``: whether an account was opened there.
    """
    records, owners = likenesses.tables["identities"], likenesses.truths["identities"]
    visitors, rng = visits.truths["visitors"], block.rng("registrations")
    own = visitors[visitors["kind"] == "customer"].groupby("customer_id")["visitor_id"].min()
    browser = own.reindex(owners["person"]).to_numpy(dtype=object)
    account = (owners["system"] == _SYSTEM).to_numpy()
    browser = np.where(account & (rng.random(len(owners)) < NAMED), browser, None)

    strangers = visitors.loc[visitors["kind"] == "stranger", "visitor_id"].to_numpy(dtype=object)
    free = account & owners["person"].isin(block.ids[tracked]).to_numpy() & ~owners["person"].isin(own.index).to_numpy()
    turn_out = rng.permutation(np.flatnonzero(free))[: round(KNOWN_STRANGERS * len(strangers))]
    found = dict(zip(strangers, owners["person"].to_numpy(dtype=object)[turn_out], strict=False))
    browser[turn_out] = list(found)

    of_customers = visitors["visitor_id"].isin(list(found))
    visitors = visitors.assign(
        customer_id=visitors["visitor_id"].map(found).where(of_customers, visitors["customer_id"]),
        kind=visitors["kind"].where(~of_customers, "customer"),
        registered=visitors["visitor_id"].isin([one for one in browser if pd.notna(one)]),
    )
    each = visits.truths["visits"]
    each = each.assign(kind=each["kind"].where(~each["visitor_id"].isin(list(found)), "visit of a customer"))
    named = records.assign(visitor_id=np.where(pd.isna(browser), None, browser))
    counts = {
        "web accounts that name a browser": int(named["visitor_id"].notna().sum()),
        "visitors who never log in and have an account": len(found),
    }
    return (
        Made({**likenesses.tables, "identities": named}, likenesses.truths, {**likenesses.counts, **counts}),
        Made(visits.tables, {**visits.truths, "visitors": visitors, "visits": each}, visits.counts),
    )
