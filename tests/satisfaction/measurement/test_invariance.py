"""Do the items mean the same to all groups?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from customer_patterns.satisfaction.measurement import invariance, say_where_incomparable
from customer_patterns.satisfaction.measurement.fitting import see, worse
from customer_patterns.satisfaction.measurement.one_factor import INTERCEPTS, STEPS, fit_step
from customer_patterns.satisfaction.measurement.ordinal import ordinal_statistics
from tests.satisfaction.measurement.answered import CUTS, cut, latent, survey

LOADINGS = {"price": [0.8, 0.75, 0.7]}
NOBODY = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "value_level": pd.Series(dtype="str")})


def in_waves(*, seed: int, n: int = 700, shifts: dict[int, float] | None = None, loading: float | None = None):
    """Three waves; contentment itself rises and spreads in the later ones, which breaks nothing."""
    parts = []
    for wave in range(3):
        planted = {"price": [loading, 0.75, 0.7]} if loading and wave == 1 else LOADINGS
        values = latent(n, planted, seed=100 * seed + wave, mean=0.3 * (wave > 0))
        for item, by in (shifts or {}).items():
            values[:, item] += by * (wave == 1)
        parts.append(cut(values))
    waves = np.repeat(["2017-1", "2017-2", "2017-3"], n)
    return survey(np.vstack(parts), LOADINGS, waves=waves)


def by_wave(sheets) -> pd.Series:
    table = invariance(sheets, NOBODY)
    return table[table["grouping"] == "waves"].iloc[0]


def test_waves_that_differ_in_contentment_alone_are_comparable() -> None:
    verdicts = [by_wave(in_waves(seed=seed))["verdict"] for seed in range(12)]
    assert verdicts.count("comparable") >= 11


def test_an_item_on_shifted_thresholds_is_named() -> None:
    found = [by_wave(in_waves(seed=seed, shifts={1: -0.7})) for seed in range(6)]
    assert [row["verdict"] for row in found] == ["comparable without some items"] * 6
    assert {row["items"] for row in found} == {"price_2"}


def test_an_item_that_goes_with_the_others_less_is_named() -> None:
    found = [by_wave(in_waves(seed=seed, n=1500, loading=0.35)) for seed in range(6)]
    assert sum(row["items"] == "price_1" for row in found) >= 5


def test_where_most_items_move_nothing_may_be_compared() -> None:
    found = by_wave(in_waves(seed=1, shifts={0: -0.8, 1: 0.9}))
    assert found["verdict"] == "not comparable"
    assert found["step"] == "intercepts"


def test_a_comparison_of_means_would_have_passed_it() -> None:
    """The broken twin looks only at whether items go together as well in every wave."""
    sheets = in_waves(seed=2, shifts={1: -0.7})
    alphas = []
    for wave in sheets.waves:
        points = sheets.where(sheets.rows["wave"] == wave).points
        covariance = np.cov(points.T)
        alphas.append(1.5 * (1 - np.trace(covariance) / covariance.sum()))
    assert min(alphas) > 0.7  # reliable in every wave: nothing to see
    assert by_wave(sheets)["verdict"] != "comparable"


def test_steps_are_refused_as_often_as_promised() -> None:
    refused = []
    for seed in range(40):
        parts = [np.digitize(latent(300, LOADINGS, seed=1000 * seed + g, mean=0.2 * g), CUTS) for g in range(2)]
        seen = see([ordinal_statistics(part, [5] * 3, np.arange(300) + 300 * g) for g, part in enumerate(parts)])
        steps = [fit_step(seen, held).fit for held in STEPS]
        refused.append([worse(seen, narrow, wide) < 0.1 for wide, narrow in pairwise(steps)])
    assert (np.mean(refused, axis=0) <= 0.25).all()


def test_degrees_of_freedom_by_hand() -> None:
    """Three items of five answers in two groups: 2 × (12 + 3) statistics.

    Thresholds held: 12 thresholds, 6 loadings, 3 spreads and 3 intercepts of the second group: 24, so 6 are left.
    Loadings: 3 fewer loadings, one spread of the factor: 8. Intercepts: 3 fewer, one mean: 10.
    A released item has four thresholds and a loading of its own in the second group, and no spread.
    """
    parts = [np.digitize(latent(300, LOADINGS, seed=g), CUTS) for g in range(2)]
    seen = see([ordinal_statistics(part, [5] * 3, np.arange(300) + 300 * g) for g, part in enumerate(parts)])
    assert [fit_step(seen, held).fit.df for held in STEPS] == [0, 6, 8, 10]
    assert fit_step(seen, INTERCEPTS, (1,)).fit.df == 10 - 4


def test_customers_in_several_waves_are_not_taken_for_others() -> None:
    sheets = in_waves(seed=3)
    same = sheets.rows.assign(customer_id=np.tile([f"c{n:04d}" for n in range(700)], 3))
    again = type(sheets)(same, sheets.items, sheets.points, sheets.scores)
    assert by_wave(again)["verdict"] == "comparable"


@pytest.mark.parametrize(
    ("sheets", "reason"),
    [
        (survey(cut(latent(900, {"price": [0.8, 0.7]}, seed=1)), {"price": [0.8, 0.7]}), "fewer than three items"),
        (survey(cut(latent(900, LOADINGS, seed=1), (0.0,)), LOADINGS), "an item with fewer than three answers"),
        (survey(cut(latent(900, LOADINGS, seed=1)), LOADINGS), "one group only"),
        (in_waves(seed=1, n=80), "fewer than two groups with answers enough"),
    ],
)
def test_what_cannot_be_tested_says_why(sheets, reason: str) -> None:
    found = by_wave(sheets)
    assert (found["verdict"], found["reason"]) == ("not testable", reason)


def test_incomparable_scores_are_not_compared() -> None:
    scores = pd.DataFrame(
        {
            "grouping": ["value_level", "value_level", "tier"],
            "score_name": ["price", "NPS", "price"],
            "difference": [1.0, 2.0, 3.0],
            "p_value": [0.1, 0.2, 0.3],
            "adjusted_p": [0.1, 0.2, 0.3],
            "verdict": ["stands out", "not told apart", "stands out"],
        }
    )
    found = pd.DataFrame({"dimension": ["price"], "grouping": ["value levels"], "verdict": ["not comparable"]})
    table = say_where_incomparable(scores, found, grouping="value_level")
    assert list(table["verdict"]) == ["not comparable", "not told apart", "stands out"]
    assert table["difference"].isna().tolist() == [True, False, False]
