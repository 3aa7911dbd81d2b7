"""Experiments in the planted shop: who is treated is drawn by lot, and what the treatment does is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from customer_patterns.sources.planted_shop.clientele import Block, Clientele, Made
from customer_patterns.sources.planted_shop.settings import DETECTABLE
from customer_patterns.sources.planted_shop.visits import moments

#: An outcome of its own: points on a scale, known four weeks after assignment.
MEAN, SPREAD, OUTCOME_AFTER = 50.0, 10.0, 28
#: Share of outcomes that nobody recorded, by chance alone and in both arms alike.
_LOST = 0.04
ARMS = ("control", "treated")


@dataclass(frozen=True)
class Trial:
    """One experiment.

    Attributes
    ----------
    experiment_id, about
        Its key, and what was tried.
    assigned_on
        Local day of assignment.
    acts_for
        How many days the treatment acts on web orders.
    effect
        On the own outcome, in points; missing where there is no such outcome.
    rate_ratio
        Factor on the rate of web orders while it acts.
    """

    experiment_id: str
    about: str
    assigned_on: date
    acts_for: int
    effect: float | None
    rate_ratio: float


def plan_trials(clientele: Clientele) -> tuple[Trial, Trial, Trial]:
    """Plan the experiments; their effects are multiples of what so many customers can detect.

    The detectable effect on the mean of an outcome with spread s in two arms of n/2 is 2.8·s·√(4/n); on the logarithm
    of a rate with e expected orders in all it is 2.8·√(4/e) (two-sided 5 %, power 80 %). The third has no effect.
    """
    truth = clientele.truth
    plan = truth.plan
    first, second, third = (date(2017, 3, 6), date(2017, 6, 5), date(2017, 9, 4))
    acts_for = 180
    n = max(int(clientele.present((first - truth.first_day).days).sum()), 2)
    day = (second - truth.first_day).days
    staying = np.clip(np.minimum(clientele.end, day + acts_for) - day, 0, None)[clientele.present(day)].sum()
    orders = max(staying / 7 * plan.web_share * plan.web_orders_per_week, 4.0)
    effect = plan.trial_effect * DETECTABLE * SPREAD * (4 / n) ** 0.5
    # A rate that more than triples is no experiment any more: very small shops detect nothing less.
    lift = min(plan.web_lift * DETECTABLE * (4 / orders) ** 0.5, float(np.log(3)))
    return (
        Trial("E01", "a letter of welcome", first, 0, round(float(effect), 6), 1.0),
        Trial("E02", "free delivery of web orders", second, acts_for, None, round(float(np.exp(lift)), 6)),
        Trial("E03", "another color of the same page", third, acts_for, 0.0, 1.0),
    )


def draw_trials(block: Block, trials: tuple[Trial, ...]) -> tuple[Made, np.ndarray]:
    """Assign the block's customers, half to each arm, and draw the outcomes.

    Returns
    -------
    Made
        The canonical table ``experiments`` by ``experiment_id`` and ``customer_id``; the truth adds nothing by person.
    ndarray
        Customers by trials: whether they are treated.
    """
    rng = block.rng("experiments")
    treated = np.zeros((len(block), len(trials)), dtype=bool)
    frames = []
    for place, trial in enumerate(trials):
        day = (trial.assigned_on - block.truth.first_day).days
        member = np.flatnonzero((block.start < day) & (block.end > day))
        arm = rng.permutation(np.arange(len(member)) % 2 == 0)
        treated[member[arm], place] = True
        outcome = MEAN + SPREAD * rng.normal(size=len(member)) + (trial.effect or 0.0) * arm
        known = rng.random(len(member)) >= _LOST
        if trial.effect is None:
            known[:] = False
        second = 9 * 3600 + rng.integers(0, 3600, len(member))
        assigned = moments(block.truth, np.full(len(member), day), second)
        frames.append(
            pd.DataFrame(
                {
                    "experiment_id": np.full(len(member), trial.experiment_id, dtype=object),
                    "customer_id": block.ids[member],
                    "arm": np.array(ARMS, dtype=object)[arm.astype(int)],
                    "assigned_at": assigned,
                    "outcome": pd.Series(outcome.round(2)).where(known),
                    "outcome_at": pd.Series(assigned + np.timedelta64(OUTCOME_AFTER, "D")).where(known),
                }
            )
        )
    return Made({"experiments": pd.concat(frames, ignore_index=True)}, {}, {}), treated


def trials_truth(trials: tuple[Trial, ...]) -> list[dict[str, object]]:
    """Say what each experiment does, and how it is estimated."""
    return [
        {
            "experiment_id": trial.experiment_id,
            "about": trial.about,
            "assigned_on": trial.assigned_on.isoformat(),
            "acts_until": (trial.assigned_on + timedelta(days=trial.acts_for)).isoformat(),
            "effect_on_outcome": trial.effect,
            "outcome_spread": SPREAD if trial.effect is not None else None,
            "rate_ratio_of_web_orders": trial.rate_ratio,
            "estimand": "difference of means of the arms as assigned; ratio of rates of web orders from the day of "
            "assignment until acts_until, among customers who order on the web",
        }
        for trial in trials
    ]
