"""Who explores and who tests, and which baskets come later: three parts that share nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray


def explorers(customers: Iterable[str], *, seed: int) -> NDArray[np.bool_]:
    """Draw half of the customers to look for patterns in; the others test what was found.

    A pattern that was picked out because it was large in some data looks large in these data again. It has to be
    tested on others (holdout evaluation: Webb 2007, Machine Learning 68, 1–33), and since baskets of one customer
    resemble each other, the others are other customers.

    Parameters
    ----------
    customers
        Their keys.
    seed
        Another seed, other halves. Whoever is in one half stays there when customers are added or leave.

    Returns
    -------
    ndarray
        One truth value per customer.

    Examples
    --------
    >>> bool(explorers(["7"], seed=1)[0]) == bool(explorers(["6", "7"], seed=1)[1])
    True
    """
    keys = (
        hashlib.blake2b(f"{seed}:{customer}".encode("utf-8", "surrogatepass"), digest_size=8) for customer in customers
    )
    return np.array([key.digest()[0] % 2 == 0 for key in keys], dtype=bool)


def last_early_day(first_day: date, last_day: date, *, later_days: int) -> date:
    """Return the last day on which patterns are looked for and tested; what comes after confirms them.

    Parameters
    ----------
    first_day, last_day
        The period, both days included.
    later_days
        How many days at its end are kept for that; at most a quarter of the period.

    Raises
    ------
    ValueError
        ``later_days`` is negative.
    """
    if later_days < 0:
        raise ValueError(f"days kept for later are none or more, not {later_days}")
    length = (last_day - first_day).days + 1
    return last_day - timedelta(days=min(later_days, length // 4))
