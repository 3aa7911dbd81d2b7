"""What recipients spend around the start of a campaign: an event study with its weeks before as an honest check.

A customer who gets a campaign is compared with the same customer in other weeks, and with everybody in the same week.
Campaigns overlap, so a week may be the third of one and the first of another: each adds a factor (events of several
kinds in one two-way model: Schmidheiny and Siegloch 2023, Journal of Applied Econometrics 38, 695–713). A campaign
cannot move the weeks before it begins. Where these already differ, recipients were on their own way, and nothing that
comes after can be put down to the campaign; where they do not, that is no proof either (Roth 2022, American Economic
Review: Insights 4, 305–322).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import NotEnoughData, with_interval
from customer_patterns.features import encode
from customer_patterns.features.cells import SMALLEST_CELL, cents
from customer_patterns.features.enough import empty
from customer_patterns.patterns.promotions import tables
from customer_patterns.patterns.promotions.fixed_effects import Effects, estimate_effects

Floats = NDArray[np.float64]
#: The weeks before differ if they would so seldom come out like this by chance.
_SURE = 0.05


@dataclass(frozen=True)
class AroundCampaigns:
    """What goes with each week around a campaign.

    Attributes
    ----------
    weeks
        Weeks since a campaign began, ascending; below zero: before.
    effects
        One exposure per week of these.
    recipients
        How many customers were observed in each.
    """

    weeks: NDArray[np.int64]
    effects: Effects
    recipients: NDArray[np.int64]


def around_campaigns(
    order_lines: ir.Table,
    campaigns: ir.Table,
    recipients: ir.Table,
    *,
    first_day: date,
    last_day: date,
    weeks_before: int,
    weeks_after: int,
) -> AroundCampaigns | None:
    """Estimate what recipients spend around the start of a campaign.

    Parameters
    ----------
    order_lines
        One row per product in an order: ``customer_id``, ``ordered_on``, ``revenue``, ``line_kind``. Gift cards are no
        purchase until they are spent.
    campaigns
        One row per campaign: ``campaign_id``, ``starts_on``. Those that begin outside of the period count where their
        weeks reach into it.
    recipients
        One row per customer in a campaign: ``campaign_id``, ``customer_id``.
    first_day, last_day
        The period, both days included. Weeks begin on the weekday of its first day; days left over at its end are
        passed over, since a week of three days is none.
    weeks_before, weeks_after
        How many weeks before a campaign, and how many from its start on, are looked at. All others are what they are
        compared with.

    Returns
    -------
    AroundCampaigns or None
        ``None`` where there are too few customers, recipients or weeks.
    """
    weeks = ((last_day - first_day).days + 1) // 7
    start = ibis.literal(first_day)
    lines = order_lines.filter(order_lines.line_kind != "gift_card", order_lines.customer_id.notnull())
    lines = lines.mutate(week=lines.ordered_on.delta(start, unit="day") // 7)
    lines = lines.filter((lines.ordered_on >= start) & (lines.week < weeks))
    read = lines.group_by("customer_id", "week").aggregate(cents=cents(lines.revenue).sum())
    read = read.order_by("customer_id", "week").to_pyarrow()
    mail = recipients.select("campaign_id", "customer_id").distinct().join(campaigns, "campaign_id")
    mail = mail.select("customer_id", days=mail.starts_on.delta(start, unit="day")).to_pyarrow()
    if not len(read) or not len(mail):
        return None
    keys, customer = encode(read["customer_id"])
    size = (len(keys), weeks)
    spend = np.bincount(
        customer * weeks + read["week"].to_numpy(), read["cents"].to_numpy().astype(float), size[0] * weeks
    ).reshape(size)
    # A week of returns only is a week without spend.
    spend = np.maximum(spend, 0)
    got, code = encode(mail["customer_id"])
    who = pd.Index(keys).get_indexer(got)[code]
    begins = mail["days"].to_numpy() // 7
    around = np.arange(-weeks_before, weeks_after)
    exposed = np.stack([_counted(who, begins + week, size) for week in around])
    reached = (exposed > 0).any(axis=2) & (spend.sum(axis=1) > 0)
    if reached.any(axis=0).sum() < SMALLEST_CELL:
        return None
    try:
        effects = estimate_effects(spend, exposed, clusters=np.arange(len(keys)))
    except NotEnoughData:
        return None
    return AroundCampaigns(around, effects, reached.sum(axis=1))


def campaign_weeks(found: AroundCampaigns | None) -> pd.DataFrame:
    """Say how many times as much recipients spend in each week around a campaign as in their other weeks.

    Parameters
    ----------
    found
        As :func:`around_campaigns` returns it.

    Returns
    -------
    DataFrame
        One row per week that the data can tell, by it; columns as in ``CAMPAIGN_WEEKS``. Intervals cluster by customer.
    """
    if found is None:
        return empty(tables.CAMPAIGN_WEEKS)
    table = pd.DataFrame({"week": found.weeks, "n": found.recipients})
    table = with_interval(table, "spend_factor", found.effects.factors())
    table = table[table["n"] >= SMALLEST_CELL].dropna().reset_index(drop=True)
    return table.astype({"n": "Int64"})[tables.CAMPAIGN_WEEKS.names]


def campaign_change(found: AroundCampaigns | None) -> pd.DataFrame:
    """Compare the weeks from a campaign's start on with those before it, and those before it with other weeks.

    Parameters
    ----------
    found
        As :func:`around_campaigns` returns it.

    Returns
    -------
    DataFrame
        One row, none where the data do not suffice; columns as in ``CAMPAIGN_CHANGE``: ``change`` is the geometric mean
        of the weeks from the start on, by that of the weeks before. ``verdict`` says whether the weeks before are as
        other weeks (a joint Wald test at 5 %).
    """
    if found is None:
        return empty(tables.CAMPAIGN_CHANGE)
    told = ~np.isnan(found.effects.logs)
    before, after = (found.weeks < 0) & told, (found.weeks >= 0) & told
    if not before.any() or not after.any():
        return empty(tables.CAMPAIGN_CHANGE)
    leads, lags = before / before.sum(), after / after.sum()
    both = found.effects.combined(np.stack([lags - leads, leads]))
    p = found.effects.none_of(np.flatnonzero(before))
    verdict = tables.NOT_FLAT if p < _SURE else tables.FLAT
    table = pd.DataFrame({"p_before": [p], "verdict": [verdict], "n": [int(found.recipients.max())]})
    for at, name in enumerate(("change", "before")):
        table = with_interval(table, name, both.part([at]))
    return table.astype({"n": "Int64"})[tables.CAMPAIGN_CHANGE.names]


def _counted(who: NDArray[np.int64], week: NDArray[np.int64], size: tuple[int, int]) -> Floats:
    """How many campaigns of each customer are in that week of theirs, by customer and week."""
    there = (who >= 0) & (week >= 0) & (week < size[1])
    return np.bincount(who[there] * size[1] + week[there], minlength=size[0] * size[1]).reshape(size).astype(float)
