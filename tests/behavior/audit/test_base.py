"""The customer-base audit: by hand, and on bases of which the truth is known."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.behavior.audit import (
    Base,
    audit_change,
    audit_factors,
    audit_groups,
    customer_base,
    tables,
    two_periods,
)
from customer_patterns.schemas import check

YEAR = {"first_day": date(2017, 1, 1), "last_day": date(2017, 12, 31)}
SPRING, AUTUMN = "2017-03-01 15:00", "2017-10-02 15:00"


def base_of(orders, revenue, first=None):
    """A base of given orders and revenue (hundredths) in two periods."""
    first_on = np.full(len(orders), "2017-01-09", dtype="datetime64[D]") if first is None else first
    return Base(two_periods(**YEAR), np.array(orders, dtype=float), np.array(revenue, dtype=float), first_on)


def small_shop(orders):
    """Twelve who left, ten who came, eleven who spend more, thirteen who spend less; ten dollars and more an order."""
    rows = []
    for i in range(12):
        rows += [(f"left{i:02d}", SPRING, 10 + i % 2)]
    for i in range(10):
        rows += [(f"came{i:02d}", AUTUMN, 20 + i % 2)]
    for i in range(11):
        rows += [(f"more{i:02d}", SPRING, 10), (f"more{i:02d}", AUTUMN, 30 + i % 2, "goods", "milk", f"more{i}")]
    for i in range(13):
        rows += [(f"less{i:02d}", SPRING, 40), (f"less{i:02d}", AUTUMN, 10 + i % 2)]
    return orders([*rows, ("outside", "2017-01-01 15:00", 99), ("outside", "2018-01-05 15:00", 99)])


def test_two_periods_are_whole_years_or_halves_of_whole_weeks():
    assert two_periods(date(2015, 6, 1), date(2017, 12, 31)) == (date(2016, 1, 1), date(2017, 1, 1), date(2017, 12, 31))
    halves = two_periods(**YEAR)
    assert (halves.later - halves.earlier).days == 182
    assert (halves.last - halves.later).days == 181  # the last day is one of them
    assert two_periods(date(2017, 12, 30), date(2017, 12, 31)).later == date(2017, 12, 25)


def test_the_change_by_hand(orders):
    change = audit_change(customer_base(small_shop(orders), **YEAR)).set_index("became")
    assert change["n"].to_dict() == {
        tables.CAME: 10,
        tables.LEFT: 12,
        tables.MORE: 11,
        tables.LESS: 13,
        tables.EVERYONE: 46,
    }
    earlier = 12 * 10 + 6 + 11 * 10 + 13 * 40
    assert change["change"].to_dict() == {
        tables.CAME: 205,
        tables.LEFT: -126,
        tables.MORE: 11 * 20 + 5,
        tables.LESS: -13 * 30 + 6,
        tables.EVERYONE: 205 - 126 + 225 - 384,
    }
    assert change.at[tables.CAME, "change_share"] == pytest.approx(205 / earlier)


def test_the_factors_by_hand_multiply_to_revenue(orders):
    factors = audit_factors(customer_base(small_shop(orders), **YEAR)).set_index(["who", "factor"])
    everyone = factors.loc["all customers"]
    assert everyone.at[tables.ACTIVE, "earlier"] == 36
    assert everyone.at[tables.ACTIVE, "later"] == 34
    assert everyone.at[tables.VALUE_EACH, "earlier"] == pytest.approx(756 / 36)
    for who in ("all customers", "those who stayed"):
        ratios = factors.loc[who, "ratio"]
        product = ratios.get(tables.ACTIVE, 1) * ratios[tables.ORDERS_EACH] * ratios[tables.VALUE_EACH]
        assert product == pytest.approx(ratios[tables.REVENUE])
    assert ("those who stayed", tables.ACTIVE) not in factors.index  # as many in both, by definition


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_parts_add_up_to_the_change(seed):
    random = np.random.default_rng(seed)
    orders = random.poisson(0.8, (300, 2))
    orders = orders[orders.sum(axis=1) > 0]
    base = base_of(orders, orders * random.integers(100, 9000, orders.shape))
    change = audit_change(base)
    parts = change.iloc[:-1]
    assert parts["n"].sum() == change["n"].iloc[-1] == len(orders)
    assert parts["change"].sum() == pytest.approx(change["change"].iloc[-1])
    groups = audit_groups(base, burn_in_months=3, first_day=YEAR["first_day"])
    tenths = groups[groups["kind"] == tables.TENTHS]
    assert tenths["share_of_revenue"].sum() == pytest.approx(1)
    assert tenths["share_of_revenue"].is_monotonic_decreasing


def test_a_base_that_stands_still_has_no_change_and_the_twin_that_sorts_by_one_period_invents_one():
    random = np.random.default_rng(5)
    rate = random.gamma(1.2, 3, 3000)
    orders = random.poisson(rate[:, None], (3000, 2)) + 1
    base = base_of(orders, orders * 1000)
    everyone = audit_change(base).set_index("became").loc[tables.EVERYONE]
    assert everyone["change_share_low"] <= 0 <= everyone["change_share_high"]
    groups = audit_groups(base, burn_in_months=3, first_day=YEAR["first_day"])
    ratios = groups.loc[groups["kind"] == tables.TENTHS, "later_ratio"].to_numpy()
    assert np.abs(ratios[:9] - 1).max() < 0.1
    # The twin: tenths by the earlier period, whose largest then seem to buy less and less (regression to the mean).
    largest = np.argsort(-base.revenue[:, 0], kind="stable")[:300]
    assert base.revenue[largest, 1].sum() / base.revenue[largest, 0].sum() < 0.9


def test_cohorts_that_were_there_before_are_not_called_new():
    first = np.array(["2017-01-09"] * 30 + ["2017-08-01"] * 20, dtype="datetime64[D]")
    orders = np.array([[2, 1]] * 30 + [[0, 1]] * 10 + [[0, 3]] * 10)
    revenue = orders * np.arange(100, 150)[:, None]
    groups = audit_groups(base_of(orders, revenue, first), burn_in_months=3, first_day=YEAR["first_day"])
    cohorts = groups[groups["kind"] == tables.COHORTS].set_index("level")
    assert cohorts["n"].to_dict() == {"already customers": 30, "new or returning": 20}
    assert cohorts.at["new or returning", "orders_each"] == 2


def test_what_few_did_is_blank(orders):
    rows = [(f"a{i:02d}", when, 10 + i) for i in range(30) for when in (SPRING, AUTUMN)] + [("b", AUTUMN, 700)]
    change = audit_change(customer_base(orders(rows), **YEAR)).set_index("became")
    assert change.at[tables.CAME, "suppressed"] == "too few"
    assert change.loc[change["suppressed"] != "no", ["n", "change", "change_share"]].isna().all(axis=None)
    assert (change["suppressed"] != "no").sum() >= 2


def test_a_shop_of_one_says_nothing(orders):
    base = customer_base(orders([("a", SPRING, 10)]), **YEAR)
    assert [len(f) for f in (audit_change(base), audit_factors(base))] == [0, 0]
    assert audit_groups(base, burn_in_months=3, first_day=YEAR["first_day"]).empty


def test_the_tables_keep_their_promise(orders, table):
    base = customer_base(small_shop(orders), **YEAR)
    made = {
        tables.AUDIT_CHANGE: audit_change(base),
        tables.AUDIT_FACTORS: audit_factors(base),
        tables.AUDIT_GROUPS: audit_groups(base, burn_in_months=3, first_day=YEAR["first_day"]),
    }
    for schema, frame in made.items():
        kept = table(pa.Table.from_pandas(frame, preserve_index=False))
        money = {c.name: kept[c.name].cast("decimal(18, 2)") for c in schema.columns if c.kind == "money"}
        check(kept.mutate(**money), schema)


def test_what_is_the_same_for_all_has_no_interval_and_so_no_figure():
    first = np.full(50, np.datetime64("2017-01-09"))
    orders = np.ones((50, 2), dtype=int)
    groups = audit_groups(
        base_of(orders, orders * np.arange(100, 150)[:, None], first), burn_in_months=3, first_day=YEAR["first_day"]
    )
    assert groups[["orders_each", "orders_each_low", "orders_each_high"]].isna().all(axis=None)
    assert groups.loc[(groups["kind"] == tables.COHORTS) & (groups["n"] == 50), "order_value"].notna().all()
