"""Do weights recover what behavior explains of those who stay silent, and do scenarios cover the rest?"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Tally, Trial

Floats = NDArray[np.float64]

_INVITED, _BATCH = 1500, 10
#: By how many points the silent lie below those like them, where they do; what is tried goes twice as far.
_BEHIND = 10.0
_TRIED = (0.0, 20.0)
_RESTS_ON = ("satisfaction", "estimates")


def _asked(seed: tuple[int, int], behind: float) -> tuple[pd.DataFrame, object, float]:
    """Customers who buy more are more content and answer more; the truth is the mean of all who are like them."""
    from customer_patterns.satisfaction import Sheets

    chance = np.random.default_rng(seed)
    habit = 0.7 * chance.normal(size=_INVITED)
    answers = chance.random(_INVITED) < 1 / (1 + np.exp(0.5 - habit))
    names = np.array([f"c{number:05d}" for number in range(_INVITED)])
    invited = pd.DataFrame(
        {
            "wave": "2017-1",
            "customer_id": names,
            "invited_on": date(2017, 5, 1),
            "answered": answers,
            "settled": True,
            "orders_before": np.round(np.exp(2 + habit)),
            "revenue_before": np.exp(4 + habit + 0.3 * chance.normal(size=_INVITED)),
            "days_since_order": np.maximum(np.round(np.exp(2 - habit)), 1.0),
        }
    )
    overall = np.clip(60 + 12 * habit + 10 * chance.normal(size=_INVITED) - behind * ~answers, 0, 100)
    n = int(answers.sum())
    rows = pd.DataFrame(
        {
            "wave": "2017-1",
            "customer_id": names[answers],
            "answered_on": date(2017, 5, 2),
            "overall": overall[answers],
            "content": (overall[answers] >= 75).astype(float),
            "recommendation": np.nan,
            "straight_lined": False,
        }
    )
    items = pd.DataFrame({"item_id": [], "dimension": [], "direction": []})
    return invited, Sheets(rows, items, np.empty((n, 0)), pd.DataFrame(index=rows.index)), float(overall.mean())


def _explained(seed: int, *, method: str) -> Tally:
    """Surveys in which the interval holds the mean of all who could have been asked."""
    from customer_patterns.satisfaction.weighting import known_margins, weighted_scores

    hits = 0
    for number in range(_BATCH):
        invited, sheets, _ = _asked((seed, number), 0.0)
        table = weighted_scores(invited, sheets, known_margins(invited)).set_index(["score", "method"])
        row = table.loc[("overall", method)]
        hits += int(row["value_low"] <= 60.0 <= row["value_high"])
    return Tally(hits, _BATCH)


def _covered(seed: int, *, twin: bool = False) -> Tally:
    """Surveys in which what is tried reaches the mean of all who were asked."""
    from customer_patterns.satisfaction import score_versions

    hits = 0
    for number in range(_BATCH):
        invited, sheets, truth = _asked((seed, number), _BEHIND)
        _, scenarios = score_versions(invited, sheets, scenarios=_TRIED)
        rows = scenarios[scenarios["score"] == "overall"].set_index("points_below")
        least = rows.loc[0.0 if twin else max(_TRIED), "value_low"]  # the twin takes weights for the whole answer
        hits += int(least <= truth <= rows.loc[0.0, "value_high"])
    return Tally(hits, _BATCH)


TRIALS = (
    Trial(
        name="weights for the silent",
        room="satisfaction",
        measure="surveys whose interval holds the mean of all who were asked",
        setting="fifteen hundred invitations; who buys more is more content and answers more often",
        twin="leaves the answers as they came",
        aim=Aim(0.93, 0.97, by_interval=True),
        seeds=range(962_100, 962_120),
        run=lambda seed: _explained(seed, method="by the chance of an answer"),
        broken=lambda seed: _explained(seed, method="as answered"),
        rests_on=_RESTS_ON,
        feeds=("satisfaction.weighted",),
    ),
    Trial(
        name="raking to what is known",
        room="satisfaction",
        measure="surveys whose interval holds the mean of all who were asked",
        setting="the same invitations, with fifths of what was bought before as margins",
        twin="leaves the answers as they came",
        aim=Aim(0.90, 0.97, by_interval=True),
        seeds=range(962_200, 962_220),
        run=lambda seed: _explained(seed, method="raked to what is known of all"),
        broken=lambda seed: _explained(seed, method="as answered"),
        rests_on=_RESTS_ON,
    ),
    Trial(
        name="what the silent think beyond that",
        room="satisfaction",
        measure="surveys in which the range that is tried reaches the mean of all who were asked",
        setting="the silent lie ten points below those like them; up to twenty are tried",
        twin="takes weights for the whole answer",
        aim=Aim(0.95, 1.0),
        seeds=range(962_300, 962_308),
        run=_covered,
        broken=lambda seed: _covered(seed, twin=True),
        rests_on=_RESTS_ON,
    ),
)
