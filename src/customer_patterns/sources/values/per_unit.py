"""Money that was delivered for one unit: multiplied with how many units there are, exactly."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from customer_patterns.study import Source
from customer_patterns.study.origins import ColumnFrom

_MONEY = pa.decimal128(18, 2)
#: More cents have no place in a column of money.
_MOST_CENTS = np.uint64(10**18 - 1)


def times_of(source: Source) -> dict[str, str]:
    """Return which canonical columns of money are multiplied with which other column."""
    return {
        name: origin.times
        for name, origin in source.columns.items()
        if isinstance(origin, ColumnFrom) and origin.times is not None
    }


def multiplied(money: pa.Array, units: pa.Array) -> pa.Array:
    """Return money times units; missing where either is, and where the product has no place in a column of money.

    >>> multiplied(pa.array([Decimal("2.50"), Decimal("9999999999999999.99"), None], _MONEY), pa.array([-3, 2, 1]))[0]
    <pyarrow.Decimal128Scalar: Decimal('-7.50')>
    """
    cents = pc.multiply(money.cast(pa.decimal128(20, 2)), pa.scalar(Decimal(100), pa.decimal128(3, 0)))
    factors = [np.asarray(pc.fill_null(of, 0).cast(pa.int64()), np.int64) for of in (cents, units)]
    # (the smallest whole number has no counterpart above zero among those with a sign)
    money_size, units_size = (np.abs(of).view(np.uint64) for of in factors)
    fits = (money_size == 0) | (units_size <= _MOST_CENTS // np.maximum(money_size, np.uint64(1)))
    known = np.asarray(pc.and_(money.is_valid(), units.is_valid())) & fits
    product = pa.array(np.where(known, factors[0] * factors[1], 0), pa.int64(), mask=~known)
    hundredth = pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))
    return pc.multiply(product.cast(pa.decimal128(20, 0)), hundredth).cast(_MONEY)
