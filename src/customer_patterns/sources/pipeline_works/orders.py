"""What accounts buy: pumps after an opportunity is won, spare parts for the pumps they have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, keys_of, keys_within
from customer_patterns.sources.pipeline_works.accounts import PRODUCTS
from customer_patterns.sources.pipeline_works.plan import PAIR, SPARE_ORDERS, WITH_PAIR, WITHOUT_PAIR, WON, Plan

#: Share of pump orders with commissioning and with training.
_COMMISSIONED, _TRAINED = 0.6, 0.2
#: Relative number of orders from Monday to Sunday.
_WEEKDAYS = np.array([1.0, 1.0, 1.0, 1.0, 0.8, 0.05, 0.0])


def draw_orders(plan: Plan, accounts: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Draw the order lines.

    Parameters
    ----------
    plan, accounts, deals
        The parameters, the accounts and the opportunities with their outcome.

    Returns
    -------
    DataFrame
        One row per product in an order, by moment: ``order_id``, ``customer_id``, ``product_id``, ``ordered_at``,
        ``quantity``, ``revenue`` (cents), ``store_id`` (the sales region), ``opportunity_id`` (for pumps).
    """
    lot = Lot(plan.seed, "orders")
    pumps = _pump_orders(plan, lot, deals)
    spares = _spare_orders(plan, lot, accounts, pumps)
    lines = pd.concat([pumps, spares], ignore_index=True)
    lines = lines[lines["day"].between(0, plan.days - 1)]
    price = lines["product_id"].map({name: values[3] for name, values in PRODUCTS.items()}).to_numpy()
    # Prices go up by three percent in the second year; large quantities cost a tenth less.
    price = price * np.where(lines["day"] >= 365, 103, 100) // 100
    price = np.where(lines["quantity"] >= 10, price * 9 // 10, price)
    region = accounts.set_index("customer_id")["region_id"]
    table = lines.assign(
        ordered_at=plan.moments(lines["day"].to_numpy(), lines["second"].to_numpy()),
        revenue=price * lines["quantity"].to_numpy(),
        store_id=lines["customer_id"].map(region),
    ).sort_values(["ordered_at", "customer_id", "product_id"], ignore_index=True)
    numbers = table["key"].drop_duplicates().reset_index(drop=True)
    names = pd.Series([f"OR-{number:06d}" for number in range(1, len(numbers) + 1)], index=numbers.to_numpy())
    table.insert(0, "order_id", table["key"].map(names))
    return table.drop(columns=["key", "day", "second"])


def _pump_orders(plan: Plan, lot: Lot, deals: pd.DataFrame) -> pd.DataFrame:
    """Pumps, one to three kinds' worth of the amount that was quoted, some days after it was won."""
    won = deals[deals["outcome"] == WON].reset_index(drop=True)
    keys = keys_within(keys_of(won["opportunity_id"]), 0)
    day = np.floor(won["ends"].to_numpy()).astype("int64") + 2 + lot.below(keys, "days to order", 12)
    day = _workday(plan, day)
    pump = lot.choice(keys, "pump", {name: values[4] for name, values in PRODUCTS.items() if name.startswith("PU")})
    price = pd.Series(pump).map({name: values[3] for name, values in PRODUCTS.items()}).to_numpy()
    order = pd.DataFrame(
        {
            "key": keys,
            "customer_id": won["customer_id"],
            "opportunity_id": won["opportunity_id"],
            "day": day,
            "second": 8 * 3600 + lot.below(keys, "second", 34_000),
            "product_id": pump,
            "quantity": np.maximum(np.round(won["amount"].to_numpy() / price), 1).astype("int64"),
        }
    )
    commissioned = order[lot.happens(keys, "commissioned", _COMMISSIONED)].assign(product_id="SV-01", quantity=1)
    trained = order[lot.happens(keys, "trained", _TRAINED)].assign(product_id="SV-02", quantity=1)
    return pd.concat([order, commissioned, trained], ignore_index=True)


def _spare_orders(plan: Plan, lot: Lot, accounts: pd.DataFrame, pumps: pd.DataFrame) -> pd.DataFrame:
    """Spare parts, the more often the more pumps an account has on that day."""
    days = np.arange(plan.days)
    bought = pumps[pumps["product_id"].str.startswith("PU") & (pumps["day"] < plan.days)]
    installed = np.repeat(accounts["pumps"].to_numpy()[:, None].astype("int64"), len(days), axis=1)
    row = pd.Series(np.arange(len(accounts)), index=accounts["customer_id"])
    for who, day, many in zip(row[bought["customer_id"]], bought["day"], bought["quantity"], strict=True):
        installed[who, max(int(day), 0) :] += int(many)
    weekday = _WEEKDAYS[(days + plan.first_day.weekday()) % 7]
    # The tenth pump needs fewer orders than the first: parts are ordered together.
    rate = SPARE_ORDERS * installed**0.7 * weekday[None, :] / weekday.mean() / 365
    grid = keys_within(keys_of(accounts["customer_id"])[:, None], days[None, :] + 10_000)
    who, day = np.nonzero(lot.happens(grid, "spare parts", rate))
    keys = grid[who, day]
    count = 1 + lot.below(keys, "kinds", 3)
    order = pd.DataFrame(
        {
            "key": keys,
            "customer_id": accounts["customer_id"].to_numpy(dtype=object)[who],
            "opportunity_id": None,
            "day": day,
            "second": 7 * 3600 + lot.below(keys, "second", 36_000),
        }
    )
    shares = {name: values[4] for name, values in PRODUCTS.items() if name.startswith("SP")}
    parts = []
    for number in range(3):
        taken = count > number
        inner = keys_within(keys[taken], number)
        parts.append(
            order[taken].assign(
                product_id=lot.choice(inner, "part", shares),
                quantity=np.array([1, 2, 4, 10])[lot.below(inner, "quantity", 4)],
            )
        )
    lines = pd.concat(parts, ignore_index=True).drop_duplicates(["key", "product_id"])
    has = order["key"].isin(lines.loc[lines["product_id"] == PAIR[0], "key"]).to_numpy()
    with_it = lot.happens(keys, "with a gasket set", np.where(has, WITH_PAIR, WITHOUT_PAIR))
    gaskets = order[with_it].assign(product_id=PAIR[1], quantity=1)
    return pd.concat([lines, gaskets], ignore_index=True)


def _workday(plan: Plan, day: np.ndarray) -> np.ndarray:
    """Move Saturdays and Sundays to the Monday after."""
    weekday = (day + plan.first_day.weekday()) % 7
    return day + np.where(weekday >= 5, 7 - weekday, 0)
