"""Sums of money in the cleaning chapter that would tell what few customers, or one, spent: these are not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from customer_patterns.privacy.blanking import SHOWN, blanked
from customer_patterns.privacy.differencing import contributions_of


def amounts(lines: ir.Table, *, who: str = "customer_id", by: str | None = None) -> pd.DataFrame:
    """Add up what each customer's lines carry, all together or by a column.

    Parameters
    ----------
    lines
        One row per order line: ``revenue``, ``who`` and ``by``.
    who
        The column that says whose it is; of guests, who share a number, their order.

    Returns
    -------
    pandas.DataFrame
        One row per customer and value of ``by``: that value, and ``cents``.
    """
    keys = [who] if by is None else [by, who]
    sums = lines.group_by(keys).aggregate(cents=(lines.revenue * 100).sum().cast("int64"))
    return sums.order_by(keys).drop(who).to_pandas()


def money_shown(parts: Mapping[str, pd.DataFrame]) -> NDArray[np.bool_]:
    """Say of each part of a whole whether its sum may stand in a page that tells the whole as well.

    Parameters
    ----------
    parts
        By part: one row per customer, ``cents``.

    Returns
    -------
    ndarray
        One truth value per part, in their order. Parts of fewer than ten customers, and those of which one customer
        brings nearly all, are not shown, nor the next ones that would give them away.
    """
    each = pd.concat([frame.assign(part=name) for name, frame in parts.items()], ignore_index=True)
    names: Sequence[str] = list(parts)
    sizes = np.array([len(frame) for frame in parts.values()], dtype=float)
    return blanked(sizes, sums=contributions_of(each["cents"], each["part"], names)) == SHOWN
