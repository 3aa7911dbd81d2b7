"""How many random deals a verdict needs: more are dealt while chance in them could still turn it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from scipy.special import betaincinv

Deal = TypeVar("Deal")

#: A share of deals is taken to lie within an interval of this level: the deals, not the customers, decide a verdict
#: in few studies, whatever the true share is.
SURE = 0.99


def can_turn(as_many: int, deals: int, thresholds: Sequence[float]) -> bool:
    """Whether more deals might put the share of those that move as many on the other side of a threshold.

    Parameters
    ----------
    as_many
        Deals that moved as many as the real order, so far.
    deals
        Deals so far.
    thresholds
        Shares at which a verdict turns, from 0 to 1.

    Returns
    -------
    bool
        Whether a threshold lies within the exact interval of the share (Clopper and Pearson 1934, Biometrika 26,
        404–413) at the level of :data:`SURE`.

    Notes
    -----
    A test whose number of deals is fixed beforehand decides by its seed where p lies near the threshold. Dealing on
    until the interval leaves the threshold bounds that (Gandy 2009, J. Am. Stat. Assoc. 104, 1504–1511).

    Examples
    --------
    Of 99 deals none, or 40, moved as many: is that below one in twenty?

    >>> can_turn(0, 99, [0.05]), can_turn(40, 99, [0.05]), can_turn(0, 199, [0.05])
    (True, False, False)
    """
    tail = (1 - SURE) / 2
    low = float(betaincinv(as_many, deals - as_many + 1, tail)) if as_many else 0.0
    high = float(betaincinv(as_many + 1, deals - as_many, 1 - tail)) if as_many < deals else 1.0
    return any(low <= threshold <= high for threshold in thresholds)


def steps(level: float, tests: int) -> list[float]:
    """The shares at which a verdict on one of several tests turns (Benjamini and Hochberg 1995).

    >>> steps(0.05, 2)
    [0.025, 0.05]
    """
    return [level * place / tests for place in range(1, tests + 1)]


def deal_on(
    drawn: Sequence[Deal],
    deal: Callable[[int], Deal],
    reaches: Mapping[str, Callable[[Deal], bool]],
    *,
    most: int,
    thresholds: Sequence[float],
) -> list[Deal]:
    """Deal on, as many again each time, until no verdict can turn or there are enough.

    Parameters
    ----------
    drawn
        The deals so far; they are kept.
    deal
        Makes the deal of a number.
    reaches
        By test: whether a deal moves as many as the real order.
    most
        No more deals than this.
    thresholds
        As for :func:`can_turn`.
    """
    dealt, at_once = list(drawn), len(drawn)
    counts = {test: sum(map(reached, dealt)) for test, reached in reaches.items()}
    while len(dealt) < most and any(can_turn(count, len(dealt), thresholds) for count in counts.values()):
        more = [deal(number) for number in range(len(dealt), min(len(dealt) + at_once + 1, most))]
        for test, reached in reaches.items():
            counts[test] += sum(map(reached, more))
        dealt += more
    return dealt
