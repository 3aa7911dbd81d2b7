"""Tiny shops, written by hand, and simulated ones in which nothing goes together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest

from customer_patterns.patterns import Baskets

Rows = Sequence[tuple[str, Iterable[str]]]


def baskets_of(rows: Rows, *, days: Sequence[str] | None = None) -> Baskets:
    """Make baskets of rows ``(customer, items)``."""
    items = sorted({item for _, held in rows for item in held})
    customers = sorted({customer for customer, _ in rows})
    entries = [(b, items.index(item)) for b, (_, held) in enumerate(rows) for item in sorted(set(held))]
    basket, item = np.array(entries, dtype=np.int64).reshape(-1, 2).T
    return Baskets(
        "category",
        np.array(items, dtype=object),
        basket,
        item,
        np.array([customers.index(customer) for customer, _ in rows], dtype=np.int64),
        np.array(customers, dtype=object),
        np.array(days or ["2017-01-01"] * len(rows), dtype="datetime64[D]"),
    )


def shop(
    seed: int,
    *,
    customers: int = 120,
    items: int = 20,
    baskets: float = 12,
    taste: float = 0.8,
    shared_taste: float = 0.0,
    pair: float = 0.0,
) -> Baskets:
    """Draw baskets of unequal size of customers with tastes of their own, in which nothing goes together.

    Item i lies in a basket with odds exp(how much is bought + popularity + taste), independently of all others.

    Parameters
    ----------
    shared_taste
        Spread of a taste that the first four items share: their buyers are the same, their baskets are not.
    pair
        What holding the last item adds to the log odds of the last but one: these two do go together.
    """
    random = np.random.default_rng(seed)
    count = random.poisson(random.gamma(1, baskets, customers)) + 1
    of_basket = np.repeat(np.arange(customers), count)
    tastes = random.normal(0, taste, (customers, items))
    tastes[:, :4] += shared_taste * random.normal(0, 1, (customers, 1))
    much = random.normal(0, 1, len(of_basket)) + random.normal(0, 0.7, customers)[of_basket]
    logit = much[:, None] + np.linspace(-4, -0.5, items) + tastes[of_basket]
    held = random.random(logit.shape) < 1 / (1 + np.exp(-logit))
    again = random.random(len(of_basket)) < 1 / (1 + np.exp(-logit[:, -2] - pair))
    held[:, -2] = np.where(held[:, -1] & (pair > 0), again, held[:, -2])
    kept = held.any(axis=1)
    basket, item = np.nonzero(held[kept])
    days = np.datetime64("2017-01-01") + random.integers(0, 365, kept.sum())
    return Baskets(
        "category",
        np.array([f"item {i:02d}" for i in range(items)], dtype=object),
        basket,
        item,
        of_basket[kept],
        np.array([f"c{i:04d}" for i in range(customers)], dtype=object),
        days,
    )


@pytest.fixture
def hand() -> Callable[..., Baskets]:
    return baskets_of
