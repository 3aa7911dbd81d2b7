"""Do two items meet more often than chance lets them? Tests and intervals in which the customer is the unit.

Baskets of one customer resemble each other, so what is added up to a test is not the basket but the customer
(clustered scores, as for the Mantel-Haenszel test by Donald and Donner 1987, Statistics in Medicine 6, 491–499, and
Zhang and Boos 1997, Biometrics 53, 1185–1198).

*Beyond basket size.* In stratum s (baskets of one size) the pair has the shares a, b and the chance
e = a b (1 − k (1 − a)(1 − b)) of :mod:`~customer_patterns.patterns.chance`. With O the baskets that hold both and
E = Σ e over all baskets, the lift is O / E. Since a and b are estimated from the same baskets, a basket's share in
O − E is ψ = AB − e − e_a (A − a) − e_b (B − b), where e_a = b (1 − k (1 − b)(1 − 2a)) is the derivative. Customers
are independent, so with U = Σ ψ over the baskets of a customer, z = ΣU / √ΣU² is about standard normal where the null
holds. A pair may rest on few customers: z is therefore compared with Student's t. Its degrees of freedom are those of
the variance's estimate if each customer's part of it is what chance lets them have of the pair, less one
(Satterthwaite's, as for clusters of unequal size by Carter, Schnepel and Steigerwald 2017, Review of Economics and
Statistics 99, 698–709): ten customers who all but fill the table count as ten, however many others there are.

*Beyond habit.* Whoever likes both items buys both more often, in one basket or in two. The second test compares what
each customer bought together with what :mod:`~customer_patterns.patterns.habits` lets expect from the customer's own
tastes, again with z = ΣU / √ΣU² over customers. Who bought only one of the two adds nothing to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from customer_patterns.estimates import bounded
from customer_patterns.patterns.chance import Strata
from customer_patterns.patterns.habits import Habits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: What both tests say of a pair.
COLUMNS = ("baskets", "expected", *bounded("lift"), "log_lift_error", "p", "n")


def beyond_size(strata: Strata, pairs: Ints, *, level: float = 0.95, places_limited: bool = True) -> pd.DataFrame:
    """Test whether pairs meet in more baskets than their shares and the baskets' sizes explain.

    Parameters
    ----------
    strata
        The baskets, by size.
    pairs
        One row per pair: the numbers of its two items.
    level
        Confidence level of the intervals.
    places_limited
        Whether items compete for the places of a basket. If not, chance is a b, as Mantel and Haenszel (1959, J. Natl.
        Cancer Inst. 22, 719–748) have it: the lift is smaller, most of all in small baskets.

    Returns
    -------
    DataFrame
        One row per pair: ``baskets`` (that hold both), ``expected`` (by chance), ``lift`` with ``lift_low``,
        ``lift_high`` and ``log_lift_error`` (standard error of its logarithm), ``p`` (one-sided: more than by chance),
        ``n`` (customers with such a basket). Where nothing is to be expected, or only one customer is seen, lift and
        interval are missing and p is 1.
    """
    first, second = pairs.T if len(pairs) else (np.empty(0, np.int64), np.empty(0, np.int64))
    k = strata.crowding(first, second) if places_limited else np.zeros((len(strata), len(first)))
    a, b = strata.shares[:, first], strata.shares[:, second]
    chance = a * b * (1 - k * (1 - a) * (1 - b))
    slope_a = b * (1 - k * (1 - b) * (1 - 2 * a))
    slope_b = a * (1 - k * (1 - a) * (1 - 2 * b))
    held = _PerCustomer(strata)
    # ψ without AB: e + e_a (A − a) + e_b (B − b), added up over each customer's baskets
    base = chance - slope_a * a - slope_b * b
    rows = []
    for at, (i, j) in enumerate(zip(first, second, strict=True)):
        observed = held.both(i, j)
        expected = held.totals @ base[:, at] + held.sums(i, slope_a[:, at]) + held.sums(j, slope_b[:, at])
        rows.append(compare_sums(observed, expected, held.totals @ chance[:, at], level))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def beyond_habit(strata: Strata, pairs: Ints, habits: Habits, *, level: float = 0.95) -> pd.DataFrame:
    """Test whether pairs meet in more baskets than basket sizes and each customer's own taste for both explain.

    Parameters
    ----------
    strata, pairs, level
        As in :func:`beyond_size`.
    habits
        What each customer's tastes let expect, fitted to ``strata``.

    Returns
    -------
    DataFrame
        As in :func:`beyond_size`; ``expected`` is by chance among each customer's own baskets.
    """
    held = _PerCustomer(strata)
    rows = []
    for i, j in pairs:
        expected = habits.together(i, j)
        rows.append(compare_sums(held.both(i, j), expected, expected, level))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def lifts(strata: Strata, pairs: Ints, together: Ints) -> Floats:
    """Return how many times as often pairs meet as by chance, without any test: to choose what to test on others.

    Parameters
    ----------
    strata, pairs
        As in :func:`beyond_size`.
    together
        In how many baskets each pair meets.
    """
    expected = strata.together(*pairs.T).sum(axis=0) if len(pairs) else np.empty(0)
    return np.divide(together, expected, out=np.zeros(len(pairs)), where=expected > 0)


@dataclass
class _PerCustomer:
    """Counts per customer, of baskets in which items can meet."""

    strata: Strata

    def __post_init__(self) -> None:
        baskets = self.strata.baskets
        self.customers = len(baskets.customers)
        cells = baskets.customer * len(self.strata) + self.strata.of_basket
        counts = np.bincount(cells, minlength=self.customers * len(self.strata)).astype(float)
        #: Baskets by customer (rows) and stratum (columns).
        self.totals = counts.reshape(self.customers, -1)
        self.totals[:, 0] = 0
        self._there = np.zeros(len(baskets), dtype=bool)

    def _holding(self, item: int) -> Ints:
        found = self.strata.baskets.holding(item)
        return found[self.strata.of_basket[found] > 0]

    def both(self, i: int, j: int) -> Floats:
        """Return the baskets of each customer that hold both items."""
        baskets, there = self.strata.baskets, self._there
        of_i, of_j = baskets.holding(i), baskets.holding(j)
        there[of_i] = True
        found = baskets.customer[of_j[there[of_j]]]
        there[of_i] = False
        return np.bincount(found, minlength=self.customers).astype(float)

    def sums(self, item: int, weights: Floats) -> Floats:
        """Add the weights of their strata up over the baskets of each customer that hold an item."""
        found = self._holding(item)
        customer = self.strata.baskets.customer[found]
        return np.bincount(customer, weights[self.strata.of_basket[found]], self.customers)


def compare_sums(observed: Floats, expected: Floats, parts: Floats, level: float = 0.95) -> tuple[float, ...]:
    """Compare two sums to which every customer adds a part.

    Parameters
    ----------
    observed, expected
        Per customer: what was seen, and what chance would have brought, fitted to the same data.
    parts
        Per customer: the part of what chance brings that the customer's variance rests on.
    level
        Confidence level of the interval.

    Returns
    -------
    tuple
        The values of :data:`COLUMNS`.
    """
    together, chance = float(observed.sum()), float(expected.sum())
    n = int(np.count_nonzero(observed))
    nothing = (together, chance, np.nan, np.nan, np.nan, np.nan, 1.0, n)
    if chance <= 0 or n < 2:
        return nothing
    score = observed - expected
    freedom = max(float(parts.sum() ** 2 / (parts**2).sum()) - 1, 1.0)
    p = 1.0
    if (spread := float((score**2).sum())) > 0:
        p = float(stdtr(freedom, -score.sum() / np.sqrt(spread)))
    lift = together / chance
    # The logarithm of O / E: what each customer adds to O, less what they add to E, in shares of both.
    influence = observed / together - expected / chance
    seen = np.count_nonzero(parts)
    error = float(np.sqrt((influence**2).sum() * seen / max(seen - 1, 1)))
    reach = float(stdtrit(freedom, 0.5 + level / 2)) * error
    return (together, chance, lift, lift * np.exp(-reach), lift * np.exp(reach), error, p, n)
