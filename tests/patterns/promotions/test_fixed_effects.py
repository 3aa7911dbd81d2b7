"""A factor given each group and each week: by hand, by another program, in 300 planted panels, and two broken twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.estimates import NotEnoughData
from customer_patterns.patterns.promotions.fixed_effects import Effects, estimate_effects

#: Twelve groups in six weeks, two exposures, clusters of two groups.
Y = "201013 101112 312000 012200 111230 010200 122103 635514 321302 311002 322030 500101"
X = "010110 000010 100011 110010 010010 001000 010001 101000 100101 000001 110100 110111"
Z = "102220 202211 200102 210210 120212 221120 012220 002102 121020 021102 121222 021101"


def table(rows: str) -> np.ndarray:
    return np.array([[float(cell) for cell in row] for row in rows.split()])


def panel(seed: int, *, effect: float, groups: int = 80, weeks: int = 26) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw products in stores; promotions come in the high season, and products differ in how they scatter."""
    random = np.random.default_rng(seed)
    cluster = np.arange(groups) // 2
    season = np.sin(2 * np.pi * np.arange(weeks) / weeks)
    promoted = (random.random((groups, weeks)) < 0.1 + 0.25 * (season > 0)).astype(float)
    shock = random.gamma(2, 0.5, (groups // 2, weeks))[cluster]  # stores share what happens to a product
    level = np.exp(random.normal(0, 1, (groups, 1)) + 0.5 * season + effect * promoted)
    return random.poisson(level * shock).astype(float), promoted[None], cluster


def test_in_two_weeks_it_is_the_ratio_of_ratios() -> None:
    # Sales go from 4 to 6 where nothing happens, and from 5 to 15 where there is a promotion: 3 over 1.5.
    y = np.array([[4.0, 6.0], [5.0, 15.0]] * 5)
    x = np.array([[[0.0, 0.0], [0.0, 1.0]] * 5])
    found = estimate_effects(y, x, clusters=np.repeat(np.arange(5), 2)).factors()
    assert found.value[0] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("seasons", "logs", "errors"),
    [
        (1, [0.21686878853856167, -0.11212885278123835], [0.16374114885568208, 0.04409768967277933]),
        (2, [0.3299277829478892, -0.12208765162359776], [0.2871519080490296, 0.04015844707093755]),
    ],
)
def test_it_is_what_a_generalized_linear_model_with_dummies_finds(
    seasons: int, logs: list[float], errors: list[float]
) -> None:
    # statsmodels 0.15.0, GLM Poisson "y ~ x + z + C(group):C(season) + C(week)", cov_type cluster without correction
    found = estimate_effects(table(Y), np.stack([table(X), table(Z)]), clusters=np.arange(12) // 2, seasons=seasons)
    assert found.logs == pytest.approx(logs, abs=1e-7)
    assert np.sqrt(np.diag(found.covariance) * 5 / 6) == pytest.approx(errors, abs=1e-7)  # ours times 6 / (6 - 1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50))
def test_neither_order_of_groups_nor_the_unit_changes_a_factor(seed: int, unit: float) -> None:
    y, x, clusters = panel(seed, effect=0.3, groups=14, weeks=8)
    order = np.random.default_rng(seed).permutation(14)
    plain = estimate_effects(y, x, clusters=clusters)
    other = estimate_effects(unit * y[order], x[:, order], clusters=clusters[order])
    assert other.logs == pytest.approx(plain.logs, abs=1e-6, nan_ok=True)
    assert other.covariance.ravel() == pytest.approx(plain.covariance.ravel(), abs=1e-6, nan_ok=True)


def test_a_group_without_anything_says_nothing() -> None:
    y, x, clusters = panel(1, effect=0.3, groups=20, weeks=8)
    empty = np.zeros((1, 8))
    more = estimate_effects(
        np.vstack([y, empty]), np.concatenate([x, 1 + empty[None]], axis=1), clusters=np.r_[clusters, 99]
    )
    assert more.logs == pytest.approx(estimate_effects(y, x, clusters=clusters).logs)


def test_what_the_data_cannot_tell_is_missing_and_the_rest_is_as_without_it() -> None:
    y, x, clusters = panel(2, effect=0.3, groups=20, weeks=8)
    always = np.broadcast_to((np.arange(20) % 2)[:, None], y.shape)[None]  # does not vary within a group
    everywhere = np.broadcast_to((np.arange(8) % 2)[None, :], y.shape)[None]  # nor within a week
    never = np.zeros((1, *y.shape))
    found = estimate_effects(y, np.concatenate([x, always, everywhere, 2 * x, never]), clusters=clusters)
    assert np.isnan(found.logs).tolist() == [False, True, True, True, True]
    assert found.logs[0] == pytest.approx(estimate_effects(y, x, clusters=clusters).logs[0])


def test_an_exposure_in_which_nothing_was_ever_sold_has_no_factor() -> None:
    y, _, clusters = panel(3, effect=0.0, groups=20, weeks=8)
    x = (y == 0)[None].astype(float)
    assert np.isnan(estimate_effects(y, x, clusters=clusters).logs).all()


def test_four_products_do_not_speak_for_all() -> None:
    y, x, clusters = panel(4, effect=0.3, groups=8, weeks=8)
    with pytest.raises(NotEnoughData, match="5 clusters"):
        estimate_effects(y, x, clusters=clusters)


def test_negative_sales_are_refused() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        estimate_effects(np.array([[-1.0, 2.0]]), np.zeros((1, 1, 2)), clusters=np.zeros(1, dtype=int))


def test_a_joint_test_of_one_exposure_is_its_own_test() -> None:
    found = Effects(np.array([0.2]), np.array([[0.01]]), clusters=20, weeks=np.zeros(3))
    # t = 2 with 19 degrees of freedom: two-sided p of 0.0600
    assert found.none_of(np.array([0])) == pytest.approx(0.0600, abs=1e-4)
    # 0.2 ± 2.0930 · 0.1
    assert found.factors().low[0] == pytest.approx(np.exp(0.2 - 2.0930 * 0.1), abs=1e-4)


def test_the_mean_of_two_weeks_is_their_geometric_mean() -> None:
    found = Effects(np.log([2.0, 8.0]), np.eye(2) * 0.01, clusters=100, weeks=np.zeros(3))
    assert found.combined([[0.5, 0.5], [1, -1]]).value == pytest.approx([4.0, 0.25])


def covered(seeds: range, estimate) -> float:
    hits = []
    for seed in seeds:
        low, high = estimate(*panel(seed, effect=0.4))
        hits.append(low <= np.exp(0.4) <= high)
    return float(np.mean(hits))


def ours(y: np.ndarray, x: np.ndarray, clusters: np.ndarray) -> tuple[float, float]:
    found = estimate_effects(y, x, clusters=clusters).factors()
    return found.low[0], found.high[0]


def without_weeks(y: np.ndarray, x: np.ndarray, clusters: np.ndarray) -> tuple[float, float]:
    """A broken twin: sales with promotion by sales without, group by group, no matter when."""
    weeks = np.arange(y.shape[1])
    shuffled = np.stack([np.random.default_rng(row).permutation(weeks) for row in range(len(y))])
    y, x = np.take_along_axis(y, shuffled, 1), np.take_along_axis(x[0], shuffled, 1)[None]
    return ours(y, x, clusters)


def each_row_for_itself(y: np.ndarray, x: np.ndarray, clusters: np.ndarray) -> tuple[float, float]:
    """Another: every sale an independent draw of a Poisson distribution (the error that the model alone would give)."""
    found = estimate_effects(y, x, clusters=clusters)
    from customer_patterns.patterns.promotions.fixed_effects import _Newton, in_seasons

    step = _Newton(in_seasons(y, 1), in_seasons(x, 1))
    step.converge()
    error = float(np.sqrt(np.linalg.inv(step.information)[0, 0]))
    return float(np.exp(found.logs[0] - 1.96 * error)), float(np.exp(found.logs[0] + 1.96 * error))


def test_intervals_hold_the_planted_factor_and_the_twins_do_not() -> None:
    assert 0.91 <= covered(range(300), ours) <= 0.98
    assert covered(range(60), without_weeks) < 0.75
    assert covered(range(60), each_row_for_itself) < 0.85
