"""From orders to worth: who is watched from when, what changes are made of, what contracts bring."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.value import (
    Span,
    came_after,
    contract_spells,
    contract_worth,
    histories_of,
    mean_values,
    stand_at,
    watch_customers,
    worth_of_customers,
)
from customer_patterns.outlook.value.changes import logarithmic_mean
from customer_patterns.outlook.value.tables import COMPONENTS, HELD, MISSED, ONE_TIME

FIRST, LAST = date(2017, 1, 1), date(2017, 12, 31)


def orders_of(rows: list[tuple], kind: str = "goods"):
    table = pd.DataFrame(rows, columns=["customer_id", "ordered_on", "revenue"])
    table = table.assign(ordered_on=pd.to_datetime(table["ordered_on"]), kind=kind)
    opened = ibis.memtable(table)
    return opened.mutate(ordered_on=opened.ordered_on.date(), revenue=opened.revenue.cast("decimal(18, 2)"))


def draw_orders(customers: int = 150, seed: int = 3, *, leaving: float = 0.02, value: float = 20.0):
    """Orders of customers who were there before, weekly on average, some of whom leave."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(customers):
        gap = 1 / random.gamma(2.0, 0.08)
        spend, day = random.gamma(4.0, value / 4), random.exponential(gap)
        while day < 365 + 182:
            on = FIRST + timedelta(days=int(day))
            rows.append((f"{number:04d}", on, round(float(random.gamma(4.0, spend / 4)) + 0.01, 2)))
            day += random.exponential(gap)
            if random.uniform() < leaving:
                break
    return orders_of(rows)


def test_days_with_goods_are_what_counts() -> None:
    """Seen on 5 and 15 January (twice on the 15th) with a return of $4: there before, watched from 31 December."""
    table = orders_of([("a", "2017-01-05", 10.0), ("a", "2017-01-15", 10.0), ("a", "2017-01-15", -4.0)])
    (row,) = watch_customers(table, first_day=FIRST, as_of=LAST).to_dict("records")
    assert (row["known_before"], row["shopping_days"], row["repeat_orders"]) == (True, 2, 2)
    assert (row["last"], row["tenure"], row["revenue_cents"]) == (15, 365, 1600)
    assert row["log_gaps"] == pytest.approx(np.log(5) + np.log(10))


def test_who_comes_later_is_watched_from_the_first_order() -> None:
    table = orders_of([("b", "2017-06-01", 10.0), ("b", "2017-06-11", 30.0), ("c", "2017-12-31", 5.0)])
    b, c = watch_customers(table, first_day=FIRST, as_of=LAST).to_dict("records")
    assert (b["known_before"], b["repeat_orders"], b["last"], b["tenure"]) == (False, 1, 10, 213)
    assert (c["repeat_orders"], c["last"], c["tenure"], c["log_gaps"]) == (0, 0, 0, 0.0)


def test_whole_histories_need_no_burn_in() -> None:
    table = orders_of([("a", "2017-01-05", 10.0)])
    (row,) = watch_customers(table, first_day=FIRST, as_of=LAST, burn_in_months=0).to_dict("records")
    assert (row["known_before"], row["repeat_orders"], row["tenure"]) == (False, 0, 360)
    with pytest.raises(ValueError, match="0 or more"):
        watch_customers(table, first_day=FIRST, as_of=LAST, burn_in_months=-1)


def test_an_order_after_the_day_changes_nothing_and_the_leaking_twin_is_caught() -> None:
    table = draw_orders()
    cut = date(2017, 9, 30)
    known = table.filter(table.ordered_on <= ibis.literal(cut))
    watched = [watch_customers(t, first_day=FIRST, as_of=cut) for t in (table, known)]
    pd.testing.assert_frame_equal(*watched)
    leaking = watch_customers(table, first_day=FIRST, as_of=LAST)
    assert leaking["last"].max() > watched[0]["last"].max()


def test_fuel_alone_is_no_order_but_its_revenue_counts() -> None:
    goods, fuel = orders_of([("a", "2017-01-05", 10.0)]), orders_of([("a", "2017-03-01", 30.0)], kind="fuel")
    alone = orders_of([("z", "2017-03-01", 30.0)], kind="fuel")
    (row,) = watch_customers(goods.union(fuel).union(alone), first_day=FIRST, as_of=LAST).to_dict("records")
    assert (row["customer_id"], row["shopping_days"], row["last"], row["revenue_cents"]) == ("a", 1, 5, 4000)


@pytest.fixture(scope="module")
def worth():
    table = draw_orders(260)
    tiers = pd.DataFrame({"customer_id": [f"{n:04d}" for n in range(260)], "tier": ["high", "low"] * 130})
    return table, worth_of_customers(table, tiers, first_day=FIRST, last_day=LAST, levels=("high", "low"), seed=7)


def test_each_customer_has_one_row_and_all_add_up(worth) -> None:
    table, found = worth
    values, total = found["customer_values"], found["worth_total"].iloc[0]
    assert values["customer_id"].is_unique
    assert values["customer_id"].is_monotonic_increasing
    known = table.filter(table.ordered_on <= ibis.literal(LAST))
    assert set(values["customer_id"]) == set(known.customer_id.execute())
    assert values["expected_value"].sum() == pytest.approx(total["value"])
    assert total["value_low"] < total["value"] < total["value_high"]
    assert (values["orders_from"] <= values["orders_to"]).all()
    shown = found["worth_groups"].dropna(subset=["value"])
    assert ONE_TIME in set(found["worth_groups"]["group"])
    assert shown["value"].sum() <= total["value"] * 1.000001


def test_half_the_margin_is_half_the_worth(worth) -> None:
    table, found = worth
    nobody = pd.DataFrame({"customer_id": [], "tier": []}, dtype="str")
    given = {"first_day": FIRST, "last_day": LAST, "levels": (), "seed": 7}
    half = worth_of_customers(table, nobody, **given, margin=0.5)
    for name in ("value", "value_low", "value_high", "continued_value"):
        assert half["worth_total"][name].iloc[0] == pytest.approx(found["worth_total"][name].iloc[0] / 2, rel=1e-6)


def test_what_comes_in_the_next_half_year_lies_among_the_futures(worth) -> None:
    table, found = worth
    row = found["worth_total"].iloc[0]
    after = table.filter(table.ordered_on > ibis.literal(LAST), table.ordered_on <= ibis.literal(date(2018, 7, 1)))
    assert row["value_low"] < float(after.revenue.sum().execute()) < row["value_high"]
    assert row["value"] < row["continued_value"]  # some leave, and nobody joins


def test_orders_after_the_last_day_change_no_table(worth) -> None:
    table, found = worth
    tiers = pd.DataFrame({"customer_id": [f"{n:04d}" for n in range(260)], "tier": ["high", "low"] * 130})
    known = table.filter(table.ordered_on <= ibis.literal(LAST))
    again = worth_of_customers(known, tiers, first_day=FIRST, last_day=LAST, levels=("high", "low"), seed=7)
    for name, before in found.tables.items():
        pd.testing.assert_frame_equal(before, again[name])


def test_held_back_weeks_come_as_expected_where_nothing_moves_all(worth) -> None:
    table, found = worth
    tested = found["worth_backtest"]
    assert list(tested["tenth"]) == list(range(11))
    assert tested.loc[0, "verdict"] == HELD
    assert (tested.loc[1:, "verdict"] == HELD).sum() >= 7
    cut = stand_at(table, first_day=FIRST, as_of=date(2017, 10, 1))
    orders, money = came_after(table, cut, until=LAST)
    assert tested.loc[0, "came_value"] == pytest.approx(money.sum())
    assert tested.loc[0, "came_orders"] == orders.sum()


def test_a_shock_to_all_customers_is_seen_as_outside() -> None:
    table = draw_orders(200)
    late = table.ordered_on > ibis.literal(date(2017, 10, 1))
    dearer = table.mutate(revenue=(table.revenue * ibis.ifelse(late, 2, 1)).cast("decimal(18, 2)"))
    nobody = pd.DataFrame({"customer_id": [], "tier": []}, dtype="str")
    found = worth_of_customers(dearer, nobody, first_day=FIRST, last_day=LAST, levels=())
    assert found["worth_backtest"].loc[0, "verdict"] == MISSED


def test_components_add_up_to_the_change(worth) -> None:
    changes, dates = worth[1]["worth_changes"], worth[1]["worth_dates"]
    assert len(dates) == 3
    for number, (_, step) in enumerate(changes.groupby("from_day")):
        change = step.set_index("component")["change"]
        assert change[list(COMPONENTS[:-1])].sum() == pytest.approx(change[COMPONENTS[-1]])
        assert change[COMPONENTS[-1]] == pytest.approx(dates["value"].diff().iloc[number + 1])


def test_the_model_that_holds_all_alive_is_never_chosen(worth) -> None:
    models = worth[1]["lifetime_models"].set_index("model")
    assert models["chosen"].sum() == 1
    assert not models.at["BG/NBD model", "chosen"]
    assert models["holdout_ratio"].between(0.8, 1.2).all()


def test_the_same_orders_have_the_same_worth_in_any_order(worth) -> None:
    table = worth[0]
    shuffled = ibis.memtable(table.execute().sample(frac=1, random_state=1))
    shuffled = shuffled.mutate(
        revenue=shuffled.revenue.cast("decimal(18, 2)"), ordered_on=shuffled.ordered_on.cast("date")
    )
    watched = [histories_of(watch_customers(t, first_day=FIRST, as_of=LAST)) for t in (table, shuffled)]
    assert (watched[0].last == watched[1].last).all()
    assert (watched[0].log_gaps == watched[1].log_gaps).all()


@pytest.mark.parametrize(
    ("last", "needs"), [(date(2017, 1, 10), "needs 28 days of orders, has 10"), (date(2017, 4, 30), "needs 182 days")]
)
def test_too_early_a_day_says_what_is_needed(last: date, needs: str) -> None:
    nobody = pd.DataFrame({"customer_id": [], "tier": []}, dtype="str")
    found = worth_of_customers(draw_orders(), nobody, first_day=FIRST, last_day=last, levels=())
    assert needs in found.missing
    assert len(found["worth_backtest"]) == 0


def test_one_order_each_says_what_is_needed() -> None:
    rows = [(f"{n:03d}", FIRST + timedelta(days=100 + n), 10.0 + n) for n in range(100)]
    with pytest.raises(NotEnoughData, match="10 of them with a repeat order, has 100 and 0"):
        stand_at(orders_of(rows), first_day=FIRST, as_of=LAST)


def test_customers_whose_returns_ate_up_their_revenue_are_counted() -> None:
    table = draw_orders()
    back = orders_of([(f"{n:04d}", date(2017, 11, 5), -100_000.0) for n in range(4)])
    nobody = pd.DataFrame({"customer_id": [], "tier": []}, dtype="str")
    found = worth_of_customers(table.union(back), nobody, first_day=FIRST, last_day=LAST, levels=())
    assert found["worth_total"]["without_value"].iloc[0] == 4
    values = found["customer_values"].set_index("customer_id")["value_per_order"]
    assert (values.loc[["0000", "0001", "0002", "0003"]] >= 0).all()
    assert (mean_values(watch_customers(back, first_day=FIRST, as_of=LAST)) < 0).all()


@settings(max_examples=50, deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(1e-6, 1e6))
def test_the_logarithmic_mean_lies_between(a: float, b: float) -> None:
    mean = float(logarithmic_mean(np.array([a]), np.array([b]))[0])
    assert min(a, b) * (1 - 1e-9) <= mean <= max(a, b) * (1 + 1e-9)


def contracts_of(rows: list[tuple]):
    columns = ["contract_id", "customer_id", "plan", "starts_on", "ends_on", "cancelled_on", "monthly_fee"]
    table = pd.DataFrame(rows, columns=columns)
    for name in ("starts_on", "ends_on", "cancelled_on"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
    opened = ibis.memtable(table)
    return opened.mutate(**{name: opened[name].cast("date") for name in ("starts_on", "ends_on", "cancelled_on")})


def test_a_contract_without_end_is_censored_and_so_is_one_that_ran_out() -> None:
    spells = contract_spells(
        contracts_of(
            [
                ("1", "a", "x", "2017-01-01", None, None, 5.0),  # open: still running
                ("2", "b", "x", "2017-01-01", "2017-06-30", None, 5.0),  # ran out as planned
                ("3", "c", "x", "2017-01-01", "2018-06-30", "2017-03-02", 5.0),  # cancelled
                ("4", "d", "x", "2017-12-01", None, "2018-02-01", 5.0),  # cancelled later than we know
                ("5", "e", "x", "2018-01-05", None, None, 5.0),  # not yet begun
            ]
        ),
        as_of=LAST,
    )
    assert list(spells["contract_id"]) == ["1", "2", "3", "4"]
    assert list(spells["days"]) == [364, 180, 60, 30]
    assert list(spells["cancelled"]) == [False, False, True, False]
    assert list(spells["running"]) == [True, False, False, True]


def test_the_planted_risk_of_cancellation_is_found() -> None:
    """A constant risk of 5 % per 30 days: after 26 weeks 0.95^(182/30) = 73 % still run, of any age."""
    random = np.random.default_rng(8)
    starts = [FIRST + timedelta(days=int(day)) for day in random.integers(0, 300, 2000)]
    ends = [start + timedelta(days=int(random.exponential(30 / -np.log(0.95))) + 1) for start in starts]
    rows = [
        (str(n), str(n), "x", s, None, e if e <= LAST else None, 10.0)
        for n, (s, e) in enumerate(zip(starts, ends, strict=True))
    ]
    spells = contract_spells(contracts_of(rows), as_of=LAST)
    row = contract_worth(spells, horizon=Span(26, "weeks"), seed=1).iloc[0]
    assert row["kept"] == pytest.approx(0.95 ** (182 / 30), abs=0.04)
    assert row["kept_low"] < 0.95 ** (182 / 30) < row["kept_high"]
    # the twin that takes what is still running for ended after so many days
    naive = (spells["days"] > 182).mean()
    assert naive < row["kept_low"]
    paid = spells["running"].sum() * 10 * 12 / 365.2425 * sum(0.95 ** (day / 30) for day in range(1, 183))
    assert row["value"] == pytest.approx(paid, rel=0.05)


def test_few_contracts_say_nothing_of_how_long_they_last() -> None:
    few = contract_spells(contracts_of([(str(n), str(n), "x", FIRST, None, None, 5.0) for n in range(9)]), as_of=LAST)
    assert contract_worth(few, horizon=Span(26, "weeks"), seed=1)["kept"].isna().all()
    assert len(contract_worth(few[:0], horizon=Span(26, "weeks"), seed=1)) == 0
