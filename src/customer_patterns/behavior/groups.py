"""Spend by what is known about customers, beside those about whom nothing is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.behavior.orders import in_period
from customer_patterns.behavior.tables import ATTRIBUTES, DESCRIBED, SPEND_BY_AREA, SPEND_BY_GROUP, in_words
from customer_patterns.estimates import (
    Interval,
    bootstrap_quantile,
    bootstrap_ratio,
    bounded,
    in_row,
    pool_means,
    wilson,
    with_interval,
)
from customer_patterns.estimates.pooling import FEWEST_GROUPS
from customer_patterns.features.cells import SMALLEST_CELL, cents, shown, suppress, whole_numbers
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.features.habits import DAYS_A_MONTH
from customer_patterns.privacy.differencing import contributions
from customer_patterns.schemas.canonical import UNKNOWN


@empty_unless_enough(SPEND_BY_GROUP)
def spend_by_group(
    orders: ir.Table,
    customers: ir.Table,
    *,
    first_day: date,
    last_day: date,
    attributes: Sequence[str] = ATTRIBUTES,
    min_group: int = 30,
) -> pd.DataFrame:
    """Estimate mean monthly spend for each level of each attribute, those without the attribute beside them.

    A level of few customers has a mean that chance has moved far. Levels of one attribute therefore lend each other
    strength (:func:`~customer_patterns.estimates.pooling.pool_means`): the pooled mean of a small level lies between
    its own and that of all. Those of whom the attribute is not known are no level of it and take no part.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``revenue``.
    customers
        One row per customer: ``customer_id`` and the attributes; ``"unknown"`` where one is not known.
    first_day, last_day
        The period, both days included. Other orders change nothing.
    attributes
        Which columns of ``customers``.
    min_group
        Levels with fewer customers are not shown, nor those from which they could be worked out.

    Returns
    -------
    DataFrame
        One row per attribute and level: ``attribute`` (in words: ``"age group"``), ``level``, ``position`` (within
        the attribute: by the first number in the level, then by name, ``"unknown"`` last), ``n`` (customers with an
        order in the period), ``monthly_spend`` (revenue per customer and month of the period, study currency) with
        interval (resampling customers), ``pooled_spend`` (the same after pooling, with interval; for the unknown and
        where fewer than three levels are shown, as before), ``own_weight`` (how much of it is the level's own mean),
        ``suppressed``.

    Raises
    ------
    ValueError
        ``min_group`` is below the smallest cell that may be shown.
    """
    people = _spenders(orders, customers.select("customer_id", *attributes), first_day, last_day)
    return _by_level(people, attributes, min_group) if len(people) else empty(SPEND_BY_GROUP)


@empty_unless_enough(SPEND_BY_AREA)
def spend_by_area(
    orders: ir.Table,
    customers: ir.Table,
    traits: ir.Table,
    regions: ir.Table,
    *,
    first_day: date,
    last_day: date,
    min_group: int = 30,
) -> pd.DataFrame:
    """Estimate mean monthly spend for each type of area, as :func:`spend_by_group`.

    Parameters
    ----------
    orders
        As there.
    customers, traits
        One row per customer: ``customer_id``, ``region_id``; where the first does not know it, the second is asked.
    regions
        One row per region: ``region_id``, ``area_type``.
    first_day, last_day, min_group
        As there.

    Returns
    -------
    DataFrame
        As there, of the one attribute ``area type``. Without rows where no customer's area is known.
    """
    areas = regions.select("region_id", "area_type")
    here = customers.select("customer_id", "region_id").join(areas, "region_id").select("customer_id", here="area_type")
    there = traits.select("customer_id", "region_id").join(areas, "region_id").select("customer_id", there="area_type")
    placed = customers.select("customer_id").left_join(here, "customer_id", rname="_{name}")
    placed = placed.left_join(there, "customer_id", rname="__{name}")
    placed = placed.select("customer_id", area_type=ibis.coalesce(placed.here, placed.there, UNKNOWN))
    people = _spenders(orders, placed, first_day, last_day)
    if (people["area_type"] == UNKNOWN).all():
        return empty(SPEND_BY_AREA)
    return _by_level(people, ["area_type"], min_group)


def _by_level(people: pd.DataFrame, attributes: Sequence[str], min_group: int) -> pd.DataFrame:
    """One row per attribute and level, all levels of all attributes estimated in one go."""
    if min_group < SMALLEST_CELL:
        raise ValueError(f"groups of fewer than {SMALLEST_CELL} customers are never shown; min_group is {min_group}")
    spend = people["monthly_spend"].to_numpy()
    places = [(a, level) for a in attributes for level in sorted(people[a].unique(), key=_place)]
    member = np.column_stack([people[a].to_numpy(dtype=object) == level for a, level in places]).astype(float)
    position = [[a for a, _ in places[:i]].count(a) + 1 for i, (a, _) in enumerate(places)]
    table = pd.DataFrame(
        {
            "attribute": pd.Series([in_words(a) for a, _ in places], dtype="str"),
            "level": pd.Series([level for _, level in places], dtype="str"),
            "position": np.array(position, dtype=np.int64),
            "n": whole_numbers(member.sum(axis=0)),
        }
    )
    table = with_interval(table, "monthly_spend", bootstrap_ratio(member * spend[:, None], member))
    errors = np.array([spend[rows > 0].std(ddof=1) / rows.sum() ** 0.5 if rows.sum() > 1 else 0 for rows in member.T])
    blanks = bounded("monthly_spend", "pooled_spend")
    parts = []
    spent = contributions(member * spend[:, None])
    for _, part in table.assign(error=errors).groupby("attribute", sort=False):
        pooled, sums = _pooled(part, min_group).drop(columns="error"), spent.part(part.index.to_numpy())
        parts.append(suppress(pooled, [*blanks, "own_weight"], at_least=min_group, partition=True, sums=sums))
    return pd.concat(parts, ignore_index=True)


def _pooled(part: pd.DataFrame, min_group: int) -> pd.DataFrame:
    """Add the pooled means of one attribute's levels: of those that are shown and known."""
    part = with_interval(part, "pooled_spend", Interval(*(part[name] for name in bounded("monthly_spend"))))
    part = part.assign(own_weight=1.0)
    large = (part["n"] >= min_group) & (part["level"] != UNKNOWN) & (part["error"] > 0)
    if large.sum() >= FEWEST_GROUPS:
        pooled = pool_means(part.loc[large, "monthly_spend"], part.loc[large, "error"])
        for name, values in zip(bounded("pooled_spend"), pooled.interval, strict=True):
            part.loc[large, name] = values.round(6)
        part.loc[large, "own_weight"] = pooled.own_weight.round(6)
    return part


def spend_of(spend: pd.DataFrame, attribute: str) -> pd.DataFrame:
    """Keep the levels of one attribute that can be drawn.

    Parameters
    ----------
    spend
        One row per attribute and level, from :func:`spend_by_group`.
    attribute
        Its name as a column or in words.

    Raises
    ------
    ValueError
        There is no such attribute.
    """
    known = spend["attribute"].unique()
    if len(known) and in_words(attribute) not in known:
        raise ValueError(f'nothing is known of "{attribute}"; choose one of {", ".join(known)}')
    return shown(spend[spend["attribute"] == in_words(attribute)], "pooled_spend")


def told_apart(spend: pd.DataFrame) -> pd.DataFrame:
    """Keep the attributes that somebody is described by: where all are unknown, there is no group to show.

    Parameters
    ----------
    spend
        One row per attribute and level, from :func:`spend_by_group`.
    """
    known = spend.loc[spend["level"] != UNKNOWN, "attribute"]
    return spend[spend["attribute"].isin(known)]


@empty_unless_enough(DESCRIBED)
def described_and_others(
    orders: ir.Table, customers: ir.Table, *, first_day: date, last_day: date, silent_days: int
) -> pd.DataFrame:
    """Compare the customers with demographics and those without: who is selected when groups are compared.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``revenue``.
    customers
        One row per customer: ``customer_id``, ``has_demographics``.
    first_day, last_day
        The period, both days included. Other orders change nothing.
    silent_days
        A customer without an order on more than so many of the last days is silent.

    Returns
    -------
    DataFrame
        One row for ``described``, ``not described`` and ``everyone``: ``customers_with``, ``n`` (customers with an
        order in the period), ``median_orders``, ``monthly_spend`` (study currency) with intervals (resampling
        customers), ``silent`` (share of them, Wilson interval), ``suppressed``.
    """
    people = _spenders(orders, customers.select("customer_id", "has_demographics"), first_day, last_day)
    described = people["has_demographics"].to_numpy(dtype=bool)
    groups = {"described": described, "not described": ~described, "everyone": np.ones(len(people), dtype=bool)}
    rows = []
    for name, member in groups.items():
        part = people[member]
        figures = {"median_orders": (np.nan,) * 3, "monthly_spend": (np.nan,) * 3}
        if len(part) >= SMALLEST_CELL:
            figures["median_orders"] = bootstrap_quantile(part["orders"], np.arange(len(part)))
            figures["monthly_spend"] = bootstrap_ratio(part["monthly_spend"], np.ones(len(part)))
        figures["silent"] = wilson((part["silent_days"] > silent_days).sum(), len(part))
        row = {"customers_with": name, "n": len(part)}
        for measure, figure in figures.items():
            row |= in_row(measure, figure)
        rows.append(row)
    table = pd.DataFrame(rows).astype({"customers_with": "str", "n": "Int64"})
    blanks = [name for name in table.columns if name not in ("customers_with", "n")]
    spend = people["monthly_spend"].to_numpy()
    sums = contributions(np.column_stack([spend * described, spend * ~described]))
    parts = suppress(table[:2], blanks, partition=True, sums=sums)
    return pd.concat([parts, table[2:].assign(suppressed="no")], ignore_index=True)


def _spenders(orders: ir.Table, customers: ir.Table, first_day: date, last_day: date) -> pd.DataFrame:
    """One row per customer with an order in the period: orders, monthly spend, days of silence, what is known."""
    orders = in_period(orders, first_day, last_day)
    sums = orders.group_by("customer_id").aggregate(
        orders=orders.count(),
        cents=cents(orders.revenue).sum(),
        silent_days=ibis.literal(last_day).delta(orders.ordered_on.max(), unit="day"),
    )
    people = sums.join(customers, "customer_id").order_by("customer_id").to_pandas()
    months = ((last_day - first_day).days + 1) / DAYS_A_MONTH
    return people.assign(monthly_spend=people["cents"].to_numpy() / 100 / months)


def _place(level: str) -> tuple[bool, float, str]:
    """Order of levels: by their first number ("Under 15K" before "15-24K"), then by name, the unknown last."""
    number = re.search(r"\d+", level)
    below = re.match(r"(?i)\s*(under|less|below|<)", level)
    return level == UNKNOWN, (float(number.group()) - 0.5 * bool(below)) if number else 0.0, level
