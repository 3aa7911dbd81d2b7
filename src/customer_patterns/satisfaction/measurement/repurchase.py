"""Would what was learned from earlier answers have told who buys again after the last wave?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import in_row, percentiles
from customer_patterns.estimates.resampling import draw_weights
from customer_patterns.features.cells import SMALLEST_CELL
from customer_patterns.features.enough import empty
from customer_patterns.satisfaction.measurement.tables import (
    ADDS,
    ADDS_NOTHING,
    ANSWERS_TOO,
    MISLEADS,
    PURCHASES,
    REPURCHASE,
)
from customer_patterns.satisfaction.sheets import Sheets

Floats = NDArray[np.float64]

_PAST, _SAID = ("spend_before", "orders_before", "days_since_order"), ("overall", "mean_score")
#: How strongly coefficients are held near zero, in answers: enough that perfect separation has a solution.
_RIDGE = 1.0


def held_out_repurchase(after: pd.DataFrame, sheets: Sheets, *, fewest: int = 100) -> pd.DataFrame:
    """Foretell who buys again after the last wave, from purchases before it alone and with the answers besides.

    Parameters
    ----------
    after
        What :func:`~customer_patterns.satisfaction.behavior_link.after_answers` returns: one row per answer sheet whose
        days after have all been seen. Whoever spent anything in these days has bought again.
    sheets
        What was answered: waves are taken in the order of their last answers.
    fewest
        So many answers must there be, before the last wave and in it; and of those who bought again, as of the others,
        ten customers in either.

    Returns
    -------
    DataFrame
        One row per way to foretell; columns as in ``REPURCHASE``. A logistic regression learns from earlier waves; the
        area under the ROC curve says how often, of one customer of the last wave who bought again and one who did not,
        it ranks the former higher (0.5: by chance). ``added`` is what the answers add to it. Intervals resample
        customers of the last wave, coefficients as they are. Without rows where one wave is seen only, too little was
        answered, or (nearly) all customers did alike.

    Notes
    -----
    Predictive validity of a satisfaction measure, out of sample and beyond behavior: Bolton (1998), Marketing Science
    17, 45–65. The area under the curve: Hanley and McNeil (1982), Radiology 143, 29–36.
    """
    rows = after.dropna(subset=[*_SAID]).reset_index(drop=True)
    wave = rows["wave"].astype("str")
    ends = sheets.rows["answered_on"].groupby(sheets.rows["wave"].astype("str")).max()
    waves = sorted(wave.unique(), key=lambda name: (ends[name], name))
    if len(waves) < 2:
        return empty(REPURCHASE)
    again, last = (rows["spend_after"] > 0).to_numpy(), (wave == waves[-1]).to_numpy()
    for part in (last, ~last):
        others = [rows.loc[part & side, "customer_id"].nunique() for side in (again, ~again)]
        if part.sum() < fewest or min(others) < SMALLEST_CELL:
            return empty(REPURCHASE)
    past = np.log1p(rows[list(_PAST)].to_numpy(dtype=float))
    ways = {PURCHASES: past, ANSWERS_TOO: np.column_stack([past, rows[list(_SAID)].to_numpy(dtype=float)])}
    risks = np.column_stack([_learned(columns[~last], again[~last], columns[last]) for columns in ways.values()])
    risks = np.round(risks, 9)
    order = np.lexsort((*risks.T, again[last]))  # neither the order of rows nor names of customers move an interval
    risks, bought = risks[order], again[last][order]
    value = _areas(risks, bought, np.ones((1, len(bought))))
    drawn = np.vstack([_areas(risks, bought, weights) for _, weights in draw_weights(len(bought))])
    found = percentiles(value[0], drawn)
    more = percentiles(value[0, 1] - value[0, 0], drawn[:, 1] - drawn[:, 0])
    about = {"wave": waves[-1], "n": len(bought), "stayed_away": int((~bought).sum())}
    none = dict.fromkeys(("added", "added_low", "added_high", "verdict"))
    verdict = ADDS if more.low > 0 else MISLEADS if more.high < 0 else ADDS_NOTHING
    told = (none, in_row("added", more) | {"verdict": verdict})
    table = pd.DataFrame(
        [{"prediction": name} | about | in_row("auc", found.part(i)) | told[i] for i, name in enumerate(ways)],
        columns=REPURCHASE.names,
    )
    return table.astype({"prediction": "str", "wave": "str", "n": "Int64", "stayed_away": "Int64"})


def _learned(columns: Floats, outcome: NDArray[np.bool_], new: Floats) -> Floats:
    """Log odds by logistic regression on standardized columns."""
    from sklearn.linear_model import LogisticRegression

    center, spread = columns.mean(axis=0), columns.std(axis=0)
    varies = spread > 1e-9
    scaled, asked = ((part[:, varies] - center[varies]) / spread[varies] for part in (columns, new))
    if not varies.any():
        return np.zeros(len(new))
    model = LogisticRegression(C=1 / _RIDGE, tol=1e-10, max_iter=1000).fit(scaled, outcome)
    return model.decision_function(asked)


def _areas(risks: Floats, bought: NDArray[np.bool_], weights: Floats) -> Floats:
    """Areas under the ROC curve: one row per row of weights, one column per column of risks; ties count half."""
    found = np.empty((len(weights), risks.shape[1]))
    for column in range(risks.shape[1]):
        order = np.argsort(risks[:, column], kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(risks[order, column]) > 0])
        positive, negative = (np.add.reduceat((weights * side)[:, order], starts, axis=1) for side in (bought, ~bought))
        below = np.cumsum(negative, axis=1) - negative
        pairs = positive.sum(axis=1) * negative.sum(axis=1)
        with np.errstate(invalid="ignore"):
            found[:, column] = (positive * (below + negative / 2)).sum(axis=1) / np.where(pairs > 0, pairs, np.nan)
    return found
