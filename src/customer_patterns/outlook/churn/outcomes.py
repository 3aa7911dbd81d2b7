"""What customers did after a cut: the other side of what was known at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def outcomes_at(days: ir.Table, cuts: Sequence[date], *, horizon_days: int) -> pd.DataFrame:
    """Add up what each customer did in the days after each cut.

    Parameters
    ----------
    days
        One row per customer and shopping day, from ``features.shopping_days``.
    cuts
        Last days before the horizon. The horizon of each must lie within the study; the caller sees to that.
    horizon_days
        Length of the horizon, which begins on the day after the cut.

    Returns
    -------
    DataFrame
        One row per cut and customer with a shopping day in the horizon, by both: ``cut``, ``customer_id``,
        ``later_spend`` (value of goods), ``later_days`` (shopping days), ``silent_days`` (days from the last of them to
        the horizon's end).
    """
    parts = [_after(days, cut, horizon_days) for cut in sorted(set(cuts))]
    table = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(
        {
            "cut": table["cut"],
            "customer_id": table["customer_id"].astype("str"),
            "later_spend": table["spend"].to_numpy(dtype=float) / 100,
            "later_days": table["later_days"].to_numpy(dtype=float),
            "silent_days": table["silent_days"].to_numpy(dtype=float),
        }
    )


def _after(days: ir.Table, cut: date, horizon_days: int) -> pd.DataFrame:
    """One row per customer with a shopping day in the horizon after a cut."""
    end = cut + timedelta(days=horizon_days)
    after = days.filter((days.ordered_on > ibis.literal(cut)) & (days.ordered_on <= ibis.literal(end)))
    sums = after.group_by("customer_id").aggregate(
        spend=after.goods.sum().cast("float64"),
        later_days=after.count(),
        silent_days=ibis.literal(end).delta(after.ordered_on.max(), unit="day"),
    )
    table = sums.order_by("customer_id").to_pandas()
    table.insert(0, "cut", cut)
    return table


def with_outcomes(features: pd.DataFrame, outcomes: pd.DataFrame, *, horizon_days: int) -> pd.DataFrame:
    """Put what came after beside what was known; who did nothing spent nothing.

    Parameters
    ----------
    features
        One row per cut and customer, from ``features.features_at``; rows of cuts without outcomes are left out.
    outcomes
        From :func:`outcomes_at`.

    Returns
    -------
    DataFrame
        The rows of ``features``, in their order, with the columns of ``outcomes``; ``silent_days`` counts from the last
        shopping day, also where that lies before the cut.
    """
    known = features[features["cut"].isin(set(outcomes["cut"]))]
    table = known.merge(outcomes, on=["cut", "customer_id"], how="left", validate="1:1")
    nothing = table["later_days"].isna()
    table["silent_days"] = table["silent_days"].where(~nothing, table["recency_days"] + horizon_days)
    return table.fillna({"later_spend": 0.0, "later_days": 0.0})


def is_customer(features: pd.DataFrame, *, min_days: int, active_days: int) -> NDArray[np.bool_]:
    """Say who has a base that can be held against, and has not left before the cut.

    Parameters
    ----------
    features
        One row per cut and customer: ``shopping_days``, ``base_spend``, ``recency_days``.
    min_days
        With fewer shopping days in the window there is no own base.
    active_days
        Who has not come for so many days has left before.
    """
    return (
        (features["shopping_days"].to_numpy() >= min_days)
        & (features["base_spend"].to_numpy() > 0)
        & (features["recency_days"].to_numpy() < active_days)
    )


def defected(table: pd.DataFrame, *, window_days: int, horizon_days: int, kept_share: float) -> NDArray[np.bool_]:
    """Say who defected in part: spent less than a share of the own base, taken to the same number of days.

    Parameters
    ----------
    table
        From :func:`with_outcomes`.
    window_days, horizon_days
        Days of the base, and of what came after.
    kept_share
        Who keeps less than this share of the base has defected.

    Notes
    -----
    Where contracts do not say when somebody leaves, a customer who still comes may be as lost as one who does not:
    Buckinx and Van den Poel 2005, European Journal of Operational Research 164, 252–268.
    """
    base = table["base_spend"].to_numpy(dtype=float) * horizon_days / window_days
    return table["later_spend"].to_numpy(dtype=float) < kept_share * base
