"""Which sequences tell two groups of customers apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import bounded
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.groups import tables
from customer_patterns.patterns.groups.apart import hold_apart
from customer_patterns.patterns.sequences.counting import count_pairs
from customer_patterns.patterns.sequences.order import VisitOrder
from customer_patterns.patterns.sequences.search import name_of
from customer_patterns.patterns.sequences.testing import Steps, against_order
from customer_patterns.patterns.strength import ten_digits

#: How many plain errors (of counts that know no customers) the two lifts must lie apart among those who explore, for a
#: sequence to be looked at more closely; and the largest p-value there with which it is tested on the others.
_APART, _LIKELY = 2.5, 0.10


def sequences_that_distinguish(
    baskets: Baskets,
    first: NDArray[np.bool_],
    second: NDArray[np.bool_],
    *,
    exploring: NDArray[np.bool_],
    min_support: float,
    min_gap_days: int,
    max_gap_days: int,
    false_discovery: float,
) -> pd.DataFrame:
    """Find sequences that follow more often, beyond chance, in the visits of one group than of another.

    Groups differ in how often they come and in what they buy; a plain comparison of who shows a sequence would find
    that again. What is compared is the lift: how often it follows in a group, by how often it would if the visits of
    *its* customers had come in another order, season apart. Half of each group explores: what is frequent in either and
    differs there is tested on the other half.

    Parameters
    ----------
    baskets
        The baskets of one level, up to the day as of which the groups were made.
    first, second
        Who is in each group (one truth value for each of ``baskets.customers``); nobody is in both.
    exploring
        Who explores.
    min_support, min_gap_days, max_gap_days, false_discovery
        As in :func:`~customer_patterns.patterns.sequences.search.search_sequences`.

    Returns
    -------
    DataFrame
        One row per tested sequence of two items, as in ``DISTINGUISHING_SEQUENCES``; none where a group's half has too
        few customers.

    Raises
    ------
    ValueError
        Somebody is in both groups.
    """
    if (first & second).any():
        raise ValueError("a customer is in one of the two groups, not in both")
    reach = {"min_gap_days": min_gap_days, "max_gap_days": max_gap_days}
    parts = {
        (group, half): baskets.of(who & part)
        for group, who in (("first", first), ("second", second))
        for half, part in (("explore", exploring), ("test", ~exploring))
    }
    if min(part.customers_seen for part in parts.values()) < SMALLEST_CELL:
        return empty(tables.DISTINGUISHING_SEQUENCES)
    orders = {key: VisitOrder.of(part, **reach) for key, part in parts.items()}
    pairs = _likely(*(orders[group, "explore"] for group in ("first", "second")), min_support=min_support)
    explored = _compare(orders, "explore", pairs)
    pairs = [pair for pair, p in zip(pairs, explored["p_apart"], strict=True) if p <= _LIKELY]
    if not pairs:
        return empty(tables.DISTINGUISHING_SEQUENCES)
    found = _compare(orders, "test", pairs)
    p = found["p_apart"].to_numpy()
    adjusted = benjamini_yekutieli(p)
    stands = adjusted <= false_discovery
    verdict = np.where(stands, np.where(found["ratio"] > 1, tables.FIRST, tables.SECOND), tables.NEITHER)
    named = found.assign(
        level=baskets.level_in_words,
        sequence=pd.Series([name_of(baskets.items, steps) for steps in pairs], dtype="str"),
        p=p,
        p_yekutieli=adjusted,
        verdict=verdict,
        suppressed=np.where(found["ratio"].isna(), "too few", "no"),
    )
    few = named["suppressed"] != "no"
    blank = [name for name in named if name.startswith(("first_", "second_"))]
    named.loc[few, blank] = np.nan
    named = named.assign(first_n=whole_numbers(named["first_n"]), second_n=whole_numbers(named["second_n"]))
    named = named.sort_values("sequence", ignore_index=True)[tables.DISTINGUISHING_SEQUENCES.names]
    return named.assign(**{name: named[name].map(ten_digits) for name in named.select_dtypes("float").columns})


def _likely(first: VisitOrder, second: VisitOrder, *, min_support: float) -> list[Steps]:
    """Pairs that are frequent in either group, and whose lifts look different by the plain shuffle."""
    counts, often = [], []
    for order in (first, second):
        fewest = max(SMALLEST_CELL, int(np.ceil(min_support * order.visits.customers - 1e-9)))
        found = count_pairs(order, fewest_customers=1)
        tables_of = {}
        for name in ("seen", "expected", "customers"):
            tables_of[name] = np.zeros((order.items, order.items))
            tables_of[name][np.ix_(found.items, found.items)] = getattr(found, name)
        counts.append(tables_of)
        often.append(tables_of["customers"] >= fewest)
    with np.errstate(divide="ignore", invalid="ignore"):
        lifts = [np.log(one["seen"] / one["expected"]) for one in counts]
        apart = np.abs(lifts[0] - lifts[1]) / np.sqrt(sum(1 / one["seen"] for one in counts))
    known = np.isfinite(apart) & (often[0] | often[1]) & ~np.eye(first.items, dtype=bool)
    return [((int(a),), (int(b),)) for a, b in zip(*np.nonzero(known & (apart >= _APART)), strict=True)]


def _compare(orders: dict[Any, VisitOrder], half: str, pairs: list[Steps]) -> pd.DataFrame:
    one, other = (against_order(orders[group, half], pairs) for group in ("first", "second"))
    sides = {
        f"{group}_{name}": frame[name]
        for group, frame in (("first", one), ("second", other))
        for name in (*bounded("lift"), "n")
    }
    return hold_apart(one, other).assign(**sides)
