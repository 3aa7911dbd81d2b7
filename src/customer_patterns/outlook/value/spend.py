"""What an order of each customer will bring: the gamma-gamma model, and whether it may be used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, gammaln, polygamma

from customer_patterns.estimates import NotEnoughData
from customer_patterns.outlook.value.climb import MANY, newton, one_thread

Floats = NDArray[np.float64]

#: Fewer customers carry no three parameters.
FEWEST = 30


@dataclass(frozen=True)
class Spend:
    """A fitted gamma-gamma model of the value of an order.

    Attributes
    ----------
    p
        Shape of the orders of one customer: the larger, the more alike they are.
    q, v
        How mean order values differ between customers; ``v`` is money.
    log_likelihood
        At these parameters.
    n
        Customers it rests on.
    """

    p: float
    q: float
    v: float
    log_likelihood: float
    n: int

    @property
    def mean(self) -> float:
        """Mean order value over all customers; infinite where ``q`` is 1 or less."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("inf")


def fit_spend(orders: ArrayLike, mean_value: ArrayLike, customers: ArrayLike | None = None) -> Spend:
    """Fit the gamma-gamma model by maximum likelihood.

    Parameters
    ----------
    orders
        How many orders each customer's mean rests on; 1 or more.
    mean_value
        Mean value of an order of that customer; more than 0.
    customers
        How many customers each row stands for; 1 where not given.

    Raises
    ------
    NotEnoughData
        Fewer than 30 customers, or all with the same mean value.
    ValueError
        An order count below 1, or a mean value of 0 or less.

    Notes
    -----
    Fader and Hardie (2013), The Gamma-Gamma model of monetary value; Fader, Hardie and Lee (2005), J. Marketing
    Research 42, 415–430. Newton's method with analytic gradient and Hessian, on logarithms; money is counted in mean
    order values while fitting, so that cents and dollars lead to the same fit.
    """
    x, z = np.asarray(orders, dtype=float), np.asarray(mean_value, dtype=float)
    w = np.ones(len(x)) if customers is None else np.asarray(customers, dtype=float)
    if (x < 1).any() or (z <= 0).any():
        raise ValueError("the gamma-gamma model needs customers with an order and a mean value above 0")
    if w.sum() < FEWEST or len(x) == 0 or np.ptp(z) <= 1e-12 * z.max():
        raise NotEnoughData(f"needs {FEWEST} customers whose orders differ in value, has {w.sum():.0f}")
    scale = float(w @ z / w.sum())
    with one_thread(len(x)):
        point, value = _maximum(_rows(x, z / scale, w))
    p, q, v = np.exp(point)
    return Spend(float(p), float(q), float(v * scale), float(value - w.sum() * np.log(scale)), round(w.sum()))


def expect_spend(spend: Spend, orders: ArrayLike, mean_value: ArrayLike) -> Floats:
    """Expect each customer's mean order value: the own mean, drawn toward that of all the more the fewer orders.

    Parameters
    ----------
    spend
        A fitted model.
    orders, mean_value
        As in :func:`fit_spend`; a mean below 0 counts as 0, and of no orders at all the mean of all is expected.

    Returns
    -------
    ndarray
        Money per order. NaN where the model has no mean for so few orders.
    """
    x, z = np.asarray(orders, dtype=float), np.maximum(np.asarray(mean_value, dtype=float), 0.0)
    below = spend.p * x + spend.q - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, spend.p * (spend.v + x * z) / below, np.nan)


@dataclass(frozen=True)
class _Rows:
    """Orders, mean values and weights of customers, and what does not depend on the parameters."""

    x: Floats
    z: Floats
    w: Floats
    wx: Floats
    counts: Floats
    weight: Floats
    log_z: float
    log_z_by_order: float


def _maximum(rows: _Rows) -> tuple[Floats, float]:
    """The logarithms of p, q, v at which the likelihood is largest, and the likelihood there."""
    first = np.log([1.5, 3.0, 2.0 / 1.5])
    if len(rows.x) > 2 * MANY:
        part = np.sort(np.random.default_rng(MANY).choice(len(rows.x), MANY, replace=False))
        first = _lowest(_rows(rows.x[part], rows.z[part], rows.w[part]), first)
    point = _lowest(rows, first)
    return point, _likelihood(rows, point)[0]


def _lowest(rows: _Rows, first: Floats) -> Floats:
    n = rows.w.sum()

    def falling(point: Floats) -> tuple[float, Floats]:
        value, gradient, _ = _likelihood(rows, point, hessian=False)
        return -value / n, -gradient / n

    return newton(falling, lambda point: -_likelihood(rows, point)[2] / n, first, close=1e-7)


def _rows(x: Floats, z: Floats, w: Floats) -> _Rows:
    counts, of = np.unique(x, return_inverse=True)
    log_z, wx = np.log(z), w * x
    return _Rows(x, z, w, wx, counts, np.bincount(of, w), float(w @ log_z), float(wx @ log_z))


def _likelihood(rows: _Rows, point: Floats, *, hessian: bool = True) -> tuple[float, Floats, Floats]:
    """Log-likelihood, gradient and Hessian in log p, log q, log v."""
    p, q, v = np.exp(point)
    x, z, w = rows.x, rows.z, rows.w
    px = p * rows.counts
    n = rows.w.sum()
    log_below = np.log(v + x * z)
    by_count = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v) + px * np.log(rows.counts)
    wl, wxl = float(w @ log_below), float(rows.wx @ log_below)
    value = rows.weight @ by_count + p * (rows.log_z_by_order - wxl) - rows.log_z - q * wl

    psi_all, psi_px = digamma(px + q), digamma(px)
    of_p = rows.weight @ (rows.counts * (psi_all - psi_px + np.log(rows.counts))) + rows.log_z_by_order - wxl
    of_q = rows.weight @ psi_all + n * (np.log(v) - digamma(q)) - wl
    inverse = 1 / (v + x * z)
    wi, wxi = float(w @ inverse), float(rows.wx @ inverse)
    of_v = n * q / v - (p * wxi + q * wi)
    gradient = np.array([of_p * p, of_q * q, of_v * v])
    if not hessian:
        return float(value), gradient, np.empty(0)
    squared = inverse * inverse
    tri_all, tri_px = polygamma(1, px + q), polygamma(1, px)
    pp = rows.weight @ (rows.counts**2 * (tri_all - tri_px))
    pq = rows.weight @ (rows.counts * tri_all)
    qq = rows.weight @ tri_all - n * polygamma(1, q)
    vv = -n * q / v**2 + p * float(rows.wx @ squared) + q * float(w @ squared)
    second = np.array([[pp, pq, -wxi], [pq, qq, n / v - wi], [-wxi, n / v - wi, vv]])
    scale = np.array([p, q, v])
    return float(value), gradient, second * np.outer(scale, scale) + np.diag(gradient)
