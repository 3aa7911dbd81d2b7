"""Whether customers buy more or less: slopes as a regression finds them, intervals that hold."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from customer_patterns.patterns.preferences import (
    Weeks,
    count_trends,
    count_weeks,
    group_trends,
    loyalty_trends,
    read_orders,
    tables,
)

TIME = -np.arange(52) / 13


def weeks_of(counts: np.ndarray, *, weeks: int | np.ndarray = 52) -> Weeks:
    bought = {measure: counts.astype(float) for measure in tables.MEASURES}
    names = np.array([f"c{n:04d}" for n in range(len(counts))], dtype=object)
    return Weeks(names, bought, np.broadcast_to(weeks, len(counts)).astype(np.int64))


def draw(seed: int, slopes: np.ndarray, *, scatter: float = 0.0) -> np.ndarray:
    random = np.random.default_rng(seed)
    rate = random.gamma(2, 0.5, (len(slopes), 1)) * np.exp(slopes[:, None] * TIME)
    if scatter:
        rate = rate * np.repeat(random.gamma(1 / scatter, scatter, (len(slopes), 13)), 4, axis=1)
    return random.poisson(rate)


def test_a_group_slope_is_that_of_a_regression_with_a_level_for_each_customer() -> None:
    counts = draw(1, np.full(14, 0.2))
    counts = counts[counts.sum(axis=1) > 0]
    found = group_trends(
        weeks_of(counts), pd.DataFrame({"customer_id": [f"c{n:04d}" for n in range(14)], "segment": "g"})
    )
    row = found.set_index("measure").loc[tables.ORDERS]
    _, slope, error = poisson_regression(counts)
    assert np.log(row["own_change"]) == pytest.approx(slope, abs=1e-4)
    assert np.log(row["own_change_high"]) == pytest.approx(slope + 1.95996 * error, abs=1e-3)


def poisson_regression(counts: np.ndarray) -> tuple[np.ndarray, float, float]:
    """A level for each customer and one slope, all at once, with the sandwich by customer."""
    many = len(counts)

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        log = at[:-1, None] + at[-1] * TIME
        off = np.exp(log) - counts
        return float((np.exp(log) - counts * log).sum()), np.r_[off.sum(axis=1), (off * TIME).sum()]

    fit = minimize(loss, np.r_[np.log(counts.mean(axis=1)), 0.0], jac=True, method="BFGS", options={"gtol": 1e-7}).x
    expected = np.exp(fit[:-1, None] + fit[-1] * TIME)
    bread = np.zeros((many + 1, many + 1))
    bread[range(many), range(many)] = expected.sum(axis=1)
    bread[-1, :-1] = bread[:-1, -1] = expected @ TIME
    bread[-1, -1] = (expected * TIME**2).sum()
    scores = np.column_stack([np.diag((counts - expected).sum(axis=1)), (counts - expected) @ TIME])
    inverse = np.linalg.inv(bread)
    variance = inverse @ (scores.T @ scores * many / (many - 1)) @ inverse
    return np.exp(fit[:-1]), float(fit[-1]), float(np.sqrt(variance[-1, -1]))


def test_a_customers_slope_is_nearly_that_of_a_regression() -> None:
    counts = draw(2, np.linspace(-0.3, 0.3, 8)) + 2
    found = loyalty_trends(weeks_of(counts)).set_index(["measure", "customer_id"])
    for n in range(8):
        _, slope, _ = poisson_regression(np.stack([counts[n], counts[n]]))
        own = np.log(found.loc[(tables.ORDERS, f"c{n:04d}"), "own_change"])
        assert own == pytest.approx(slope, abs=0.01)  # the penalty for small numbers moves it a little


@pytest.mark.parametrize("scatter", [0.0, 0.5])
def test_intervals_hold_the_slopes_that_were_drawn(scatter: float, keeps) -> None:
    slopes = np.random.default_rng(3).normal(0.05, 0.2, 800)
    found = loyalty_trends(weeks_of(draw(4, slopes, scatter=scatter)))
    keeps(found, tables.LOYALTY_TRENDS)
    rows = found[found["measure"] == tables.ORDERS]
    true = slopes[[int(key[1:]) for key in rows["customer_id"]]]
    held = [
        (np.log(rows[f"{name}_low"]) <= true) & (true <= np.log(rows[f"{name}_high"]))
        for name in ("own_change", "change")
    ]
    assert 0.925 < held[0].mean() < 0.98
    assert 0.90 < held[1].mean() < 0.98  # by trial 93 to 95 in a hundred
    # Drawn toward all they are nearer to the truth than by themselves, and hardly any trend goes the wrong way.
    errors = [np.abs(np.log(rows[name]) - true).clip(upper=5).mean() for name in ("own_change", "change")]
    assert errors[1] < 0.8 * errors[0]
    sure = rows["verdict"] != tables.UNCLEAR
    wrong = ((rows["verdict"] == tables.RISING) & (true < 0)) | ((rows["verdict"] == tables.FALLING) & (true > 0))
    assert wrong.sum() <= max(0.04 * sure.sum(), 2)


def test_trends_of_nobody_are_not_named_where_there_are_none() -> None:
    counts = draw(5, np.zeros(600), scatter=0.5)
    found = loyalty_trends(weeks_of(counts))
    assert (found["verdict"] != tables.UNCLEAR).mean() < 0.01
    # The broken twin takes counts for Poisson and one customer at a time: it finds trends in scatter.
    total = counts.sum(axis=1)
    kept = total > 0
    mean = (counts[kept] @ TIME) / total[kept]
    z = (mean - TIME.mean()) / np.sqrt(TIME.var() / total[kept])
    assert (np.abs(z) > 1.96).mean() > 0.15


def test_groups_are_found_and_small_ones_not_shown(keeps) -> None:
    slopes = np.r_[np.full(60, 0.25), np.full(60, 0.0), np.full(60, -0.25), np.full(8, 1.0)]
    names = [f"c{n:04d}" for n in range(len(slopes))]
    groups = pd.DataFrame({"customer_id": names, "segment": [*("abc"[n // 60] for n in range(180)), *"ddddeeee"]})
    found = group_trends(weeks_of(draw(6, slopes, scatter=0.3)), groups)
    keeps(found, tables.GROUP_TRENDS)
    rows = found[found["measure"] == tables.ORDERS].set_index("segment")
    assert rows.at["a", "change_low"] > 1 > rows.at["c", "change_high"]
    assert rows.at["d", "suppressed"] == "too few"
    assert np.isnan(rows.at["d", "change"])


def test_weeks_are_counted_back_from_the_last_day(table) -> None:
    names = ("order_id", "customer_id", "product_id", "ordered_on", "revenue", "line_kind")
    rows = [
        ("1", "a", "p", "2017-01-02", 1.0, "goods"),
        ("2", "a", "p", "2017-01-28", 2.5, "goods"),
        ("2", "a", "q", "2017-01-28", 1.0, "goods"),
        ("3", "a", "p", "2017-01-22", 4.0, "goods"),
        ("4", "a", "p", "2017-01-28", 9.0, "fuel"),
        ("5", "a", "p", "2017-02-01", 9.0, "goods"),
        ("6", "b", "r", "2017-01-21", -3.0, "goods"),
    ]
    products = table("p", ("product_id", "category"), [("p", "X"), ("q", "Y"), ("r", "unknown")])
    lines = table("l", names, rows)
    lines = lines.mutate(ordered_at=lines.ordered_on.cast("timestamp(6)"), quantity=1)
    orders = read_orders(lines, products, last_day=date(2017, 12, 31), time_zone="UTC")
    found = count_weeks(orders, first_day=date(2017, 1, 1), last_day=date(2017, 1, 28))
    assert list(found.customers) == ["a", "b"]
    assert found.weeks.tolist() == [3, 1]  # weeks after the one of the first order
    assert found.bought[tables.ORDERS].tolist() == [[2, 0, 0, 1], [0, 1, 0, 0]]
    assert found.bought[tables.SPEND].tolist() == [[750, 0, 0, 100], [0, 0, 0, 0]]
    assert found.bought[tables.CATEGORIES].tolist() == [[2, 0, 0, 1], [0, 0, 0, 0]]


def test_newcomers_and_the_silent_have_no_trend() -> None:
    assert loyalty_trends(weeks_of(draw(7, np.zeros(20)), weeks=5)).empty
    assert loyalty_trends(weeks_of(np.zeros((5, 52)))).empty
    assert group_trends(weeks_of(np.zeros((5, 52))), pd.DataFrame({"customer_id": ["c0000"], "segment": ["g"]})).empty


def test_all_in_one_week_stays_finite() -> None:
    counts = np.zeros((30, 52))
    counts[:, 3] = 2
    counts[0, :] = 0
    counts[0, 51] = 3
    found = loyalty_trends(weeks_of(counts))
    assert np.isfinite(found[["own_change", "change", "change_low", "change_high"]]).all().all()


def test_trends_are_counted_both_ways(keeps) -> None:
    verdicts = [tables.RISING] * 3 + [tables.FALLING] + [tables.UNCLEAR] * 16
    found = count_trends(pd.DataFrame({"measure": tables.ORDERS, "verdict": verdicts}))
    keeps(found.sort_values(list(tables.TREND_COUNTS.key), ignore_index=True), tables.TREND_COUNTS)
    assert found[["verdict", "share", "n"]].to_numpy().tolist() == [
        [tables.RISING, pytest.approx(0.15), 20],
        [tables.FALLING, pytest.approx(0.05), 20],
    ]
