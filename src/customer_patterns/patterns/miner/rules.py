"""Rules of frequent sets with mlxtend's measures, a test and intervals, all at once for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betainc, ndtr, ndtri

from customer_patterns.estimates.intervals import wilson
from customer_patterns.patterns.miner.found import Itemsets, TooMuchMemory

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: mlxtend's measures of a rule, with its names (blanks as underscores), meanings and order.
MEASURES = (
    "antecedent_support",
    "consequent_support",
    "support",
    "confidence",
    "lift",
    "representativity",
    "leverage",
    "conviction",
    "zhangs_metric",
    "jaccard",
    "certainty",
    "kulczynski",
)

#: What is said of a rule beyond its measures: intervals and a test, baskets taken for independent.
TESTS = ("confidence_low", "confidence_high", "lift_low", "lift_high", "log_lift_error", "z", "p")

#: Below so many baskets expected by chance, p is computed exactly instead of by the normal approximation.
_EXACT_BELOW = 25


@dataclass(frozen=True)
class Rules:
    """Rules: if a basket holds the antecedents, it holds the consequents in so many cases.

    Attributes
    ----------
    itemsets
        The sets that they are made of.
    table
        One row per rule: ``itemset``, ``antecedent``, ``consequent`` (places in ``itemsets``), :data:`MEASURES`,
        :data:`TESTS`; by antecedent and consequent.
    """

    itemsets: Itemsets
    table: pd.DataFrame

    def __len__(self) -> int:
        """How many rules."""
        return len(self.table)

    def frame(self, names: Sequence[str] | NDArray[np.object_] | None = None) -> pd.DataFrame:
        """Return the rules as mlxtend does, with the tests after its columns.

        Parameters
        ----------
        names
            Names of the items, by number; None: numbers.

        Returns
        -------
        DataFrame
            ``antecedents`` and ``consequents`` (frozensets), mlxtend's columns under its own names, :data:`TESTS`.
        """
        sets = self.itemsets.frame(names)["itemsets"].to_numpy()
        table = self.table.rename(columns=lambda name: name.replace("_support", " support"))
        sides = {f"{side}s": sets[table[side].to_numpy()] for side in ("antecedent", "consequent")}
        return pd.concat(
            [pd.DataFrame(sides, dtype=object), table.drop(columns=["itemset", "antecedent", "consequent"])], axis=1
        )


def make_rules(
    itemsets: Itemsets,
    *,
    single_consequent: bool = True,
    metric: str = "support",
    at_least: float = 0.0,
    level: float = 0.95,
    max_memory_mb: float = 1000,
) -> Rules:
    """Make the rules of all sets of two and more items.

    Parameters
    ----------
    itemsets
        Frequent sets; each set's subsets are among them, as they are when they have been mined.
    single_consequent
        Whether rules with one consequent are made, or those of every way to part a set.
    metric, at_least
        Rules are kept where this one of :data:`MEASURES` is at least so large.
    level
        Confidence level of the intervals.
    max_memory_mb
        The most that the rules may take.

    Returns
    -------
    Rules
        With mlxtend's measures; Wilson's interval of the confidence; the lift's interval on the scale of its logarithm,
        by the delta method on multinomial counts; ``z``, the signed root of Pearson's chi-square, and ``p``, how often
        chance brings as many baskets or more with both sides.

    Raises
    ------
    TooMuchMemory
        The rules would take more than ``max_memory_mb``.
    ValueError
        The metric is unknown.

    Notes
    -----
    Intervals and test take baskets for independent and of one size, as everybody's do: they sort what is to be looked
    at. What is reported is tested by :mod:`~customer_patterns.patterns.testing`, customer by customer.
    """
    if metric not in MEASURES:
        raise ValueError(f"the metric is one of {', '.join(MEASURES)}, not {metric!r}")
    kept, many = [], 0
    for parted in _parted(itemsets, single_consequent):
        counts = itemsets.counts[parted]
        good = measures(*counts, itemsets.total, only=metric)[metric] >= at_least
        kept.append(parted if good.all() else parted[:, good])
        many += kept[-1].shape[1]
        needed = many * (3 + len(MEASURES) + len(TESTS)) * 8 / 2**20
        if needed > max_memory_mb:
            raise TooMuchMemory(
                f"more than {many:,} rules would take more than the {max_memory_mb:,.0f} MB allowed; "
                "keep fewer of them (at_least), choose a larger min_support or more memory"
            )
    places = np.concatenate(kept, axis=1) if kept else np.empty((3, 0), np.int64)
    places = places[:, np.lexsort((places[2], places[1]))]
    counts = itemsets.counts[places]
    table = {name: column for name, column in zip(("itemset", "antecedent", "consequent"), places, strict=True)}
    table |= measures(*counts, itemsets.total)
    return Rules(itemsets, pd.DataFrame(table | intervals_and_test(*counts, itemsets.total, level=level), copy=False))


def measures(both: Ints, left: Ints, right: Ints, total: int, *, only: str | None = None) -> dict[str, Floats]:
    """Compute mlxtend's measures of rules.

    Parameters
    ----------
    both, left, right
        Per rule: the baskets that hold it all, its antecedents, its consequents; above 0.
    total
        All baskets.
    only
        One of :data:`MEASURES`, if no other is asked for.

    Returns
    -------
    dict
        By name. ``conviction`` is infinite where the consequents always follow.
    """
    n = max(total, 1)
    support, antecedent, consequent = both / n, left / n, right / n
    confidence = both / left
    leverage = support - antecedent * consequent

    def conviction() -> Floats:
        always = both == left
        return np.where(always, np.inf, (1 - consequent) / np.where(always, 1, 1 - confidence))

    def zhang() -> Floats:
        most = np.maximum(support * (1 - antecedent), antecedent * (consequent - support))
        return np.divide(leverage, most, out=np.zeros_like(most), where=most != 0)

    def certainty() -> Floats:
        open_ = 1 - consequent
        return np.divide(confidence - consequent, open_, out=np.zeros_like(open_), where=open_ != 0)

    ways = {
        "antecedent_support": lambda: antecedent,
        "consequent_support": lambda: consequent,
        "support": lambda: support,
        "confidence": lambda: confidence,
        "lift": lambda: confidence / consequent,
        "representativity": lambda: np.ones(len(support)),
        "leverage": lambda: leverage,
        "conviction": conviction,
        "zhangs_metric": zhang,
        "jaccard": lambda: support / (antecedent + consequent - support),
        "certainty": certainty,
        "kulczynski": lambda: (confidence + both / right) / 2,
    }
    return {name: way() for name, way in ways.items() if only in (None, name)}


def intervals_and_test(both: Ints, left: Ints, right: Ints, total: int, *, level: float = 0.95) -> dict[str, Floats]:
    """Give rules intervals and a test, baskets taken for independent.

    Parameters
    ----------
    both, left, right, total
        As in :func:`measures`.
    level
        Confidence level.

    Returns
    -------
    dict
        :data:`TESTS` by name. ``lift_low``, ``lift_high``: exp(log lift ± z · error), where error² = (1/p − 1/a − 1/c −
        1 + 2 p/(a c)) / n for the shares p of both, a and c. ``z`` is 0 where a side is in every basket. ``p`` is
        one-sided: normal, and where chance lets expect fewer than 25 baskets the tail of the binomial distribution
        with the consequents' share, which is a little larger than Fisher's exact p (Lehmann and Romano 2005, Testing
        Statistical Hypotheses, section 4.6).
    """
    n = max(total, 1)
    p, a, c = both / n, left / n, right / n
    confidence = wilson(both, left, level=level)
    lift = p / (a * c)
    error = np.sqrt(np.maximum(1 / p - 1 / a - 1 / c - 1 + 2 * lift, 0) / n)
    factor = np.exp(float(ndtri(0.5 + level / 2)) * error)
    varies = a * (1 - a) * c * (1 - c)
    z = np.divide((p - a * c) * np.sqrt(n), np.sqrt(varies), out=np.zeros_like(p), where=varies > 0)
    chance = ndtr(-z)
    few = np.flatnonzero(n * a * c < _EXACT_BELOW)
    chance[few] = betainc(both[few], left[few] - both[few] + 1.0, c[few])
    chance[varies <= 0] = 1.0
    found = (confidence.low, confidence.high, lift / factor, lift * factor, error, z, chance)
    return dict(zip(TESTS, found, strict=True))


def _parted(itemsets: Itemsets, single: bool) -> Iterator[Ints]:
    """For each way to part the sets of one length: places of the sets, their antecedents and their consequents.

    A part without the set's last item is a part of the set's prefix (the set without its last item); one with it is
    a part of the prefix and one more item. So each part is one search away from a part that is known.
    """
    search = _Search(itemsets)
    parts: dict[int, Ints] = {}  # of the sets one item shorter: places by which items are in the part, as bits
    for length in range(2, itemsets.longest + 1):
        first, rows = itemsets.of_length(length)
        here, full = np.arange(first, first + len(rows)), 2**length - 1
        prefix, last = search.prefixes(rows), rows[:, -1]
        search.add(first, prefix, last)
        before = prefix - itemsets.of_length(length - 1)[0]
        shorter, parts = parts, {}
        for mask in [full ^ 1 << place for place in range(length)] if single else range(1, full):
            inside = mask & (full >> 1)
            if inside:
                known = prefix if inside == full >> 1 else shorter[inside][before]
                parts[mask] = known if mask == inside else search.one_more(inside.bit_count(), known, last)
            else:
                parts[mask] = search.singles[last]
        for mask, part in parts.items():
            rest = search.singles[rows[:, (full ^ mask).bit_length() - 1]] if single else parts[full ^ mask]
            yield np.stack([here, part, rest])


class _Search:
    """Finds the place of a set by that of the set without its last item: places of one length come in that order."""

    def __init__(self, itemsets: Itemsets) -> None:
        self._items = int(itemsets.items.max(initial=0)) + 1
        _, ones = itemsets.of_length(1)
        #: The place of each single item.
        self.singles = np.full(self._items, -1, np.int64)
        self.singles[ones[:, 0]] = np.arange(len(ones))
        self._keys: dict[int, tuple[int, Ints]] = {}

    def add(self, first: int, prefix: Ints, last: Ints) -> None:
        """Know the sets of the next length: the place of the first, and of each its prefix and its last item."""
        self._keys[len(self._keys) + 2] = (first, prefix * self._items + last)

    def prefixes(self, rows: Ints) -> Ints:
        """Return the places of sets, a row each, without their last items."""
        prefix = self.singles[rows[:, 0]]
        for size in range(1, rows.shape[1] - 1):
            prefix = self.one_more(size, prefix, rows[:, size])
        return prefix

    def one_more(self, size: int, places: Ints, last: Ints) -> Ints:
        """Return the places of sets of so many items with one more, larger item each."""
        first, known = self._keys[size + 1]
        return first + np.searchsorted(known, places * self._items + last)
