from datetime import date
from decimal import Decimal

import pytest

from customer_patterns.behavior import TABLES, customer_rhythm, summarize_orders, totals
from customer_patterns.behavior.orders import in_period
from customer_patterns.schemas import check


def by_id(table):
    return {row["order_id"]: row for row in table.to_pyarrow().to_pylist()}


def test_three_in_the_morning_utc_is_the_evening_before_in_new_york(orders):
    row = by_id(orders([("ann", "2017-01-10 03:00", 5)]))["o0000"]
    # New York is five hours behind in winter; 9 January 2017 was a Monday.
    assert (row["ordered_on"], row["hour"], row["weekday"]) == (date(2017, 1, 9), 22, 1)


def test_the_clock_goes_forward_in_march_and_back_in_november(orders):
    table = by_id(
        orders(
            [
                ("ann", "2017-03-12 06:59", 1),  # 1:59 a.m., still five hours behind
                ("ann", "2017-03-12 07:00", 1),  # 3 a.m.: there was no 2 a.m.
                ("ann", "2017-11-05 05:30", 1),  # 1:30 a.m., four hours behind
                ("ann", "2017-11-05 06:30", 1),  # 1:30 a.m. again, five hours behind
            ]
        )
    )
    assert [row["hour"] for row in table.values()] == [1, 3, 1, 1]


def test_the_year_ends_at_local_midnight(orders):
    table = by_id(orders([("ann", "2018-01-01 04:59", 1), ("ann", "2018-01-01 05:00", 1)]))
    assert [row["ordered_on"] for row in table.values()] == [date(2017, 12, 31), date(2018, 1, 1)]


def test_weeks_begin_on_monday_and_sunday_is_the_seventh_day(orders):
    table = by_id(orders([("ann", "2017-01-01 17:00", 1), ("ann", "2017-01-02 17:00", 1)]))
    assert [(row["weekday"], row["week_starts_on"]) for row in table.values()] == [
        (7, date(2016, 12, 26)),
        (1, date(2017, 1, 2)),
    ]


def test_goods_fuel_and_gift_cards_are_kept_apart(orders):
    noon = "2017-05-03 16:00"
    table = by_id(
        orders(
            [
                ("ann", noon, "4.50", "goods", "milk", "mixed"),
                ("ann", noon, "2.25", "goods", "bread", "mixed"),
                ("ann", noon, "30.00", "fuel", "gasoline", "mixed"),
                ("ann", noon, "20.00", "gift_card", "card", "mixed"),
                ("ann", noon, "31.10", "fuel", "gasoline", "tank"),
                ("ann", noon, "25.00", "gift_card", "card", "gift"),
            ]
        )
    )
    assert {name: row["kind"] for name, row in table.items()} == {"mixed": "goods", "tank": "fuel", "gift": "gift_card"}
    assert table["mixed"]["products"] == 2
    assert table["mixed"]["goods_revenue"] == Decimal("6.75")
    assert table["mixed"]["revenue"] == Decimal("36.75")
    assert table["mixed"]["gift_card_revenue"] == Decimal("20.00")
    assert table["tank"]["revenue"] == Decimal("31.10")
    assert table["gift"]["revenue"] == 0


def test_orders_keep_their_schema(orders):
    check(orders([("ann", "2017-05-03 16:00", 1), ("bob", "2017-05-03 16:00", 2, "fuel")]), TABLES["orders"])


def test_an_unknown_time_zone_is_refused(lines):
    with pytest.raises(ValueError, match="America/New_York"):
        summarize_orders(lines([("ann", "2017-05-03 16:00", 1)]), time_zone="America/Cincinati")


def test_a_period_holds_its_first_and_its_last_day(orders):
    table = orders([("ann", f"2017-05-0{day} 16:00", 1) for day in range(1, 6)])
    kept = in_period(table, date(2017, 5, 2), date(2017, 5, 4))
    assert kept.count().execute() == 3


def test_a_period_cannot_end_before_it_begins(orders):
    with pytest.raises(ValueError, match="before it begins"):
        in_period(orders([("ann", "2017-05-01 16:00", 1)]), date(2017, 5, 2), date(2017, 5, 1))


def test_nothing_is_lost_between_lines_orders_and_customers(lines):
    rows = [
        ("ann", "2017-05-03 16:00", 4, "goods", "milk", "a"),
        ("ann", "2017-05-03 16:00", 6, "fuel", "gasoline", "a"),
        ("bob", "2017-05-04 16:00", 7, "gift_card", "card", "b"),
    ]
    table = lines(rows)
    orders = summarize_orders(table, time_zone="America/New_York")
    rhythm = customer_rhythm(orders, first_day=date(2017, 5, 1), last_day=date(2017, 5, 31))
    sums = totals(table, orders, rhythm)
    assert sums["orders"].tolist() == [2, 2, 2]
    assert sums["customers"].tolist() == [2, 2, 2]
    assert sums["revenue"].tolist() == [Decimal(10)] * 3
