"""Whether the models foretold what came: the last weeks held back, in all and by tenths of what was expected."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import with_interval
from customer_patterns.features.cells import cents
from customer_patterns.outlook.value.spans import Span
from customer_patterns.outlook.value.standing import Standing
from customer_patterns.outlook.value.tables import BACKTEST, HELD, MISSED
from customer_patterns.outlook.value.worth import around

Floats = NDArray[np.float64]

#: With fewer customers in each, there are no tenths.
FEWEST_A_TENTH = 10


def came_after(orders: ir.Table, standing: Standing, *, until: date) -> tuple[Floats, Floats]:
    """Orders (days with goods) and revenue of each customer after the standing's day, until another.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``kind``, ``revenue``.
    standing
        The customers of an earlier day. Who came later is not counted.
    until
        Last day that counts.

    Returns
    -------
    tuple
        Two arrays, one element per customer of the standing, in its order.
    """
    after = orders.filter(orders.ordered_on > ibis.literal(standing.as_of), orders.ordered_on <= ibis.literal(until))
    goods = after.kind == "goods"
    sums = after.group_by("customer_id").aggregate(
        orders=after.ordered_on.nunique(where=goods), money=cents(after.revenue).sum()
    )
    table = sums.to_pandas().set_index("customer_id").reindex(standing.watched["customer_id"])
    return table["orders"].fillna(0).to_numpy(float), table["money"].fillna(0).to_numpy(float) / 100


def backtest(earlier: Standing, came: tuple[Floats, Floats], *, held_back: Span, margin: float = 1.0) -> pd.DataFrame:
    """Hold what was expected at an earlier day against what came.

    Parameters
    ----------
    earlier
        The customers of that day; models know nothing later.
    came
        From :func:`came_after`.
    held_back
        The time between.
    margin
        The share of revenue that counts.

    Returns
    -------
    DataFrame
        Row 0 for all customers, then one per tenth of the customers from the most to the least expected (with 100
        customers or more); columns as in ``WORTH_BACKTEST``.

    Notes
    -----
    Intervals hold the middle 95 % of futures, with the parameters as unsure as resamples of customers make them. They
    know no season and no holiday: what moves all customers together is not in them.
    """
    expected = earlier.expect(held_back)
    futures = earlier.futures(held_back)
    value = expected.orders * earlier.spend * margin
    groups = [np.zeros(len(value), dtype=np.int64)]
    if len(value) >= 10 * FEWEST_A_TENTH:
        place = np.empty(len(value), dtype=np.int64)
        place[np.argsort(-value, kind="stable")] = np.arange(len(value))
        groups.append(place * 10 // len(value))
    parts = []
    for tenths, group in enumerate(groups):
        number = 10 if tenths else 1
        size = np.bincount(group, minlength=number)
        part = pd.DataFrame({"tenth": np.arange(number) + tenths, "n": size, "customers": len(value)})
        orders, money = (futures.sums(what, group, number) for what in ("orders", "money"))
        part = with_interval(part, "expected_orders", around(np.bincount(group, expected.orders, number), orders))
        part = with_interval(part, "expected_value", around(np.bincount(group, value, number), money * margin))
        part["came_orders"] = np.bincount(group, came[0], number)
        part["came_value"] = np.bincount(group, came[1] * margin, number)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    inside = table["came_value"].between(table["expected_value_low"], table["expected_value_high"])
    table["verdict"] = pd.Series(np.where(inside, HELD, MISSED), dtype="str")
    table["value_ratio"] = table["expected_value"] / table["came_value"].where(table["came_value"] > 0)
    return table.reindex(columns=BACKTEST.names)


def drawn_backtest(table: pd.DataFrame) -> pd.DataFrame:
    """What was expected and what came, per customer and tenth, below each other."""
    tenths = table[table["tenth"] > 0]
    parts = []
    for counted, measure in (("expected", "expected_value"), ("came", "came_value")):
        bounds = ("_low", "_high") if counted == "expected" else ("", "")
        part = pd.DataFrame({"tenth": tenths["tenth"].astype(int), "counted": counted})
        for end, column in (("", measure), ("_low", measure + bounds[0]), ("_high", measure + bounds[1])):
            part[f"value{end}"] = tenths[column] / tenths["n"]
        parts.append(part)
    return pd.concat(parts, ignore_index=True).sort_values(["tenth", "counted"], ascending=[True, False])
