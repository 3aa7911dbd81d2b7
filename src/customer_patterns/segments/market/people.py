"""What a ranking of groups rests on, one row per customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd

from customer_patterns.features.cells import cents
from customer_patterns.segments.market.tables import CONSENTED, MAILED, NO_REACH


def target_people(
    people: pd.DataFrame,
    orders: ir.Table,
    *,
    by: str,
    first_day: date,
    last_day: date,
    window_days: int,
    consents: ir.Table | None = None,
    recipients: ir.Table | None = None,
) -> tuple[pd.DataFrame, str]:
    """Put together what groups are ranked by.

    Parameters
    ----------
    people
        One row per customer: ``customer_id``, ``revenue``, and the column ``by`` of groups.
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``revenue``.
    by
        The column of groups.
    first_day, last_day, window_days
        Growth is the revenue of the last so many days by that of as many before; not known where the period from
        ``first_day`` to ``last_day`` does not hold both.
    consents
        One row per decision: ``customer_id``, ``purpose``, ``granted``, ``decided_at``; ``None`` where not delivered.
    recipients
        One row per customer and campaign, ``None`` where not delivered; asked where no consents are known.

    Returns
    -------
    DataFrame, str
        One row per customer: ``group``, ``revenue``, ``recent``, ``before``, ``reached``; and what reached means.
    """
    enough_days = (last_day - first_day).days + 1 >= 2 * window_days
    last, before = (ibis.literal(last_day - timedelta(days=n * window_days)) for n in (1, 2))
    within = orders.filter((orders.ordered_on > before) & (orders.ordered_on <= ibis.literal(last_day)))
    lately = within.ordered_on > last
    money = cents(within.revenue)
    sums = within.group_by("customer_id").aggregate(
        recent=money.sum(where=lately).fill_null(0), before=money.sum(where=~lately).fill_null(0)
    )
    of = sums.to_pandas().set_index("customer_id")
    found = pd.DataFrame({"group": people[by], "revenue": people["revenue"].astype(float)})
    for name in ("recent", "before"):
        money_of = of[name].reindex(people["customer_id"]).to_numpy(dtype=float, na_value=0.0) / 100
        found[name] = money_of if enough_days else float("nan")
    reached, means = _reached(consents, recipients)
    found["reached"] = float("nan") if reached is None else people["customer_id"].isin(reached).astype(float)
    return found, means


def _reached(consents: ir.Table | None, recipients: ir.Table | None) -> tuple[set[str] | None, str]:
    """Who can be reached: who allowed it last, else who is mailed."""
    if consents is not None:
        about = consents.filter(consents.purpose == "marketing")
        latest: Mapping[str, bool] = (
            about.group_by("customer_id")
            .aggregate(granted=about.granted.argmax(about.decided_at))
            .to_pandas()
            .set_index("customer_id")["granted"]
            .to_dict()
        )
        if latest:
            return {customer for customer, granted in latest.items() if granted}, CONSENTED
    if recipients is not None:
        mailed = set(recipients.select("customer_id").distinct().to_pandas()["customer_id"])
        if mailed:
            return mailed, MAILED
    return None, NO_REACH
