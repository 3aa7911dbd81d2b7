"""Habits of customers, worked out by hand, and whether they are habits at all."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from customer_patterns.features.habits import shopping_habits
from customer_patterns.segments import habit_reliability, habits_by_half, used_habits
from tests.segments.conftest import FIRST

PRODUCTS = {
    "milk": ("Private", "dairy"),
    "cheese": ("National", "dairy"),
    "apples": ("unknown", "fruit"),
    "pens": ("National", "unknown"),
}


def split(shop: dict) -> tuple[tuple, dict]:
    """Tables as positional arguments, the period by name."""
    tables = tuple(shop[name] for name in ("order_lines", "products", "orders"))
    return tables, {"first_day": shop["first_day"], "last_day": shop["last_day"]}


def habits_of(shop: dict) -> pd.DataFrame:
    tables, period = split(shop)
    return shopping_habits(*tables, **period).to_pandas().set_index("customer_id")


def test_habits_of_one_customer_by_hand(shop) -> None:
    ann = habits_of(
        shop(
            [
                # 11 March 2017 is a Saturday; from 11 March to 31 December there are 296 days, 9.72 months.
                ("ann", "2017-03-11", 10, {"milk": (2, 0), "cheese": (6, 2)}),
                ("ann", "2017-03-15", 19, {"milk": (2, 0), "apples": (3, 0), "pens": (7, 0)}),
                ("ann", "2017-03-16", 18, {"fuel": (40, 0)}),
            ],
            PRODUCTS,
        )
    ).loc["ann"]
    assert ann["orders"] == 2
    assert ann["orders_per_month"] == pytest.approx(2 / (296 / (365.25 / 12)))
    assert (ann["basket_value"], ann["product_price"]) == (10, 4)
    assert (ann["weekend_share"], ann["evening_share"]) == (0.5, 0.5)
    assert ann["own_brand_share"] == pytest.approx(4 / 17)  # of what has a brand: 4 of 17 dollars
    assert ann["discount_share"] == pytest.approx(2 / 22)
    assert ann["category_focus"] == pytest.approx(3 * 2 / (4 * 3))  # dairy three of the four with a category


def test_who_came_for_fuel_alone_has_no_habits(shop) -> None:
    assert habits_of(shop([("cy", "2017-03-16", 18, {"fuel": (40, 0)})], PRODUCTS)).empty


def test_without_products_the_rest_is_still_known(shop) -> None:
    ann = habits_of(shop([("ann", "2017-03-11", 10, {"milk": (2, 0), "cheese": (6, 2)})], {})).loc["ann"]
    assert ann["basket_value"] == 8
    assert ann[["own_brand_share", "category_focus"]].isna().all()


def test_orders_outside_the_period_change_nothing(shop) -> None:
    bought = [("ann", "2017-03-11", 10, {"milk": (2, 0)})]
    later = [*bought, ("ann", "2018-01-01", 10, {"cheese": (90, 0)}), ("bo", "2018-01-01", 10, {"milk": (2, 0)})]
    pd.testing.assert_frame_equal(habits_of(shop(bought, PRODUCTS)), habits_of(shop(later, PRODUCTS)))


def year_of(seed: int, customers: int = 40) -> list:
    """Weekly shoppers: some always on Saturday, others always on Tuesday; discounts by the toss of a coin."""
    rng = np.random.default_rng(seed)
    bought = []
    for c in range(customers):
        for week in range(0, 52):
            day = FIRST + timedelta(days=7 * week + (5 if c % 2 else 1))
            goods = {"milk": (3, int(rng.integers(0, 2))), "cheese": (round(5 + 0.1 * c, 2), 0)}
            bought.append((f"c{c:02d}", day.isoformat(), 10, goods))
    return bought


def test_what_customers_do_each_week_is_reliable_and_the_toss_of_a_coin_is_not(shop) -> None:
    tables, period = split(shop(year_of(1), PRODUCTS))
    halves = habits_by_half(*tables, **period)
    habits = shopping_habits(*tables, **period).to_pandas()
    table = habit_reliability(halves, habits, min_orders=12, least_reliability=0.5).set_index("habit")
    assert halves.groupby("customer_id").size().eq(2).all()
    assert table.loc["orders at the weekend", "reliability"] == 1
    assert table.loc["value of a basket", "reliability"] > 0.99
    assert table.loc["discounts", "reliability"] < 0.5
    assert table.loc["orders in the evening", ["reliability", "used"]].isna().tolist() == [True, False]
    used = used_habits(table.reset_index())
    assert "weekend_share" in used
    assert "discount_share" not in used
    assert "evening_share" not in used


def test_halves_that_overlap_would_call_chance_a_habit(shop) -> None:
    """The broken twin measures the second half on all weeks."""
    tables, period = split(shop(year_of(1), PRODUCTS))
    habits = shopping_habits(*tables, **period).to_pandas()
    halves = habits_by_half(*tables, **period)
    cheated = pd.concat([halves[halves["half"] == 0], habits.assign(half=1)])
    honest, wrong = (
        habit_reliability(table, habits, min_orders=12, least_reliability=0.5).set_index("habit")
        for table in (halves, cheated)
    )
    assert wrong.loc["discounts", "reliability"] > 0.6 > 0.5 > honest.loc["discounts", "reliability"]


def test_with_nine_customers_nothing_is_said_of_reliability(shop) -> None:
    tables, period = split(shop(year_of(1, customers=9), PRODUCTS))
    habits = shopping_habits(*tables, **period).to_pandas()
    table = habit_reliability(habits_by_half(*tables, **period), habits, min_orders=12, least_reliability=0.5)
    assert table["reliability"].isna().all()
    assert not table["used"].any()
