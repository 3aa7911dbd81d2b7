"""How strong a pattern has to be, so that tests like these find it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]


def detectable_lift(errors: Floats, *, false_discovery: float, power: float = 0.8) -> float:
    """Return how strong a set has to be, so that the test finds it with some power.

    Parameters
    ----------
    errors
        Standard errors of the logarithms of the tested sets' lifts; missing where there is none.
    false_discovery
        The share of false ones allowed.
    power
        The chance of finding it.

    Returns
    -------
    float
        The lift at which a set of the median error, were it the only true one, is found with that power. Missing where
        nothing was tested.
    """
    known = errors[np.isfinite(errors) & (errors > 0)]
    if not len(known):
        return np.nan
    family = len(errors)
    line = false_discovery / (family * (1 / np.arange(1, family + 1)).sum())
    return ten_digits(float(np.exp((ndtri(1 - line) + ndtri(power)) * np.median(known))))


def ten_digits(number: float) -> float:
    """Round away what differs between machines."""
    return float(f"{number:.10g}")
