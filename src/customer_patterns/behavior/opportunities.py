"""How far possible sales to businesses come: from lead to contract."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.tables import ALL_STAGES, LOST, STAGE_CONVERSION, STAGES, WON
from customer_patterns.estimates import bounded, wilson, with_interval
from customer_patterns.features.cells import suppress, whole_numbers
from customer_patterns.features.enough import empty


def stage_conversion(opportunities: ir.Table) -> pd.DataFrame:
    """Estimate how many opportunities move on from each stage, of those that have left it.

    An opportunity has been in every stage before the furthest that it reached, whether that was noted or not. It has
    left a stage if it moved on or was lost; one that still waits there tells nothing yet. What was lost and taken up
    again is not lost.

    Parameters
    ----------
    opportunities
        One row per opportunity and stage entered: ``opportunity_id``, ``customer_id``, ``stage``, ``entered_at``.

    Returns
    -------
    DataFrame
        One row per stage in the order of the funnel, and one for all of them, from lead to won; columns as in
        ``STAGE_CONVERSION``. Wilson intervals, each opportunity counted once; stages of too few customers are blank.
    """
    places = {stage: place for place, stage in enumerate((*STAGES, WON))}
    rank = opportunities.stage.cases(*places.items(), else_=0)
    rows = opportunities.mutate(rank=rank, lost=opportunities.stage == LOST)
    found = rows.group_by("opportunity_id").aggregate(
        customer_id=ibis._.customer_id.min(),
        furthest=ibis._.rank.max(),
        lost_at=ibis._.entered_at.max(where=ibis._.lost),
        last_at=ibis._.entered_at.max(where=~ibis._.lost),
    )
    table = found.order_by("opportunity_id").to_pandas()
    if table.empty:
        return empty(STAGE_CONVERSION)
    furthest, customers = table["furthest"].to_numpy(), table["customer_id"].to_numpy()
    lost = (table["lost_at"].notna() & ~(table["last_at"] > table["lost_at"])).to_numpy()
    won = furthest == places[WON]
    rows = []
    for stage, place in places.items():
        if stage == WON:
            reached, moved, left = np.ones(len(table), dtype=bool), won, won | lost
        else:
            reached, moved = furthest >= place, furthest > place
            left = reached & (moved | lost)
        rows.append(
            {
                "stage": ALL_STAGES if stage == WON else stage,
                "reached": int(reached.sum()),
                "waiting": int((reached & ~left).sum()),
                "n": int(left.sum()),
                "moved_on": int((moved & reached).sum()),
                "customers": len(np.unique(customers[left])),
            }
        )
    counted = pd.DataFrame(rows)
    counted = counted.assign(**{name: whole_numbers(counted[name]) for name in ("reached", "waiting", "n", "moved_on")})
    share = wilson(counted["moved_on"].to_numpy(dtype=float), counted["n"].to_numpy(dtype=float))
    counted = with_interval(counted.assign(customers=whole_numbers(counted["customers"])), "conversion", share)
    blanks = ["reached", "waiting", "n", "moved_on", *bounded("conversion")]
    return suppress(counted, blanks, n="customers")[STAGE_CONVERSION.names]
