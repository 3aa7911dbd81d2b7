"""Are the shares of the drivers those of the planted covariance, halo included?"""

from __future__ import annotations

from datetime import date
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

Floats = NDArray[np.float64]

_NAMES = ("quality", "price", "service attitude", "response speed", "store experience")
#: What each dimension adds to contentment overall; the last one nothing.
_WEIGHTS = np.array([0.35, 0.25, 0.25, 0.15, 0.0])
_HALO, _EXPLAINED, _SHEETS = 0.5, 0.6, 4000
_RESTS_ON = ("estimates", "satisfaction")


def _covariance() -> Floats:
    own = np.full((5, 5), _HALO) + (1 - _HALO) * np.eye(5)
    outcome = own @ _WEIGHTS
    variance = _WEIGHTS @ outcome / _EXPLAINED
    return np.block([[own, outcome[:, None]], [outcome[None, :], np.array([[variance]])]])


def _r_squared(covariance: Floats, subset: list[int]) -> float:
    if not subset:
        return 0.0
    own, outcome = covariance[np.ix_(subset, subset)], covariance[subset, -1]
    return float(outcome @ np.linalg.solve(own, outcome) / covariance[-1, -1])


def _lmg(covariance: Floats) -> Floats:
    """The population's shares as Lindeman, Merenda and Gold (1980) define them: averaged over all orders."""
    k = len(covariance) - 1
    added = np.zeros(k)
    for order in permutations(range(k)):
        for place, one in enumerate(order):
            added[one] += _r_squared(covariance, list(order[: place + 1])) - _r_squared(covariance, list(order[:place]))
    return added / added.sum()


def _columns(seed: int) -> Floats:
    return 60 + 10 * np.random.default_rng([seed, 1]).multivariate_normal(np.zeros(6), _covariance(), _SHEETS)


def _table(seed: int) -> pd.DataFrame:
    from customer_patterns.satisfaction import Sheets, drivers

    columns = _columns(seed)
    rows = pd.DataFrame(
        {
            "wave": "1",
            "customer_id": [f"c{number:06d}" for number in range(_SHEETS)],
            "answered_on": date(2017, 5, 1),
            "overall": columns[:, 5],
            "content": np.nan,
            "recommendation": np.nan,
            "straight_lined": False,
        }
    )
    scores = pd.DataFrame(dict(zip(_NAMES, columns[:, :5].T, strict=True)))
    items = pd.DataFrame({"item_id": [], "dimension": [], "direction": []})
    table, _ = drivers(Sheets(rows, items, np.empty((_SHEETS, 0)), scores))
    return table.set_index("dimension").loc[list(_NAMES)]


def _slopes(seed: int) -> Floats:
    """The twin: squared slopes, as if dimensions had nothing in common."""
    columns = _columns(seed) - 60
    slopes = np.linalg.lstsq(columns[:, :5], columns[:, 5], rcond=None)[0]
    return slopes**2 / (slopes**2).sum()


def _error(shares: Floats) -> Error:
    return Error(float(np.abs(shares - _lmg(_covariance())).mean()))


def _idle(seed: int, *, twin: bool = False) -> Tally:
    """Whether the dimension without an effect is said to explain nothing of its own."""
    row = _table(seed).loc[_NAMES[-1]]
    if twin:  # what it shares with the others is taken for its own
        return Tally(int(row["importance_low"] < 0.01), 1)
    return Tally(int(row["alone_low"] < 0.01 and row["alone"] < 0.01), 1)


TRIALS = (
    Trial(
        name="shares of the drivers",
        room="satisfaction",
        measure="mean error of the dimensions' shares",
        setting="four thousand sheets with a halo, one dimension without effect",
        twin="squares slopes, as if dimensions had nothing in common",
        aim=Aim(0.0, 0.03),
        seeds=range(940_100, 940_110),
        run=lambda seed: _error(_table(seed)["importance"].to_numpy(dtype=float)),
        broken=lambda seed: _error(_slopes(seed)),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.drivers", "satisfaction.drivers_alike"),
    ),
    Trial(
        name="a dimension without effect",
        room="satisfaction",
        measure="surveys in which it is said to explain nothing of its own",
        setting="four thousand sheets with a halo, one dimension without effect",
        twin="takes what it shares with others for its own",
        aim=Aim(0.9, 1.0),
        seeds=range(940_100, 940_110),
        run=_idle,
        broken=lambda seed: _idle(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.drivers", "satisfaction.drivers_alike"),
    ),
)
