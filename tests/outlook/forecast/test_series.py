"""Sums per day: nothing is lost, nothing is from later, fuel has no pieces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import ibis
import numpy as np
import pytest

from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.outlook.forecast.reconcile import sums_to_hold
from customer_patterns.outlook.forecast.series import DailySales, daily_sales, known_until
from customer_patterns.outlook.forecast.telling import amounts_of, telling
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
    rows += [(day, who, "caviar", 300.0, 1) for day in range(3) for who in MANY[:3]]
    sales = summed(shop(rows), 3, chosen=2, categories=2)
    assert "caviar" not in set(sales.series["series"])
    assert named(sales, "revenue", "all other goods").tolist() == [900.0] * 3


def of_one(*, amount: float, goods: str = "caviar", weeks: int = 2) -> list[tuple[int, str, str, float, int]]:
    """Everybody buys everything each week; one customer once buys some goods for a larger amount."""
    rows = [
        (7 * week + n % 7, who, name, 2.0, 1)
        for week in range(weeks)
        for n, who in enumerate(MANY)
        for name in ("milk", "bread", "caviar", "fuel")
    ]
    return [*rows, (3, MANY[0], goods, amount, 1)]


def test_a_category_that_would_tell_what_one_customer_spent_is_not_shown(shop: Callable[..., Shop]) -> None:
    """Caviar of a week is 18 times 2 beside 2,000: whoever knows their own 2 knows the 2,000 to within 2 %."""
    ordinary = summed(shop(of_one(amount=2.0)), 14, chosen=7, categories=3)
    assert set(ordinary.series["series"]) >= {"milk", "bread", "caviar", "fuel"}
    sales = summed(shop(of_one(amount=2_000.0)), 14, chosen=7, categories=2)
    money = sales.series.loc[sales.of("revenue"), "series"].tolist()
    assert not {"caviar", "milk", "bread", "fuel"} & set(money), "with all others known the rest is known too"


def test_fuel_that_would_tell_what_one_customer_spent_belongs_to_the_rest(shop: Callable[..., Shop]) -> None:
    rows = [*of_one(amount=500.0, goods="fuel"), *((2, who, "tea", 60.0, 1) for who in MANY)]
    sales = summed(shop(rows), 14, chosen=7, categories=2)
    assert "fuel" not in set(sales.series["kind"])
    assert named(sales, "revenue", "all other sales")[:7].sum() == 500 + 3 * 20 * 2  # fuel, caviar and milk


def test_groups_of_customers_of_which_one_spends_nearly_all_are_not_shown(shop: Callable[..., Shop]) -> None:
    many = [f"m{n:03d}" for n in range(8 * SMALLEST_CELL)]
    rows = [(day, who, "milk", 2.0 + n / 100, 1) for day in range(4) for n, who in enumerate(many)]
    assert len(summed(shop(rows), 4, chosen=2).of("revenue", "customer group"))
    assert not len(summed(shop([*rows, (3, many[0], "milk", 9_000.0, 1)]), 4, chosen=2).of("revenue", "customer group"))


def test_weeks_that_tell_are_those_of_the_p_percent_rule(shop: Callable[..., Shop]) -> None:
    """Against a search by hand: total less the two largest, below a tenth of the largest."""
    rng = np.random.default_rng(3)
    rows = [(int(day), f"c{who}", "milk", float(round(10 ** rng.uniform(0, 3), 2)), 1)
            for day, who in zip(rng.integers(0, 91, 120), rng.integers(0, 9, 120), strict=True)]  # fmt: skip
    orders = shop(rows).orders
    found = telling(amounts_of(orders, series=ibis.literal("all")), last_day=last(91))["week_ends_on"].dt.date
    by_hand = []
    for week in range(13):
        sums: dict[str, float] = {}
        for day, who, _, amount, _ in rows:
            if day // 7 == week:
                sums[who] = sums.get(who, 0) + amount
        largest = sorted(sums.values(), reverse=True)
        if largest and sum(largest[2:]) < 0.1 * largest[0]:
            by_hand.append(last(7 * week + 7))
    assert sorted(found) == by_hand
    assert 0 < len(by_hand) < 13


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
