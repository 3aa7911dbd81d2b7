"""Do the chances of opportunities come true, and is it learned who wins more?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from customer_patterns.laboratory.trial import Aim, Error, Tally, Trial

if TYPE_CHECKING:
    import pandas as pd


Floats = NDArray[np.float64]

#: Two years of opportunities of a hundred and twenty accounts, which six in ten times leave each of two stages.
_DEALS, _ACCOUNTS, _DAYS, _MOVE_ON = 900, 120, 730, 0.6
_LEAD_SEEDS = range(936_400, 936_412)
_RESTS_ON = ("estimates", "outlook/leads")


@cache
def _deals(seed: int, closer: float) -> pd.DataFrame:
    """Opportunities of two years; one owner of two wins so much more of the quotes, the other so much less."""
    import pandas as pd

    random = np.random.default_rng(seed)
    rows = []
    for number in range(_DEALS):
        at, name = random.uniform(0, _DAYS), f"o{number:04d}"
        account, owner = f"c{random.integers(_ACCOUNTS):03d}", "AB"[random.integers(2)]
        for stage, after in (("lead", "quote"), ("quote", "won")):
            rows.append((name, account, stage, at, owner))
            at += random.exponential(20)
            chance = _MOVE_ON + (closer * (1 if owner == "A" else -1) if stage == "quote" else 0.0)
            if random.random() > chance:
                rows.append((name, account, "lost", at, owner))
                break
            if after == "won":
                rows.append((name, account, "won", at, owner))
    table = pd.DataFrame(rows, columns=["opportunity_id", "customer_id", "stage", "day", "owner"])
    table = table[table["day"] < _DAYS]
    # The day zero of the tables is that of computers; what matters here is the distance between days.
    return table.assign(entered_at=pd.to_datetime(table["day"], unit="D"), amount=np.nan).drop(columns="day")


def _chances(seed: int, *, twin: bool = False) -> Error:
    """How far chances said before are from what came, over stages."""
    from customer_patterns.outlook.leads.chances import learn
    from customer_patterns.outlook.leads.moments import as_they_stood, pipeline
    from customer_patterns.outlook.leads.scores import learned_and_tested

    made = pipeline(_deals(seed, 0.15))
    sides = learned_and_tested(made, float(_DAYS))
    if sides is None:
        return Error(1.0)
    before, after = sides
    if twin:  # learns from all that had ended, the young ones of which are those that end fast
        rows = as_they_stood(made, np.arange(14.0, _DAYS / 2, 14))
        before = rows[rows["ended"] < rows["day"] + 14].reset_index(drop=True)
    said = learn(before).of(after)
    gaps = [
        abs(float((said - after["won"])[(after["stage"] == stage).to_numpy()].mean())) for stage in ("lead", "quote")
    ]
    return Error(float(np.mean(gaps)))


def _owner_learned(seed: int, *, twin: bool = False) -> Tally:
    """Whether chances tell more than the stage, where an owner wins much more."""
    from customer_patterns.outlook.leads.chances import learn
    from customer_patterns.outlook.leads.moments import pipeline
    from customer_patterns.outlook.leads.scores import area_under_curve, learned_and_tested

    if twin:  # the stage is all it knows
        return Tally(0, 1)
    sides = learned_and_tested(pipeline(_deals(seed, 0.35)), float(_DAYS))
    if sides is None:
        return Tally(0, 1)
    model, after = learn(sides[0]), sides[1]
    won, once = after["won"].to_numpy(dtype=bool), np.ones(len(after))
    gained = area_under_curve(model.of(after), won, once) - area_under_curve(model.by_stage(after), won, once)
    return Tally(int(gained > 0.03), 1)


TRIALS = (
    Trial(
        name="chances of opportunities",
        room="outlook",
        measure="how far the chances said are from the share won, by stage",
        setting="two years of opportunities; one of two owners wins more of the quotes",
        twin="learns from those that end soon",
        aim=Aim(0.0, 0.08),
        seeds=_LEAD_SEEDS,
        run=_chances,
        broken=lambda seed: _chances(seed, twin=True),
        rests_on=_RESTS_ON,
        feeds=("outlook.leads",),
        revised="the aim: a little more error is allowed than at first",
    ),
    Trial(
        name="an owner who wins more",
        room="outlook",
        measure="studies in which chances rank later opportunities better than their stage",
        setting="two years of opportunities; one of two owners wins nearly all quotes",
        twin="knows the stage alone",
        aim=Aim(0.8, 1.0),
        seeds=_LEAD_SEEDS,
        run=_owner_learned,
        broken=lambda seed: _owner_learned(seed, twin=True),
        rests_on=_RESTS_ON,
    ),
)
