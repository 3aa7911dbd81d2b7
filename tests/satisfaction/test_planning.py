"""How many to ask."""

from __future__ import annotations

import numpy as np
import pytest

from customer_patterns.satisfaction import response_rate, survey_plan
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


def test_unknown_response_leaves_the_asked_blank():
    plan = survey_plan(sheets(), np.nan, margins=[5.0])
    assert plan[["asked", "cost"]].isna().all(axis=None)
    assert plan["answers"].notna().all()


@pytest.mark.parametrize(("rate", "margins"), [(0.0, [5.0]), (1.2, [5.0]), (0.5, [0.0])])
def test_impossible_wishes_are_refused(rate: float, margins: list[float]):
    with pytest.raises(ValueError, match="above 0"):
        survey_plan(sheets(), rate, margins=margins)


def test_answers_all_alike_need_no_plan():
    assert survey_plan(sheets_of({"price": np.full(50, 5.0)}, overall=np.full(50, 75.0)), 0.5).empty


def test_the_rate_is_that_of_closed_waves():
    import pandas as pd

    waves = pd.DataFrame({"status": ["closed", "still open"], "n": [200, 100], "answered": [80, 1]})
    assert response_rate(waves) == 0.4
    assert np.isnan(response_rate(waves.iloc[:0]))
