"""What a customer prefers, and whether that foretells what is bought later."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from customer_patterns.patterns.preferences import (
    preference_forecasts,
    preference_strength,
    preference_table,
    tables,
)
from tests.patterns.preferences.conftest import choices_of, simulate


def test_the_largest_shares_are_kept_and_equal_ones_keep_their_order(keeps) -> None:
    choices = choices_of(
        [
            ("a", "2017-01-01", {"x": 3, "y": 1, "z": 1}),
            ("b", "2017-01-01", {"y": 2, "x": 2}),
            ("b", "2017-01-03", {"z": 2}),
        ]
    )
    found = preference_table(choices, most=2)
    keeps(found, tables.PREFERENCES)
    of_a = found[found["customer_id"] == "a"].set_index("value")
    assert of_a.loc["x", ["bought", "n", "place", "raw_share"]].tolist() == [3, 5, 1, 0.6]
    assert set(found.groupby("customer_id").size()) == {2}


def test_shares_by_hand() -> None:
    choices = simulate(5, customers=60)
    population, clumping = choices.population, choices.clumping
    row = preference_table(choices).iloc[0]
    s, share = population.concentration, row["population_share"]
    assert row["share"] == pytest.approx((row["bought"] / clumping + s * share) / (row["n"] / clumping + s))
    assert row["share_low"] < row["share"] < row["share_high"]


def test_shares_drawn_foretell_better_than_raw_ones_and_than_everybodys(keeps) -> None:
    choices = simulate(6, customers=300)
    found = preference_forecasts(choices.between(last=date(2017, 7, 1)), choices.between(first=date(2017, 7, 2)))
    keeps(found, tables.PREFERENCE_FORECASTS)
    rows = found.set_index("forecast")
    assert rows.at[tables.OWN_DRAWN, "worse_by"] == 0
    # The broken twins: no shrinkage, and nothing of the customer's own.
    assert rows.at[tables.OWN_RAW, "worse_by_low"] > 0
    assert rows.at[tables.POPULATION, "worse_by_low"] > 0


def test_alike_customers_have_no_preferences() -> None:
    alike, apart = simulate(7, concentration=1e5), simulate(7, concentration=3)
    assert preference_strength(apart).iloc[0]["with_preference"] > 0.7
    assert preference_strength(alike).iloc[0]["with_preference"] < 0.05
    # The broken twin calls whatever a customer bought more of than others a preference.
    table = preference_table(alike, most=12)
    more = table["raw_share"] > 1.2 * table["population_share"]
    assert more.groupby(table["customer_id"]).any().mean() > 0.9


def test_clumped_purchases_do_not_look_like_more_evidence() -> None:
    single, clumped = simulate(8, concentration=8), simulate(8, concentration=8, clumped=5)
    one, five = (preference_strength(choices).iloc[0] for choices in (single, clumped))
    assert five["half_own"] == pytest.approx(5 * one["half_own"], rel=0.25)
    assert abs(five["with_preference"] - one["with_preference"]) < 0.1


def test_nobody_who_came_back_foretells_nothing() -> None:
    choices = choices_of([("a", "2017-01-01", {"x": 1}), ("b", "2017-08-01", {"y": 1})])
    early, late = choices.between(last=date(2017, 7, 1)), choices.between(first=date(2017, 7, 2))
    found = preference_forecasts(early, late)
    assert found["log_loss"].isna().all() or found.empty
    assert preference_forecasts(choices.between(last=date(2016, 1, 1)), late).empty


def test_rows_in_another_order_change_nothing() -> None:
    choices = simulate(9, customers=20)
    assert preference_table(choices).equals(preference_table(simulate(9, customers=20)))
    with pytest.raises(ValueError, match="at least"):
        preference_table(choices, most=0)
    assert np.isfinite(preference_table(choices)["share"]).all()
