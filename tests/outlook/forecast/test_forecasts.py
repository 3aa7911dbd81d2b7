"""Forecasts know nothing of what they forecast, parts add up, errors and intervals are what they are called."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.forecast import judge
from customer_patterns.outlook.forecast.holidays import holiday_ratios, offsets, usual_sales
from customer_patterns.outlook.forecast.reconcile import reconcile
from customer_patterns.outlook.forecast.rolling import Backtest, back_test, used_forecasts
from customer_patterns.outlook.forecast.series import DailySales
from customer_patterns.outlook.forecast.smoothing import fit_weights, seasonal_naive, smooth
from customer_patterns.outlook.forecast.stock import exceeded_seldom, stock_needed

WEEKDAYS = np.array([10.0, 11, 12, 13, 14, 30, 20])
NONE_NEAR = np.full(500, -1)


def series(weeks: int, seed: int, *, noise: float = 3.0, rows: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.tile(WEEKDAYS, (rows, weeks)) + noise * random.normal(size=(rows, 7 * weeks))


def sales_of(sums: np.ndarray, measure: str = "revenue", kind: str = "all sales") -> DailySales:
    names = [f"series {n}" for n in range(len(sums))]
    table = pd.DataFrame({"measure": measure, "kind": kind, "series": names, "n": 50})
    return DailySales(np.datetime64("2017-01-02") + np.arange(sums.shape[1]), table, sums)


def tried(sums: np.ndarray, *, start: int = 84, horizon: int = 28) -> Backtest:
    return back_test(sums, NONE_NEAR, start=start, horizon=horizon)


def test_smoothing_repeats_a_week_that_never_changes() -> None:
    history = np.tile(WEEKDAYS, 12)
    np.testing.assert_allclose(smooth(history, fit_weights(history), 10), np.resize(WEEKDAYS, 10), rtol=1e-6)


def test_smoothing_is_the_recursion_of_the_textbook() -> None:
    """ETS(A,N,A) by hand (Hyndman et al. 2008, table 2.1) from the library's first states, and the weekdays' mean."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    history = series(12, 3)[0]
    weights = fit_weights(history)
    made = ETSModel(history, error="add", seasonal="add", seasonal_periods=7, initialization_method="heuristic")
    level, weekdays = float(made.initial_level), list(np.asarray(made.initial_seasonal, dtype=float))
    for day, sold in enumerate(history):
        error = sold - level - weekdays[day % 7]
        level, weekdays[day % 7] = level + weights.level * error, weekdays[day % 7] + weights.weekday * error
    by_hand = level + np.array(weekdays)
    mean = history[-56:].reshape(8, 7).mean(axis=0)
    np.testing.assert_allclose(smooth(history, weights, 7), (by_hand + mean) / 2, rtol=1e-6)


def test_the_naive_forecast_repeats_the_last_week() -> None:
    assert seasonal_naive(np.arange(21.0), 10).tolist() == [14, 15, 16, 17, 18, 19, 20, 14, 15, 16]
    two = np.vstack([np.arange(14.0), np.arange(14.0) + 100])
    assert seasonal_naive(two, 8)[1].tolist() == [107, 108, 109, 110, 111, 112, 113, 107]


def test_nothing_is_sold_below_nothing() -> None:
    history = np.concatenate([np.tile(WEEKDAYS, 10), np.zeros(14)])
    assert (smooth(history, fit_weights(history), 28) >= 0).all()
    assert not smooth(np.zeros(70), fit_weights(np.zeros(70)), 28).any()


def test_a_holiday_is_replaced_by_the_weekday_and_given_back_to_the_next_one() -> None:
    sums = np.tile(WEEKDAYS, (1, 10)).astype(float)
    days = np.datetime64("2017-01-02") + np.arange(84)
    saturdays = [date(2017, 2, 11), date(2017, 2, 18), date(2017, 2, 25)]
    near = offsets(days, [*saturdays, date(2017, 3, 18)])
    at = np.flatnonzero(near[:70] == 0)
    sums[0, at] = 0  # closed
    usual = usual_sales(sums, near)
    assert usual[0, at].tolist() == [30.0] * 3
    # three holidays seen, two usual ones added: (0 + 2 · 30) / (90 + 60)
    assert holiday_ratios(sums, usual, near)[0].tolist() == pytest.approx([0.4, 1.0, 1.0])
    assert holiday_ratios(sums, usual, np.where(near == 0, -1, near))[0, 0] == 1  # none seen


def test_what_comes_after_an_origin_does_not_change_its_forecast() -> None:
    sums = series(40, 5, rows=2)
    changed = sums.copy()
    changed[:, -28:] *= 7
    one, other = tried(sums), tried(changed)
    early = one.origins <= sums.shape[1] - 28
    assert early.all()
    np.testing.assert_array_equal(one.smoothed, other.smoothed)
    np.testing.assert_array_equal(one.scale, other.scale)
    assert not np.allclose(one.next_smoothed, other.next_smoothed)


def test_a_twin_that_fits_on_the_future_errs_less_than_is_possible() -> None:
    """Noise around a fixed week cannot be forecast better than by its mean; the leaking twin seems to."""
    sums = series(40, 11, noise=5.0)
    made = tried(sums)
    honest = np.abs(made.actual - made.smoothed).mean()
    leak = np.array([[smooth(sums[0, : o + 28], fit_weights(sums[0]), 28) for o in made.origins]])
    leaked = np.abs(made.actual - (leak + 9 * made.actual) / 10).mean()
    floor = 5.0 * np.sqrt(2 / np.pi)
    assert honest > 0.97 * floor
    assert leaked < 0.5 * floor


def test_too_few_weeks_are_refused_with_what_is_needed() -> None:
    with pytest.raises(NotEnoughData, match="34 weeks of sales or more, here are 33"):
        tried(series(33, 1))
    assert len(tried(series(34, 1)).origins) == 19
    with pytest.raises(ValueError, match="whole weeks"):
        back_test(series(40, 1), NONE_NEAR, start=84, horizon=10)


def test_errors_by_naive_ones_are_below_one_where_weeks_are_noise_and_not_where_they_wander() -> None:
    noise = judge.error_ratios(tried(series(45, 2)))
    assert noise.high[0] < 1
    walk = np.cumsum(np.random.default_rng(4).normal(size=45 * 7))[None] + 100
    assert judge.error_ratios(tried(walk)).high[0] > 0.9


def test_the_naive_forecast_is_used_where_smoothing_is_not_clearly_better() -> None:
    walk = np.repeat(np.cumsum(np.random.default_rng(8).normal(size=45)), 7)[None] * 20 + 500
    made = tried(walk)
    sales, ratios = sales_of(walk), judge.error_ratios(tried(walk))
    use = judge.smoothing_pays(sales, ratios)
    used, following = used_forecasts(made, use, np.zeros((0, 1)))
    quality = judge.forecast_quality(sales, made, used, ratios, judge.week_intervals(made, used, following)).iloc[0]
    assert not use[0]
    assert quality["used"] == "as a week before"
    assert quality["verdict"] != "better than the naive forecast"
    np.testing.assert_array_equal(following, made.next_naive)
    assert quality["mase"] == pytest.approx(quality["naive_mase"])


def test_scaled_errors_by_hand() -> None:
    """The naive forecast erred by 2 a day within the history; the forecast errs by 1 and 3: MASE 1, RMSSE √5 / 2."""
    shape = (1, 1, 2)
    made = Backtest(
        np.array([14]), np.array([[[10.0, 10.0]]]), np.zeros(shape), np.zeros(shape), np.full((1, 1, 2), 2.0),
        np.zeros((1, 2)), np.zeros((1, 2)), np.full((1, 2), 2.0),
    )  # fmt: skip
    error = np.abs(made.actual - np.array([[[9.0, 13.0]]]))
    assert judge._scaled(error.mean(axis=2), made.scale[:, :, 0])[0] == 1
    assert judge._scaled(np.sqrt((error**2).mean(axis=2)), made.scale[:, :, 1])[0] == pytest.approx(np.sqrt(5) / 2)


def test_intervals_hold_as_often_as_they_say_and_those_of_the_fit_do_not() -> None:
    held, of, twin = 0.0, 0, 0.0
    for seed in range(6):
        sums = series(52, 100 + seed, noise=4.0)
        made = tried(sums)
        share, origins = judge.coverage(made, made.smoothed)
        held, of = held + float(share.value.reshape(-1)[0]) * origins, of + origins
        # The twin takes errors of one day ahead within the history, added up as if independent, at 1 of 2 deviations.
        wide = made.scale[:, :, 1].mean() / np.sqrt(2) * np.sqrt(7)
        errors = judge.weekly(made.actual) - judge.weekly(made.smoothed)
        twin += float((np.abs(errors[:, -origins:]) <= wide).mean()) * origins
    assert 0.9 < held / of <= 1
    assert twin / of < 0.85


def test_an_interval_needs_nineteen_errors() -> None:
    assert judge.reach(np.arange(1.0, 20)[:, None], level=0.95)[0] == 19
    assert judge.reach(np.arange(1.0, 19)[:, None], level=0.95)[0] == np.inf
    assert exceeded_seldom(np.array([5.0, -1.0, 3.0]), 0.5) == 3


AMOUNTS = st.floats(0, 1e4, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(arrays(float, (6, 3), elements=AMOUNTS), arrays(float, 6, elements=st.floats(0.1, 50)))
def test_reconciled_forecasts_are_the_nearest_that_add_up(forecasts: np.ndarray, spread: np.ndarray) -> None:
    constraints = np.array([[1.0, -1, -1, -1, 0, 0], [1.0, 0, 0, 0, -1, -1]])
    found = reconcile(forecasts, constraints, spread)
    np.testing.assert_allclose(constraints @ found, 0, atol=1e-6)
    # The same by the conditions of Karush, Kuhn and Tucker.
    w = np.diag(2 / spread**2)
    system = np.block([[w, constraints.T], [constraints, np.zeros((2, 2))]])
    right = np.vstack([w @ forecasts, np.zeros((2, 3))])
    np.testing.assert_allclose(found, np.linalg.solve(system, right)[:6], rtol=1e-6, atol=1e-5)


def test_stock_by_hand_and_its_service() -> None:
    sums = series(60, 21, rows=2, noise=2.0)
    sales, made = sales_of(sums, "units", "category"), tried(sums)
    table, share = stock_needed(sales, made, made.smoothed, made.next_smoothed, lead_days=7, service_level=0.9)
    row = table.iloc[0]
    errors = made.actual[0, :, :7].sum(axis=1) - made.smoothed[0, :, :7].sum(axis=1)
    k = int(np.ceil((len(errors) + 1) * 0.9))
    expected = made.next_smoothed[0, :7].sum()
    assert row["expected_units"] == pytest.approx(expected)
    assert row["enough_units"] == int(np.ceil(expected + np.sort(errors)[k - 1]))
    assert 0.7 < float(share.value[0]) <= 1
    higher, _ = stock_needed(sales, made, made.smoothed, made.next_smoothed, lead_days=7, service_level=0.95)
    assert (higher["enough_units"] >= table["enough_units"]).all()


def test_stock_that_cannot_be_tested_says_nothing() -> None:
    sums = series(36, 2)
    sales, made = sales_of(sums, "units", "category"), tried(sums)
    table, share = stock_needed(sales, made, made.smoothed, made.next_smoothed, lead_days=7, service_level=0.99)
    assert table["enough_units"].isna().all()
    assert table["service"].isna().all()
    assert np.isnan(share.value).all()
    with pytest.raises(ValueError, match="lead time"):
        stock_needed(sales, made, made.smoothed, made.next_smoothed, lead_days=40, service_level=0.9)
    none, _ = stock_needed(sales_of(sums), made, made.smoothed, made.next_smoothed, lead_days=7, service_level=0.9)
    assert none.empty
