"""Contracts: how many are not cancelled for so long."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.engagement.tables import ALL_PLANS, CONTRACT_SURVIVAL, NO_PLAN
from customer_patterns.estimates import Interval, bounded, kaplan_meier, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.features.enough import empty


def contract_survival(contracts: ir.Table, *, kept_days: int, last_day: date) -> pd.DataFrame:
    """Estimate how many contracts are not cancelled within so many days of their first.

    Parameters
    ----------
    contracts
        One row per contract: ``contract_id``, ``customer_id``, ``plan``, ``starts_on``, ``ends_on``, ``cancelled_on``.
    kept_days
        How long; 1 or more.
    last_day
        Last day of the study. What is not cancelled then may be later (right-censored), and so may be what ended as
        planned.

    Returns
    -------
    DataFrame
        One row for all plans, then one per plan, by name; columns as in ``CONTRACT_SURVIVAL``. Intervals resample
        customers; missing where no contract was seen for so long. Plans of too few customers are blank.

    Raises
    ------
    ValueError
        ``kept_days`` is less than 1.
    """
    if kept_days < 1:
        raise ValueError(f"a contract is kept for one day at least, not {kept_days}")
    end = ibis.literal(last_day)
    begun = contracts.filter(contracts.starts_on <= end)
    cancelled = (begun.cancelled_on <= end).fill_null(False)
    until = ibis.ifelse(cancelled, begun.cancelled_on, ibis.least(begun.ends_on.fill_null(end), end))
    rows = begun.select(
        "customer_id",
        plan=begun.plan.fill_null(NO_PLAN),
        days=until.delta(begun.starts_on, unit="day"),
        cancelled=cancelled,
        key="contract_id",
    )
    table = rows.order_by("key").to_pandas()
    if table.empty:
        return empty(CONTRACT_SURVIVAL)
    parts = {ALL_PLANS: table} | {plan: part for plan, part in table.groupby("plan", sort=True)}
    found = pd.DataFrame(
        {
            "plan": pd.Series(list(parts), dtype="str"),
            "contracts": whole_numbers([len(part) for part in parts.values()]),
            "cancelled": whole_numbers([int(part["cancelled"].sum()) for part in parts.values()]),
            "n": whole_numbers([part["customer_id"].nunique() for part in parts.values()]),
        }
    )
    kept = np.array([_kept(part, kept_days) for part in parts.values()])
    found = with_interval(found, "kept", Interval(*kept.T))
    blanks = ["contracts", "cancelled", *bounded("kept")]
    total, plans = found.head(1), found.iloc[1:].reset_index(drop=True)
    both = pd.concat([suppress(total, blanks), suppress(plans, blanks)], ignore_index=True)
    return both[CONTRACT_SURVIVAL.names]


def _kept(contracts: pd.DataFrame, kept_days: int) -> list[float]:
    """The curve's value on that day, with its bounds; missing where nothing was seen for so long."""
    days = contracts["days"].clip(lower=0)
    if contracts["customer_id"].nunique() < SMALLEST_CELL or days.max() < kept_days:
        return [np.nan] * 3
    curve = kaplan_meier(days, contracts["cancelled"], contracts["customer_id"])
    before = curve[curve["days"] <= kept_days]
    if before.empty:
        return [np.nan] * 3
    whole = before.iloc[-1][bounded("survival")].astype(float).tolist()
    return whole if np.isfinite(whole).all() else [np.nan] * 3
