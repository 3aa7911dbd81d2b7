"""The likelihood of orders until dropout: BG/NBD, MBG/NBD and (M)BG/CNBD-k, with its gradient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from customer_patterns.outlook.value.histories import Histories

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """Which story is told of customers who order until they drop out.

    While a customer is there, times between orders are Erlang of degree ``regularity`` with a rate of the customer's
    own (gamma over customers: ``r``, ``alpha``); after an order the customer drops out with a probability of the
    customer's own (beta over customers: ``a``, ``b``).

    Attributes
    ----------
    name
        What it is called.
    regularity
        Degree k: 1 for orders at random moments, more for more regular ones.
    may_leave_at_once
        Whether one may drop out right after the first order too. In BG/NBD nobody does: there a customer who never
        came again is certain to be still there, however long ago that is.
    """

    name: str
    regularity: int = 1
    may_leave_at_once: bool = True

    @property
    def parameters(self) -> int:
        """How many numbers are fitted; the degree counts where it is chosen."""
        return 4 + (self.regularity > 1)


BG_NBD = Model("BG/NBD model", 1, may_leave_at_once=False)
MBG_NBD = Model("MBG/NBD model")


def mbg_cnbd(k: int) -> Model:
    """MBG/CNBD-k: as MBG/NBD, with orders of regularity ``k``."""
    return Model(f"MBG/CNBD-{k} model", k) if k > 1 else MBG_NBD


class Likelihood:
    """The log-likelihood of one model on given histories, as a function of the logarithms of r, alpha, a, b.

    Parameters
    ----------
    model
        The model.
    rows
        Histories, merged for speed.

    Notes
    -----
    Fader, Hardie and Lee (2005), Marketing Science 24, 275–284; Batislam, Denizel and Filiztekin (2007), Int. J. Res.
    Marketing 24, 201–209; Platzer and Reutterer (2016), Marketing Science 35, 779–799, and (2021), Int. J. Res.
    Marketing 38, 609–630. With s = r + kx, d = 1 where one may leave at once, else 0, and T, t the tenure and the time
    of the last order:

    L = B(a, b+x+d)/B(a, b) · Γ(s)/Γ(r) · α^r (α+T)^-s · (S₁ + S₂) · Πgaps^(k-1)/Γ(k)^x,
    S₁ = a/(b+x+d-1) · ((α+T)/(α+t))^s  (0 where x = d = 0: nobody can have left),
    S₂ = Σ_{j<k} (s)_j/j! · ((T-t)/(α+T))^j.

    S₂/(S₁+S₂) is the chance of being still there.
    """

    def __init__(self, model: Model, rows: Histories) -> None:
        """Prepare what does not depend on the parameters."""
        self.model, self.rows = model, rows
        self._x, self._of_x = np.unique(rows.repeat_orders, return_inverse=True)
        self._last, self._of_last = np.unique(rows.last, return_inverse=True)
        self._tenure, self._of_tenure = np.unique(rows.tenure, return_inverse=True)
        self._quiet = rows.tenure - rows.last
        self._x_weight = np.bincount(self._of_x, rows.customers)
        self._tenure_weight = np.bincount(self._of_tenure, rows.customers)
        self._tenure_orders = np.bincount(self._of_tenure, rows.customers * rows.repeat_orders)
        self._may_have_left = (rows.repeat_orders > 0) | model.may_leave_at_once

    @cached_property
    def _constant(self) -> float:
        """What depends on the regularity alone."""
        k = self.model.regularity
        if k == 1:
            return 0.0
        orders = float(self.rows.customers @ self.rows.repeat_orders)
        return float((k - 1) * self.rows.log_gaps.sum() - gammaln(k) * orders)

    def value(self, log_parameters: Floats) -> float:
        """The log-likelihood."""
        return self.value_and_gradient(log_parameters)[0]

    def value_and_gradient(self, log_parameters: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient in the logarithms of the parameters."""
        r, alpha, a, b = np.exp(log_parameters)
        k, w = self.model.regularity, self.rows.customers
        d = float(self.model.may_leave_at_once)
        s_of = r + k * self._x
        possible = (self._x > 0) | self.model.may_leave_at_once
        left_of = np.log(a) - np.log(b + np.where(possible, self._x + d - 1, 0))
        s, tenure = s_of[self._of_x], alpha + self._tenure
        log_tenure = np.log(tenure)
        ratio = log_tenure[self._of_tenure] - np.log(alpha + self._last)[self._of_last]
        log_gone = np.where(self._may_have_left, left_of[self._of_x] + s * ratio, -np.inf)
        quiet = self._quiet / tenure[self._of_tenure] if k > 1 else self._quiet
        there, in_s, in_alpha = _still_there(s, quiet, k)
        log_there = np.log(there)
        both = np.logaddexp(log_gone, log_there)
        gone, stays = w * np.exp(log_gone - both), w * np.exp(-both)

        by_x = self._x_weight
        survived = gammaln(b + self._x + d) - gammaln(a + b + self._x + d) - gammaln(b) + gammaln(a + b)
        rate = gammaln(s_of) - gammaln(r) + r * np.log(alpha)
        weight_s = r * self._tenure_weight + k * self._tenure_orders  # sum of s by tenure
        value = by_x @ (survived + rate) - weight_s @ log_tenure + w @ both + self._constant

        of_r = by_x @ (digamma(s_of) - digamma(r) + np.log(alpha)) - self._tenure_weight @ log_tenure
        of_r += gone @ ratio + (stays * in_s).sum()
        inverse = 1 / tenure
        of_alpha = r / alpha * w.sum() - weight_s @ inverse
        of_alpha += (gone * s) @ (inverse[self._of_tenure] - (1 / (alpha + self._last))[self._of_last])
        of_alpha -= (stays * in_alpha) @ inverse[self._of_tenure]
        gone_of = np.bincount(self._of_x, gone, len(self._x))
        total = by_x @ (digamma(a + b) - digamma(a + b + self._x + d))
        of_a = total + gone.sum() / a
        of_b = total + by_x @ (digamma(b + self._x + d) - digamma(b))
        of_b -= (gone_of[possible] / (b + self._x[possible] + d - 1)).sum()
        return float(value), np.array([of_r * r, of_alpha * alpha, of_a * a, of_b * b])


def _still_there(s: Floats, quiet: Floats, k: int) -> tuple[Floats | float, Floats | float, Floats | float]:
    """S₂, its derivative in s, and (minus the derivative in alpha) times (alpha + T)."""
    if k == 1:
        return 1.0, 0.0, 0.0
    term, total = np.ones_like(s), np.ones_like(s)
    harmonic, in_s, in_alpha = np.zeros_like(s), np.zeros_like(s), np.zeros_like(s)
    for j in range(1, k):
        term = term * (s + j - 1) * quiet / j
        harmonic = harmonic + 1 / (s + j - 1)
        total, in_s, in_alpha = total + term, in_s + term * harmonic, in_alpha + j * term
    return total, in_s, in_alpha
