"""Two lifts of different customers held against each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from customer_patterns.features import SMALLEST_CELL

Floats = NDArray[np.float64]


def hold_apart(one: pd.DataFrame, other: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Compare the lifts of the same patterns among two sets of customers who share nobody.

    Parameters
    ----------
    one, other
        One row per pattern, in the same order: ``lift``, ``log_lift_error``, ``n``.
    level
        Confidence level of the intervals.

    Returns
    -------
    DataFrame
        One row per pattern: ``ratio``, ``ratio_low``, ``ratio_high``, ``p_apart`` (two-sided: the lifts are the same);
        missing, and p 1, where either rests on too few customers. Logarithms of lifts are about normal, and their
        errors are independent since nobody is in both.
    """
    lifts = [frame["lift"].to_numpy(dtype=float) for frame in (one, other)]
    errors = [frame["log_lift_error"].to_numpy(dtype=float) for frame in (one, other)]
    enough = (one["n"].to_numpy() >= SMALLEST_CELL) & (other["n"].to_numpy() >= SMALLEST_CELL)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = np.log(lifts[0]) - np.log(lifts[1])
        error = np.hypot(*errors)
        z = difference / error
    known = enough & np.isfinite(z) & (error > 0)
    reach = float(ndtri(0.5 + level / 2)) * error
    columns = {"ratio": difference, "ratio_low": difference - reach, "ratio_high": difference + reach}
    table = pd.DataFrame({name: np.where(known, np.exp(values), np.nan) for name, values in columns.items()})
    return table.assign(p_apart=np.where(known, 2 * ndtr(-np.abs(z)), 1.0))
