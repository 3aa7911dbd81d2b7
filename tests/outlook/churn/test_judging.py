"""Measures of a forecast against other people's code, their intervals, and calibration."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.churn.calibration import calibrate
from customer_patterns.outlook.churn.judging import auc, judge
from customer_patterns.outlook.churn.models import fit_logistic, log_odds_of, probability


def drawn(seed: int, n: int = 600, *, bold: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes of known risks, and a forecast that is too bold by a factor on the log-odds."""
    random = np.random.default_rng(seed)
    z = random.normal(-1.2, 1.0, n)
    return random.random(n) < probability(z), probability(bold * np.round(z, 1))


def test_measures_agree_with_scikit_learn_ties_included() -> None:
    y, p = drawn(1)
    found = judge(y, {"one": p}, resamples=50)["one"]
    assert found["auc"].value == pytest.approx(roc_auc_score(y, p))
    assert found["pr_auc"].value == pytest.approx(average_precision_score(y, p))
    assert found["brier"].value == pytest.approx(brier_score_loss(y, p))
    cox = LogisticRegression(C=np.inf).fit(log_odds_of(p)[:, None], y)
    assert found["calibration_slope"].value == pytest.approx(cox.coef_[0, 0], abs=1e-4)


def test_a_forecast_of_one_value_for_all_orders_nobody_and_has_no_slope() -> None:
    y, _ = drawn(2)
    found = judge(y, {"one": np.full(len(y), 0.3)}, resamples=20)["one"]
    assert found["auc"].value == 0.5
    assert np.isnan(found["calibration_slope"].value)
    share = y.mean()
    assert found["calibration_intercept"].value == pytest.approx(log_odds_of(np.array([share]))[0] - np.log(3 / 7))


def test_a_forecast_that_is_twice_as_bold_has_a_slope_of_a_half() -> None:
    y, p = drawn(3, 20_000, bold=2.0)
    slope = judge(y, {"one": p}, resamples=200)["one"]["calibration_slope"]
    assert slope.low < 0.5 < slope.high
    assert slope.high - slope.low < 0.06


def test_one_step_of_newton_is_as_wide_as_fitting_every_resample() -> None:
    y, p = drawn(4, 500)
    found = judge(y, {"one": p}, resamples=300)["one"]["calibration_slope"]
    random, z = np.random.default_rng(0), log_odds_of(p)
    slopes = []
    for _ in range(300):
        rows = random.integers(len(y), size=len(y))
        slopes.append(fit_logistic(z[rows, None], y[rows])[1])
    low, high = np.quantile(slopes, [0.025, 0.975])
    assert (found.high - found.low) == pytest.approx(high - low, rel=0.15)


def test_differences_come_from_the_same_customers() -> None:
    y, p = drawn(5)
    other = probability(log_odds_of(p) + np.random.default_rng(6).normal(0, 0.05, len(y)))
    found = judge(y, {"one": p, "other": other}, against="other", resamples=200)
    gain, own = found["one"]["auc_added"], found["one"]["auc"]
    assert gain.value == pytest.approx(own.value - found["other"]["auc"].value)
    assert gain.high - gain.low < (own.high - own.low) / 3
    assert found["other"]["auc_added"].low == found["other"]["auc_added"].high == 0


def test_one_kind_of_customer_is_not_enough() -> None:
    with pytest.raises(NotEnoughData, match="needs 10 customers of each kind, has 0 to whom it happened"):
        judge(np.zeros(50, bool), {"one": np.full(50, 0.1)})


def test_auc_by_hand() -> None:
    assert auc(np.array([True, False, False]), np.array([0.2, 0.2, 0.1])) == 0.75


@pytest.mark.parametrize("how", ["platt", "isotonic"])
def test_both_curves_bring_a_bold_score_back(how: str) -> None:
    y, p = drawn(7, 6000, bold=3.0)
    curve = calibrate(log_odds_of(p), y, how=how)
    after, q = drawn(8, 6000, bold=3.0)
    slope = judge(after, {"one": curve(log_odds_of(q))}, resamples=100)["one"]["calibration_slope"].value
    assert 0.85 < slope < 1.15
    raw = judge(after, {"one": q}, resamples=20)["one"]["calibration_slope"].value
    assert raw < 0.5


def test_an_unknown_curve_is_refused() -> None:
    with pytest.raises(ValueError, match="'platt' or 'isotonic'"):
        calibrate(np.zeros(3), np.zeros(3, bool), how="magic")
