"""How content each customer is at each wave, planted backward from what was bought afterwards.

Contentment cannot change purchases that have been made; so it is drawn from them. Its partial correlation with the
spend of the next 90 days, given past spend and orders, is the plan's ``rho``: small, as in what is measured elsewhere.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.sources.companion.plan import Plan

#: Planted quantities are kept with so many digits: the last bits of a logarithm differ from machine to machine.
DIGITS = 4


def standardized(values: np.ndarray) -> np.ndarray:
    """Return values with mean 0 and variance 1; zeros where all are equal."""
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0 else np.zeros(len(values))


def plant_contentment(plan: Plan, customers: pd.DataFrame, waves: pd.DataFrame) -> pd.DataFrame:
    """Plant contentment.

    Parameters
    ----------
    plan
        The parameters.
    customers, waves
        As :func:`~customer_patterns.sources.companion.households.spending` returns them.

    Returns
    -------
    DataFrame
        The waves with ``above_median`` (past spend), ``past_z`` (log past spend), ``residual_z`` (log spend of the
        next 90 days that past spend and orders do not explain), ``core`` (contentment apart from past spend: ``rho``
        times the residual and chance) and ``theta`` (contentment), each with mean 0 and variance 1 over a wave's
        invited.
    """
    rng = plan.rng(1)
    place = {customer: row for row, customer in enumerate(customers["customer_id"])}
    own = rng.normal(size=len(customers))
    parts = []
    for name, _ in plan.waves:
        rows = waves[waves["wave"] == name]
        passing = rng.normal(size=len(customers))
        row = rows["customer_id"].map(place).to_numpy(dtype="int64")
        chance = np.sqrt(plan.stable) * own[row] + np.sqrt(1 - plan.stable) * passing[row]
        parts.append(_plant_wave(plan, rows, chance))
    return pd.concat(parts, ignore_index=True)


def _plant_wave(plan: Plan, rows: pd.DataFrame, chance: np.ndarray) -> pd.DataFrame:
    if rows.empty:
        return rows.assign(above_median=False, past_z=0.0, residual_z=0.0, core=0.0, theta=0.0)
    spend, orders, later = (
        np.log1p(rows[name].to_numpy(dtype="float64") / unit)
        for name, unit in (("past_cents", 100), ("past_orders", 1), ("later_cents", 100))
    )
    above = spend > np.median(spend)
    past = np.round(standardized(spend), DIGITS)
    known = np.column_stack([np.ones(len(rows)), spend, orders, above])
    explained = known @ np.linalg.lstsq(known, later, rcond=None)[0]
    residual = np.round(standardized(np.round(later - explained, DIGITS)), DIGITS)
    # What chance happens to share with the past is taken out: a difference of zero is then zero in these customers too.
    chance = standardized(np.round(chance - known @ np.linalg.lstsq(known, chance, rcond=None)[0], DIGITS))
    core = np.round(plan.rho * residual + np.sqrt(1 - plan.rho**2) * chance, DIGITS)
    theta = np.round(plan.past * past + np.sqrt(1 - plan.past**2) * core, DIGITS)
    return rows.assign(above_median=above, past_z=past, residual_z=residual, core=core, theta=theta)
