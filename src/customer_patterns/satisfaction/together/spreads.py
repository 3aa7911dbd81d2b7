"""Where the variance of what a source says lies: between customers, or between the records of one."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

#: So many second records show how much the records of one customer differ.
FEWEST_REPEATED = 20


class Spreads(NamedTuple):
    """Variances of a source's records in squared points.

    ``between`` customers; ``within`` the records of one customer. Without enough second records the two cannot be told
    apart: then ``repeated`` is false, all variance is between, and none within.
    """

    between: float
    within: float
    repeated: bool


def spreads(own: pd.DataFrame) -> Spreads:
    """Estimate both variances of one source.

    Parameters
    ----------
    own
        One row per customer: ``records``, ``mean``, ``squares``, as
        :func:`~customer_patterns.satisfaction.together.voices.voices` returns them for one source.

    Returns
    -------
    Spreads
        Moments of the one-way analysis of variance with unequal numbers of records (Searle, Casella and McCulloch 1992,
        Variance Components, section 3.6); none below zero.
    """
    n, mean = own["records"].to_numpy(dtype=float), own["mean"].to_numpy(dtype=float)
    more = n.sum() - len(n)
    if len(n) < 2:
        return Spreads(0.0, 0.0, False)
    if more < FEWEST_REPEATED:
        return Spreads(float(mean.var(ddof=1)), 0.0, False)
    within = float(own["squares"].sum() / more)
    center = n @ mean / n.sum()
    between = n @ (mean - center) ** 2 / (len(n) - 1)
    per_customer = (n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1)
    return Spreads(max(float((between - within) / per_customer), 0.0), within, True)
