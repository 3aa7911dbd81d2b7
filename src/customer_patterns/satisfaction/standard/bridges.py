"""A bridge between two scales: estimated where both were answered, or declared, with the error of the link."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import Z95
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.satisfaction.standard.equating import equipercentile, linear
from customer_patterns.satisfaction.standard.thresholds import part_above

if TYPE_CHECKING:
    from customer_patterns.satisfaction.standard.joined import Declared

Floats = NDArray[np.float64]

#: With fewer sheets in which both were answered nothing is estimated.
FEWEST_BOTH = 100
#: Answers that go together less than this are not about the same: no link is made (a correlation).
LEAST_TOGETHER = 0.5
_RESAMPLES = 400


class Link(NamedTuple):
    """What joins two scales.

    Attributes
    ----------
    by
        ``equipercentile``, ``linear`` or ``declared``.
    both
        Sheets in which both were answered.
    together
        Their correlation, with its interval (Fisher's z); NaN where too few.
    steps
        The steps of the old scale, and what each is on the new one; the best answer highest on both.
    drawn
        The same for each resample of customers; none where the link was declared.
    reversed_new
        Whether the new item is worded the other way round.
    scale
        Of the new item.
    counts
        How many answered each step of the old scale and of the new one, where both were answered; one row in all, then
        one per resample. None where the link was declared.
    """

    by: str
    both: int
    together: tuple[float, float, float]
    steps: tuple[Floats, Floats]
    drawn: Floats
    reversed_new: bool
    scale: tuple[float, float]
    counts: Floats | None = None

    @property
    def holds(self) -> bool:
        """Whether answers may be carried over it."""
        return bool(np.isfinite(self.steps[1]).all() and len(self.steps[1]))

    def carry(self, old: Floats) -> Floats:
        """Old answers, best one highest, as answers on the new scale as it was asked."""
        carried = np.interp(old, *self.steps)
        return sum(self.scale) - carried if self.reversed_new else carried

    def step_of(self, old_points: Floats) -> NDArray[np.int64]:
        """Which step old answers are, counted from 0; they come as 0 to 100 of the old scale, best one highest."""
        return np.round(old_points * (len(self.steps[0]) - 1) / 100).astype(np.int64)

    def above(self, answer: float) -> tuple[Floats, Floats]:
        """Which part of each old step gives at least this answer on the new scale; the same for each resample."""
        if self.counts is None:
            return (self.steps[1] >= answer).astype(float), np.empty((0, len(self.steps[0])))
        k, cut = len(self.steps[0]), round(answer - self.scale[0])
        parts = part_above(self.counts[:, :k], self.counts[:, k:], cut, by=self.by)
        return parts[0], parts[1:]

    def points(self, placed: Floats) -> Floats:
        """Answers on the new scale, best one highest, as 0 to 100."""
        low, high = self.scale
        return 100 * (placed - low) / (high - low)


def link_scales(
    answers: Floats, asked: pd.DataFrame, sheets: pd.DataFrame, bridge: Declared, *, fewest: int = FEWEST_BOTH
) -> Link:
    """Link two items.

    Parameters
    ----------
    answers
        Two columns, the old item and the new one; one row per sheet.
    asked
        Their two rows: ``scale_low``, ``scale_high``, ``direction``.
    sheets
        One row per sheet: ``customer_id``.
    bridge
        What is declared: how to link, or what each old answer is.
    fewest
        With fewer sheets in which both were answered the link does not hold.

    Returns
    -------
    Link
        Not holding where too few answered both, or their answers hardly go together.

    Raises
    ------
    ValueError
        The declared answers lack one of the old scale, or lead off the new one.

    Notes
    -----
    One group of people who answer both (single-group design, Kolen and Brennan 2014, chapter 1). The error of the link
    is that of drawing other people: resamples of customers. Two items that do not go together can be given equal
    distributions, but not one meaning (Dorans and Holland 2000, Journal of Educational Measurement 37, 281–306).
    """
    (low, high), (new_low, new_high) = (tuple(map(float, row)) for row in asked[["scale_low", "scale_high"]].to_numpy())
    turned = (asked["direction"] == "reversed").to_numpy()
    first = low + high - answers[:, 0] if turned[0] else answers[:, 0]
    second = new_low + new_high - answers[:, 1] if turned[1] else answers[:, 1]
    both = np.isfinite(first) & np.isfinite(second)
    steps = np.arange(low, high + 1)
    n, scale = int(both.sum()), (new_low, new_high)
    together = _together(first[both], second[both])
    nothing = np.empty((0, len(steps)))
    if bridge.answers:
        placed = _declared(bridge, steps, (low, high), scale, turned)
        return Link("declared", n, together, (steps, placed), nothing, bool(turned[1]), scale)
    if n < fewest or not together[1] >= LEAST_TOGETHER:
        return Link(bridge.by, n, together, (steps, np.full(len(steps), np.nan)), nothing, bool(turned[1]), scale)
    wide = np.hstack(
        [
            (first[both][:, None] == steps).astype(float),
            (second[both][:, None] == np.arange(new_low, new_high + 1)).astype(float),
        ]
    )
    codes = pd.factorize(sheets["customer_id"].to_numpy()[both], sort=True)[0]
    sums = np.column_stack([np.bincount(codes, column) for column in wide.T])
    sums = sums[np.lexsort(sums.T[::-1])]
    k = len(steps)
    way = equipercentile if bridge.by == "equipercentile" else linear

    def placed_by(counts: Floats) -> Floats:
        return np.clip(new_low + way(counts[..., :k], counts[..., k:]), new_low, new_high)

    again = np.vstack([weights @ sums for _, weights in draw_weights(len(sums), resamples=_RESAMPLES)])
    counts = np.vstack([sums.sum(axis=0), again])
    placed = np.round(placed_by(counts[0]), 9)
    return Link(bridge.by, n, together, (steps, placed), placed_by(again), bool(turned[1]), scale, counts)


def _declared(
    bridge: Declared, steps: Floats, old: tuple[float, float], new: tuple[float, float], turned: NDArray[np.bool_]
) -> Floats:
    """What each step of the old scale was declared to be; both with the best answer highest."""
    asked_as = sum(old) - steps if turned[0] else steps
    missing = [int(answer) for answer in sorted(asked_as) if int(answer) not in bridge.answers]
    if missing:
        raise ValueError(f"the bridge from '{bridge.old}' does not say what its answer {missing[0]} is")
    placed = np.array([float(bridge.answers[int(answer)]) for answer in asked_as])
    if (placed < new[0]).any() or (placed > new[1]).any():
        raise ValueError(f"the bridge from '{bridge.old}' leads off the scale of '{bridge.new}'")
    return sum(new) - placed if turned[1] else placed


def _together(first: Floats, second: Floats) -> tuple[float, float, float]:
    """Correlation with Fisher's interval."""
    if len(first) < 4 or not first.std() > 0 or not second.std() > 0:
        return (np.nan,) * 3
    r = float(np.corrcoef(first, second)[0, 1])
    z, reach = np.arctanh(np.clip(r, -0.999999, 0.999999)), Z95 / np.sqrt(len(first) - 3)
    return r, float(np.tanh(z - reach)), float(np.tanh(z + reach))
