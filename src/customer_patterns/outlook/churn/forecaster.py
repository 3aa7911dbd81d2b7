"""A forecast made from earlier cuts: which model, which curve, and the rules of thumb it has to beat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.churn.calibration import ISOTONIC, PLATT, calibrate
from customer_patterns.outlook.churn.judging import FEWEST
from customer_patterns.outlook.churn.models import Linear, Model, Trees, probability, usable

Floats = NDArray[np.float64]

#: The models, the simpler first: it is kept unless another one is surely better.
LINEAR, TREES = "logistic regression", "boosted trees"

#: What anybody can tell without a model.
RECENCY, SILENCE, HIATUS, RECENT = (
    "days since the last visit",
    "days since the last visit by own gap",
    "hiatus rule",
    "recent spend by own base",
)
BASELINES = (RECENCY, SILENCE, HIATUS, RECENT)

#: More rows than this teach a model of twenty features nothing more.
TRAINED_ON = 200_000


@dataclass(frozen=True)
class Forecaster:
    """A fitted forecast.

    Attributes
    ----------
    kind
        Which model was chosen.
    model
        The fitted model.
    how, curve
        Which kind of curve was chosen; it turns the model's log-odds into probabilities.
    baselines
        Probabilities by rule of thumb, from features.
    trained, calibrated
        The cuts it was fitted at.
    customers
        Rows that it was trained on.
    """

    kind: str
    model: Model
    how: str
    curve: Callable[[Floats], Floats]
    baselines: dict[str, Callable[[pd.DataFrame], Floats]]
    trained: tuple[date, ...]
    calibrated: date
    customers: int

    def values(self, features: pd.DataFrame) -> Floats:
        """The columns of the model as an array."""
        return features[list(self.model.columns)].to_numpy(dtype=float)

    def probabilities(self, features: pd.DataFrame) -> Floats:
        """The probability of the outcome for each row."""
        return self.curve(self.model.log_odds(self.values(features)))


def fit_forecaster(
    table: pd.DataFrame,
    outcome: NDArray[np.bool_],
    *,
    cuts: Sequence[date],
    columns: Sequence[str],
    kind: str | None = None,
    how: str | None = None,
    baselines: Sequence[str] = BASELINES,
    seed: int = 20170101,
) -> Forecaster:
    """Train on the earlier cuts, calibrate on the last, and never look at a later one.

    Parameters
    ----------
    table
        One row per cut and customer: ``cut`` and the features. Rows of cuts that are not named change nothing.
    outcome
        Whether it happened, one per row.
    cuts
        Ascending; the last is kept for the calibration, all before are trained on. Their horizons must not overlap.
    columns
        The features that may be used; those that are not known are left out.
    kind
        :data:`LINEAR` or :data:`TREES`. ``None``: trees if they foretell the last cut of the training better than the
        linear model by more than a standard error, both being trained on the cuts before it.
    how
        Of the calibration: ``"platt"`` or ``"isotonic"``. ``None``: steps if, fitted to the last cut of the training,
        they foretell the cut after it better than the logistic curve by more than a standard error.
    baselines
        The rules of thumb that are calibrated beside it.
    seed
        Of the rows that are drawn where there are more than :data:`TRAINED_ON`.

    Raises
    ------
    NotEnoughData
        Fewer than two cuts, fewer than ten customers of a kind at a cut, or no feature that differs between customers.
    """
    if len(cuts) < 2:
        raise NotEnoughData(f"needs two cuts with their horizons before the last one, has {len(cuts)}")
    *training, last = sorted(cuts)
    cut = table["cut"].to_numpy()
    for one in (*training, last):
        _enough(outcome[cut == one], one)
    names = usable(table[np.isin(cut, training)], columns)
    if not names:
        raise NotEnoughData("needs a feature that differs between customers, has none")
    rows = training_rows(table, training, seed=seed)
    early = _Early(table, outcome, training, names, seed)
    kind = kind or early.kind()
    how = how or early.how(kind, last)
    model = fit_model(kind, table.iloc[rows], outcome[rows], names, seed=seed)
    there = table[cut == last]
    curve = calibrate(model.log_odds(there[list(names)].to_numpy(dtype=float)), outcome[cut == last], how=how)
    rules = {name: _rule(name, table.iloc[rows], outcome[rows], there, outcome[cut == last]) for name in baselines}
    return Forecaster(kind, model, how, curve, rules, tuple(training), last, len(rows))


def training_rows(table: pd.DataFrame, cuts: Sequence[date], *, seed: int = 20170101) -> NDArray[np.int64]:
    """The rows of some cuts, at most :data:`TRAINED_ON` of them, drawn by chance."""
    rows = np.flatnonzero(np.isin(table["cut"].to_numpy(), cuts))
    if len(rows) <= TRAINED_ON:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, TRAINED_ON, replace=False))


def fit_model(
    kind: str, table: pd.DataFrame, outcome: NDArray[np.bool_], columns: Sequence[str], *, seed: int = 20170101
) -> Model:
    """Fit one of the two models."""
    return Linear(table, outcome, columns) if kind == LINEAR else Trees(table, outcome, columns, seed=seed)


class _Early:
    """Models trained without the last cut of the training, by which kinds of models and curves are chosen."""

    def __init__(
        self,
        table: pd.DataFrame,
        outcome: NDArray[np.bool_],
        training: Sequence[date],
        names: Sequence[str],
        seed: int,
    ) -> None:
        self._table, self._outcome, self._training, self._names, self._seed = table, outcome, training, names, seed
        self._models: dict[str, Model] = {}

    def kind(self) -> str:
        """The linear model, unless trees are better on a later cut by more than a standard error."""
        if len(self._training) < 2:
            return LINEAR
        late = self._training[-1]
        foretold = (probability(self._log_odds(kind, late)) for kind in (LINEAR, TREES))
        return TREES if self._surely_better(*foretold, late) else LINEAR

    def how(self, kind: str, last: date) -> str:
        """The logistic curve, unless steps are better on a cut that neither saw by more than a standard error."""
        if len(self._training) < 2:
            return PLATT
        late = self._training[-1]
        scores, outcome = self._log_odds(kind, late), self._outcome[self._at(late)]
        curves = (calibrate(scores, outcome, how=how) for how in (PLATT, ISOTONIC))
        return ISOTONIC if self._surely_better(*(c(self._log_odds(kind, last)) for c in curves), last) else PLATT

    def _at(self, cut: date) -> NDArray[np.int64]:
        return training_rows(self._table, [cut], seed=self._seed)

    def _log_odds(self, kind: str, cut: date) -> Floats:
        if kind not in self._models:
            rows = training_rows(self._table, self._training[:-1], seed=self._seed)
            train = self._table.iloc[rows], self._outcome[rows], self._names
            self._models[kind] = fit_model(kind, *train, seed=self._seed)
        return self._models[kind].log_odds(self._table.iloc[self._at(cut)][list(self._names)].to_numpy(dtype=float))

    def _surely_better(self, simple: Floats, other: Floats, cut: date) -> bool:
        happened = self._outcome[self._at(cut)]
        losses = []
        for foretold in (simple, other):
            p = np.clip(foretold, 1e-6, 1 - 1e-6)
            losses.append(-np.where(happened, np.log(p), np.log1p(-p)))
        saved = losses[0] - losses[1]
        return bool(saved.mean() > saved.std(ddof=1) / np.sqrt(len(saved)))


def _rule(
    name: str, train: pd.DataFrame, left: NDArray[np.bool_], there: pd.DataFrame, outcome: NDArray[np.bool_]
) -> Callable[[pd.DataFrame], Floats]:
    """A rule of thumb as a probability: its score, calibrated on the same customers as the model."""
    score = _score(name, train, left)
    curve = calibrate(score(there), outcome)
    return lambda features: curve(score(features))


def _score(name: str, train: pd.DataFrame, left: NDArray[np.bool_]) -> Callable[[pd.DataFrame], Floats]:
    if name == HIATUS:
        longest = hiatus(train["recency_days"].to_numpy(dtype=float), left)
        return lambda features: (features["recency_days"].to_numpy(dtype=float) > longest).astype(float)
    column, sign = {RECENCY: ("recency_days", 1), SILENCE: ("recency_by_gap", 1), RECENT: ("spend_trend", -1)}[name]
    typical = float(train[column].median())
    if sign < 0:
        return lambda features: -features[column].fillna(typical).to_numpy(dtype=float)
    return lambda features: np.log1p(features[column].fillna(typical).to_numpy(dtype=float))


def hiatus(recency_days: Floats, left: NDArray[np.bool_]) -> float:
    """The silence beyond which a customer counts as gone: the number of days that parts both kinds best.

    Parameters
    ----------
    recency_days
        Days since each customer's last order, at the cuts of the training.
    left
        Who then left.

    Notes
    -----
    Managers' rule of thumb, hard to beat: Wübben and Wangenheim 2008, Journal of Marketing 72, 82–93. They asked
    managers for the days; here they are those with the largest sum of sensitivity and specificity in the training.
    """
    days, place = np.unique(recency_days, return_inverse=True)
    gone, there = (
        1 - np.cumsum(np.bincount(place[left == kind], minlength=len(days))) / max((left == kind).sum(), 1)
        for kind in (True, False)
    )
    return float(days[np.argmax(gone - there)])


def _enough(outcome: NDArray[np.bool_], cut: date) -> None:
    happened = int(outcome.sum())
    if min(happened, len(outcome) - happened) < FEWEST:
        raise NotEnoughData(
            f"needs {FEWEST} customers of each kind at every cut, has {happened} to whom it happened "
            f"and {len(outcome) - happened} others after {cut:%d %b %Y}"
        )
