"""Raking: weights under which those who answered add up to all who were asked, margin by margin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

#: Raking stops when no category's sum is off by more than this share of it.
_CLOSE = 1e-10
#: So many sweeps over all margins are made at most; margins that contradict one another would be swept forever.
MOST_SWEEPS = 500


class Raked(NamedTuple):
    """Weights, and how raking ended.

    Attributes
    ----------
    weights
        One per answer, 0 or more.
    sweeps
        How often all margins were gone over.
    gap
        By which share the worst category still misses its sum.
    agreed
        Whether every category reached its sum; else margins contradict one another, or a category has no answer.
    """

    weights: Floats
    sweeps: int
    gap: float
    agreed: bool


def rake(
    margins: Sequence[ArrayLike],
    totals: Sequence[ArrayLike],
    *,
    start: ArrayLike | None = None,
    most_sweeps: int = MOST_SWEEPS,
) -> Raked:
    """Weigh answers so that each category of each margin adds up to what is known of all.

    Parameters
    ----------
    margins
        For each margin the category of each answer, as numbers from 0.
    totals
        For each margin what its categories must add up to, 0 or more; each margin to the same total.
    start
        Weights to begin with, 0 or more; ``None``: one each.
    most_sweeps
        After so many sweeps it is given up.

    Returns
    -------
    Raked
        Weights as close to those at the start as the margins allow. A category without answers, of which there should
        be some, has no weights that reach its total: then ``agreed`` is false.

    Raises
    ------
    ValueError
        A weight or a total is negative or missing, a category has no total, or margins differ in their totals.

    Notes
    -----
    Deming and Stephan (1940), Annals of Mathematical Statistics 11, 427–444 (iterative proportional fitting). Where
    weights exist that reach all margins, those found have the least Kullback-Leibler distance from the start (Ireland
    and Kullback 1968, Biometrika 55, 179–188). Answers that are alike in all margins are swept as one, so a million
    answers cost as much as their cells.

    Examples
    --------
    Two women and one man answered of ten women and ten men.

    >>> rake([[0, 0, 1]], [[10, 10]]).weights.tolist()
    [5.0, 5.0, 10.0]
    """
    codes = [np.asarray(margin, dtype=np.int64) for margin in margins]
    wanted = [np.asarray(total, dtype=float) for total in totals]
    n = len(codes[0]) if codes else 0
    weights = np.ones(n) if start is None else np.asarray(start, dtype=float).copy()
    _refuse(codes, wanted, weights)
    if not codes or not n:
        return Raked(weights, 0, 0.0 if not codes else 1.0, not codes)
    cell_of, cells = _cells(codes, [len(total) for total in wanted])
    first = np.bincount(cell_of, weights, cells.shape[1])
    masses, sweeps, gap = first.copy(), 0, np.inf
    while sweeps < most_sweeps and gap > _CLOSE:
        for of, total in zip(cells, wanted, strict=True):
            reached = np.bincount(of, masses, len(total))
            with np.errstate(invalid="ignore", divide="ignore"):
                factor = np.where(reached > 0, total / reached, 0.0)
            masses *= factor[of]
        sweeps += 1
        gap = max(_gap(of, masses, total) for of, total in zip(cells, wanted, strict=True))
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where(first > 0, masses / first, 0.0)
    return Raked(weights * factor[cell_of], sweeps, float(gap), bool(gap <= _CLOSE))


def _gap(of: Codes, masses: Floats, total: Floats) -> float:
    """The share by which the worst category misses its sum."""
    reached = np.bincount(of, masses, len(total))
    return float(np.max(np.abs(reached - total) / np.where(total > 0, total, 1.0), initial=0.0))


def _cells(codes: list[Codes], sizes: list[int]) -> tuple[Codes, NDArray[np.int64]]:
    """The cell of each answer, numbered by the categories alone, and the category of each cell in each margin."""
    joint = np.ravel_multi_index(tuple(codes), tuple(sizes))
    known, cell_of = np.unique(joint, return_inverse=True)
    return cell_of, np.vstack(np.unravel_index(known, tuple(sizes)))


def _refuse(codes: list[Codes], wanted: list[Floats], weights: Floats) -> None:
    if len(codes) != len(wanted):
        raise ValueError(f"{len(codes)} margins, but totals of {len(wanted)}")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("a weight is missing or negative; leave the answer out, or say what it counts for")
    for of, total in zip(codes, wanted, strict=True):
        if len(of) != len(weights):
            raise ValueError(f"a margin of {len(of)} answers, weights of {len(weights)}")
        if not np.isfinite(total).all() or (total < 0).any():
            raise ValueError("a total is missing or negative; it counts customers")
        if len(of) and (of.min() < 0 or of.max() >= len(total)):
            raise ValueError("a category has no total")
    sums = np.array([total.sum() for total in wanted])
    if len(sums) and not np.allclose(sums, sums[0], rtol=1e-9):
        raise ValueError(f"margins add up to {', '.join(f'{x:g}' for x in sums)}; they must count the same customers")
