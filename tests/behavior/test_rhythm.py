from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from customer_patterns import behavior
from customer_patterns.behavior import TABLES
from customer_patterns.estimates import kaplan_meier, survival_quantile
from customer_patterns.schemas import check

MAY = {"first_day": date(2017, 5, 1), "last_day": date(2017, 5, 31)}
LIMITS = {"weekly": 7, "every two weeks": 14, "monthly": 31}


def on(customer, *days, revenue=10, kind="goods"):
    """One order at noon in New York on each of these days of May."""
    return [(customer, f"2017-05-{day:02d} 16:00", revenue, kind) for day in days]


def many(customers, *days, revenue=10, name="c"):
    return [line for i in range(customers) for line in on(f"{name}{i:03d}", *days, revenue=revenue)]


def test_gaps_are_days_between_shopping_days_and_the_last_one_is_open(orders):
    gaps = behavior.shopping_gaps(orders(on("ann", 3, 3, 5, 12) + on("bob", 31)), **MAY)
    check(gaps, TABLES["shopping_gaps"])
    rows = [(r["customer_id"], r["ordered_on"].day, r["days"], r["observed"]) for r in gaps.to_pyarrow().to_pylist()]
    assert rows == [
        ("ann", 3, 2, True),
        ("ann", 5, 7, True),
        ("ann", 12, 19, False),
        ("bob", 31, 0, False),
    ]


def test_a_stop_for_fuel_is_no_shopping_day(orders):
    gaps = behavior.shopping_gaps(orders(on("ann", 3, 17) + on("ann", 10, kind="fuel")), **MAY)
    assert gaps.days.execute().tolist() == [14, 14]


def test_an_order_after_the_period_changes_nothing(orders):
    before = on("ann", 3, 5, 12)
    after = [("ann", "2017-06-01 16:00", 10), ("eve", "2017-06-02 16:00", 10)]
    for make in (behavior.shopping_gaps, behavior.customer_rhythm):
        with_later, without = (make(orders(rows), **MAY).execute() for rows in (before + after, before))
        pd.testing.assert_frame_equal(with_later, without)


def test_each_customer_is_summarized(orders):
    rhythm = behavior.customer_rhythm(
        orders(on("ann", 3, 3, 5, 12, revenue="2.50") + on("bob", 10, kind="fuel", revenue=30)), **MAY
    )
    check(rhythm, TABLES["customer_rhythm"])
    ann, bob = rhythm.to_pyarrow().to_pylist()
    assert (ann["orders"], ann["trips"], ann["shopping_days"], ann["active_weeks"]) == (4, 4, 3, 2)
    assert (ann["first_on"].day, ann["last_on"].day, ann["silent_days"]) == (3, 12, 19)
    assert float(ann["revenue"]) == 10
    assert (bob["trips"], bob["shopping_days"], bob["median_gap_days"], float(bob["revenue"])) == (0, 0, None, 30)


@pytest.mark.parametrize(
    ("days", "median"),
    [
        # whole gaps 2, 2, open 25 of three: 2/3 are left after the first, 1/3 after the second
        ((2, 4, 6), 2),
        # whole gap 20, open 9 days: the open one drops out first, then none is left after 20 days
        ((2, 22), 20),
        # whole gap 2, open 27 days: one half is left after 2 days
        ((2, 4), 2),
        # whole gaps 1, 1, 9, 9, open 10: 4/5, 3/5, 2/5 are left
        ((1, 2, 3, 12, 21), 9),
        ((31,), None),
    ],
)
def test_the_median_gap_takes_the_open_gap_into_account(orders, days, median):
    rhythm = behavior.customer_rhythm(orders(on("ann", *days)), **MAY)
    assert rhythm.to_pyarrow()["median_gap_days"].to_pylist() == [median]


def test_the_median_gap_is_the_one_of_kaplan_and_meier(orders):
    random = np.random.default_rng(1)
    rows, wanted = [], {}
    for i in range(60):
        days = np.sort(random.choice(np.arange(1, 32), random.integers(2, 12), replace=False))
        rows += on(f"c{i:02d}", *days)
        spells = np.append(np.diff(days), 31 - days[-1])
        seen = np.append(np.ones(len(days) - 1, dtype=bool), False)
        wanted[f"c{i:02d}"] = float(survival_quantile(kaplan_meier(spells, seen)).value)
    got = behavior.customer_rhythm(orders(rows), **MAY).execute().set_index("customer_id")["median_gap_days"]
    assert got.astype(float).to_dict() == wanted


def test_without_the_open_gap_those_who_became_rare_would_look_frequent(orders):
    rows = on("ann", 1, 3, 12)  # gaps of 2 and 9 days, then 19 days of silence
    rhythm = behavior.customer_rhythm(orders(rows), **MAY).execute()
    assert rhythm["median_gap_days"].tolist() == [9]
    assert np.median([2, 9]) < 7


def test_groups_say_how_many_there_are_and_what_they_bring(orders):
    # 30 customers every 4 days with 5 orders of $10; 10 with two orders ten days apart of $30; 10 once with $50
    rows = (
        many(30, 1, 5, 9, 13, 17, name="f") + many(10, 5, 15, revenue=30, name="t") + many(10, 9, revenue=50, name="o")
    )
    groups = behavior.rhythm_groups(behavior.customer_rhythm(orders(rows), **MAY), longest_gap_days=LIMITS)
    assert groups["n"].tolist() == [30, 10, 0, 0, 10]
    assert groups["share_of_customers"].tolist() == [0.6, 0.2, 0, 0, 0.2]
    assert groups["share_of_orders"].round(4).tolist() == [round(x / 180, 4) for x in (150, 20, 0, 0, 10)]
    assert groups["share_of_revenue"].round(4).tolist() == [round(x / 2600, 4) for x in (1500, 600, 0, 0, 500)]
    assert groups["share_of_revenue_high"].iloc[2] > 0


def test_a_small_group_is_blank_and_so_is_another_one(orders):
    rows = many(30, 1, 5, 9, name="f") + many(12, 5, 15, name="t") + many(4, 9, name="o")
    groups = behavior.rhythm_groups(behavior.customer_rhythm(orders(rows), **MAY), longest_gap_days=LIMITS)
    shown = groups.set_index("rhythm")["suppressed"].to_dict()
    assert shown == {
        "weekly": "no",
        "every two weeks": "to protect another",
        "monthly": "no",
        "less often": "no",
        "one day at most": "too few",
    }
    blank = groups[groups["suppressed"] != "no"]
    assert blank[["n", "share_of_customers", "share_of_revenue", "share_of_orders_high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "limits", [{"weekly": 14, "every two weeks": 7}, {"daily": 1}, {"weekly": 7, "less often": 90}]
)
def test_groups_are_named_from_frequent_to_rare(orders, limits):
    rhythm = behavior.customer_rhythm(orders(on("ann", 1, 2)), **MAY)
    with pytest.raises(ValueError, match="name groups among"):
        behavior.rhythm_groups(rhythm, longest_gap_days=limits)


def test_trips_per_active_week_leave_out_weeks_without_a_trip(orders):
    # Ann: 3 trips in 2 weeks; Bob: 2 trips in 1 week, one in another
    rows = on("ann", 2, 4, 16) + on("bob", 8, 9, 30)
    figures = behavior.rhythm_figures(behavior.customer_rhythm(orders(rows), **MAY)).set_index("figure")
    assert figures.at["trips_per_active_week", "value"] == 1.5
    assert figures.at["trips_per_customer", "value"] == 3


def test_figures_without_two_customers_are_missing(orders):
    figures = behavior.rhythm_figures(behavior.customer_rhythm(orders(on("ann", 2, 4)), **MAY))
    assert figures["value"].isna().all()
    assert figures["n"].tolist() == [1, 1, 1]


def test_the_next_shopping_day_waits_for_those_who_have_not_come_yet(orders):
    # 12 customers come back after 2 days and are then seen for 20; 12 come on day 26 and not again by day 31
    rows = many(12, 9, 11, name="a") + many(12, 26, name="b")
    curve = behavior.next_shopping_day(behavior.shopping_gaps(orders(rows), **MAY), horizon_days=28)
    # 36 gaps, 12 of them end after 2 days
    row = curve.set_index("days").loc[2]
    assert row["returned"] == pytest.approx(12 / 36)
    assert row["at_risk"] == 36
    assert row["n"] == 24


def test_too_few_customers_give_no_curve(orders):
    gaps = behavior.shopping_gaps(orders(many(9, 1, 4, 7)), **MAY)
    assert behavior.next_shopping_day(gaps, horizon_days=28).empty


def test_the_top_tenth_brings_its_share(orders):
    # 20 customers: two spend $100, eighteen spend $10: 380 in all
    rows = many(2, 3, revenue=100, name="a") + many(18, 3, revenue=10, name="b")
    deciles = behavior.revenue_deciles(behavior.customer_rhythm(orders(rows), **MAY))
    assert deciles["share_of_revenue"].iloc[0] == pytest.approx(200 / 380)
    assert deciles["share_of_revenue"].sum() == pytest.approx(1)


def test_neither_names_nor_the_order_of_rows_matter(orders):
    random = np.random.default_rng(2)
    rows = []
    for i in range(40):
        days = random.choice(np.arange(1, 32), random.integers(1, 9), replace=False)
        rows += on(f"c{i:02d}", *sorted(days), revenue=int(random.integers(1, 90)))
    names = {f"c{i:02d}": f"x{j:02d}" for i, j in enumerate(random.permutation(40))}
    moved = [(names[customer], *rest) for customer, *rest in (rows[i] for i in random.permutation(len(rows)))]
    results = []
    for version in (rows, moved):
        table = orders(version)
        rhythm, gaps = behavior.customer_rhythm(table, **MAY), behavior.shopping_gaps(table, **MAY)
        results.append(
            [
                behavior.rhythm_groups(rhythm, longest_gap_days=LIMITS),
                behavior.rhythm_figures(rhythm),
                behavior.revenue_deciles(rhythm),
                behavior.next_shopping_day(gaps, horizon_days=20),
                behavior.basket_figures(table),
                behavior.hour_profile(table),
                behavior.weekday_profile(table, **MAY),
                behavior.weekly_revenue(table, **MAY),
            ]
        )
    for one, other in zip(*results, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_a_day_is_a_day_across_the_change_of_clocks(orders):
    # 2 p.m. before and after the night of 12 March: 23 hours apart, one day apart
    rows = [("ann", "2017-03-11 19:00", 1), ("ann", "2017-03-12 18:00", 1)]
    gaps = behavior.shopping_gaps(orders(rows), first_day=date(2017, 3, 1), last_day=date(2017, 3, 12))
    assert gaps.days.execute().tolist() == [1, 0]
    assert date(2017, 3, 11) + timedelta(days=1) == date(2017, 3, 12)
