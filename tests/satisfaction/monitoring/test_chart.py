"""Alerts beyond noise only, and none from questions read otherwise."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from customer_patterns.satisfaction.measurement import invariance
from customer_patterns.satisfaction.monitoring import comparable_between_waves, control_chart, latest
from tests.satisfaction.measurement.answered import cut, latent, survey
from tests.satisfaction.sample_survey import sheets_of

LOADINGS = {"price": [0.8, 0.75, 0.7]}


def in_waves(means: list[float], *, n: int = 200, seed: int = 1):
    chance = np.random.default_rng(seed)
    points = np.concatenate([chance.normal(mean, 20, n) for mean in means])
    waves = np.repeat([f"2017-{wave + 1}" for wave in range(len(means))], n)
    sheets = sheets_of({"price": points}, waves=waves)
    sheets.rows["answered_on"] = [date(2017, 1 + int(wave[-1]), 1) for wave in waves]
    return sheets


def test_a_drop_is_told_and_which_wave():
    found = control_chart(in_waves([60, 60, 60, 50]))
    assert list(found["verdict"]) == ["nothing before", "as before", "as before", "lower"]
    assert list(latest(found)["wave"]) == ["2017-4"]
    assert latest(found)["moved_high"].item() < 0


def test_waves_alike_raise_hardly_an_alarm():
    alarms = sum(
        control_chart(in_waves([60] * 6, seed=seed))["verdict"].isin(["higher", "lower"]).sum() for seed in range(60)
    )
    assert alarms <= 6  # of 300 waves; 5 % would be 15


def test_limits_hold_by_hand():
    """Two waves of four hundred, ten points apart in spread 20: error 1 each, of the difference sqrt(2)."""
    sheets = in_waves([60, 60], n=400, seed=5)
    for wave, mean in (("2017-1", 60.0), ("2017-2", 63.0)):
        own = (sheets.rows["wave"] == wave).to_numpy()
        values = sheets.scores.loc[own, "price"]
        sheets.scores.loc[own, "price"] = mean + 20 * (values - values.mean()) / values.std(ddof=1)
    row = control_chart(sheets).iloc[1]
    assert np.allclose(
        [row["center"], row["limit_low"], row["limit_high"]], [60, 60 - 1.96 * 2**0.5, 60 + 1.96 * 2**0.5], atol=1e-3
    )
    assert row["verdict"] == "higher"


def test_where_waves_always_differ_one_more_is_no_alarm():
    """The broken twin reckons with who happened to answer alone: with many answers every wave is an alarm."""
    chance = np.random.default_rng(2)
    means = 60 + 4 * chance.normal(size=12)
    sheets = in_waves(list(means), n=2000, seed=3)
    sheets.rows["answered_on"] = pd.factorize(sheets.rows["wave"])[0]
    late = control_chart(sheets).iloc[6:]
    naive = np.abs(late["score"] - late["center"]) > 1.96 * 20 * np.sqrt(1 / 2000 + 1 / 12000)
    assert naive.mean() > 0.6
    assert late["verdict"].isin(["higher", "lower"]).mean() <= 0.2


def test_an_item_read_otherwise_is_no_alarm():
    parts = []
    for wave in range(3):
        values = latent(700, LOADINGS, seed=wave)
        values[:, 1] -= 0.7 * (wave == 2)
        parts.append(cut(values))
    sheets = survey(np.vstack(parts), LOADINGS, waves=np.repeat(["2017-1", "2017-2", "2017-3"], 700))
    nobody = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "value_level": pd.Series(dtype="str")})
    found = invariance(sheets, nobody)
    assert control_chart(sheets)["verdict"].iloc[-1] == "lower"  # as it stands
    assert control_chart(comparable_between_waves(sheets, found))["verdict"].iloc[-1] == "as before"


def test_what_is_not_comparable_is_not_watched():
    sheets = in_waves([60, 50])
    found = pd.DataFrame({"dimension": ["price"], "grouping": ["waves"], "verdict": ["not comparable"], "items": [""]})
    assert control_chart(comparable_between_waves(sheets, found)).empty


def test_few_answers_and_one_wave_say_so():
    assert list(control_chart(in_waves([60, 60], n=5))["verdict"]) == ["not enough data"] * 2
    assert latest(control_chart(in_waves([60]))).empty
    assert control_chart(in_waves([60]).where(np.zeros(200, dtype=bool))).empty
