"""Public holidays: which there are, and how the day compares with usual ones."""

from datetime import date, timedelta

import pytest

from customer_patterns.behavior.calendar import holiday_orders, notable, public_holidays

SPRING = {"first_day": date(2017, 3, 1), "last_day": date(2017, 6, 30)}


def test_holidays_of_a_country_in_a_period():
    days = public_holidays("US", **SPRING)
    assert days == {date(2017, 5, 29): "Memorial Day"}
    assert date(2017, 1, 2) not in public_holidays("US", first_day=date(2017, 1, 1), last_day=date(2017, 1, 31))
    assert date(2017, 10, 1) in public_holidays("CN", first_day=date(2017, 9, 1), last_day=date(2017, 12, 31))
    assert public_holidays(None, **SPRING) == {}
    assert public_holidays("ZZ", **SPRING) == {}


def book(orders, on_the_day):
    """Twelve customers with an order of ten dollars or more each day; on Memorial Day another amount."""
    rows = []
    for i in range(12):
        for offset in range(122):
            day = date(2017, 3, 1) + timedelta(days=offset)
            amount = on_the_day if day == date(2017, 5, 29) else 10
            rows.append((f"c{i:02d}", f"{day} 15:00", amount + i % 2))
    return orders(rows)


def test_a_day_is_compared_with_the_same_weekday_of_other_weeks(orders):
    table = holiday_orders(book(orders, 25), public_holidays("US", **SPRING), **SPRING)
    assert table["holiday"].tolist() == ["Memorial Day"]
    assert table["day_index"].tolist() == pytest.approx([25.5 / 10.5])
    assert table["before_index"].tolist() == pytest.approx([1])  # the day itself is not among the days before
    assert table["compared_days"].tolist() == [4]


def test_a_holiday_at_the_edge_of_the_study_has_no_figure(orders):
    edge = {date(2017, 3, 2): "Second Day", date(2017, 6, 29): "Last but One"}
    table = holiday_orders(book(orders, 10), edge, **SPRING)
    assert table["compared_days"].tolist() == [2, 2]
    assert table["day_index"].tolist() == pytest.approx([1, 1])
    short = {"first_day": date(2017, 5, 20), "last_day": date(2017, 6, 1)}
    cut = holiday_orders(book(orders, 10), {date(2017, 5, 29): "Memorial Day"}, **short)
    assert cut["compared_days"].tolist() == [0]
    assert cut["day_index"].isna().all()


def test_without_holidays_nothing_is_said_and_orders_after_the_study_change_nothing(orders):
    assert holiday_orders(book(orders, 10), {}, **SPRING).empty
    shorter = {"first_day": date(2017, 3, 1), "last_day": date(2017, 6, 25)}
    days = public_holidays("US", **shorter)
    whole = book(orders, 25)
    cut = whole.filter(whole.ordered_on <= date(2017, 6, 25))
    assert holiday_orders(whole, days, **shorter).equals(holiday_orders(cut, days, **shorter))


def test_a_holiday_is_named_only_where_its_interval_says_so(orders):
    import pandas as pd

    table = pd.DataFrame(
        {"holiday": ["a", "b", "c"], "day_index": [3.0, 0.5, 1.6], "day_index_low": [0.8, 0.4, 1.5]}
        | {"day_index_high": [9.0, 0.6, 1.7]}
    )
    assert notable(table)["holiday"] == "b"  # 0.6 is farther from 1 than 1.5; "a" is all chance
    assert notable(table[:1]) is None
