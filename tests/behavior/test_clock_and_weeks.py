from datetime import date, timedelta

import numpy as np
import pytest

from customer_patterns import behavior
from customer_patterns.behavior import TABLES, tables
from customer_patterns.schemas import check


def at(customer, when, revenue=10, kind="goods"):
    return (customer, when, revenue, kind)


def crowd(when, revenue=10, size=12, name="c"):
    """One order of each of so many customers."""
    return [at(f"{name}{i:02d}", when, revenue) for i in range(size)]


def test_hours_are_local_and_shares_add_up_to_one(orders):
    rows = crowd("2017-05-03 21:30") * 2 + crowd("2017-05-03 16:10", revenue=30)
    hours = behavior.hour_profile(orders(rows)).set_index("hour")
    assert hours.at[17, "share_of_orders"] == pytest.approx(2 / 3)
    assert hours.at[12, "share_of_revenue"] == pytest.approx(360 / 600)
    assert hours["share_of_orders"].sum() == pytest.approx(1)
    assert hours.index.tolist() == list(range(24))


def test_an_hour_of_few_customers_is_blank_and_so_is_the_next_smallest(orders):
    rows = crowd("2017-05-03 21:30", size=40) + crowd("2017-05-03 16:10", size=15) + crowd("2017-05-03 14:10", size=9)
    hours = behavior.hour_profile(orders(rows)).set_index("hour")
    assert hours.loc[[10, 12, 17], "suppressed"].tolist() == ["too few", "to protect another", "no"]
    assert hours.loc[[10, 12], ["orders", "n", "share_of_orders", "share_of_revenue"]].isna().all(axis=None)


def test_an_hour_in_which_nobody_came_has_a_share_of_zero_and_an_upper_bound(orders):
    hours = behavior.hour_profile(orders(crowd("2017-05-03 21:30", size=40))).set_index("hour")
    assert (hours.at[3, "share_of_orders"], hours.at[3, "share_of_orders_low"]) == (0, 0)
    # Wilson for 0 of 40: z² / (40 + z²) = 3.84 / 43.84
    assert hours.at[3, "share_of_orders_high"] == pytest.approx(0.0876, abs=1e-4)


def test_weekdays_are_compared_per_day(orders):
    # Monday 1 to Tuesday 9 May 2017: two Mondays, two Tuesdays, one of each other day. 12 orders on each.
    rows = [line for day in range(1, 10) for line in crowd(f"2017-05-0{day} 16:00")]
    profile = behavior.weekday_profile(orders(rows), first_day=date(2017, 5, 1), last_day=date(2017, 5, 9))
    assert profile["days"].tolist() == [2, 2, 1, 1, 1, 1, 1]
    assert profile["share_of_orders"].round(6).tolist() == [round(d / 9, 6) for d in (2, 2, 1, 1, 1, 1, 1)]
    assert profile["orders_index"].round(9).tolist() == [1] * 7


def test_a_weekday_the_period_does_not_hold_has_no_index(orders):
    rows = crowd("2017-05-01 16:00") + crowd("2017-05-02 16:00")
    profile = behavior.weekday_profile(orders(rows), first_day=date(2017, 5, 1), last_day=date(2017, 5, 2))
    assert profile["orders_index"].notna().tolist() == [True, True] + [False] * 5


def test_the_evening_of_sunday_belongs_to_sunday(orders):
    # 8 May 2017 was a Monday; 1 a.m. UTC is 9 p.m. on Sunday in New York
    book = orders(crowd("2017-05-08 01:00"))
    hours = behavior.hour_profile(book).set_index("hour")
    days = behavior.weekday_profile(book, first_day=date(2017, 5, 1), last_day=date(2017, 5, 31)).set_index("weekday")
    assert hours.at[21, "orders"] == days.at[7, "orders"] == 12
    assert hours["orders"].sum() == days["orders"].sum() == 12


def test_weeks_hold_all_customers_and_partial_weeks_are_marked(orders):
    # Sunday 1 January to Wednesday 11 January 2017
    period = {"first_day": date(2017, 1, 1), "last_day": date(2017, 1, 11)}
    rows = crowd("2017-01-01 17:00", size=10) + crowd("2017-01-04 17:00", revenue=20, size=20)
    rows += crowd("2017-01-10 17:00", revenue=40, size=10, name="d")
    weeks = behavior.weekly_revenue(orders(rows), **period)
    assert weeks["week_starts_on"].tolist() == [date(2016, 12, 26), date(2017, 1, 2), date(2017, 1, 9)]
    assert weeks["days"].tolist() == [1, 7, 3]
    assert weeks["complete"].tolist() == [False, True, False]
    assert weeks["customers"].tolist() == [30, 30, 30]
    assert weeks["seen"].tolist() == [10, 20, 30]
    assert weeks["revenue"].tolist() == [100, 400, 400]
    assert weeks["revenue_per_customer"].round(6).tolist() == [3.333333, 13.333333, 13.333333]
    assert behavior.whole_weeks(weeks)["week_starts_on"].tolist() == [date(2017, 1, 2)]


def test_a_week_without_orders_is_there(orders):
    period = {"first_day": date(2017, 1, 2), "last_day": date(2017, 1, 22)}
    weeks = behavior.weekly_revenue(orders(crowd("2017-01-03 17:00") + crowd("2017-01-17 17:00")), **period)
    assert weeks["orders"].tolist() == [12, 0, 12]


def test_orders_outside_the_period_change_nothing(orders):
    period = {"first_day": date(2017, 1, 2), "last_day": date(2017, 1, 15)}
    rows = crowd("2017-01-03 17:00") + crowd("2017-01-10 17:00", revenue=30)
    others = crowd("2017-01-16 17:00", revenue=500, name="x") + crowd("2017-01-01 17:00", name="y")
    for make in (behavior.weekly_revenue, behavior.weekday_profile, behavior.annual_index, behavior.cohort_sizes):
        inside, with_others = make(orders(rows), **period), make(orders(rows + others), **period)
        assert inside.equals(with_others), make.__name__


def test_one_year_says_nothing_about_the_months_of_the_year(orders):
    rows = crowd("2017-01-03 17:00") + crowd("2017-12-20 17:00", revenue=90)
    index = behavior.annual_index(orders(rows), first_day=date(2017, 1, 1), last_day=date(2017, 12, 31))
    assert set(index["verdict"]) == {"needs more years"}
    assert index["years"].tolist() == [1] * 12
    assert index[["index", "index_low", "index_high"]].isna().all(axis=None)


def test_a_day_less_than_two_years_is_one_year(orders):
    rows = crowd("2017-01-03 17:00") + crowd("2017-12-20 17:00", revenue=90)
    index = behavior.annual_index(orders(rows), first_day=date(2016, 1, 2), last_day=date(2017, 12, 31))
    assert index["years"].iloc[0] == 1


def test_two_years_give_an_index_of_revenue_per_day(orders):
    random = np.random.default_rng(5)
    start, rows = date(2016, 1, 1), []
    for day in (start + timedelta(days=i) for i in range(731)):
        for i in range(12):
            spend = int(random.integers(8, 13)) * (3 if day.month == 12 else 1)
            rows.append(at(f"c{i:02d}", f"{day} 17:00", spend))
    index = behavior.annual_index(orders(rows), first_day=start, last_day=date(2017, 12, 31)).set_index("month")
    # 731 days, 62 of them in December at three times the level: the mean level is (669 + 186) / 731
    assert index.at[12, "index"] == pytest.approx(3 * 731 / 855, rel=0.02)
    assert index.at[2, "index"] == pytest.approx(731 / 855, rel=0.02)
    assert set(index["verdict"]) == {"shown"}
    assert (index["index_low"] < index["index_high"]).all()


def test_tables_keep_their_schemas(orders, table):
    import pyarrow as pa

    period = {"first_day": date(2017, 5, 1), "last_day": date(2017, 5, 31)}
    rows = [line for day in range(10, 30) for line in crowd(f"2017-05-{day} {day}:00"[:16].replace(" 2", " 1"))]
    book = orders(rows)
    for name, made in {
        "hours": behavior.hour_profile(book),
        "weekdays": behavior.weekday_profile(book, **period),
        "weeks": behavior.weekly_revenue(book, **period),
        "annual_index": behavior.annual_index(book, **period),
        "cohorts": behavior.cohort_sizes(book, **period),
        "basket_figures": behavior.basket_figures(book),
        "basket_values": behavior.basket_histogram(book, width=5, last=50),
    }.items():
        arrow = pa.Table.from_pandas(made, preserve_index=False)
        check(TABLES[name].cast(table(arrow)), TABLES[name])
        assert set(tables.TABLES[name].names) == set(made.columns), name
