"""Names of segments, computed from what distinguishes them: nobody types them in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from customer_patterns.segments.habits import AVERAGE, HABITS

#: A segment is named after habits in which it differs from the average by so many standard deviations, at most two.
MINIMUM_EFFECT, MOST_PARTS = 0.5, 2

#: What tells segments apart that differ in degree alone.
DEGREES = (
    "most of all",
    "very much so",
    "much so",
    "rather so",
    "somewhat so",
    "little so",
    "very little so",
    "least of all",
)


def name_segments(effects: NDArray[np.float64], habits: Sequence[str]) -> list[str]:
    """Name segments after the habits in which they differ most from the average customer.

    Parameters
    ----------
    effects
        Segments × habits: how many standard deviations a segment's mean lies above that of all customers.
    habits
        The names of the columns, of :data:`~customer_patterns.segments.habits.HABITS`.

    Returns
    -------
    list of str
        One name each, no two the same: one or two habits of at least :data:`MINIMUM_EFFECT`, the strongest first, more
        where segments would share a name: ``"Large baskets, weekend shopping"``. Each part is a word of the catalog.

    Raises
    ------
    ValueError
        More segments differ in degree alone than there are words for degrees.

    Examples
    --------
    >>> name_segments(np.array([[1.2, -0.7], [-0.9, 0.1]]), ["basket_value", "orders_per_month"])
    ['Large baskets, rare visits', 'Small baskets']
    """
    effects = np.round(np.asarray(effects, dtype=float), 9)
    strongest = np.argsort(-np.abs(effects), axis=1, kind="stable")
    parts = [int(min(MOST_PARTS, (np.abs(row) >= MINIMUM_EFFECT).sum())) for row in effects]

    def names() -> list[str]:
        return [_join(row, order, count, habits) for row, order, count in zip(effects, strongest, parts, strict=True)]

    for _ in range(effects.shape[1]):
        seen = Counter(names())
        parts = [n + 1 if seen[name] > 1 else n for n, name in zip(parts, names(), strict=True)]
    return _by_degree(names(), effects, strongest)


def _join(effects: NDArray[np.float64], order: NDArray[np.int64], count: int, habits: Sequence[str]) -> str:
    """The first so many habits as one name."""
    chosen = [HABITS[habits[j]].more if effects[j] > 0 else HABITS[habits[j]].less for j in order[:count]]
    name = ", ".join(chosen or [AVERAGE])
    return name[:1].upper() + name[1:]


def _by_degree(names: list[str], effects: NDArray[np.float64], strongest: NDArray[np.int64]) -> list[str]:
    """Tell those of one name apart by how strongly they show their first habit."""
    for name in [name for name, count in Counter(names).items() if count > 1]:
        alike = [i for i, other in enumerate(names) if other == name]
        if len(alike) > len(DEGREES):
            raise ValueError(f"{len(alike)} segments differ in degree alone; ask for fewer")
        alike.sort(key=lambda i: -abs(float(effects[i, strongest[i, 0]])) if effects.size else 0.0)
        words = [*DEGREES[: len(alike) - 1], DEGREES[-1]]
        for i, word in zip(alike, words, strict=True):
            names[i] = f"{name}, {word}"
    return names
