"""Acquisition, activation, retention, referral, revenue: how far each cohort of newcomers comes, and how soon."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.cohorts import ALREADY, NEW, month_after
from customer_patterns.behavior.engagement.tables import LIFE_COHORTS, LIFE_STAGES
from customer_patterns.behavior.journeys.tables import SENT
from customer_patterns.estimates import Interval, NotEnoughData, bootstrap_ratio, bounded, wilson, with_interval
from customer_patterns.features.cells import cents, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.privacy.differencing import contributions_of
from customer_patterns.schemas.local_time import local_time

#: What the seller does is no sign of life.
_NOT_OWN = (SENT,)


def life_cohorts(
    touches: ir.Table,
    orders: ir.Table,
    referrals: ir.Table | None,
    *,
    first_day: date,
    last_day: date,
    time_zone: str,
    activation_days: int = 30,
    retention_days: int = 90,
    burn_in_months: int = 3,
) -> pd.DataFrame:
    """Estimate how many of those first seen in a month order in time, order again, recommend, and what they bring.

    - Acquisition: first seen by an act of their own (a visit, an order, a contact …; not by a mail sent to them).
    - Activation: an order within ``activation_days`` of that day.
    - Retention: of these, orders on two days or more within ``retention_days``.
    - Referral: of these, a recommendation within ``retention_days``.
    - Revenue: of the activated, more than nothing within ``retention_days``; ``revenue_each`` is the mean over all.

    Parameters
    ----------
    touches
        One row per touch: ``who``, ``at`` (UTC), ``touch``.
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``revenue``.
    referrals
        One row per recommendation: ``referrer_id``, ``referred_at`` (UTC); ``None`` where not delivered: that stage is
        then blank.
    first_day, last_day
        The period, both days included. Other touches and orders change nothing.
    time_zone
        The study's.
    activation_days, retention_days
        How long they have, from the day first seen on; the second at least as long as the first.
    burn_in_months
        Who is first seen within so many months of ``first_day`` was a customer before.

    Returns
    -------
    DataFrame
        One row per month in which someone was first seen and stage, by both; columns as in ``LIFE_COHORTS``. A stage
        whose time has not passed for the cohort's last day is blank, not 0. Wilson intervals; small cohorts are blank.

    Raises
    ------
    ValueError
        ``activation_days`` is less than 1, or more than ``retention_days``.

    Notes
    -----
    McClure (2007), Startup Metrics for Pirates: AARRR, which leaves all definitions to the reader; these are ours.
    """
    if not 1 <= activation_days <= retention_days:
        raise ValueError(f"activation takes 1 to {retention_days} days, not {activation_days}")
    people = _people(touches, orders, referrals, first_day, last_day, time_zone, activation_days, retention_days)
    if people.empty:
        return empty(LIFE_COHORTS)
    return stages_of_cohorts(
        people,
        first_day=first_day,
        last_day=last_day,
        activation_days=activation_days,
        retention_days=retention_days,
        burn_in_months=burn_in_months,
        referrals=referrals is not None,
    )


def stages_of_cohorts(
    people: pd.DataFrame,
    *,
    first_day: date,
    last_day: date,
    activation_days: int,
    retention_days: int,
    burn_in_months: int,
    referrals: bool,
) -> pd.DataFrame:
    """Estimate the stages from what each of the people did.

    Parameters
    ----------
    people
        One row per customer or other visitor: ``cohort`` (first day of the month first seen), whether they got to
        ``acquisition``, ``activation``, ``retention``, ``referral`` and ``revenue``, and ``money`` (revenue in time,
        study currency).
    first_day, last_day, activation_days, retention_days, burn_in_months
        As in :func:`life_cohorts`.
    referrals
        Whether recommendations were delivered.

    Returns
    -------
    DataFrame
        What :func:`life_cohorts` returns.
    """
    days = dict(zip(LIFE_STAGES, (0, activation_days, *[retention_days] * 3), strict=True))
    known_before = month_after(first_day, burn_in_months + (first_day.day > 1))
    tables = []
    for cohort, part in people.groupby("cohort", sort=True):
        until = month_after(cohort, 1) - timedelta(days=1)
        seen = {stage: until + timedelta(days=wait) <= last_day or not wait for stage, wait in days.items()}
        if not referrals:
            seen["referral"] = False
        tables.append(_cohort(part, days, seen).assign(cohort=cohort, status=ALREADY if cohort < known_before else NEW))
    table = pd.concat(tables, ignore_index=True)
    each = np.full((3, len(table)), np.nan)
    revenue = (table["stage"] == LIFE_STAGES[-1]).to_numpy()
    each[:, revenue] = _revenue_each(people, sorted(people["cohort"].unique()))
    each[:, table["reached"].isna()] = np.nan
    table = with_interval(table, "revenue_each", Interval(*each))
    sizes = table.loc[table["stage"] == LIFE_STAGES[0], ["cohort", "n"]].reset_index(drop=True)
    spent = contributions_of(people["money"], people["cohort"], sizes["cohort"].tolist())
    sizes = suppress(sizes, [], partition=True, sums=spent).set_index("cohort")["suppressed"]
    why = table["cohort"].map(sizes).astype("str")
    figures = bounded("share_of_cohort", "revenue_each")
    blanks = {name: table[name].where(why == "no") for name in ("n", "reached", *figures)}
    table = table.assign(**blanks, suppressed=why, cohort=pd.to_datetime(table["cohort"]))
    return table[LIFE_COHORTS.names]


def _people(
    touches: ir.Table,
    orders: ir.Table,
    referrals: ir.Table | None,
    first_day: date,
    last_day: date,
    time_zone: str,
    activation_days: int,
    retention_days: int,
) -> pd.DataFrame:
    """One row per customer or other visitor: when first seen, and what they did in time."""
    own = touches.filter(touches.touch.notin(_NOT_OWN))
    own = own.mutate(day=local_time(own["at"], time_zone=time_zone).date())
    own = own.filter(own.day.between(ibis.literal(first_day), ibis.literal(last_day)))
    seen = own.group_by("who").aggregate(since=own.day.min())
    joined = seen.left_join(orders.filter(orders.ordered_on <= ibis.literal(last_day)), seen.who == orders.customer_id)
    after = joined.ordered_on.delta(joined.since, unit="day")
    in_time = (after >= 0) & (after <= retention_days)
    people = joined.group_by("who", "since").aggregate(
        activation=((after >= 0) & (after <= activation_days)).any().fill_null(False),
        days=joined.ordered_on.nunique(where=in_time),
        cents=cents(joined.revenue).sum(where=in_time).fill_null(0),
    )
    if referrals is None:
        people = people.mutate(recommended=ibis.literal(False))
    else:
        day = local_time(referrals.referred_at, time_zone=time_zone).date()
        told = referrals.select(who="referrer_id", told_on=day)
        both = people.left_join(told, "who").drop("who_right")
        wait = both.told_on.delta(both.since, unit="day")
        people = both.group_by("who", "since", "activation", "days", "cents").aggregate(
            recommended=((wait >= 0) & (wait <= retention_days)).any().fill_null(False)
        )
    table = people.order_by("who").to_pandas()
    since = pd.to_datetime(table["since"])
    activation = table["activation"].astype(bool)
    retention = activation & (table["days"] > 1)
    return pd.DataFrame(
        {
            "cohort": [date(day.year, day.month, 1) for day in since],
            "acquisition": np.ones(len(table), dtype=bool),
            "activation": activation,
            "retention": retention,
            "referral": retention & table["recommended"].astype(bool),
            "revenue": activation & (table["cents"] > 0),
            "money": table["cents"].astype(float) / 100,
        }
    )


def _cohort(people: pd.DataFrame, days: dict[str, int], seen: dict[str, bool]) -> pd.DataFrame:
    """The stages of one cohort; those whose time has not passed are blank."""
    n = len(people)
    there = np.array([seen[stage] for stage in days])
    reached = np.array([int(people[stage].sum()) for stage in days])
    table = pd.DataFrame(
        {"stage": pd.Series(list(days), dtype="str"), "within_days": list(days.values()), "n": whole_numbers([n] * 5)}
    )
    table["reached"] = whole_numbers(reached).where(there)
    share = wilson(reached, np.full(5, n))
    table = with_interval(table, "share_of_cohort", Interval(*(np.where(there, part, np.nan) for part in share)))
    return table


def _revenue_each(people: pd.DataFrame, cohorts: list[date]) -> Interval:
    """Mean revenue in time by cohort, over everyone in it."""
    inside = np.column_stack([(people["cohort"] == cohort).to_numpy(float) for cohort in cohorts])
    try:
        return bootstrap_ratio(inside * people[["money"]].to_numpy(), inside)
    except NotEnoughData:  # one person tells nothing of others
        return Interval.missing(len(cohorts))
