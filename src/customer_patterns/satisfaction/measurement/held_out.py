"""Does what was learned from earlier waves hold for the last one?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import in_row
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.measurement.tables import EVEN, HELD_OUT, LEARNED
from customer_patterns.satisfaction.resampling import resampled, sums_of
from customer_patterns.satisfaction.sheets import Sheets

Floats = NDArray[np.float64]

#: With fewer sheets, before or in the last wave, nothing is said.
FEWEST_SHEETS = 100


def held_out_wave(sheets: Sheets, *, fewest: int = FEWEST_SHEETS) -> pd.DataFrame:
    """Predict contentment overall in the last wave from its dimensions, with weights from the waves before.

    Parameters
    ----------
    sheets
        What :func:`~customer_patterns.satisfaction.sheets.answer_sheets` returns.
    fewest
        So many sheets with an overall answer and all dimensions must there be, before the last wave and in it.

    Returns
    -------
    DataFrame
        One row per way to predict; columns as in ``HELD_OUT``: with each dimension's weight (least squares), and with
        one weight for the mean of all. The share explained is one less the squared error by that of the earlier mean;
        below zero the earlier mean would have done better. Intervals resample customers of the last wave, weights as
        they are. Without rows where there is one wave only, or too few sheets.

    Notes
    -----
    Waves are taken in the order of their last answers. Dawes (1979), American Psychologist 34, 571–582: equal weights
    are hard to beat; where they do as well, shares of importance say little.
    """
    points, overall = sheets.scores.to_numpy(dtype=float), sheets.rows["overall"].to_numpy(dtype=float)
    known = np.isfinite(overall) & np.isfinite(points).all(axis=1)
    wave = sheets.rows["wave"].astype("str")
    ends = sheets.rows["answered_on"].groupby(wave).max()
    if len(ends) < 2 or points.shape[1] < 1:
        return empty(HELD_OUT)
    last = str(sorted(ends.index, key=lambda name: (ends[name], name))[-1])
    before, after = known & (wave != last).to_numpy(), known & (wave == last).to_numpy()
    if min(before.sum(), after.sum()) < fewest:
        return empty(HELD_OUT)
    center = overall[before].mean()
    customers = sheets.rows["customer_id"].to_numpy()[after]
    ways = {LEARNED: points, EVEN: points.mean(axis=1, keepdims=True)}
    rows = []
    for name, columns in ways.items():
        left = overall[after] - _learned(columns[before], overall[before], columns[after])
        squares = np.column_stack([left**2, (overall[after] - center) ** 2])
        found, _ = resampled(sums_of(squares, customers), lambda sums: (1 - sums[:, 0] / sums[:, 1])[:, None])
        bounds = in_row("explained", found.part(0))
        rows.append({"prediction": name, "wave": last, "n": int(after.sum())} | bounds)
    return pd.DataFrame(rows, columns=HELD_OUT.names).astype({"prediction": "str", "wave": "str", "n": "Int64"})


def _learned(columns: Floats, outcome: Floats, new: Floats) -> Floats:
    """Predictions by least squares with a constant."""
    both = np.column_stack([np.ones(len(columns)), columns])
    return np.column_stack([np.ones(len(new)), new]) @ np.linalg.lstsq(both, outcome, rcond=None)[0]
