"""Opportunities as they stood on several days: what was known then, and how they ended later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.outlook.leads.tables import LOST, STAGES, WON

Floats = NDArray[np.float64]

#: Days between the days on which open opportunities are looked at.
EVERY_DAYS = 14
#: What is known of an opportunity at such a moment, beside its stage.
FEATURES = (
    "log_stage_days",
    "log_age_days",
    "amount_known",
    "log_amount",
    "entered_again",
    "customer_record",
    "customer_ended",
    "owner_record",
)
#: A record of so many usual endings is added to that of a customer or an owner: few endings say little.
_AS_IF = 10.0


@dataclass(frozen=True)
class Pipeline:
    """All entries of all opportunities, in order of time, and when each began and ended.

    Attributes
    ----------
    entries
        One row per opportunity and stage entered, by opportunity and time: ``opportunity_id``, ``customer_id``,
        ``owner``, ``stage``, ``day`` (days since 1970 with fractions, UTC), ``amount``.
    deals
        One row per opportunity: ``customer_id``, ``owner``, ``began``, ``ended`` (days; NaN while open), ``won``.
    """

    entries: pd.DataFrame
    deals: pd.DataFrame


def pipeline(opportunities: pd.DataFrame) -> Pipeline:
    """Order the entries and find how each opportunity ended: by its last entry, if that is won or lost.

    Parameters
    ----------
    opportunities
        One row per opportunity and stage entered: ``opportunity_id``, ``customer_id``, ``stage``, ``entered_at``
        (UTC), ``amount``, ``owner``.
    """
    day = pd.to_datetime(opportunities["entered_at"]).to_numpy().astype("datetime64[us]").astype(np.int64) / 86_400e6
    place = opportunities["stage"].map({stage: n for n, stage in enumerate((*STAGES, LOST, WON))})
    entries = opportunities.assign(day=day, place=place.astype(float))
    entries = entries.sort_values(["opportunity_id", "day", "place"], ignore_index=True)
    entries["amount"] = entries["amount"].astype(float)
    entries["owner"] = entries["owner"].astype("str").fillna("")
    groups = entries.groupby("opportunity_id", sort=True)
    deals = groups.agg(customer_id=("customer_id", "first"), owner=("owner", "first"), began=("day", "first"))
    last = groups.tail(1).set_index("opportunity_id")
    over = last["stage"].isin([WON, LOST])
    deals["ended"] = last["day"].where(over).reindex(deals.index)
    deals["won"] = (last["stage"] == WON).reindex(deals.index)
    return Pipeline(entries, deals)


def as_they_stood(made: Pipeline, days: Floats) -> pd.DataFrame:
    """Describe the opportunities that were open at each of several moments, by what was known then.

    Parameters
    ----------
    made
        From :func:`pipeline`.
    days
        Moments, in days since 1970. What happens at or after a moment is not known at it.

    Returns
    -------
    DataFrame
        One row per moment and opportunity open then: ``day``, ``opportunity_id``, ``customer_id``, ``stage``,
        ``age_days``, ``stage_days``, ``amount`` (the latest noted; NaN: none), and :data:`FEATURES`; ``began``,
        ``ended`` and ``won`` say what came later and are no features.
    """
    return pd.concat([_at(made, float(day)) for day in days], ignore_index=True) if len(days) else pd.DataFrame()


def _at(made: Pipeline, day: float) -> pd.DataFrame:
    begun = made.deals["began"].to_numpy() < day
    running = made.deals.index[begun & ~(made.deals["ended"].to_numpy() < day)]
    known = made.entries[
        (made.entries["day"].to_numpy() < day) & made.entries["opportunity_id"].isin(running).to_numpy()
    ]
    groups = known.groupby("opportunity_id", sort=True)
    last = groups.tail(1).set_index("opportunity_id")
    last = last[~last["stage"].isin([WON, LOST])]
    rows = made.deals.loc[last.index]
    amount = groups["amount"].last().reindex(last.index)
    times = groups.size().reindex(last.index) - groups["stage"].nunique().reindex(last.index)
    # The last entry into a stage may be a second one (a new quote): the stay began with the first of them.
    same = known[known["stage"].to_numpy() == last["stage"].reindex(known["opportunity_id"]).to_numpy()]
    since = same.groupby("opportunity_id")["day"].min().reindex(last.index)
    ended = made.deals[made.deals["ended"] < day]
    usual = float(ended["won"].mean()) if len(ended) else 0.5
    log_amount = np.log1p(amount.astype(float))
    found = pd.DataFrame(
        {
            "day": day,
            "opportunity_id": last.index.to_numpy(),
            "customer_id": rows["customer_id"].to_numpy(),
            "stage": last["stage"].to_numpy(),
            "age_days": day - rows["began"].to_numpy(),
            "stage_days": day - since.to_numpy(),
            "amount": amount.to_numpy(),
            "amount_known": amount.notna().to_numpy(dtype=float),
            "log_amount": log_amount.fillna(log_amount.mean() if log_amount.notna().any() else 0.0).to_numpy(),
            "entered_again": (times > 0).to_numpy(dtype=float),
            "customer_record": _record(ended, rows["customer_id"], "customer_id", usual),
            "customer_ended": np.log1p(_count(ended, rows["customer_id"], "customer_id")),
            "owner_record": _record(ended, rows["owner"], "owner", usual),
            "began": rows["began"].to_numpy(),
            "ended": rows["ended"].to_numpy(),
            "won": rows["won"].to_numpy(),
        }
    )
    return found.assign(log_stage_days=np.log1p(found["stage_days"]), log_age_days=np.log1p(found["age_days"]))


def _count(ended: pd.DataFrame, keys: pd.Series, by: str) -> Floats:
    return ended.groupby(by).size().reindex(keys).fillna(0).to_numpy(dtype=float)


def _record(ended: pd.DataFrame, keys: pd.Series, by: str, usual: float) -> Floats:
    """Share won of those that ended before, drawn toward the usual share."""
    won = ended.groupby(by)["won"].sum().reindex(keys).fillna(0).to_numpy(dtype=float)
    return (won + _AS_IF * usual) / (_count(ended, keys, by) + _AS_IF)
