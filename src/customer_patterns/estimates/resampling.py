"""Resampling customers: how often each is drawn, and the interval that the drawn figures make.

The rows of one customer (lines, orders, days) resemble one another, so what is drawn again is always the whole
customer (cluster bootstrap: Davison and Hinkley 1997, Bootstrap Methods and their Application, section 3.8; Field and
Welsh 2007, J. R. Stat. Soc. B 69, 369–390). A resample is a column of weights (how often each customer was drawn), so
that all resamples of all figures are one product of matrices. Customers are put in an order that depends on their
numbers alone: neither the order of rows nor the names of customers change an interval.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_patterns.estimates.figure import NotEnoughData
from customer_patterns.estimates.intervals import Interval

Floats = NDArray[np.float64]

RESAMPLES = 1000
SEED = 20170101
#: At most so many weights at once (64 MB): customers may be many, resamples are then made in blocks.
WEIGHTS_AT_ONCE = 8_000_000
#: Draws are kept for the next figure of as many customers where they are at most so many (a byte each).
_DRAWS_KEPT = 40_000_000
#: Of all numbers of customers together so many bytes are kept, or those of the last one.
_BYTES_KEPT = 40_000_000
#: A figure is refused when more than this share of its resamples cannot be computed (its group was not drawn).
_UNUSABLE = 0.01


def number_customers(customers: ArrayLike, values: ArrayLike) -> NDArray[np.int64]:
    """Number the customers of observations from 0 by what was observed, not by their names.

    Parameters
    ----------
    customers, values
        Whose each observation is, and what it is.

    Returns
    -------
    ndarray
        Each observation's customer as a number; customers that differ in number, sum, largest and smallest value
        of their observations have the same number however rows are ordered and customers are called.

    Raises
    ------
    NotEnoughData
        Fewer than two customers.
    """
    x = np.asarray(values, dtype=float)
    _, codes = np.unique(np.asarray(customers), return_inverse=True)
    if x.shape != codes.shape or x.ndim != 1:
        raise ValueError(f"{len(x)} values of {len(codes)} customers")
    n = int(codes.max()) + 1 if len(codes) else 0
    at_least_two(n)
    largest, smallest = np.full(n, -np.inf), np.full(n, np.inf)
    np.maximum.at(largest, codes, x)
    np.minimum.at(smallest, codes, x)
    order = np.lexsort((smallest, largest, np.bincount(codes, x, n), np.bincount(codes, minlength=n)))
    number = np.empty(n, dtype=np.int64)
    number[order] = np.arange(n)
    return number[codes]


def draw_weights(
    n: int, *, resamples: int = RESAMPLES, seed: int = SEED, at_once: int | None = None
) -> Iterator[tuple[slice, Floats]]:
    """Yield how often each customer is drawn, in blocks of resamples.

    Parameters
    ----------
    n
        Number of customers; 1 or more.
    resamples, seed
        Number of resamples and their seed.
    at_once
        How many a block has; as many as fit into memory well if not given. The weights do not depend on it.

    Yields
    ------
    tuple
        Which resamples a block holds, and their weights: resamples × customers, whole numbers that sum to ``n`` in
        each resample.
    """
    step = max(1, min(resamples, at_once or WEIGHTS_AT_ONCE // n))
    kept = _all_draws(n, resamples, seed) if resamples * n <= _DRAWS_KEPT else None
    random = np.random.default_rng(seed)
    for start in range(0, resamples, step):
        stop = min(start + step, resamples)
        drawn = _draw(random, n, stop - start) if kept is None else kept[start:stop]
        yield slice(start, stop), drawn.astype(float)


def at_least_two(n: int, needed: int = 2) -> None:
    """Refuse to resample fewer customers than two, or than ``needed``."""
    needed = max(needed, 2)
    if n < needed:
        raise NotEnoughData(f"needs at least {needed} customers, has {n}")


#: Draws that were kept, those asked for last at the end.
_KEPT: OrderedDict[tuple[int, int, int], NDArray[np.unsignedinteger]] = OrderedDict()


def _all_draws(n: int, resamples: int, seed: int) -> NDArray[np.unsignedinteger]:
    """All resamples at once; those of the last few numbers of customers are kept."""
    asked = (n, resamples, seed)
    if asked not in _KEPT:
        _KEPT[asked] = _draw_all(*asked)
        while len(_KEPT) > 1 and sum(kept.nbytes for kept in _KEPT.values()) > _BYTES_KEPT:
            _KEPT.popitem(last=False)
    _KEPT.move_to_end(asked)
    return _KEPT[asked]


def _draw_all(n: int, resamples: int, seed: int) -> NDArray[np.unsignedinteger]:
    """Draw a few resamples at a time: the numbers are the same however many are drawn together."""
    random, few = np.random.default_rng(seed), max(1, WEIGHTS_AT_ONCE // (8 * n))
    blocks = [_draw(random, n, min(few, resamples - start)) for start in range(0, resamples, few)]
    largest = np.min_scalar_type(max(block.max() for block in blocks))
    drawn = np.vstack([block.astype(largest) for block in blocks])
    drawn.flags.writeable = False
    return drawn


def _draw(random: np.random.Generator, n: int, resamples: int) -> NDArray[np.int64]:
    drawn = random.integers(n, size=(resamples, n), dtype=np.int64)
    drawn += np.arange(resamples, dtype=np.int64)[:, None] * n
    return np.bincount(drawn.ravel(), minlength=resamples * n).reshape(resamples, n)


def studentized(
    value: Floats, error: Floats, t: Floats, level: float, *, enough: ArrayLike = True
) -> tuple[Floats, Floats]:
    """Both bounds of each figure by the t-values of its resamples (bootstrap-t).

    Parameters
    ----------
    value, error
        The figures, and their standard errors among all customers.
    t
        Resamples × figures: how many of its own standard errors a resample's figure lies above ``value``; not finite
        where it cannot be computed.
    level, enough
        As for :func:`tails`.

    Returns
    -------
    tuple
        Lower and upper bounds; NaN as there.
    """
    t_low, t_high = tails(t, level, enough=enough)
    return value - error * t_high, value - error * t_low


def tails(drawn: Floats, level: float, *, enough: ArrayLike = True) -> tuple[Floats, Floats]:
    """Both tails of resampled figures.

    Parameters
    ----------
    drawn
        Resamples × figures; not finite where a resample's figure cannot be computed.
    level
        Confidence level.
    enough
        Which figures rest on enough customers.

    Returns
    -------
    tuple
        Lower and upper percentiles; NaN of figures that rest on too few customers, or of which more than one in a
        hundred resamples cannot be computed.
    """
    usable = np.isfinite(drawn)
    known = (usable.mean(axis=0) >= 1 - _UNUSABLE) & np.asarray(enough, dtype=bool)
    low, high = (np.full(drawn.shape[1], np.nan) for _ in range(2))
    if known.any():
        filled = np.where(usable, drawn, np.nan)[:, known]
        low[known], high[known] = np.nanquantile(filled, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return low, high


def percentiles(value: ArrayLike, drawn: Floats, *, level: float = 0.95) -> Interval:
    """Figures with the percentiles of resampled ones as bounds; an interval holds its value.

    Parameters
    ----------
    value
        One figure, or several.
    drawn
        One per resample, or resamples × figures; NaN where one cannot be computed, which is passed over.
    level
        Confidence level.
    """
    quantile = np.quantile if np.isfinite(drawn).all() else np.nanquantile
    tail = round(0.5 - level / 2, 12)  # 0.025, not what rounding leaves of it
    low, high = quantile(drawn, [tail, 1 - tail], axis=0)
    return Interval(np.asarray(value, dtype=float), np.minimum(low, value), np.maximum(high, value))


def interval_of(value: Floats, low: Floats, high: Floats, scalar: bool) -> Interval:
    """Round away what differs between machines; an interval holds its value."""
    value, low, high = (_ten_digits(x) for x in (value, np.minimum(low, value), np.maximum(high, value)))
    gap = np.isnan(low) | np.isnan(high) | np.isnan(value)
    parts = (value, np.where(gap, np.nan, low), np.where(gap, np.nan, high))
    return Interval(*((x[0] for x in parts) if scalar else parts))


def _ten_digits(x: Floats) -> Floats:
    """Round to ten significant digits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where((x == 0) | ~np.isfinite(x), 1.0, 10.0 ** (9 - np.floor(np.log10(np.abs(x)))))
    return np.round(x * size) / size
