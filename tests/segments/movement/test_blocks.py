"""Blocks put together are periods: the habits and scores of two halves, as if each had been measured by itself."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from customer_patterns.segments import rfm_table, shopping_habits
from customer_patterns.segments.movement.blocks import BLOCK_DAYS, Blocks, add_up_blocks
from customer_patterns.segments.movement.periods import in_order, two_periods

LAST = date(2017, 12, 31)
PRODUCTS = {
    "milk": ("Private", "dairy"),
    "tea": ("Best", "drinks"),
    "rum": ("unknown", "drinks"),
    "x": ("Best", "unknown"),
}


@pytest.fixture
def year(shop):
    """Twelve customers with orders at random in the last ten blocks, fuel among them."""
    rng = np.random.default_rng(5)
    bought = []
    for _ in range(240):
        day = LAST - timedelta(days=int(rng.integers(0, 10 * BLOCK_DAYS + 20)))
        goods = {
            str(product): (float(rng.integers(1, 900)) / 100, float(rng.integers(0, 90)) / 100)
            for product in rng.choice(list(PRODUCTS), size=rng.integers(1, 4), replace=False)
        }
        goods = {"fuel": (20.0, 0.0)} if rng.random() < 0.1 else goods
        bought.append((f"c{rng.integers(0, 12):02d}", day.isoformat(), int(rng.integers(0, 24)), goods))
    return shop(bought, PRODUCTS)


def blocks_of(shop: dict, count: int = 10) -> Blocks:
    return add_up_blocks(shop["order_lines"], shop["products"], shop["orders"], last_day=LAST, blocks=count)


def test_two_halves_have_the_habits_that_would_be_measured_in_each(year) -> None:
    blocks = blocks_of(year)
    middle = blocks.first_day + timedelta(days=5 * BLOCK_DAYS)
    ends = (blocks.first_day, middle - timedelta(days=1)), (middle, LAST)
    for period, (first, last) in zip(two_periods(blocks, in_order(blocks)), ends, strict=True):
        known = shopping_habits(
            year["order_lines"], year["products"], year["orders"], first_day=first, last_day=last
        ).to_pandas()
        found = period.habits[period.habits["orders"] > 0].reset_index(drop=True)
        assert len(known) > 8
        pd.testing.assert_frame_equal(found, known, check_dtype=False, rtol=1e-12)


def test_the_later_half_has_the_recency_orders_and_revenue_of_its_days(year) -> None:
    blocks = blocks_of(year)
    _, later = two_periods(blocks, in_order(blocks))
    since = date(2017, 12, 31) - timedelta(days=5 * BLOCK_DAYS - 1)
    orders = year["orders"]
    known = rfm_table(orders.filter(orders.ordered_on >= since), as_of=LAST).to_pandas()
    found = later.rfm.assign(customer_id=blocks.customers)[later.rfm["orders"] > 0]
    assert found["customer_id"].tolist() == known["customer_id"].tolist()
    for column in ("recency_days", "orders", "revenue"):
        assert found[column].to_numpy() == pytest.approx(known[column].astype(float).to_numpy())


def test_in_another_order_the_same_purchases_are_there(year) -> None:
    blocks = blocks_of(year)
    dealt = two_periods(blocks, np.random.default_rng(1).permutation(10))
    straight = two_periods(blocks, in_order(blocks))
    for column in ("orders", "revenue"):
        both = [sum(one.rfm[column] for one in periods) for periods in (dealt, straight)]
        assert both[0].to_numpy() == pytest.approx(both[1].to_numpy())


def test_an_order_after_the_study_or_before_the_blocks_changes_nothing(shop) -> None:
    rows = [("ann", "2017-12-30", 9, {"milk": (2.5, 0.0)}), ("ann", "2017-12-01", 20, {"tea": (4.0, 1.0)})]
    outside = [("ann", "2018-01-01", 9, {"rum": (9.0, 0.0)}), ("bo", "2017-11-01", 9, {"rum": (9.0, 0.0)})]
    one, other = blocks_of(shop(rows, PRODUCTS), 4), blocks_of(shop(rows + outside, PRODUCTS), 4)
    assert one.customers.tolist() == other.customers.tolist() == ["ann"]
    for name, cells in one.sums.items():
        assert (cells == other.sums[name]).all(), name


def test_nobody_at_all_is_no_block(shop) -> None:
    empty = blocks_of(shop([("ann", "2016-12-30", 9, {"milk": (2.5, 0.0)})], PRODUCTS), 4)
    assert (len(empty.customers), empty.count) == (0, 4)
