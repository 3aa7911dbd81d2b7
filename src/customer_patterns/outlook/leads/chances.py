"""The chance of being won: the rate of the stage, and what else is known drawn toward it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from customer_patterns.outlook.leads.moments import FEATURES
from customer_patterns.outlook.leads.tables import STAGES

Floats = NDArray[np.float64]

#: A stage's rate is drawn toward that of all stages as if so many opportunities had been seen.
AS_IF = 2.0
#: Standard deviation, before the data are seen, of what one standard deviation of a feature does to the log odds.
PRIOR = 0.3


@dataclass(frozen=True)
class Chances:
    """A fitted model: rates by stage, and effects of features around them."""

    rates: dict[str, float]
    center: Floats
    spread: Floats
    effects: Floats

    def by_stage(self, rows: pd.DataFrame) -> Floats:
        """The rate of each row's stage."""
        return rows["stage"].map(self.rates).to_numpy(dtype=float)

    def of(self, rows: pd.DataFrame) -> Floats:
        """The chance of each row, by its stage and by what is known of it."""
        features = (rows[list(FEATURES)].to_numpy(dtype=float) - self.center) / self.spread
        return expit(logit(self.by_stage(rows)) + features @ self.effects[1:] + self.effects[0])


def learn(rows: pd.DataFrame) -> Chances:
    """Fit the chances to opportunities whose end is known.

    The log odds are those of the stage and a sum of effects, each with a normal prior around none (logistic regression
    with an offset, at its mode; Gelman et al. 2008, Ann. Appl. Stat. 2, 1360–1383). With few opportunities the effects
    stay near none, and the chance near the stage's rate. Looks at one opportunity are no news of their own: together
    all looks weigh as much as there are opportunities.

    Parameters
    ----------
    rows
        From :func:`~customer_patterns.outlook.leads.moments.as_they_stood`, all of them ended.
    """
    won = rows["won"].to_numpy(dtype=float)
    # Looks are what chances are given at, so each counts alike; together they count as so many opportunities.
    weight = np.full(len(rows), rows["opportunity_id"].nunique() / len(rows))
    usual = float(np.clip((won.sum() + 0.5) / (len(won) + 1), 0.01, 0.99))
    looks = rows.groupby("stage")["won"].agg(["mean", "size"]).reindex(STAGES).astype(float).fillna(0)
    seen = looks["size"] * weight[0]
    rates = ((looks["mean"] * seen + AS_IF * usual) / (seen + AS_IF)).to_dict()
    values = rows[list(FEATURES)].to_numpy(dtype=float)
    center, spread = values.mean(axis=0), values.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    columns = np.column_stack([np.ones(len(values)), (values - center) / spread])
    offset = logit(rows["stage"].map(rates).to_numpy(dtype=float))
    prior = np.full(columns.shape[1], PRIOR**-2)
    effects = np.zeros(columns.shape[1])
    for _ in range(50):
        chance = expit(offset + columns @ effects)
        slope = columns.T @ (weight * (won - chance)) - prior * effects
        curve = (columns * (weight * chance * (1 - chance))[:, None]).T @ columns + np.diag(prior)
        step = np.linalg.solve(curve, slope)
        effects = effects + step
        if np.abs(step).max() < 1e-10:
            break
    return Chances(rates, center, spread, effects)
