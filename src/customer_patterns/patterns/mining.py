"""Which items often meet, and the rules they make: by our own miner or by mlxtend's, in tables that can be written."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.patterns.baskets import AND, Baskets
from customer_patterns.patterns.miner import TooMuchMemory, make_rules, mine_itemsets
from customer_patterns.patterns.miner.rules import MEASURES as ALL_MEASURES

#: Our own miner, mlxtend's, and the choice between ours and mlxtend's quickest; all find the same sets and rules.
AUTO, OURS, THEIRS = "auto", "miner", ("hmine", "fpgrowth", "apriori")
ENGINES = (AUTO, OURS, *THEIRS)

#: Up to so many cells (baskets × frequent items) ``auto`` takes hmine: it is done before numba has been imported.
HMINE_UP_TO = 2_000_000

#: A set that meets in fewer baskets is not frequent, whatever its support: nothing can be learned from it.
FEWEST_BASKETS = 10


@dataclass(frozen=True)
class Mined:
    """What a miner found.

    Attributes
    ----------
    itemsets
        One row per frequent set: ``items`` (tuple of numbers, ascending), ``length``, ``baskets``, ``support``.
    rules
        One row per rule with one consequent: mlxtend's measures, ``antecedents`` and ``consequents`` as tuples of
        numbers, ascending.
    frequent_items
        Numbers of the items that are frequent by themselves.
    searched
        How many sets of each length could have been frequent: all sets of frequent items.
    """

    itemsets: pd.DataFrame
    rules: pd.DataFrame
    frequent_items: NDArray[np.int64]
    searched: dict[int, int]


def mine(
    baskets: Baskets, *, min_support: float, max_length: int, engine: str = AUTO, max_memory_mb: float = 400
) -> Mined:
    """Find the sets of items that often lie in one basket, and the rules that they make.

    Items that are not frequent by themselves are dropped before anything is encoded: no set that holds one can be
    frequent (Agrawal and Srikant 1994, Fast Algorithms for Mining Association Rules, VLDB).

    Parameters
    ----------
    baskets
        The baskets.
    min_support
        A set is frequent if at least this share of the baskets hold all of it (and at least ten of them do).
    max_length
        Items in the longest set, 2 or 3.
    engine
        One of :data:`ENGINES`; ``"auto"`` is ``"miner"``, or ``"hmine"`` up to :data:`HMINE_UP_TO` cells.
    max_memory_mb
        The most that mining may take: the encoded baskets, and with our own miner the sets as well.

    Returns
    -------
    Mined
        Sets by length and items; rules by antecedents and consequents.

    Raises
    ------
    TooMuchMemory
        Mining would take more than ``max_memory_mb``.
    ValueError
        A setting is out of its range.
    """
    if not 0 < min_support <= 1:
        raise ValueError(f"a support is a share above 0, up to 1, not {min_support}")
    if max_length not in (2, 3):
        raise ValueError(f"sets of 2 or 3 items are mined, not of {max_length}")
    if engine not in ENGINES:
        raise ValueError(f"the engine is one of {', '.join(ENGINES)}, not {engine!r}")
    total = len(baskets)
    fewest = max(FEWEST_BASKETS, int(np.ceil(min_support * total - 1e-9)))
    frequent = np.flatnonzero(baskets.counts >= fewest)
    searched = {length: comb(len(frequent), length) for length in range(2, max_length + 1)}
    if len(frequent) < 2:
        return Mined(_no_itemsets(), _no_rules(), frequent, searched)
    if engine == AUTO:
        engine = "hmine" if total * len(frequent) <= HMINE_UP_TO else OURS
    if engine == OURS:
        return _ours(baskets, frequent, fewest, max_length, searched, max_memory_mb)
    needed = dense_mb(total, len(frequent), engine)
    if needed > max_memory_mb:
        raise TooMuchMemory(
            f"mining {len(frequent):,} items in {total:,} baskets would take about {needed:,.0f} MB, "
            f"and {max_memory_mb:,.0f} are allowed; choose a larger min_support or more memory"
        )
    return _mined(_encoded(baskets, frequent), frequent, fewest, max_length, engine, searched)


def dense_mb(baskets: int, items: int, engine: str = "hmine") -> float:
    """Forecast the memory of mlxtend's mining, in MB: a byte a cell, and for apriori one a pair of items as well."""
    pairs = comb(items, 2) if engine == "apriori" else 0
    return baskets * (2 * items + pairs) / 2**20


def names_of(items: NDArray[np.object_], numbers: Any) -> str:
    """Write a set as text: its items by name, ascending."""
    return AND.join(sorted(str(items[number]) for number in numbers))


def _ours(
    baskets: Baskets,
    frequent: NDArray[np.int64],
    fewest: int,
    max_length: int,
    searched: dict[int, int],
    max_memory_mb: float,
) -> Mined:
    found = mine_itemsets(
        baskets.basket,
        baskets.item,
        baskets=len(baskets),
        fewest=fewest,
        max_length=max_length,
        max_memory_mb=max_memory_mb,
    )
    sets = found.tuples()
    itemsets = pd.DataFrame({"items": sets, "length": found.lengths, "baskets": found.counts, "support": found.support})
    if found.longest < 2:
        return Mined(itemsets, _no_rules(), frequent, searched)
    table = make_rules(found).table
    sides = {f"{side}s": [sets[place] for place in table[side]] for side in ("antecedent", "consequent")}
    rules = pd.DataFrame(sides | {name: table[name] for name in MEASURES})
    return Mined(itemsets, rules.sort_values(["antecedents", "consequents"], ignore_index=True), frequent, searched)


def _encoded(baskets: Baskets, frequent: NDArray[np.int64]) -> pd.DataFrame:
    """One row per basket, one column per frequent item. Dense: mlxtend makes a sparse frame dense, in full."""
    column = np.full(len(baskets.items), -1)
    column[frequent] = np.arange(len(frequent))
    cells = np.zeros((len(baskets), len(frequent)), dtype=bool)
    kept = column[baskets.item] >= 0
    cells[baskets.basket[kept], column[baskets.item[kept]]] = True
    return pd.DataFrame(cells, columns=np.arange(len(frequent)))


def _mined(
    cells: pd.DataFrame,
    frequent: NDArray[np.int64],
    fewest: int,
    max_length: int,
    engine: str,
    searched: dict[int, int],
) -> Mined:
    # Imported where it is used: mlxtend takes its time, and not every caller mines. Its import turns all deprecation
    # warnings of the process on, other packages' too; they are put back as they were.
    with warnings.catch_warnings():
        import mlxtend.frequent_patterns as miners

    total = len(cells)
    # A hair below, so that rounding does not lose a set that has exactly as many baskets as it needs.
    found = getattr(miners, engine)(cells, min_support=(fewest - 1e-6) / total, use_colnames=True, max_len=max_length)
    rules = _no_rules()
    if (found["itemsets"].map(len) > 1).any():
        rules = miners.association_rules(found, num_itemsets=total, metric="support", min_threshold=0.0)
        rules = rules[rules["consequents"].map(len) == 1]
        rules = rules.rename(columns=lambda name: name.replace(" ", "_"))
        rules = rules.assign(**{side: _numbers(rules[side], frequent) for side in ("antecedents", "consequents")})
        rules = rules.sort_values(["antecedents", "consequents"], ignore_index=True)
    itemsets = pd.DataFrame({"items": _numbers(found["itemsets"], frequent)})
    itemsets = itemsets.assign(
        length=[len(items) for items in itemsets["items"]],
        baskets=np.rint(found["support"].to_numpy(dtype=float) * total).astype(np.int64),
    )
    itemsets["support"] = itemsets["baskets"] / total
    return Mined(itemsets.sort_values(["length", "items"], ignore_index=True), rules, frequent, searched)


def _numbers(sets: pd.Series, frequent: NDArray[np.int64]) -> list[tuple[int, ...]]:
    return [tuple(sorted(int(frequent[column]) for column in columns)) for columns in sets]


#: mlxtend's measures of a rule that vary: all but one are known where no basket has a missing cell.
MEASURES = tuple(name for name in ALL_MEASURES if name != "representativity")


def _no_itemsets() -> pd.DataFrame:
    return pd.DataFrame({"items": [], "length": [], "baskets": [], "support": []})


def _no_rules() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in ("antecedents", "consequents", *MEASURES)})
