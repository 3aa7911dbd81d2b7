"""What a fitted model expects of each customer: still there, and how many orders until the horizon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from customer_patterns.outlook.value.climb import one_thread
from customer_patterns.outlook.value.fit import Fit
from customer_patterns.outlook.value.histories import Histories
from customer_patterns.outlook.value.spans import Span

Floats = NDArray[np.float64]

#: Points at which the chance of dropping out is looked at: exact to nine digits, or to three.
EXACT, ROUGH = 32, 8
#: So many numbers at once at most: they fit into the processor's own memory.
_AT_ONCE = 200_000


@dataclass(frozen=True)
class Expected:
    """What is expected of customers, one element per history.

    Attributes
    ----------
    alive
        Chance of being still there, 0 to 1.
    orders_if_alive
        Expected orders until the horizon of one who is still there.
    """

    alive: Floats
    orders_if_alive: Floats

    @property
    def orders(self) -> Floats:
        """Expected orders until the horizon."""
        return self.alive * self.orders_if_alive


def expect_orders(fit: Fit, rows: Histories, horizon: Span, *, points: int = EXACT) -> Expected:
    """Expect orders of each customer within a horizon.

    Parameters
    ----------
    fit
        A fitted model.
    rows
        Histories, in the unit of the fit.
    horizon
        How far; of any unit.
    points
        At how many the chance of dropping out is looked at; :data:`ROUGH` is a sixth of the work.

    Returns
    -------
    Expected
        One element per history.

    Raises
    ------
    ValueError
        The histories are in another unit than the fit.

    Notes
    -----
    Given the rate, the phase that the customer is in between two orders, and the chance p to drop out after an order,
    the orders until the horizon are min(G, ⌊(N + phase)/k⌋) with G geometric and N Poisson. Their mean is taken over
    p by Gauss's quadrature for the beta distribution, over everything else exactly: no approximation for k > 1 is
    needed, as it is in Platzer and Reutterer (2016), and no hypergeometric function, which BG/NBD has a pole of at
    a = 1. For k = 1 this is formula 10 of Fader, Hardie and Lee (2005).
    """
    if rows.unit != fit.unit:
        raise ValueError(f"the model is fitted in {fit.unit}, the histories are in {rows.unit}")
    log_gone, log_there = log_odds(fit, rows)
    alive = 1 / (1 + np.exp(log_gone - log_there))
    orders = np.empty(len(rows))
    k, ahead = fit.model.regularity, horizon.to(fit.unit)
    distinct, of = np.unique(rows.repeat_orders, return_inverse=True)
    survived = distinct + fit.model.may_leave_at_once
    chances, weights = beta_points(fit.a, fit.b + survived, points)
    for part in _blocks(len(rows), points * k * k):
        at = of[part]
        s, end = fit.r + k * rows.repeat_orders[part], fit.alpha + rows.tenure[part]
        p, quiet = chances[at], (rows.tenure - rows.last)[part] / end
        share = phase_shares(s, quiet, k)
        until = sum(
            (share[:, j, None] * _counted(p, (s + j)[:, None], (ahead / end)[:, None], j, k) for j in range(k)),
            np.zeros_like(p),
        )
        orders[part] = (weights[at] * until).sum(axis=1)
    return Expected(alive, np.maximum(orders, 0.0))


def log_odds(fit: Fit, rows: Histories) -> tuple[Floats, Floats]:
    """The logarithms of S₁ and S₂ (see :class:`~customer_patterns.outlook.value.likelihood.Likelihood`)."""
    k, d = fit.model.regularity, float(fit.model.may_leave_at_once)
    x, s = rows.repeat_orders, fit.r + k * rows.repeat_orders
    end = fit.alpha + rows.tenure
    possible = (x > 0) | fit.model.may_leave_at_once
    gone = np.log(fit.a) - np.log(fit.b + np.where(possible, x + d - 1, 0)) + s * np.log(end / (fit.alpha + rows.last))
    total, term = np.ones(len(rows)), np.ones(len(rows))
    for j in range(1, k):
        term = term * (s + j - 1) * (rows.tenure - rows.last) / end / j
        total = total + term
    return np.where(possible, gone, -np.inf), np.log(total)


def phase_shares(s: Floats, quiet: Floats, k: int) -> Floats:
    """How likely a customer who is there is in each of the k phases between two orders: rows sum to 1."""
    terms = [np.ones_like(s)]
    for j in range(1, k):
        terms.append(terms[-1] * (s + j - 1) * quiet / j)
    table = np.stack(terms, axis=1)
    return table / table.sum(axis=1, keepdims=True)


def beta_points(a: float, b: Floats, many: int = EXACT) -> tuple[Floats, Floats]:
    """So many points and weights of Gauss's quadrature for beta distributions with parameters ``a`` and each ``b``.

    Returns
    -------
    tuple
        Two arrays with one row per ``b``: points between 0 and 1, and weights that sum to 1.

    Notes
    -----
    Golub and Welsch (1969), Mathematics of Computation 23, 221–230, with the recurrence of Jacobi's polynomials.
    """
    b = np.asarray(b, dtype=float).reshape(-1, 1)
    n = np.arange(1, many, dtype=float)
    low, high, both = a - 1.0, b - 1.0, a + b - 2.0
    middle = np.empty((len(b), many))
    middle[:, :1] = (low - high) / (both + 2)
    middle[:, 1:] = (low**2 - high**2) / ((2 * n + both) * (2 * n + both + 2))
    beside = np.empty((len(b), many - 1))
    beside[:, :1] = 4 * (1 + low) * (1 + high) / ((both + 2) ** 2 * (both + 3))
    m = n[1:]
    beside[:, 1:] = 4 * m * (m + low) * (m + high) * (m + both)
    beside[:, 1:] /= (2 * m + both) ** 2 * (2 * m + both + 1) * (2 * m + both - 1)
    matrix = np.zeros((len(b), many, many))
    diagonal = np.arange(many)
    matrix[:, diagonal, diagonal] = middle
    matrix[:, diagonal[1:], diagonal[:-1]] = matrix[:, diagonal[:-1], diagonal[1:]] = np.sqrt(beside)
    with one_thread():
        points, vectors = np.linalg.eigh(matrix)
    return np.clip((1 + points) / 2, 1e-12, 1.0), vectors[:, 0, :] ** 2


def _counted(p: Floats, s: Floats, ahead: Floats, phase: int, k: int) -> Floats:
    """Mean of min(G, ⌊(N + phase)/k⌋), where N is negative binomial with shape ``s`` and odds ``ahead``."""
    if k == 1:
        return -np.expm1(-s * np.log1p(p * ahead)) / p
    root = np.exp(2j * np.pi * np.arange(k) / k)
    z = (1 - p) ** (1 / k)
    kept = np.zeros_like(p, dtype=complex)
    for turn in root:
        # q^⌊m/k⌋ as a sum of powers of the k roots of q: the weights of a discrete Fourier transform
        weight = sum((np.maximum(z, 1e-300) * turn) ** -i for i in range(k)) / k
        kept += weight * (z * turn) ** phase * (1 + ahead * (1 - z * turn)) ** -s
    return (1 - kept.real) / p


def _blocks(rows: int, wide: int) -> Iterator[slice]:
    step = max(_AT_ONCE // wide, 1)
    return (slice(first, first + step) for first in range(0, rows, step))
