"""Alerts, their reasons, what calls bring, what came before, and intentions to buy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.stats import fisher_exact

from customer_patterns.outlook import churn, intention
from customer_patterns.outlook.churn import tables
from customer_patterns.outlook.churn.lost import _compared, basket_inflation
from customer_patterns.outlook.churn.preceding import leavers_and_stayers
from customer_patterns.outlook.churn.warning import first_alerts, on_the_list, reasons
from tests.outlook.churn.conftest import PERIOD
from tests.outlook.churn.test_definitions import check_rows
from tests.outlook.shop import FIRST, LAST, order_lines, table


def test_a_list_names_the_highest_risks_ties_in_their_order() -> None:
    assert on_the_list(np.array([0.2, 0.9, 0.2, 0.1]), 0.5).tolist() == [True, True, False, False]
    assert on_the_list(np.array([0.2, 0.9, 0.2]), 0.1).sum() == 1
    with pytest.raises(ValueError, match="between 0 and 1"):
        on_the_list(np.zeros(3), 0.0)


def test_precision_counts_those_on_the_list_who_left(tested) -> None:
    found = churn.precision_at(tested, share=0.1).set_index("method")
    named = on_the_list(tested.forecasts[tables.MODEL], 0.1)
    assert found.loc[tables.MODEL, "n"] == named.sum()
    assert found.loc[tables.MODEL, "precision"] == pytest.approx(tested.left[named].mean())
    assert found.loc[tables.BASE_RATE, "precision"] == pytest.approx(tested.left.mean())
    check_rows(found.reset_index(), tables.ALERT_CAPACITY)


def test_the_first_alert_is_the_earliest_of_the_weekly_lists(tested) -> None:
    ahead = first_alerts(tested, share=0.2)
    last = tested.history.cuts[-1]
    assert set(ahead.dropna()) <= {7.0 * week for week in range(8)}
    customer = ahead.dropna().index[0]
    weekly = tested.history.weekly
    for back in range(7, int(ahead[customer]) // 7, -1):
        rows = weekly[weekly["cut"] == last - timedelta(days=7 * back)]
        named = rows["customer_id"][on_the_list(tested.forecaster.model.log_odds(tested.forecaster.values(rows)), 0.2)]
        assert customer not in set(named)


def test_alerts_come_earlier_to_those_who_left(tested) -> None:
    weeks, lead = churn.warn_early(tested, share=0.1)
    check_rows(weeks, tables.ALERT_WEEKS)
    check_rows(lead, tables.ALERT_LEAD)
    at = weeks[weeks["weeks_before"] == 0].set_index("came")["alerted"]
    assert at["left"] > at["stayed"]
    by_week = weeks[weeks["came"] == "left"].sort_values("weeks_before", ascending=False)["alerted"]
    assert by_week.is_monotonic_increasing


def test_reasons_of_the_linear_model_add_up_to_the_distance_from_a_typical_customer(history) -> None:
    fitted = churn.foretell(history, kind="logistic regression")
    values = fitted.values(history.now)
    _, weights = reasons(fitted, values)
    apart = fitted.model.log_odds(values) - fitted.model.log_odds(fitted.model.typical[None, :])
    assert weights.sum(axis=1) == pytest.approx(apart)


def test_an_alert_names_what_raises_the_risk_most_first(history, tested) -> None:
    fitted = churn.foretell(history, kind=tested.kind)
    risks = churn.score_customers(history, fitted, share=0.1)
    alerts = churn.explain_alerts(history, fitted, risks)
    check_rows(risks, tables.CHURN_RISKS)
    check_rows(alerts, tables.ALERTS)
    assert len(alerts) == int(np.ceil(0.1 * len(risks)))
    assert set(alerts["customer_id"]) == set(risks.loc[risks["alert"], "customer_id"])
    assert risks.loc[risks["alert"], "risk"].min() >= risks.loc[~risks["alert"], "risk"].max()
    both = alerts.dropna(subset=["first_weight", "second_weight"])
    assert (both["first_weight"] >= both["second_weight"]).all()
    assert (both["second_weight"] > 0).all()
    check_rows(churn.count_reasons(alerts), tables.ALERT_REASONS)


def test_who_refuses_marketing_is_on_no_list_and_nobody_takes_their_place(history, tested) -> None:
    fitted = churn.foretell(history, kind=tested.kind)
    everybody = churn.score_customers(history, fitted, share=0.1)
    listed = everybody.loc[everybody["alert"], "customer_id"].tolist()
    refusing = {listed[0], listed[2], everybody.loc[~everybody["alert"], "customer_id"].iloc[0]}
    risks = churn.score_customers(history, fitted, share=0.1, refusing=refusing)
    assert risks.loc[risks["alert"], "customer_id"].tolist() == [one for one in listed if one not in refusing]
    assert risks.drop(columns="alert").equals(everybody.drop(columns="alert"))
    assert set(churn.explain_alerts(history, fitted, risks)["customer_id"]) == set(listed) - refusing


def test_a_silent_customer_is_told_that_silence_is_the_reason(history, tested) -> None:
    fitted = churn.foretell(history, kind=tested.kind)
    usual = history.now.iloc[[0]].assign(**dict(zip(fitted.model.columns, fitted.model.typical, strict=True)))
    names, weights = reasons(fitted, fitted.values(usual.assign(visit_trend=-2.0)))
    assert weights[0].max() > 0
    assert names[int(np.argmax(weights[0]))] == "trend of visits"


def test_what_calls_bring_by_hand(tested) -> None:
    found = churn.call_profit(tested, cost=1.0, won_back=0.5, margin=0.4)
    check_rows(found, tables.CALL_PROFIT)
    everybody = found[found["share_called"] == 1.0].set_index("called_by")["profit"]
    rows = tested.tested
    base = rows["base_spend"].to_numpy() / 2
    lost = np.where(tested.left, base - rows["later_spend"].to_numpy(), 0).mean()
    assert everybody.to_numpy() == pytest.approx(100 * (0.5 * 0.4 * lost - 1.0))
    assert (found.loc[found["share_called"] == 0, "profit"] == 0).all()
    assert found["chosen"].sum() == 1


def test_free_calls_that_win_everybody_back_pay_for_all_and_worthless_ones_for_nobody(tested) -> None:
    free = churn.call_profit(tested, cost=0.0, won_back=1.0, margin=1.0)
    assert free.loc[free["chosen"], "share_called"].item() == 1.0
    dear = churn.call_profit(tested, cost=1000.0, won_back=1.0, margin=1.0)
    assert dear.loc[dear["chosen"], "share_called"].item() == 0.0


@pytest.mark.parametrize("terms", [{"cost": -1}, {"won_back": 2}, {"margin": -0.1}])
def test_terms_of_calls_that_mean_nothing_are_refused(tested, terms: dict) -> None:
    with pytest.raises(ValueError, match="costs 0 or more"):
        churn.call_profit(tested, **{"cost": 1.0, "won_back": 0.1, "margin": 0.2, **terms})


def test_prices_of_what_a_customer_used_to_buy_by_hand() -> None:
    lines = order_lines(
        [
            ("ann", "2017-05-10", {"milk a": 2.0, "soap": 6.0}),
            ("bob", "2017-05-10", {"soap": 6.0}),
            ("cat", "2017-06-25", {"milk a": 3.0}),  # up by a half
            ("cat", "2017-06-26", {"soap": 6.0}),
            ("cat", "2017-07-02", {"soap": 60.0}),  # after the cut
        ]
    )
    found = basket_inflation(lines, cut=date(2017, 6, 30), window_days=112, recent_days=28)
    assert found.set_index("customer_id")["inflation"].to_dict() == pytest.approx({"ann": 0.125, "bob": 0.0})


def test_reasons_of_the_lost_are_held_against_those_who_stayed() -> None:
    left = np.array([True] * 100 + [False] * 100)
    seen = {"often": np.r_[np.arange(100) < 40, np.arange(100) < 10], "alike": np.tile(np.arange(100) < 30, 2)}
    found = _compared(seen, left).set_index("reason")
    assert found.loc["often", "times"] == pytest.approx(4.0)
    assert found.loc["often", "verdict"] == tables.OFTENER
    assert found.loc["alike", "verdict"] == tables.CHANCE
    assert found.loc["often", "p_yekutieli"] > fisher_exact([[40, 60], [10, 90]])[1]  # adjusted for the family
    assert found.loc[tables.ANY, "n"] == 40


def test_contacts_before_the_horizon_only_count_and_late_answers_are_those_known_then(tested) -> None:
    last = tested.history.cuts[-1]
    ids = tested.tested["customer_id"].tolist()
    schema = pa.schema(
        [
            ("customer_id", pa.string()),
            ("topic", pa.string()),
            ("opened_at", pa.timestamp("us")),
            ("first_response_at", pa.timestamp("us")),
        ]
    )
    day = pd.Timestamp(last)

    def asked(n: int, opened: pd.Timestamp, answered: pd.Timestamp) -> list[dict]:
        return [
            {"customer_id": one, "topic": "price", "opened_at": opened, "first_response_at": answered}
            for one in ids[:n]
        ]

    before = asked(200, day - pd.Timedelta(days=10), day - pd.Timedelta(days=8))
    after = asked(len(ids), day + pd.Timedelta(days=3), day + pd.Timedelta(days=9))
    one, both = (churn.lost_by_contacts(tested, table(rows, schema)) for rows in (before, before + after))
    pd.testing.assert_frame_equal(one, both)
    found = one.set_index("reason")
    assert found.loc["price", "n"] == tested.left[:200].sum() == found.loc["waited more than a day", "n"]


def test_leavers_and_stayers_are_the_two_kinds_at_the_test(tested) -> None:
    names = [*tested.tested["customer_id"], "stranger"]
    left, stayed = leavers_and_stayers(tested, names)
    assert left[:-1].tolist() == tested.left.tolist()
    assert (left ^ stayed)[:-1].all()
    assert not left[-1] | stayed[-1]


def test_simulated_tables_do_not_enter_beside_real_purchases() -> None:
    schema = pa.schema([("customer_id", pa.string())])
    tables_given = {"contacts": table([{"customer_id": "ann"}], schema)}
    mixed = churn.as_real_as_orders(tables_given, {"contacts"}, ["contacts"])
    assert mixed["contacts"].count().to_pyarrow().as_py() == 0
    whole = churn.as_real_as_orders(tables_given, {"contacts", "order_lines"}, ["contacts"])
    assert whole["contacts"].count().to_pyarrow().as_py() == 1


def test_intentions_are_calibrated_out_of_time(days) -> None:
    found = intention.purchase_intentions(days, **PERIOD)
    model = found.methods.set_index("method").loc[tables.MODEL]
    assert model["calibration_slope_low"] < 1 < model["calibration_slope_high"]
    assert model["auc_added"] > 0
    check_rows(found.methods, intention.TABLES["intention_methods"])
    check_rows(found.customers, intention.TABLES["purchase_intentions"])
    assert found.calibration["n"].sum() == model["n"]


def test_intentions_of_a_short_study_say_what_they_need(days) -> None:
    short = intention.purchase_intentions(days, first_day=FIRST, last_day=date(2017, 7, 14))
    assert short.why_not == "not enough data for an intention to buy, needs 196 days"
    assert len(short.customers) == len(short.methods) == 0
    with pytest.raises(ValueError, match="7 days or more"):
        intention.purchase_intentions(days, **PERIOD, horizon_days=3)


def test_everybody_buys_is_one_class_and_said(days) -> None:
    backend = days._find_backend()
    once = pa.table({"d": [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]})
    calendar = backend.create_table("calendar", once, overwrite=True)
    people = days.select("customer_id").distinct().order_by("customer_id").limit(20)
    daily = people.cross_join(calendar).select("customer_id", ordered_on=calendar.d.cast("date"))
    rest = {name: 1 for name in days.columns if name not in ("customer_id", "ordered_on")}
    always = backend.create_table("always", daily.mutate(**rest).to_pyarrow(), overwrite=True)
    found = intention.purchase_intentions(always, **PERIOD)
    assert found.why_not.startswith("not enough data for an intention to buy, needs 10 customers of each kind")


def test_a_test_can_be_repeated_to_the_last_digit(history, tested) -> None:
    again = churn.back_test(replace(history))
    for name, risk in tested.forecasts.items():
        assert np.array_equal(again.forecasts[name], risk), name


def test_few_of_those_who_stayed_are_told_no_more_than_few_of_those_who_left() -> None:
    left = np.arange(200) < 40
    seen = {
        "nobody left, three stayed": np.isin(np.arange(200), [50, 51, 52]),
        "many of both": np.arange(200) % 3 == 0,
        "half of both": np.arange(200) % 2 == 0,
        "two in three of both": np.arange(200) % 3 > 0,
    }
    table = _compared(seen, left).set_index("reason")
    assert table.loc["nobody left, three stayed", ["n", "share_left", "share_stayed"]].isna().all()
    assert table.loc[["half of both", "two in three of both"], "share_stayed"].notna().all()
    assert (table["suppressed"] != "no").sum() == 2  # another one, so that the three cannot be worked out
