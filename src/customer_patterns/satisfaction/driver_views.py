"""Three ways to ask what matters, side by side: where they agree, and where one should look again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_patterns.estimates import bounded
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.drivers import QUADRANTS
from customer_patterns.satisfaction.tables.drivers import (
    DRIVER_VIEWS,
    FIRST,
    KEEP,
    MATTERS_LESS,
    MATTERS_MORE,
    MATTERS_UNSURE,
    MINOR,
    NO_EFFECT,
    NOT_SURE,
    THEY_DIFFER,
)

#: From this share of resamples on a part of the map is taken for sure.
SURE = 0.8


def driver_views(drivers: pd.DataFrame, penalties: pd.DataFrame) -> pd.DataFrame:
    """Hold what each dimension accounts for beside its penalty and its place on the map.

    Parameters
    ----------
    drivers
        What :func:`~customer_patterns.satisfaction.drivers.drivers` returns.
    penalties
        What :func:`~customer_patterns.satisfaction.asymmetry.penalties_and_rewards` returns.

    Returns
    -------
    DataFrame
        One row per dimension, the most important first; columns as in ``DRIVER_VIEWS``. Without rows where one of the
        three has none.

    Notes
    -----
    By its share a dimension matters more than its part where its interval lies above one by the number of dimensions.
    By its slopes it matters where doing badly costs, or doing well brings, beyond chance. By the map it matters where
    it lies in the upper half in four of five resamples. What to do is said only where all three say the same; where one
    of them is unsure, so is the verdict. The three rest on the same answers: agreement is not three witnesses.
    """
    if drivers.empty or penalties.empty:
        return empty(DRIVER_VIEWS)
    table = drivers.merge(penalties[["dimension", *bounded("penalty"), "kind"]], on="dimension")
    part = 1 / len(drivers)
    share = np.where(
        table["importance_low"] > part,
        MATTERS_MORE,
        np.where(table["importance_high"] < part, MATTERS_LESS, MATTERS_UNSURE),
    )
    slope = np.where(table["kind"] == NO_EFFECT, MATTERS_LESS, MATTERS_MORE)
    important = {name: matters for name, matters, _ in QUADRANTS}
    well = {name: good for name, _, good in QUADRANTS}
    sure = (table["quadrant_probability"] >= SURE).to_numpy()
    matters = table["quadrant"].map(important).to_numpy(dtype=bool)
    place = np.where(sure, np.where(matters, MATTERS_MORE, MATTERS_LESS), MATTERS_UNSURE)
    views = np.column_stack([share, slope, place])
    same = (views == views[:, :1]).all(axis=1)
    unsure = (views == MATTERS_UNSURE).any(axis=1)
    good = table["quadrant"].map(well).to_numpy(dtype=bool)
    agreed = np.where(views[:, 0] == MATTERS_LESS, MINOR, np.where(good, KEEP, FIRST))
    verdict = np.where(same & ~unsure, agreed, np.where(unsure, NOT_SURE, THEY_DIFFER))
    words = {"by_share": share, "by_slope": slope, "by_map": place, "verdict": verdict}
    table = table.assign(**{name: pd.Series(values, dtype="str") for name, values in words.items()})
    return table[DRIVER_VIEWS.names]
