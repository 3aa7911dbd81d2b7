"""The loyalty program: points earned and spent, tiers, and what members and others spend, as observed."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.engagement.tables import (
    ALL_MEMBERS,
    LOYALTY_FIGURES,
    LOYALTY_GROUPS,
    LOYALTY_MEMBERS,
    NO_TIER,
    NON_MEMBERS,
)
from customer_patterns.estimates import (
    Interval,
    NotEnoughData,
    bootstrap_ratio,
    wilson,
    with_interval,
)
from customer_patterns.features.cells import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.features.habits import DAYS_A_MONTH
from customer_patterns.privacy.differencing import contributions
from customer_patterns.schemas.local_time import local_time

#: Who is of high value: the tenth of the customers who spend most.
_TOP = 0.1


def loyalty_members(ledger: ir.Table, rhythm: ir.Table, *, time_zone: str) -> pd.DataFrame:
    """Sum up each member's account of points, and say which members are of high value.

    Parameters
    ----------
    ledger
        One row per entry: ``entry_id``, ``customer_id``, ``booked_at`` (UTC), ``kind``, ``points``, ``tier``.
    rhythm
        One row per customer who ordered: ``customer_id``, ``revenue``.
    time_zone
        The study's.

    Returns
    -------
    DataFrame
        One row per customer with an entry, by ``customer_id``; columns as in ``LOYALTY_MEMBERS``. Balances are summed
        up from the points, not read: delivered ones may not add up. The tenth of highest value are the customers with
        the largest revenue; who has as much as the last of them belongs to it.
    """
    line = ibis.window(group_by="customer_id", order_by=[ibis._.booked_at, ibis._.entry_id])
    so_far = ibis.cumulative_window(group_by="customer_id", order_by=[ibis._.booked_at, ibis._.entry_id])
    points = ledger.points.fill_null(0)
    tiers = ledger.filter(ledger.tier.notnull())
    tiers = tiers.mutate(before=tiers.tier.lag().over(line))
    held = tiers.group_by("customer_id").aggregate(
        tier=tiers.tier.last(order_by=[tiers.booked_at, tiers.entry_id]),
        named=tiers.count(),
        moves=(tiers.before.notnull() & (tiers.before != tiers.tier)).sum(),
        first_named=tiers.booked_at.min(),
    )
    rows = ledger.mutate(
        sum_so_far=points.sum().over(so_far), day=local_time(ledger.booked_at, time_zone=time_zone).date()
    )
    sums = rows.group_by("customer_id").aggregate(
        since=rows.day.min(),
        began=rows.booked_at.min(),
        earned=rows.points.sum(where=rows.kind == "earn").fill_null(0),
        burned=-rows.points.sum(where=rows.kind == "burn").fill_null(0),
        expired=-rows.points.sum(where=rows.kind == "expire").fill_null(0),
        balance=rows.points.sum().fill_null(0),
        lowest_balance=rows.sum_so_far.min(),
    )
    joined = sums.left_join(held, "customer_id").drop("customer_id_right")
    # Who had none at first has moved when a first one is named.
    entered = (joined.first_named > joined.began).fill_null(False).cast("int64")
    joined = joined.mutate(tier_moves=joined.moves.fill_null(0) + entered, tier=joined.tier.fill_null(NO_TIER))
    table = joined.order_by("customer_id").to_pandas()
    spend = rhythm.select("customer_id", "revenue").order_by("customer_id").to_pandas()
    table["high_value"] = table["customer_id"].isin(_high_value(spend))
    table["since"] = pd.to_datetime(table["since"])
    return table[LOYALTY_MEMBERS.names]


def _high_value(spend: pd.DataFrame) -> pd.Series:
    """The keys of the tenth of the customers with the largest revenue."""
    money = spend["revenue"].astype(float)
    place = money.rank(method="min", ascending=False)
    return spend.loc[place <= max(1, round(_TOP * len(spend))), "customer_id"]


def loyalty_figures(members: pd.DataFrame, *, last_day: date) -> pd.DataFrame:
    """Estimate how members earn and spend points.

    Parameters
    ----------
    members
        One row per member, from :func:`loyalty_members`.
    last_day
        Last day of the study.

    Returns
    -------
    DataFrame
        One row per figure; columns as in ``LOYALTY_FIGURES``. Intervals resample members, shares of members have a
        Wilson interval. Without rows where members are too few.
    """
    if len(members) < SMALLEST_CELL:
        return empty(LOYALTY_FIGURES)
    months = ((pd.Timestamp(last_day) - members["since"]).dt.days + 1) / DAYS_A_MONTH
    earned, burned = members["earned"].clip(lower=0).astype(float), members["burned"].clip(lower=0).astype(float)
    ratios = bootstrap_ratio(np.column_stack([earned, burned]), np.column_stack([months, earned]))
    shares = wilson([(burned > 0).sum(), (members["tier_moves"] > 0).sum()], [len(members)] * 2)
    table = pd.DataFrame(
        {
            "figure": pd.Series(LOYALTY_FIGURES["figure"].levels, dtype="str"),
            "unit": pd.Series(["points", "share", "share", "share"], dtype="str"),
            "n": whole_numbers([len(members)] * 4),
            "overdrawn": whole_numbers([int((members["lowest_balance"] < 0).sum())] * 4),
        }
    )
    both = (np.append(ratio, share) for ratio, share in zip(ratios, shares, strict=True))
    return with_interval(table, "value", Interval(*both))[LOYALTY_FIGURES.names]


def loyalty_groups(members: pd.DataFrame, rhythm: ir.Table, *, last_day: date) -> pd.DataFrame:
    """Estimate what members of each tier spend, and those who are none.

    Members chose to be members, and tiers are given for spending: the table describes, it says nothing of what the
    program does.

    Parameters
    ----------
    members
        One row per member, from :func:`loyalty_members`.
    rhythm
        One row per customer who ordered: ``customer_id``, ``first_on``, ``orders``, ``revenue``.
    last_day
        Last day of the study; spend is per month from a customer's first order to it.

    Returns
    -------
    DataFrame
        One row per tier, by their mean spend, then all members, then who is none (where there is one); columns as in
        ``LOYALTY_GROUPS``. Customers without an order are in no row. Intervals resample customers; small groups are
        blank.
    """
    wanted = rhythm.select("customer_id", "first_on", "orders", "revenue").order_by("customer_id")
    people = wanted.to_pandas().merge(members[["customer_id", "tier"]], on="customer_id", how="left")
    if people.empty or members.empty:
        return empty(LOYALTY_GROUPS)
    people["months"] = ((pd.Timestamp(last_day) - pd.to_datetime(people["first_on"])).dt.days + 1) / DAYS_A_MONTH
    people["revenue"] = people["revenue"].astype(float)
    people["high_value"] = people["customer_id"].isin(_high_value(people))
    people["tier"] = people["tier"].fillna(NON_MEMBERS)
    tiers = people[people["tier"] != NON_MEMBERS].groupby("tier")[["revenue", "months"]].sum()
    by_spend = (tiers["revenue"] / tiers["months"]).sort_values(ascending=False, kind="stable").index
    parts = [(tier, (people["tier"] == tier).to_numpy()) for tier in by_spend]
    others = (people["tier"] == NON_MEMBERS).to_numpy()
    parts += [(ALL_MEMBERS, ~others)] * (len(parts) != 1) + [(NON_MEMBERS, others)] * bool(others.any())
    inside = np.column_stack([member for _, member in parts])
    table = _groups(people, [name for name, _ in parts], inside)
    spent = contributions(inside * people[["revenue"]].to_numpy())
    blanks = [name for name in table.columns if name not in ("group", "n")]
    return suppress(table, blanks, sums=spent)[LOYALTY_GROUPS.names]


def _groups(people: pd.DataFrame, names: list[str], inside: np.ndarray) -> pd.DataFrame:
    """The figures of groups, which may overlap: one column of ``inside`` says who is in each."""
    table = pd.DataFrame({"group": pd.Series(names, dtype="str"), "n": whole_numbers(inside.sum(axis=0))})
    months = inside * people[["months"]].to_numpy(float)
    tops = [inside * people[[what]].to_numpy(float) for what in ("revenue", "orders")]
    try:
        ratios = bootstrap_ratio(np.hstack(tops), np.hstack([months, months]))
    except NotEnoughData:
        ratios = Interval.missing(2 * len(names))
    for place, measure in enumerate(("monthly_spend", "monthly_orders")):
        part = slice(place * len(names), (place + 1) * len(names))
        table = with_interval(table, measure, ratios.part(part))
    high = (inside & people[["high_value"]].to_numpy(bool)).sum(axis=0)
    return with_interval(table, "high_value", wilson(high, inside.sum(axis=0)))
