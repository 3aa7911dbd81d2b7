"""The loyalty program: points earned, spent and expired, balances that add up (but for a few), and tiers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Made
from customer_patterns.sources.planted_shop.lines import order_ids
from customer_patterns.sources.planted_shop.visits import moments

#: The program begins on this local day; a point for each whole unit of money of an order.
BEGINS = date(2017, 7, 1)
MEMBERS = 0.5
#: Each time another so many points have been earned, so many are spent with this chance, a minute later.
_EVERY, BURNED, BURN_CHANCE = 200, 100, 0.6
#: Points earned in all from which a tier is held.
TIERS = {"silver": 400, "gold": 1200}
#: Balances that do not add up: this many per thousand entries, two at least.
_WRONG_PER_THOUSAND = 1.0


def draw_ledger(block: Block) -> Made:
    """Draw the ledger of a block's members from what they bought in the stores.

    Returns
    -------
    Made
        ``loyalty_ledger`` by customer and moment; a count of the balances that were spoiled, and in the truth
        ``ledger`` which they are.
    """
    rng, lines = block.rng("ledger"), block.drawn.lines
    member = rng.random(len(block)) < MEMBERS
    first = moments(block.truth, np.array([(BEGINS - block.truth.first_day).days]), np.array([0]))[0]
    here = lines.take(member[lines.customer - block.first] & (lines.sold_at >= first))
    number, at = np.unique(here.order, return_index=True)
    cents = np.bincount(np.searchsorted(number, here.order), weights=here.revenue, minlength=len(number))
    orders = pd.DataFrame({"order": number, "customer": here.customer[at], "booked_at": here.sold_at[at]})
    orders["points"] = (cents // 100).astype("int64")
    orders = orders[orders["points"] > 0].sort_values(["customer", "booked_at", "order"], ignore_index=True)
    total = orders.groupby("customer")["points"].cumsum()
    passed = total // _EVERY - (total - orders["points"]) // _EVERY
    burns = orders[(passed > 0) & (rng.random(len(orders)) < BURN_CHANCE)]
    parts = [
        _entries(orders, "earn", orders["points"], order=True, seconds=30),
        _entries(burns, "burn", pd.Series(-BURNED, index=burns.index), order=True, seconds=90),
    ]
    for tier, least in TIERS.items():
        reached = orders[(total >= least) & (total - orders["points"] < least)]
        parts.append(_entries(reached, "tier", pd.Series(0, index=reached.index), order=False, seconds=120, tier=tier))
    table = pd.concat(parts, ignore_index=True)
    table = table.sort_values(["customer", "booked_at", "kind"], kind="stable", ignore_index=True)
    table["balance"] = table.groupby("customer")["points"].cumsum()
    table["customer_id"] = block.truth.customers["customer_id"].to_numpy(dtype=object)[table["customer"]]
    table.insert(0, "entry_id", [f"L{block.number:03d}{one:07d}" for one in range(1, len(table) + 1)])
    wrong = rng.permutation(len(table))[: max(2, round(len(table) * _WRONG_PER_THOUSAND / 1000))]
    table.loc[wrong, "balance"] += 1_000
    columns = ["entry_id", "customer_id", "booked_at", "kind", "points", "balance", "tier", "order_id"]
    spoiled = table.loc[np.sort(wrong), ["entry_id"]].assign(flaw="balance does not add up")
    return Made({"loyalty_ledger": table[columns]}, {"ledger": spoiled}, {"balances that do not add up": len(wrong)})


def _entries(
    orders: pd.DataFrame, kind: str, points: pd.Series, *, order: bool, seconds: int, tier: str | None = None
) -> pd.DataFrame:
    """Entries of one kind that come so many seconds after an order."""
    return pd.DataFrame(
        {
            "customer": orders["customer"].to_numpy(),
            "booked_at": orders["booked_at"].to_numpy() + np.timedelta64(seconds, "s"),
            "kind": np.full(len(orders), kind, dtype=object),
            "points": points.to_numpy(),
            "tier": np.full(len(orders), tier, dtype=object),
            "order_id": order_ids(orders["order"].to_numpy()).to_numpy(zero_copy_only=False) if order else None,
        }
    )
