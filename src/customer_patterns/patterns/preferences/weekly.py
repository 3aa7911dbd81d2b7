"""What each customer bought in each week, counted back from the study's last day."""

from __future__ import annotations

from datetime import date

import numpy as np

from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.orders import Orders
from customer_patterns.patterns.preferences.trend import Weeks


def count_weeks(orders: Orders, *, first_day: date, last_day: date) -> Weeks:
    """Add up orders, spend and different categories of goods, by customer and week.

    Parameters
    ----------
    orders
        From :func:`~customer_patterns.patterns.preferences.orders.read_orders`.
    first_day, last_day
        The period, both days included. Weeks end with the last day, so that none is cut short; days before the first
        whole week only say since when somebody is a customer.

    Returns
    -------
    Weeks
        Of all customers with an order of goods in the period. An order that is worth nothing, or less, is no spend.
    """
    count = max(((last_day - first_day).days + 1) // 7, 1)
    within = (orders.day >= np.datetime64(first_day)) & (orders.day <= np.datetime64(last_day))
    present, who = np.unique(orders.customer[within], return_inverse=True)
    week = ((np.datetime64(last_day) - orders.day[within]).astype(np.int64)) // 7
    first = np.zeros(len(present), dtype=np.int64)
    np.maximum.at(first, who, week)
    # One cell for each customer and week; a week before the first whole one has no place.
    cell = np.full(len(within), -1)
    cell[within] = np.where(week < count, who * count + week, -1)
    cells = len(present) * count
    place, inside = cell[cell >= 0], np.flatnonzero(cell >= 0)
    cents = np.rint(np.nan_to_num(orders.amount[inside]) * 100)
    many = int(orders.kind.max(initial=0)) + 1
    entries = cell[orders.order] >= 0
    held = np.sort(cell[orders.order[entries]] * many + orders.kind[entries])
    kinds = held[np.diff(held, prepend=-1) > 0] // many
    bought = {
        tables.ORDERS: np.bincount(place, minlength=cells),
        tables.SPEND: np.bincount(place, cents, cells),
        tables.CATEGORIES: np.bincount(kinds, minlength=cells),
    }
    return Weeks(
        orders.customers[present],
        {measure: sums.reshape(len(present), count).astype(float) for measure, sums in bought.items()},
        np.minimum(first, count),
    )
