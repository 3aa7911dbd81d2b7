"""From where on a value is unusual, so that of ordinary ones only a promised share is."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from customer_patterns.estimates import NotEnoughData

#: Values above this quantile are the tail; those above the second are only known to be there.
_FROM, _UNTOLD = 0.95, 0.995
#: So many values at least between the two.
FEWEST_IN_TAIL = 50


def threshold(values: ArrayLike, *, promised: float) -> float:
    """Find the value that a promised share of ordinary values exceeds, though some values may not be ordinary.

    Parameters
    ----------
    values
        One each, of ordinary ones and a few that are not, which are large.
    promised
        Share of ordinary values above the threshold; at most 1 − 0.995.

    Returns
    -------
    float
        From a generalized Pareto tail above the quantile of 0.95 (Pickands 1975, The Annals of Statistics 3, 119–131;
        Coles 2001, An Introduction to Statistical Modeling of Extreme Values, chapter 4), fitted by maximum likelihood.
        The largest half percent are counted, but how large they are is not told to the fit: unusual values are among
        them, and would push the threshold out of their own reach. Values that are not ordinary make the threshold
        larger, never smaller, so that the promise holds.

    Raises
    ------
    ValueError
        ``promised`` is not between 0 and 1 − 0.995.
    NotEnoughData
        Fewer than :data:`FEWEST_IN_TAIL` values are in the tail.

    Examples
    --------
    >>> ordinary = np.random.default_rng(1).exponential(1.0, 20_000)
    >>> bool(abs(threshold(ordinary, promised=0.001) - np.log(1000)) < 0.3)
    True
    """
    if not 0 < promised <= 1 - _UNTOLD:
        raise ValueError(f"what is promised lies between 0 and {1 - _UNTOLD:g}, not {promised:g}")
    x = np.asarray(values, dtype=float)
    start, end = _ends(x)
    inside = x[(x > start) & (x <= end)] - start
    beyond = int((x > end).sum())
    if not has_tail(x):
        raise NotEnoughData(f"a tail needs {FEWEST_IN_TAIL} values, these are {len(inside)}")
    scale, shape = _fit(inside, beyond, end - start)
    rarer = len(x) * promised / (len(inside) + beyond)
    return float(start + scale * _stretched(-np.log(rarer), shape))


def has_tail(values: ArrayLike) -> bool:
    """Whether values are enough for :func:`threshold`."""
    x = np.asarray(values, dtype=float)
    start, end = _ends(x)
    return int(((x > start) & (x <= end)).sum()) >= FEWEST_IN_TAIL


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    """Where the tail begins, and from where on values are only known to be there."""
    if not len(values):
        return 0.0, 0.0
    start, end = np.quantile(values, [_FROM, _UNTOLD])
    return float(start), float(end)


def _fit(inside: NDArray[np.float64], beyond: int, end: float) -> tuple[float, float]:
    """Scale and shape of a generalized Pareto distribution, of which values beyond an end are only counted."""
    unit = inside.mean()
    y, last = inside / unit, end / unit

    def loss(at: NDArray[np.float64]) -> float:
        scale, shape = np.exp(at[0]), at[1]
        if not -0.9 < shape < 2:
            return np.inf
        grown = 1 + shape * np.r_[y, last] / scale
        if grown.min() <= 1e-9:
            return np.inf
        log = np.log(grown) / shape if abs(shape) > 1e-9 else np.r_[y, last] / scale
        return float(len(y) * at[0] + (1 + shape) * log[:-1].sum() + beyond * log[-1])

    found = minimize(loss, np.array([0.0, 0.05]), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-6})
    return float(np.exp(found.x[0]) * unit), float(found.x[1])


def _stretched(log_rarity: float, shape: float) -> float:
    """How many scales beyond the start of the tail something so rare lies."""
    return float(np.expm1(shape * log_rarity) / shape) if abs(shape) > 1e-9 else float(log_rarity)
