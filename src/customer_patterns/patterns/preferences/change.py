"""Whose choices changed: two windows of each customer, against the customer's own visits in any order.

Two handfuls of purchases never look alike, and look less alike the smaller they are. So the distance between a
customer's windows is held against those that come out when the customer's visits are exchanged between the windows, as
many in each as there were (a permutation test: Pitman 1937; Good 2005, Permutation, Parametric and Bootstrap Tests of
Hypotheses, chapter 3). The distance is Hellinger's (1909), which is at home where many values are rare.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import ENDS, bootstrap_mean, wilson, with_interval
from customer_patterns.estimates.false_discovery import benjamini_hochberg
from customer_patterns.features.enough import empty, empty_unless_enough
from customer_patterns.patterns.preferences import tables
from customer_patterns.patterns.preferences.choices import Choices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Draws at least, and how many as far apart as what was seen are enough to stop.
_LEAST, _ENOUGH = 49, 10
#: Where the smallest p-value possible is not so many times below what has to be reached, draws are made so many times.
_FINER, _FURTHER = 5, 10
#: What all customers buy more or less of is leveled by this factor at most.
_MOST_LEVELED = 10.0


def preference_changes(
    choices: Choices,
    *,
    first_day_after: date,
    least_visits: int = 5,
    false_discovery: float = 0.05,
    draws: int = 499,
    seed: int = 20170101,
    leveled: bool = True,
) -> pd.DataFrame:
    """Test of each customer whether choices after a day differ from those before it.

    Parameters
    ----------
    choices
        Purchases of one attribute.
    first_day_after
        First day of the later window.
    least_visits
        Customers with fewer visits in either window are set aside: nothing could be told of them.
    false_discovery
        Share of false ones allowed among the customers who are said to have changed.
    draws, seed
        How often the visits are exchanged at most, and the seed: no p-value is below 1 / (draws + 1). Most customers
        need few draws, those who changed need all, and ten times as many where so few changed that their p-values have
        to be smaller than that.
    leveled
        Whether what all customers buy more or less of in the later window is no change: purchases of each value are
        weighted so that each window holds the same shares of all customers' purchases. Without it a season is a change.

    Returns
    -------
    DataFrame
        One row per customer with enough visits, by it; columns as in ``PREFERENCE_CHANGES``. Customers are tested one
        by one and do not depend on each other, hence Benjamini and Hochberg.

    Raises
    ------
    ValueError
        ``least_visits`` is less than 2.
    """
    if least_visits < 2:
        raise ValueError(f"one visit in a window says nothing of its spread: two at least, not {least_visits}")
    kept = _with_enough(choices, first_day_after, least_visits)
    if not len(kept.customer):
        return empty(tables.PREFERENCE_CHANGES)
    from customer_patterns.patterns.preferences.exchanged import exchange_visits

    late = kept.day >= np.datetime64(first_day_after)
    weight = _leveled(kept, late) if leveled else kept.count
    people, where = np.unique(kept.customer, return_inverse=True)
    after = np.bincount(where, late).astype(np.int64)
    visits = np.bincount(where)
    first_visit = np.r_[0, np.cumsum(visits)].astype(np.int64)
    first_entry = np.searchsorted(kept.visit, np.arange(len(kept.customer) + 1)).astype(np.int64)
    given = (first_visit, after, first_entry, kept.value, weight, len(kept.names))
    distance, by_chance, p = exchange_visits(*given, draws, _LEAST, _ENOUGH, seed, np.ones(len(people), dtype=bool))
    rare = p < _ENOUGH / draws
    if 1 / (draws + 1) > false_discovery * rare.sum() / len(people) / _FINER:
        # Few may have changed, and so few draws could not show it.
        p[rare] = exchange_visits(*given, _FURTHER * draws, _LEAST, _ENOUGH, seed, rare)[2][rare]
    adjusted = benjamini_hochberg(p)
    more, less = _moved(where[kept.visit], kept.value, weight, late[kept.visit], len(people), kept.names)
    table = pd.DataFrame(
        {
            "customer_id": pd.Series(kept.customers[people], dtype="str"),
            "attribute": pd.Series([kept.attribute_in_words] * len(people), dtype="str"),
            "visits_before": visits - after,
            "visits_after": after,
            "distance": distance,
            "by_chance": by_chance,
            "excess": distance - by_chance,
            "more_of": pd.Series(more, dtype="str"),
            "less_of": pd.Series(less, dtype="str"),
            "p": p,
            "p_adjusted": adjusted,
            "verdict": np.where(adjusted <= false_discovery, tables.CHANGED, tables.AS_BEFORE),
        }
    )
    return table[tables.PREFERENCE_CHANGES.names]


@empty_unless_enough(tables.CHANGE_COUNTS)
def count_changes(changes: pd.DataFrame, choices: Choices, *, level: float = 0.05) -> pd.DataFrame:
    """Count who changed, beside what chance shows.

    Parameters
    ----------
    changes
        From :func:`preference_changes`, of one attribute.
    choices
        What they were made of: whoever is in it, but not in ``changes``, was set aside.
    level
        P-values at or below it look like a change: so many of those who did not change show one.

    Returns
    -------
    DataFrame
        One row; columns as in ``CHANGE_COUNTS``. Without a row where nobody has enough visits.

    Raises
    ------
    ValueError
        The changes are of several attributes.
    """
    if changes.empty:
        return empty(tables.CHANGE_COUNTS)
    if (changes["attribute"] != changes["attribute"].iloc[0]).any():
        raise ValueError("changes are counted one attribute at a time")
    n = np.array([len(changes)])
    table = pd.DataFrame({"attribute": changes["attribute"].iloc[:1].reset_index(drop=True), "by_chance": [level]})
    table["set_aside"] = pd.Series([int((choices.visits > 0).sum()) - len(changes)], dtype="Int64")
    table["n"] = pd.Series(n, dtype="Int64")
    for name, there in (("below_level", changes["p"] <= level), ("named", changes["verdict"] == tables.CHANGED)):
        table = with_interval(table, name, wilson(np.array([there.sum()]), n))
    table = with_interval(table, "excess", bootstrap_mean(changes[["excess"]].to_numpy()))
    return table[tables.CHANGE_COUNTS.names]


def change_steps(counts: pd.DataFrame) -> pd.DataFrame:
    """Lay out what :func:`count_changes` counted, to be drawn.

    Parameters
    ----------
    counts
        One row per attribute.

    Returns
    -------
    DataFrame
        One row per attribute and step, in the order of ``STEPS``; columns as in ``CHANGE_STEPS``. What chance shows is
        no estimate: its interval is itself.
    """
    parts = []
    for step, name in ((tables.LOOKS, "below_level"), (tables.CHANCE, "by_chance"), (tables.SURELY, "named")):
        part = counts[["attribute", "n"]].assign(step=step)
        for end in ENDS:
            part[f"share{end}"] = counts[name if name == "by_chance" else f"{name}{end}"]
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)[tables.CHANGE_STEPS.names]
    return table.sort_values("attribute", kind="stable", ignore_index=True).astype({"step": "str"})


def _with_enough(choices: Choices, first_day_after: date, least: int) -> Choices:
    """The visits of customers who have enough of them in both windows."""
    late = choices.day >= np.datetime64(first_day_after)
    people = len(choices.customers)
    enough = np.bincount(choices.customer, late, people) >= least
    enough &= np.bincount(choices.customer, ~late, people) >= least
    visits = enough[choices.customer]
    entries = visits[choices.visit]
    number = np.cumsum(visits) - 1
    return replace(
        choices,
        visit=number[choices.visit[entries]],
        value=choices.value[entries],
        count=choices.count[entries],
        customer=choices.customer[visits],
        day=choices.day[visits],
    )


def _leveled(choices: Choices, late: NDArray[np.bool_]) -> Floats:
    """Weights under which both windows hold the same shares of all customers' purchases.

    Each customer counts once, whatever was bought, so that a large household that changed does not level itself.
    """
    entry_late = late[choices.visit]
    who = choices.customer[choices.visit]
    people, values = len(choices.customers), len(choices.names)
    shares = np.empty((2, values))
    for window, there in enumerate((~entry_late, entry_late)):
        bought = np.bincount(who[there], choices.count[there], people)
        own = choices.count[there] / bought[who[there]]
        shares[window] = np.bincount(choices.value[there], own, values) + 0.5
    shares /= shares.sum(axis=1, keepdims=True)
    factor = np.clip(shares.mean(axis=0) / shares, 1 / _MOST_LEVELED, _MOST_LEVELED)
    return choices.count * factor[entry_late.astype(np.int64), choices.value]


def _moved(
    who: Ints, value: Ints, weight: Floats, late: NDArray[np.bool_], people: int, names: NDArray[np.object_]
) -> tuple[list[str | None], list[str | None]]:
    """What grew most of each customer's shares, and what shrank most."""
    values = len(names)
    cells, place = np.unique(who * values + value, return_inverse=True)
    owner, what = cells // values, cells % values
    shares = []
    for there in (late, ~late):
        sums = np.bincount(place[there], weight[there], len(cells))
        shares.append(sums / np.bincount(owner, sums, people)[owner])
    grown = shares[0] - shares[1]
    order = np.lexsort((what, grown, owner))
    ends = np.searchsorted(owner[order], np.arange(people + 1))
    lowest, highest = order[ends[:-1]], order[ends[1:] - 1]
    return (
        [str(names[what[at]]) if grown[at] > 1e-12 else None for at in highest],
        [str(names[what[at]]) if grown[at] < -1e-12 else None for at in lowest],
    )
