"""Through which channel each order came: the store, or the shop's web pages and app."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from customer_patterns.sources.companion.draws import Lot, keys_of
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.surroundings import Surroundings

#: Log odds of ordering online on the first day, for the average household of an area.
ONLINE_BY_AREA: dict[str, float] = {"urban": -3.2, "suburban": -3.7, "rural": -4.6}
#: What a year adds, and how far households differ.
ONLINE_BY_YEAR, ONLINE_BY_HABIT = 0.8, 0.9


def draw_channels(plan: Plan, around: Surroundings, traits: pd.DataFrame) -> pd.DataFrame:
    """Draw the channel of each order.

    Parameters
    ----------
    plan, around
        The parameters and the orders. An order with fuel came through the store.
    traits
        One row per customer: ``customer_id``, ``area_type``.

    Returns
    -------
    DataFrame
        The canonical table ``order_channels``: ``order_id``, ``channel``, in the order of the orders.
    """
    orders, lot = around.orders, Lot(plan.seed, "channels")
    area = orders["customer_id"].map(traits.set_index("customer_id")["area_type"])
    habit = lot.normal(keys_of(orders["customer_id"]), "habit")
    odds = area.map(ONLINE_BY_AREA).to_numpy(dtype="float64") + ONLINE_BY_HABIT * habit
    odds = odds + ONLINE_BY_YEAR * np.clip(orders["day"].to_numpy(), 0, None) / 365
    online = lot.happens(keys_of(orders["order_id"]), "online", np.round(expit(odds), 6)) & ~orders["fuel"].to_numpy()
    return pd.DataFrame(
        {
            "order_id": orders["order_id"],
            "channel": np.where(online, "online", "store").astype(object),
        }
    )


def channels_truth(around: Surroundings, channels: pd.DataFrame) -> dict[str, object]:
    """Say what is planted about channels, and what came of it."""
    online = (channels["channel"] == "online").to_numpy()
    free = ~around.orders["fuel"].to_numpy()
    return {
        "log_odds_online_by_area": ONLINE_BY_AREA,
        "log_odds_by_year": ONLINE_BY_YEAR,
        "log_odds_by_habit": ONLINE_BY_HABIT,
        "without_effect": ["education", "occupation"],
        "share_online_of_orders_without_fuel": round(float(online[free].mean()), 4) if free.any() else None,
    }
