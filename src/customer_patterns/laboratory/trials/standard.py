"""Do scores stay comparable when a scale changes, and are scales that did not change left alone?"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

Floats = NDArray[np.float64]

_SHEETS, _BOTH, _BATCH = 500, 400, 10
#: The old scale is read more generously than the new one: its best answer is given sooner.
_LEAN = 0.8
_RESTS_ON = ("satisfaction",)
_LOADINGS = np.array([1.0, 0.7, 0.4])


def _steps(value: Floats, low: int, high: int) -> Floats:
    return np.clip(np.round((low + high) / 2 + value * (high - low) / 5), low, high)


def _waves(seed: tuple[int, int], low: int = 1) -> tuple[Floats, pd.DataFrame, float]:
    """Answers of a wave on the old scale, of one with both, of one on the new; and what the first would have been.

    The new scale reaches from ``low`` to ten. From 0 to 10 it is that of the Net Promoter Score, and so is the truth.
    """
    chance = np.random.default_rng(seed)
    n = 2 * _SHEETS + _BOTH
    wave = np.repeat([0, 1, 2], [_SHEETS, _BOTH, _SHEETS])
    theta = chance.normal(size=n)
    old = _steps(theta + _LEAN + 0.3 * chance.normal(size=n), 1, 5)
    new = _steps(theta + 0.3 * chance.normal(size=n), low, 10)
    answers = np.column_stack([np.where(wave <= 1, old, np.nan), np.where(wave >= 1, new, np.nan)])
    sheets = pd.DataFrame(
        {
            "wave": np.array(["2017-1", "2017-2", "2017-3"])[wave],
            "customer_id": [f"c{number:06d}" for number in range(n)],
            "answered_on": np.array([date(2017, 2, 1), date(2017, 5, 1), date(2017, 8, 1)])[wave],
        }
    )
    many = np.random.default_rng(1).normal(size=400_000)
    truth = _steps(many + 0.3 * np.random.default_rng(2).normal(size=len(many)), low, 10)
    truth = 100 * (truth.mean() - 1) / 9 if low else 100 * ((truth >= 9).mean() - (truth <= 6).mean())
    return answers, sheets, float(truth)


def _items(*rows: tuple[str, str, str | None, int, int]) -> pd.DataFrame:
    columns = ["item_id", "role", "dimension", "scale_low", "scale_high"]
    return pd.DataFrame(rows, columns=columns).assign(direction="positive")


def _bridged(seed: int, *, twin: bool = False) -> Tally:
    """Surveys in which the carried score of the first wave holds what the new scale would have given."""
    from customer_patterns.satisfaction.standard import join_scales, scale_bridges

    asked = _items(("old", "overall", None, 1, 5), ("new", "overall", None, 1, 10))
    bridge = SimpleNamespace(old="old", new="new", by="equipercentile", answers={})
    if twin:  # one scale stretched over the other, end to end
        bridge = SimpleNamespace(
            old="old", new="new", by="declared", answers={k: 1 + (k - 1) * 9 / 4 for k in range(1, 6)}
        )
    hits = 0
    for number in range(_BATCH):
        answers, sheets, truth = _waves((seed, number))
        _, _, replaced = join_scales(answers, asked, sheets, [bridge])
        row = scale_bridges(replaced).iloc[0]
        hits += int(row["after_low"] <= truth <= row["after_high"])
    return Tally(hits, _BATCH)


def _promoters(seed: int, *, twin: bool = False) -> Tally:
    """Surveys in which the Net Promoter Score of the carried wave holds what the new question would have given."""
    from customer_patterns.satisfaction import Sheets, nps_by_wave
    from customer_patterns.satisfaction.standard import join_scales, with_parts

    asked = _items(("old", "recommendation", None, 1, 5), ("new", "recommendation", None, 0, 10))
    bridge = SimpleNamespace(old="old", new="new", by="equipercentile", answers={})
    hits = 0
    for number in range(_BATCH):
        answers, sheets, truth = _waves((seed, number), low=0)
        carried, left, replaced = join_scales(answers, asked, sheets, [bridge])
        rows = sheets.assign(recommendation=carried[:, 0], content=np.nan, overall=np.nan)
        if not twin:  # which puts all who gave an old answer on the side of the threshold where their middle lies
            rows = with_parts(rows, left, replaced)
        nothing = np.empty((len(rows), 0))
        items = pd.DataFrame({"item_id": [], "dimension": [], "direction": []})
        found = nps_by_wave(Sheets(rows, items, nothing, pd.DataFrame(nothing), replaced=() if twin else replaced))
        first = found.set_index("wave").loc["2017-1"]
        hits += int(first["nps_low"] <= truth <= first["nps_high"])
    return Tally(hits, _BATCH)


def _refused(seed: int, *, twin: bool = False) -> Tally:
    """False alarms: surveys with items that come and go on one scale, of which a change of scale is said."""
    from customer_patterns.satisfaction.standard import join_scales

    chance = np.random.default_rng([seed, 3])
    alarms = 0
    for _ in range(_BATCH):
        k, waves, n = int(chance.integers(4, 9)), int(chance.integers(2, 5)), 40
        low_high = [(1, 5) if one % 2 else (0, 10) for one in range(2)]
        asked = _items(*((f"q{one}", "dimension", f"d{one % 2}", *low_high[one % 2]) for one in range(k)))
        wave = np.repeat(np.arange(waves), n)
        starts = chance.integers(0, waves, k)
        ends = np.maximum(starts, chance.integers(0, waves, k))
        given = (wave[:, None] >= starts) & (wave[:, None] <= ends)
        answers = np.where(given, chance.integers(1, 6, (len(wave), k)), np.nan)
        sheets = pd.DataFrame(
            {
                "wave": [f"2017-{one}" for one in wave],
                "customer_id": [f"c{one:05d}" for one in range(len(wave))],
                "answered_on": [date(2017, 1 + one, 1) for one in wave],
            }
        )
        _, _, replaced = join_scales(answers, asked, sheets)
        alarms += int((ends < waves - 1).any() if twin else bool(replaced))
    return Tally(alarms, _BATCH)


def _index(seed: int, *, twin: bool = False) -> Error:
    """How far the weights of three questions lie from those of the planted covariance, in the mean."""
    from customer_patterns.satisfaction.standard import outer_weights

    chance = np.random.default_rng([seed, 5])
    factor = chance.normal(size=2000)
    block = factor[:, None] * _LOADINGS + 0.5 * chance.normal(size=(2000, 3))
    beside = factor[:, None] + chance.normal(size=(2000, 2))
    truth = _LOADINGS / _LOADINGS.sum()
    found = np.full(3, 1 / 3) if twin else outer_weights(np.cov(np.column_stack([block, beside]).T), 3)[0]
    return Error(float(np.abs(found - truth).mean()))


TRIALS = (
    Trial(
        name="bridge between two scales",
        room="satisfaction",
        measure="surveys in which the carried score's interval holds what the new scale would have given",
        setting="a wave on a scale of five, one with both, one on a scale of ten; the old one is read generously",
        twin="stretches one scale over the other, end to end",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(963_100, 963_120),
        run=_bridged,
        broken=lambda seed: _bridged(seed, twin=True),
        rests_on=_RESTS_ON,
    ),
    Trial(
        name="promoters over a bridge",
        room="satisfaction",
        measure="surveys in which the carried wave's score holds what the new question would have given",
        setting="a wave asked on a scale of five whether they recommend, one on both, one from none to ten",
        twin="counts promoters by the middle of their old answer, without the link's error",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(963_400, 963_420),
        run=_promoters,
        broken=lambda seed: _promoters(seed, twin=True),
        rests_on=_RESTS_ON,
    ),
    Trial(
        name="scales that did not change",
        room="satisfaction",
        measure="surveys of which a change of scale is said",
        setting="items come and go, all of a dimension on one scale",
        twin="takes every item that is gone for a change of scale",
        aim=Aim(0.0, 0.05),
        seeds=range(963_200, 963_210),
        run=_refused,
        broken=lambda seed: _refused(seed, twin=True),
        rests_on=_RESTS_ON,
    ),
    Trial(
        name="an index of three questions",
        room="satisfaction",
        measure="mean error of the weights of its questions",
        setting="two thousand sheets; one question says much of satisfaction, one little",
        twin="lets all questions weigh the same",
        aim=Aim(0.0, 0.02),
        seeds=range(963_300, 963_310),
        run=_index,
        broken=lambda seed: _index(seed, twin=True),
        rests_on=_RESTS_ON,
    ),
)
