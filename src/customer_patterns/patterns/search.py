"""One search at one level: mine on half of the customers, test on the others, look again later, count everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import ENDS, bounded
from customer_patterns.estimates.false_discovery import benjamini_hochberg, benjamini_yekutieli
from customer_patterns.features import SMALLEST_CELL, whole_numbers
from customer_patterns.features.enough import empty
from customer_patterns.patterns import tables
from customer_patterns.patterns.account import account_row, count_length, naive_test
from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.halves import explorers
from customer_patterns.patterns.later import later_verdicts, lifts_to_expect
from customer_patterns.patterns.mining import MEASURES, Mined, TooMuchMemory, mine, names_of
from customer_patterns.patterns.strength import ten_digits
from customer_patterns.patterns.testing import (
    EVERYWHERE,
    Ground,
    Items,
    against_habit,
    against_size,
    answers,
    smallest_lifts,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Search:
    """What a search found.

    Attributes
    ----------
    account
        One row per length of sets, as in ``SEARCH_ACCOUNT``.
    itemsets
        One row per frequent set, as in ``ITEMSETS``.
    rules
        One row per tested set, as in ``RULES``.
    trouble
        Why a level was not mined, where that would have taken too much memory; else empty.
    """

    account: pd.DataFrame
    itemsets: pd.DataFrame
    rules: pd.DataFrame
    trouble: str = ""


def search(
    baskets: Baskets,
    *,
    exploring: NDArray[np.bool_],
    until: date,
    min_support: float,
    max_length: int,
    min_lift: float,
    false_discovery: float,
    engine: str = "auto",
    max_memory_mb: float = 400,
) -> Search:
    """Search the baskets of one level for sets that meet more often than chance, habits and basket size explain.

    Up to a day the baskets of those who explore are mined, and what met at least ``min_lift`` times as often there as
    basket size explains is tested on all other customers. What stands is looked for once more in everybody's baskets
    after that day.

    Parameters
    ----------
    baskets
        The baskets of one level.
    exploring
        Whether each customer (of ``baskets.customers``) explores; the others test.
    until
        The last day that is mined and tested.
    min_support, max_length, engine, max_memory_mb
        As in :func:`~customer_patterns.patterns.mining.mine`.
    min_lift
        What met less often than so many times as by chance is not tested; above 0.
    false_discovery
        The share of false ones allowed among the sets that are said to stand.

    Returns
    -------
    Search
        Account, frequent sets and tested sets. Where customers, items or memory do not suffice, the account says so,
        and the others are empty.
    """
    lengths = range(2, max_length + 1)
    early = baskets.until(until)
    halves = early.of(exploring), early.of(~exploring)
    if not len(baskets.items):
        return _nothing(baskets, tables.NO_ITEMS, lengths)
    if min(half.customers_seen for half in halves) < SMALLEST_CELL:
        return _nothing(baskets, tables.TOO_FEW, lengths)
    try:
        mined = mine(
            halves[0], min_support=min_support, max_length=max_length, engine=engine, max_memory_mb=max_memory_mb
        )
    except TooMuchMemory as error:
        return _nothing(baskets, tables.TOO_MUCH, lengths, str(error))
    frequent = mined.itemsets[mined.itemsets["length"] > 1].reset_index(drop=True)
    if frequent.empty:
        return _nothing(baskets, tables.NOTHING_FREQUENT, lengths, mined=mined)
    best = _best_direction(frequent, mined.rules)
    explored = smallest_lifts(
        Ground(halves[0], exact_up_to=0),
        frequent["items"].tolist(),
        frequent["baskets"].to_numpy(),
        at_least=min_lift,
    )
    chosen = explored >= min_lift
    rules = pd.concat([frequent, best], axis=1)[chosen].reset_index(drop=True)
    rules["explored_lift"] = explored[chosen]
    rules = _test(rules, Ground(halves[1]), false_discovery, len(halves[1]))
    rules = _look_again(rules, Ground(baskets.after(until)))
    naive = naive_test(best, len(halves[0]), false_discovery)
    account = pd.DataFrame(
        [count_length(baskets, mined, frequent, naive, rules, length, false_discovery) for length in lengths]
    )
    return Search(account[tables.SEARCH_ACCOUNT.names], _named_itemsets(baskets, mined), _named_rules(baskets, rules))


def search_levels(
    levels: Mapping[str, Baskets], *, min_support: Mapping[str, float], split_seed: int, **settings: Any
) -> Search:
    """Search each level of the product hierarchy by itself: no rule is made of an item and of what it belongs to.

    Parameters
    ----------
    levels
        The baskets by level: see :func:`~customer_patterns.patterns.baskets.read_levels`.
    min_support
        Levels to search, in this order, each with its smallest support.
    split_seed
        Draws the halves: see :func:`~customer_patterns.patterns.halves.explorers`.
    settings
        All others of :func:`search`.

    Returns
    -------
    Search
        The rows of all levels, one level after the other.
    """
    found = []
    for level, support in min_support.items():
        explore = explorers(levels[level].customers, seed=split_seed)
        found.append(search(levels[level], exploring=explore, min_support=support, **settings))
    parts = (
        pd.concat([getattr(one, name) for one in found], ignore_index=True) for name in ("account", "itemsets", "rules")
    )
    return Search(*parts, trouble="; ".join(one.trouble for one in found if one.trouble))


def _best_direction(frequent: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Of the rules that a set makes, the one of the largest confidence; of equal ones the first by items."""
    of_set = [
        tuple(sorted(left + right)) for left, right in zip(rules["antecedents"], rules["consequents"], strict=True)
    ]
    ranked = rules.assign(items=of_set, confidence=rules["confidence"].round(12))
    ranked = ranked.sort_values(["confidence", "antecedents"], ascending=[False, True], kind="stable")
    best = ranked.drop_duplicates("items").set_index("items")
    return (
        best.loc[frequent["items"].tolist(), ["antecedents", "consequents", *MEASURES]]
        .drop(columns="support")
        .reset_index(drop=True)
    )


def _test(rules: pd.DataFrame, ground: Ground, false_discovery: float, baskets: int) -> pd.DataFrame:
    """Test what was chosen on those who did not choose it."""
    found = against_size(ground, rules["items"].tolist())
    few = (found["n"] < SMALLEST_CELL).to_numpy()
    p = np.where(few, 1.0, found["p"])
    length = rules["length"].to_numpy()
    yekutieli = _by_family(benjamini_yekutieli, p, length)
    stands = yekutieli <= false_discovery
    # Only what stands against basket size is asked about habit: the larger p of the others is above its line anyway.
    habit = against_habit(ground, [items for items, asked in zip(rules["items"], stands, strict=True) if asked])
    p_habit = np.full(len(rules), np.nan)
    p_habit[stands] = habit["p"]
    both = _by_family(benjamini_yekutieli, np.where(stands, np.fmax(p, p_habit), 1.0), length)
    tested = rules.assign(
        around=found["around"].astype("int64"),
        n=found["n"].astype("int64"),
        log_lift_error=found["log_lift_error"],
        extra_baskets=(found["baskets"] - found["expected"]).clip(lower=0) / max(baskets, 1),
        p=p,
        p_hochberg=_by_family(benjamini_hochberg, p, length),
        p_yekutieli=yekutieli,
        p_habit=p_habit,
        p_both=both,
        verdict=np.where(
            both <= false_discovery, tables.SAME_BASKET, np.where(stands, tables.SAME_CUSTOMERS, tables.CHANCE)
        ),
        suppressed=np.where(few, "too few", "no"),
    )
    for end in ENDS:
        tested[f"stratified_lift{end}"] = found[f"lift{end}"]
        tested[f"habit_lift{end}"] = np.nan
        tested.loc[stands, f"habit_lift{end}"] = habit[f"lift{end}"].to_numpy()
    return tested


def _by_family(adjust: Callable[[Floats], Floats], p: Floats, length: NDArray[np.int64]) -> Floats:
    """Adjust p-values: the sets of one length at one level are a family, as large as the account says."""
    adjusted = np.ones_like(p)
    for members in (length == one for one in np.unique(length)):
        adjusted[members] = adjust(p[members])
    return adjusted


def _look_again(rules: pd.DataFrame, later: Ground) -> pd.DataFrame:
    """Estimate the lift of what stands once more, in later baskets, and say whether it is the same."""
    stands = (rules["verdict"] != tables.CHANCE).to_numpy()
    found = answers(later, rules["items"][stands].tolist(), rules["around"][stands].tolist())
    rules = rules.assign(later=tables.NOT_ASKED, later_n=pd.array([pd.NA] * len(rules), dtype="Int64"))
    for end in ENDS:
        rules[f"later_lift{end}"] = np.nan
        rules.loc[stands, f"later_lift{end}"] = found[f"lift{end}"].to_numpy()
    rules.loc[stands, "later_n"] = whole_numbers(found["n"].astype("int64")).to_numpy()
    rules.loc[stands, "later"] = later_verdicts(
        rules.loc[stands, "stratified_lift"].to_numpy(),
        rules.loc[stands, "log_lift_error"].to_numpy(),
        found,
    )
    expected = lifts_to_expect(found["lift"].to_numpy(), found["log_lift_error"].to_numpy())
    for end in ENDS:
        rules[f"expected_lift{end}"] = np.nan
        rules.loc[stands, f"expected_lift{end}"] = expected[f"lift{end}"].to_numpy()
    few = stands & (rules["later_n"].fillna(0) < SMALLEST_CELL).to_numpy(dtype=bool)
    measures = bounded("later_lift", "expected_lift")
    rules.loc[few, measures] = np.nan
    rules.loc[few, "later"] = tables.NOT_ENOUGH
    rules.loc[few, "later_n"] = pd.NA
    return rules


def _nothing(
    baskets: Baskets, outcome: str, lengths: Sequence[int] | range, trouble: str = "", mined: Mined | None = None
) -> Search:
    account = pd.DataFrame([account_row(baskets, length, outcome, mined) for length in lengths])
    return Search(account[tables.SEARCH_ACCOUNT.names], empty(tables.ITEMSETS), empty(tables.RULES), trouble)


def _named_itemsets(baskets: Baskets, mined: Mined) -> pd.DataFrame:
    table = mined.itemsets.assign(
        level=baskets.level_in_words, itemset=[names_of(baskets.items, items) for items in mined.itemsets["items"]]
    )
    return table.sort_values(["length", "itemset"], ignore_index=True)[tables.ITEMSETS.names]


def _named_rules(baskets: Baskets, rules: pd.DataFrame) -> pd.DataFrame:
    """Rules with names for numbers, blank where they rest on too few customers; numbers rounded to ten digits."""

    def text(sets: Sequence[Items]) -> pd.Series:
        return pd.Series([names_of(baskets.items, items) for items in sets], dtype="str")

    named = rules.assign(
        level=baskets.level_in_words,
        antecedents=text(rules["antecedents"]),
        consequents=text(rules["consequents"]),
        around=[None if item == EVERYWHERE else str(baskets.items[item]) for item in rules["around"]],
        conviction=rules["conviction"].where(np.isfinite(rules["conviction"].astype(float))),
        n=whole_numbers(rules["n"]),
    )
    few = named["suppressed"] != "no"
    blank = [name for name in named if name.startswith(("stratified_lift", "habit_lift", "extra_baskets"))]
    named.loc[few, blank] = np.nan
    named.loc[few, "n"] = pd.NA
    named = named.sort_values(["length", "antecedents", "consequents"], ignore_index=True)[tables.RULES.names]
    numbers = named.select_dtypes("float").columns
    return named.assign(**{name: named[name].map(ten_digits) for name in numbers})
