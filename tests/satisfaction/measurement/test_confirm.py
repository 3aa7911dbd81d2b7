"""Do the items go together as their dimensions say?"""

from __future__ import annotations

import numpy as np
import pytest

from customer_patterns.satisfaction.measurement import (
    confirm_dimensions,
    discriminant_validity,
    held_out_wave,
    named_pairs,
)
from tests.satisfaction.measurement.answered import cut, latent, survey

LOADINGS = {"price": [0.8, 0.75, 0.7], "quality": [0.85, 0.8, 0.6]}
DIRECTIONS = np.array([1, 1, 1, 1, 1, -1.0])


def test_loadings_come_out_as_they_were_planted() -> None:
    points = cut(latent(3000, LOADINGS, seed=3))
    found = confirm_dimensions(survey(points, LOADINGS))
    planted = np.concatenate([LOADINGS["price"], LOADINGS["quality"]])
    inside = found.loadings["loading_low"].le(planted) & found.loadings["loading_high"].ge(planted)
    assert inside.sum() >= 5
    assert found.loadings["loading"].to_numpy() == pytest.approx(planted, abs=0.05)
    table = found.measurement_fit.set_index("model")
    assert table.loc["the dimensions as declared", "verdict"] == "fits"
    assert table.loc["one dimension behind all items", "verdict"] != "fits"


def test_variance_in_common_by_hand() -> None:
    """Loadings .8, .75, .7 exactly: (.64 + .5625 + .49) / 3; reliability 2.25² / (2.25² + 1.3075)."""
    found = confirm_dimensions(survey(cut(latent(60_000, LOADINGS, seed=4)), LOADINGS))
    price = found.convergent.set_index("dimension").loc["price"]
    assert price["ave"] == pytest.approx(0.5642, abs=0.01)
    assert price["composite"] == pytest.approx(0.7948, abs=0.01)


def test_a_model_that_holds_is_refused_as_often_as_promised() -> None:
    """Were steps taken for a continuum, or waves for other customers, good models would look bad."""
    p = []
    for seed in range(60):
        points = cut(latent(400, LOADINGS, seed=seed))
        customers = np.repeat([f"c{n:04d}" for n in range(200)], 2)  # two sheets each
        table = confirm_dimensions(survey(points, LOADINGS, customers=customers)).measurement_fit
        p.append(table.loc[table["model"] == "the dimensions as declared", "p_value"].item())
    assert np.mean(np.array(p) < 0.1) <= 0.22
    assert 0.3 < np.mean(p) < 0.7


def test_agreeing_with_everything_is_found_and_not_invented() -> None:
    values = latent(4000, LOADINGS, seed=7)
    style = np.random.default_rng(71).normal(size=(4000, 1)) * np.sqrt(0.1)
    for planted, answers in ((0.1, np.sqrt(0.9) * values + style * DIRECTIONS), (0.0, values)):
        sheets = survey(cut(answers), LOADINGS, reversed_items=("quality_3",))
        found = confirm_dimensions(sheets).style.set_index("figure").loc["agreeing with everything"]
        assert found["share_low"] <= planted <= found["share_high"] + 1e-9


def test_without_items_in_both_directions_nothing_is_said_of_agreeing() -> None:
    found = confirm_dimensions(survey(cut(latent(500, LOADINGS, seed=8)), LOADINGS))
    assert list(found.style["figure"]) == ["one thing behind all"]


def test_two_names_for_one_thing_are_found_out() -> None:
    apart = survey(cut(latent(2000, LOADINGS, seed=9, between=0.5)), LOADINGS)
    one = survey(cut(latent(2000, LOADINGS, seed=9, between=0.999)), LOADINGS)
    assert list(discriminant_validity(apart)["verdict"]) == ["told apart"]
    assert list(discriminant_validity(one)["verdict"]) == ["not told apart"]
    assert list(named_pairs(discriminant_validity(one))["pair"]) == ["price, quality"]


def test_the_ratio_by_hand() -> None:
    """Correlations of .5 within each and .3 between: .3 / sqrt(.5 × .5)."""
    related = np.full((4, 4), 0.3)
    related[:2, :2] = related[2:, 2:] = 0.5
    np.fill_diagonal(related, 1.0)
    chance = np.random.default_rng(1).normal(size=(50, 4))
    white = (chance - chance.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(chance.T))).T
    points = 50 + 10 * white @ np.linalg.cholesky(related).T
    table = discriminant_validity(survey(points, {"price": [0.7, 0.7], "quality": [0.7, 0.7]}))
    assert table["htmt"].item() == pytest.approx(0.6)


def test_weights_of_earlier_waves_are_judged_on_the_last() -> None:
    chance = np.random.default_rng(11)
    points = cut(latent(1200, LOADINGS, seed=12))
    sheets = survey(points, LOADINGS)
    overall = 0.9 * sheets.scores["price"] + 0.1 * sheets.scores["quality"] + chance.normal(0, 10, 1200)
    waves = np.repeat(["2017-1", "2017-2", "2017-3"], 400)
    sheets = survey(points, LOADINGS, overall=overall.to_numpy(), waves=waves)
    sheets.rows["answered_on"] = sheets.rows["answered_on"].mask(
        sheets.rows["wave"] == "2017-3", sheets.rows["answered_on"].iloc[0].replace(month=9)
    )
    found = held_out_wave(sheets).set_index("prediction")
    learned, even = found.loc["weights from earlier waves"], found.loc["all dimensions alike"]
    assert learned["wave"] == "2017-3"
    assert learned["explained"] > even["explained"] > 0
    # A last wave in which everything is the other way round is predicted worse than by the earlier mean.
    turned = survey(points, LOADINGS, overall=np.where(waves == "2017-3", 100 - overall, overall), waves=waves)
    turned.rows["answered_on"] = sheets.rows["answered_on"]
    assert held_out_wave(turned).set_index("prediction").loc["weights from earlier waves", "explained"] < 0


@pytest.mark.parametrize("n", [0, 1, 9, 150])
def test_too_few_sheets_give_tables_without_figures(n: int) -> None:
    sheets = survey(cut(latent(n, LOADINGS, seed=1)), LOADINGS) if n else survey(np.empty((0, 6)), LOADINGS)
    found = confirm_dimensions(sheets)
    assert found.measurement_fit.empty
    assert held_out_wave(sheets).empty
    table = discriminant_validity(sheets)
    assert table.empty or n > 9


def test_items_without_variance_say_nothing() -> None:
    points = cut(latent(500, LOADINGS, seed=1))
    points[:, 0] = 50.0
    assert confirm_dimensions(survey(points, LOADINGS)).measurement_fit.empty
