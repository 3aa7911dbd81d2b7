"""What follows what in the visits of one customer, and how often it would if the same visits had come in another order.

Whoever likes two things buys both, and buys each soon after the other whenever visits are many. That is no sequence.
The null therefore keeps everything of a customer but the order: the days of the visits, and what each visit held, stay
as they were; which visit fell on which day is drawn anew. With n visits, of which ``n_x`` hold x, ``n_y`` hold y and
``n_xy`` hold both, ``w`` of the n (n − 1) ordered pairs of days lie as far apart as a sequence allows, and x is
followed by y in ``w (n_x n_y − n_xy) / (n (n − 1))`` of them on average: exactly, without drawing anything.

Everybody buys some things at the same time of the year, and what has its season follows what had it just before. The
days are therefore weighted by how much everybody bought of x and of y in that week, beyond what each customer's own
shares let expect. Without these weights the formula above is the plain one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from customer_patterns.patterns.baskets import Baskets
from customer_patterns.patterns.miner.visits import Visits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: The items of one visit, ascending.
Step = tuple[int, ...]

#: Weeks are pulled towards the usual one as if so many more usual visits with the item had been seen in each.
PRIOR_VISITS = 5.0


@dataclass
class VisitOrder:
    """The visits of all customers in their order, and which of them lie within reach of each other.

    Parameters
    ----------
    visits
        The visits, by customer and day.
    customers
        How many customers are numbered; some may have no visit.
    items
        How many items are numbered.
    min_gap_days, max_gap_days
        One visit follows another if it comes so many days later: at least, and at most.
    by_week
        Whether chance knows the time of the year; if not, it is the plain shuffle of each customer's visits.
    spans
        Into how many spans of time each customer's visits are parted; visits are shuffled within each, and a customer
        who is numbered c has the numbers c · spans, c · spans + 1 … here.
    """

    visits: Visits
    customers: int
    items: int
    min_gap_days: int = 1
    max_gap_days: int = 28
    by_week: bool = True
    spans: int = 1
    _weights: dict[Step, Floats] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        baskets: Baskets,
        *,
        min_gap_days: int,
        max_gap_days: int,
        by_week: bool = True,
        span_days: int | None = None,
    ) -> VisitOrder:
        """Put baskets in order; those of one customer and day are one visit.

        With ``span_days`` visits are shuffled, and follow each other, within spans of so many days only. How many times
        as often as by chance something follows depends on how long the time is over which chance may spread it; lifts
        of a long and a short period are therefore compared over spans of one length.
        """
        if not 1 <= min_gap_days <= max_gap_days:
            raise ValueError(f"a gap is 1 day or more, and at most the longest, not {min_gap_days} to {max_gap_days}")
        spans = 1
        if span_days and len(baskets):
            span = (baskets.day - baskets.day.min()).astype(np.int64) // span_days
            spans = int(span.max()) + 1
            baskets = replace(baskets, customer=baskets.customer * spans + span)
        visits, numbered = Visits.of(baskets), len(baskets.customers) * spans
        return cls(visits, numbered, len(baskets.items), min_gap_days, max_gap_days, by_week, spans)

    def __len__(self) -> int:
        """How many visits."""
        return len(self.visits)

    @cached_property
    def customer(self) -> Ints:
        """Whose each visit is."""
        return self.visits.customer.astype(np.int64)

    @cached_property
    def totals(self) -> Floats:
        """Visits of each customer."""
        return np.bincount(self.customer, minlength=self.customers).astype(float)

    @cached_property
    def reach(self) -> tuple[Ints, Ints, Ints, Ints]:
        """For each visit where those that may follow begin and end, and where those that may come before do."""
        day = self.visits.day.astype(np.int64)
        span = self.max_gap_days + 1
        first = int(day.min(initial=0))
        width = int(day.max(initial=0)) - first + 2 * span
        key = self.customer * width + (day - first) + span
        return (
            np.searchsorted(key, key + self.min_gap_days, "left"),
            np.searchsorted(key, key + self.max_gap_days, "right"),
            np.searchsorted(key, key - self.max_gap_days, "left"),
            np.searchsorted(key, key - self.min_gap_days, "right"),
        )

    @cached_property
    def _by_item(self) -> tuple[Ints, Ints]:
        edges = self.visits.edges
        visit = np.repeat(np.arange(len(self), dtype=np.int64), np.diff(edges))
        item = self.visits.item
        order = np.argsort(item, kind="stable")
        return visit[order], np.searchsorted(item[order], np.arange(self.items + 1))

    @cached_property
    def week(self) -> Ints:
        """The week of each visit, counted from the first."""
        day = self.visits.day.astype(np.int64)
        return (day - day.min(initial=0)) // 7

    def holding(self, step: Step) -> Ints:
        """Return the visits that hold all items of a step, ascending."""
        visit, edges = self._by_item
        found = [visit[edges[item] : edges[item + 1]] for item in step]
        held = found[0]
        for more in found[1:]:
            held = np.intersect1d(held, more, assume_unique=True)
        return held

    def held(self, step: Step) -> Floats:
        """Say of each visit whether (1) or not (0) it holds a step."""
        there = np.zeros(len(self))
        there[self.holding(step)] = 1.0
        return there

    def per_customer(self, visits: Ints, values: Floats | None = None) -> Floats:
        """Add something up over some visits of each customer; without values the visits are counted."""
        return np.bincount(self.customer[visits], values, self.customers).astype(float)

    def folded(self, values: Floats) -> Floats:
        """Add the spans of each customer up."""
        return values.reshape(-1, self.spans).sum(axis=1)

    def after(self, values: Floats) -> Floats:
        """Add up, for each visit, what belongs to the visits that may follow it."""
        begins, ends, _, _ = self.reach
        return _between(values, begins, ends)

    def before(self, values: Floats) -> Floats:
        """Add up, for each visit, what belongs to the visits that it may follow."""
        _, _, begins, ends = self.reach
        return _between(values, begins, ends)

    def weights(self, step: Step) -> Floats:
        """Return how much each visit's week is one for a step: 1 in the usual week."""
        if step not in self._weights:
            self._weights[step] = self._weigh(step)
        return self._weights[step]

    def _weigh(self, step: Step) -> Floats:
        if not self.by_week:
            return np.ones(len(self))
        held = self.holding(step)
        own = np.divide(self.per_customer(held), self.totals, out=np.zeros(self.customers), where=self.totals > 0)
        weeks = int(self.week.max(initial=-1)) + 1
        seen = np.bincount(self.week[held], minlength=weeks)
        usual = np.bincount(self.week, own[self.customer], weeks)
        return ((seen + PRIOR_VISITS) / (usual + PRIOR_VISITS))[self.week]


@dataclass(frozen=True)
class Followed:
    """How often one step was followed by another, and the other way round, per customer.

    Attributes
    ----------
    seen, expected
        Pairs of visits of which the later one holds the second step: as they were, and by chance.
    seen_back, expected_back
        The same with the second step first.
    """

    seen: Floats
    expected: Floats
    seen_back: Floats
    expected_back: Floats


def followed(order: VisitOrder, first: Iterable[Step], second: Step) -> list[Followed]:
    """Count how often steps were followed by one step, and how often chance would have let them.

    Parameters
    ----------
    order
        The visits.
    first
        The steps that come first, one after the other.
    second
        The step that follows.

    Returns
    -------
    list
        One entry per step of ``first``.
    """
    held, weight = order.held(second), order.weights(second)
    after, before = order.after(held), order.before(held)
    weight_after, weight_before = order.after(weight), order.before(weight)
    n_second = order.per_customer(order.holding(second))
    everything = order.per_customer(np.arange(len(order)), weight)
    rows = []
    for step in first:
        at, own = order.holding(step), order.weights(step)
        both = order.per_customer(at, held[at])
        pairs = order.per_customer(at) * n_second - both
        whose = order.customer
        # Of all ordered pairs of two days of a customer, weighted by their weeks, the share that is within reach.
        possible = np.bincount(whose, own, order.customers) * everything
        possible -= np.bincount(whose, own * weight, order.customers)
        scale = np.divide(pairs, possible, out=np.zeros(order.customers), where=(possible > 1e-9) & (pairs > 0))
        rows.append(
            Followed(
                order.per_customer(at, after[at]),
                scale * np.bincount(whose, own * weight_after, order.customers),
                order.per_customer(at, before[at]),
                scale * np.bincount(whose, own * weight_before, order.customers),
            )
        )
    return rows


def _between(values: Floats, begins: Ints, ends: Ints) -> Floats:
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.where(ends > begins, sums[ends] - sums[begins], 0.0)
