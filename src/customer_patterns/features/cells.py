"""Sums per customer and cell as arrays, and the cells too small to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
from ibis.common.deferred import Deferred
from numpy.typing import NDArray

from customer_patterns.estimates import bootstrap_share, bounded, with_interval
from customer_patterns.privacy.blanking import SHOWN, SMALLEST_CELL, blanked
from customer_patterns.privacy.differencing import Contributions, contributions


def cents(money: ir.DecimalValue) -> ir.IntegerValue:
    """Turn an amount into whole hundredths, whose sums are exact wherever they are made."""
    return (money * 100).cast("int64")


def customer_sums(
    table: ir.Table, measures: Mapping[str, Deferred], *, by: str | None = None, levels: Sequence[Any] | None = None
) -> dict[str, NDArray[np.float64]]:
    """Aggregate a table per customer, or per customer and level, into one array per measure.

    Parameters
    ----------
    table
        Any number of rows per ``customer_id``.
    measures
        Aggregates by name, deferred: ``{"orders": ibis._.count()}``.
    by
        A column; without it there is one column of sums.
    levels
        The values of ``by`` that get a column, in this order; rows with other values add no column, but their
        customers have a row. All that occur, in their own order, where they are not given.

    Returns
    -------
    dict
        Per measure an array with one row per customer (by ``customer_id``) and one column per level; plain arrays
        where ``by`` is not given. ``customer_id`` holds the ids, ``levels`` the levels.
    """
    keys = ["customer_id"] if by is None else ["customer_id", by]
    # As they come: to put the customers in order is quick, and many rows of many customers need not be sorted.
    sums = table.group_by(keys).aggregate(**measures).to_pyarrow()
    ids, row = encode_in_order(sums["customer_id"])
    values = {name: sums[name].to_numpy().astype(float) for name in measures}
    if by is None:
        place = np.argsort(row)
        return {"customer_id": ids, **{name: of[place] for name, of in values.items()}}
    there, code = encode(sums[by])
    levels = sorted(there) if levels is None else levels
    column = pd.Index(levels).get_indexer(there)[code]
    known = column >= 0
    arrays: dict[str, NDArray[Any]] = {"customer_id": ids, "levels": np.asarray(levels)}
    for name in measures:
        arrays[name] = np.zeros((len(ids), len(levels)))
        arrays[name][row[known], column[known]] = values[name][known]
    return arrays


def encode(column: pa.ChunkedArray) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Number the values of a column from 0 as they come; which they are, and the number of each row."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_numpy(zero_copy_only=False), encoded.indices.to_numpy().astype(np.int64)


def encode_in_order(column: pa.ChunkedArray) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Number the values of a text column in their own order; which they are, ascending, and the number of each row."""
    values, codes = encode(column)
    order = np.argsort(values.astype(str), kind="stable")
    place = np.empty(len(values), dtype=np.int64)
    place[order] = np.arange(len(values))
    return values.astype(object)[order], place[codes]


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the different numbers, ascending: as ``np.unique``, which takes a hundred times as long for millions."""
    ordered = np.sort(numbers, axis=None)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def order_profile(
    orders: ir.Table, *, by: str, levels: Sequence[Any], of: Sequence[str] = ("orders", "revenue")
) -> pd.DataFrame:
    """Estimate how orders and revenue are spread over the levels of a column.

    Parameters
    ----------
    orders
        One row per order: ``customer_id``, ``by``, ``revenue``.
    by, levels
        The column and its values, all of them: shares are shares of the orders at these levels.
    of
        What is shared out: ``"orders"``, ``"revenue"``.

    Returns
    -------
    DataFrame
        One row per level, in their order: ``orders``, ``n`` (customers with one), ``customers`` (all of them, on whom
        shares rest), ``share_of_orders`` and ``share_of_revenue`` with intervals (resampling customers),
        ``suppressed``; levels of too few customers are blank. The level itself is the caller's to add.
    """
    measures = {"orders": ibis._.count()}
    if "revenue" in of:
        measures["revenue"] = cents(ibis._.revenue).sum()
    sums = customer_sums(orders, measures, by=by, levels=levels)
    counts = sums["orders"]
    table = pd.DataFrame(
        {
            "orders": whole_numbers(counts.sum(axis=0)),
            "n": whole_numbers((counts > 0).sum(axis=0)),
            "customers": len(counts),
        }
    )
    shares = []
    for what in of:
        table = with_interval(table, f"share_of_{what}", bootstrap_share(sums[what], sums[what].sum(axis=1)))
        shares += bounded(f"share_of_{what}")
    spent = contributions(sums["revenue"]) if "revenue" in of else None
    return suppress(table, ["orders", *shares], sums=spent)


def suppress(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    n: str = "n",
    at_least: int = SMALLEST_CELL,
    partition: bool = False,
    sums: Contributions | None = None,
) -> pd.DataFrame:
    """Blank the rows that rest on too few customers, and as many others as keep them from being worked out.

    Totals stand elsewhere in a chapter, so a single blank row could be had by subtraction: then the row with the
    next smallest ``n`` is blanked as well (complementary suppression: Hundepool et al. 2012, Statistical Disclosure
    Control, section 4.2).

    Parameters
    ----------
    frame
        One row per cell; together the cells make up a total.
    columns
        What is blanked in such rows, beside ``n``.
    n
        The column that counts the customers of a cell.
    at_least
        The smallest number of customers that is shown.
    partition
        Whether each customer is in one cell only, so that the sum of all blank rows is the sum of a known number of
        customers; rows are then blanked until these are :data:`SMALLEST_CELL` many.
    sums
        Who contributes most to the sum of money in each row, where there is one. A row that one customer dominates (the
        p% rule: :func:`~customer_patterns.privacy.differencing.dominated`) is blanked like one of too few, and rows are
        blanked until all blank ones together are not dominated either.

    Returns
    -------
    DataFrame
        The same rows with a column ``suppressed`` (``"no"``, ``"too few"``, ``"to protect another"``). Rows without
        any customer are shown as they are: nobody is in them.
    """
    why = blanked(frame[n].to_numpy(dtype=float), at_least=at_least, partition=partition, sums=sums)
    shown = pd.Series(why == SHOWN, index=frame.index)
    left = {name: frame[name].where(shown) for name in (*columns, n)}
    return frame.assign(**left, suppressed=pd.Series(why, index=frame.index, dtype="str"))


def shown(table: pd.DataFrame, *measures: str) -> pd.DataFrame:
    """Keep what a chart can draw: rows that :func:`suppress` has not blanked, with intervals for these measures."""
    bounds = bounded(*measures)
    return table[table["suppressed"] == "no"].dropna(subset=bounds).reset_index(drop=True)


def whole_numbers(values: Any) -> pd.Series:
    """A column of whole numbers that may have gaps."""
    return pd.Series(np.asarray(values)).astype("Int64")
