"""Two simulated experiments with an outcome of their own. Purchases that have happened cannot be changed by either.

The outcome is never joined to purchases: it is drawn from nothing but the household's kind of area, its habit and its
arm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.draws import Lot, keys_of
from customer_patterns.sources.companion.plan import Plan
from customer_patterns.sources.companion.surroundings import Surroundings

ARMS = ("control", "treatment")
#: The outcome, minutes in the app in four weeks: mean of the controls by area, and how it scatters.
MINUTES_BY_AREA: dict[str, float] = {"urban": 34.0, "suburban": 31.0, "rural": 26.0}
MINUTES_SPREAD = 9.0
#: Share of those assigned whose outcome nobody measured, the same in both arms.
NOT_MEASURED = 0.08
#: Days from the assignment until the outcome is known.
KNOWN_AFTER_DAYS = 28


@dataclass(frozen=True)
class Experiment:
    """An experiment: when it began (days from the study's first) and what the treatment does, in minutes."""

    experiment_id: str
    begins_after_days: int
    effect: float


#: The second changes nothing: whoever finds an effect there has found chance.
EXPERIMENTS = (Experiment("app-reminder", 155, 1.8), Experiment("new-layout", 246, 0.0))


def draw_experiments(plan: Plan, around: Surroundings, traits: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Assign the households that had bought before an experiment began to its arms, and draw their outcome.

    Parameters
    ----------
    plan, around
        The parameters and the customers.
    traits
        One row per customer: ``customer_id``, ``area_type``.

    Returns
    -------
    experiments
        The canonical table, by experiment and customer.
    truth
        One row per experiment and customer: ``outcome_control``, ``outcome_treatment``, whether measured or not.
    """
    area = traits.set_index("customer_id")["area_type"]
    delivered, truth = [], []
    for experiment in EXPERIMENTS:
        lot = Lot(plan.seed, f"experiment {experiment.experiment_id}")
        begins = plan.midnight(plan.first_day + timedelta(days=experiment.begins_after_days))
        ids = around.customers.loc[around.customers["first_day"] < experiment.begins_after_days, "customer_id"]
        ids = np.sort(ids.to_numpy(dtype=object).astype(str)).astype(object)
        keys = keys_of(ids)
        mean = pd.Series(ids, dtype=object).map(area).map(MINUTES_BY_AREA).to_numpy(dtype="float64")
        control = np.round(mean + MINUTES_SPREAD * lot.normal(keys, "minutes"), 1)
        treatment = np.round(control + experiment.effect, 1)
        treated = lot.happens(keys, "arm", 0.5)
        measured = ~lot.happens(keys, "not measured", NOT_MEASURED)
        assigned = np.datetime64(begins, "us") + (10 * 3600 + lot.below(keys, "assigned", 3600)) * np.timedelta64(
            1, "s"
        )
        known = (assigned + np.timedelta64(KNOWN_AFTER_DAYS, "D")).astype("datetime64[us]")
        names = {"experiment_id": experiment.experiment_id, "customer_id": ids}
        delivered.append(
            pd.DataFrame(
                {
                    **names,
                    "arm": np.where(treated, ARMS[1], ARMS[0]).astype(object),
                    "assigned_at": assigned.astype("datetime64[us]"),
                    "outcome": np.where(measured, np.where(treated, treatment, control), np.nan),
                    "outcome_at": pd.Series(known).where(measured),
                }
            )
        )
        truth.append(pd.DataFrame({**names, "outcome_control": control, "outcome_treatment": treatment}))
    return pd.concat(delivered, ignore_index=True), pd.concat(truth, ignore_index=True)


def experiments_truth() -> dict[str, object]:
    """Say what is planted about experiments."""
    return {
        "outcome": "minutes in the app in four weeks",
        "effects": {experiment.experiment_id: experiment.effect for experiment in EXPERIMENTS},
        "without_effect": [experiment.experiment_id for experiment in EXPERIMENTS if experiment.effect == 0],
        "mean_of_controls_by_area": MINUTES_BY_AREA,
        "spread": MINUTES_SPREAD,
        "not_measured": NOT_MEASURED,
        "without_effect_on": ["purchases"],
    }
