"""Forecasts know earlier cuts only; baselines and outcomes by hand; what the data cannot carry is said."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook import churn
from customer_patterns.outlook.churn.forecaster import LINEAR, RECENCY, TREES, fit_forecaster, hiatus
from customer_patterns.outlook.churn.history import cuts_within
from customer_patterns.outlook.churn.outcomes import defected, outcomes_at, with_outcomes
from customer_patterns.outlook.churn.tables import FEATURES, MODEL
from customer_patterns.outlook.churn.warning import reasons
from tests.outlook.churn.conftest import PERIOD
from tests.outlook.shop import FIRST, LAST, days_of


def test_what_came_after_a_cut_by_hand() -> None:
    cut = date(2017, 6, 30)
    days = days_of(
        [
            ("ann", "2017-06-30", {"soap": 9.0}),
            ("ann", "2017-07-05", {"soap": 3.0}),
            ("ann", "2017-07-20", {"soap": 4.0}),
            ("ann", "2017-08-25", {"soap": 5.0}),
            ("ann", "2017-08-26", {"soap": 70.0}),  # a day after the horizon
        ]
    )
    (row,) = outcomes_at(days, [cut], horizon_days=56).to_dict("records")
    assert row["later_spend"] == 12.0
    assert (row["later_days"], row["silent_days"]) == (3, 0)


def test_who_did_nothing_spent_nothing_and_was_silent_since_the_last_visit() -> None:
    known = pd.DataFrame({"cut": [FIRST, FIRST], "customer_id": ["ann", "bob"], "recency_days": [3, 4]})
    later = pd.DataFrame(
        {
            "cut": [FIRST],
            "customer_id": ["bob"],
            "later_spend": [2.0],
            "later_days": [1.0],
            "silent_days": [47.0],
        }
    )
    table = with_outcomes(known, later, horizon_days=56)
    assert table["later_spend"].tolist() == [0.0, 2.0]
    assert table["silent_days"].tolist() == [59, 47]


def test_partial_defection_holds_spend_against_as_many_days_of_the_base() -> None:
    table = pd.DataFrame({"base_spend": [112.0, 112.0, 112.0], "later_spend": [27.99, 28.0, 56.0]})
    assert defected(table, window_days=112, horizon_days=56, kept_share=0.5).tolist() == [True, False, False]


def test_cuts_leave_a_window_before_and_a_horizon_after() -> None:
    terms = churn.Terms()
    assert [str(cut) for cut in cuts_within(FIRST, LAST, terms=terms)] == [
        "2017-05-21",
        "2017-07-16",
        "2017-09-10",
        "2017-11-05",
    ]
    assert len(cuts_within(FIRST, date(2017, 10, 7), terms=terms)) == 3
    assert terms.needed_days == 280  # 1 January to 7 October
    assert len(cuts_within(FIRST, date(2017, 10, 6), terms=terms)) == 2


def test_the_hiatus_that_parts_leavers_best_by_hand() -> None:
    days = np.array([1, 2, 3, 10, 20, 30.0])
    assert hiatus(days, np.array([False, False, True, False, True, True])) == 10


def forecasts(history: churn.History, past: pd.DataFrame, left: np.ndarray, *, cuts) -> np.ndarray:
    fitted = fit_forecaster(past, left, cuts=cuts, columns=FEATURES)
    return fitted.probabilities(history.past[history.at(history.cuts[-1])])


def changed_by_the_test(history: churn.History, *, cuts) -> bool:
    """Whether forecasts change when what happened in the test's horizon is turned around."""
    turned = history.left.copy()
    test = history.at(history.cuts[-1])
    turned[test] = ~turned[test]
    first, second = (forecasts(history, history.past, left, cuts=cuts) for left in (history.left, turned))
    return not np.array_equal(first, second)


def test_what_happens_in_the_test_does_not_enter_its_forecast(history) -> None:
    assert not changed_by_the_test(history, cuts=history.cuts[:-1])


def test_a_twin_calibrated_on_the_test_itself_is_caught(history) -> None:
    assert changed_by_the_test(history, cuts=(*history.cuts[:-2], history.cuts[-1]))


def test_sliding_customers_are_told_better_than_by_a_rule_of_thumb(tested) -> None:
    methods, added = churn.judge_methods(tested)
    model = methods.set_index("method").loc[MODEL]
    assert model["auc_low"] > 0.55
    assert 0.75 < model["calibration_slope"] < 1.3
    assert added.set_index("comparison").loc["the model", "auc_added"] > 0


def test_changes_of_brand_that_mean_nothing_add_nothing(tested) -> None:
    _, added = churn.judge_methods(tested)
    row = added.set_index("comparison").loc["changes of brand"]
    assert row["auc_added_low"] < 0.005
    assert row["verdict"] == "no better that can be told"


def test_calibration_parts_hold_everybody_once(tested) -> None:
    parts = churn.tested_calibration(tested)
    assert parts["n"].sum() == len(tested.left)
    assert parts["foretold"].is_monotonic_increasing


@pytest.mark.parametrize("kind", [LINEAR, TREES])
def test_nothing_speaks_against_a_typical_customer(history, kind: str) -> None:
    fitted = fit_forecaster(history.past, history.left, cuts=history.cuts[:-1], columns=FEATURES, kind=kind)
    _, weights = reasons(fitted, fitted.model.typical[None, :])
    assert np.abs(weights).max() < 1e-12


def test_the_same_data_give_the_same_risks_in_any_order(history) -> None:
    shuffled = np.random.default_rng(3).permutation(len(history.past))
    one = fit_forecaster(history.past, history.left, cuts=history.cuts[:-1], columns=FEATURES)
    other = fit_forecaster(
        history.past.iloc[shuffled], history.left[shuffled], cuts=history.cuts[:-1], columns=FEATURES
    )
    assert one.kind == other.kind
    assert one.probabilities(history.now) == pytest.approx(other.probabilities(history.now), abs=1e-9)


def test_one_class_only_is_said(history) -> None:
    with pytest.raises(NotEnoughData, match="needs 10 customers of each kind at every cut, has 0"):
        fit_forecaster(history.past, np.zeros(len(history.past), bool), cuts=history.cuts[:-1], columns=FEATURES)


def test_no_feature_that_differs_is_said(history) -> None:
    alike = history.past.assign(recency_days=3)
    with pytest.raises(NotEnoughData, match="needs a feature that differs"):
        fit_forecaster(alike, history.left, cuts=history.cuts[:-1], columns=["recency_days"], baselines=(RECENCY,))


def test_a_study_too_short_for_a_holdout_says_what_it_needs(days) -> None:
    early = churn.back_test(churn.history(days, first_day=FIRST, last_day=date(2017, 9, 1)))
    assert early.forecaster is None
    assert early.why_not == "not enough data for a test out of time, needs 280 days"
    empty_tables(early)


def test_one_transaction_each_says_so_and_raises_nothing() -> None:
    bought = [(f"c{n}", date.fromordinal(FIRST.toordinal() + n), {"soap": 3.0}) for n in range(300)]
    once = churn.back_test(churn.history(days_of(bought), **PERIOD))
    assert once.forecaster is None
    assert once.why_not.startswith("not enough data for a test out of time, needs 10 customers")
    empty_tables(once)


def test_negative_revenue_is_no_base_to_hold_spend_against() -> None:
    weekly = [date.fromordinal(FIRST.toordinal() + 7 * week) for week in range(52)]
    bought = [(f"c{n}", day, {"soap": -3.0}) for n in range(30) for day in weekly]
    refunds = churn.back_test(churn.history(days_of(bought), **PERIOD))
    assert len(refunds.history.past) == 0
    assert refunds.forecaster is None


def empty_tables(test: churn.BackTest) -> None:
    """Everything can be asked of a test that could not be made."""
    methods, added = churn.judge_methods(test)
    weeks, lead = churn.warn_early(test, share=0.1)
    left = churn.who_left(test.history)
    fitted = churn.foretell(test.history)
    risks = churn.score_customers(test.history, fitted, share=0.1)
    tables = [methods, added, weeks, lead, churn.precision_at(test, share=0.1), churn.tested_calibration(test)]
    tables += [risks, churn.explain_alerts(test.history, fitted, risks)]
    tables += [churn.call_profit(test, cost=1, won_back=0.1, margin=0.2), churn.lost_by_contacts(test, None)]
    assert [len(table) for table in tables] == [0] * len(tables)
    if not test.history.enough:
        assert left == {}


@pytest.mark.parametrize(("name", "value"), [("horizon_days", 7), ("kept_share", 0.0), ("kept_share", 1.5)])
def test_terms_that_mean_nothing_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"horizon has 14 days|share kept"):
        churn.Terms(**{name: value})


def drawn_steps(rows: int, *, steps: bool) -> tuple[pd.DataFrame, np.ndarray, list[date]]:
    """Four cuts of customers whose risk rises with one feature: in three steps, or along a logistic curve."""
    random = np.random.default_rng(8)
    cuts = [date(2017, month, 1) for month in (3, 5, 7, 9)]
    x = random.normal(size=4 * rows)
    risk = np.select([x < -0.5, x < 1.2], [0.02, 0.5], 0.55) if steps else 1 / (1 + np.exp(1 - x))
    table = pd.DataFrame({"cut": np.repeat(cuts, rows), "visit_trend": x})
    return table, random.uniform(size=len(x)) < risk, cuts


@pytest.mark.parametrize(("steps", "how"), [(True, "isotonic"), (False, "platt")])
def test_the_curve_is_chosen_by_what_it_foretells_later(steps: bool, how: str) -> None:
    """Where risks rise in steps, a curve of two numbers is wrong; elsewhere steps are not surely better."""
    table, left, cuts = drawn_steps(2500, steps=steps)
    fitted = fit_forecaster(table, left, cuts=cuts[:-1], columns=["visit_trend"], kind=LINEAR, baselines=())
    assert fitted.how == how
    # Out of time: the twin that is told to take the other curve foretells the last cut less well.
    other = "platt" if steps else "isotonic"
    twin = fit_forecaster(table, left, cuts=cuts[:-1], columns=["visit_trend"], kind=LINEAR, how=other, baselines=())
    last = (table["cut"] == cuts[-1]).to_numpy()
    brier = [np.mean((one.probabilities(table[last]) - left[last]) ** 2) for one in (fitted, twin)]
    assert brier[0] <= brier[1] + 5e-4


def test_with_one_cut_to_train_on_the_simpler_curve_is_kept() -> None:
    table, left, cuts = drawn_steps(600, steps=True)
    fitted = fit_forecaster(table, left, cuts=cuts[1:3], columns=["visit_trend"], baselines=())
    assert (fitted.kind, fitted.how) == (LINEAR, "platt")
