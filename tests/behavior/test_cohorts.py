from datetime import date

import pytest

from customer_patterns import behavior
from customer_patterns.behavior import ALREADY, NEW
from customer_patterns.behavior.cohorts import month_after

YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}


def in_months(*months, size=20, name="c"):
    """So many customers with an order on the fifteenth of each of these months."""
    return [(f"{name}{i:02d}", f"2017-{month:02d}-15 17:00", 10) for i in range(size) for month in months]


def test_who_is_first_seen_early_is_never_called_new(orders):
    rows = in_months(1, name="a") + in_months(3, name="b") + in_months(4, name="c") + in_months(11, name="d")
    cohorts = behavior.cohort_sizes(orders(rows), **YEAR, burn_in_months=3)
    assert dict(zip(cohorts["cohort"], cohorts["status"], strict=True)) == {
        date(2017, 1, 1): ALREADY,
        date(2017, 3, 1): ALREADY,
        date(2017, 4, 1): NEW,
        date(2017, 11, 1): NEW,
    }
    assert cohorts["n"].tolist() == [20] * 4
    assert cohorts["share_of_customers"].tolist() == [0.25] * 4


def test_the_labels_follow_the_study_not_the_calendar(orders):
    rows = in_months(7, name="a") + in_months(9, name="b") + in_months(10, name="c")
    late = {"first_day": date(2017, 7, 1), "last_day": date(2017, 12, 31)}
    assert behavior.cohort_sizes(orders(rows), **late)["status"].tolist() == [ALREADY, ALREADY, NEW]


def test_a_first_month_that_began_before_the_study_is_one_month_more(orders):
    rows = in_months(7, name="a") + in_months(8, name="b") + in_months(9, name="c")
    middle = {"first_day": date(2017, 7, 10), "last_day": date(2017, 12, 31)}
    assert behavior.cohort_sizes(orders(rows), **middle, burn_in_months=1)["status"].tolist() == [ALREADY, ALREADY, NEW]


def test_without_a_burn_in_everybody_would_be_new_so_it_is_refused(orders):
    with pytest.raises(ValueError, match="1 or more"):
        behavior.cohort_sizes(orders(in_months(1)), **YEAR, burn_in_months=0)


def test_retention_counts_who_ordered_in_each_later_month(orders):
    rows = in_months(9, 10, 12, size=15, name="a") + in_months(9, 11, size=5, name="b")
    retention = behavior.cohort_retention(orders(rows), **YEAR).set_index("age_months")
    assert retention["active"].tolist() == [15, 5, 15]
    assert retention["retention"].tolist() == [0.75, 0.25, 0.75]
    assert retention["n"].tolist() == [20, 20, 20]


def test_a_month_not_seen_to_its_end_is_absent(orders):
    rows = in_months(9, 10, 11)
    for last_day, ages in ((date(2017, 11, 29), [1]), (date(2017, 11, 30), [1, 2])):
        retention = behavior.cohort_retention(orders(rows), first_day=date(2017, 1, 1), last_day=last_day)
        assert retention["age_months"].tolist() == ages


def test_small_cohorts_are_blank_with_their_retention(orders):
    rows = in_months(1, 2, size=40, name="a") + in_months(5, 6, size=4, name="b") + in_months(7, 8, size=25, name="c")
    cohorts = behavior.cohort_sizes(orders(rows), **YEAR).set_index("cohort")["suppressed"]
    assert cohorts.tolist() == ["no", "too few", "to protect another"]
    retention = behavior.cohort_retention(orders(rows), **YEAR)
    hidden = retention[retention["cohort"] != date(2017, 1, 1)]
    assert hidden[["n", "active", "retention"]].isna().all(axis=None)


def test_in_the_first_month_nothing_is_said_about_who_stays(orders):
    first = {"first_day": date(2017, 1, 1), "last_day": date(2017, 1, 31)}
    assert behavior.cohort_retention(orders(in_months(1)), **first).empty


def test_months_run_on_over_the_year():
    assert month_after(date(2017, 11, 30), 3) == date(2018, 2, 1)
