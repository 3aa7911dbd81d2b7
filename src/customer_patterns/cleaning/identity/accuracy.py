"""How many joined pairs are right, and how many true pairs were found, where it is known whose each record is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from customer_patterns.estimates import Interval, wilson
from customer_patterns.estimates.bootstrap import bootstrap_ratio


@dataclass(frozen=True)
class Accuracy:
    """Precision and recall over pairs of records, each with its interval.

    Attributes
    ----------
    precision, recall
        Shares; intervals resample profiles (precision) and persons (recall), whose pairs are right or wrong together.
        Where all or nearly all pairs are right, bounds are Wilson's over profiles or persons.
    joined, true, right
        Pairs in one profile, pairs of one person, and pairs that are both.
    """

    precision: Interval
    recall: Interval
    joined: int
    true: int
    right: int


def accuracy(profiles: pd.DataFrame, truth: pd.DataFrame) -> Accuracy:
    """Hold profiles against the truth.

    Parameters
    ----------
    profiles
        One row per record: ``customer_id``, ``profile_id``.
    truth
        One row per record: ``record_id``, ``person``.

    Returns
    -------
    Accuracy
        NaN where there is no pair to be right or wrong about.

    Examples
    --------
    Records a1, a2 and a3 are one person's, b1 another's; a1 and a2 were joined, and a3 with b1.

    >>> found = accuracy(
    ...     pd.DataFrame({"customer_id": ["a1", "a2", "a3", "b1"], "profile_id": ["a1", "a1", "a3", "a3"]}),
    ...     pd.DataFrame({"record_id": ["a1", "a2", "a3", "b1"], "person": list("aaab")}),
    ... )
    >>> found.joined, found.true, found.right
    (2, 3, 1)
    """
    both = profiles.merge(truth[["record_id", "person"]], left_on="customer_id", right_on="record_id", validate="1:1")
    cells = both.groupby(["profile_id", "person"]).size().rename("records").reset_index()
    cells["right"] = _pairs(cells["records"])
    joined = _pairs(both.groupby("profile_id").size())
    true = _pairs(both.groupby("person").size())
    return Accuracy(
        precision=_share(cells.groupby("profile_id")["right"].sum().reindex(joined.index), joined),
        recall=_share(cells.groupby("person")["right"].sum().reindex(true.index), true),
        joined=int(joined.sum()),
        true=int(true.sum()),
        right=int(cells["right"].sum()),
    )


def _pairs(records: pd.Series) -> pd.Series:
    return records * (records - 1) // 2


def _share(right: pd.Series, of: pd.Series) -> Interval:
    some = (of > 0).to_numpy()
    right, of = right.to_numpy(dtype=float)[some], of.to_numpy(dtype=float)[some]
    if not len(of):
        return Interval(np.nan, np.nan, np.nan)
    value = right.sum() / of.sum()
    if value == 1.0 or len(of) < 2:
        low = float(wilson(len(of) if value == 1.0 else 0, len(of)).low)
        return Interval(value, low if value == 1.0 else np.nan, 1.0 if value == 1.0 else np.nan)
    found = Interval(*(float(bound) for bound in bootstrap_ratio(right, of, resamples=2_000)))
    if np.isfinite(found.low):
        return found
    by_wilson = wilson(value * len(of), len(of))  # so few are wrong that resamples without any of them abound
    return Interval(value, float(by_wilson.low), float(by_wilson.high))
