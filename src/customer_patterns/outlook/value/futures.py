"""Futures of customers drawn from a fitted model: how far what comes may lie from what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from customer_patterns.outlook.value.expected import log_odds, phase_shares
from customer_patterns.outlook.value.fit import Fit, inverse_curvature, refit
from customer_patterns.outlook.value.histories import Histories
from customer_patterns.outlook.value.spans import Span
from customer_patterns.outlook.value.spend import Spend, fit_spend

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """Both models of a crowd of customers: how they order, and what an order brings.

    Attributes
    ----------
    orders, spend
        The models.
    """

    orders: Fit
    spend: Spend


@dataclass(frozen=True)
class Crowd:
    """Customers as the two models need them, one element each.

    Attributes
    ----------
    rows
        Their histories.
    counted
        How many orders the mean value of each rests on.
    mean_value
        Money per order; only those above 0 say anything of how values spread.
    """

    rows: Histories
    counted: Floats
    mean_value: Floats

    def fit_spend(self, weights: Floats | None = None) -> Spend:
        """Fit the model of values to those above 0, each customer so many times as ``weights`` says."""
        keep = self.mean_value > 0 if weights is None else (self.mean_value > 0) & (weights > 0)
        times = None if weights is None else weights[keep]
        return fit_spend(self.counted[keep], self.mean_value[keep], times)


def resample(customers: int, *, draws: int, seed: int) -> Floats:
    """Draw customers with replacement: how often each is in each resample, one row per resample."""
    random = np.random.default_rng([seed, 1])
    return random.multinomial(customers, np.full(customers, 1 / customers), size=draws).astype(float)


def refits(crowd: Crowd, fitted: Fitted, resamples: Floats) -> list[Fitted]:
    """Fit both models to each resample of the customers, from the fit to all of them: how unsure the parameters are."""
    merged, of = crowd.rows.merged()
    inverse = inverse_curvature(merged, fitted.orders)
    fits = []
    for times in resamples:
        weights = times * (len(times) / times.sum())  # of customers drawn among others, too
        drawn = replace(
            merged,
            customers=np.bincount(of, weights, len(merged)),
            log_gaps=np.bincount(of, weights * crowd.rows.log_gaps, len(merged)),
        )
        fits.append(Fitted(refit(drawn, fitted.orders, inverse), crowd.fit_spend(weights)))
    return fits


@dataclass(frozen=True)
class Futures:
    """Orders and money of customers within a horizon, in many futures.

    Attributes
    ----------
    orders, money
        One row per customer, one column per future.
    """

    orders: NDArray[np.int32]
    money: NDArray[np.float32]

    def sums(self, what: str, groups: NDArray[np.int64], number: int) -> Floats:
        """Add up ``orders`` or ``money`` by group of customers: one row per group, one column per future.

        Customers whose group is negative are in none.
        """
        table = getattr(self, what)
        return np.stack([table[groups == group].sum(axis=0, dtype=float) for group in range(number)])


def draw_futures(crowd: Crowd, models: Sequence[Fitted], horizon: Span, *, each: int, seed: int) -> Futures:
    """Draw futures of every customer: ``each`` of them under each of the models.

    Parameters
    ----------
    crowd
        The customers.
    models
        Fits to resamples of customers, from :func:`refits`; the spread between them carries over into the futures.
    horizon
        How far.
    each, seed
        Futures per model, and the seed of chance.

    Notes
    -----
    Given a customer's history: still there or not; if there, the phase between two orders, the rate (gamma) and the
    chance p to drop out (beta), then min(G, ⌊(N + phase)/k⌋) orders with N Poisson and G geometric. The values of
    orders add up to a gamma variable around a mean of the customer's own.
    """
    random = np.random.default_rng([seed, 2])
    n = len(crowd.rows)
    orders = np.empty((n, each * len(models)), dtype=np.int32)
    money = np.empty((n, each * len(models)), dtype=np.float32)
    for number, fitted in enumerate(models):
        columns = slice(number * each, (number + 1) * each)
        came = _orders(crowd.rows, fitted.orders, horizon, each, random)
        orders[:, columns] = came
        money[:, columns] = _money(crowd, fitted.spend, came, random)
    return Futures(orders, money)


def _orders(rows: Histories, fit: Fit, horizon: Span, each: int, random: np.random.Generator) -> NDArray[np.int64]:
    k, shape = fit.model.regularity, (len(rows), each)
    gone, there = log_odds(fit, rows)
    alive = random.random(shape) < (1 / (1 + np.exp(gone - there)))[:, None]
    s, end = fit.r + k * rows.repeat_orders, fit.alpha + rows.tenure
    phase = np.zeros(shape, dtype=np.int64)
    if k > 1:
        reached = phase_shares(s, (rows.tenure - rows.last) / end, k).cumsum(axis=1)
        at = random.random(shape)
        phase = sum((at > reached[:, j, None]).astype(np.int64) for j in range(k - 1))
    steps = random.poisson(random.standard_gamma(s[:, None] + phase) * (horizon.to(fit.unit) / end)[:, None])
    survived = rows.repeat_orders + fit.model.may_leave_at_once
    leaving = np.maximum(random.beta(fit.a, np.broadcast_to((fit.b + survived)[:, None], shape)), 1e-9)
    return np.where(alive, np.minimum(random.geometric(leaving), (steps + phase) // k), 0)


def _money(crowd: Crowd, spend: Spend, came: NDArray[np.int64], random: np.random.Generator) -> Floats:
    value = np.maximum(crowd.mean_value, 0.0)
    rate = random.standard_gamma(np.broadcast_to((spend.q + spend.p * crowd.counted)[:, None], came.shape))
    rate /= (spend.v + crowd.counted * value)[:, None]
    return random.standard_gamma(spend.p * came) / rate
