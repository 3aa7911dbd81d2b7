"""A shop's forecast as a whole: coherent, the same on every run, and silent where there is too little."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from customer_patterns import warehouse
from customer_patterns.outlook.forecast import TABLES, SalesForecast, figures, forecast_sales, parts_add_up
from customer_patterns.outlook.forecast.sold import START_WEEKS
from customer_patterns.schemas import check
from tests.outlook.forecast.conftest import FIRST, Shop


def forecast(made: Shop, weeks: int, **options: float) -> SalesForecast:
    return forecast_sales(*made, first_day=FIRST, last_day=FIRST + timedelta(days=7 * weeks - 1), **options)


def test_a_shop_with_a_fixed_week_is_forecast_and_its_parts_add_up(half_year: Callable[..., Shop]) -> None:
    made = forecast(half_year(), 40, categories=1)
    weeks = figures.weeks_of(made.tables["sales_weeks"])
    ahead = weeks[weeks["state"] == "forecast"]
    truth = 6 * (7 * 10 + 6)
    assert len(ahead) == 4
    assert ahead["amount"].tolist() == pytest.approx([truth] * 4, rel=0.05)
    assert ((ahead["amount_low"] < truth) & (truth < ahead["amount_high"])).all()
    daily = made.tables["daily_forecast"]
    daily = daily[daily["measure"] == "revenue"]
    by_kind = daily.pivot_table(index="day", columns="kind", values="amount", aggfunc="sum")
    assert (by_kind["category"] - by_kind["all sales"]).abs().max() < 1e-6
    assert "customer group" not in by_kind  # six customers are too few
    assert parts_add_up(made.tables["daily_forecast"])
    wrong = made.tables["daily_forecast"].assign(amount=lambda rows: rows["amount"] + (rows["kind"] == "category"))
    assert not parts_add_up(wrong)
    stock = made.tables["stock"].set_index("category")
    assert stock["expected_units"].iloc[0] == pytest.approx(3 * (5 + 2 * 2), rel=0.01)
    assert stock["enough_units"].iloc[0] >= stock["expected_units"].iloc[0] - 1


def test_tables_keep_their_promise_and_come_out_alike_twice(half_year: Callable[..., Shop]) -> None:
    shop = half_year(seed=3)
    one, other = forecast(shop, 40), forecast(shop, 40)
    backend = warehouse.connect()
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name])
        assert list(table.columns) == TABLES[name].names
        assert not table.duplicated(list(TABLES[name].key)).any()
        check(TABLES[name].cast(backend.create_table(f"made_{name}", table)), TABLES[name])


def test_a_partial_last_day_is_not_a_fall_in_sales(half_year: Callable[..., Shop]) -> None:
    made = forecast(half_year(), 41)  # the study goes on for a week without a record
    assert made.last_whole_day == FIRST + timedelta(days=7 * 40 - 1)
    first = made.tables["daily_forecast"]["day"].min()
    assert pd.Timestamp(first).date() == FIRST + timedelta(days=7 * 40)


@pytest.mark.parametrize("weeks", [1, START_WEEKS, 33])
def test_a_short_study_says_what_it_needs(half_year: Callable[..., Shop], weeks: int) -> None:
    made = forecast(half_year(weeks=weeks), weeks)
    assert all(table.empty for table in made.tables.values())
    assert (made.weeks_there, made.weeks_needed, made.why_not) == (weeks, 34, "outlook.forecast_short")


def test_few_customers_no_sales_or_no_products_are_no_failure(shop: Callable[..., Shop]) -> None:
    alone = forecast(shop([(day, "c1", "milk", 5.0, 1) for day in range(280)]), 40)
    assert alone.tables["sales_weeks"].empty
    assert alone.why_not == "outlook.forecast_few"
    free = shop([(day, f"c{day % 12}", "milk", 0.0, 0) for day in range(280)])
    assert forecast(free, 40).tables["forecast_quality"].empty
    late = forecast(shop([(300, "c1", "milk", 1.0, 1)]), 40)
    assert (late.weeks_there, late.last_whole_day) == (0, None)


def test_one_category_gives_a_forecast_and_no_stock(shop: Callable[..., Shop]) -> None:
    random = np.random.default_rng(2)
    rows = [(day, f"c{(day + n) % 12}", "milk", 5 + random.random(), 1) for day in range(280) for n in range(2)]
    made = forecast(shop(rows), 40)
    assert len(figures.weeks_of(made.tables["sales_weeks"]))
    assert made.tables["stock"].empty
    assert set(made.tables["forecast_quality"]["kind"]) <= {"all sales", "customer group"}
