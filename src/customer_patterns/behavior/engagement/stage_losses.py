"""Where possible sales are lost, what they were worth, and how long they stay in each stage."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.engagement.tables import STAGE_LOSSES
from customer_patterns.behavior.tables import LOST, STAGES
from customer_patterns.estimates import (
    Interval,
    NotEnoughData,
    bootstrap_mean,
    bootstrap_share,
    kaplan_meier,
    survival_quantile,
    with_interval,
)
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.features.cells import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.privacy.differencing import Contributions, contributions
from customer_patterns.sources.cut import first_moment_after


def stage_losses(opportunities: ir.Table, *, last_day: date, time_zone: str) -> pd.DataFrame:
    """Estimate how long opportunities stay in each stage, and the value of those lost there.

    A stay lasts from an opportunity's first entry into a stage to the first later moment in another one; one that still
    lasts at the study's end is counted as far as it was seen. An opportunity is lost in the stage before its last
    entry, if that is a loss. It is valued at the latest amount noted for it; one for which none ever was, at the mean
    of the others (``value_each`` of its stage where that is known, else of all).

    Parameters
    ----------
    opportunities
        One row per opportunity and stage entered: ``opportunity_id``, ``customer_id``, ``stage``, ``entered_at`` (UTC),
        ``amount``.
    last_day
        Last day of the study. Later entries change nothing.
    time_zone
        The study's; it decides when that day ends.

    Returns
    -------
    DataFrame
        One row per stage in the order of the funnel; columns as in ``STAGE_LOSSES``. Values and stays resample
        customers. Stages in which too few customers lost anything are blank.
    """
    end = first_moment_after(last_day, time_zone=time_zone)
    rows = opportunities.filter(opportunities.entered_at < ibis.literal(end).cast("timestamp(6)"))
    wanted = rows.select("opportunity_id", "customer_id", "stage", "entered_at", amount=rows.amount.cast("float64"))
    table = wanted.order_by("opportunity_id", "entered_at", "stage").to_pandas()
    if table.empty:
        return empty(STAGE_LOSSES)
    deals = table.groupby("opportunity_id", sort=True)
    last = deals.tail(1).set_index("opportunity_id")["stage"]
    before = table[table["stage"].isin(STAGES)].groupby("opportunity_id")["stage"].last()
    known = pd.DataFrame({"customer_id": deals["customer_id"].min(), "amount": deals["amount"].last()})
    known["stage"] = before.reindex(known.index).where(last.reindex(known.index) == LOST)
    lost = known[known["stage"].notna()].copy()
    noted = lost.groupby("stage")["amount"].mean().reindex(STAGES)
    # Leads are lost before anyone noted an amount; left out, they would be worth nothing.
    noted = noted.fillna(known["amount"].mean())
    lost["amount"] = lost["amount"].fillna(lost["stage"].map(noted))
    found, sums = _losses(lost, noted, known["customer_id"])
    stays = [_stay(table, stage, pd.Timestamp(end)) for stage in STAGES]
    found = with_interval(found, "days_in_stage", Interval(*np.array(stays).T))
    blanks = [name for name in found.columns if name not in ("stage", "n")]
    return suppress(found, blanks, sums=sums)[STAGE_LOSSES.names]


def _losses(lost: pd.DataFrame, noted: pd.Series, customers: pd.Series) -> tuple[pd.DataFrame, Contributions]:
    """What is lost in each stage, and how often each loses most when customers are drawn again; whose it was."""
    people = pd.Index(sorted(customers.unique()))
    value, count = (np.zeros((len(people), len(STAGES))) for _ in range(2))
    at = people.get_indexer(lost["customer_id"]), pd.Index(STAGES).get_indexer(lost["stage"])
    np.add.at(value, at, lost["amount"].to_numpy(float))
    np.add.at(count, at, 1.0)
    total = share = Interval.missing(len(STAGES))
    largest = np.full(len(STAGES), np.nan)
    try:
        if np.isfinite(value).all() and value.any():
            share = bootstrap_share(value, value.sum(axis=1))
            total = Interval(*(len(people) * part for part in _means(value)))
            largest = _loses_most(value)
    except NotEnoughData:
        pass
    table = pd.DataFrame(
        {
            "stage": pd.Series(STAGES, dtype="str"),
            "lost": whole_numbers(count.sum(axis=0).astype("int64")),
            "value_each": noted.to_numpy(float),
            "largest": largest,
            "n": whole_numbers((count > 0).sum(axis=0)),
        }
    )
    table = with_interval(with_interval(table, "lost_value", total), "share_of_loss", share)
    return table, contributions(np.nan_to_num(value))


def _means(value: np.ndarray) -> Interval:
    """The mean of each column."""
    return Interval(*np.array([[float(part) for part in bootstrap_mean(column)] for column in value.T]).T)


def _loses_most(value: np.ndarray) -> np.ndarray:
    """Share of resamples of customers in which each column has the largest sum."""
    won = np.zeros(value.shape[1])
    for _, weights in draw_weights(len(value)):
        won += np.bincount((weights @ value).argmax(axis=1), minlength=len(won))
    return won / won.sum()


def _stay(table: pd.DataFrame, stage: str, end: pd.Timestamp) -> list[float]:
    """Days until half have left a stage, with the bounds; missing where that is not known."""
    entered = table[table["stage"] == stage].groupby("opportunity_id")["entered_at"].min()
    later = table[table["stage"] != stage].merge(entered.rename("since"), left_on="opportunity_id", right_index=True)
    left = later[later["entered_at"] > later["since"]].groupby("opportunity_id")["entered_at"].min()
    left = left.reindex(entered.index)
    owner = table.groupby("opportunity_id")["customer_id"].min().reindex(entered.index)
    if owner.nunique() < SMALLEST_CELL:
        return [np.nan] * 3
    days = (left.fillna(end) - entered).dt.total_seconds() / 86_400
    half = survival_quantile(kaplan_meier(np.ceil(days.to_numpy()), left.notna(), owner))
    whole = [float(part) for part in half]
    return whole if np.isfinite(whole).all() else [np.nan] * 3
