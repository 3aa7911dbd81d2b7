"""Wherever sums of money are shown by group, one customer who has nearly all of one is not told by it."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest

from customer_patterns.behavior.audit.base import audit_change, customer_base
from customer_patterns.behavior.calendar import holiday_orders
from customer_patterns.behavior.channels import channel_profile
from customer_patterns.behavior.groups import described_and_others, spend_by_group
from customer_patterns.behavior.popular import bought_by_product, popular, popular_products
from customer_patterns.behavior.weeks import annual_index, weekly_revenue
from customer_patterns.features.cells import order_profile
from customer_patterns.privacy.differencing import contributions, contributions_of
from customer_patterns.segments.market.ranking import rank_targets
from customer_patterns.segments.values import group_values

FIRST, LAST = date(2017, 1, 2), date(2017, 3, 26)
PERIOD = {"first_day": FIRST, "last_day": LAST}
CUSTOMERS, GROUPS = 120, ("a", "b", "c", "d")
#: One order of one customer, of group "b", in the fourth week, at an hour at which few buy: there it is nearly all.
LARGE = 4_000.0


def shop(large: float = LARGE) -> pd.DataFrame:
    """One order of ten a week of each customer; the third one buys for far more once."""
    rows = [
        {
            "order_id": f"{n:03}-{week:02}",
            "customer_id": f"{n:03}",
            "ordered_on": FIRST + timedelta(days=7 * week),
            "week_starts_on": FIRST + timedelta(days=7 * week),
            "hour": 9 + (n + week) % 4,
            "revenue": 10.0 + n / 100,
        }
        for n in range(CUSTOMERS)
        for week in range(12)
    ]
    table = pd.DataFrame(rows)
    table.loc[(table["customer_id"] == "001") & (table["order_id"] == "001-03"), ["revenue", "hour"]] = [large, 20]
    others = pd.DataFrame([{**rows[n * 12], "order_id": f"late{n}", "hour": 20, "revenue": 5.0} for n in range(30, 45)])
    return pd.concat([table, others], ignore_index=True)


def orders(large: float = LARGE):
    return ibis.memtable(shop(large))


def people(large: float = LARGE) -> pd.DataFrame:
    sums = (
        shop(large).groupby("customer_id", as_index=False).agg(revenue=("revenue", "sum"), orders=("order_id", "count"))
    )
    return sums.assign(group=[GROUPS[int(one) % 4] for one in sums["customer_id"]], recency_days=3.0)


def customers():
    return ibis.memtable(people()[["customer_id"]].assign(age_group=people()["group"], has_demographics=True))


def of_goods(large: float = LARGE):
    lines = shop(large).assign(product_id=lambda t: np.where(t["hour"] == 20, "late", "other"), line_kind="goods")
    table = ibis.memtable(lines)
    return table.mutate(revenue=table.revenue.cast("decimal(18, 2)"))


def shown(table: pd.DataFrame, column: str, value) -> bool:
    return table.set_index(column).loc[value, "suppressed"] == "no"


def by_week(large):
    return shown(weekly_revenue(orders(large), **PERIOD), "week_starts_on", FIRST + timedelta(days=21))


def by_hour(large):
    table = order_profile(orders(large), by="hour", levels=[9, 10, 11, 12, 20])
    return shown(table.assign(hour=[9, 10, 11, 12, 20]), "hour", 20)


def by_channel(large):
    known = ibis.memtable(
        shop()[["order_id", "hour"]].assign(channel=lambda t: np.where(t["hour"] == 20, "app", "till"))
    )
    return shown(channel_profile(orders(large), known.select("order_id", "channel"), **PERIOD), "channel", "app")


def by_description(large):
    found = spend_by_group(orders(large), customers(), **PERIOD, attributes=["age_group"], min_group=10)
    return shown(found, "level", "b")


def by_segment(large):
    return shown(group_values(people(large), by="group", levels=GROUPS, **PERIOD), "group", "b")


def by_product(large):
    table = popular(of_goods(large).mutate(cents=ibis._.revenue.cast("float64") * 100, lines=1), by="product_id")
    return shown(table, "product_id", "late")


def by_popular_product(large):
    names = ("category", "product_type", "brand", "package_size")
    products = ibis.memtable(pd.DataFrame([{"product_id": p, **dict.fromkeys(names, "x")} for p in ("late", "other")]))
    found = popular_products(bought_by_product(of_goods(large)), products)
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    return "late" in found["product_id"].tolist()


def by_market(large):
    of = people(large).assign(recent=1.0, before=1.0, reached=1.0)
    weights = {"size": 1, "value": 1, "growth": 1, "reach": 1}
    found = rank_targets(of, GROUPS, weights=weights, reached_by="not known", **PERIOD, draws=20)
    return "b" in found.markets["group"].tolist()


def two_years(large: float = LARGE):
    """A tenth of the customers buy on each day of two years; one large order in March, on a holiday."""
    first = date(2016, 1, 1)
    days = [first + timedelta(days=at) for at in range(731)]
    rows = [(f"{(at + n * 12) % CUSTOMERS:03}", day, 10.0) for at, day in enumerate(days) for n in range(12)]
    rows.append(("001", HOLIDAY, large))
    table = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "revenue"])
    return ibis.memtable(table.assign(order_id=[f"o{n}" for n in range(len(table))]))


HOLIDAY = date(2017, 3, 17)
TWO_YEARS = {"first_day": date(2016, 1, 1), "last_day": date(2017, 12, 31)}


def by_month_of_the_year(large):
    return shown(annual_index(two_years(large), **TWO_YEARS), "month", 3)


def by_holiday(large):
    found = holiday_orders(two_years(large), {HOLIDAY: "St. Patrick"}, **TWO_YEARS)
    return bool(found["day_index"].notna().all())


WAYS = [
    by_month_of_the_year,
    by_holiday,
    by_week,
    by_hour,
    by_channel,
    by_description,
    by_segment,
    by_product,
    by_popular_product,
    by_market,
]


@pytest.mark.parametrize("way", WAYS)
def test_a_sum_that_is_one_customers_is_not_shown_and_an_ordinary_one_is(way):
    of_much = dict.fromkeys((by_week, by_description, by_segment, by_market), 60_000.0) | {by_month_of_the_year: 2e5}
    large = of_much.get(way, LARGE)
    assert way(10.0), "nobody stands out"
    assert not way(large)


def test_a_change_that_is_one_customers_is_not_shown():
    late = shop(10.0)
    late.loc[late["order_id"] == "001-11", "revenue"] = 50_000.0
    found = audit_change(customer_base(ibis.memtable(late), **PERIOD)).set_index("became")
    assert found["suppressed"].ne("no").sum() >= 2


def test_those_described_and_the_others_are_shown_together_or_not_at_all():
    known = people()[["customer_id"]].assign(has_demographics=[int(n) % 4 == 1 for n in people()["customer_id"]])
    for large, why in ((10.0, {"no"}), (60_000.0, {"too few", "to protect another"})):
        found = described_and_others(orders(large), ibis.memtable(known), **PERIOD, silent_days=28)
        assert set(found.loc[found["customers_with"] != "everyone", "suppressed"]) == why


def test_the_large_order_is_what_gives_itself_away():
    """What the cases rest on: of group and week that customer has nearly all, of everything they have not."""
    table = people(60_000.0)
    assert contributions_of(table["revenue"], table["group"], GROUPS).dominated().tolist() == [
        False,
        True,
        False,
        False,
    ]
    assert not contributions(table[["revenue"]].to_numpy()).dominated().any()
