"""Sums per day: nothing is lost, nothing is from later, fuel has no pieces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.outlook.forecast.reconcile import sums_to_hold
from customer_patterns.outlook.forecast.series import DailySales, daily_sales, known_until
from tests.outlook.forecast.conftest import FIRST, Shop

MANY = [f"c{n:02d}" for n in range(2 * SMALLEST_CELL)]


def last(days: int) -> date:
    return FIRST + timedelta(days=days - 1)


def summed(made: Shop, days: int, *, chosen: int, categories: int = 1) -> DailySales:
    return daily_sales(
        *made, first_day=FIRST, last_day=last(days), chosen_by=FIRST + timedelta(days=chosen), categories=categories
    )


def named(sales: DailySales, measure: str, name: str) -> np.ndarray:
    row = sales.series[(sales.series["measure"] == measure) & (sales.series["series"] == name)]
    assert len(row) == 1
    return sales.sums[row.index[0]]


def test_three_days_worked_out_by_hand(shop: Callable[..., Shop]) -> None:
    rows = [(0, who, "bread", 2.0, 1) for who in MANY] + [(0, who, "milk", 1.0, 3) for who in MANY]
    rows += [(2, who, "bread", 4.0, 2) for who in MANY] + [(2, who, "fuel", 3.0, 9000) for who in MANY[:10]]
    sales = summed(shop(rows), 3, chosen=1)
    assert named(sales, "revenue", "all sales").tolist() == [60.0, 0.0, 110.0]
    assert named(sales, "revenue", "bread").tolist() == [40.0, 0.0, 80.0]
    assert named(sales, "revenue", "all other goods").tolist() == [20.0, 0.0, 0.0]
    assert named(sales, "revenue", "fuel").tolist() == [0.0, 0.0, 30.0]
    assert named(sales, "orders", "all sales").tolist() == [40.0, 0.0, 30.0]
    assert named(sales, "units", "bread").tolist() == [20.0, 0.0, 40.0]
    assert sales.sums[sales.of("units")].max() == 40  # nine thousand gallons are no pieces


def test_the_fuel_of_a_few_customers_does_not_stand_apart(shop: Callable[..., Shop]) -> None:
    rows = [(0, who, name, 2.0, 1) for who in MANY for name in ("bread", "milk")] + [(0, MANY[0], "fuel", 30.0, 9000)]
    sales = summed(shop(rows), 1, chosen=1)
    assert "fuel" not in set(sales.series["kind"])
    assert named(sales, "revenue", "all other sales").tolist() == [70.0]


def test_parts_add_up_to_the_whole_every_day(half_year: Callable[..., Shop]) -> None:
    sales = summed(half_year(weeks=10), 70, chosen=35)
    gaps = sums_to_hold(sales) @ sales.sums
    assert gaps.shape == (1, 70)  # six most valuable customers are too few to be shown
    assert np.abs(gaps).max() < 0.011  # cents of one day, rounded


def test_later_orders_change_nothing(shop: Callable[..., Shop]) -> None:
    rows = [(day, who, name, 3.0, 1) for day in range(4) for who in MANY for name in ("bread", "milk")]
    later = [(day, who, "caviar", 900.0, 9) for day in (4, 5) for who in MANY]
    without, beside = summed(shop(rows), 4, chosen=2), summed(shop(rows + later), 4, chosen=2)
    np.testing.assert_array_equal(without.sums, beside.sums)
    assert without.series.equals(beside.series)


def test_what_is_followed_is_chosen_by_the_first_days_alone(shop: Callable[..., Shop]) -> None:
    early = [(day, who, "bread", 5.0, 1) for day in range(2) for who in MANY]
    early += [(day, who, "milk", 1.0, 1) for day in range(4) for who in MANY]
    boom = [(3, who, "milk", 500.0, 1) for who in MANY] + [(3, who, "bread", 5.0, 1) for who in MANY]
    sales = summed(shop(early + boom), 4, chosen=2)
    assert sales.series.loc[sales.of("units"), "series"].tolist() == ["bread"]
    by_all = summed(shop(early + boom), 4, chosen=4)  # the twin that looks at the days it then forecasts
    assert by_all.series.loc[by_all.of("units"), "series"].tolist() == ["milk"]


def test_a_category_of_few_customers_is_not_followed_by_itself(shop: Callable[..., Shop]) -> None:
    rows = [(day, who, "milk", 1.0, 1) for day in range(3) for who in MANY]
    rows += [(day, MANY[0], "caviar", 900.0, 1) for day in range(3)]
    sales = summed(shop(rows), 3, chosen=2, categories=2)
    assert "caviar" not in set(sales.series["series"])
    assert named(sales, "revenue", "all other goods").tolist() == [900.0] * 3


@pytest.mark.parametrize(
    ("days_with_orders", "hours", "known"),
    [
        (range(70), {}, 69),
        (range(66), {}, 65),  # four empty days at the end: not delivered
        ([day for day in range(70) if day not in (40, 69)], {}, 69),  # closed for a day once before
        (range(70), {69: 9}, 68),  # the last day ends in the morning
        (range(50), {49: 9}, 49),  # too short a study to know the usual end of a day
    ],
)
def test_the_last_whole_day(shop: Callable[..., Shop], days_with_orders: range, hours: dict, known: int) -> None:
    made = shop([(day, "c1", "milk", 1.0, 1) for day in days_with_orders], hours=hours)
    end = last(70 if max(days_with_orders) > 49 else 50)
    assert known_until(made.orders, first_day=FIRST, last_day=end) == FIRST + timedelta(days=known)


def test_without_orders_there_is_no_last_day(shop: Callable[..., Shop]) -> None:
    made = shop([(90, "c1", "milk", 1.0, 1)])
    assert known_until(made.orders, first_day=FIRST, last_day=last(30)) is None
