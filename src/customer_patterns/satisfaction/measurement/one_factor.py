"""One dimension in several groups: which parts of its measurement are the same in all of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from customer_patterns.satisfaction.measurement.fitting import Fit, Seen, comparative_fit, fit

Floats = NDArray[np.float64]

#: What is held the same in all groups, one more with every step.
CONFIGURAL, THRESHOLDS, LOADINGS, INTERCEPTS = STEPS = ("same items", "thresholds", "loadings", "intercepts")

#: Loadings to begin with.
_LOADING = 0.7
#: Where the two constants stand after the parameters.
_CONSTANT = {0.0: -2, 1.0: -1}


class Step(NamedTuple):
    """A fitted step: what is held the same, its fit, its comparative fit index."""

    held: str
    fit: Fit
    cfi: float


def fit_step(seen: Seen, held: str, released: tuple[int, ...] = ()) -> Step:
    """Fit one factor to all groups, with a part of its measurement held the same in all.

    Parameters
    ----------
    seen
        Statistics of two groups or more, with the same items.
    held
        One of :data:`STEPS`; each holds what the steps before it hold, too.
    released
        Places of items that are measured freely in every group.

    Returns
    -------
    Step
        How well that fits.

    Notes
    -----
    Wu and Estabrook (2016), Psychometrika 81, 1014–1045: with ordinal answers thresholds are held first, since only
    then the continua behind them have one unit; spreads and intercepts of all groups but the first are then free, and
    are held with loadings and intercepts in turn. Loadings come before intercepts, the factor's spread and mean being
    free in all groups but the first.
    """
    packing = _Packing(seen, held, released)
    found = fit(seen, packing.implied, packing.start)
    return Step(held, found, comparative_fit(seen, found))


class _Packing:
    """Turns a vector of parameters into the statistics it implies.

    Each group's loadings, spreads and so on are places in the vector, one per item; what is not free points to one of
    two constants that are put after the parameters.
    """

    def __init__(self, seen: Seen, held: str, released: tuple[int, ...]) -> None:
        groups, items = len(seen.groups), len(seen.groups[0].thresholds)
        level = STEPS.index(held)
        shared = np.array([level > 0 and item not in released for item in range(items)])
        self._starts: list[float] = []
        self._pairs = np.triu_indices(items, 1)
        cuts = [[self._new(values) for values in seen.groups[0].thresholds]]
        for group in range(1, groups):
            own = enumerate(seen.groups[group].thresholds)
            cuts.append([cuts[0][item] if shared[item] else self._new(values) for item, values in own])
        self._cuts = [np.concatenate(places) for places in cuts]
        self._item_of_cut = np.repeat(np.arange(items), [len(places) for places in cuts[0]])
        free = {"loading": self._free(groups, items, np.ones((groups, items), dtype=bool), _LOADING)}
        later = np.outer(np.arange(groups) > 0, shared)
        if level >= STEPS.index(LOADINGS):
            free["loading"] = np.where(later, free["loading"][:1], free["loading"])
        free["spread"] = self._free(groups, items, later, 1.0)
        free["intercept"] = self._free(groups, items, later & (level < STEPS.index(INTERCEPTS)), 0.0)
        for name, step, start in (("deviation", LOADINGS, 1.0), ("mean", INTERCEPTS, 0.0)):
            of_group = self._free(groups, 1, later.any(axis=1, keepdims=True) & (level >= STEPS.index(step)), start)
            free[name] = np.where(later, of_group, _CONSTANT[start])
        self.start = np.array(self._starts)
        # Places of parameters that nothing points to any more would be free and idle.
        used = np.unique(np.concatenate([*self._cuts, *(places.ravel() for places in free.values())]))
        used = used[used >= 0]
        renumbered = np.full(len(self.start), -1)
        renumbered[used] = np.arange(len(used))
        self.start = self.start[used]
        self._cuts = [renumbered[places] for places in self._cuts]
        self._free_places = {
            name: np.where(places >= 0, renumbered[np.maximum(places, 0)], places) for name, places in free.items()
        }

    def _new(self, values: Floats) -> NDArray[np.int64]:
        first = len(self._starts)
        self._starts += list(values)
        return np.arange(first, first + len(values))

    def _free(self, groups: int, items: int, where: NDArray[np.bool_], start: float) -> NDArray[np.int64]:
        """Places of new parameters where they are free, else of the constant that they start with."""
        places = np.full((groups, items), _CONSTANT.get(start, -1))
        places[where] = self._new(np.full(int(where.sum()), start))
        return places

    def implied(self, at: Floats) -> Floats:
        every = np.append(at, [0.0, 1.0])  # the constants are the last two
        loading, spread, intercept, deviation, mean = (
            every[self._free_places[name]] for name in ("loading", "spread", "intercept", "deviation", "mean")
        )
        shift = intercept + loading * mean
        standard = loading * deviation / spread
        parts = []
        for group, places in enumerate(self._cuts):
            item = self._item_of_cut
            parts.append((every[places] - shift[group, item]) / spread[group, item])
            parts.append((standard[group][:, None] * standard[group])[self._pairs])
        return np.concatenate(parts)
