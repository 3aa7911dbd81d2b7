"""Two models of who leaves, a linear one and trees, that both say how much each feature adds to a risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Features that are skewed to the right: the linear model takes their logarithms.
_SKEWED = (
    "shopping_days",
    "recency_days",
    "own_gap_days",
    "recency_by_gap",
    "days_per_week",
    "spend_per_week",
    "basket_value",
    "departments",
    "contacts",
)
#: Beyond these shares of the training customers a value counts as the one there.
_EXTREMES = (0.005, 0.995)
#: Weight of the ridge penalty, in standard deviations of the features.
_PENALTY = 1.0
_STEPS, _CLOSE = 50, 1e-10


class Model(Protocol):
    """A fitted model: log-odds of an outcome from features, and a typical customer to compare with."""

    columns: tuple[str, ...]
    typical: Floats

    def log_odds(self, values: Floats) -> Floats:
        """Log-odds of each row; ``values`` has the columns of ``columns``."""
        ...


def usable(features: pd.DataFrame, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of which something is known and that differ between customers."""
    return tuple(name for name in columns if features[name].min() < features[name].max())


class Linear:
    """Logistic regression with a ridge penalty, fitted by Newton's method.

    Parameters
    ----------
    features
        One row per customer (and cut); missing values count as the median, extreme ones as less extreme.
    outcome
        Whether it happened.
    columns
        The features that are used.
    """

    def __init__(self, features: pd.DataFrame, outcome: NDArray[np.bool_], columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self._skewed = np.array([name in _SKEWED for name in self.columns])
        raw = self._bent(features[list(self.columns)].to_numpy(dtype=float))
        self._low, self._high = np.nanquantile(raw, _EXTREMES, axis=0)
        self._median = np.nanmedian(raw, axis=0)
        filled = self._filled(raw)
        self._center, spread = filled.mean(axis=0), filled.std(axis=0)
        self._spread = np.where(spread > 0, spread, 1.0)
        self.coefficients = fit_logistic(self._scaled(raw), outcome, penalty=_PENALTY)
        self.typical = np.nanmedian(features[list(self.columns)].to_numpy(dtype=float), axis=0)

    def log_odds(self, values: Floats) -> Floats:
        """Log-odds of each row."""
        return self._scaled(self._bent(values)) @ self.coefficients[1:] + self.coefficients[0]

    def _bent(self, values: Floats) -> Floats:
        return np.where(self._skewed, np.log1p(np.maximum(values, 0)), values)

    def _filled(self, bent: Floats) -> Floats:
        return np.clip(np.where(np.isnan(bent), self._median, bent), self._low, self._high)

    def _scaled(self, bent: Floats) -> Floats:
        return (self._filled(bent) - self._center) / self._spread


class Trees:
    """Boosted trees of moderate depth; what is missing goes its own way.

    Parameters as of :class:`Linear`; ``seed`` is of nothing else than ties.
    """

    def __init__(
        self, features: pd.DataFrame, outcome: NDArray[np.bool_], columns: Sequence[str], *, seed: int = 0
    ) -> None:
        from sklearn.ensemble import HistGradientBoostingClassifier
        from threadpoolctl import threadpool_limits

        self.columns = tuple(columns)
        values = features[list(self.columns)].to_numpy(dtype=float)
        self._trees = HistGradientBoostingClassifier(
            learning_rate=0.05,
            max_iter=100,
            max_leaf_nodes=12,
            min_samples_leaf=40,
            l2_regularization=5.0,
            early_stopping=False,
            random_state=seed,
        )
        with threadpool_limits(1):  # sums of several threads differ in their last digits
            self._trees.fit(values, outcome)
        self.typical = np.nanmedian(values, axis=0)

    def log_odds(self, values: Floats) -> Floats:
        """Log-odds of each row."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            return self._trees.decision_function(values)


def fit_logistic(values: Floats, outcome: NDArray[np.bool_], *, penalty: float = 0.0) -> Floats:
    """Fit a logistic regression; the first coefficient is the intercept, which is not penalized.

    Parameters
    ----------
    values
        One row per customer, one column per feature.
    penalty
        Half of it times the squared coefficients is added to the negative log-likelihood.
    """
    x = np.column_stack([np.ones(len(values)), values])
    y = np.asarray(outcome, dtype=float)
    ridge = np.full(x.shape[1], max(penalty, 1e-9))
    ridge[0] = 1e-9
    b = np.zeros(x.shape[1])
    share = np.clip(y.mean(), 1e-6, 1 - 1e-6)
    b[0] = np.log(share / (1 - share))
    for _ in range(_STEPS):
        p = probability(x @ b)
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + np.diag(ridge), x.T @ (y - p) - ridge * b)
        # Far from the optimum a whole step may overshoot.
        b = b + step * min(1.0, 4.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < _CLOSE:
            break
    return b


def probability(log_odds: Floats) -> Floats:
    """Turn log-odds into probabilities."""
    return 1 / (1 + np.exp(-np.clip(log_odds, -35, 35)))


def log_odds_of(probabilities: Floats) -> Floats:
    """Turn probabilities into log-odds."""
    p = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.log(p) - np.log1p(-p)
