"""Is an item that a group reads otherwise named, and only such a one?"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Tally, Trial

Floats = NDArray[np.float64]

_LOADINGS = np.array([0.8, 0.75, 0.7])
_CUTS = (-1.5, -0.7, 0.1, 1.0)
#: Waves of as many sheets as the survey of the default study has.
_WAVES, _SHEETS = 3, 800
#: What a design of this size can just detect in four of five surveys, found while developing on other seeds.
_DETECTABLE = 0.33
_RESTS_ON = ("satisfaction",)


def _points(seed: int, shift: float) -> list[Floats]:
    """Answers of each wave; contentment itself rises and spreads after the first, which breaks nothing."""
    chance = np.random.default_rng([seed, 7])
    waves = []
    for wave in range(_WAVES):
        factor = chance.normal(size=(_SHEETS, 1)) * (1.2 if wave else 1.0) + 0.3 * bool(wave)
        values = factor * _LOADINGS + chance.normal(size=(_SHEETS, 3)) * np.sqrt(1 - _LOADINGS**2)
        values[:, 1] += shift * (wave == 1)
        waves.append(np.digitize(values, _CUTS) * 25.0)
    return waves


def _named(seed: int, shift: float) -> str:
    """The items that the method names."""
    from customer_patterns.satisfaction import Sheets
    from customer_patterns.satisfaction.measurement import invariance

    waves = _points(seed, shift)
    n = _WAVES * _SHEETS
    rows = pd.DataFrame(
        {
            "wave": np.repeat([f"2017-{wave + 1}" for wave in range(_WAVES)], _SHEETS),
            "customer_id": [f"c{number:06d}" for number in range(n)],
            "answered_on": date(2017, 5, 1),
            "overall": np.nan,
            "content": np.nan,
            "recommendation": np.nan,
            "straight_lined": False,
        }
    )
    items = pd.DataFrame({"item_id": ["1", "2", "3"], "dimension": "price", "direction": "positive"})
    points = np.vstack(waves)
    sheets = Sheets(rows, items, points, pd.DataFrame({"price": points.mean(axis=1)}))
    nobody = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "value_level": pd.Series(dtype="str")})
    table = invariance(sheets, nobody)
    return str(table.loc[table["grouping"] == "waves", "items"].item())


def _means(seed: int, shift: float) -> str:
    """The twin: names every item whose mean differs from that of the first wave by more than two standard errors."""
    first, *others = _points(seed, shift)
    error = np.sqrt(first.var(axis=0) * 2 / _SHEETS)
    apart = np.any([np.abs(wave.mean(axis=0) - first.mean(axis=0)) > 2 * error for wave in others], axis=0)
    return ", ".join(str(place + 1) for place in np.flatnonzero(apart))


def _alphas(seed: int, shift: float) -> str:
    """The twin: names the items of a wave in which alpha falls below the usual floor."""
    covariances = [np.cov(wave.T) for wave in _points(seed, shift)]
    alphas = [1.5 * (1 - np.trace(covariance) / covariance.sum()) for covariance in covariances]
    return "1, 2, 3" if min(alphas) < 0.7 else ""


TRIALS = (
    Trial(
        name="questions read alike",
        room="satisfaction",
        measure="surveys in which an item is named all the same",
        setting="three waves of eight hundred sheets that differ in contentment alone",
        twin="names items whose means differ",
        aim=Aim(0.0, 0.05),
        seeds=range(941_000, 941_040),
        run=lambda seed: Tally(int(_named(seed, 0.0) != ""), 1),
        broken=lambda seed: Tally(int(_means(seed, 0.0) != ""), 1),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.broken", "satisfaction.alike"),
    ),
    *(
        Trial(
            name=f"an item on thresholds shifted by {words}",
            room="satisfaction",
            measure="surveys in which that item is named and no other",
            setting="three waves of eight hundred sheets, one item otherwise in the second",
            twin="looks at reliability alone",
            aim=Aim(floor, 1.0),
            seeds=range(941_100, 941_140),
            run=lambda seed, by=by: Tally(int(_named(seed, -by) == "2"), 1),
            broken=lambda seed, by=by: Tally(int(_alphas(seed, -by) == "2"), 1),
            rests_on=_RESTS_ON,
            feeds=("satisfaction.broken",),
        )
        for words, by, floor in (("a third", _DETECTABLE, 0.7), ("two thirds", 2 * _DETECTABLE, 0.95))
    ),
)
