"""What later months make of a lift: whether it is there again, and how large it will be the next time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from customer_patterns.estimates import bounded, pool_means
from customer_patterns.patterns import tables

Floats = NDArray[np.float64]


def later_verdicts(lift: Floats, error: Floats, later: pd.DataFrame, *, level: float = 0.95) -> list[str]:
    """Say what later baskets make of a lift.

    Two questions: is the later lift above 1, beyond its error, and is it below the earlier one, beyond the errors of
    both? ``"confirmed"``: above 1 and not below. ``"weaker"``: above 1, but below. ``"not found again"``: not above 1,
    and below. ``"not enough data"``: neither can be said. (Errors are taken as independent; customers who keep their
    habits make the two more alike than that, so that "weaker" is said too rarely rather than too often.)

    Parameters
    ----------
    lift, error
        The earlier lift, and the standard error of its logarithm.
    later
        The later ones: ``lift``, ``lift_low``, ``log_lift_error``.
    level
        Confidence level.
    """
    verdicts = []
    reach = float(ndtri(0.5 + level / 2))
    for before, spread, (_, row) in zip(lift, error, later.iterrows(), strict=True):
        if not np.isfinite([before, row["lift"], row["lift_low"]]).all() or row["lift"] <= 0:
            verdicts.append(tables.NOT_ENOUGH)
            continue
        above = row["lift_low"] > 1
        below = np.log(before / row["lift"]) > reach * np.hypot(spread, row["log_lift_error"])
        kept, gone = (tables.WEAKER, tables.NOT_FOUND) if below else (tables.CONFIRMED, tables.NOT_ENOUGH)
        verdicts.append(kept if above else gone)
    return verdicts


def lifts_to_expect(lift: Floats, error: Floats, *, level: float = 0.95) -> pd.DataFrame:
    """Draw later lifts together, as far as their errors demand: what to expect of each the next time.

    Of many lifts the largest are partly large by luck, the later ones too. Each is therefore drawn towards the mean of
    all, the more the less is known of it: their logarithms are pooled
    (:func:`~customer_patterns.estimates.pooling.pool_means`), which knows that how far the true ones differ, and what
    their mean is, is not known for sure either.

    Parameters
    ----------
    lift, error
        The later lifts, and the standard errors of their logarithms; missing where there is none.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        One row per lift: ``lift``, ``lift_low``, ``lift_high``; missing where it was. Of fewer than three nothing can
        be learned of how far the true ones differ: they stay as they are.

    Examples
    --------
    Three lifts that are known equally well: hardly more than their errors sets them apart.

    >>> lifts_to_expect(np.array([1.5, 2.0, 3.0]), np.array([0.25, 0.25, 0.25])).lift.round(2).tolist()
    [1.65, 2.02, 2.69]
    """
    known = np.isfinite(lift) & (lift > 0) & np.isfinite(error) & (error > 0)
    found = np.full((len(lift), 3), np.nan)
    if known.any():
        found[known] = np.exp(np.column_stack(pool_means(np.log(lift[known]), error[known], level=level).interval))
    return pd.DataFrame(found, columns=bounded("lift"))
