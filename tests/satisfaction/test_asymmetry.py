"""Penalties and rewards."""

from __future__ import annotations

import numpy as np
import pytest

from customer_patterns.satisfaction import drawn_slopes, penalties_and_rewards
from tests.satisfaction.sample_survey import sheets_of


def planted(n: int, slopes: dict[str, tuple[float, float]], *, seed: int = 1, noise: float = 8.0):
    """Contentment overall falls by one slope below 60 points and rises by another above; dimensions go together."""
    chance = np.random.default_rng(seed)
    common = chance.normal(size=n)
    scores, overall = {}, np.full(n, 60.0)
    for name, (below, above) in slopes.items():
        scores[name] = 60 + 12 * (0.6 * common + 0.8 * chance.normal(size=n))
        away = scores[name] - np.median(scores[name])
        overall = overall + below * np.minimum(away, 0) + above * np.maximum(away, 0)
    return sheets_of(scores, overall=overall + noise * chance.normal(size=n))


SLOPES = {"price": (0.4, 0.05), "quality": (0.3, 0.3), "delivery": (0.05, 0.4), "store": (0.0, 0.0)}


def test_each_kind_is_told():
    found = penalties_and_rewards(planted(3000, SLOPES)).set_index("dimension")
    assert found["kind"].to_dict() == {
        "price": "must-be",
        "quality": "performance",
        "delivery": "delight",
        "store": "no effect found",
    }
    assert found.loc["price", "penalty_low"] <= 4.0 <= found.loc["price", "penalty_high"]


def test_slopes_without_noise_are_exact():
    found = penalties_and_rewards(planted(400, SLOPES, noise=0.0)).set_index("dimension")
    assert found.loc["price", ["penalty", "reward"]].tolist() == pytest.approx([4.0, 0.5], abs=1e-6)


def test_one_line_for_both_sides_is_not_called_lopsided():
    straight = {name: (0.3, 0.3) for name in SLOPES}
    kinds = [kind for seed in range(12) for kind in penalties_and_rewards(planted(600, straight, seed=seed))["kind"]]
    assert sum(kind in ("must-be", "delight") for kind in kinds) <= 2


def test_one_dimension_at_a_time_would_find_effects_that_are_not_there():
    """The broken twin looks at each dimension alone: whatever goes with price goes with contentment."""
    sheets = planted(3000, SLOPES)
    alone = np.corrcoef(sheets.scores["store"], sheets.rows["overall"])[0, 1]
    assert alone > 0.1
    found = penalties_and_rewards(sheets).set_index("dimension").loc["store"]
    assert found["penalty_low"] <= 0 <= found["penalty_high"]


def test_drawn_slopes_have_two_rows_each():
    table = penalties_and_rewards(planted(500, SLOPES))
    assert list(drawn_slopes(table)["side"][:2]) == ["below the median", "above the median"]
    assert len(drawn_slopes(table)) == 8


@pytest.mark.parametrize("n", [10, 80])
def test_few_sheets_say_nothing(n: int):
    assert penalties_and_rewards(planted(n, SLOPES)).empty


def test_a_dimension_in_which_all_answer_alike_says_nothing():
    sheets = planted(500, SLOPES)
    sheets.scores["price"] = 50.0
    assert penalties_and_rewards(sheets).empty
