"""How sure a change of worth is, and what customers bring beside what is forecast of all sales."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from customer_patterns.outlook.forecast.sold import WHOLE_HORIZON, SalesForecast
from customer_patterns.outlook.value import Span, stand_at, worth_beside_sales, worth_changes, worth_of_customers
from customer_patterns.outlook.value.expected import ROUGH
from customer_patterns.outlook.value.tables import APART, COMPONENTS, MEET, ONE_BY_ONE, SALES_AS_A_WHOLE
from tests.outlook.value.test_worth import FIRST, LAST, draw_orders

HALF_A_YEAR = Span(26, "weeks")


@pytest.fixture(scope="module")
def orders():
    return draw_orders(150)


@pytest.fixture(scope="module")
def days(orders):
    today = stand_at(orders, first_day=FIRST, as_of=LAST)
    return stand_at(orders, first_day=FIRST, as_of=date(2017, 10, 1), among=today), today


def test_who_is_drawn_twice_is_drawn_twice_on_both_days(days) -> None:
    before, after = days
    known = pd.DataFrame(after.resamples.T, index=after.watched["customer_id"])
    assert (known.loc[before.watched["customer_id"]].to_numpy() == before.resamples.T).all()
    assert (after.resamples.sum(axis=1) == len(after.watched)).all()


def test_a_later_day_is_needed_to_draw_among(days, orders) -> None:
    with pytest.raises(ValueError, match="among those of that day"):
        stand_at(orders, first_day=FIRST, as_of=LAST, among=replace(days[0], watched=days[0].watched.iloc[:-5]))


def test_a_change_is_less_sure_than_if_the_models_were_known(days) -> None:
    """The broken twin resamples customers and takes the models as given: what it calls sure need not be."""
    honest = worth_changes(days, HALF_A_YEAR).set_index("component")
    given = [replace(day, draws=[day.fitted] * len(day.draws)) for day in days]
    twin = worth_changes(given, HALF_A_YEAR).set_index("component")
    widths = [(one["change_high"] - one["change_low"]).loc[COMPONENTS[-1]] for one in (honest, twin)]
    assert widths[0] > 1.2 * widths[1] > 0
    pd.testing.assert_series_equal(honest["change"], twin["change"])


def test_the_interval_holds_what_fitting_from_scratch_spreads_over(days) -> None:
    """Fewer points of quadrature in resamples change nothing that could be seen."""
    one = days[1]
    fine, rough = (one.expect(HALF_A_YEAR, one.draws[0].orders, **how).orders for how in ({}, {"points": ROUGH}))
    assert rough == pytest.approx(fine, rel=2e-3)


def sold(value: float, reach: float) -> SalesForecast:
    row = {"figure": WHOLE_HORIZON, "value": value, "value_low": value - reach, "value_high": value + reach}
    return SalesForecast({"forecast_figures": pd.DataFrame([row])}, 52, 40, horizon_weeks=4)


def test_customers_one_by_one_beside_all_sales(orders) -> None:
    nobody = pd.DataFrame({"customer_id": [], "tier": []}, dtype="str")
    worth = worth_of_customers(orders, nobody, first_day=FIRST, last_day=LAST, levels=())
    table = worth_beside_sales(worth, sold(1.0, 0.5)).set_index("added_up")
    each = worth.today.expect(Span(4, "weeks")).orders @ worth.today.spend
    own = table.loc[ONE_BY_ONE]
    assert own["revenue"] == pytest.approx(each)
    assert own["revenue_low"] < each < own["revenue_high"]
    assert (table["verdict"] == APART).all()
    near = worth_beside_sales(worth, sold(1.1 * each, 0.2 * each)).set_index("added_up")
    assert (near["verdict"] == MEET).all()
    assert near.at[SALES_AS_A_WHOLE, "revenue"] == pytest.approx(1.1 * each)
    assert near["n"].eq(len(worth.today.watched)).all()


def test_without_a_forecast_nothing_stands_beside_it(orders) -> None:
    nobody = pd.DataFrame({"customer_id": [], "tier": []}, dtype="str")
    worth = worth_of_customers(orders, nobody, first_day=FIRST, last_day=LAST, levels=())
    assert worth_beside_sales(worth, replace(sold(1.0, 0.5), horizon_weeks=0)).empty
    assert worth_beside_sales(worth, sold(np.nan, np.nan)).empty
    assert worth_beside_sales(replace(worth, today=None), sold(1.0, 0.5)).empty
