"""From scores to probabilities: two curves, fitted on customers and days that no model was trained on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from customer_patterns.outlook.churn.models import fit_logistic, probability

Floats = NDArray[np.float64]

#: The two ways; a step function needs many customers before it is better than a curve of two numbers.
PLATT, ISOTONIC = "platt", "isotonic"


def calibrate(scores: Floats, outcome: NDArray[np.bool_], *, how: str = PLATT) -> Callable[[Floats], Floats]:
    """Fit a curve that turns scores into probabilities.

    Parameters
    ----------
    scores
        Any score that grows with the risk, e.g. log-odds: of customers at a cut after all those of the training.
    outcome
        Whether it happened.
    how
        ``"platt"``, a logistic curve (Platt 1999), or ``"isotonic"``, steps that never fall (Zadrozny and Elkan 2002);
        the second overfits below about a thousand customers (Niculescu-Mizil and Caruana 2005).

    Raises
    ------
    ValueError
        There is no such way.
    """
    if how == PLATT:
        intercept, slope = fit_logistic(scores[:, None], outcome)
        return lambda others: probability(intercept + slope * others)
    if how == ISOTONIC:
        from sklearn.isotonic import IsotonicRegression

        edge = 1 / (len(scores) + 2)  # nothing is impossible
        steps = IsotonicRegression(y_min=edge, y_max=1 - edge, out_of_bounds="clip").fit(scores, outcome)
        return lambda others: np.clip(steps.predict(others), edge, 1 - edge)
    raise ValueError(f"scores are calibrated by '{PLATT}' or '{ISOTONIC}', not '{how}'")
