"""From which stage to which customers move between two cuts that are one window apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from customer_patterns.estimates import bounded, wilson, with_interval
from customer_patterns.features.cells import SMALLEST_CELL, suppress, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.segments.agreement import protect
from customer_patterns.segments.lifecycle.rules import LifecycleRules
from customer_patterns.segments.lifecycle.stages import lifecycle_stages
from customer_patterns.segments.lifecycle.tables import (
    CUSTOMER_LIFECYCLE,
    EARLIER,
    LATER,
    LIFECYCLE,
    LIFECYCLE_STAGES,
    NOT_YET,
    TRANSITIONS,
)


@dataclass(frozen=True)
class Lives:
    """The stages of all customers at two cuts.

    Attributes
    ----------
    people
        One row per customer (:data:`~customer_patterns.segments.lifecycle.tables.CUSTOMER_LIFECYCLE`).
    stages
        One row per cut and stage (:data:`~customer_patterns.segments.lifecycle.tables.LIFECYCLE`).
    transitions
        One row per stage before and stage after
        (:data:`~customer_patterns.segments.lifecycle.tables.TRANSITIONS`).
    """

    people: pd.DataFrame
    stages: pd.DataFrame
    transitions: pd.DataFrame


def customer_lives(orders: ir.Table, *, first_day: date, last_day: date, rules: LifecycleRules) -> Lives:
    """Say in which stage customers are at the end and one window earlier, and who moved.

    Both cuts are computed from the same orders by the same rules, with windows of the same length.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``ordered_on``, ``kind``.
    first_day, last_day
        The period, both days included. Later orders change nothing.
    rules
        The thresholds.

    Returns
    -------
    Lives
        Without rows where the study does not hold two windows; without the earlier cut and transitions where it does
        not hold three, since the earlier cut needs two before it.
    """
    window = timedelta(days=rules.window_days)
    days = (last_day - first_day).days + 1
    if days < 2 * rules.window_days:
        return Lives(empty(CUSTOMER_LIFECYCLE), empty(LIFECYCLE), empty(TRANSITIONS))
    people = lifecycle_stages(orders, first_day=first_day, cut=last_day, rules=rules)
    if people.empty:
        return Lives(empty(CUSTOMER_LIFECYCLE), empty(LIFECYCLE), empty(TRANSITIONS))
    stages, transitions = _stages(people, LATER, last_day), empty(TRANSITIONS)
    people = people.assign(stage_before=pd.Series(pd.NA, index=people.index, dtype="str"))
    if days >= 3 * rules.window_days:
        cut = last_day - window
        earlier = lifecycle_stages(orders, first_day=first_day, cut=cut, rules=rules)
        before = people["customer_id"].map(earlier.set_index("customer_id")["stage"])
        people = people.assign(stage_before=before.fillna(NOT_YET).astype("str"))
        later = people[before.notna()]
        after = pd.DataFrame({"stage": before[before.notna()], "ordered": later["recent_days"] > 0})
        stages = pd.concat([_stages(earlier, EARLIER, cut, after), stages], ignore_index=True)
        transitions = stage_transitions(people)
    return Lives(people[CUSTOMER_LIFECYCLE.names], stages, transitions)


def _stages(people: pd.DataFrame, cut: str, cut_on: date, after: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count the stages at a cut; of who was in one, how many ordered in the window after, where that is known."""
    size = people["stage"].value_counts().reindex(LIFECYCLE_STAGES, fill_value=0).to_numpy()
    total = np.full(len(size), len(people))
    table = pd.DataFrame(
        {"cut": cut, "cut_on": pd.Timestamp(cut_on), "stage": pd.Series(LIFECYCLE_STAGES, dtype="str")}
    )
    table = with_interval(
        table.assign(n=whole_numbers(size), customers=total), "share_of_customers", wilson(size, total)
    )
    measures = ["share_of_customers", "ordered_later"]
    if after is None:
        table = table.assign(**dict.fromkeys(bounded("ordered_later"), np.nan))
    else:
        ordered = after[after["ordered"]]["stage"].value_counts().reindex(LIFECYCLE_STAGES, fill_value=0).to_numpy()
        table = with_interval(table, "ordered_later", wilson(ordered, size))
    blank = bounded(*measures)
    return suppress(table, blank, partition=True)[LIFECYCLE.names]


def stage_transitions(people: pd.DataFrame) -> pd.DataFrame:
    """Count who moved from which stage to which.

    Parameters
    ----------
    people
        One row per customer: ``stage_before``, ``stage``.

    Returns
    -------
    DataFrame
        One row per stage before that anybody was in and stage after: ``n``, ``customers`` (in the stage before),
        ``share_of_stage`` (Wilson interval), ``suppressed``. Cells of too few customers are blank, and as many others
        as keep them from being worked out; so is all about a stage that too few were in.
    """
    befores = [stage for stage in (*LIFECYCLE_STAGES, NOT_YET) if (people["stage_before"] == stage).any()]
    counts = pd.crosstab(people["stage_before"], people["stage"])
    counts = counts.reindex(index=befores, columns=list(LIFECYCLE_STAGES), fill_value=0).to_numpy()
    rows, columns = counts.shape
    total = np.repeat(counts.sum(axis=1), columns)
    # A stage that few were in says of hardly anybody where they went, nor how few they were.
    few = total < SMALLEST_CELL
    why = protect(counts).ravel()
    table = pd.DataFrame(
        {
            "stage_before": pd.Series(np.repeat(befores, columns), dtype="str"),
            "stage": pd.Series(list(LIFECYCLE_STAGES) * rows, dtype="str"),
            "n": whole_numbers(counts.ravel()),
            "customers": whole_numbers(total).where(~few),
            "suppressed": pd.Series(np.where(few & (why == "no"), "too few", why), dtype="str"),
        }
    )
    table = with_interval(table, "share_of_stage", wilson(counts.ravel(), total))
    shown = table["suppressed"] == "no"
    blank = ["n", *bounded("share_of_stage")]
    return table.assign(**{name: table[name].where(shown) for name in blank})[TRANSITIONS.names]
