"""Which habits are habits: what a customer does in one week and does again in the next."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from customer_patterns.estimates import Interval, percentiles, with_interval
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.habits import shopping_habits
from customer_patterns.segments.habits import HABITS
from customer_patterns.segments.tables import HABIT_RELIABILITY

Floats = NDArray[np.float64]


def habits_by_half(
    order_lines: ir.Table,
    products: ir.Table,
    orders: ir.Table,
    *,
    first_day: date,
    last_day: date,
    own_brand: str = "Private",
) -> pd.DataFrame:
    """Measure each customer's habits twice: in the first, third, fifth … week of the period, and in the others.

    Parameters
    ----------
    order_lines, products, orders, first_day, last_day, own_brand
        As for :func:`~customer_patterns.features.habits.shopping_habits`.

    Returns
    -------
    DataFrame
        One row per customer and half with an order of goods, by both: ``customer_id``, ``half`` (0 or 1) and the
        habits.
    """
    week = orders.ordered_on.delta(ibis.literal(first_day), unit="day") // 7
    half = (week % 2).cast("string")
    apart = orders.mutate(customer_id=half + "/" + orders.customer_id)
    lines = order_lines.drop("customer_id").join(apart.select("order_id", "customer_id"), "order_id")
    habits = shopping_habits(
        lines, products, apart, first_day=first_day, last_day=last_day, own_brand=own_brand
    ).to_pandas()
    halves = habits["customer_id"].str.split("/", n=1)
    habits = habits.assign(customer_id=halves.str[1].astype("str"), half=halves.str[0].astype("int64"))
    return habits.sort_values(["customer_id", "half"], ignore_index=True)


def habit_reliability(
    halves: pd.DataFrame, habits: pd.DataFrame, *, min_orders: int, least_reliability: float
) -> pd.DataFrame:
    """Estimate how far the differences between customers are theirs, and not chance, habit by habit.

    Parameters
    ----------
    halves
        Habits in either half of the weeks, from :func:`habits_by_half`.
    habits
        One row per customer: ``customer_id``, ``orders``.
    min_orders
        Customers with fewer orders are left out.
    least_reliability
        A habit with less is not used.

    Returns
    -------
    DataFrame
        One row per habit, in their order: ``habit``, ``reliability`` (0: nothing in common; 1: the same in both
        halves) with percentile interval (resampling customers), ``n`` (customers with the habit in both halves),
        ``used``. Missing, and not used, where fewer than ten customers have it, or all are alike.

    Notes
    -----
    Split-half reliability: the rank correlation r of two halves, stepped up to the whole by 2 r / (1 + r) (Spearman
    1910, Brit. J. Psychol. 3, 271–295; Brown 1910, ibid. 296–322). Alternate weeks share seasons and prices, so that
    only the customers differ. Differences that are mere chance blur clusters that other habits show.
    """
    enough = halves["customer_id"].isin(set(habits.loc[habits["orders"] >= min_orders, "customer_id"]))
    rows = []
    for name, habit in HABITS.items():
        pairs = halves[enough].pivot_table(index="customer_id", columns="half", values=name, aggfunc="first")
        values = pairs.reindex(columns=[0, 1]).dropna().to_numpy(dtype=float)
        rows.append((name, habit.label, len(values), *_reliability(values)))
    table = pd.DataFrame(rows, columns=["column", "habit", "n", "reliability", "low", "high"])
    table = with_interval(
        table, "reliability", Interval(*table[["reliability", "low", "high"]].to_numpy(dtype=float).T)
    )
    return table.assign(used=(table["reliability"] >= least_reliability).to_numpy())[HABIT_RELIABILITY.names]


def used_habits(reliability: pd.DataFrame) -> list[str]:
    """Return the columns of the habits that are used."""
    labels = set(reliability.loc[reliability["used"], "habit"])
    return [name for name, habit in HABITS.items() if habit.label in labels]


def _reliability(values: Floats) -> tuple[float, float, float]:
    """Stepped-up rank correlation of two columns, with percentile interval."""
    if len(values) < SMALLEST_CELL or (np.ptp(values, axis=0) == 0).any():
        return (np.nan,) * 3
    ranks = rankdata(values, axis=0)
    ranks = ranks[np.lexsort(ranks.T)]  # nothing but the numbers decides which weights a customer gets
    value = _stepped_up(np.ones((1, len(ranks))), ranks)[0]
    drawn = np.concatenate([_stepped_up(weights, ranks) for _, weights in draw_weights(len(ranks))])
    return tuple(round(float(x), 9) for x in percentiles(value, drawn))


def _stepped_up(weights: Floats, ranks: Floats) -> Floats:
    """The correlation of two columns in each resample, stepped up to the whole."""
    x, y = (ranks - ranks.mean(axis=0)).T
    total = weights.sum(axis=1)
    mean_x, mean_y = weights @ x / total, weights @ y / total
    both = weights @ (x * y) / total - mean_x * mean_y
    spread = (weights @ x**2 / total - mean_x**2) * (weights @ y**2 / total - mean_y**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = both / np.sqrt(spread)
        # Two halves that contradict each other have nothing in common: stepping up would run off to minus infinity.
        return np.where(r > 0, 2 * r / (1 + r), r)
