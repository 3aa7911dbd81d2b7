"""Importance of dimensions: exact shares, truth recovered, what cannot be told apart."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_patterns.satisfaction import drivers, shapley_shares
from tests.satisfaction.sample_survey import sheets_of

WEIGHTS = np.array([0.35, 0.25, 0.25, 0.15, 0.0])


def r_squared(covariance: np.ndarray, subset: list[int]) -> float:
    if not subset:
        return 0.0
    own, outcome = covariance[np.ix_(subset, subset)], covariance[subset, -1]
    return float(outcome @ np.linalg.solve(own, outcome) / covariance[-1, -1])


def by_orderings(covariance: np.ndarray) -> np.ndarray:
    """LMG as its authors define it: what a predictor adds, averaged over all orders."""
    k = len(covariance) - 1
    added = np.zeros(k)
    orders = list(permutations(range(k)))
    for order in orders:
        for place, one in enumerate(order):
            added[one] += r_squared(covariance, sorted(order[: place + 1])) - r_squared(
                covariance, sorted(order[:place])
            )
    added /= len(orders)
    return added / added.sum()


def planted_covariance(halo: float = 0.5) -> np.ndarray:
    """Five dimensions with a halo, and an outcome made of them: one dimension without effect."""
    own = np.full((5, 5), halo) + (1 - halo) * np.eye(5)
    outcome = own @ WEIGHTS
    variance = WEIGHTS @ own @ WEIGHTS / 0.6
    return np.block([[own, outcome[:, None]], [outcome[None, :], np.array([[variance]])]])


def planted_sheets(n: int, *, halo: float = 0.5, seed: int = 2, **options):
    columns = 60 + 10 * np.random.default_rng(seed).multivariate_normal(np.zeros(6), planted_covariance(halo), n)
    names = ["quality", "price", "attitude", "speed", "store"]
    return sheets_of(dict(zip(names, columns[:, :5].T, strict=True)), overall=columns[:, 5], **options)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_shares_are_those_of_the_orderings(seed, k):
    root = np.random.default_rng(seed).normal(size=(k + 1, k + 4))
    covariance = root @ root.T
    importance, alone, total = shapley_shares(covariance[None])
    assert importance[0] == pytest.approx(by_orderings(covariance), abs=1e-9)
    assert importance.sum() == pytest.approx(1)
    assert total[0] == pytest.approx(r_squared(covariance, list(range(k))))
    assert alone[0, 0] == pytest.approx(total[0] - r_squared(covariance, list(range(1, k))), abs=1e-9)


def test_two_correlated_predictors_by_hand():
    """Correlations 0.6 and 0.5 with the outcome, 0.4 with each other.

    R² of both: (0.36 + 0.25 - 2 × 0.6 × 0.5 × 0.4) / (1 - 0.16) = 0.37 / 0.84 = 0.4405. The first adds 0.36 first and
    0.4405 - 0.25 = 0.1905 last, in the mean 0.2752; the second 0.25 and 0.0805, in the mean 0.1652.
    """
    covariance = np.array([[[1, 0.4, 0.6], [0.4, 1, 0.5], [0.6, 0.5, 1]]])
    importance, alone, total = shapley_shares(covariance)
    assert total[0] == pytest.approx(0.4405, abs=1e-4)
    assert (importance * total)[0].tolist() == pytest.approx([0.2752, 0.1652], abs=1e-4)
    assert alone[0].tolist() == pytest.approx([0.1905, 0.0805], abs=1e-4)


def test_planted_shares_are_found_and_slopes_alone_would_miss_them():
    truth = by_orderings(planted_covariance())
    sheets = planted_sheets(6000)
    table, _ = drivers(sheets)
    found = table.set_index("dimension")["importance"][sheets.dimensions].to_numpy()
    assert np.abs(found - truth).mean() <= 0.03
    low, high = (table.set_index("dimension")[f"importance_{end}"][sheets.dimensions] for end in ("low", "high"))
    assert ((low <= truth) & (truth <= high)).sum() >= 4
    # the broken twin: squared slopes, as if dimensions were uncorrelated
    slopes = np.linalg.lstsq(sheets.scores.to_numpy() - 60, sheets.rows["overall"].to_numpy() - 60, rcond=None)[0]
    assert np.abs(slopes**2 / (slopes**2).sum() - truth).mean() > 0.05


def test_a_dimension_without_effect_shares_in_the_halo_but_explains_nothing_of_its_own():
    table = drivers(planted_sheets(4000))[0].set_index("dimension")
    assert table.loc["store", "importance"] > 0.05
    assert table.loc["store", "alone"] < 0.005
    assert table.loc["price", "alone"] > 0.02
    assert table["rank"].to_dict()["store"] == 5


def test_dimensions_of_equal_weight_are_not_told_apart_and_unequal_ones_are():
    _, pairs = drivers(planted_sheets(4000))
    verdict = {frozenset((row["dimension"], row["other"])): row["verdict"] for _, row in pairs.iterrows()}
    assert len(verdict) == 10
    assert verdict[frozenset(("price", "attitude"))] == "not told apart"
    assert verdict[frozenset(("quality", "store"))] == "told apart"
    assert (pairs["difference"] >= 0).all()


def test_a_quadrant_is_as_likely_as_the_data_say():
    alike = drivers(planted_sheets(4000))[0]
    assert (alike["quadrant_probability"] < 0.99).any()  # all perform alike
    lifted = planted_sheets(4000)
    lifted.scores["quality"] -= 8
    row = drivers(lifted)[0].set_index("dimension").loc["quality"]
    assert (row["quadrant"], row["quadrant_probability"]) == ("look here first", 1.0)


@pytest.mark.parametrize("case", ["few", "all equal", "one dimension", "nobody"])
def test_where_nothing_can_be_said_there_are_no_rows(case):
    sheets = {
        "few": lambda: planted_sheets(60),
        "all equal": lambda: sheets_of({"a": np.full(200, 50.0), "b": np.full(200, 50.0)}, overall=np.full(200, 75.0)),
        "one dimension": lambda: sheets_of({"a": np.arange(200.0)}, overall=np.arange(200.0)),
        "nobody": lambda: planted_sheets(200, customers=np.full(200, "anna")),
    }[case]()
    assert [len(table) for table in drivers(sheets)] == [0, 0]


def test_neither_names_nor_the_order_of_sheets_change_anything():
    sheets = planted_sheets(300)
    turned = planted_sheets(300)
    order = np.random.default_rng(0).permutation(300)
    turned = turned.where(np.ones(300, dtype=bool))
    turned = type(turned)(
        turned.rows.iloc[order].reset_index(drop=True).assign(customer_id=[f"x{n}" for n in range(300)]),
        turned.items,
        turned.points[order],
        turned.scores.iloc[order].reset_index(drop=True),
    )
    assert drivers(sheets)[0].round(9).equals(drivers(turned)[0].round(9))
