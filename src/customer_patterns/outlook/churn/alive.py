"""The chance that customers are still there, as a lifetime model says, from the same shopping days."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.churn.history import History


def alive_then(days: ir.Table, history: History, *, first_day: date, last_day: date) -> dict[str, float] | None:
    """The chance of :func:`alive_at` on the day on which definitions are compared; none where there is no such day."""
    if not history.enough:
        return None
    return alive_at(days, first_day=first_day, day=min(history.cuts[-1], last_day))


def alive_at(days: ir.Table, *, first_day: date, day: date) -> dict[str, float] | None:
    """Say of each customer how likely it is that they are still there on a day.

    Parameters
    ----------
    days
        One row per customer and shopping day, from ``features.shopping_days``.
    first_day
        First day of the study, where the watch begins for all: most customers were there before, so that every
        shopping day counts as a repeat.
    day
        Last day that is known. Later rows change nothing.

    Returns
    -------
    dict or None
        Chance by customer with a shopping day; ``None`` where the data carry no lifetime model.

    Notes
    -----
    BG/NBD: Fader, Hardie and Lee 2005, Marketing Science 24, 275–284.
    """
    from customer_patterns.outlook.value.expected import expect_orders
    from customer_patterns.outlook.value.fit import fit_orders
    from customer_patterns.outlook.value.histories import histories
    from customer_patterns.outlook.value.likelihood import BG_NBD
    from customer_patterns.outlook.value.spans import Span

    start = first_day.toordinal() - 1
    known = days.filter(days.ordered_on <= ibis.literal(day))
    table = known.group_by("customer_id").aggregate(n=known.count(), last_on=known.ordered_on.max())
    table = table.order_by("customer_id").to_pandas()
    if table.empty:
        return None
    last = np.array([one.toordinal() for one in table["last_on"].dt.date]) - start
    rows, number = histories(table["n"], last, np.full(len(last), day.toordinal() - start)).merged()
    try:
        fitted = fit_orders(rows, BG_NBD)
    except NotEnoughData:
        return None
    alive = expect_orders(fitted, rows, Span(1, "days")).alive[number]
    return dict(zip(table["customer_id"].astype(str), alive.tolist(), strict=True))
