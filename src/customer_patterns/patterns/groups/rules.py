"""Which pairs stand in each group of customers, and which tell the groups apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import ENDS, bounded
from customer_patterns.estimates.false_discovery import benjamini_yekutieli
from customer_patterns.features import SMALLEST_CELL, whole_numbers
from customer_patterns.features import group_patterns as tables
from customer_patterns.features.enough import empty
from customer_patterns.patterns.association import beyond_size, lifts
from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.chance import Strata
from customer_patterns.patterns.groups.apart import hold_apart
from customer_patterns.patterns.mining import FEWEST_BASKETS, mine, names_of
from customer_patterns.patterns.strength import ten_digits


@dataclass(frozen=True)
class GroupRules:
    """What is said of the pairs of groups.

    Attributes
    ----------
    account
        One row per group, as in ``GROUP_ACCOUNT``.
    rules
        One row per group and tested pair, as in ``GROUP_RULES``.
    """

    account: pd.DataFrame
    rules: pd.DataFrame


def rules_of_groups(
    baskets: Baskets,
    group_of: Mapping[str, str],
    *,
    names: Sequence[str],
    exploring: NDArray[np.bool_],
    min_support: float,
    min_lift: float,
    false_discovery: float,
) -> GroupRules:
    """Search each group of customers for pairs, and hold what stands against all other groups.

    Half of each group explores: pairs that are frequent there, and meet at least ``min_lift`` times as often as basket
    size explains, are tested on its other half. All pairs of all groups are one family. What stands anywhere is then
    estimated in every group that knows it, and among the testing customers of all other groups; the differences are
    a second family. A pair is *stronger here* if it stands here and its lift is larger than elsewhere.

    Parameters
    ----------
    baskets
        The baskets of one level.
    group_of
        The group of each customer by key; who is in none is left out.
    names
        The groups, in their order.
    exploring
        Whether each customer (of ``baskets.customers``) explores.
    min_support
        A pair is frequent in a group if at least this share of the baskets of its half that explores hold both.
    min_lift
        What met less often than so many times as by chance is not tested.
    false_discovery
        The share of false ones allowed, in each of the two families.

    Returns
    -------
    GroupRules
        Groups whose halves have too few customers have no rules.

    Notes
    -----
    Intervals and tests take each customer's group as given. Pairs of groups that differ by how they were made (by what
    is bought) may differ for that reason alone.
    """
    numbers = {name: place for place, name in enumerate(names)}
    group = np.array([numbers.get(group_of.get(customer, ""), -1) for customer in baskets.customers], dtype=np.int64)
    grounds = [Strata.of(baskets.of((group == place) & ~exploring)) for place in range(len(names))]
    others = [Strata.of(baskets.of((group >= 0) & (group != place) & ~exploring)) for place in range(len(names))]
    tested = []
    for place, ground in enumerate(grounds):
        pairs = _explore(baskets.of((group == place) & exploring), min_support, min_lift)
        if len(pairs) and ground.baskets.customers_seen >= SMALLEST_CELL:
            tested.append(beyond_size(ground, pairs).assign(place=place, first=pairs[:, 0], second=pairs[:, 1]))
    customers = [len(np.unique(baskets.customer[group[baskets.customer] == place])) for place in range(len(names))]
    if not tested:
        return GroupRules(_account(baskets, names, customers, None), empty(tables.GROUP_RULES))
    found = pd.concat(tested, ignore_index=True)
    few = (found["n"] < SMALLEST_CELL).to_numpy()
    found["p"] = np.where(few, 1.0, found["p"])
    found["p_yekutieli"] = benjamini_yekutieli(found["p"])
    found["suppressed"] = np.where(few, "too few", "no")
    found = _hold_apart(found, others, false_discovery)
    return GroupRules(_account(baskets, names, customers, found), _named(baskets, names, found))


def told_apart(rules: pd.DataFrame) -> pd.DataFrame:
    """Keep the pairs that tell a group from the others, the largest ratio first.

    Parameters
    ----------
    rules
        Rows as in ``GROUP_RULES``.
    """
    apart = rules[rules["verdict"].isin([tables.STRONGER, tables.WEAKER])]
    return apart.sort_values(["ratio", "rule"], ascending=[False, True], ignore_index=True)


def _explore(baskets: Baskets, min_support: float, min_lift: float) -> NDArray[np.int64]:
    """Pairs that are frequent and strong among those who explore."""
    if len(baskets) < FEWEST_BASKETS:
        return np.empty((0, 2), dtype=np.int64)
    sets = mine(baskets, min_support=min_support, max_length=2).itemsets
    sets = sets[sets["length"] == 2]
    pairs = np.array(sets["items"].tolist(), dtype=np.int64).reshape(-1, 2)
    return pairs[lifts(Strata.of(baskets, exact_up_to=0), pairs, sets["baskets"].to_numpy()) >= min_lift]


def _hold_apart(found: pd.DataFrame, others: Sequence[Strata], false_discovery: float) -> pd.DataFrame:
    """Compare what stands with the testing customers of all other groups: one family over all groups."""
    stands = (found["p_yekutieli"] <= false_discovery).to_numpy()
    for name in bounded("elsewhere_lift", "ratio"):
        found[name] = np.nan
    found["p_apart"], found["p_apart_yekutieli"] = np.nan, np.nan
    for place in found.loc[stands, "place"].unique():
        rows = found.index[stands & (found["place"] == place).to_numpy()]
        elsewhere = beyond_size(others[place], found.loc[rows, ["first", "second"]].to_numpy())
        apart = hold_apart(found.loc[rows].reset_index(drop=True), elsewhere)
        seen = (elsewhere["n"] >= SMALLEST_CELL).to_numpy()
        for end in ENDS:
            found.loc[rows, f"elsewhere_lift{end}"] = elsewhere[f"lift{end}"].where(seen).to_numpy()
            found.loc[rows, f"ratio{end}"] = apart[f"ratio{end}"].to_numpy()
        found.loc[rows, "p_apart"] = apart["p_apart"].to_numpy()
    found.loc[stands, "p_apart_yekutieli"] = benjamini_yekutieli(found.loc[stands, "p_apart"])
    apart = stands & (found["p_apart_yekutieli"] <= false_discovery).to_numpy(dtype=bool)
    verdict = np.where(stands, tables.STANDS, tables.CHANCE)
    verdict = np.where(apart & (found["ratio"] > 1), tables.STRONGER, verdict)
    return found.assign(verdict=np.where(apart & (found["ratio"] < 1), tables.WEAKER, verdict))


def _account(
    baskets: Baskets, names: Sequence[str], customers: Sequence[int], found: pd.DataFrame | None
) -> pd.DataFrame:
    rows = []
    for place, name in enumerate(names):
        verdict = found.loc[found["place"] == place, "verdict"] if found is not None else pd.Series([], dtype="str")
        counts = [int((verdict == said).sum()) for said in (tables.STRONGER, tables.WEAKER)]
        stand = int((verdict != tables.CHANCE).sum())
        rows.append((baskets.level_in_words, name, customers[place], len(verdict), stand, *counts))
    return pd.DataFrame(rows, columns=tables.GROUP_ACCOUNT.names).astype({"level": "str", "segment": "str"})


def _named(baskets: Baskets, names: Sequence[str], found: pd.DataFrame) -> pd.DataFrame:
    """Pairs by name, blank where they rest on too few customers; strongest differences first within each group."""
    texts = [names_of(baskets.items, pair) for pair in zip(found["first"], found["second"], strict=True)]
    named = found.assign(
        level=baskets.level_in_words,
        segment=pd.Series([names[place] for place in found["place"]], dtype="str"),
        rule=pd.Series(texts, dtype="str"),
        n=whole_numbers(found["n"]),
    )
    few = named["suppressed"] != "no"
    named.loc[few, bounded("lift")] = np.nan
    named.loc[few, "n"] = pd.NA
    named = named.sort_values(["place", "rule"], ignore_index=True)[tables.GROUP_RULES.names]
    return named.assign(**{name: named[name].map(ten_digits) for name in named.select_dtypes("float").columns})
