"""The lifetime models: parameters as published and as lifetimes finds them, whatever the unit of time."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, hyp2f1

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.value import (
    BG_NBD,
    MBG_NBD,
    Fit,
    Likelihood,
    Span,
    expect_orders,
    expect_spend,
    fit_orders,
    fit_spend,
    histories,
    mbg_cnbd,
    most_regular,
)
from tests.outlook.value.crowds import PUBLISHED, draw_crowd, draw_values

#: CDNOW's customers as Fader, Hardie and Lee (2005) published them, weeks.
CDNOW = Fit(BG_NBD, *PUBLISHED.values(), unit="weeks", log_likelihood=-9582.4, n=2357)

#: What lifetimes 0.11.3 finds in the crowds below, at a tolerance of 1e-9.
LIFETIMES_BG = {"r": 0.2541667837, "alpha": 34.0409940523, "a": 0.7182984816, "b": 2.1992863447}
LIFETIMES_MBG = {"r": 0.942828653, "alpha": 32.8496311, "a": 0.73816527, "b": 2.27317684}
LIFETIMES_SPEND = {"p": 6.7612717, "q": 3.88318262, "v": 14.5617463}


def crowd(seed: int, customers: int = 6000, **how):
    orders, last, tenure, gaps, *_ = draw_crowd(customers, seed, **how)
    return histories(orders, last, tenure, log_gaps=gaps)


def test_bg_nbd_finds_the_parameters_that_lifetimes_finds() -> None:
    fit = fit_orders(crowd(20).merged()[0], BG_NBD)
    for name, value in LIFETIMES_BG.items():
        assert getattr(fit, name) == pytest.approx(value, rel=1e-6)


def test_mbg_nbd_finds_the_parameters_that_lifetimes_finds() -> None:
    fit = fit_orders(crowd(22, leave_at_once=True, r=0.9).merged()[0], MBG_NBD)
    for name, value in LIFETIMES_MBG.items():
        assert getattr(fit, name) == pytest.approx(value, rel=1e-5)


def test_gamma_gamma_finds_the_parameters_that_lifetimes_finds() -> None:
    orders = draw_crowd(6000, 20)[0]
    value = draw_values(orders, 21)
    fit = fit_spend(orders[orders > 0], value[orders > 0])
    for name, expected in LIFETIMES_SPEND.items():
        assert getattr(fit, name) == pytest.approx(expected, rel=1e-5)


#: What lifetimes 0.11.3 itself finds in CDNOW's sample, weeks, at a tolerance of 1e-7 (beside pandas 2.1, NumPy 1.26,
#: which it needs).
LIFETIMES_CDNOW = {"r": 0.24259293, "alpha": 4.41353227, "a": 0.79288597, "b": 2.42575238,
                   "p": 6.24880250, "q": 3.74458846, "v": 15.44774806}  # fmt: skip


def cdnow_files() -> Path:
    """Where CDNOW's sample lies: among the files of lifetimes, which is installed for it and never imported."""
    found = find_spec("lifetimes")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("CDNOW's sample comes with lifetimes, which the extra 'test' installs: make setup")
    return Path(found.submodule_search_locations[0]) / "datasets"


def fit_cdnow(files: Path) -> dict[str, float]:
    """Both models of CDNOW's sample, weeks."""
    sample = pd.read_csv(files / "cdnow_customers_summary.csv")
    rows = histories(sample["frequency"], sample["recency"], sample["T"], unit="weeks").merged()[0]
    fit = fit_orders(rows, BG_NBD)
    money = pd.read_csv(files / "cdnow_customers_summary_with_transactions.csv", skiprows=1, header=None)
    money.columns = ["customer", "frequency", "recency", "T", "value"]
    spend = fit_spend(*money.loc[money["frequency"] > 0, ["frequency", "value"]].to_numpy().T)
    found = {name: float(value) for name, value in zip(("r", "alpha", "a", "b"), fit.parameters, strict=True)}
    return found | {"p": spend.p, "q": spend.q, "v": spend.v, "log_likelihood": fit.log_likelihood}


@pytest.fixture(scope="module")
def cdnow() -> dict[str, float]:
    return fit_cdnow(cdnow_files())


def test_cdnow_has_the_published_parameters(cdnow) -> None:
    """Fader, Hardie and Lee (2005), table 2; Fader and Hardie (2013), The Gamma-Gamma Model of Monetary Value."""
    for name, value in PUBLISHED.items():
        assert cdnow[name] == pytest.approx(value, abs=6e-4)
    assert cdnow["log_likelihood"] == pytest.approx(-9582.4, abs=0.05)
    assert [cdnow[name] for name in ("p", "q", "v")] == pytest.approx([6.25, 3.74, 15.44], abs=0.01)


def test_cdnow_has_the_parameters_that_lifetimes_finds(cdnow) -> None:
    for name, value in LIFETIMES_CDNOW.items():
        assert cdnow[name] == pytest.approx(value, rel=1e-5)


def test_cdnow_in_the_naive_unit_is_not_what_was_published() -> None:
    """The broken twin: weeks read as days. Rates are seven times too fast, and the published ones are missed."""
    sample = pd.read_csv(cdnow_files() / "cdnow_customers_summary.csv")
    rows = histories(sample["frequency"], sample["recency"], sample["T"], unit="days").merged()[0]
    twin = fit_orders(rows.to("weeks"), BG_NBD)
    assert twin.alpha == pytest.approx(PUBLISHED["alpha"] / 7, rel=1e-3)


def test_a_published_customer_is_expected_to_order_as_published() -> None:
    """Two repeat orders, the last after 30.43 of 38.86 weeks: 1.226 more within 39 weeks."""
    one = histories([2], [30.43], [38.86], unit="weeks")
    expected = expect_orders(CDNOW, one, Span(39, "weeks"))
    assert expected.orders[0] == pytest.approx(1.226, abs=0.001)
    assert expected.alive[0] == pytest.approx(0.7266, abs=0.0005)


def test_the_expectation_is_that_of_the_closed_formula() -> None:
    """Formula 10 of Fader, Hardie and Lee (2005)."""
    r, alpha, a, b = CDNOW.parameters
    x, last, tenure, t = np.array([0, 1, 4, 25]), np.array([0, 2, 20, 36.0]), np.array([30, 38, 27, 38.0]), 26.0
    series = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + tenure + t))
    above = (a + b + x - 1) / (a - 1) * (1 - ((alpha + tenure) / (alpha + tenure + t)) ** (r + x) * series)
    below = 1 + (x > 0) * a / (b + np.maximum(x, 1) - 1) * ((alpha + tenure) / (alpha + last)) ** (r + x)
    expected = expect_orders(CDNOW, histories(x, last, tenure, unit="weeks"), Span(t, "weeks"))
    assert expected.orders == pytest.approx(above / below, rel=1e-8)


def test_a_regular_customer_is_expected_to_order_as_simulated() -> None:
    fit = Fit(mbg_cnbd(3), 1.2, 5.0, 0.6, 2.5, unit="weeks", log_likelihood=0.0, n=1)
    rows = histories([3], [10.0], [15.0], unit="weeks")
    random, n = np.random.default_rng(1), 400_000
    # from the beginning: draw customers of the crowd, keep those who look like this one
    rate, leaving = random.gamma(fit.r, 1 / fit.alpha, n * 10), random.beta(fit.a, fit.b, n * 10)
    gaps = random.gamma(3, 1 / rate[:, None], (n * 10, 3))
    ends = gaps.sum(axis=1)
    survived = (random.uniform(size=(n * 10, 4)) >= leaving[:, None]).all(axis=1)
    alike = survived & (np.abs(ends - 10) < 0.5)
    nexts = random.gamma(3, 1 / rate[alike, None], (alike.sum(), 60)).cumsum(axis=1) + ends[alike, None] - 15
    quiet = nexts[:, 0] > 0
    coming = (nexts[quiet] <= 26) & (nexts[quiet] > 0)
    stays = random.uniform(size=coming.shape) >= leaving[alike][quiet][:, None]
    before = np.hstack([np.ones((quiet.sum(), 1), bool), stays.cumprod(axis=1)[:, :-1].astype(bool)])
    orders = (coming & before).sum(axis=1)
    expected = expect_orders(fit, rows, Span(26, "weeks")).orders_if_alive[0]
    assert expected == pytest.approx(orders.mean(), abs=5 * orders.std() / np.sqrt(len(orders)) + 0.05)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([BG_NBD, MBG_NBD, mbg_cnbd(2), mbg_cnbd(4)]),
    st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4),
)
def test_the_gradient_is_that_of_the_likelihood(model, point) -> None:
    likelihood = Likelihood(model, crowd(5, 300).to("weeks"))
    at, step = np.array(point), 1e-5
    slope = likelihood.value_and_gradient(at)[1]
    for number, way in enumerate(np.eye(4) * step):
        numeric = (likelihood.value(at + way) - likelihood.value(at - way)) / (2 * step)
        assert slope[number] == pytest.approx(numeric, rel=1e-4, abs=1e-2)


def test_a_likelihood_worked_by_hand() -> None:
    """One customer, one repeat order at 2 of 5 weeks, all four parameters 1: BG/NBD and MBG/NBD."""
    one = histories([1], [2.0], [5.0], unit="weeks")
    # B(1, 2)/B(1, 1) = 1/2, Γ(2)/Γ(1) = 1, (1 + 5)^-2; gone: 1/1 · (6/3)² = 4
    assert Likelihood(BG_NBD, one).value(np.zeros(4)) == pytest.approx(np.log(0.5 / 36 * (1 + 4)))
    # B(1, 3)/B(1, 1) = 1/3; gone: 1/2 · 4 = 2
    assert Likelihood(MBG_NBD, one).value(np.zeros(4)) == pytest.approx(np.log(1 / 3 / 36 * (1 + 2)))


@pytest.mark.parametrize("unit", ["weeks", "months", "years"])
def test_days_weeks_and_months_expect_the_same(unit) -> None:
    rows = crowd(20).merged()[0]
    in_days, in_unit = fit_orders(rows, mbg_cnbd(1)), fit_orders(rows.to(unit), mbg_cnbd(1))
    assert in_unit.alpha_days == pytest.approx(in_days.alpha_days, rel=1e-6)
    expected = [
        expect_orders(fit, rows.to(fit.unit), Span(26, "weeks")).orders @ rows.customers for fit in (in_days, in_unit)
    ]
    assert expected[0] == pytest.approx(expected[1], rel=1e-6)


def test_the_naive_unit_is_caught() -> None:
    """The broken twin: 26 weeks asked of a model in days as if they were 26 of its units."""
    rows = crowd(20).merged()[0]
    fit = fit_orders(rows, MBG_NBD)
    right = expect_orders(fit, rows, Span(26, "weeks")).orders @ rows.customers
    naive = expect_orders(fit, rows, Span(26, "days")).orders @ rows.customers
    assert right > 4 * naive
    with pytest.raises(ValueError, match="fitted in days"):
        expect_orders(fit, rows.to("weeks"), Span(26, "weeks"))


def test_who_came_once_is_certain_to_be_there_in_bg_nbd_only() -> None:
    """The twin that is always alive: BG/NBD, of someone who has not come again for a year."""
    once = histories([0], [0], [365])
    rows = crowd(22, leave_at_once=True, r=0.9).merged()[0]
    assert expect_orders(fit_orders(rows, BG_NBD), once, Span(26, "weeks")).alive[0] == 1.0
    assert expect_orders(fit_orders(rows, MBG_NBD), once, Span(26, "weeks")).alive[0] < 0.5


def test_merged_histories_have_the_same_fit() -> None:
    rows = crowd(20, 1500)
    merged, of = rows.merged()
    assert len(merged) < len(rows)
    assert merged.customers.sum() == len(rows)
    assert (merged.last[of] == rows.last).all()
    assert fit_orders(rows, BG_NBD).parameters == pytest.approx(fit_orders(merged, BG_NBD).parameters, rel=1e-5)


def test_regularity_is_found() -> None:
    for k in (1, 3):
        truth = {"r": 2.0, "alpha": 2.0 * k, "a": 0.8, "b": 8.0}
        rows = crowd(30 + k, 2500, k=k, leave_at_once=True, **truth).merged()[0]
        best = min(most_regular(rows, most=5), key=lambda fit: fit.bic)
        assert best.model.regularity == k or (k == 1 and best.model.regularity <= 2)


def test_many_histories_have_the_fit_of_all_not_of_a_part() -> None:
    random = np.random.default_rng(4)
    orders, last, tenure, gaps, *_ = draw_crowd(40_000, 40)
    last = np.where(orders > 0, last + random.uniform(-0.5, 0, len(last)), 0)  # no two alike
    rows = histories(orders, last, tenure, log_gaps=gaps)
    fit = fit_orders(rows, BG_NBD)
    slope = Likelihood(BG_NBD, rows).value_and_gradient(np.log(fit.parameters))[1]
    assert np.abs(slope / rows.n).max() < 1e-5


def test_too_few_customers_are_refused_with_what_is_needed() -> None:
    with pytest.raises(NotEnoughData, match="needs 30 customers, 10 of them with a repeat order, has 20"):
        fit_orders(crowd(20, 20), BG_NBD)
    with pytest.raises(NotEnoughData, match="has 40 and 0"):
        fit_orders(histories(np.zeros(40), np.zeros(40), np.full(40, 90)), MBG_NBD)


def test_impossible_histories_are_refused() -> None:
    with pytest.raises(ValueError, match="between the start and the end"):
        histories([1], [9], [5])
    with pytest.raises(ValueError, match="who has none has not"):
        histories([0], [3], [5])
    with pytest.raises(ValueError, match="0 or more days"):
        Span(-1, "days")
    with pytest.raises(ValueError, match="not in 'hours'"):
        Span(1, "hours")  # type: ignore[arg-type]


def test_money_in_cents_has_the_same_model() -> None:
    orders = draw_crowd(3000, 20)[0]
    value = draw_values(orders, 21)[orders > 0]
    dollars, cents = (fit_spend(orders[orders > 0], value * scale) for scale in (1, 100))
    assert (cents.p, cents.q, cents.v / 100) == pytest.approx((dollars.p, dollars.q, dollars.v), rel=1e-6)


def test_expected_spend_is_drawn_from_the_own_mean_toward_that_of_all() -> None:
    """By hand, p = 2, q = 3, v = 10: the mean of all is 10; of one order of 40, 2 (10 + 40)/(2 + 2) = 25."""
    orders = np.array([0, 1, 50])
    spend = replace(fit_spend(np.full(40, 2), np.linspace(5, 60, 40)), p=2.0, q=3.0, v=10.0)
    assert spend.mean == 10.0
    assert expect_spend(spend, orders, [0, 40, 40]) == pytest.approx([10, 25, 2 * (10 + 2000) / 102])
    assert expect_spend(spend, [3], [-25.0]) == pytest.approx(2 * 10 / 8)  # returns ate it up: counted as nothing


def test_orders_without_value_or_all_alike_have_no_model() -> None:
    with pytest.raises(ValueError, match="above 0"):
        fit_spend([1, 2], [5.0, -1.0])
    with pytest.raises(NotEnoughData, match="differ in value"):
        fit_spend(np.full(100, 3), np.full(100, 20.0))


def test_the_model_of_values_is_a_density() -> None:
    """Two customers worked through: the likelihood is that of gamma-gamma as written by Fader and Hardie (2013)."""
    from customer_patterns.outlook.value.spend import _likelihood, _rows

    x, z, (p, q, v) = np.array([1.0, 3.0]), np.array([12.0, 30.0]), (2.0, 3.0, 15.0)
    by_hand = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + (p * x - 1) * np.log(z)
    by_hand += p * x * np.log(x) - (p * x + q) * np.log(x * z + v)
    assert _likelihood(_rows(x, z, np.ones(2)), np.log([p, q, v]))[0] == pytest.approx(by_hand.sum())
