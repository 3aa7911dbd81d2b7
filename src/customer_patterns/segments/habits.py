"""Habits on one scale: what each customer's habits are turned into before customers are put into clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: A habit farther from the median than this many robust standard deviations counts as this far.
FARTHEST = 3.0
#: A robust standard deviation is the range of the middle half by this (as in a normal distribution).
_MIDDLE_HALF = 1.349


@dataclass(frozen=True)
class Habit:
    """One habit that customers are grouped by.

    Attributes
    ----------
    label
        How tables and charts call it.
    logarithm
        Whether it is looked at on a logarithmic scale; if not, it is a share and its arcsine root is.
    of_orders
        Whether it is a share of the customer's orders.
    more, less
        What a group with much or little of it is called.
    """

    label: str
    logarithm: bool
    of_orders: bool
    more: str
    less: str


#: In the order of columns. No two of them measure the same: spend is frequency times basket, so it is left out.
HABITS: dict[str, Habit] = {
    "orders_per_month": Habit("orders a month", True, False, "frequent visits", "rare visits"),
    "basket_value": Habit("value of a basket", True, False, "large baskets", "small baskets"),
    "product_price": Habit("value of a product", True, False, "costly products", "cheap products"),
    "weekend_share": Habit("orders at the weekend", False, True, "weekend shopping", "weekday shopping"),
    "evening_share": Habit("orders in the evening", False, True, "evening shopping", "daytime shopping"),
    "own_brand_share": Habit("own brand", False, False, "own brand", "national brands"),
    "discount_share": Habit("discounts", False, False, "many discounts", "few discounts"),
    "category_focus": Habit("focus on few categories", False, False, "few categories", "many categories"),
}

#: What a group is called that differs from the average in nothing.
AVERAGE = "near the average"


@dataclass(frozen=True)
class Scaled:
    """Customers on one scale.

    Attributes
    ----------
    people
        Their rows of habits, those with evidence enough, by ``customer_id``.
    points
        One row per customer, one column per habit in ``used``; the same order.
    used
        The habits that differ between customers.
    """

    people: pd.DataFrame
    points: Floats
    used: tuple[str, ...]


def scale_habits(
    habits: pd.DataFrame, *, min_orders: int, prior_orders: float, use: Sequence[str] = tuple(HABITS)
) -> Scaled:
    """Put habits on one scale, for customers with orders enough to show any.

    Parameters
    ----------
    habits
        One row per customer: ``customer_id``, ``orders`` and the columns of :data:`HABITS`.
    min_orders
        Who has fewer orders is left out.
    prior_orders
        Shares of orders are pulled toward the mean as if each customer had made so many more average orders, since a
        share of few orders is mostly chance.
    use
        Which habits, of :data:`HABITS`.

    Returns
    -------
    Scaled
        Logarithms of amounts and rates, arcsine roots of shares (which have about the same spread everywhere), less
        the median, by the range of the middle half, at most three such units from it, so that single extremes decide
        nothing. A habit that nearly all customers share, or that is missing for most, is not used; where it is missing
        for a few, they stand at the median.
    """
    people = habits[habits["orders"] >= min_orders].sort_values("customer_id", ignore_index=True)
    columns, used = [], []
    for name in use:
        habit, values = HABITS[name], people[name].to_numpy(dtype=float, na_value=np.nan)
        if habit.of_orders:
            n = people["orders"].to_numpy(dtype=float)
            known = ~np.isnan(values)
            mean = float((values * n)[known].sum() / n[known].sum()) if known.any() else 0.0
            values = (values * n + prior_orders * mean) / (n + prior_orders)
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = np.log(values) if habit.logarithm else np.arcsin(np.sqrt(np.clip(values, 0, 1)))
        scaled[~np.isfinite(scaled)] = np.nan
        if np.isnan(scaled).sum() * 2 >= max(len(scaled), 1):
            continue
        low, middle, high = np.nanquantile(scaled, [0.25, 0.5, 0.75])
        # What rounding leaves of a range of nothing is nothing.
        if high - low <= 1e-9:
            continue
        robust = (np.nan_to_num(scaled, nan=middle) - middle) / ((high - low) / _MIDDLE_HALF)
        columns.append(np.round(np.clip(robust, -FARTHEST, FARTHEST), 9))
        used.append(name)
    points = np.column_stack(columns) if columns else np.empty((len(people), 0))
    return Scaled(people, points, tuple(used))
