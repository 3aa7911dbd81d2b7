"""Tests of sets of two and three items, on whichever baskets they are to be tested on.

A pair asks one question: do the two meet more often than by chance? A set of three asks three: does each two of its
items meet more often than by chance *in baskets that hold the third*, judged by how much else lies in these? Only if
all three are answered with yes does the set say more than its pairs (it is productive: Webb 2007, Machine Learning 68,
1–33; for all ways to part a set: Webb 2010, ACM TKDD 4, article 3). So the set's p-value is the largest of the three
(intersection-union: Berger 1982, Technometrics 24, 295–300), and its lift is the smallest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.patterns.association import COLUMNS, beyond_habit, beyond_size, lifts
from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.chance import Strata
from customer_patterns.patterns.habits import Habits

Items = tuple[int, ...]
Ints = NDArray[np.int64]

#: Where a pair is asked about among all baskets, not among those that hold a third item.
EVERYWHERE = -1


@dataclass
class Ground:
    """Baskets to test on, laid out by size once, all of them and those around an item.

    Parameters
    ----------
    baskets
        The baskets.
    exact_up_to
        As in :meth:`~customer_patterns.patterns.chance.Strata.of`, for the baskets around an item: they are many, and
        sets of three are found in large baskets.
    """

    baskets: Baskets
    exact_up_to: int = 5
    _strata: dict[int, Strata] = field(default_factory=dict, repr=False)
    _habits: dict[int, Habits] = field(default_factory=dict, repr=False)

    def strata(self, around: int = EVERYWHERE) -> Strata:
        """All baskets by size, or those around an item by how much else they hold."""
        if around not in self._strata:
            everywhere = around == EVERYWHERE
            baskets = self.baskets if everywhere else self.baskets.around(around)
            self._strata[around] = (
                Strata.of(baskets) if everywhere else Strata.of(baskets, exact_up_to=self.exact_up_to)
            )
        return self._strata[around]

    def habits(self, around: int = EVERYWHERE) -> Habits:
        """What the tastes of each customer let expect there."""
        if around not in self._habits:
            self._habits[around] = Habits.fit(self.strata(around))
        return self._habits[around]


def questions(sets: Sequence[Items]) -> pd.DataFrame:
    """List what is asked of sets of two or three items.

    Returns
    -------
    DataFrame
        One row per question: ``set`` (place of the set), ``first``, ``second`` (the pair) and ``around`` (the third
        item, or :data:`EVERYWHERE`).

    Examples
    --------
    >>> questions([(4, 7), (1, 2, 3)]).to_numpy().tolist()
    [[0, 4, 7, -1], [1, 2, 3, 1], [1, 1, 3, 2], [1, 1, 2, 3]]
    """
    rows = [
        (place, *(item for item in items if item != around), around)
        for place, items in enumerate(sets)
        for around in ((EVERYWHERE,) if len(items) == 2 else items)
    ]
    return pd.DataFrame(rows, columns=["set", "first", "second", "around"], dtype="int64")


def smallest_lifts(
    ground: Ground, sets: Sequence[Items], together: Ints, *, at_least: float = 0.0
) -> NDArray[np.float64]:
    """Return the lift of each set: how many times as often it meets as by chance, the smallest where three are asked.

    Parameters
    ----------
    ground
        The baskets.
    sets
        Their items.
    together
        In how many baskets all items of each set meet.
    at_least
        Once a lift below this is found, nothing more is asked of the set.
    """
    asked = questions(sets)
    order = asked.groupby("set").cumcount().to_numpy()
    smallest = np.full(len(sets), np.inf)
    for turn in range(3):
        open_ = asked[(order == turn) & (smallest[asked["set"]] >= at_least)]
        for around, rows in open_.groupby("around").indices.items():
            places = open_["set"].to_numpy()[rows]
            found = lifts(ground.strata(int(around)), open_[["first", "second"]].to_numpy()[rows], together[places])
            smallest[places] = np.minimum(smallest[places], found)
    return smallest


def against_size(ground: Ground, sets: Sequence[Items], *, level: float = 0.95) -> pd.DataFrame:
    """Test sets against basket size: see :func:`~customer_patterns.patterns.association.beyond_size`.

    Returns
    -------
    DataFrame
        One row per set: its columns, of the question with the smallest lift, ``p`` the largest of all questions, and
        ``around`` (which item's baskets that question is about).
    """
    return _weakest(sets, lambda around, pairs: beyond_size(ground.strata(around), pairs, level=level))


def against_habit(ground: Ground, sets: Sequence[Items], *, level: float = 0.95) -> pd.DataFrame:
    """Test sets against basket size and tastes: see :func:`~customer_patterns.patterns.association.beyond_habit`.

    Returns
    -------
    DataFrame
        As in :func:`against_size`.
    """
    return _weakest(
        sets, lambda around, pairs: beyond_habit(ground.strata(around), pairs, ground.habits(around), level=level)
    )


def answers(ground: Ground, sets: Sequence[Items], around: Sequence[int], *, level: float = 0.95) -> pd.DataFrame:
    """Ask one question of each set again: that around a given item.

    Returns
    -------
    DataFrame
        One row per set, columns as in :func:`~customer_patterns.patterns.association.beyond_size`.
    """
    asked = questions(sets)
    asked = asked[asked["around"].to_numpy() == np.asarray(around, dtype=np.int64)[asked["set"].to_numpy()]]
    return _ask(asked, lambda place, pairs: beyond_size(ground.strata(place), pairs, level=level))


def _weakest(sets: Sequence[Items], ask: Callable[[int, Ints], pd.DataFrame]) -> pd.DataFrame:
    asked = questions(sets)
    found = _ask(asked, ask)
    found["around"] = asked["around"].to_numpy()
    found["set"] = asked["set"].to_numpy()
    largest = found.groupby("set")["p"].max().to_numpy()
    # Of equal lifts the first question; one without a lift is the weakest of all.
    order = found.assign(lift=found["lift"].fillna(-1)).sort_values(["set", "lift"], kind="stable")
    weakest = found.loc[order.drop_duplicates("set").index].reset_index(drop=True)
    return weakest.assign(p=largest).drop(columns="set")


def _ask(asked: pd.DataFrame, ask: Callable[[int, Ints], pd.DataFrame]) -> pd.DataFrame:
    """Ask all questions around one item together; answers in the order of the questions."""
    found = np.full((len(asked), len(COLUMNS)), np.nan)
    for around, rows in asked.groupby("around").indices.items():
        found[rows] = ask(int(around), asked[["first", "second"]].to_numpy()[rows]).to_numpy(dtype=float)
    return pd.DataFrame(found, columns=list(COLUMNS))
