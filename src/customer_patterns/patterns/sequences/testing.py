"""Tests of sequences: more often than chance, in this order rather than the other, and more than their parts say.

*Beyond chance.* A step followed by a step is compared with what
:mod:`~customer_patterns.patterns.sequences.order` lets expect of each customer: z = ΣU / √ΣU² over customers, against
Student's t, as for pairs in baskets.

*In this order.* What is bought in one phase of life, or on one kind of trip, lies close together in time without any
order; then it is followed as often one way as the other. So a second question compares both ways, customer by customer:
is the excess of "x, then y" larger than that of "y, then x"? A sequence stands if both are answered with yes
(intersection-union: Berger 1982, Technometrics 24, 295–300).

*More than its parts.* A longer sequence says something only if it adds to the shorter ones in it (productivity: Webb
2007, Machine Learning 68, 1–33; for sequences: Petitjean, Li, Tatti and Webb 2016, Data Mining and Knowledge Discovery
30, 1086–1111). Around one item, the anchor, there is something on its left (an item before it, or in the same visit)
and something on its right. Among each customer's visits with the anchor, do the two go together? Counts within reach
are first cleared of how many visits there are to find something in. The anchor's parts are unrelated by chance if their
covariance is zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from customer_patterns.patterns.association import COLUMNS, compare_sums
from customer_patterns.patterns.sequences.order import Floats, Followed, Step, VisitOrder, followed

#: A sequence: its steps in order.
Steps = tuple[Step, ...]

#: Columns of what is found, beside those of the tests of pairs.
ORDERED = ("back_lift", "order_ratio", "p_order")


def against_order(order: VisitOrder, pairs: Sequence[tuple[Step, Step]], *, level: float = 0.95) -> pd.DataFrame:
    """Test whether steps follow steps: more often than by chance, and in this order.

    Parameters
    ----------
    order
        The visits of customers who did not choose the pairs.
    pairs
        The two steps of each.
    level
        Confidence level of the intervals.

    Returns
    -------
    DataFrame
        One row per pair: ``baskets`` (pairs of visits of which it is so), ``expected``, ``lift`` with interval and
        ``log_lift_error``, ``p`` (one-sided: more than by chance), ``n`` (customers who show it); ``back_lift`` (of the
        other order), ``order_ratio`` (lift by that), ``p_order`` (one-sided: more this way than the other).
    """
    rows = np.full((len(pairs), len(COLUMNS) + len(ORDERED)), np.nan)
    by_second: dict[Step, list[int]] = {}
    for place, (_, second) in enumerate(pairs):
        by_second.setdefault(second, []).append(place)
    for second, places in by_second.items():
        found = followed(order, [pairs[place][0] for place in places], second)
        for place, counts in zip(places, found, strict=True):
            counts = Followed(*(order.folded(part) for part in vars(counts).values()))
            rows[place] = (*compare_sums(counts.seen, counts.expected, counts.expected, level), *_ways(counts, level))
    return pd.DataFrame(rows, columns=[*COLUMNS, *ORDERED])


def against_parts(
    order: VisitOrder, questions: Sequence[tuple[int, Step, Step, Step]], *, level: float = 0.95
) -> pd.DataFrame:
    """Test whether what lies on both sides of an anchor goes together.

    Parameters
    ----------
    order
        The visits.
    questions
        ``(place, left, anchor, right)``, each a step: ``left`` comes before the anchor and ``right`` after it; where
        ``place`` is -1, ``left`` lies in the anchor's own visit, where it is 1, ``right`` does.

    Returns
    -------
    DataFrame
        One row per question, with the columns of :func:`against_order` that pairs in baskets have: ``lift`` is how many
        times as often both are there as if they had nothing to do with each other.
    """
    rows = [_around(order, *question, level) for question in questions]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=float)


def parts_of(steps: Steps) -> list[tuple[int, Step, Step, Step]]:
    """List what is asked of a sequence of three items by :func:`against_parts`.

    Examples
    --------
    >>> parts_of(((1,), (2,), (3,)))
    [(0, (1,), (2,), (3,))]
    >>> parts_of(((1, 2), (3,)))
    [(-1, (2,), (1,), (3,)), (-1, (1,), (2,), (3,))]
    >>> parts_of(((1,), (2, 3)))
    [(1, (1,), (2,), (3,)), (1, (1,), (3,), (2,))]
    """
    if len(steps) == 3:
        return [(0, steps[0], steps[1], steps[2])]
    first, last = steps
    if len(first) == 2:
        return [(-1, (first[1],), (first[0],), last), (-1, (first[0],), (first[1],), last)]
    return [(1, first, (last[0],), (last[1],)), (1, first, (last[1],), (last[0],))]


def whole_sequences(order: VisitOrder, sequences: Sequence[Steps], *, level: float = 0.95) -> pd.DataFrame:
    """Test sequences of two or three items with all that is asked of each.

    Parameters
    ----------
    order
        The visits of customers who did not choose the sequences.
    sequences
        Their steps: two of one item each, or three items in two or three steps.
    level
        Confidence level of the intervals.

    Returns
    -------
    DataFrame
        One row per sequence, columns as in :func:`against_order`: of two items, their test; of three, the largest
        p-values of all questions, and lift, interval and ``n`` of the part that adds least.
    """
    pairs = [(place, pair) for place, steps in enumerate(sequences) for pair in pairwise(steps)]
    tested = against_order(order, [pair for _, pair in pairs], level=level)
    tested["place"] = [place for place, _ in pairs]
    asked = [
        (place, question)
        for place, steps in enumerate(sequences)
        if sum(map(len, steps)) == 3
        for question in parts_of(steps)
    ]
    parts = against_parts(order, [question for _, question in asked], level=level)
    parts["place"] = [place for place, _ in asked]
    everything = pd.concat([tested, parts], ignore_index=True)
    weakest = everything.assign(lift=everything["lift"].fillna(-1), part=everything["p_order"].notna())
    weakest = weakest.sort_values(["place", "part", "lift"], kind="stable").drop_duplicates("place").index
    found = everything.loc[weakest].set_index("place").sort_index()
    largest = everything.groupby("place")[["p", "p_order"]].max()
    return found.assign(p=largest["p"], p_order=largest["p_order"]).reset_index(drop=True)


def _ways(counts: Followed, level: float) -> tuple[float, float, float]:
    """The other way's lift, the ratio of the two, and the p-value of the difference."""
    sums = [float(part.sum()) for part in (counts.seen, counts.expected, counts.seen_back, counts.expected_back)]
    if min(sums[1], sums[3]) <= 0:
        return np.nan, np.nan, 1.0
    lift, back = sums[0] / sums[1], sums[2] / sums[3]
    # The difference of excesses: what one customer adds to it is compared with nothing.
    ahead = counts.seen - counts.expected + counts.expected_back
    p = compare_sums(ahead, counts.seen_back, counts.expected, level)[COLUMNS.index("p")] if sums[2] > 0 else 1.0
    return back, lift / back if back > 0 else np.nan, p


def _around(order: VisitOrder, place: int, left: Step, anchor: Step, right: Step, level: float) -> tuple[float, ...]:
    at = order.holding(anchor)
    whose = order.customer[at]
    own = order.per_customer(at)
    sides = []
    for step, inside, reach in ((left, place < 0, order.before), (right, place > 0, order.after)):
        held = order.held(step)
        count = (held if inside else reach(held))[at]
        cleared = count if inside else count - _by_chance(order, step, held, at, reach)
        middle = np.divide(order.per_customer(at, cleared), own, out=np.zeros(order.customers), where=own > 0)
        sides.append((count, cleared - middle[whose]))
    (count_left, left_off), (count_right, right_off) = sides
    together = order.per_customer(at, count_left * count_right)
    # Unbiased, as a covariance is: each customer's own means were taken off.
    score = order.per_customer(at, left_off * right_off)
    score *= np.divide(own, own - 1, out=np.zeros(order.customers), where=own > 1)
    seen, expected = order.folded(together), order.folded(together - score)
    return compare_sums(seen, expected, np.abs(expected), level)


def _by_chance(order: VisitOrder, step: Step, held: Floats, at: np.ndarray, reach: object) -> Floats:
    """How often a step lies within reach of visits, if the customer's other visits had come in another order."""
    weight = order.weights(step)
    whose = order.customer[at]
    others = order.per_customer(np.arange(len(order)), held)[whose] - held[at]
    all_weights = order.per_customer(np.arange(len(order)), weight)[whose] - weight[at]
    share = np.divide(others, all_weights, out=np.zeros(len(at)), where=all_weights > 1e-9)
    return share * reach(weight)[at]
