"""What the chapter says of worth, all at once: today, the weeks held back, and earlier days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.value.backtest import backtest, came_after
from customer_patterns.outlook.value.changes import worth_changes, worth_dates
from customer_patterns.outlook.value.climb import one_thread
from customer_patterns.outlook.value.spans import Span
from customer_patterns.outlook.value.standing import Standing, stand_at
from customer_patterns.outlook.value.tables import TABLES
from customer_patterns.outlook.value.worth import (
    continued_revenue,
    customer_values,
    model_comparison,
    worth_by_group,
    worth_total,
)
from customer_patterns.schemas import TableSchema

#: The tables that rest on orders.
ON_ORDERS = tuple(name for name in TABLES if name not in ("contract_worth", "worth_beside_sales"))
_TOLD = ("worth_total", "worth_groups", "worth_backtest", "worth_changes")


@dataclass(frozen=True)
class Worth:
    """What customers are worth, as tables.

    Attributes
    ----------
    tables
        By name; those that the data do not suffice for have no row.
    horizon
        How far ahead; not further than the window reaches back.
    missing
        Why there is nothing, or no test on weeks held back; empty where nothing is missing.
    today
        The customers on the last day; none where there is nothing.
    """

    tables: dict[str, pd.DataFrame]
    horizon: Span
    missing: str = ""
    today: Standing | None = field(default=None, repr=False)

    @property
    def told(self) -> dict[str, pd.DataFrame]:
        """The tables that sentences speak of."""
        return {name: self.tables[name] for name in _TOLD}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table by its name."""
        return self.tables[name]


def worth_of_customers(
    orders: ir.Table,
    tiers: pd.DataFrame,
    *,
    first_day: date,
    last_day: date,
    levels: tuple[str, ...],
    horizon_weeks: int = 26,
    holdout_weeks: int = 13,
    burn_in_months: int = 3,
    most_regularity: int = 4,
    margin: float = 1.0,
    seed: int = 0,
) -> Worth:
    """Say what customers are worth on the last day, whether that could be foretold before, and how it has changed.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``kind``, ``revenue``.
    tiers
        One row per customer: ``customer_id``, ``tier``.
    first_day, last_day
        The window, both days included.
    levels
        All tiers in their order.
    horizon_weeks
        How far ahead; at most as far as the window reaches back.
    holdout_weeks
        How many last weeks are held back to test the models, and the step from one earlier day to the next.
    burn_in_months, most_regularity, seed
        As in :func:`~customer_patterns.outlook.value.standing.stand_at`.
    margin
        The share of revenue that counts as worth.

    Returns
    -------
    Worth
        The tables of this subpackage that rest on orders.
    """
    with one_thread():
        return _worth(
            orders,
            tiers,
            levels=levels,
            horizon_weeks=horizon_weeks,
            holdout_weeks=holdout_weeks,
            margin=margin,
            given={
                "first_day": first_day,
                "burn_in_months": burn_in_months,
                "most_regularity": most_regularity,
                "seed": seed,
            },
            last_day=last_day,
        )


def _worth(
    orders: ir.Table,
    tiers: pd.DataFrame,
    *,
    last_day: date,
    levels: tuple[str, ...],
    horizon_weeks: int,
    holdout_weeks: int,
    margin: float,
    given: dict[str, Any],
) -> Worth:
    weeks = ((last_day - given["first_day"]).days + 1) // 7
    horizon = Span(min(horizon_weeks, max(weeks, 1)), "weeks")
    tables = {name: empty(TABLES[name]) for name in ON_ORDERS}
    try:
        today = stand_at(orders, as_of=last_day, **given)
    except NotEnoughData as lacking:
        return Worth(tables, horizon, str(lacking))
    futures = today.futures(horizon)
    values = customer_values(today, futures, horizon, margin=margin)
    lately = Span(min(holdout_weeks, horizon.to("weeks")), "weeks")
    continued = continued_revenue(orders, as_of=last_day, horizon=horizon, lately=lately)
    tables["customer_values"] = values
    group_of = tiers.set_index("customer_id")["tier"]
    tables["worth_groups"] = worth_by_group(values, futures, group_of, levels=levels, margin=margin)
    tables["worth_total"] = worth_total(today, values, futures, horizon, continued=continued, margin=margin)

    earlier, missing = _earlier(orders, last_day, holdout_weeks, horizon, {**given, "among": today})
    came = came_after(orders, earlier[-1], until=last_day) if earlier else None
    if came is not None:
        tables["worth_backtest"] = backtest(earlier[-1], came, held_back=Span(holdout_weeks, "weeks"), margin=margin)
    tables["lifetime_models"] = model_comparison(
        today, horizon, earlier[-1] if earlier else None, None if came is None else float(came[0].sum())
    )
    standings = [*earlier, today]
    passed = [_passed(orders, standing, horizon, last_day) for standing in standings]
    tables["worth_dates"] = worth_dates(standings, horizon, came=passed, margin=margin)
    tables["worth_changes"] = worth_changes(standings, horizon, margin=margin)
    return Worth(tables, horizon, missing, today)


def empty(schema: TableSchema) -> pd.DataFrame:
    """A table without rows."""
    types = {"text": "str", "date": "datetime64[us]", "integer": "int64", "boolean": "bool"}
    return pd.DataFrame({c.name: pd.Series(dtype=types.get(c.kind, "float64")) for c in schema.columns})


def _earlier(
    orders: ir.Table, last_day: date, step_weeks: int, horizon: Span, given: dict[str, Any]
) -> tuple[list[Standing], str]:
    """The customers one and two steps before, ascending; or what is missing.

    The weeks held back follow on at least as many others; two steps back there is as much time before as ahead.
    """
    days, step = (last_day - given["first_day"]).days + 1, Span(step_weeks, "weeks").days
    if days < 2 * step:
        return [], f"needs {2 * step:.0f} days of orders, has {days}"
    standings: list[Standing] = []
    for steps in (1, 2) if days - 2 * step >= horizon.days else (1,):
        try:
            day = last_day - timedelta(weeks=steps * step_weeks)
            standings.insert(0, stand_at(orders, as_of=day, **given))
        except NotEnoughData as lacking:
            return standings, "" if standings else str(lacking)
    return standings, ""


def _passed(orders: ir.Table, standing: Standing, horizon: Span, last_day: date) -> float | None:
    """The revenue that came within the horizon; none where that is not over."""
    until = standing.as_of + timedelta(days=int(horizon.days))
    return float(came_after(orders, standing, until=until)[1].sum()) if until <= last_day else None
