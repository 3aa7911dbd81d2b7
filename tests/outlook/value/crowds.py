"""Crowds of customers whose truth is known, drawn from a generator whose numbers never change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: What CDNOW's customers were published to be like, with time in weeks: Fader, Hardie and Lee (2005), table 2.
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}


def draw_crowd(customers: int, seed: int, *, k: int = 1, leave_at_once: bool = False, **truth: float) -> list[Floats]:
    """Repeat orders, last, tenure (whole days), sum of log gaps, who is still there, rate, chance to leave."""
    said = {**PUBLISHED, **truth}
    random = np.random.RandomState(seed)  # its stream is frozen: references made elsewhere hold
    tenure = random.randint(27 * 7, 39 * 7, customers).astype(float)
    rate = random.gamma(said["r"], 1 / (said["alpha"] * 7), customers)
    leaving = random.beta(said["a"], said["b"], customers)
    orders, last, gaps, clock = (np.zeros(customers) for _ in range(4))
    there = np.ones(customers, dtype=bool)
    if leave_at_once:
        there = random.uniform(size=customers) >= leaving
    active = np.flatnonzero(there)
    while len(active):
        clock[active] += random.gamma(k, 1 / rate[active])
        day = np.ceil(clock[active])
        active, day = active[day <= tenure[active]], day[day <= tenure[active]]
        later = day > last[active]  # two orders on one day are one
        orders[active] += later
        gaps[active[later]] += np.log(day[later] - last[active[later]])
        last[active] = day
        gone = random.uniform(size=len(active)) < leaving[active]
        there[active[gone]] = False
        active = active[~gone]
    return [orders, last, tenure, gaps, there, rate, leaving]


def draw_values(orders: Floats, seed: int, *, p: float = 6.25, q: float = 3.74, v: float = 15.44) -> Floats:
    """Mean value of the orders of each customer, in cents' precision."""
    random = np.random.RandomState(seed)
    rate = random.gamma(q, 1 / v, len(orders))
    counted = np.maximum(orders, 1)
    return np.maximum(np.round(random.gamma(p * counted) / (rate * counted), 2), 0.01)
