"""What lifetime models know of a customer: how often again, until when, for how long watched; equal ones merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from customer_patterns.outlook.value.spans import DAYS, Unit

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Histories:
    """Repeat orders of many customers, one element per customer, or per group of equal ones.

    Attributes
    ----------
    repeat_orders
        Orders after the start of the watch; 0 or more.
    last
        Time from the start to the last of them (0 where there is none), in ``unit``. (In lifetime models this is
        called recency; elsewhere that is the time since the last order.)
    tenure
        Time from the start to the day of the study, in ``unit``; at least ``last``.
    customers
        How many customers have just this history; 1 each unless merged. Weights of a resample may stand here too.
    log_gaps
        Sum over these customers of the logarithms of all times between their orders, in ``unit``. Only the choice
        between degrees of regularity needs it.
    unit
        Of all times.
    """

    repeat_orders: Floats
    last: Floats
    tenure: Floats
    customers: Floats
    log_gaps: Floats
    unit: Unit = "days"

    def __len__(self) -> int:
        return len(self.repeat_orders)

    @property
    def n(self) -> int:
        """How many customers in all."""
        return round(self.customers.sum())

    def to(self, unit: Unit) -> Histories:
        """The same histories in another unit of time."""
        factor = DAYS[self.unit] / DAYS[unit]
        return replace(
            self,
            last=self.last * factor,
            tenure=self.tenure * factor,
            log_gaps=self.log_gaps + self.customers * self.repeat_orders * np.log(factor),
            unit=unit,
        )

    def weighted(self, weights: Floats) -> Histories:
        """The same histories, each so many times: a resample."""
        return replace(self, customers=self.customers * weights, log_gaps=self.log_gaps * weights)

    def merged(self) -> tuple[Histories, Whole]:
        """Merge equal histories; return them, and for each of the old ones the number of its merged one."""
        keys = _packed((self.repeat_orders, self.last, self.tenure))
        if keys is None:
            rows = np.column_stack([self.repeat_orders, self.last, self.tenure])
            _, first, inverse = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        else:
            _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        inverse = inverse.reshape(-1)
        merged = Histories(
            self.repeat_orders[first],
            self.last[first],
            self.tenure[first],
            np.bincount(inverse, self.customers),
            np.bincount(inverse, self.log_gaps),
            self.unit,
        )
        return merged, inverse


def histories(
    repeat_orders: ArrayLike,
    last: ArrayLike,
    tenure: ArrayLike,
    *,
    log_gaps: ArrayLike | None = None,
    unit: Unit = "days",
) -> Histories:
    """Check and hold the repeat orders of customers, one element per customer.

    Parameters
    ----------
    repeat_orders, last, tenure, log_gaps, unit
        As in :class:`Histories`; without ``log_gaps`` only models without regularity can be compared.

    Raises
    ------
    ValueError
        If they differ in length, or a customer was last seen before the start or after the end of the watch, or has
        repeat orders without a time of the last one.
    """
    x, tx, t = (np.asarray(column, dtype=float).reshape(-1) for column in (repeat_orders, last, tenure))
    gaps = np.full(len(x), np.nan) if log_gaps is None else np.asarray(log_gaps, dtype=float).reshape(-1)
    if len({len(x), len(tx), len(t), len(gaps)}) > 1:
        raise ValueError("repeat orders, last, tenure and gaps must be equally long")
    if (x < 0).any() or (x != np.floor(x)).any():
        raise ValueError("repeat orders are whole numbers, 0 or more")
    if ((tx < 0) | (tx > t)).any():
        raise ValueError("the last order lies between the start and the end of the watch")
    if ((x > 0) != (tx > 0)).any():
        raise ValueError("who has repeat orders has a time of the last one, who has none has not")
    return Histories(x, tx, t, np.ones(len(x)), gaps, unit)


def _packed(columns: Sequence[Floats]) -> Whole | None:
    """Whole numbers of several columns as one; none where they are not whole or too large together."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    size = 1
    for column in columns:
        if not len(column):
            continue
        most = int(column.max()) + 1
        size *= most
        whole = column.astype(np.int64)
        if size > 2**62 or (whole != column).any():
            return None
        key = key * most + whole
    return key
