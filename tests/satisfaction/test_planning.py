"""How many to ask."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_patterns.satisfaction import response_rate, survey_plan
from customer_patterns.satisfaction.planning import _apart
from tests.satisfaction.sample_survey import sheets_of


def sheets(n: int = 400):
    overall = np.tile([25.0, 75.0], n // 2)  # a spread of 25 points
    return sheets_of({"price": overall}, overall=overall, recommendation=np.tile([10.0, 0.0], n // 2))


def test_answers_needed_by_hand():
    """Spread 25.03, margin 5: (1.96 × 25.03 / 5)² = 96.3, so 97; at 40 % 243 must be asked."""
    row = survey_plan(sheets(), 0.4, margins=[5.0], cost_per_invitation=2.0).set_index("score_name").loc["overall"]
    assert (row["answers"], row["asked"], row["cost"]) == (97, 243, 486.0)
    assert row["change"] == pytest.approx((1.959964 + 0.841621) * 25.0313 * np.sqrt(2 / 97), rel=1e-4)


def test_so_many_answers_give_the_margin():
    plan = survey_plan(sheets(), 0.5, margins=[4.0]).set_index("score_name").loc["NPS"]
    chance = np.random.default_rng(1)
    means = chance.choice([100.0, -100.0], (4000, int(plan["answers"]))).mean(axis=1)
    assert 0.93 < np.mean(np.abs(means) <= 4.0) < 0.97


def test_waves_lie_so_far_apart_that_nobody_is_asked_too_soon_and_a_year_costs_no_more():
    """Of 1,000 customers 243 a wave: four waves, 90 / 4 = 22.5 days; at 486 a wave and 1,000 a year 177.4 days."""

    def row(**limits) -> pd.Series:
        plan = survey_plan(sheets(), 0.4, margins=[5.0], cost_per_invitation=2.0, **limits)
        return plan.set_index("score_name").loc["overall"]

    assert row(reachable=1000)[["apart", "limited_by"]].tolist() == [23, "how often one may be asked"]
    held = row(reachable=1000, yearly_budget=1000.0)
    assert held[["apart", "limited_by"]].tolist() == [178, "the budget"]
    assert held["yearly_cost"] == pytest.approx(486 * 365 / 178)
    assert held["yearly_cost"] <= 1000
    assert pd.isna(row(reachable=242)["apart"])  # one such wave asks more than there are
    assert pd.isna(row(reachable=1000, yearly_budget=485.0)["apart"])
    assert pd.isna(row()["apart"])  # nobody knows how many can be reached


@given(st.integers(10, 400), st.integers(400, 5000), st.integers(1, 400))
def test_taken_in_turns_everybody_has_their_rest_and_a_day_less_between_waves_would_not_do(
    asked: int, reachable: int, rest: int
):
    apart, _ = _apart(asked, np.nan, reachable, rest, None)
    waves = np.arange(3 * reachable) // asked  # customers in turns, so many a wave
    first, again = waves[:reachable], waves[reachable : 2 * reachable]
    shortest = int((again - first).min())
    assert shortest * apart >= rest
    assert shortest * (apart - 1) < rest


def test_unknown_response_leaves_the_asked_blank():
    plan = survey_plan(sheets(), np.nan, margins=[5.0])
    assert plan[["asked", "cost"]].isna().all(axis=None)
    assert plan["answers"].notna().all()


@pytest.mark.parametrize(("rate", "margins"), [(0.0, [5.0]), (1.2, [5.0]), (0.5, [0.0])])
def test_impossible_wishes_are_refused(rate: float, margins: list[float]):
    with pytest.raises(ValueError, match="above 0"):
        survey_plan(sheets(), rate, margins=margins)
    with pytest.raises(ValueError, match="above 0"):
        survey_plan(sheets(), 0.5, rest_days=0)


def test_answers_all_alike_need_no_plan():
    assert survey_plan(sheets_of({"price": np.full(50, 5.0)}, overall=np.full(50, 75.0)), 0.5).empty


def test_the_rate_is_that_of_closed_waves():
    waves = pd.DataFrame({"status": ["closed", "still open"], "n": [200, 100], "answered": [80, 1]})
    assert response_rate(waves) == 0.4
    assert np.isnan(response_rate(waves.iloc[:0]))
