"""Intervals as arrays, from formulas; how they travel in tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from customer_patterns.estimates.figure import Estimate, NotEnoughData

#: Standard errors from a figure to either bound of its normal interval at 95 %.
Z95 = float(ndtri(0.975))
#: What stands behind the name of a figure: nothing, and for the bounds of its interval.
ENDS = ("", "_low", "_high")


class Interval(NamedTuple):
    """One figure or an array of them, with the bounds of their intervals; NaN where the data do not suffice."""

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @classmethod
    def missing(cls, figures: int = 1) -> Interval:
        """What stands where there is not enough data: so many figures, all NaN."""
        return cls(*np.full((3, figures), np.nan))

    def part(self, of: Any) -> Interval:
        """Some of the figures: those at an index, in a slice or of a mask."""
        return Interval(*(part[of] for part in self))


def normal(value: ArrayLike, error: ArrayLike) -> Interval:
    """Figures with their normal intervals at 95 %, by their standard errors.

    >>> [round(float(part), 2) for part in normal(10.0, 1.0)]
    [10.0, 8.04, 11.96]
    """
    value, reach = np.asarray(value, dtype=float), Z95 * np.asarray(error, dtype=float)
    return Interval(value, value - reach, value + reach)


def wilson(successes: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> Interval:
    """Share of independent customers with its Wilson score interval.

    For customers counted once each; where one customer has several rows, use
    :func:`~customer_patterns.estimates.bootstrap.bootstrap_ratio` instead.

    Parameters
    ----------
    successes, n
        How many of how many; arrays of one shape, or scalars. ``0 <= successes <= n``.
    level
        Confidence level.

    Returns
    -------
    Interval
        Shares from 0 to 1; NaN where ``n`` is 0.

    Raises
    ------
    ValueError
        More successes than customers, or fewer than none.

    Notes
    -----
    Wilson (1927), J. Am. Stat. Assoc. 22, 209–212; recommended by Brown, Cai and DasGupta (2001), Statistical
    Science 16, 101–133. Unlike the Wald interval it is sound near 0 and 1 and for small ``n``.

    Examples
    --------
    >>> share = wilson(0, 10)
    >>> round(float(share.low), 4), round(float(share.high), 4)
    (0.0, 0.2775)
    """
    k, total = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    if ((k < 0) | (k > total)).any():
        raise ValueError("a share counts from 0 to n customers")
    z2 = float(ndtri(0.5 + level / 2)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        share = k / total
        center = (k + z2 / 2) / (total + z2)
        half = np.sqrt(z2 * (share * (1 - share) * total + z2 / 4)) / (total + z2)
    # Rounding must not push a bound past the share that it holds, nor past 0 or 1.
    low = np.where(k == 0, 0.0, np.minimum(np.clip(center - half, 0, 1), share))
    high = np.where(k == total, 1.0, np.maximum(np.clip(center + half, 0, 1), share))
    known = total > 0
    return Interval(share, np.where(known, low, np.nan), np.where(known, high, np.nan))


def with_interval(frame: pd.DataFrame, measure: str, interval: Interval) -> pd.DataFrame:
    """Return the frame with columns ``measure``, ``measure_low``, ``measure_high``, one figure a row."""
    return frame.assign(
        **{
            measure: np.asarray(interval.value, dtype=float),
            f"{measure}_low": np.asarray(interval.low, dtype=float),
            f"{measure}_high": np.asarray(interval.high, dtype=float),
        }
    )


def bounded(*measures: str) -> list[str]:
    """Name the columns of figures and of their bounds, as :func:`with_interval` writes them.

    >>> bounded("share", "spend")
    ['share', 'share_low', 'share_high', 'spend', 'spend_low', 'spend_high']
    """
    return [f"{measure}{end}" for measure in measures for end in ENDS]


def renamed(old: str, new: str) -> dict[str, str]:
    """Give a figure and its bounds another name: new names by old ones.

    >>> renamed("lift", "order_lift")
    {'lift': 'order_lift', 'lift_low': 'order_lift_low', 'lift_high': 'order_lift_high'}
    """
    return dict(zip(bounded(old), bounded(new), strict=True))


def in_row(measure: str, interval: Iterable[ArrayLike], *, digits: int | None = None) -> dict[str, float]:
    """One figure and its bounds as the columns of a row, where a table is made row by row.

    Parameters
    ----------
    measure
        The figure's column.
    interval
        The figure, its lower and its upper bound.
    digits
        Decimals to round to; none if not given.
    """
    values = [float(part) if digits is None else round(float(part), digits) for part in interval]
    return dict(zip(bounded(measure), values, strict=True))


def estimate_from_row(
    row: Mapping[str, Any] | pd.Series | pd.DataFrame,
    measure: str,
    *,
    of: str,
    unit: str,
    n: str = "n",
    level: float = 0.95,
    method: str = "",
) -> Estimate:
    """Take one figure with its interval out of a row of a table.

    Parameters
    ----------
    row
        A row with ``measure``, ``measure_low``, ``measure_high`` and a count; or a frame of exactly one row.
    measure
        The figure's column.
    of, unit, level, method
        As in :class:`~customer_patterns.estimates.figure.Estimate`.
    n
        The column that counts what the figure rests on.

    Raises
    ------
    NotEnoughData
        The figure or its interval is missing: it was suppressed, or its customers were too few or all alike.
    KeyError
        The row lacks one of the columns.
    ValueError
        A frame has no row, or more than one.
    """
    if isinstance(row, pd.DataFrame):
        if len(row) != 1:
            raise ValueError(f"wanted the one row with {measure}, got {len(row)}")
        row = row.iloc[0]
    value, low, high = (row[name] for name in (measure, f"{measure}_low", f"{measure}_high"))
    if any(pd.isna(x) for x in (value, low, high)):
        count = "too few" if pd.isna(row[n]) else f"{int(row[n]):,}"
        raise NotEnoughData(f"{measure} has no interval here: {count} {of}")
    return Estimate(float(value), float(low), float(high), n=int(row[n]), of=of, unit=unit, level=level, method=method)
