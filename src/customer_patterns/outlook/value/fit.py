"""Fitting lifetime models by maximum likelihood, and choosing between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.value.climb import (
    HIGHEST,
    LOWEST,
    MANY,
    Sloped,
    curvature,
    newton,
    one_thread,
    quasi_newton,
)
from customer_patterns.outlook.value.histories import Histories
from customer_patterns.outlook.value.likelihood import Likelihood, Model, mbg_cnbd
from customer_patterns.outlook.value.spans import DAYS, Unit

Floats = NDArray[np.float64]

#: A fit ends where no parameter would move by more than this part of itself.
_CLOSE = 1e-7

#: Fewer customers, or fewer with a repeat order, carry no four parameters.
FEWEST, FEWEST_REPEATING = 30, 10


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes
    ----------
    model
        The model.
    r, alpha, a, b
        Its parameters; ``alpha`` is a time in ``unit``, the others are pure numbers.
    unit
        The unit of time.
    log_likelihood
        At these parameters, with times in ``unit``.
    n
        Customers.
    """

    model: Model
    r: float
    alpha: float
    a: float
    b: float
    unit: Unit
    log_likelihood: float
    n: int

    @property
    def parameters(self) -> Floats:
        """r, alpha, a, b."""
        return np.array([self.r, self.alpha, self.a, self.b])

    @property
    def alpha_days(self) -> float:
        """``alpha`` in days, whatever the unit."""
        return self.alpha * DAYS[self.unit]

    @cached_property
    def bic(self) -> float:
        """Bayesian information criterion; the smaller the better."""
        return float(-2 * self.log_likelihood + self.model.parameters * np.log(self.n))


def fit_orders(rows: Histories, model: Model) -> Fit:
    """Fit a model to histories by maximum likelihood.

    Parameters
    ----------
    rows
        Histories; merged ones are faster, with the same result.
    model
        The model.

    Raises
    ------
    NotEnoughData
        Fewer than 30 customers, or fewer than 10 with a repeat order.

    Notes
    -----
    Time is counted in mean tenures while fitting, so that days, weeks and months lead to the same fit. Newton's method
    with the analytic gradient and its differences.
    """
    scaled, scale = _scaled(rows)
    rate = float(rows.customers @ rows.repeat_orders) / rows.customers.sum() * model.regularity
    likelihood = Likelihood(model, scaled)
    with one_thread(len(rows)):
        best = _maximum(likelihood, np.log([1.0, 1.0 / rate, 0.5, 3.0]).clip(LOWEST, HIGHEST))
    return _fit(likelihood, best, scale)


def refit(rows: Histories, fit: Fit, inverse: Floats) -> Fit:
    """Fit a model to a resample of the customers it was fitted to.

    Parameters
    ----------
    rows
        The resample: the same histories with other weights, in the unit of the fit.
    fit, inverse
        The fit to begin from, and what :func:`inverse_curvature` says of it.
    """
    scaled, scale = _scaled(rows)
    likelihood = Likelihood(fit.model, scaled)
    first = np.log(fit.parameters / np.array([1, scale, 1, 1])).clip(LOWEST, HIGHEST)
    return _fit(likelihood, quasi_newton(_falling(likelihood), first, inverse, close=1e-3), scale)


def inverse_curvature(rows: Histories, fit: Fit) -> Floats:
    """The inverse of the second derivatives of minus the mean log-likelihood in the logarithms of the parameters.

    Where the data do not pin a parameter down (nobody leaves, say), it is bounded.
    """
    scaled, scale = _scaled(rows)
    point = np.log(fit.parameters / np.array([1, scale, 1, 1]))
    bent, axes = np.linalg.eigh(curvature(_falling(Likelihood(fit.model, scaled)), point))
    return axes @ np.diag(1 / np.maximum(np.abs(bent), 1e-4)) @ axes.T


def _scaled(rows: Histories) -> tuple[Histories, float]:
    """Histories with times in mean tenures, and how long such a one is."""
    again = rows.customers[rows.repeat_orders > 0].sum()
    if rows.customers.sum() < FEWEST or again < FEWEST_REPEATING:
        raise NotEnoughData(
            f"needs {FEWEST} customers, {FEWEST_REPEATING} of them with a repeat order, "
            f"has {rows.customers.sum():.0f} and {again:.0f}"
        )
    scale = float(rows.customers @ rows.tenure / rows.customers.sum())
    log_gaps = rows.log_gaps - rows.customers * rows.repeat_orders * np.log(scale)
    return replace(rows, last=rows.last / scale, tenure=rows.tenure / scale, log_gaps=log_gaps), scale


def _fit(likelihood: Likelihood, point: Floats, scale: float) -> Fit:
    rows = likelihood.rows
    r, alpha, a, b = np.exp(point)
    # the likelihood is a density of times, once for each order
    value = likelihood.value(point) - float(rows.customers @ rows.repeat_orders) * np.log(scale)
    return Fit(likelihood.model, float(r), float(alpha * scale), float(a), float(b), rows.unit, float(value), rows.n)


def most_regular(rows: Histories, *, most: int) -> list[Fit]:
    """Fit MBG/CNBD-k for k = 1, 2 … until the likelihood falls twice in a row, or ``most`` is reached."""
    fits: list[Fit] = []
    for k in range(1, most + 1):
        fits.append(fit_orders(rows, mbg_cnbd(k)))
        if k > 2 and fits[-1].log_likelihood < fits[-2].log_likelihood < fits[-3].log_likelihood:
            break
    return fits


def _maximum(likelihood: Likelihood, first: Floats) -> Floats:
    """The logarithms of the parameters at which the likelihood is largest.

    Of many histories a part is fitted first; the whole then needs few steps from there, along the part's curvature.
    """
    function = _falling(likelihood)
    if len(likelihood.rows) > 2 * MANY:
        part = _falling(Likelihood(likelihood.model, _part(likelihood.rows)))
        first = newton(part, lambda point: curvature(part, point), first, close=1e-4)
        return quasi_newton(function, first, np.linalg.pinv(curvature(part, first)), close=_CLOSE)
    return newton(function, lambda point: curvature(function, point), first, close=_CLOSE)


def _falling(likelihood: Likelihood) -> Sloped:
    """What is minimized: minus the mean log-likelihood, with its gradient."""
    n = likelihood.rows.customers.sum()

    def falling(point: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood.value_and_gradient(point)
        return -value / n, -gradient / n

    return falling


def _part(rows: Histories) -> Histories:
    """A part of many histories, chosen by a seed; the same on any machine."""
    chosen = np.sort(np.random.default_rng(MANY).choice(len(rows), MANY, replace=False))
    return Histories(
        *(getattr(rows, name)[chosen] for name in ("repeat_orders", "last", "tenure", "customers", "log_gaps")),
        rows.unit,
    )
