"""What is ordinary for each customer: a middle and a scatter that no single order can move far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: From the median absolute deviation to the standard deviation of normal values, and the variance of a median.
_TO_DEVIATION, _OF_MEDIAN = 1.4826, np.pi / 2
#: Within so many deviations lie nine tenths of normal values.
_NINE_TENTHS = 1.645
#: Customers with so many orders say how customers differ; the scatter of all counts as so many orders of each.
_TELLING, _PRIOR_ORDERS = 10, 10.0


class Ordinary(NamedTuple):
    """Per customer: the middle of the values, and how far the next ordinary one may lie from it."""

    middle: Floats
    reach: Floats


def ordinary(who: Ints, values: Floats, customers: int) -> Ordinary:
    """Find what is ordinary for each customer, drawn toward all customers where values are few.

    Parameters
    ----------
    who, values
        One entry per value: whose it is (from 0), and what it is.
    customers
        How many customers there are.

    Returns
    -------
    Ordinary
        Medians, drawn toward the median customer by as much as chance moves a median of so few values. Median absolute
        deviations (Rousseeuw and Croux 1993, J. Am. Stat. Assoc. 88, 1273–1283), or what nine tenths of the deviations
        keep to where that is wider, drawn likewise, with what is not known of the middle added. A customer without
        values is the median customer.
    """
    n = np.bincount(who, minlength=customers)
    own = _medians(who, values, n)
    off = np.abs(values - own[who])
    # Where more than half of the values are the same, the rarer ones say how far others lie.
    scatter = np.fmax(_TO_DEVIATION * _medians(who, off, n), _nine_tenths(who, off, n) / _NINE_TENTHS)
    telling = n >= _TELLING if (n >= _TELLING).sum() >= 2 else n > 0
    center = float(np.median(own[telling]))
    differ = float(_TO_DEVIATION * np.median(np.abs(own[telling] - center)))
    typical = float(np.median(scatter[telling]))
    # Where nearly all values are alike, what is left is a thousandth, so that nothing is divided by nothing.
    typical = max(typical, 1e-3)
    error = _OF_MEDIAN * typical**2 / np.maximum(n, 1)
    weight = np.where(n > 0, differ**2 / (differ**2 + error), 0.0)
    middle = center + weight * (np.where(n > 0, own, center) - center)
    variance = (n * np.where(n > 0, scatter, 0.0) ** 2 + _PRIOR_ORDERS * typical**2) / (n + _PRIOR_ORDERS)
    return Ordinary(middle, np.sqrt(variance + (1 - weight) * differ**2))


def _nine_tenths(who: Ints, values: Floats, n: Ints) -> Floats:
    """What nine tenths of each customer's values do not exceed, or all but one of a few; NaN with fewer than two."""
    order = np.lexsort((values, who))
    found = np.full(len(n), np.nan)
    there = n > 1
    at = np.minimum((0.9 * (n[there] - 1)).astype(np.int64), n[there] - 2)
    found[there] = values[order][(np.cumsum(n) - n)[there] + at]
    return found


def _medians(who: Ints, values: Floats, n: Ints) -> Floats:
    """The median of each customer's values; NaN without any."""
    order = np.lexsort((values, who))
    sorted_values = values[order]
    start = np.cumsum(n) - n
    there = n > 0
    medians = np.full(len(n), np.nan)
    low, high = start[there] + (n[there] - 1) // 2, start[there] + n[there] // 2
    medians[there] = (sorted_values[low] + sorted_values[high]) / 2
    return medians
